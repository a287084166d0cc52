// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "photo_blocks.h"
#include "simd.h"

/// From samples to quantised coefficients, eight blocks in lanes as on the way in.
namespace sfluv::photo {

/// Steps of a quantiser table, 1..255, row by row.
using Steps = std::array<std::uint8_t, block_size>;

/// Division by the steps as lanes have it: a rounding multiplication by a reciprocal in [2^14,
/// 2^15), then a rounding shift. AC values lose `dead_zone` of a step on their way to zero: small
/// values cost more bits than they show.
struct StepDivider {
  static constexpr int dead_zone_64ths = 6;

  explicit StepDivider(const Steps& steps);

  std::array<simd::I16x8, block_size> reciprocal;
  std::array<simd::I16x8, block_size> bias;  ///< of the shift
  std::array<std::int8_t, block_size> shift;
};

/// Eight blocks, each in the order of the zigzag.
struct CodedBlocks {
  alignas(16) std::array<std::array<std::int16_t, block_size>, lanes> block;
};

/// Transforms and quantises the blocks side by side at `samples`.
void forward_dct(const std::int8_t* samples, std::size_t stride, const StepDivider& divider,
                 CodedBlocks& out);

}  // namespace sfluv::photo
