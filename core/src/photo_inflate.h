// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "photo_container.h"

/// Reads the compressed data of a PNG to its end and keeps the last 32 KiB of it: proves that the
/// rows are all there, of known filters, and that nothing follows, before anything is allocated for
/// them. stb_image knows no checksum and inflates a one-pixel picture to a gigabyte; of it only what
/// makes samples of rows is used.
namespace sfluv::photo {

[[nodiscard]] Failure check_png_data(Bytes file, const PngHeader& header, const PngData& data);

/// Writes the rows, each behind its filter byte, of data that was proven: `raw_bytes` of them.
void inflate_png_rows(Bytes file, const PngHeader& header, const PngData& data, std::uint8_t* rows);

}  // namespace sfluv::photo
