// SPDX-License-Identifier: MIT
#include "photo_entropy.h"

#include <algorithm>
#include <bit>

namespace sfluv::photo {
namespace {

constexpr std::string_view bad_code = "jpeg_scan";

/// Bits of one part of a scan, most significant first, stuffing removed. Past the end come zeros;
/// `overrun` tells when they were used.
class Bits {
 public:
  Bits(Bytes file, std::size_t begin, std::size_t end) : file_(file), at_(begin), end_(end) {}

  /// At least 32 bits can be taken afterwards: a code of 16 and a value of 15.
  void refill() {
    if (held_ >= 32) return;
    if (end_ - at_ >= 4) {
      const std::uint32_t word = big_endian_32(file_, at_);
      const bool has_ff = ((~word - 0x01010101u) & word & 0x80808080u) != 0;
      if (!has_ff) {
        bits_ |= static_cast<std::uint64_t>(word) << (32 - held_);
        held_ += 32;
        at_ += 4;
        return;
      }
    }
    while (held_ <= 56) add_byte();
  }
  [[nodiscard]] std::uint32_t peek16() const { return static_cast<std::uint32_t>(bits_ >> 48); }
  void skip(int count) {
    bits_ <<= count;
    held_ -= count;
  }
  [[nodiscard]] std::uint32_t take(int count) {
    if (count == 0) return 0;
    const auto value = static_cast<std::uint32_t>(bits_ >> (64 - count));
    skip(count);
    return value;
  }
  [[nodiscard]] bool overrun() const { return padding_ > held_; }
  [[nodiscard]] std::size_t byte() const { return std::min(at_, end_); }

  /// Whether nothing but fill is left. Cameras pad with FF or zeros.
  [[nodiscard]] bool finished() const {
    const auto is_fill = [](std::uint8_t byte) { return byte == 0 || byte == 0xFF; };
    const int whole = (held_ - std::min(padding_, held_)) / 8;
    for (int i = 0; i < whole; ++i) {
      if (!is_fill(static_cast<std::uint8_t>(bits_ << held_ % 8 >> (56 - 8 * i)))) return false;
    }
    return std::all_of(file_.begin() + static_cast<std::ptrdiff_t>(byte()),
                       file_.begin() + static_cast<std::ptrdiff_t>(end_), is_fill);
  }

 private:
  void add_byte() {
    if (at_ >= end_) {
      padding_ += 8;
    } else {
      const std::uint8_t byte = file_[at_];
      at_ += byte == 0xFF ? 2 : 1;  // FF is followed by a stuffed 00
      bits_ |= static_cast<std::uint64_t>(byte) << (56 - held_);
    }
    held_ += 8;
  }

