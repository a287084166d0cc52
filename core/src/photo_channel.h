// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "photo_geometry.h"
#include "photo_resize.h"
#include "photo_rows.h"

namespace sfluv::photo {

/// The axes of a component and how often its rows are halved before they are shrunk: a source that
/// is far too fine is averaged first, so that an output sample has few taps.
struct ChannelPlan {
  ChannelPlan(const Placement& placement, Sampling sampling, std::size_t component);

  Size in;
  int halvings = 0;
  PlaneAxes axes;
};

/// One component on its way from the rows of a source to its plane of the finished picture.
class Channel {
 public:
  Channel(const ChannelPlan& plan, const Placement& placement, RowRing& out);

  /// The part of the source that is looked at, and the rows of it that must stay.
  [[nodiscard]] SampleRange columns() const;
  [[nodiscard]] SampleRange rows() const;
  [[nodiscard]] std::uint32_t rows_kept() const;

  /// Takes the rows before `rows_made` that are new; a decoder makes more than the picture has.
  void take(const RowRing& source, std::uint32_t rows_made);

 private:
  std::uint32_t rows_in_;
  int halvings_;
  PlaneResizer resizer_;
  RowMeans means_;
  std::uint32_t rows_taken_ = 0;
};

}  // namespace sfluv::photo
