// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sfluv/photo.h"

#include "../../core/src/photo_picture.h"

/// Photo files made by code, in kinds that our own encoder does not write, so that no picture has
/// to be kept in the repository.
namespace sfluv::test {

using ByteVector = std::vector<std::uint8_t>;

struct Image {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t channels = 3;
  ByteVector samples;

  [[nodiscard]] std::uint8_t at(std::uint32_t x, std::uint32_t y, std::uint32_t c) const {
    return samples[(std::size_t{y} * width + x) * channels + c];
  }
};

/// Waves and slopes without any symmetry: a picture turned or mirrored wrongly is far from itself.
[[nodiscard]] Image scene(std::uint32_t width, std::uint32_t height);
[[nodiscard]] Image noise(std::uint32_t width, std::uint32_t height, std::uint32_t seed);
/// The picture as a camera held like this stores it (EXIF 1..8).
[[nodiscard]] Image stored_as(const Image& upright, int orientation);
[[nodiscard]] Image with_alpha(const Image& rgb, std::uint8_t alpha);

struct JpegSpec {
  std::array<std::uint8_t, 4> sampling = {0x11, 0x11, 0x11,
                                          0x11};  ///< h << 4 | v of each component
  int step = 4;                                   ///< every coefficient is divided by this
  int restart_interval = 0;                       ///< in units; 0 for none
  bool progressive = false;
  bool grey = false;
  bool cmyk = false;  ///< four components as Adobe writes them: inverted
  bool rgb = false;   ///< three components named R, G, B
  bool jfif = true;
  ByteVector segments;  ///< written after SOI as they are
};

[[nodiscard]] ByteVector make_jpeg(const Image& rgb, const JpegSpec& spec = {});
/// An APP1 segment with orientation, a GPS directory and the word CANARY.
[[nodiscard]] ByteVector exif_segment(int orientation, bool big_endian, bool gps);
[[nodiscard]] ByteVector segment(std::uint8_t marker, std::string_view body);
/// An APP1 segment that tells when ("2025:06:01 12:34:56", "+02:00"), where, and the word CANARY.
[[nodiscard]] ByteVector exif_time_segment(std::string_view taken, std::string_view offset);

struct IccSpec {
  std::array<double, 9> primaries{};  ///< X, Y, Z of red, green and blue, adapted to D50
  double exponent = 2.4;              ///< 2.4: the curve of sRGB; else a single exponent
  std::string_view name;
};
inline constexpr std::array<double, 9> srgb_primaries = {
    0.43607, 0.22249, 0.01392, 0.38515, 0.71687, 0.09708, 0.14307, 0.06061, 0.71410};
inline constexpr std::array<double, 9> display_p3_primaries = {
    0.51512, 0.24120, -0.00105, 0.29198, 0.69225, 0.04189, 0.15710, 0.06657, 0.78407};
/// A profile as phones write it (ICC version 4).
[[nodiscard]] ByteVector make_icc(const IccSpec& spec);
/// The APP2 segment of a profile that fits into one.
[[nodiscard]] ByteVector icc_segment(const IccSpec& spec);

struct PngSpec {
  std::uint8_t depth = 8;
  std::uint8_t colour = 2;
  bool interlaced = false;
  ByteVector palette;
  ByteVector transparency;
  std::size_t data_chunk = 5000;  ///< bytes of each IDAT
};

/// `rows` are the filtered rows; they are stored, not compressed.
[[nodiscard]] ByteVector make_png(std::uint32_t width, std::uint32_t height, const ByteVector& rows,
                                  const PngSpec& spec);
/// 8-bit rows of the image with all five filters in turn.
[[nodiscard]] ByteVector make_png(const Image& image);
/// The same with the compressed data given.
[[nodiscard]] ByteVector make_png_of_data(std::uint32_t width, std::uint32_t height,
                                          const ByteVector& zlib, const PngSpec& spec);
[[nodiscard]] ByteVector png_chunk(std::string_view name, const ByteVector& body);
/// zlib data of bytes that are stored, not compressed.
[[nodiscard]] ByteVector zlib_stored(const ByteVector& bytes);
/// zlib data of `bytes` zeros by runs of 258: a thousandth of their size.
[[nodiscard]] ByteVector zlib_zeros(std::uint64_t bytes);

/// Decodes by the core's own fenced decoder; every byte of its memory starts as `fill`.
[[nodiscard]] Image decode_rgb(const ByteVector& file, std::uint8_t fill = 0);

/// Peak signal to noise ratio over all samples, in dB.
[[nodiscard]] double psnr(const Image& a, const Image& b);
/// Mean of the source pixels under each output pixel: the plainest way to shrink.
[[nodiscard]] Image box_shrink(const Image& image, std::uint32_t width, std::uint32_t height);
[[nodiscard]] Image cut(const Image& image, std::uint32_t x, std::uint32_t y, std::uint32_t width,
                        std::uint32_t height);

}  // namespace sfluv::test
