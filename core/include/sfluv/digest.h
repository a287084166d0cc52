// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace sfluv {

using Sha256 = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4). Identifies the exact bytes of a photo or of a request body.
class Sha256Stream {
 public:
  Sha256Stream();
  void add(std::span<const std::uint8_t> bytes);
  [[nodiscard]] Sha256 finish();

 private:
  void block(const std::uint8_t* bytes);

  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> pending_{};
  std::uint64_t bytes_ = 0;
};

[[nodiscard]] Sha256 sha256(std::span<const std::uint8_t> bytes);

using Keccak256 = std::array<std::uint8_t, 32>;

/// Keccak-256 as Ethereum uses it: the padding of the contest, not of FIPS 202.
[[nodiscard]] Keccak256 keccak256(std::span<const std::uint8_t> bytes);

/// CRC-32C (Castagnoli, RFC 3720 §B.4): guards stored records against flipped bits.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t seed = 0);

/// Lower-case hexadecimal.
[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);

}  // namespace sfluv
