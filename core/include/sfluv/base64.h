// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/issue.h"

namespace sfluv::base64 {

/// Length of the text of `bytes` bytes: 4 * ceil(n / 3) (rulebook A4.3).
[[nodiscard]] constexpr std::uint64_t encoded_size(std::uint64_t bytes) {
  return (bytes + 2) / 3 * 4;
}

/// Standard alphabet, padded, no line breaks (RFC 4648 §4).
[[nodiscard]] std::string encode(std::span<const std::uint8_t> bytes);

/// The strict reading of RFC 4648 §4: standard alphabet, whole padding, zero spare bits, nothing
/// else. Error: `photo_bad_base64` {byte}.
[[nodiscard]] Outcome<std::vector<std::uint8_t>> decode(std::string_view text);

/// The reading of the live server (rulebook A4.3): CR and LF inside are ignored, padding is whole
/// or absent, spare bits are not looked at. Error: `photo_bad_base64` {byte}.
[[nodiscard]] Outcome<std::vector<std::uint8_t>> decode_as_server(std::string_view text);

/// What `decode_as_server` would give, without making it: the number of bytes and the first few.
struct Measured {
  std::uint64_t bytes = 0;
  std::vector<std::uint8_t> head;  ///< at most `head_max` bytes, for telling the type
};
inline constexpr std::size_t head_max = 512;
[[nodiscard]] Outcome<Measured> measure_as_server(std::string_view text);

}  // namespace sfluv::base64
