// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sfluv {

/// A small generator of our own (Marsaglia's xorshift): the same throws on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}

  std::int64_t below(std::int64_t bound) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<std::int64_t>(state_ >> 11) % bound;
  }

 private:
  std::uint64_t state_;
};

}  // namespace sfluv
