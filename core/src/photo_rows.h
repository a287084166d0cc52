// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "photo_picture.h"

/// Rows of Y, Cb or Cr of pictures that somebody else decoded, and the mean of rows that are too
/// fine.
namespace sfluv::photo {

/// One of Y, Cb, Cr of a picture, row by row: the decoder's own samples where it left such planes,
/// else made of RGB.
class ComponentRows {
 public:
  ComponentRows(const Picture& picture, std::size_t component)
      : picture_(picture), component_(component) {}

  /// Writes row `y`.
  void copy(std::uint32_t y, Sample* out) const;

  /// The plane whose size and sampling the rows have.
  [[nodiscard]] static const Plane& plane_of(const Picture& picture, std::size_t component);

 private:
  const Picture& picture_;
  std::size_t component_;
};

/// Takes rows and gives the mean of every 2^`halvings` x 2^`halvings` samples; at the end of a row
/// and of the plane of those that there are.
class RowMeans {
 public:
  RowMeans(std::uint32_t width, std::uint32_t height, int halvings, std::uint32_t rows_kept);

  void put(const Sample* row);

  [[nodiscard]] const RowRing& ring() const { return ring_; }
  [[nodiscard]] std::uint32_t rows_made() const { return rows_made_; }

 private:
  void finish_row();

  std::uint32_t width_;
  std::uint32_t height_;
  int halvings_;
  std::uint32_t rows_put_ = 0;
  std::uint32_t rows_made_ = 0;
  std::vector<std::int32_t> sums_;
  RowRing ring_;
};

}  // namespace sfluv::photo
