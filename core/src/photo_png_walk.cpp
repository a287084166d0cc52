// SPDX-License-Identifier: MIT
// The chunks of a PNG (PNG third edition §5, §11), walked from IHDR to IEND before a decoder sees
// it.
#include <algorithm>
#include <array>

#include "photo_container.h"
#include "photo_inflate.h"

namespace sfluv::photo {
namespace {

constexpr std::size_t signature_bytes = 8;

/// zlib makes at most 1032 bytes of one; stored blocks add five bytes to every 65,535 at the least.
/// Half as much again and a page are left to bad encoders.
constexpr std::uint64_t inflate_ratio_max = 1032;
constexpr std::uint64_t data_slack_bytes = 4096;

/// PNG annex D. Its table is made when it is needed: most photos are no PNG.
class Crc {
 public:
  Crc() {
    for (std::uint32_t i = 0; i < table_.size(); ++i) {
      std::uint32_t crc = i;
      for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320u : 0);
      table_[i] = crc;
    }
  }
  [[nodiscard]] std::uint32_t of(Bytes bytes) const {
    std::uint32_t crc = 0xFFFFFFFFu;
    for (const std::uint8_t byte : bytes) crc = (crc >> 8) ^ table_[(crc ^ byte) & 0xFF];
    return ~crc;
  }

 private:
  std::array<std::uint32_t, 256> table_;
};

constexpr std::uint32_t name(const char (&letters)[5]) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(letters[i]);
  return value;
}

