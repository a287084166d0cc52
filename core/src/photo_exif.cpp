// SPDX-License-Identifier: MIT
#include "photo_container.h"

namespace sfluv::photo {
namespace {

constexpr std::uint32_t tag_orientation = 0x0112;
constexpr std::uint32_t tag_gps = 0x8825;
constexpr std::uint32_t type_short = 3;
constexpr std::uint32_t type_long = 4;
constexpr std::size_t entry_bytes = 12;

struct Tiff {
  Bytes bytes;
  bool big_endian = false;

  [[nodiscard]] std::uint32_t u16(std::size_t at) const {
    const std::uint32_t first = bytes[at];
    const std::uint32_t second = bytes[at + 1];
    return big_endian ? first << 8 | second : second << 8 | first;
  }
  [[nodiscard]] std::uint32_t u32(std::size_t at) const {
    const std::uint32_t first = u16(at);
    const std::uint32_t second = u16(at + 2);
    return big_endian ? first << 16 | second : second << 16 | first;
  }
};

}  // namespace

// TIFF 6.0 §2. Only the first directory is read and no chain of them is followed, so that a loop
// cannot be entered. Of a tag that stands twice the first one counts.
Exif read_exif(Bytes bytes) {
  Exif exif;
  if (bytes.size() < 14) return exif;
  Tiff tiff{.bytes = bytes, .big_endian = bytes[0] == 'M'};
  const bool order_known =
      (bytes[0] == 'I' && bytes[1] == 'I') || (bytes[0] == 'M' && bytes[1] == 'M');
  if (!order_known || tiff.u16(2) != 42) return exif;
  const std::size_t directory = tiff.u32(4);
  if (directory < 8 || directory > bytes.size() - 2) return exif;
  bool seen = false;
  const std::size_t count = tiff.u16(directory);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = directory + 2 + i * entry_bytes;
    if (at + entry_bytes > bytes.size()) break;
    const std::uint32_t tag = tiff.u16(at);
    const std::uint32_t type = tiff.u16(at + 2);
    if (tag == tag_gps && type == type_long) exif.has_gps = true;
    if (tag != tag_orientation || type != type_short || tiff.u32(at + 4) != 1 || seen) continue;
    seen = true;
    const std::uint32_t value = tiff.u16(at + 8);
    if (value >= 1 && value <= 8) exif.orientation = static_cast<std::uint8_t>(value);
  }
  return exif;
}

}  // namespace sfluv::photo
