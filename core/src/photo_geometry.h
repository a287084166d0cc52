// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "sfluv/photo.h"

#include "photo_axis.h"

/// Where the pixels of a finished picture come from: crop, size and orientation, in integers.
namespace sfluv::photo {

struct Size {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// Samples (or rows) from `begin` to before `end`.
struct SampleRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

struct Box {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// EXIF 5..8 are stored lying on the side.
[[nodiscard]] bool lies(std::uint8_t orientation);
/// Stored columns (rows) run against the upright axis that they are read for.
[[nodiscard]] bool columns_mirrored(std::uint8_t orientation);
[[nodiscard]] bool rows_mirrored(std::uint8_t orientation);

/// The part of the upright picture that a crop means, at least one pixel.
[[nodiscard]] Box part_of(Size upright, const Crop& crop);

/// The centre crop of the live client (rulebook A3.14), on the upright picture: nothing is cut when
/// the ratio is off by less than 0.001; floor on the cut side and on the offset.
[[nodiscard]] Box crop_box(Size upright, Aspect aspect);

/// The long edge becomes `edge_px`, which is never longer; the short edge is rounded half up.
[[nodiscard]] Size fit(Size size, std::uint32_t edge_px);

/// From a stored picture to the finished one.
struct Placement {
  Size stored;  ///< pixels of the file
  Box box;      ///< the part that is kept, in stored pixels
  Size out;     ///< the finished picture, upright
  std::uint8_t orientation = 1;
};

[[nodiscard]] Placement make_placement(Size stored, std::uint8_t orientation, const Box& upright,
                                       Size out);

/// How a plane of samples lies over the pixels of the stored picture: `across` samples for
/// `across_px` pixels, `down` for `down_px`.
struct Sampling {
  std::uint32_t across = 1;
  std::uint32_t across_px = 1;
  std::uint32_t down = 1;
  std::uint32_t down_px = 1;
};

/// Samples of a plane that the picture touches.
[[nodiscard]] Size samples_of(Size stored, const Sampling& sampling);

/// The axes of one component, as they are stored; chroma comes out at half the size.
struct PlaneAxes {
  AxisPlan across;
  AxisPlan down;
};
[[nodiscard]] PlaneAxes plane_axes(const Placement& placement, const Sampling& sampling,
                                   bool is_chroma);

/// Are there `times` source samples for an output sample, or more?
[[nodiscard]] bool is_finer(const AxisPlan& axis, std::uint32_t times);

}  // namespace sfluv::photo