  Bytes file_;
  std::size_t at_;
  std::size_t end_;
  std::uint64_t bits_ = 0;
  int held_ = 0;
  int padding_ = 0;
};

/// The next symbol, or -1 for bits that are no code.
inline int symbol_of(Bits& bits, const HuffmanCodes& codes) {
  const HuffmanCodes::Symbol symbol = codes.find(bits.peek16());
  bits.skip(symbol.length);
  return symbol.value;
}

bool skip_dc(Bits& bits, const HuffmanCodes& codes) {
  bits.refill();
  const int size = symbol_of(bits, codes);
  if (size < 0 || size > 15) return false;
  bits.skip(size);
  return true;
}

/// T.81 §F.2.2.2.
bool skip_ac(Bits& bits, const HuffmanCodes& codes) {
  for (int k = 1; k < 64;) {
    bits.refill();
    const int symbol = symbol_of(bits, codes);
    if (symbol < 0) return false;
    const int size = symbol & 15;
    if (size == 0 && symbol != 0xF0) return true;
    k += (symbol >> 4) + 1;
    bits.skip(size);
    if (k > 64) return false;
  }
  return true;
}

/// T.81 §G.1.2.2: a first pass over a band, with runs of empty blocks.
bool first_pass(Bits& bits, const JpegScan& scan, std::uint64_t& nonzero,
                std::uint32_t& empty_blocks) {
  if (empty_blocks > 0) {
    --empty_blocks;
    return true;
  }
  for (int k = scan.first; k <= scan.last; ++k) {
    bits.refill();
    const int symbol = symbol_of(bits, *scan.ac[0]);
    if (symbol < 0) return false;
    const int run = symbol >> 4;
    const int size = symbol & 15;
    if (size == 0 && run < 15) {
      empty_blocks = (1u << run) - 1 + bits.take(run);
      return true;
    }
    k += run;
    if (k > scan.last) return false;
    if (size == 0) continue;
    nonzero |= std::uint64_t{1} << k;
    bits.skip(size);
  }
  return true;
}

/// Correction bits for known coefficients of a band from `k` on, until `zeros` unknown ones have
/// been passed; answers the place where it stopped.
int pass_known(Bits& bits, std::uint64_t nonzero, int k, int last, int zeros) {
  for (; k <= last; ++k) {
    if ((nonzero >> k & 1) != 0) {
      bits.refill();
      bits.skip(1);
    } else if (zeros-- == 0) {
      break;
    }
  }
  return k;
}

/// T.81 §G.1.2.3: a refining pass.
bool refining_pass(Bits& bits, const JpegScan& scan, std::uint64_t& nonzero,
                   std::uint32_t& empty_blocks) {
  int k = scan.first;
  while (empty_blocks == 0 && k <= scan.last) {
    bits.refill();
    const int symbol = symbol_of(bits, *scan.ac[0]);
    if (symbol < 0) return false;
    const int run = symbol >> 4;
    const int size = symbol & 15;
    if (size > 1) return false;
    if (size == 0 && run < 15) {
      empty_blocks = (1u << run) + bits.take(run);
      break;
    }
    bits.skip(size);  // the sign of the new coefficient
    k = pass_known(bits, nonzero, k, scan.last, run);
    if (k > scan.last) return size == 0;
    if (size == 1) nonzero |= std::uint64_t{1} << k;
    ++k;
  }
  if (empty_blocks > 0) {
    pass_known(bits, nonzero, k, scan.last, 64);
    --empty_blocks;
  }
  return true;
}

bool pass_block(Bits& bits, const JpegFrame& frame, const JpegScan& scan, std::size_t index,
                std::uint64_t* nonzero, std::uint32_t& empty_blocks) {
  if (!frame.progressive) return skip_dc(bits, *scan.dc[index]) && skip_ac(bits, *scan.ac[index]);
  if (scan.first == 0) {
    if (scan.high == 0) return skip_dc(bits, *scan.dc[index]);
    bits.refill();
    bits.skip(1);
    return true;
  }
  return scan.high == 0 ? first_pass(bits, scan, *nonzero, empty_blocks)
                        : refining_pass(bits, scan, *nonzero, empty_blocks);
}

}  // namespace

ScanShape shape_of(const JpegFrame& frame, const JpegScan& scan) {
  if (scan.components > 1) {
    ScanShape shape{.units_x = frame.mcus_x(), .units_y = frame.mcus_y()};
    for (std::size_t i = 0; i < scan.components; ++i) {
      const JpegComponent& component = frame.component[scan.component[i]];
      shape.blocks_per_unit += std::uint32_t{component.h} * component.v;
    }
    return shape;
  }
  // T.81 §A.2.2: a scan of one component holds only the blocks that the picture touches.
  const JpegComponent& component = frame.component[scan.component[0]];
  const std::uint32_t width = (frame.width_px * component.h + frame.h_max - 1) / frame.h_max;
  const std::uint32_t height = (frame.height_px * component.v + frame.v_max - 1) / frame.v_max;
  return {.units_x = (width + 7) / 8, .units_y = (height + 7) / 8, .blocks_per_unit = 1};
}

EntropyCheck::EntropyCheck(const JpegFrame& frame) : frame_(frame) {
  if (!frame.progressive) return;
  for (std::size_t i = 0; i < frame.components; ++i) {
    blocks_x_[i] = frame.mcus_x() * frame.component[i].h;
    nonzero_[i].resize(std::size_t{blocks_x_[i]} * frame.mcus_y() * frame.component[i].v);
  }
}

Failure EntropyCheck::scan(Bytes file, const JpegScan& scan, std::span<const Part> parts) {
  const ScanShape shape = shape_of(frame_, scan);
  const std::uint64_t interval = scan.restart_interval == 0 ? shape.units() : scan.restart_interval;
  std::uint64_t unit = 0;
  for (const Part& part : parts) {
    Bits bits(file, part.first, part.second);
    std::uint32_t empty_blocks = 0;
    const std::uint64_t end = std::min(unit + interval, shape.units());
    for (; unit < end; ++unit) {
      for (std::size_t i = 0; i < scan.components; ++i) {
        const std::size_t which = scan.component[i];
        const JpegComponent& component = frame_.component[which];
        const std::uint32_t blocks =
            scan.components == 1 ? 1 : std::uint32_t{component.h} * component.v;
        // Only bands are refined block by block, and a band has one component (T.81 §G.1.1.1.1).
        const auto place = static_cast<std::size_t>(unit / shape.units_x * blocks_x_[which] +
                                                    unit % shape.units_x);
        std::uint64_t* nonzero = scan.first > 0 ? &nonzero_[which][place] : nullptr;
        for (std::uint32_t block = 0; block < blocks; ++block) {
          if (!pass_block(bits, frame_, scan, i, nonzero, empty_blocks)) {
            return bits.overrun() ? truncated_at(part.second) : damaged_at(bad_code, bits.byte());
          }
        }
      }
      if (bits.overrun()) return truncated_at(part.second);
    }
    if (!bits.finished()) return damaged_at(bad_code, bits.byte());
  }
  return std::nullopt;
}

}  // namespace sfluv::photo
