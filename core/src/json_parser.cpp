// SPDX-License-Identifier: MIT
#include <algorithm>

#include "sfluv/json.h"
#include "sfluv/limits.h"

#include "text.h"

namespace sfluv::json {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// RFC 8259 by recursive descent. Each step leaves `at_` behind what it read; the first one that
// cannot go on leaves it at the byte that is wrong, and says why.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  bool document(Value& out, Rest rest) {
    skip_space();
    if (!value(out, 0)) return false;
    skip_space();
    return rest == Rest::ignored || at_ == text_.size();
  }

  [[nodiscard]] std::string_view reason() const { return reason_; }
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  // What a text cannot hold in this place stands for its end.
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  void skip_space() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n') ++at_;
  }

  bool over_limit(std::string_view which) {
    reason_ = which;
    return false;
  }

  bool value(Value& out, std::uint32_t depth) {
    if (++values_ > limits::json_values_max) return over_limit("values");
    switch (peek()) {
      case '{':
      case '[':
        if (depth == limits::json_depth_max) return over_limit("depth");
        return peek() == '{' ? object(out, depth + 1) : array(out, depth + 1);
      case '"':
        out.kind = Kind::string;
        return string(out.text);
      case 't':
      case 'f':
        out.kind = Kind::boolean;
        out.truth = peek() == 't';
        return take(out.truth ? "true" : "false");
      case 'n':
        return take("null");
      default:
        out.kind = Kind::number;
        return number(out.text);
    }
  }

  bool object(Value& out, std::uint32_t depth) {
    out.kind = Kind::object;
    ++at_;
    skip_space();
    if (take('}')) return true;
    do {
      skip_space();
      Member& member = out.members.emplace_back();
      if (!string(member.name)) return false;
      skip_space();
      if (!take(':')) return false;
      skip_space();
      if (!value(member.value, depth)) return false;
      skip_space();
    } while (take(','));
    return take('}');
  }

  bool array(Value& out, std::uint32_t depth) {
    out.kind = Kind::array;
    ++at_;
    skip_space();
    if (take(']')) return true;
    do {
      skip_space();
      if (!value(out.elements.emplace_back(), depth)) return false;
      skip_space();
    } while (take(','));
    return take(']');
  }

  bool digits() {
    if (!is_digit(peek())) return false;
    while (is_digit(peek())) ++at_;
    return true;
  }

  // Its text: no number type of ours holds every amount.
  bool number(std::string& out) {
    const std::size_t from = at_;
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    out = text_.substr(from, at_ - from);
    return true;
  }

  bool string(std::string& out) {
    if (!take('"')) return false;
    do {
      if (!plain(out)) return false;
      if (take('"')) return true;
    } while (take('\\') && escape(out));
    return false;
  }

  // Characters that stand for themselves, as many as there are: photos are megabytes of them.
  bool plain(std::string& out) {
    const std::size_t from = at_;
    const auto stands_for_itself = [](char c) {
      return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20;
    };
    const auto end = std::find_if_not(text_.begin() + static_cast<std::ptrdiff_t>(from),
                                      text_.end(), stands_for_itself);
    const auto length = static_cast<std::size_t>(end - text_.begin()) - from;
    const std::string_view run = text_.substr(from, length);
    at_ += text::utf8_length(run);
    if (at_ != from + length) return false;
    out += run;
    return true;
  }

  bool escape(std::string& out) {
    static constexpr std::string_view letters = "\"\\/bfnrtu";
    static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const std::size_t which = letters.find(peek());
    if (which == std::string_view::npos) return false;
    ++at_;
    if (which == meanings.size()) return unicode(out);
    out += meanings[which];
    return true;
  }

  bool unit(char32_t& out) {
    out = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      const char lower = static_cast<char>(c | 0x20);
      if (is_digit(c)) {
        out = out << 4 | static_cast<char32_t>(c - '0');
      } else if (lower >= 'a' && lower <= 'f') {
        out = out << 4 | static_cast<char32_t>(lower - 'a' + 10);
      } else {
        return false;
      }
    }
    return true;
  }

  // Two surrogates are one character; one alone is none.
  bool unicode(std::string& out) {
    char32_t code = 0;
    if (!unit(code) || (code >= 0xDC00 && code <= 0xDFFF)) return false;
    if (code >= 0xD800 && code <= 0xDBFF) {
      char32_t low = 0;
      if (!take("\\u") || !unit(low) || low < 0xDC00 || low > 0xDFFF) return false;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    text::append_utf8(out, code);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t values_ = 0;
  std::string_view reason_ = "syntax";
};

Issue not_readable(Code code, std::string_view reason, std::uint64_t byte) {
  return {.code = code,
          .path = "",
          .params = {{"reason", std::string{reason}}, {"byte", static_cast<std::int64_t>(byte)}}};
}

}  // namespace

Outcome<Value> parse(std::string_view text, Code code, Rest rest) {
  if (text.size() > limits::json_bytes_max) {
    return std::unexpected(not_readable(code, "size", limits::json_bytes_max));
  }
  Parser parser{text};
  Value root;
  if (!parser.document(root, rest)) {
    return std::unexpected(not_readable(code, parser.reason(), parser.at()));
  }
  return root;
}

}  // namespace sfluv::json
