// SPDX-License-Identifier: MIT
#include "request_reader.h"

#include <cctype>
#include <string>

#include "text.h"

namespace sfluv {
namespace {

// A lone surrogate is written as an escape, so the text is UTF-8 and yet cannot be decoded. Go's
// decoder, and every TextEncoder, makes it U+FFFD (rulebook A1.2); so do we, before parsing.
std::string without_lone_surrogates(std::string_view body) {
  const auto unit_at = [&](std::size_t at) -> int {
    if (at + 6 > body.size() || body[at] != '\\' || body[at + 1] != 'u') return -1;
    int unit = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
      const auto c = static_cast<unsigned char>(body[i]);
      if (!std::isxdigit(c)) return -1;
      unit = unit * 16 + (c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    }
    return unit;
  };
  std::string out;
  out.reserve(body.size());
  for (std::size_t at = 0; at < body.size();) {
    const int unit = unit_at(at);
    const bool high = unit >= 0xD800 && unit < 0xDC00;
    const bool low = unit >= 0xDC00 && unit < 0xE000;
    const int next = high ? unit_at(at + 6) : -1;
    std::size_t length = unit >= 0 ? 6 : body[at] == '\\' && at + 1 < body.size() ? 2 : 1;
    if (low || (high && (next < 0xDC00 || next >= 0xE000))) {
      out += "\\uFFFD";
    } else {
      if (high) length = 12;
      out += body.substr(at, length);
    }
    at += length;
  }
  return out;
}

}  // namespace

Outcome<json::Value> parse_body(std::string_view body, json::Rest rest) {
  std::string repaired;
  if (!text::is_utf8(body)) body = repaired = text::repair_utf8(body);
  if (body.find("\\ud") != std::string_view::npos || body.find("\\uD") != std::string_view::npos) {
    repaired = without_lone_surrogates(body);
    body = repaired;
  }
  return json::parse(body, Code::body_not_decodable, rest);
}

Outcome<json::Value> parse_object(std::string_view body, json::Fields& fields) {
  auto root = parse_body(body, json::Rest::refused);
  if (root) fields.expect(*root, json::Kind::object, "");
  return root;
}

}  // namespace sfluv
