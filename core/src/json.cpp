// SPDX-License-Identifier: MIT
#include "sfluv/json.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "sfluv/limits.h"

namespace sfluv::json {
namespace {

// Builds the tree while the parser runs. The path from the root to the open container is kept as
// pointers: a container's own vector does not grow while one of its children is open.
class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return add({}) != nullptr; }
  bool boolean(bool value) override { return add({.kind = Kind::boolean, .truth = value}) != nullptr; }
  bool number_integer(number_integer_t value) override { return add_number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add_number(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return add_number(text); }
  bool string(string_t& text) override {
    return add({.kind = Kind::string, .text = std::move(text)}) != nullptr;
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Kind::object); }
  bool start_array(std::size_t) override { return open(Kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    open_.back()->members.push_back({.name = std::move(name), .value = {}});
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    byte = static_cast<std::int64_t>(position);
    return false;
  }

  Value root;
  std::string_view reason = "syntax";
  std::int64_t byte = -1;

 private:
  bool add_number(std::string text) {
    return add({.kind = Kind::number, .text = std::move(text)}) != nullptr;
  }

  Value* add(Value value) {
    if (++values_ > limits::json_values_max) {
      reason = "values";
      return nullptr;
    }
    if (open_.empty()) {
      root = std::move(value);
      return &root;
    }
    Value& parent = *open_.back();
    if (parent.kind == Kind::array) return &parent.elements.emplace_back(std::move(value));
    return &(parent.members.back().value = std::move(value));
  }

  bool open(Kind kind) {
    if (open_.size() == limits::json_depth_max) {
      reason = "depth";
      return false;
    }
    Value* const container = add({.kind = kind});
    if (container == nullptr) return false;
    open_.push_back(container);
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::vector<Value*> open_;
  std::uint32_t values_ = 0;
};

// The live server's decoder folds letters like Unicode simple folding does; of the characters
// outside ASCII only the long s and the Kelvin sign fold to a letter of our field names.
bool same_name_any_case(std::string_view wanted, std::string_view given) {
  std::size_t at = 0;
  for (const char letter : wanted) {
    const std::string_view rest = given.substr(std::min(at, given.size()));
    if (letter == 's' && rest.starts_with("\xC5\xBF")) {
      at += 2;
    } else if (letter == 'k' && rest.starts_with("\xE2\x84\xAA")) {
      at += 3;
    } else if (!rest.empty() && (rest[0] == letter || (rest[0] >= 'A' && rest[0] <= 'Z' && rest[0] + 32 == letter))) {
      at += 1;
    } else {
      return false;
    }
  }
  return at == given.size();
}

const Value* last_member(const Value& object, auto&& matches) {
  for (auto member = object.members.rbegin(); member != object.members.rend(); ++member) {
    if (matches(member->name)) return &member->value;
  }
  return nullptr;
}

std::optional<std::int64_t> to_integer(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// `byte`: where, when it is known.
Issue not_readable(Code code, std::string_view reason, std::int64_t byte) {
  Issue issue{.code = code, .path = "", .params = {{"reason", std::string{reason}}}};
  if (byte >= 0) issue.params.push_back({"byte", byte});
  return issue;
}

}  // namespace

std::string_view to_string(Kind kind) {
  static constexpr std::string_view names[] = {"null", "boolean", "number", "string", "array", "object"};
  return names[static_cast<std::size_t>(kind)];
}

const Value* Value::find(std::string_view name) const {
  return last_member(*this, [&](const std::string& given) { return given == name; });
}

const Value* Value::find_any_case(std::string_view name) const {
  return last_member(*this, [&](const std::string& given) { return same_name_any_case(name, given); });
}

Outcome<Value> parse(std::string_view text, Code code, Rest rest) {
  if (text.size() > limits::json_bytes_max) {
    return std::unexpected(not_readable(code, "size", static_cast<std::int64_t>(limits::json_bytes_max)));
  }
  // The library skips a byte order mark; the live server refuses it (rulebook A1.1).
  if (text.starts_with("\xEF\xBB\xBF")) return std::unexpected(not_readable(code, "syntax", 0));
  TreeBuilder builder;
  const bool whole = nlohmann::json::sax_parse(text.begin(), text.end(), &builder,
                                               nlohmann::json::input_format_t::json, rest == Rest::refused);
  if (!whole) return std::unexpected(not_readable(code, builder.reason, builder.byte));
  return std::move(builder.root);
}

const Value* Fields::find(const Value& object, std::string_view name) const {
  return names_ == Names::exact ? object.find(name) : object.find_any_case(name);
}

void Fields::fail(std::string_view path, std::string_view expected, Kind got) {
  if (failure_) return;
  failure_ = Issue{.code = code_,
                   .path = std::string{path},
                   .params = {{"reason", std::string{"type"}},
                              {"expected", std::string{expected}},
                              {"got", std::string{to_string(got)}}}};
}

void Fields::expect(const Value& value, Kind kind, std::string_view path) {
  if (value.kind != kind && value.kind != Kind::null) fail(path, to_string(kind), value.kind);
}

const Value* Fields::find(const Value& object, std::string_view path, std::string_view name, Kind kind) {
  const Value* const value = find(object, name);
  if (value == nullptr || value->kind == Kind::null) return nullptr;
  if (value->kind == kind) return value;
  fail(pointer(path, name), to_string(kind), value->kind);
  return nullptr;
}

std::optional<std::string> Fields::optional_string(const Value& object, std::string_view path,
                                                   std::string_view name) {
  const Value* const value = find(object, path, name, Kind::string);
  return value ? std::optional{value->text} : std::nullopt;
}

std::string Fields::string(const Value& object, std::string_view path, std::string_view name) {
  return optional_string(object, path, name).value_or("");
}

bool Fields::boolean(const Value& object, std::string_view path, std::string_view name) {
  const Value* const value = find(object, path, name, Kind::boolean);
  return value != nullptr && value->truth;
}

std::optional<std::int64_t> Fields::optional_integer(const Value& object, std::string_view path,
                                                     std::string_view name) {
  const Value* const value = find(object, path, name, Kind::number);
  if (value == nullptr) return std::nullopt;
  const auto integer = to_integer(value->text);
  if (!integer) fail(pointer(path, name), "integer", Kind::number);
  return integer;
}

std::int64_t Fields::integer(const Value& object, std::string_view path, std::string_view name,
                             std::int64_t fallback) {
  return optional_integer(object, path, name).value_or(fallback);
}

Amount Fields::amount(const Value& object, std::string_view path, std::string_view name) {
  const Value* const value = find(object, name);
  if (value == nullptr || value->kind == Kind::null) return {};
  if (value->kind == Kind::number || value->kind == Kind::string) {
    if (const auto amount = Amount::parse(value->text)) return *amount;
  }
  fail(pointer(path, name), "amount", value->kind);
  return {};
}

const std::vector<Value>& Fields::array(const Value& object, std::string_view path, std::string_view name) {
  static const std::vector<Value> none;
  const Value* const value = find(object, path, name, Kind::array);
  return value ? value->elements : none;
}

const Value* Fields::object(const Value& object, std::string_view path, std::string_view name) {
  return find(object, path, name, Kind::object);
}

std::vector<std::string> Fields::strings(const Value& object, std::string_view path, std::string_view name) {
  std::vector<std::string> out;
  const std::string here = pointer(path, name);
  for (const Value& element : array(object, path, name)) {
    expect(element, Kind::string, pointer(here, out.size()));
    out.push_back(element.text);
  }
  return out;
}

}  // namespace sfluv::json
