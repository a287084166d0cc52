// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sfluv/photo.h"

#include "photo_codes.h"
#include "photo_fault.h"
#include "photo_input.h"

/// What the walk over a container learns and what the decoder needs to know beforehand.
namespace sfluv::photo {

/// Blocks of 8x8 that all scans of a JPEG may visit together: a progressive file of 22 KB can ask
/// for an hour of work. 24 MP without subsampling in the ten scans of libjpeg are 9 million.
inline constexpr std::uint64_t scan_blocks_max = 24'000'000;

/// What stb_image may hold at once, however large the picture (the wasm heap ends at 512 MiB).
inline constexpr std::uint64_t decoder_bytes_max = 320ull << 20;

struct JpegComponent {
  std::uint8_t id = 0;
  std::uint8_t h = 1;
  std::uint8_t v = 1;
  std::uint8_t quantiser = 0;
};

struct JpegFrame {
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  bool progressive = false;
  std::size_t components = 0;
  std::array<JpegComponent, 4> component{};
  bool rgb = false;  ///< three components that are not YCbCr
  std::uint8_t h_max = 1;
  std::uint8_t v_max = 1;

  [[nodiscard]] std::uint32_t mcus_x() const { return (width_px + 8u * h_max - 1) / (8u * h_max); }
  [[nodiscard]] std::uint32_t mcus_y() const { return (height_px + 8u * v_max - 1) / (8u * v_max); }
};

struct JpegScan {
  std::size_t components = 0;
  std::array<std::size_t, 4> component{};  ///< index into the frame
  std::array<const HuffmanCodes*, 4> dc{};
  std::array<const HuffmanCodes*, 4> ac{};
  std::uint8_t first = 0;  ///< spectral selection
  std::uint8_t last = 63;
  std::uint8_t high = 0;  ///< successive approximation
  std::uint8_t low = 0;
  std::uint32_t restart_interval = 0;
  std::size_t data = 0;  ///< first byte of it in the file
};

struct PngHeader {
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::uint8_t depth = 8;
  std::uint8_t colour = 0;  ///< 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA
  bool interlaced = false;

  [[nodiscard]] std::uint32_t channels() const {
    constexpr std::array<std::uint8_t, 7> count{1, 0, 3, 1, 2, 0, 4};
    return count[colour];
  }
  /// Bytes of all filtered rows: what the compressed data must hold, no more and no less.
  [[nodiscard]] std::uint64_t raw_bytes() const;
};

/// Length, type and checksum around the data of a chunk.
inline constexpr std::size_t png_chunk_overhead_bytes = 12;

/// Where the consecutive IDAT chunks begin and end in the file, and the bytes that they carry.
struct PngData {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint64_t bytes = 0;
};

/// The parts of a PNG that make its picture.
struct PngParts {
  Bytes palette;       ///< data of PLTE, if any
  Bytes transparency;  ///< data of tRNS, if any
  PngData data;
};

struct Walked {
  Info info;
  bool is_bare = false;  ///< a whole JPEG that holds nothing but its picture
  JpegFrame jpeg;        ///< of a JPEG
  std::unique_ptr<const JpegTables> jpeg_tables;
  std::optional<JpegScan> strips;   ///< the only scan, if `JpegStrips` can read it
  PngHeader png;                    ///< of a PNG
  PngParts png_parts;               ///< of a PNG; points into the file
  std::uint64_t decoder_bytes = 0;  ///< what stb_image needs at once to decode this file
};

/// How much is looked at: what stands before the first scan of a JPEG; the structure of the file;
/// or also every code of the compressed data.
enum class Proof : std::uint8_t { head, structure, whole };

[[nodiscard]] Found<Walked> walk(Bytes file, Proof proof);
[[nodiscard]] Found<Walked> walk_jpeg(Bytes file, Proof proof);
/// What follows a scan that was read in strips, up to the end of the image.
[[nodiscard]] Failure walk_jpeg_tail(const Input& input, const Walked& head, std::size_t at);
[[nodiscard]] Found<Walked> walk_png(Bytes file, Proof proof);

/// What an EXIF block says that matters here. Never fails: what is wrong is as if absent.
struct Exif {
  std::uint8_t orientation = 1;
  bool has_gps = false;
  std::string taken;
  std::string taken_offset;
};

/// `tiff` begins with "II*\0" or "MM\0*".
[[nodiscard]] Exif read_exif(Bytes tiff);

/// The body of an APP1 segment that tells the time of capture and nothing else.
[[nodiscard]] std::vector<std::uint8_t> make_exif(std::string_view taken, std::string_view offset);

[[nodiscard]] inline std::uint32_t big_endian_16(Bytes bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes[at]) << 8 | bytes[at + 1];
}
[[nodiscard]] inline std::uint32_t big_endian_32(Bytes bytes, std::size_t at) {
  return big_endian_16(bytes, at) << 16 | big_endian_16(bytes, at + 2);
}

}  // namespace sfluv::photo
