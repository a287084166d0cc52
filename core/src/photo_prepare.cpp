// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "photo_channel.h"
#include "photo_container.h"
#include "photo_encode.h"
#include "photo_geometry.h"
#include "photo_picture.h"
#include "photo_rows.h"
#include "photo_stb.h"
#include "photo_strips.h"

namespace sfluv::photo {
namespace {

/// A component of the file at a size that is quick to decode and still finer than what is made of
/// it. Half size and a sharp last step are as good as the whole, for a fraction of the work.
Sampling strip_sampling(const JpegFrame& frame, std::size_t component, const Placement& placement,
                        std::size_t& points) {
  for (points = 1;; points *= 2) {
    const Sampling sampling{.across = frame.component[component].h * std::uint32_t(points),
                            .across_px = frame.h_max * 8u,
                            .down = frame.component[component].v * std::uint32_t(points),
                            .down_px = frame.v_max * 8u};
    const PlaneAxes axes = plane_axes(placement, sampling, component > 0);
    if (points == 8 || (is_finer(axes.across, 1) && is_finer(axes.down, 1))) return sampling;
  }
}

/// Decodes and shrinks what `JpegStrips` reads, and proves that nothing is missing.
Outcome<Yuv420> shrink_strips(Bytes file, const Walked& walked, const Placement& placement) {
  Yuv420 out(placement.out.width, placement.out.height);
  JpegStrips::Requests requests;
  std::vector<Channel> channels;
  channels.reserve(walked.jpeg.components);
  for (std::size_t i = 0; i < walked.jpeg.components; ++i) {
    const Sampling sampling = strip_sampling(walked.jpeg, i, placement, requests[i].points);
    channels.emplace_back(ChannelPlan(placement, sampling, i), placement, out.plane[i]);
    requests[i].columns = channels[i].columns();
    requests[i].rows = channels[i].rows();
    requests[i].rows_kept = channels[i].rows_kept();
  }
  JpegStrips strips(file, walked.jpeg, *walked.strips, *walked.jpeg_tables, requests);
  while (!strips.done()) {
    if (auto issue = strips.next()) return std::unexpected(std::move(*issue));
    for (std::size_t i = 0; i < channels.size(); ++i)
      channels[i].take(strips.ring(i), strips.rows_made(i));
  }
  if (auto issue = walk_jpeg_tail(file, walked, strips.end()))
    return std::unexpected(std::move(*issue));
  return out;
}

/// Shrinks what somebody else has decoded.
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

/// The edge that takes about as much less as the file is too large: bytes go with its square.
std::uint32_t smaller_edge(std::uint32_t edge_px, std::uint64_t bytes, std::uint32_t bytes_max) {
  std::uint32_t edge = edge_px - 1;
  while (edge > 1 &&
         std::uint64_t{edge} * edge * bytes > std::uint64_t{edge_px} * edge_px * bytes_max)
    --edge;
  return edge;
}

/// Encodes the picture, or a smaller one if its best is still too large at the least quality.
Outcome<Prepared> finish(const Yuv420& picture, const Info& source, const Plan& plan) {
  const EncodePlan encode{.bytes_max = plan.bytes_max,
                          .quality_max = plan.quality_max,
                          .quality_min = plan.quality_min};
  const Size whole{picture.width_px, picture.height_px};
  Size size = whole;
  auto encoded = encode_jpeg(picture, encode);
  while (!encoded) {
    const std::uint32_t edge_px = std::max(size.width, size.height);
    if (edge_px == 1) {
      return std::unexpected(
          Issue{Code::photo_budget_too_small, "", {{"bytes_max", std::int64_t{plan.bytes_max}}}});
    }
    size = fit(whole, smaller_edge(edge_px, encoded.error().bytes, plan.bytes_max));
    encoded = encode_jpeg(shrink_again(picture, size), encode);
  }
  return Prepared{.jpeg = std::move(encoded->jpeg),
                  .width_px = size.width,
                  .height_px = size.height,
                  .quality = encoded->quality,
                  .source = source};
}

Placement place(const Info& source, const Plan& plan) {
  const Box box = crop_box({source.upright_width_px(), source.upright_height_px()}, plan.aspect);
  const std::uint32_t edge_px = std::min(plan.edge_px, std::max(box.width, box.height));
  return make_placement({source.width_px, source.height_px}, source.orientation, box,
                        fit({box.width, box.height}, edge_px));
}

std::optional<Issue> check_plan(const Plan& plan) {
  const auto invalid = [](std::string_view name, std::uint64_t value) {
    return Issue{Code::photo_plan_invalid,
                 "",
                 {{"name", std::string(name)}, {"value", std::to_string(value)}}};
  };
  if (plan.edge_px < 1 || plan.edge_px > limits::photo_side_px_max)
    return invalid("edge_px", plan.edge_px);
  if (plan.quality_max < 1 || plan.quality_max > 100)
    return invalid("quality_max", plan.quality_max);
  if (plan.quality_min < 1 || plan.quality_min > plan.quality_max)
    return invalid("quality_min", plan.quality_min);
  if (plan.bytes_max < limits::photo_budget_bytes_min) {
    return Issue{Code::photo_budget_too_small, "", {{"bytes_max", std::int64_t{plan.bytes_max}}}};
  }
  return std::nullopt;
}

}  // namespace

Aspect aspect_from_string(std::string_view name) {
  if (name == "vertical") return Aspect::vertical;
  if (name == "square") return Aspect::square;
  if (name == "horizontal") return Aspect::horizontal;
  return Aspect::as_taken;
}

Outcome<Prepared> prepare(Bytes file, const Plan& plan) {
  if (auto issue = check_plan(plan)) return std::unexpected(std::move(*issue));
  const Outcome<Walked> walked = walk(file, Proof::until_strips);
  if (!walked) return std::unexpected(walked.error());
  const Placement placement = place(walked->info, plan);
  if (walked->strips) {
    const Outcome<Yuv420> small = shrink_strips(file, *walked, placement);
    if (!small) return std::unexpected(small.error());
    return finish(*small, walked->info, plan);
  }
  Arena arena(walked->decoder_bytes);
  const Outcome<Picture> picture = decode(file, *walked, arena);
  if (!picture) return std::unexpected(picture.error());
  return finish(shrink_picture(*picture, placement), walked->info, plan);
}

Outcome<Prepared> prepare(const PixelView& pixels, const Plan& plan) {
  if (auto issue = check_plan(plan)) return std::unexpected(std::move(*issue));
  if (pixels.width_px == 0 || pixels.height_px == 0)
    return std::unexpected(Issue{Code::photo_file_empty, "", {}});
  if (auto issue = check_size(pixels.width_px, pixels.height_px))
    return std::unexpected(std::move(*issue));
  const std::uint64_t bytes = std::uint64_t{4} * pixels.width_px * pixels.height_px;
  if (pixels.rgba.size() < bytes) return std::unexpected(truncated_at(pixels.rgba.size()));
  if (pixels.rgba.size() > bytes)
    return std::unexpected(damaged_at("pixels", static_cast<std::size_t>(bytes)));
  Picture picture{.width_px = pixels.width_px, .height_px = pixels.height_px, .channels = 4};
  picture.plane[0] = {.samples = pixels.rgba.data(),
                      .stride = std::size_t{4} * pixels.width_px,
                      .width = pixels.width_px,
                      .height = pixels.height_px};
  const Info source{.bytes = bytes, .width_px = pixels.width_px, .height_px = pixels.height_px};
  return finish(shrink_picture(picture, place(source, plan)), source, plan);
}

}  // namespace sfluv::photo
