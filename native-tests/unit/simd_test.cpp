// SPDX-License-Identifier: MIT
// The operations that each dialect spells in its own way, against plain arithmetic.
#include "../../core/src/simd.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace sfluv::simd {
namespace {

/// Lanes that meet every edge: extremes, neighbours of zero and whatever comes.
class LaneSource {
 public:
  std::int32_t next() {
    random_ = random_ * 1664525u + 1013904223u;
    constexpr std::int32_t edges[] = {0, 1, -1, 127, -128, 128, -129, 255, 32767, -32767, -32768};
    if (random_ >> 28 < 4) return edges[random_ >> 8 & 7];
    return static_cast<std::int16_t>(random_ >> 12);
  }
  I16x8 lanes() {
    I16x8 v{};
    for (int i = 0; i < 8; ++i) v[i] = static_cast<std::int16_t>(next());
    return v;
  }

 private:
  std::uint32_t random_ = 1;
};

std::int64_t saturated(std::int64_t value, int bits) {
  const std::int64_t limit = std::int64_t{1} << (bits - 1);
  return std::clamp(value, -limit, limit - 1);
}

TEST(Simd, ProductsAreThoseOfPlainArithmetic) {
  LaneSource source;
  for (int round = 0; round < 20'000; ++round) {
    const I16x8 a = source.lanes(), b = source.lanes();
    const I32x4 sums = dot(a, b);
    for (int i = 0; i < 4; ++i) {
      const std::int64_t sum =
          std::int64_t{a[2 * i]} * b[2 * i] + std::int64_t{a[2 * i + 1]} * b[2 * i + 1];
      EXPECT_EQ(sums[i], static_cast<std::int32_t>(sum));
    }
    const I16x8 rounded = mul_round(a, b);
    for (int i = 0; i < 8; ++i) {
      if (a[i] == -32768 && b[i] == -32768) continue;
      EXPECT_EQ(rounded[i], (a[i] * b[i] + (1 << 14)) >> 15) << a[i] << " * " << b[i];
    }
  }
}

TEST(Simd, NarrowingSaturates) {
  LaneSource source;
  for (int round = 0; round < 20'000; ++round) {
    const I16x8 a = source.lanes(), b = source.lanes();
    const I32x4 wide_a = dot(a, splat16(source.next())), wide_b = dot(b, splat16(1));
    const I16x8 words = narrow(wide_a, wide_b);
    const I8x16 bytes = narrow(a, b);
    for (int i = 0; i < 4; ++i) {
      EXPECT_EQ(words[i], saturated(wide_a[i], 16));
      EXPECT_EQ(words[i + 4], saturated(wide_b[i], 16));
    }
    for (int i = 0; i < 8; ++i) {
      EXPECT_EQ(bytes[i], saturated(a[i], 8));
      EXPECT_EQ(bytes[i + 8], saturated(b[i], 8));
      EXPECT_EQ(mask_equal(bytes, bytes[i]) >> i & 1, 1u);
      EXPECT_EQ(mask_equal(bytes, static_cast<std::int8_t>(bytes[i] ^ 1)) >> i & 1, 0u);
    }
  }
}

TEST(Simd, LanesMoveWhereTheyAreSaidTo) {
  std::array<I16x8, 8> tile;
  for (std::size_t row = 0; row < 8; ++row) {
    for (int column = 0; column < 8; ++column)
      tile[row][column] = static_cast<std::int16_t>(row * 8 + static_cast<std::size_t>(column));
  }
  transpose(tile);
  for (std::size_t row = 0; row < 8; ++row) {
    for (int column = 0; column < 8; ++column)
      EXPECT_EQ(tile[row][column], static_cast<int>(row) + column * 8);
  }
  I8x16 bytes{};
  for (int i = 0; i < 16; ++i) bytes[i] = static_cast<std::int8_t>(i * 17 - 120);
  for (int i = 0; i < 16; ++i) EXPECT_EQ(reversed(bytes)[i], bytes[15 - i]);
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(high_bytes_low(bytes)[i], bytes[i] * 256);
    EXPECT_EQ(high_bytes_high(bytes)[i], bytes[i + 8] * 256);
  }
}

}  // namespace
}  // namespace sfluv::simd
