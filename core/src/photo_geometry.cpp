// SPDX-License-Identifier: MIT
#include "photo_geometry.h"

#include <algorithm>

namespace sfluv::photo {
namespace {

/// An upright box in the coordinates of the stored picture.
Box stored_box(Box box, Size stored, std::uint8_t orientation) {
  if (lies(orientation)) {
    std::swap(box.x, box.y);
    std::swap(box.width, box.height);
  }
  if (columns_mirrored(orientation)) box.x = stored.width - box.x - box.width;
  if (rows_mirrored(orientation)) box.y = stored.height - box.y - box.height;
  return box;
}

std::uint32_t samples_along(std::uint32_t pixels, std::uint32_t samples, std::uint32_t per_pixels) {
  return static_cast<std::uint32_t>((std::uint64_t{pixels} * samples + per_pixels - 1) /
                                    per_pixels);
}

}  // namespace

bool lies(std::uint8_t orientation) { return orientation >= 5; }

bool columns_mirrored(std::uint8_t orientation) {
  return orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
}

bool rows_mirrored(std::uint8_t orientation) {
  return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
}

Box part_of(Size upright, const Crop& crop) {
  const auto along = [](std::uint32_t side, std::uint32_t at, std::uint32_t length) {
    const auto pixel = [&](std::uint64_t millionths) {
      return static_cast<std::uint32_t>((side * millionths + 500'000) / 1'000'000);
    };
    const std::uint32_t begin = std::min(pixel(at), side - 1);
    const std::uint32_t end = pixel(std::uint64_t{at} + length);
    return std::pair{begin, std::max(end, begin + 1) - begin};
  };
  const auto [x, width] = along(upright.width, crop.x, crop.width);
  const auto [y, height] = along(upright.height, crop.y, crop.height);
  return {.x = x, .y = y, .width = width, .height = height};
}

Box crop_box(Size upright, Aspect aspect) {
  Box box{.width = upright.width, .height = upright.height};
  std::uint64_t across = 1;
  std::uint64_t down = 1;
  switch (aspect) {
    case Aspect::as_taken: return box;
    case Aspect::vertical: across = 3, down = 4; break;
    case Aspect::square: break;
    case Aspect::horizontal: across = 4, down = 3; break;
  }
  const std::uint64_t width = upright.width;
  const std::uint64_t height = upright.height;
  // |width / height - across / down| < 0.001, without a fraction.
  const std::uint64_t left = width * down;
  const std::uint64_t right = height * across;
  const std::uint64_t difference = left > right ? left - right : right - left;
  if (difference * 1000 < height * down) return box;
  if (left > right) {
    box.width = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, height * across / down));
    box.x = (upright.width - box.width) / 2;
  } else {
    box.height = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, width * down / across));
    box.y = (upright.height - box.height) / 2;
  }
  return box;
}

Size fit(Size size, std::uint32_t edge_px) {
  const std::uint32_t longest = std::max(size.width, size.height);
  const auto scaled = [&](std::uint32_t side) {
    const std::uint64_t twice = std::uint64_t{side} * edge_px * 2 + longest;
    return static_cast<std::uint32_t>(
        std::max<std::uint64_t>(1, twice / (std::uint64_t{longest} * 2)));
  };
  return {.width = scaled(size.width), .height = scaled(size.height)};
}

Placement make_placement(Size stored, std::uint8_t orientation, const Box& upright, Size out) {
  return {.stored = stored,
          .box = stored_box(upright, stored, orientation),
          .out = out,
          .orientation = orientation};
}

Size samples_of(Size stored, const Sampling& sampling) {
  return {.width = samples_along(stored.width, sampling.across, sampling.across_px),
          .height = samples_along(stored.height, sampling.down, sampling.down_px)};
}

PlaneAxes plane_axes(const Placement& placement, const Sampling& sampling, bool is_chroma) {
  const Size in = samples_of(placement.stored, sampling);
  const std::uint32_t spacing = is_chroma ? 2 : 1;
  const std::uint32_t unit = 16 / spacing;
  const auto axis = [&](std::uint32_t out_px) {
    const std::uint32_t out = (out_px + spacing - 1) / spacing;
    return AxisPlan{.out_full = out_px,
                    .spacing = spacing,
                    .out = out,
                    .padded = (out + unit - 1) / unit * unit};
  };
  const Box& box = placement.box;
  PlaneAxes axes{.across = axis(placement.out.width), .down = axis(placement.out.height)};
  if (lies(placement.orientation)) std::swap(axes.across, axes.down);
  axes.across.in = in.width;
  axes.across.sampling = sampling.across;
  axes.across.sampling_max = sampling.across_px;
  axes.across.box_at = box.x;
  axes.across.box = box.width;
  axes.across.mirrored = columns_mirrored(placement.orientation);
  axes.down.in = in.height;
  axes.down.sampling = sampling.down;
  axes.down.sampling_max = sampling.down_px;
  axes.down.box_at = box.y;
  axes.down.box = box.height;
  axes.down.mirrored = rows_mirrored(placement.orientation);
  return axes;
}

bool is_finer(const AxisPlan& axis, std::uint32_t times) {
  return std::uint64_t{axis.box} * axis.spacing * axis.sampling >=
         std::uint64_t{times} * axis.out_full * axis.sampling_max;
}

}  // namespace sfluv::photo
