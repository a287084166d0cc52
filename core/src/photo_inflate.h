// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "photo_container.h"

/// Reads the compressed data of a PNG to its end and keeps the last 32 KiB of it: proves that the
/// rows are all there, of known filters, and that nothing follows, before a decoder allocates.
/// stb_image knows no checksum and inflates a one-pixel picture to a gigabyte.
namespace sfluv::photo {

[[nodiscard]] Failure check_png_data(Bytes file, const PngHeader& header, const PngData& data);

/// The data of consecutive IDAT chunks as one stream.
class PngDataReader {
 public:
  PngDataReader(Bytes file, const PngData& data)
      : file_(file), next_chunk_(data.begin), end_(data.end) {}

  /// The next bytes, at most `count`; empty at the end.
  [[nodiscard]] Bytes next(std::size_t count);
  [[nodiscard]] std::size_t byte() const { return at_; }

 private:
  Bytes file_;
  std::size_t next_chunk_;
  std::size_t end_;
  std::size_t at_ = 0;
  std::size_t left_ = 0;  ///< of the current chunk
};

}  // namespace sfluv::photo
