// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "photo_blocks.h"

/// From coefficients to samples, at full size or shrunk on the way: the inverse DCT of N points
/// over the N lowest frequencies of a block of 8 is that block in N samples, sharper than the mean
/// of its pixels and for a fraction of the work.
namespace sfluv::photo {

/// Turns eight blocks into `points` rows of 8 x `points` samples and leaves the group all zero.
/// Samples are signed: 128 less than in the file format. `points` is 1, 2, 4 or 8; at 8 the samples
/// are those of libjpeg's "islow" to one step.
void inverse_dct(BlockGroup& group, const Quantiser& quantiser, std::size_t points,
                 std::int8_t* out, std::size_t stride);

}  // namespace sfluv::photo
