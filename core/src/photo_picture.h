// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

/// Pictures between the stages.
namespace sfluv::photo {

/// A sample as the stages pass it on: signed, 128 less than in a file.
using Sample = std::int8_t;

/// Rows of samples of which the newest are kept.
class RowRing {
 public:
  static constexpr std::size_t overread = 128;

  RowRing() = default;
  /// `stride` in samples. Who reads lanes may read over the end of a row, also of the last one.
  RowRing(std::uint32_t rows, std::size_t stride)
      : rows_(rows),
        stride_(stride),
        samples_(std::make_unique<Sample[]>(rows * stride + overread)) {}

  [[nodiscard]] Sample* row(std::uint32_t y) { return samples_.get() + y % rows_ * stride_; }
  [[nodiscard]] const Sample* row(std::uint32_t y) const {
    return samples_.get() + y % rows_ * stride_;
  }
  [[nodiscard]] std::size_t stride() const { return stride_; }
  [[nodiscard]] std::uint32_t rows() const { return rows_; }

 private:
  std::uint32_t rows_ = 1;
  std::size_t stride_ = 0;
  // A vector of bytes is filled one by one where code is compiled for size, an array at once.
  std::unique_ptr<Sample[]> samples_;
};

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

/// A decoded picture that somebody else owns, in one of the shapes that decoders leave.
struct Picture {
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  Model model = Model::pixels;
  std::uint32_t channels = 0;
  std::uint32_t h_max = 1;
  std::uint32_t v_max = 1;
  std::array<Plane, 3> plane{};  ///< of interleaved pixels only the first
};

/// What leaves for the encoder: Y in full, Cb and Cr at half size (rounded up); all three padded to
/// whole units of 16 x 16 pixels by repeating the last column and row.
struct Yuv420 {
  Yuv420(std::uint32_t width, std::uint32_t height) : width_px(width), height_px(height) {
    for (std::size_t i = 0; i < 3; ++i) plane[i] = RowRing(rows(i), columns(i));
  }

  [[nodiscard]] std::uint32_t units_across() const { return (width_px + 15) / 16; }
  [[nodiscard]] std::uint32_t units_down() const { return (height_px + 15) / 16; }
  [[nodiscard]] std::uint32_t columns(std::size_t i) const {
    return units_across() * (i == 0 ? 16 : 8);
  }
  [[nodiscard]] std::uint32_t rows(std::size_t i) const { return units_down() * (i == 0 ? 16 : 8); }

  std::uint32_t width_px;
  std::uint32_t height_px;
  std::array<RowRing, 3> plane;
};

}  // namespace sfluv::photo
