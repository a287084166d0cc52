// SPDX-License-Identifier: MIT
#include "photo_blocks.h"

namespace sfluv::photo {
namespace {

constexpr std::size_t dump = block_size * lanes;

/// T.81 §F.2.2.1, for what the table does not hold.
bool read_dc_slowly(BitWindow& window, const HuffmanCodes& codes, int& difference) {
  const HuffmanCodes::Symbol size = codes.find(static_cast<std::uint32_t>(window.bits >> 48));
  if (size.value < 0 || size.value > dc_size_max) return false;
  window.skip(static_cast<std::uint64_t>(size.length));
  // Size 0 would have been in the table or taken all 16 bits: shift in two steps, never by 64.
  const auto bits = static_cast<std::uint32_t>(window.bits >> 1 >> (63 - size.value));
  difference = extend(bits, size.value);
  window.skip(static_cast<std::uint64_t>(size.value));
  window.refill();
  return true;
}

/// T.81 §F.2.2.2: one code from place `k` on. False where it is none or leaves the block; `k` is
/// the next place afterwards, 64 at the end of the block.
bool read_ac_slowly(BitWindow& window, const HuffmanCodes& codes, const Places& places,
                    std::int16_t* block, std::uint32_t& k) {
  window.refill();
  const HuffmanCodes::Symbol symbol = codes.find(static_cast<std::uint32_t>(window.bits >> 48));
  if (symbol.value < 0) return false;
  window.skip(static_cast<std::uint64_t>(symbol.length));
  const int size = symbol.value & 15;
  if (symbol.value == 0) {
    k = block_size;
    return true;
  }
  k += static_cast<std::uint32_t>(symbol.value >> 4);
  const bool is_value = size > 0 && size <= ac_size_max;
  if (k >= block_size || (!is_value && symbol.value != 0xF0)) return false;
  if (is_value) {
    const auto bits = static_cast<std::uint32_t>(window.bits >> (64 - size));
    block[places[k]] = static_cast<std::int16_t>(extend(bits, size));
    window.skip(static_cast<std::uint64_t>(size));
  }
  ++k;
  window.refill();
  return true;
}

/// Reads one block; `block` is its lane.
inline bool read_block(BitWindow& window, const BlockPlan& plan, std::int16_t* block,
                       std::int16_t& prediction) {
  const Places& places = *plan.places;
  const AcCodes& ac = *plan.ac;
  window.refill();
  int difference = 0;
  const std::uint32_t dc = plan.dc->entries[window.bits >> (64 - DcCodes::index_bits)];
  if (dc != 0) {
    window.skip(dc);
    difference = static_cast<std::int32_t>(dc) >> 16;
  } else if (!read_dc_slowly(window, *plan.dc->codes, difference)) {
    return false;
  }
  prediction = static_cast<std::int16_t>(prediction + difference);
  block[places[0]] = prediction;

  std::uint32_t k = 1;
  std::size_t index = 0;
  const auto block_ends = [&] {
    index = static_cast<std::size_t>(window.bits >> (64 - AcCodes::index_bits));
    window.skip(ac.taken[index]);
    const AcCodes::Pair& pair = ac.pairs[index];
    block[places[k + pair.skipped]] = pair.first;
    k += pair.advance;
    block[places[k - 1]] = pair.second;
    return k >= block_size;
  };
  // Of the 56 bits after a refill DC takes at most 11 (or refills), and four look-ups 52.
  for (;;) {
    if (!block_ends() && !block_ends() && !block_ends()) {
      window.refill();
      if (!block_ends()) continue;
    }
    // At an end of block in its midst, or just behind its last place, it has ended.
    if (k == block_size || k - (AcCodes::block_end + 1) < block_size - 1) break;
    // Else the bits must be looked at, or the second value belongs to the next block, or they are
    // wrong: give them back and go code by code.
    window.unskip(ac.taken[index]);
    k -= ac.pairs[index].advance;
    if (!read_ac_slowly(window, *ac.codes, places, block, k)) return false;
    if (k == block_size) break;
  }
  return true;
}

}  // namespace

Places make_places(std::size_t points) {
  Places places;
  places.fill(dump);
  for (std::size_t i = 0; i < block_size; ++i) {
    const std::size_t column = zigzag[i] % 8;
    const std::size_t row = zigzag[i] / 8;
    if (column < points && row < points) places[i] = static_cast<std::uint16_t>(zigzag[i] * lanes);
  }
  return places;
}

bool read_units(BitWindow& from, const UnitPlan& plan, std::size_t first, std::size_t last,
                Predictions& predictions) {
  BitWindow window = from;  // nobody else's: it lives in registers
  bool read = true;
  for (std::size_t unit = first; unit < last && read; ++unit) {
    for (std::size_t i = 0; i < plan.blocks && read; ++i) {
      const BlockPlan& block = plan.block[i];
      std::int16_t* values = block.groups[block.group[unit]].values.data() + block.lane[unit];
      read = read_block(window, block, values, predictions[block.component]);
    }
  }
  from = window;
  return read;
}

}  // namespace sfluv::photo
