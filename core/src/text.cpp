// SPDX-License-Identifier: MIT
#include "text.h"

#include <algorithm>
#include <cstdint>

namespace sfluv::text {
namespace {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: not well-formed here
};

// Unicode 15, table 3-7: well-formed byte sequences; no surrogates, nothing overlong.
Character decode_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto tail = [](std::uint32_t b) { return (b & 0xC0) == 0x80; };
  const std::uint32_t a = byte(at), b = byte(at + 1), c = byte(at + 2), d = byte(at + 3);
  if (a < 0x80) return {a, 1};
  if (a >= 0xC2 && a <= 0xDF && tail(b)) return {(a & 0x1F) << 6 | (b & 0x3F), 2};
  if (a >= 0xE0 && a <= 0xEF && tail(b) && tail(c)) {
    const std::uint32_t code = (a & 0x0F) << 12 | (b & 0x3F) << 6 | (c & 0x3F);
    if (code >= 0x800 && (code < 0xD800 || code > 0xDFFF)) return {code, 3};
  }
  if (a >= 0xF0 && a <= 0xF4 && tail(b) && tail(c) && tail(d)) {
    const std::uint32_t code = (a & 0x07) << 18 | (b & 0x3F) << 12 | (c & 0x3F) << 6 | (d & 0x3F);
    if (code >= 0x10000 && code <= 0x10FFFF) return {code, 4};
  }
  return {};
}

bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_ascii(char c) { return (static_cast<unsigned char>(c) & 0x80) == 0; }

// RFC 5322 §3.2.3 atext, and every byte of a character outside ASCII (RFC 6532).
bool is_atom_character(char c) {
  constexpr std::string_view marks = "!#$%&'*+-/=?^_`{|}~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80 || marks.find(c) != std::string_view::npos;
}

bool is_dot_atom(std::string_view text) {
  bool atom_is_open = false;
  for (const char c : text) {
    if (c == '.' ? !atom_is_open : !is_atom_character(c)) return false;
    atom_is_open = c != '.';
  }
  return atom_is_open;
}

bool is_tail(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty()) {
    const Character first = decode_at(text, 0);
    if (first.bytes == 0 || !is_white_space(first.code)) break;
    text.remove_prefix(first.bytes);
  }
  while (!text.empty()) {
    std::size_t at = text.size() - 1;
    while (at > 0 && text.size() - at < 4 && is_tail(text[at])) --at;
    const Character last = decode_at(text, at);
    if (last.bytes != text.size() - at || !is_white_space(last.code)) break;
    text.remove_suffix(last.bytes);
  }
  return text;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = is_ascii(text[at]) ? 1 : decode_at(text, at).bytes;
    if (bytes == 0) return false;
    at += bytes;
  }
  return true;
}

std::string repair_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Character c = decode_at(text, at);
    if (c.bytes == 0) {
      out += "\xEF\xBF\xBD";
      ++at;
    } else {
      out += text.substr(at, c.bytes);
      at += c.bytes;
    }
  }
  return out;
}

std::string_view cut_at_character(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && is_tail(text[end])) --end;
  return text.substr(0, end);
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    at += std::max<std::size_t>(1, decode_at(text, at).bytes);
  }
  return count;
}

std::string collapse_white_space(std::string_view text) {
  std::string out;
  bool in_space = false;
  text = trim(text);
  for (std::size_t at = 0; at < text.size();) {
    const Character c = decode_at(text, at);
    const std::size_t bytes = std::max<std::size_t>(1, c.bytes);
    const bool is_space = c.bytes > 0 && is_white_space(c.code);
    if (!is_space) {
      if (in_space) out += ' ';
      out += text.substr(at, bytes);
    }
    in_space = is_space;
    at += bytes;
  }
  return out;
}

bool is_email_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && is_dot_atom(text.substr(0, at)) &&
         is_dot_atom(text.substr(at + 1));
}

std::string to_ascii_lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return out;
}

}  // namespace sfluv::text
