// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "photo_container.h"

/// Reads every Huffman code of a JPEG scan and keeps nothing of it: proves that all blocks are
/// there before a decoder allocates for them. stb_image fills a short scan up with zero bits and
/// calls the gray rest a picture.
namespace sfluv::photo {

/// Blocks of the scan in one unit (MCU), and the units across and down.
struct ScanShape {
  std::uint32_t units_x = 0;
  std::uint32_t units_y = 0;
  std::uint32_t blocks_per_unit = 0;

  [[nodiscard]] std::uint64_t units() const {
    return static_cast<std::uint64_t>(units_x) * units_y;
  }
  [[nodiscard]] std::uint64_t blocks() const { return units() * blocks_per_unit; }
};
[[nodiscard]] ScanShape shape_of(const JpegFrame& frame, const JpegScan& scan);

class EntropyCheck {
 public:
  explicit EntropyCheck(const JpegFrame& frame);

  /// `parts`: begin and end of the data between restart markers, in `file`.
  using Part = std::pair<std::size_t, std::size_t>;
  [[nodiscard]] Failure scan(Bytes file, const JpegScan& scan, std::span<const Part> parts);

 private:
  const JpegFrame& frame_;
  std::array<std::vector<std::uint64_t>, 4> nonzero_;  ///< per block of a progressive file
  std::array<std::uint32_t, 4> blocks_x_{};
};

}  // namespace sfluv::photo
