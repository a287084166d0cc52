// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/issue.h"
#include "sfluv/limits.h"

/// Camera files in, small upright JPEGs without metadata out. Knows pixels and bytes, not steps.
/// Integer arithmetic only: the same file gives the same bytes natively and in every browser.
namespace sfluv::photo {

using Bytes = std::span<const std::uint8_t>;

/// What a file is, by its first bytes and never by its name. Only jpeg and png are decoded here.
enum class Format : std::uint8_t {
  unknown,
  jpeg,
  png,
  gif,
  bmp,
  webp,
  heic,
  avif,
  tiff,
  jxl,
  ico,
  psd,
  pdf,
  svg,
  mp4
};

/// "jpeg", "png", ...; "unknown" for what has no known signature.
[[nodiscard]] std::string_view to_string(Format format);

[[nodiscard]] Format detect(Bytes file);

/// What the colours of a file mean, by its ICC profile. Without one they are sRGB.
enum class ColourSpace : std::uint8_t { srgb, display_p3, other };

/// The header of a file; no pixel is decoded.
struct Info {
  Format format = Format::unknown;
  std::uint64_t bytes = 0;
  std::uint32_t width_px = 0;    ///< as stored in the file
  std::uint32_t height_px = 0;   ///< as stored in the file
  std::uint8_t orientation = 1;  ///< EXIF 1..8; 1 where absent, wrong or looping
  bool progressive = false;
  bool has_gps = false;      ///< EXIF names a GPS directory
  std::string taken;         ///< "2025:06:01 12:34:56" or "" (EXIF DateTimeOriginal), ...
  std::string taken_offset;  ///< "+02:00" or ""
  ColourSpace colours = ColourSpace::srgb;
  std::string profile;  ///< the profile's own name, or ""

  /// Size as a person sees the picture, after turning it upright.
  [[nodiscard]] std::uint32_t upright_width_px() const {
    return orientation < 5 ? width_px : height_px;
  }
  [[nodiscard]] std::uint32_t upright_height_px() const {
    return orientation < 5 ? height_px : width_px;
  }
};

/// The item's aspect ratio (seed 001 `photo_aspect_ratio`): width to height of the upright picture.
enum class Aspect : std::uint8_t { as_taken, vertical, square, horizontal };

/// "vertical" | "square" | "horizontal"; anything else is `as_taken`.
[[nodiscard]] Aspect aspect_from_string(std::string_view name);

/// A part of the upright picture, as a viewfinder shows it: in millionths of its sides.
struct Crop {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::uint32_t width = 1'000'000;
  std::uint32_t height = 1'000'000;
};

/// What the picture shall become.
struct Plan {
  Crop crop;                                                     ///< before the aspect is looked at
  Aspect aspect = Aspect::as_taken;                              ///< centre crop to 3:4, 1:1, 4:3
  std::uint32_t edge_px = limits::photo_edge_px_default;         ///< long edge; never enlarged
  std::uint32_t bytes_max = limits::photo_budget_bytes_default;  ///< inclusive, of the JPEG
  std::uint8_t quality_max = 85;                                 ///< IJG scale, 1..100
  std::uint8_t quality_min = 40;                                 ///< below it the picture shrinks
  bool keep_time = false;  ///< the time of capture stays, and nothing else
  /// A JPEG that is already what it would become, and holds nothing but its picture, stays as it is.
  bool keep_fine = false;
};

/// A finished picture: baseline JPEG, upright, sRGB, no metadata, never larger than `bytes_max`.
struct Prepared {
  std::vector<std::uint8_t> jpeg;
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::uint8_t quality = 0;  ///< 0 of a file that stayed as it is
  /// How often all of its pixels were transformed and counted to meet the budget, in 1/64: 64 is the
  /// least. 0 of a file that stayed as it is.
  std::uint32_t encodes_64ths = 0;
  Info source;  ///< what it was made of
};

/// Walks the whole container (markers, chunks, lengths, checksums) and reads the header, so that a
/// cut, foreign or oversized file is refused before anything is allocated for it.
/// Errors: photo_file_empty, photo_file_too_large {bytes, bytes_max}, photo_format_unknown,
/// photo_format_unsupported {format}, photo_truncated {byte}, photo_damaged {what, byte},
/// photo_too_many_pixels {width_px, height_px, pixels_max}, photo_too_complex {what, value, max}.
[[nodiscard]] Outcome<Info> probe(Bytes file);

/// Decodes, turns upright, crops, shrinks, maps Display P3 to sRGB and encodes under the byte budget.
/// Errors: those of `probe`, photo_damaged {what}, photo_plan_invalid {name, value},
/// photo_budget_too_small {bytes_max}.
[[nodiscard]] Outcome<Prepared> prepare(Bytes file, const Plan& plan);

/// The same for a file that is still arriving: it is read as it comes, so that of most photos no more
/// than a strip is held and little is left to do when the last byte is there.
class Arrival {
 public:
  explicit Arrival(const Plan& plan);
  Arrival(Arrival&& other) noexcept;
  Arrival& operator=(Arrival&& other) noexcept;
  ~Arrival();

  /// Where the next bytes go; asked for anew for each `put`.
  [[nodiscard]] std::span<std::uint8_t> room(std::size_t bytes);
  /// Takes bytes that were written to the room. An issue is the end: the file can be let go.
  [[nodiscard]] std::optional<Issue> put(std::size_t bytes);
  /// All bytes are there. Outcome and errors are those of `prepare`.
  [[nodiscard]] Outcome<Prepared> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The same for pixels that somebody else decoded (a browser, for WebP or HEIC): 8-bit RGBA, not
/// premultiplied, rows without gaps, already upright. Transparent parts become white.
struct PixelView {
  Bytes rgba;
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
};
[[nodiscard]] Outcome<Prepared> prepare(const PixelView& pixels, const Plan& plan);

/// The type that the live server reads from the first bytes of an upload without a declared type
/// (rulebook A4.6): "image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp",
/// "image/x-icon"; "" for everything else.
[[nodiscard]] std::string_view sniff_image_type(Bytes head);

}  // namespace sfluv::photo
