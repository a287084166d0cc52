// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <utility>

#include "photo_container.h"
#include "photo_encode.h"
#include "photo_picture.h"
#include "photo_resize.h"
#include "photo_rows.h"
#include "photo_stb.h"

namespace sfluv::photo {
namespace {

struct Box {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

struct Size {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// EXIF 5..8 are stored lying on the side.
bool lies(std::uint8_t orientation) { return orientation >= 5; }
/// Stored columns run against the upright axis that they are read for.
bool columns_mirrored(std::uint8_t orientation) {
  return orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
}
bool rows_mirrored(std::uint8_t orientation) {
  return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
}

/// The centre crop of the live client (rulebook A3.14), on the upright picture: nothing is cut when
/// the ratio is off by less than 0.001; floor on the cut side and on the offset.
Box crop_box(Size upright, Aspect aspect) {
  Box box{.width = upright.width, .height = upright.height};
  std::uint64_t across = 1;
  std::uint64_t down = 1;
  switch (aspect) {
    case Aspect::as_taken:
      return box;
    case Aspect::vertical:
      across = 3, down = 4;
      break;
    case Aspect::square:
      break;
    case Aspect::horizontal:
      across = 4, down = 3;
      break;
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

/// The long edge becomes `edge_px`, which is never longer; the short edge is rounded half up.
Size fit(Size size, std::uint32_t edge_px) {
  const std::uint32_t longest = std::max(size.width, size.height);
  const auto scaled = [&](std::uint32_t side) {
    const std::uint64_t twice = std::uint64_t{side} * edge_px * 2 + longest;
    return static_cast<std::uint32_t>(
        std::max<std::uint64_t>(1, twice / (std::uint64_t{longest} * 2)));
  };
  return {.width = scaled(size.width), .height = scaled(size.height)};
}

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

/// Crops, shrinks and turns one component into its place in `out`.
void make_plane(const Picture& picture, std::size_t component, const Box& box,
                std::uint8_t orientation, Yuv420& out) {
  const Plane& plane = ComponentRows::plane_of(picture, component);
  const std::uint32_t spacing = component == 0 ? 1 : 2;
  const std::uint32_t out_width = (out.width_px + spacing - 1) / spacing;
  const std::uint32_t out_height = (out.height_px + spacing - 1) / spacing;
  AxisPlan across{.in = plane.width,
                  .sampling = plane.h,
                  .sampling_max = picture.h_max,
                  .box_at = box.x,
                  .box = box.width,
                  .out_full = out.width_px,
                  .spacing = spacing,
                  .out = out_width,
                  .mirrored = columns_mirrored(orientation)};
  AxisPlan down{.in = plane.height,
                .sampling = plane.v,
                .sampling_max = picture.v_max,
                .box_at = box.y,
                .box = box.height,
                .out_full = out.height_px,
                .spacing = spacing,
                .out = out_height,
                .mirrored = rows_mirrored(orientation)};
  if (lies(orientation)) {
    std::swap(across.out_full, down.out_full);
    std::swap(across.out, down.out);
  }
  std::vector<std::uint8_t>& samples = out.plane[component];
  samples.resize(std::size_t{out_width} * out_height);
  PlaneTarget target{.samples = samples.data(), .step_across = 1, .step_down = out_width};
  if (lies(orientation)) std::swap(target.step_across, target.step_down);
  ComponentRows rows(picture, component, rows_at_once(down));
  resize(rows, across, down, target);
}

Yuv420 make_picture(const Picture& picture, const Box& upright, Size size,
                    std::uint8_t orientation) {
  Yuv420 out{.width_px = size.width, .height_px = size.height};
  const Box box = stored_box(upright, {picture.width_px, picture.height_px}, orientation);
  make_plane(picture, 0, box, orientation, out);
  for (std::size_t component = 1; component < 3; ++component) {
    if (picture.model == Model::grey) {
      out.plane[component].assign(std::size_t{out.chroma_width()} * out.chroma_height(), 128);
    } else {
      make_plane(picture, component, box, orientation, out);
    }
  }
  return out;
}

/// Encodes at the wished size, or at nine tenths of it again and again until the budget holds.
Outcome<Prepared> finish(const Picture& picture, const Info& source, const Plan& plan) {
  const std::uint8_t orientation = source.orientation;
  const Box box = crop_box({source.upright_width_px(), source.upright_height_px()}, plan.aspect);
  const EncodePlan encode{.bytes_max = plan.bytes_max,
                          .quality_max = plan.quality_max,
                          .quality_min = plan.quality_min};
  std::uint32_t edge_px = std::min(plan.edge_px, std::max(box.width, box.height));
  for (;;) {
    const Size size = fit({box.width, box.height}, edge_px);
    const Yuv420 small = make_picture(picture, box, size, orientation);
    if (auto encoded = encode_jpeg(small, encode)) {
      return Prepared{.jpeg = std::move(encoded->jpeg),
                      .width_px = size.width,
                      .height_px = size.height,
                      .quality = encoded->quality,
                      .source = source};
    }
    if (edge_px == 1) break;
    edge_px = std::max(1u, edge_px * 9 / 10);
  }
  return std::unexpected(
      Issue{Code::photo_budget_too_small, "", {{"bytes_max", std::int64_t{plan.bytes_max}}}});
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
  const Outcome<Walked> walked = walk(file, Proof::whole);
  if (!walked) return std::unexpected(walked.error());
  Arena arena(walked->decoder_bytes);
  const Outcome<Picture> picture = decode(file, *walked, arena);
  if (!picture) return std::unexpected(picture.error());
  return finish(*picture, walked->info, plan);
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
  return finish(picture, source, plan);
}

}  // namespace sfluv::photo
