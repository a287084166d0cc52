// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "sfluv/photo.h"

namespace sfluv::photo {

/// A file that may still be arriving: the bytes at hand, where in the file they begin, and whether
/// they are the last ones. Places are counted from the beginning of the file.
struct Input {
  Bytes bytes;
  std::size_t offset = 0;
  bool whole = true;

  [[nodiscard]] std::size_t end() const { return offset + bytes.size(); }
  [[nodiscard]] const std::uint8_t* from(std::size_t at) const {
    return bytes.data() + (at - offset);
  }
  [[nodiscard]] std::uint8_t operator[](std::size_t at) const { return bytes[at - offset]; }
};

}  // namespace sfluv::photo
