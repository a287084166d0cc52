// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "photo_blocks.h"
#include "photo_simd.h"

/// From samples to quantised coefficients, eight blocks in lanes as on the way in.
namespace sfluv::photo {

/// Steps of a quantiser table, 1..255, row by row.
using Steps = std::array<std::uint8_t, block_size>;

/// Division by the steps as the lanes have it: a rounding multiplication by a normalised
/// reciprocal, then a rounding shift. AC values lose `dead_zone` of a step on their way to zero:
/// small values cost more bits than they show.
class StepDivider {
 public:
  static constexpr int dead_zone_64ths = 6;

  explicit StepDivider(const Steps& steps);

  /// `values` are eight times the coefficient at `place`.
  [[nodiscard]] I16x8 divide(I16x8 values, std::size_t place) const {
    const I16x8 negative = sign(values);
    const I16x8 scaled = mul_round(with_sign(values, negative), splat16(reciprocal_[place]));
    return with_sign(add(scaled, splat16(bias_[place])) >> shift_[place], negative);
  }

 private:
  std::array<std::int16_t, block_size> reciprocal_;
  std::array<std::int16_t, block_size> bias_;
  std::array<std::int8_t, block_size> shift_;
};

/// Eight blocks, each in the order of the zigzag.
struct CodedBlocks {
  alignas(16) std::array<std::array<std::int16_t, block_size>, lanes> block;
};

/// Transforms and quantises the blocks side by side at `samples`.
void forward_dct(const std::int8_t* samples, std::size_t stride, const StepDivider& divider,
                 CodedBlocks& out);

}  // namespace sfluv::photo
