// SPDX-License-Identifier: MIT
#include "flat_object.h"

#include "text.h"

namespace sfluv::json {
namespace {

/// Nested arrays and objects are passed over; so deep and no deeper.
constexpr int depth_max = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<Value> whole() {
    Value value;
    if (!read(value, 0)) return std::nullopt;
    skip_space();
    return rest_.empty() ? std::optional(std::move(value)) : std::nullopt;
  }

 private:
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool take(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  void skip_space() {
    while (take(' ') || take('\n') || take('\r') || take('\t')) {
    }
  }

  bool read(Value& value, int depth) {
    skip_space();
    if (depth > depth_max) return false;
    switch (peek()) {
      case '{': value.kind = Kind::object; return read_members(value, depth);
      case '[': value.kind = Kind::array; return read_elements(depth);
      case '"': value.kind = Kind::string; return read_string(value.text);
      case 't':
      case 'f':
        value.kind = Kind::boolean;
        value.truth = peek() == 't';
        return take("true") || take("false");
      case 'n': return take("null");
      default: value.kind = Kind::number; return read_number(value.text);
    }
  }

  bool read_members(Value& object, int depth) {
    take('{');
    skip_space();
    if (take('}')) return true;
    do {
      Member member;
      skip_space();
      if (!read_string(member.name)) return false;
      skip_space();
      if (!take(':') || !read(member.value, depth + 1)) return false;
      if (depth == 0) {
        member.value.members.clear();
        object.members.push_back(std::move(member));
      }
      skip_space();
    } while (take(','));
    return take('}');
  }

  bool read_elements(int depth) {
    take('[');
    skip_space();
    if (take(']')) return true;
    do {
      Value element;
      if (!read(element, depth + 1)) return false;
      skip_space();
    } while (take(','));
    return take(']');
  }

  /// RFC 8259 §6, kept as it is written.
  bool read_number(std::string& text) {
    const std::string_view begin = rest_;
    const auto digits = [&] {
      if (!is_digit(peek())) return false;
      while (is_digit(peek())) rest_.remove_prefix(1);
      return true;
    };
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    text = begin.substr(0, begin.size() - rest_.size());
    return true;
  }

  /// Texts without escapes but of quotation mark, solidus and reverse solidus: nothing else stands
  /// in a plan.
  bool read_string(std::string& text) {
    if (!take('"')) return false;
    while (!rest_.empty() && peek() != '"') {
      if (take('\\') && peek() != '"' && peek() != '\\' && peek() != '/') return false;
      if (static_cast<unsigned char>(peek()) < 0x20) return false;
      text += peek();
      rest_.remove_prefix(1);
    }
    return take('"') && text::is_utf8(text);
  }

  std::string_view rest_;
};

}  // namespace

std::optional<Value> read_flat_object(std::string_view text) { return Reader(text).whole(); }

}  // namespace sfluv::json
