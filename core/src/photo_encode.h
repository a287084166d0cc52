// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <expected>
#include <vector>

#include "photo_picture.h"

/// Our own baseline JPEG encoder (T.81): 4:2:0, integer DCT, optimal Huffman tables. The byte
/// budget is met by counting bits, a sample of the picture first: nothing is encoded twice.
namespace sfluv::photo {

struct EncodePlan {
  std::uint32_t bytes_max = 0;  ///< inclusive
  std::uint8_t quality_max = 85;
  std::uint8_t quality_min = 40;
  std::vector<std::uint8_t> exif;  ///< the body of a segment, or nothing
  bool is_tight = false;           ///< the least quality is likely to be needed, and to be enough
};

struct Encoded {
  std::vector<std::uint8_t> jpeg;
  std::uint8_t quality = 0;
  std::uint64_t units_coded = 0;  ///< transformed and counted, of 16 x 16 pixels
};

struct TooLarge {
  std::uint64_t bytes = 0;
  std::uint64_t units_coded = 0;
};

[[nodiscard]] std::expected<Encoded, TooLarge> encode_jpeg(const Yuv420& picture,
                                                           const EncodePlan& plan);

}  // namespace sfluv::photo
