// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

/// A decoded picture that somebody else owns, in one of the shapes that decoders leave.
namespace sfluv::photo {

struct Plane {
  const std::uint8_t* samples = nullptr;
  std::size_t stride = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t h = 1;  ///< samples across for `Picture::h_max` pixels
  std::uint32_t v = 1;
};

enum class Model : std::uint8_t {
  grey,    ///< one plane
  ycc,     ///< Y, Cb, Cr, each with its own sampling
  rgb,     ///< R, G, B planes of full size
  pixels,  ///< interleaved: grey, grey + alpha, RGB or RGBA by `channels`
};

struct Picture {
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  Model model = Model::pixels;
  std::uint32_t channels = 0;
  std::uint32_t h_max = 1;
  std::uint32_t v_max = 1;
  std::array<Plane, 3> plane{};  ///< of interleaved pixels only the first
};

/// What leaves for the encoder: Y in full, Cb and Cr at half size (rounded up), rows without gaps.
struct Yuv420 {
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::array<std::vector<std::uint8_t>, 3> plane;

  [[nodiscard]] std::uint32_t chroma_width() const { return (width_px + 1) / 2; }
  [[nodiscard]] std::uint32_t chroma_height() const { return (height_px + 1) / 2; }
};

}  // namespace sfluv::photo
