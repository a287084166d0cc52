// SPDX-License-Identifier: MIT
#include "sfluv/base64.h"

#include <algorithm>
#include <array>
#include <optional>

#include "simd.h"

namespace sfluv::base64 {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t not_a_digit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(not_a_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}
constexpr std::array<std::uint8_t, 256> values = make_values();

using namespace simd;

/// Four letters of each of four groups of three bytes.
I8x16 letters_of(I8x16 bytes) {
  // Each group as a number, its first byte on top.
  const auto groups = U32x4(__builtin_shufflevector(bytes, I8x16{}, 2, 1, 0, 16, 5, 4, 3, 16, 8, 7,
                                                    6, 16, 11, 10, 9, 16));
  const auto digits = I8x16((groups >> 18 & 0x3F) | (groups >> 4 & 0x3F00) |
                            (groups << 10 & 0x3F0000) | (groups << 24 & 0x3F000000));
  // From one part of the alphabet to the next: A, a, 0, +, /.
  return digits + 'A' + ((digits > 25) & ('a' - 26 - 'A')) +
         ((digits > 51) & ('0' - 52 - 'a' + 26)) + ((digits > 61) & ('+' - 62 - '0' + 52)) +
         ((digits > 62) & ('/' - 63 - '+' + 62));
}

enum class Reading : std::uint8_t { strict, server };

bool is_line_break(char letter) { return letter == '\r' || letter == '\n'; }

std::uint8_t value_of(char letter) { return values[static_cast<std::uint8_t>(letter)]; }

/// The last letters of a text: one to four digits and pads, line breaks between them.
struct Tail {
  std::array<std::uint8_t, 3> bytes{};
  std::size_t count = 0;
  std::optional<std::size_t> bad_byte;
};

Tail bad_at(std::size_t byte) { return Tail{.bad_byte = byte}; }

/// Bytes of `digits` (2 or 3) six-bit values. RFC 4648 §3.5: spare bits are zero; the live server
/// does not look at them.
Tail short_group(std::uint32_t bits, std::size_t digits, Reading reading, std::size_t byte) {
  const std::uint32_t group = bits << (6 * (4 - digits));
  const std::uint32_t spare = digits == 2 ? 0xFFFFu : 0xFFu;
  if (reading == Reading::strict && (group & spare) != 0) return bad_at(byte);
  Tail tail{.count = digits - 1};
  tail.bytes = {static_cast<std::uint8_t>(group >> 16), static_cast<std::uint8_t>(group >> 8),
                static_cast<std::uint8_t>(group)};
  return tail;
}

/// After the first `=`: the second one where it is due, then nothing but line breaks.
std::optional<std::size_t> bad_after_pad(std::string_view text, std::size_t at, std::size_t digits,
                                         Reading reading) {
  const auto skip_breaks = [&] {
    while (reading == Reading::server && at < text.size() && is_line_break(text[at])) ++at;
  };
  skip_breaks();
  if (digits == 2) {
    if (at == text.size() || text[at] != '=') return at;
    ++at;
    skip_breaks();
  }
  return at == text.size() ? std::nullopt : std::optional(at);
}

/// Reads digit by digit from `at` to the end of one group; moves `at` past it.
Tail slow_group(std::string_view text, std::size_t& at, Reading reading) {
  std::uint32_t bits = 0;
  std::size_t digits = 0;
  std::size_t last = at;
  for (; at < text.size() && digits < 4; ++at) {
    const char letter = text[at];
    const std::uint8_t value = value_of(letter);
    if (value != not_a_digit) {
      bits = bits << 6 | value;
      last = at;
      ++digits;
    } else if (letter == '=' && digits >= 2) {
      if (const auto bad = bad_after_pad(text, at + 1, digits, reading)) return bad_at(*bad);
      at = text.size();
      return short_group(bits, digits, reading, last);
    } else if (reading != Reading::server || !is_line_break(letter)) {
      return bad_at(at);
    }
  }
  if (digits == 0) return Tail{};
  if (digits == 1) return bad_at(last);
  if (digits < 4)
    return reading == Reading::strict ? bad_at(text.size())
                                      : short_group(bits, digits, reading, last);
  return Tail{.bytes = {static_cast<std::uint8_t>(bits >> 16), static_cast<std::uint8_t>(bits >> 8),
                        static_cast<std::uint8_t>(bits)},
              .count = 3};
}

Issue bad_base64(std::size_t byte) {
  return Issue{Code::photo_bad_base64, "", {{"byte", static_cast<std::int64_t>(byte)}}};
}

/// Hands every group of one to three bytes to `sink(b0, b1, b2, count)`.
template <class Sink>
std::optional<Issue> read(std::string_view text, Reading reading, Sink sink) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 4) {
      const std::uint8_t a = value_of(text[at]);
      const std::uint8_t b = value_of(text[at + 1]);
      const std::uint8_t c = value_of(text[at + 2]);
      const std::uint8_t d = value_of(text[at + 3]);
      if (((a | b | c | d) & 0x80) == 0) {
        sink(static_cast<std::uint8_t>(a << 2 | b >> 4), static_cast<std::uint8_t>(b << 4 | c >> 2),
             static_cast<std::uint8_t>(c << 6 | d), std::size_t{3});
        at += 4;
        continue;
      }
    }
    const Tail group = slow_group(text, at, reading);
    if (group.bad_byte) return bad_base64(*group.bad_byte);
    sink(group.bytes[0], group.bytes[1], group.bytes[2], group.count);
  }
  return std::nullopt;
}

