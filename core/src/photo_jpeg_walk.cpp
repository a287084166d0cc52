// SPDX-License-Identifier: MIT
// The marker structure of a JPEG (T.81 Annex B), walked from SOI to EOI before a decoder sees it.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "photo_colour.h"
#include "photo_container.h"
#include "photo_entropy.h"
#include "photo_strips.h"

namespace sfluv::photo {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::uint8_t marker_tem = 0x01;
constexpr std::uint8_t marker_dht = 0xC4;
constexpr std::uint8_t marker_dac = 0xCC;
constexpr std::uint8_t marker_rst0 = 0xD0;
constexpr std::uint8_t marker_rst7 = 0xD7;
constexpr std::uint8_t marker_soi = 0xD8;
constexpr std::uint8_t marker_eoi = 0xD9;
constexpr std::uint8_t marker_sos = 0xDA;
constexpr std::uint8_t marker_dqt = 0xDB;
constexpr std::uint8_t marker_dnl = 0xDC;
constexpr std::uint8_t marker_dri = 0xDD;
constexpr std::uint8_t marker_app0 = 0xE0;
constexpr std::uint8_t marker_app1 = 0xE1;
constexpr std::uint8_t marker_app2 = 0xE2;
constexpr std::uint8_t marker_app14 = 0xEE;

/// Of JFIF's segment without a thumbnail, and of Adobe's.
constexpr std::size_t jfif_bytes = 14;
constexpr std::size_t adobe_bytes = 12;

/// stb_image's own state (its look-up tables) and what malloc adds, generously.
constexpr std::uint64_t decoder_fixed_bytes = 64 << 10;

bool is_frame(std::uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != marker_dht && marker != 0xC8 &&
         marker != marker_dac;
}

/// The kinds of JPEG that no decoder of ours reads, by name (T.81 table B.1).
std::string_view foreign_kind(std::uint8_t marker) {
  switch (marker) {
    case 0xC3:
    case 0xCB: return "jpeg-lossless";
    case 0xC5:
    case 0xC6:
    case 0xC7:
    case 0xCD:
    case 0xCE:
    case 0xCF:
    case 0xDE: return "jpeg-hierarchical";
    case 0xC9:
    case 0xCA:
    case marker_dac: return "jpeg-arithmetic";
    case 0xF7: return "jpeg-ls";
    default: return "";
  }
}

bool begins_with(Bytes body, std::string_view name) {
  return body.size() >= name.size() && std::memcmp(body.data(), name.data(), name.size()) == 0;
}

class Walker {
 public:
  Walker(Bytes file, Proof proof) : file_(file), proof_(proof) {}

  Found<Walked> run() {
    if (Failure failure = segments(2)) return std::unexpected(*failure);
    if (!is_head_) {
      if (!has_frame_ || scans_ == 0) return std::unexpected(damaged_at("jpeg_no_scan", at_ - 2));
      for (std::size_t i = 0; i < frame_.components; ++i) {
        if (!component_seen_[i]) return std::unexpected(truncated_at(at_ - 2));
      }
    }
    return walked();
  }

  /// Goes on behind the only scan of a sequential file.
  Failure run_tail(const JpegFrame& frame, std::size_t at) {
    frame_ = frame;
    has_frame_ = true;
    component_seen_.fill(true);
    return segments(at);
  }

 private:
  /// Up to the end of the image, or of the head.
  Failure segments(std::size_t begin) {
    at_ = begin;
    while (!is_head_) {
      std::uint8_t marker = 0;
      if (Failure failure = next_marker(marker)) return failure;
      if (marker == marker_eoi) break;
      if (Failure failure = segment(marker)) return failure;
    }
    return std::nullopt;
  }

  Failure next_marker(std::uint8_t& marker) {
    if (at_ >= file_.size()) return truncated_at(file_.size());
    if (file_[at_] != 0xFF) return damaged_at("jpeg_marker", at_);
    while (at_ < file_.size() && file_[at_] == 0xFF) ++at_;
    if (at_ >= file_.size()) return truncated_at(file_.size());
    marker = file_[at_++];
    return std::nullopt;
  }

