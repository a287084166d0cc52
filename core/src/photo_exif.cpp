// SPDX-License-Identifier: MIT
#include "photo_container.h"

namespace sfluv::photo {
namespace {

constexpr std::uint32_t tag_orientation = 0x0112;
constexpr std::uint32_t tag_exif = 0x8769;
constexpr std::uint32_t tag_gps = 0x8825;
constexpr std::uint32_t tag_taken = 0x9003;
constexpr std::uint32_t tag_taken_offset = 0x9011;
constexpr std::uint32_t type_ascii = 2;
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

/// Calls `take(tag, type, count, at)` for each entry of a directory; `at` is where its value
/// stands.
template <class Take>
void each_entry(const Tiff& tiff, std::size_t directory, Take take) {
  if (directory < 8 || directory > tiff.bytes.size() - 2) return;
  const std::size_t count = tiff.u16(directory);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = directory + 2 + i * entry_bytes;
    if (at + entry_bytes > tiff.bytes.size()) break;
    take(tiff.u16(at), tiff.u16(at + 2), tiff.u32(at + 4), at + 8);
  }
}

/// A text that looks like `pattern`, where 0 stands for any digit and + for a sign; else nothing.
std::string text_like(const Tiff& tiff, std::string_view pattern, std::uint32_t count,
                      std::size_t at) {
  const std::size_t offset = tiff.u32(at);
  if (count < pattern.size() || offset > tiff.bytes.size() ||
      pattern.size() > tiff.bytes.size() - offset)
    return {};
  std::string text;
  for (const char wanted : pattern) {
    const auto letter = static_cast<char>(tiff.bytes[offset + text.size()]);
    const bool fits = wanted == '0'   ? letter >= '0' && letter <= '9'
                      : wanted == '+' ? letter == '+' || letter == '-'
                                      : letter == wanted;
    if (!fits) return {};
    text += letter;
  }
  return text;
}

}  // namespace

// TIFF 6.0 §2. Only the first directory and the one that EXIF names in it are read, and no chain of
// them is followed, so that a loop cannot be entered. Of a tag that stands twice the first counts.
Exif read_exif(Bytes bytes) {
  Exif exif;
  if (bytes.size() < 14) return exif;
  const Tiff tiff{.bytes = bytes, .big_endian = bytes[0] == 'M'};
  const bool order_known =
      (bytes[0] == 'I' && bytes[1] == 'I') || (bytes[0] == 'M' && bytes[1] == 'M');
  if (!order_known || tiff.u16(2) != 42) return exif;
  std::uint32_t orientation = 0;
  std::uint32_t details = 0;
  each_entry(tiff, tiff.u32(4),
             [&](std::uint32_t tag, std::uint32_t type, std::uint32_t count, std::size_t at) {
               if (tag == tag_gps && type == type_long) exif.has_gps = true;
               if (tag == tag_exif && type == type_long && details == 0) details = tiff.u32(at);
               if (tag == tag_orientation && type == type_short && count == 1 && orientation == 0)
                 orientation = tiff.u16(at);
             });
  if (orientation >= 1 && orientation <= 8)
    exif.orientation = static_cast<std::uint8_t>(orientation);
  each_entry(tiff, details,
             [&](std::uint32_t tag, std::uint32_t type, std::uint32_t count, std::size_t at) {
               if (type != type_ascii) return;
               if (tag == tag_taken && exif.taken.empty())
                 exif.taken = text_like(tiff, "0000:00:00 00:00:00", count, at);
               if (tag == tag_taken_offset && exif.taken_offset.empty())
                 exif.taken_offset = text_like(tiff, "+00:00", count, at);
             });
  return exif;
}

std::vector<std::uint8_t> make_exif(std::string_view taken, std::string_view offset) {
  std::vector<std::uint8_t> out = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42};
  const auto put = [&](std::uint32_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
      out.push_back(static_cast<std::uint8_t>(value >> shift));
  };
  const auto entry = [&](std::uint32_t tag, std::uint32_t type, std::size_t count,
                         std::size_t value) {
    put(tag, 2);
    put(type, 2);
    put(static_cast<std::uint32_t>(count), 4);
    put(static_cast<std::uint32_t>(value), 4);
  };
  const auto directory_bytes = [](std::size_t entries) { return 2 + entries * entry_bytes + 4; };
  constexpr std::size_t first = 8;
  const std::size_t details = first + directory_bytes(1);
  const std::size_t texts = details + directory_bytes(offset.empty() ? 1 : 2);
  put(first, 4);
  put(1, 2);
  entry(tag_exif, type_long, 1, details);
  put(0, 4);
  put(offset.empty() ? 1 : 2, 2);
  entry(tag_taken, type_ascii, taken.size() + 1, texts);
  if (!offset.empty())
    entry(tag_taken_offset, type_ascii, offset.size() + 1, texts + taken.size() + 1);
  put(0, 4);
  for (const std::string_view text : {taken, offset}) {
    if (text.empty()) continue;
    for (const char letter : text) out.push_back(static_cast<std::uint8_t>(letter));
    out.push_back(0);
  }
  return out;
}

}  // namespace sfluv::photo
