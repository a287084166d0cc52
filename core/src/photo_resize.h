// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "photo_rows.h"

/// Shrinks one plane of samples: Lanczos stretched by the ratio, crop box and orientation folded
/// into where samples are read and written, integer arithmetic only.
namespace sfluv::photo {

/// One axis of the plane as it is stored. Output samples are counted as a person sees them; where
/// the picture is stored mirrored they are read from the far end of the box.
struct AxisPlan {
  std::uint32_t in = 0;            ///< samples of the plane
  std::uint32_t sampling = 1;      ///< the plane has `sampling` samples for
  std::uint32_t sampling_max = 1;  ///< `sampling_max` pixels of the picture
  std::uint32_t box_at = 0;        ///< crop box, in pixels of the picture
  std::uint32_t box = 0;
  std::uint32_t out_full = 0;  ///< pixels that the box becomes
  std::uint32_t spacing = 1;   ///< output pixels per output sample: 2 for chroma
  std::uint32_t out = 0;       ///< output samples
  bool mirrored = false;
};

/// Where the results go: swapped steps transpose.
struct PlaneTarget {
  std::uint8_t* samples = nullptr;
  std::size_t step_across = 1;  ///< from one output sample of the stored row to the next
  std::size_t step_down = 1;
};

void resize(ComponentRows& source, const AxisPlan& across, const AxisPlan& down,
            const PlaneTarget& target);

/// Rows that one output row needs at the same time.
[[nodiscard]] std::size_t rows_at_once(const AxisPlan& down);

}  // namespace sfluv::photo
