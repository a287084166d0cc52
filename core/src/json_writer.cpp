// SPDX-License-Identifier: MIT
#include "sfluv/json_writer.h"

#include "text.h"

namespace sfluv {
namespace {

void append_escaped(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += digits[static_cast<unsigned char>(c) >> 4];
          out += digits[c & 15];
        } else {
          out += c;
        }
    }
  }
}

}  // namespace

void JsonWriter::separate() {
  if (needs_comma_) text_ += ',';
  needs_comma_ = true;
}

JsonWriter& JsonWriter::begin_object() {
  separate();
  text_ += '{';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  text_ += '}';
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  separate();
  text_ += '[';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  text_ += ']';
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  string(name);
  text_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(const char* name) { return key(std::string_view{name}); }

JsonWriter& JsonWriter::string(std::string_view text) {
  separate();
  text_ += '"';
  if (text::is_utf8(text)) {
    append_escaped(text_, text);
  } else {
    append_escaped(text_, text::repair_utf8(text));
  }
  text_ += '"';
  return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) { return raw(std::to_string(value)); }

JsonWriter& JsonWriter::amount(const Amount& value) { return raw(value.to_string()); }

JsonWriter& JsonWriter::boolean(bool value) { return raw(value ? "true" : "false"); }

JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  text_ += json;
  return *this;
}

JsonWriter& JsonWriter::issue(const Issue& issue) {
  return this->issue(issue, to_string(issue.code));
}

JsonWriter& JsonWriter::issue(const Issue& issue, std::string_view id) {
  begin_object().key("code").string(id).key("path").string(issue.path);
  key("params").begin_object();
  for (const Param& param : issue.params) {
    key(param.name);
    if (const auto* count = std::get_if<std::int64_t>(&param.value)) {
      number(*count);
    } else {
      string(std::get<std::string>(param.value));
    }
  }
  return end_object().end_object();
}

std::string issue_reply(const Issue& issue) { return issue_reply(issue, to_string(issue.code)); }

std::string issue_reply(const Issue& issue, std::string_view id) {
  JsonWriter out;
  out.begin_object().key("issue").issue(issue, id).end_object();
  return out.take();
}

}  // namespace sfluv