  Failure segment(std::uint8_t marker) {
    const std::size_t start = at_ - 2;
    if (const std::string_view kind = foreign_kind(marker); !kind.empty()) return unsupported(kind);
    const bool bare = marker <= marker_tem || (marker >= marker_rst0 && marker <= marker_soi);
    if (bare || marker == 0xC8) return damaged_at("jpeg_marker", start);
    if (file_.size() - at_ < 2) return truncated_at(file_.size());
    const std::size_t length = big_endian_16(file_, at_);
    if (length < 2) return damaged_at("jpeg_length", at_);
    if (length > file_.size() - at_) return truncated_at(file_.size());
    const Bytes body = file_.subspan(at_ + 2, length - 2);
    at_ += length;
    if (is_frame(marker)) return frame(marker, body, start);
    switch (marker) {
      case marker_dht: return huffman(body, start);
      case marker_dqt: return quantisers(body, start);
      case marker_dri: return restart_interval(body, start);
      case marker_dnl: return lines(body, start);
      case marker_app0:
        is_jfif_ |= begins_with(body, "JFIF\0"sv);
        is_bare_ &= begins_with(body, "JFIF\0"sv) && body.size() == jfif_bytes;
        return std::nullopt;
      case marker_app1: is_bare_ = false; return exif(body);
      case marker_app2: is_bare_ = false; return profile(body);
      case marker_app14:
        is_bare_ &= begins_with(body, "Adobe\0"sv) && body.size() == adobe_bytes;
        if (body.size() > 11 && begins_with(body, "Adobe\0"sv)) adobe_transform_ = body[11];
        return std::nullopt;
      case marker_sos: return scan(body, start);
      default: break;
    }
    // What is left are application data and comments; stb_image knows no other marker.
    is_bare_ = false;
    const bool skipped = (marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE;
    return skipped ? std::nullopt : Failure(damaged_at("jpeg_marker", start));
  }

  Failure frame(std::uint8_t marker, Bytes body, std::size_t start) {
    if (has_frame_) return damaged_at("jpeg_frame", start);
    if (body.size() < 6 || body.size() != 6u + 3u * body[5]) return damaged_at("jpeg_frame", start);
    if (body[0] != 8) return unsupported(body[0] == 12 ? "jpeg-12-bit"sv : "jpeg-precision"sv);
    frame_.progressive = marker == 0xC2;
    frame_.height_px = big_endian_16(body, 1);
    frame_.width_px = big_endian_16(body, 3);
    frame_.components = body[5];
    if (frame_.height_px == 0) return unsupported("jpeg-dnl");
    if (frame_.width_px == 0) return damaged_at("jpeg_frame", start);
    if (frame_.components != 1 && frame_.components != 3 && frame_.components != 4) {
      return unsupported("jpeg-components");
    }
    if (Failure failure = check_size(frame_.width_px, frame_.height_px)) return failure;
    for (std::size_t i = 0; i < frame_.components; ++i) {
      const Bytes part = body.subspan(6 + 3 * i, 3);
      frame_.component[i] = {.id = part[0],
                             .h = static_cast<std::uint8_t>(part[1] >> 4),
                             .v = static_cast<std::uint8_t>(part[1] & 15),
                             .quantiser = part[2]};
    }
    has_frame_ = true;
    return sampling(start);
  }

  Failure sampling(std::size_t start) {
    for (std::size_t i = 0; i < frame_.components; ++i) {
      const JpegComponent& component = frame_.component[i];
      const bool legal =
          component.h >= 1 && component.h <= 4 && component.v >= 1 && component.v <= 4;
      if (!legal || component.quantiser > 3) return damaged_at("jpeg_frame", start);
      for (std::size_t k = 0; k < i; ++k) {
        if (frame_.component[k].id == component.id) return damaged_at("jpeg_frame", start);
      }
      frame_.h_max = std::max(frame_.h_max, component.h);
      frame_.v_max = std::max(frame_.v_max, component.v);
    }
    for (std::size_t i = 0; i < frame_.components; ++i) {
      const JpegComponent& component = frame_.component[i];
      if (frame_.h_max % component.h != 0 || frame_.v_max % component.v != 0) {
        return unsupported("jpeg-fractional-sampling");
      }
    }
    return std::nullopt;
  }

  Failure huffman(Bytes body, std::size_t start) {
    while (!body.empty()) {
      if (body.size() < 17) return damaged_at("jpeg_huffman", start);
      const std::uint8_t target = body[0];
      if ((target >> 4) > 1 || (target & 15) > 3) return damaged_at("jpeg_huffman", start);
      HuffmanCodes& codes = (target >> 4 == 0 ? tables_->dc : tables_->ac)[target & 15];
      std::size_t count = 0;
      std::uint32_t room_used = 0;  // in units of the longest code (Kraft)
      for (std::size_t length = 1; length <= 16; ++length) {
        codes.counts[length] = body[length];
        count += body[length];
        room_used += static_cast<std::uint32_t>(body[length]) << (16 - length);
      }
      if (count > 256 || room_used > 65536 || body.size() < 17 + count) {
        return damaged_at("jpeg_huffman", start);
      }
      codes.symbols.fill(0);
      std::copy_n(body.begin() + 17, count, codes.symbols.begin());
      codes.build();
      body = body.subspan(17 + count);
    }
    return std::nullopt;
  }

  Failure quantisers(Bytes body, std::size_t start) {
    while (!body.empty()) {
      const std::size_t value_bytes = body[0] >> 4 == 0 ? 1 : 2;
      const std::size_t bytes = 1 + block_size * value_bytes;
      const std::size_t which = body[0] & 15;
      if ((body[0] >> 4) > 1 || which > 3 || body.size() < bytes) {
        return damaged_at("jpeg_quantiser", start);
      }
      tables_->quantiser_present[which] = true;
      for (std::size_t i = 0; i < block_size; ++i) {
        const std::uint32_t step = value_bytes == 1 ? body[1 + i] : big_endian_16(body, 1 + 2 * i);
        tables_->quantisers[which][zigzag[i]] = static_cast<std::int16_t>(step);
      }
      body = body.subspan(bytes);
    }
    return std::nullopt;
  }

  Failure restart_interval(Bytes body, std::size_t start) {
    if (body.size() != 2) return damaged_at("jpeg_restart", start);
    restart_interval_ = big_endian_16(body, 0);
    return std::nullopt;
  }

  Failure lines(Bytes body, std::size_t start) {
    const bool same = body.size() == 2 && has_frame_ && big_endian_16(body, 0) == frame_.height_px;
    return same ? std::nullopt : Failure(damaged_at("jpeg_frame", start));
  }

  Failure exif(Bytes body) {
    constexpr std::string_view name = "Exif\0\0"sv;
    if (exif_seen_ || !begins_with(body, name)) return std::nullopt;
    exif_seen_ = true;
    exif_ = read_exif(body.subspan(name.size()));
    return std::nullopt;
  }

  Failure profile(Bytes body) {
    constexpr std::string_view name = "ICC_PROFILE\0\1"sv;  // of its parts the first
    if (begins_with(body, name) && body.size() > name.size() + 1)
      profile_ = read_profile(body.subspan(name.size() + 1));
    return std::nullopt;
  }

  Failure scan(Bytes body, std::size_t start) {
    const Fault broken = damaged_at("jpeg_scan_header", start);
    if (!has_frame_ || body.empty()) return broken;
    JpegScan scan{.components = body[0], .restart_interval = restart_interval_};
    if (scan.components < 1 || scan.components > frame_.components ||
        body.size() != 4 + 2 * scan.components) {
      return broken;
    }
    const Bytes tail = body.last(3);
    scan.first = tail[0];
    scan.last = tail[1];
    scan.high = tail[2] >> 4;
    scan.low = tail[2] & 15;
    if (!selection_legal(scan)) return broken;
    for (std::size_t i = 0; i < scan.components; ++i) {
      if (!scan_component(scan, i, body.subspan(1 + 2 * i, 2))) return broken;
    }
    if (++scans_ > limits::photo_scans_max) {
      return too_complex("scans", static_cast<std::uint64_t>(scans_), limits::photo_scans_max);
    }
    const ScanShape shape = shape_of(frame_, scan);
    if (scan.components > 1 && shape.blocks_per_unit > 10) return broken;
    scan_blocks_ += shape.blocks();
    if (scan_blocks_ > scan_blocks_max)
      return too_complex("scan_blocks", scan_blocks_, scan_blocks_max);
    frame_.rgb = is_rgb();
    scan.data = at_;
    if (scans_ == 1 && strips_can_read(frame_, scan)) strips_ = scan;
    if (!strips_) {
      if (Failure failure = check_size_whole(frame_.width_px, frame_.height_px)) return failure;
    }
    is_head_ = proof_ == Proof::head;
    return is_head_ ? std::nullopt : scan_data(scan, shape);
  }

  [[nodiscard]] bool selection_legal(const JpegScan& scan) const {
    if (!frame_.progressive)
      return scan.first == 0 && scan.last == 63 && scan.high == 0 && scan.low == 0;
    const bool band = scan.first == 0 ? scan.last == 0 : scan.last >= scan.first && scan.last <= 63;
    const bool one = scan.first == 0 || scan.components == 1;
    return band && one && scan.low <= 13 && (scan.high == 0 || scan.high == scan.low + 1);
  }

  bool scan_component(JpegScan& scan, std::size_t i, Bytes selector) {
    std::size_t which = 0;
    while (which < frame_.components && frame_.component[which].id != selector[0]) ++which;
    if (which == frame_.components) return false;
    for (std::size_t k = 0; k < i; ++k) {
      if (scan.component[k] == which) return false;
    }
    // A sequential file shows a component once; a second time would draw over the first.
    if (!frame_.progressive && component_seen_[which]) return false;
    if (scan.first > 0 && !component_seen_[which]) return false;
    component_seen_[which] = true;
    const std::size_t dc = selector[1] >> 4;
    const std::size_t ac = selector[1] & 15;
    if (dc > 3 || ac > 3 || !tables_->quantiser_present[frame_.component[which].quantiser])
      return false;
    const bool needs_dc = scan.first == 0 && scan.high == 0;
    const bool needs_ac = scan.last > 0;
    if ((needs_dc && !tables_->dc[dc].present) || (needs_ac && !tables_->ac[ac].present))
      return false;
    scan.component[i] = which;
    scan.dc[i] = &tables_->dc[dc];
    scan.ac[i] = &tables_->ac[ac];
    return true;
  }

  /// From the first data byte to the marker after the scan.
  Failure scan_data(const JpegScan& scan, const ScanShape& shape) {
    const std::uint64_t interval = scan.restart_interval;
    // One more marker after the last part is drawn by some encoders and harms nobody.
    const std::uint64_t parts_max = interval == 0 ? 0 : (shape.units() + interval - 1) / interval;
    parts_.clear();
    const std::size_t begin = at_;
    std::size_t part_begin = at_;
    for (;;) {
      const void* found =
          at_ < file_.size() ? std::memchr(&file_[at_], 0xFF, file_.size() - at_) : nullptr;
      if (found == nullptr) return truncated_at(file_.size());
      const auto end =
          static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - file_.data());
      at_ = end + 1;
      while (at_ < file_.size() && file_[at_] == 0xFF) ++at_;
      if (at_ >= file_.size()) return truncated_at(file_.size());
      const std::uint8_t marker = file_[at_];
      ++at_;
      if (marker == 0 && at_ - end == 2) continue;
      if (marker == 0) return damaged_at("jpeg_scan", end);
      parts_.emplace_back(part_begin, end);
      if (marker < marker_rst0 || marker > marker_rst7) {
        at_ = end;
        break;
      }
      const bool in_order = marker == marker_rst0 + (parts_.size() - 1) % 8;
      if (!in_order || parts_.size() > parts_max) return damaged_at("jpeg_restart", end);
      part_begin = at_;
    }
    if (parts_.size() < parts_max) return truncated_at(at_);
    if (interval > 0 && parts_.size() > parts_max) {
      if (parts_.back().first != parts_.back().second)
        return damaged_at("jpeg_restart", part_begin);
      parts_.pop_back();
    }
    return check_data(scan, shape, at_ - begin);
  }