Outcome<std::vector<std::uint8_t>> decode_by(std::string_view text, Reading reading) {
  // Room for whole groups: every group is stored as three bytes, also the last and shorter one.
  std::vector<std::uint8_t> bytes(text.size() / 4 * 3 + 3);
  std::size_t size = 0;
  const auto store = [&](std::uint8_t a, std::uint8_t b, std::uint8_t c, std::size_t count) {
    bytes[size] = a;
    bytes[size + 1] = b;
    bytes[size + 2] = c;
    size += count;
  };
  if (auto issue = read(text, reading, store)) return std::unexpected(std::move(*issue));
  bytes.resize(size);
  return bytes;
}

}  // namespace

std::string encode(std::span<const std::uint8_t> bytes) {
  std::string text(static_cast<std::size_t>(encoded_size(bytes.size())), '=');
  std::size_t out = 0;
  std::size_t i = 0;
  for (; i + sizeof(I8x16) <= bytes.size(); i += 12, out += 16)
    store(&text[out], letters_of(load<I8x16>(&bytes[i])));
  for (; i < bytes.size(); i += 3, out += 4) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k <= count; ++k) text[out + k] = alphabet[group >> (18 - 6 * k) & 63];
  }
  return text;
}

Outcome<std::vector<std::uint8_t>> decode(std::string_view text) {
  return decode_by(text, Reading::strict);
}

// The live server tries the padded and then the unpadded alphabet (rulebook A4.3). A text with a
// pad can only pass the first, one without can pass either, so one reading covers both.
Outcome<std::vector<std::uint8_t>> decode_as_server(std::string_view text) {
  return decode_by(text, Reading::server);
}

Outcome<Measured> measure_as_server(std::string_view text) {
  Measured measured;
  const auto count = [&](std::uint8_t a, std::uint8_t b, std::uint8_t c, std::size_t n) {
    if (measured.bytes < head_max) {
      const std::array<std::uint8_t, 3> group{a, b, c};
      const std::size_t room = std::min(n, head_max - measured.head.size());
      measured.head.insert(measured.head.end(), group.begin(),
                           group.begin() + static_cast<std::ptrdiff_t>(room));
    }
    measured.bytes += n;
  };
  if (auto issue = read(text, Reading::server, count)) return std::unexpected(std::move(*issue));
  return measured;
}

}  // namespace sfluv::base64
