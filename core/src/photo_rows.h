// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "photo_picture.h"

namespace sfluv::photo {

/// The rows of one of Y, Cb, Cr of a picture: the decoder's own where it left such planes, else
/// made of RGB row by row, so that no second copy of a picture is ever held.
class ComponentRows {
 public:
  ComponentRows(const Picture& picture, std::size_t component, std::size_t rows_kept);

  /// A pointer stays good until `rows_kept` other rows were asked for.
  [[nodiscard]] const std::uint8_t* row(std::uint32_t y) {
    return converted_ ? converted_row(y) : plane_.samples + plane_.stride * y;
  }

  /// The plane whose size and sampling the rows have.
  [[nodiscard]] static const Plane& plane_of(const Picture& picture, std::size_t component);

 private:
  const std::uint8_t* converted_row(std::uint32_t y);
  void convert(std::uint32_t y, std::uint8_t* out) const;

  const Picture& picture_;
  const Plane& plane_;
  const std::array<std::int32_t, 4>& matrix_;
  bool converted_;
  std::size_t kept_;
  std::vector<std::uint32_t> row_of_;
  std::vector<std::uint8_t> rows_;
};

}  // namespace sfluv::photo
