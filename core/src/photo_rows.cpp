// SPDX-License-Identifier: MIT
#include "photo_rows.h"

namespace sfluv::photo {
namespace {

/// JFIF's matrix in 1/65536: weights of R, G, B and what is added.
constexpr std::array<std::array<std::int32_t, 4>, 3> matrices = {
    {{19595, 38470, 7471, 32768},
     {-11059, -21709, 32768, (128 << 16) + 32767},
     {32768, -27439, -5329, (128 << 16) + 32767}}};
constexpr std::uint32_t no_row = ~0u;

bool is_converted(const Picture& picture) {
  return picture.model == Model::pixels || picture.model == Model::rgb;
}

/// Of what is transparent, white shines through.
std::int32_t on_white(std::int32_t value, std::int32_t alpha) {
  const std::int32_t sum = value * alpha + 255 * (255 - alpha) + 128;
  return (sum + (sum >> 8)) >> 8;  // divided by 255, rounded
}

}  // namespace

ComponentRows::ComponentRows(const Picture& picture, std::size_t component, std::size_t rows_kept)
    : picture_(picture),
      plane_(plane_of(picture, component)),
      matrix_(matrices[component]),
      converted_(is_converted(picture)),
      kept_(rows_kept) {
  if (!converted_) return;
  row_of_.assign(kept_, no_row);
  rows_.resize(kept_ * picture.width_px);
}

const Plane& ComponentRows::plane_of(const Picture& picture, std::size_t component) {
  return picture.plane[is_converted(picture) ? 0 : component];
}

const std::uint8_t* ComponentRows::converted_row(std::uint32_t y) {
  const std::size_t slot = y % kept_;
  std::uint8_t* out = &rows_[slot * picture_.width_px];
  if (row_of_[slot] != y) {
    row_of_[slot] = y;
    convert(y, out);
  }
  return out;
}

void ComponentRows::convert(std::uint32_t y, std::uint8_t* out) const {
  const std::uint32_t width = picture_.width_px;
  const std::uint8_t* in = plane_.samples + plane_.stride * y;
  // A copy, because the compiler must take every byte written to `out` for a part of the matrix.
  const auto [red, green, blue, offset] = matrix_;
  const auto mix = [=](std::int32_t r, std::int32_t g, std::int32_t b) {
    return static_cast<std::uint8_t>((red * r + green * g + blue * b + offset) >> 16);
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

}  // namespace sfluv::photo
