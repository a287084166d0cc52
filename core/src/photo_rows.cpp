// SPDX-License-Identifier: MIT
#include "photo_rows.h"

#include <algorithm>
#include <array>

namespace sfluv::photo {
namespace {

/// JFIF's matrix in 1/65536: weights of R, G, B and what is added.
constexpr std::array<std::array<std::int32_t, 4>, 3> matrices = {
    {{19595, 38470, 7471, 32768},
     {-11059, -21709, 32768, (128 << 16) + 32767},
     {32768, -27439, -5329, (128 << 16) + 32767}}};
bool is_converted(const Picture& picture) {
  return picture.model == Model::pixels || picture.model == Model::rgb;
}

/// Of what is transparent, white shines through.
std::int32_t on_white(std::int32_t value, std::int32_t alpha) {
  const std::int32_t sum = value * alpha + 255 * (255 - alpha) + 128;
  return (sum + (sum >> 8)) >> 8;  // divided by 255, rounded
}

}  // namespace

const Plane& ComponentRows::plane_of(const Picture& picture, std::size_t component) {
  return picture.plane[is_converted(picture) ? 0 : component];
}

void ComponentRows::copy(std::uint32_t y, Sample* out) const {
  const Plane& plane = plane_of(picture_, component_);
  const std::uint8_t* in = plane.samples + plane.stride * y;
  if (!is_converted(picture_)) {
    for (std::uint32_t x = 0; x < plane.width; ++x) out[x] = static_cast<Sample>(in[x] - 128);
    return;
  }
  const std::uint32_t width = picture_.width_px;
  // A copy, because the compiler must take every byte written to `out` for a part of the matrix.
  const auto [red, green, blue, offset] = matrices[component_];
  const auto mix = [=](std::int32_t r, std::int32_t g, std::int32_t b) {
    return static_cast<Sample>(((red * r + green * g + blue * b + offset) >> 16) - 128);
  };
  if (picture_.model == Model::rgb) {
    const std::uint8_t* g = picture_.plane[1].samples + picture_.plane[1].stride * y;
    const std::uint8_t* b = picture_.plane[2].samples + picture_.plane[2].stride * y;
    for (std::uint32_t x = 0; x < width; ++x) out[x] = mix(in[x], g[x], b[x]);
    return;
  }
  switch (picture_.channels) {
    case 1:
      for (std::uint32_t x = 0; x < width; ++x) out[x] = mix(in[x], in[x], in[x]);
      break;
    case 2:
      for (std::uint32_t x = 0; x < width; ++x, in += 2) {
        const std::int32_t grey = on_white(in[0], in[1]);
        out[x] = mix(grey, grey, grey);
      }
      break;
    case 3:
      for (std::uint32_t x = 0; x < width; ++x, in += 3) out[x] = mix(in[0], in[1], in[2]);
      break;
    default:
      for (std::uint32_t x = 0; x < width; ++x, in += 4) {
        const std::int32_t alpha = in[3];
        out[x] = alpha == 255
                     ? mix(in[0], in[1], in[2])
                     : mix(on_white(in[0], alpha), on_white(in[1], alpha), on_white(in[2], alpha));
      }
  }
}

RowMeans::RowMeans(std::uint32_t width, std::uint32_t height, int halvings, std::uint32_t rows_kept)
    : width_(width),
      height_(height),
      halvings_(halvings),
      sums_(((width - 1) >> halvings) + 1),
      ring_(rows_kept, (sums_.size() + 15) / 16 * 16) {}

void RowMeans::put(const Sample* row) {
  for (std::uint32_t x = 0; x < width_; ++x) sums_[x >> halvings_] += row[x];
  ++rows_put_;
  if ((rows_put_ & ((1u << halvings_) - 1)) == 0 || rows_put_ == height_) finish_row();
}

void RowMeans::finish_row() {
  const std::int32_t whole = 1 << halvings_;
  const auto down = static_cast<std::int32_t>(rows_put_ - (rows_made_ << halvings_));
  Sample* out = ring_.row(rows_made_);
  for (std::uint32_t x = 0; x < sums_.size(); ++x) {
    const std::int32_t across =
        std::min(whole, static_cast<std::int32_t>(width_ - (x << halvings_)));
    const std::int32_t count = across * down;
    // Of values that are not negative, so that halves go up everywhere.
    out[x] = static_cast<Sample>((sums_[x] + 128 * count + count / 2) / count - 128);
    sums_[x] = 0;
  }
  ++rows_made_;
}

}  // namespace sfluv::photo