  Failure check_data(const JpegScan& scan, const ScanShape& shape, std::size_t bytes) {
    // Two bits are the least for a sequential block (a DC code and an end of block), one for a
    // first or refined DC; a run of 32,767 empty blocks of a band takes one code and 14 bits.
    const std::uint64_t bits_least = !frame_.progressive ? 2 * shape.blocks()
                                     : scan.first == 0   ? shape.blocks()
                                                         : shape.blocks() / 32767 * 15;
    if (static_cast<std::uint64_t>(bytes) * 8 < bits_least) return truncated_at(at_);
    if (proof_ == Proof::structure) return std::nullopt;
    if (!check_) check_.emplace(frame_);
    return check_->scan(file_, scan, parts_);
  }

  /// As libjpeg guesses: components named R, G and B, or Adobe's word for it where JFIF is silent.
  [[nodiscard]] bool is_rgb() const {
    if (frame_.components != 3) return false;
    const bool named = frame_.component[0].id == 'R' && frame_.component[1].id == 'G' &&
                       frame_.component[2].id == 'B';
    return named || (adobe_transform_ == 0 && !is_jfif_);
  }

  Walked walked() {
    Walked result{.jpeg = frame_, .jpeg_tables = std::move(tables_), .strips = strips_};
    result.info.width_px = frame_.width_px;
    result.info.height_px = frame_.height_px;
    result.info.progressive = frame_.progressive;
    result.info.orientation = exif_.orientation;
    result.info.has_gps = exif_.has_gps;
    result.info.taken = exif_.taken;
    result.info.taken_offset = exif_.taken_offset;
    result.info.colours = profile_.space;
    result.info.profile = profile_.name;
    result.is_bare = is_bare_ && !is_head_ && at_ == file_.size();
    result.decoder_bytes = decoder_fixed_bytes;
    for (std::size_t i = 0; i < frame_.components; ++i) {
      const JpegComponent& component = frame_.component[i];
      const std::uint64_t samples =
          std::uint64_t{frame_.mcus_x()} * component.h * 8 * frame_.mcus_y() * component.v * 8;
      result.decoder_bytes += samples * (frame_.progressive ? 3 : 1) + 4 * frame_.width_px;
    }
    // Four components leave the decoder as RGB, fewer as the planes they are.
    if (frame_.components == 4) {
      result.decoder_bytes += std::uint64_t{3} * frame_.width_px * frame_.height_px;
    }
    return result;
  }

