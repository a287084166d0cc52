// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "sfluv/photo.h"

// What stands beside a picture: the input is an EXIF block and a colour profile, in a JPEG and in a
// PNG whose pictures are whole. However wrong they are, the picture is there.
namespace {

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& out, const Bytes& more) { out.insert(out.end(), more.begin(), more.end()); }
void append(Bytes& out, std::string_view text) { out.insert(out.end(), text.begin(), text.end()); }
void append_32(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void check(const Bytes& file) {
  using namespace sfluv;
  const auto info = photo::probe(file);
  if (!info) std::abort();
  if (info->orientation < 1 || info->orientation > 8) std::abort();
  if (!info->taken.empty() && info->taken.size() != std::string_view("2025:06:01 12:34:56").size())
    std::abort();
  const auto is_shown = [](char letter) { return letter >= 0x20 && letter < 0x7F; };
  if (info->profile.size() > 64 || !std::ranges::all_of(info->profile, is_shown)) std::abort();
  if (!photo::prepare(file, {.keep_time = true})) std::abort();
}

Bytes jpeg_with(const Bytes& exif, const Bytes& icc) {
  constexpr std::size_t segment_bytes_max = 60'000;
  static const Bytes plain =
      sfluv::photo::prepare({.rgba = Bytes(256, 128), .width_px = 8, .height_px = 8}, {})->jpeg;
  Bytes file(plain.begin(), plain.begin() + 2);
  const auto segment = [&](std::uint8_t marker, std::string_view name, const Bytes& body) {
    const std::size_t bytes = std::min(body.size(), segment_bytes_max);
    const std::size_t length = 2 + name.size() + bytes;
    append(file, {0xFF, marker, static_cast<std::uint8_t>(length >> 8),
                  static_cast<std::uint8_t>(length)});
    append(file, name);
    file.insert(file.end(), body.begin(), body.begin() + static_cast<std::ptrdiff_t>(bytes));
  };
  segment(0xE1, {"Exif\0\0", 6}, exif);
  segment(0xE2, {"ICC_PROFILE\0\1\1", 14}, icc);
  file.insert(file.end(), plain.begin() + 2, plain.end());
  return file;
}

Bytes png_with(const Bytes& exif, const Bytes& icc) {
  Bytes file = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  const auto chunk = [&](std::string_view name, const Bytes& body) {
    append_32(file, static_cast<std::uint32_t>(body.size()));
    const std::size_t begin = file.size();
    append(file, name);
    append(file, body);
    std::uint32_t crc = ~0u;
    for (std::size_t i = begin; i < file.size(); ++i) {
      crc ^= file[i];
      for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    append_32(file, ~crc);
  };
  chunk("IHDR", {0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0});
  chunk("iCCP", icc);
  chunk("eXIf", exif);
  // One grey pixel, stored: filter 0 and its value.
  chunk("IDAT", {0x78, 1, 1, 2, 0, 0xFD, 0xFF, 0, 0x80, 0, 0x82, 0, 0x81});
  chunk("IEND", {});
  return file;
}

}  // namespace

// The first two bytes say where the EXIF block ends and the profile begins.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t split = 2 + (std::size_t{data[0]} << 8 | data[1]) % (size - 1);
  const Bytes exif(data + 2, data + split);
  const Bytes icc(data + split, data + size);
  check(jpeg_with(exif, icc));
  check(png_with(exif, icc));
  return 0;
}
