// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "photos/photo_fixtures.h"

/// libjpeg-turbo, the judge of what we decode and encode. Native only.
namespace sfluv::test {

struct JudgePlane {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  ByteVector samples;
};

/// The components as its "islow" IDCT leaves them, not resampled; nothing when it refuses or warns.
[[nodiscard]] std::optional<std::vector<JudgePlane>> judge_planes(const ByteVector& file);

/// The picture in RGB, chroma repeated; empty when it refuses or warns.
[[nodiscard]] Image judge_rgb(const ByteVector& file);

struct JudgeSpec {
  int quality = 90;
  int h = 2;  ///< sampling of Y; that of Cb and Cr is 1 x 1
  int v = 2;
  bool grey = false;
  bool optimised = false;  ///< its own Huffman tables
  bool progressive = false;
  int restart_interval = 0;  ///< in units
};

[[nodiscard]] ByteVector judge_jpeg(const Image& rgb, const JudgeSpec& spec);

}  // namespace sfluv::test
