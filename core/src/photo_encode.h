// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "photo_picture.h"

/// Our own baseline JPEG encoder (T.81): 4:2:0, integer DCT, optimal Huffman tables. The byte
/// budget is met by counting bits over the kept coefficients, not by encoding again and again.
namespace sfluv::photo {

struct EncodePlan {
  std::uint32_t bytes_max = 0;  ///< inclusive
  std::uint8_t quality_max = 85;
  std::uint8_t quality_min = 40;
};

struct Encoded {
  std::vector<std::uint8_t> jpeg;
  std::uint8_t quality = 0;
};

/// Empty when not even `quality_min` fits.
[[nodiscard]] std::optional<Encoded> encode_jpeg(const Yuv420& picture, const EncodePlan& plan);

}  // namespace sfluv::photo