  Bytes file_;
  Proof proof_;
  std::size_t at_ = 0;
  JpegFrame frame_;
  bool has_frame_ = false;
  std::array<bool, 4> component_seen_{};
  std::unique_ptr<JpegTables> tables_ = std::make_unique<JpegTables>();
  std::optional<JpegScan> strips_;
  bool is_head_ = false;  ///< it ends with the first scan's header
  std::uint32_t restart_interval_ = 0;
  std::uint32_t scans_ = 0;
  std::uint64_t scan_blocks_ = 0;
  std::vector<EntropyCheck::Part> parts_;
  std::optional<EntropyCheck> check_;
  bool is_jfif_ = false;
  bool is_bare_ = true;  ///< nothing but JFIF's own words stands beside the picture
  Profile profile_{.space = ColourSpace::srgb};
  int adobe_transform_ = -1;  ///< of a file that does not say: none
  bool exif_seen_ = false;
  Exif exif_;
};

}  // namespace

Found<Walked> walk_jpeg(Bytes file, Proof proof) { return Walker(file, proof).run(); }

Failure walk_jpeg_tail(const Input& input, const Walked& head, std::size_t at) {
  Failure failure = Walker(input.bytes, Proof::structure).run_tail(head.jpeg, at - input.offset);
  // Places, the last of its numbers, are counted from the beginning of the file.
  if (failure) failure->numbers[0] += static_cast<std::int64_t>(input.offset);
  return failure;
}

}  // namespace sfluv::photo