bool is_letter(std::uint8_t byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

class Walker {
 public:
  Walker(Bytes file, Proof proof) : file_(file), proof_(proof) {}

  Found<Walked> run() {
    at_ = signature_bytes;
    while (!ended_) {
      if (Failure failure = chunk()) return std::unexpected(*failure);
    }
    if (!has_data()) return std::unexpected(damaged_at("png_no_data", at_));
    if (Failure failure = check_data()) return std::unexpected(*failure);
    return walked();
  }

 private:
  [[nodiscard]] bool has_data() const { return parts_.data.end > 0; }

  Failure chunk() {
    const std::size_t start = at_;
    if (file_.size() - at_ < png_chunk_overhead_bytes) return truncated_at(file_.size());
    const std::size_t length = big_endian_32(file_, at_);
    const std::uint32_t type = big_endian_32(file_, at_ + 4);
    if (length > 0x7FFFFFFF) return damaged_at("png_length", start);
    if (!std::all_of(&file_[at_ + 4], &file_[at_ + 4] + 4, is_letter))
      return damaged_at("png_chunk", start);
    if (length > file_.size() - at_ - png_chunk_overhead_bytes) return truncated_at(file_.size());
    const std::uint32_t crc = big_endian_32(file_, at_ + 8 + length);
    if (crc != crc_.of(file_.subspan(at_ + 4, 4 + length))) return damaged_at("png_crc", start);
    const Bytes body = file_.subspan(at_ + 8, length);
    at_ += png_chunk_overhead_bytes + length;
    if (start == signature_bytes && type == name("CgBI")) return unsupported("png-cgbi");
    if ((start == signature_bytes) != (type == name("IHDR")))
      return damaged_at("png_header", start);
    if (type != name("IDAT") && has_data()) data_closed_ = true;
    return dispatch(type, body, start);
  }

  Failure dispatch(std::uint32_t type, Bytes body, std::size_t start) {
    switch (type) {
      case name("IHDR"): return header(body, start);
      case name("PLTE"): return palette(body, start);
      case name("tRNS"): return transparency(body, start);
      case name("IDAT"): return data(body, start);
      case name("eXIf"):
        if (!exif_seen_) exif_ = read_exif(body);
        exif_seen_ = true;
        return std::nullopt;
      case name("IEND"):
        ended_ = true;
        return body.empty() ? std::nullopt : Failure(damaged_at("png_end", start));
      default:
        // A capital first letter means that the picture cannot be shown without the chunk.
        return (type >> 29 & 1) == 0 ? Failure(damaged_at("png_chunk", start)) : std::nullopt;
    }
  }

  Failure header(Bytes body, std::size_t start) {
    const Fault broken = damaged_at("png_header", start);
    if (body.size() != 13) return broken;
    header_ = {.width_px = big_endian_32(body, 0),
               .height_px = big_endian_32(body, 4),
               .depth = body[8],
               .colour = body[9],
               .interlaced = body[12] == 1};
    const bool rest = body[10] == 0 && body[11] == 0 && body[12] <= 1;
    if (!rest || header_.width_px == 0 || header_.height_px == 0 || !depth_legal()) return broken;
    return check_size_whole(header_.width_px, header_.height_px);
  }

  /// PNG table 11.1.
  [[nodiscard]] bool depth_legal() const {
    const std::uint8_t depth = header_.depth;
    const bool small = depth == 1 || depth == 2 || depth == 4;
    switch (header_.colour) {
      case 0: return small || depth == 8 || depth == 16;
      case 3: return small || depth == 8;
      case 2:
      case 4:
      case 6: return depth == 8 || depth == 16;
      default: return false;
    }
  }

  Failure palette(Bytes body, std::size_t start) {
    const std::size_t colours = body.size() / 3;
    const bool legal = body.size() % 3 == 0 && colours >= 1 && colours <= 256;
    if (!legal || !parts_.palette.empty() || has_data()) return damaged_at("png_palette", start);
    parts_.palette = body;
    return std::nullopt;
  }

  Failure transparency(Bytes body, std::size_t start) {
    const bool legal = header_.colour == 3   ? body.size() <= parts_.palette.size() / 3
                       : header_.colour == 0 ? body.size() == 2
                       : header_.colour == 2 ? body.size() == 6
                                             : false;
    if (!legal || !parts_.transparency.empty() || has_data())
      return damaged_at("png_transparency", start);
    parts_.transparency = body;
    return std::nullopt;
  }

  Failure data(Bytes body, std::size_t start) {
    if (data_closed_) return damaged_at("png_data_order", start);
    if (header_.colour == 3 && parts_.palette.empty()) return damaged_at("png_palette", start);
    PngData& data = parts_.data;
    if (!has_data()) data.begin = start;
    data.end = at_;
    data.bytes += body.size();
    return std::nullopt;
  }

  Failure check_data() {
    const std::uint64_t raw = header_.raw_bytes();
    if (parts_.data.bytes < raw / inflate_ratio_max) return truncated_at(parts_.data.end);
    const std::uint64_t most = raw + raw / 2 + data_slack_bytes;
    if (parts_.data.bytes > most) return too_complex("png_data_bytes", parts_.data.bytes, most);
    return proof_ == Proof::structure ? std::nullopt : check_png_data(file_, header_, parts_.data);
  }

  Walked walked() const {
    Walked result{.png = header_, .png_parts = parts_};
    result.info.width_px = header_.width_px;
    result.info.height_px = header_.height_px;
    result.info.orientation = exif_.orientation;
    result.info.has_gps = exif_.has_gps;
    result.info.taken = exif_.taken;
    result.info.taken_offset = exif_.taken_offset;
    const std::uint64_t pixels = std::uint64_t{header_.width_px} * header_.height_px;
    const std::uint64_t sample_bytes = header_.depth == 16 ? 2 : 1;
    const std::uint64_t samples =
        pixels *
        (header_.colour == 3 ? 5 : header_.channels() + (parts_.transparency.empty() ? 0 : 1));
    // Held at once are the rows and their samples, these twice for an interlaced or 16-bit picture,
    // and two rows without their filters.
    const std::uint64_t copies = header_.interlaced || sample_bytes == 2 ? 2 : 1;
    const std::uint64_t rows = header_.raw_bytes() + std::uint64_t{header_.width_px} * 16;
    result.decoder_bytes = (64 << 10) + rows + samples * sample_bytes * copies;
    return result;
  }

  const Crc crc_;
  Bytes file_;
  Proof proof_;
  std::size_t at_ = 0;
  PngHeader header_;
  PngParts parts_;
  bool data_closed_ = false;
  bool ended_ = false;
  bool exif_seen_ = false;
  Exif exif_;
};

}  // namespace

Found<Walked> walk_png(Bytes file, Proof proof) { return Walker(file, proof).run(); }

}  // namespace sfluv::photo
