// SPDX-License-Identifier: MIT
#include "photo_shrink.h"

#include "photo_rows.h"

namespace sfluv::photo {
namespace {

struct StripSize {
  std::size_t points = 1;
  Sampling sampling;
};

/// The smallest size that a component can be decoded at and that is still finer than what is made
/// of it. Half size and a sharp last step are as good as the whole, for a fraction of the work.
StripSize strip_size(const JpegFrame& frame, std::size_t component, const Placement& placement) {
  for (std::uint32_t points = 1;; points *= 2) {
    const Sampling sampling{.across = frame.component[component].h * points,
                            .across_px = frame.h_max * 8u,
                            .down = frame.component[component].v * points,
                            .down_px = frame.v_max * 8u};
    const PlaneAxes axes = plane_axes(placement, sampling, component > 0);
    if (points == 8 || (is_finer(axes.across, 1) && is_finer(axes.down, 1)))
      return {points, sampling};
  }
}

}  // namespace

StripsShrinker::StripsShrinker(const Input& input, Walked head, const Placement& placement)
    : input_(input),
      head_(std::move(head)),
      out_(placement.out.width, placement.out.height),
      strips_(input, head_.jpeg, *head_.strips, *head_.jpeg_tables, plan_channels(placement)) {}

JpegStrips::Requests StripsShrinker::plan_channels(const Placement& placement) {
  JpegStrips::Requests requests;
  channels_.reserve(head_.jpeg.components);
  for (std::size_t i = 0; i < head_.jpeg.components; ++i) {
    const StripSize size = strip_size(head_.jpeg, i, placement);
    const Channel& channel =
        channels_.emplace_back(ChannelPlan(placement, size.sampling, i), placement, out_.plane[i]);
    requests[i] = {.points = size.points,
                   .columns = channel.columns(),
                   .rows = channel.rows(),
                   .rows_kept = channel.rows_kept()};
  }
  return requests;
}

Found<bool> StripsShrinker::advance() {
  while (!scan_done_) {
    const Found<JpegStrips::Step> step = strips_.next();
    if (!step) return std::unexpected(step.error());
    if (*step == JpegStrips::Step::waiting) return false;
    scan_done_ = *step == JpegStrips::Step::done;
    for (std::size_t i = 0; i < channels_.size(); ++i)
      channels_[i].take(strips_.ring(i), strips_.rows_made(i));
  }
  const Failure failure = walk_jpeg_tail(input_, head_, strips_.at());
  if (!failure) return true;
  if (failure->code == Code::photo_truncated && !input_.whole) return false;
  return std::unexpected(*failure);
}

Yuv420 shrink_picture(const Picture& picture, const Placement& placement) {
  Yuv420 out(placement.out.width, placement.out.height);
  const std::size_t components = picture.model == Model::grey ? 1 : 3;
  for (std::size_t i = 0; i < components; ++i) {
    const Plane& plane = ComponentRows::plane_of(picture, i);
    const Sampling sampling{
        .across = plane.h, .across_px = picture.h_max, .down = plane.v, .down_px = picture.v_max};
    const ChannelPlan plan(placement, sampling, i);
    Channel channel(plan, placement, out.plane[i]);
    const ComponentRows rows(picture, i);
    RowRing ring(channel.rows_kept() + 1, plan.in.width);
    for (std::uint32_t y = 0; y < plan.in.height; ++y) {
      rows.copy(y, ring.row(y));
      channel.take(ring, y + 1);
    }
  }
  return out;
}

Yuv420 shrink_again(const Yuv420& picture, Size size) {
  const Size before{picture.width_px, picture.height_px};
  const Placement placement =
      make_placement(before, 1, {.width = before.width, .height = before.height}, size);
  Yuv420 out(size.width, size.height);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::uint32_t px = i == 0 ? 1 : 2;
    const ChannelPlan plan(placement, {.across_px = px, .down_px = px}, i);
    Channel(plan, placement, out.plane[i]).take(picture.plane[i], plan.in.height);
  }
  return out;
}

}  // namespace sfluv::photo
