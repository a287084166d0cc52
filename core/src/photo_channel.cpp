// SPDX-License-Identifier: MIT
#include "photo_channel.h"

#include <algorithm>

namespace sfluv::photo {

ChannelPlan::ChannelPlan(const Placement& placement, Sampling sampling, std::size_t component)
    : in(samples_of(placement.stored, sampling)),
      axes(plane_axes(placement, sampling, component > 0)) {
  while (is_finer(axes.across, shrink_max) || is_finer(axes.down, shrink_max)) {
    ++halvings;
    sampling.across_px *= 2;
    sampling.down_px *= 2;
    axes = plane_axes(placement, sampling, component > 0);
  }
}

Channel::Channel(const ChannelPlan& plan, const Placement& placement, RowRing& out)
    : rows_in_(plan.in.height),
      halvings_(plan.halvings),
      resizer_(plan.axes.across, plan.axes.down,
               {.plane = &out,
                .turned = lies(placement.orientation),
                .reversed = rows_mirrored(placement.orientation)}),
      means_(plan.in.width, plan.in.height, halvings_,
             halvings_ == 0 ? 1 : resizer_.rows_at_once() + 1) {}

SampleRange Channel::columns() const {
  return {resizer_.first_column() << halvings_, resizer_.end_column() << halvings_};
}

SampleRange Channel::rows() const {
  return {resizer_.first_row() << halvings_, resizer_.end_row() << halvings_};
}

std::uint32_t Channel::rows_kept() const { return halvings_ == 0 ? resizer_.rows_at_once() : 1; }

void Channel::take(const RowRing& source, std::uint32_t rows_made) {
  if (halvings_ == 0) return resizer_.advance(source, rows_made);
  for (; rows_taken_ < std::min(rows_made, rows_in_); ++rows_taken_) {
    means_.put(source.row(rows_taken_));
    resizer_.advance(means_.ring(), means_.rows_made());
  }
}

}  // namespace sfluv::photo
