// SPDX-License-Identifier: MIT
#include "photo_codes.h"

#include <algorithm>

namespace sfluv::photo {
namespace {

/// Calls `fill(code, length, symbol)` for each code; the code is left-aligned to 16 bits.
template <class Fill>
void each_code(const HuffmanCodes& codes, Fill fill) {
  std::uint32_t code = 0;
  std::size_t index = 0;
  for (int length = 1; length <= 16; ++length) {
    for (int i = 0; i < codes.counts[static_cast<std::size_t>(length)]; ++i, ++index) {
      fill(code, length, codes.symbols[index]);
      code += 1u << (16 - length);
    }
  }
}

/// Calls `set(index, taken, value)` for all values of `size` bits behind a code and all bits that
/// may follow them, if they fit into the index.
template <class Set>
void each_value(int index_bits, std::uint32_t code, int length, int size, Set set) {
  const int spare = index_bits - length - size;
  if (spare < 0) return;
  std::size_t index = code >> (16 - index_bits);
  for (std::uint32_t bits = 0; bits < 1u << size; ++bits) {
    for (int i = 0; i < 1 << spare; ++i)
      set(index++, static_cast<std::uint8_t>(length + size), extend(bits, size));
  }
}

}  // namespace

void HuffmanCodes::build() {
  present = true;
  fast.fill(0);
  std::uint32_t code = 0;
  std::int32_t index = 0;
  for (int length = 1; length <= 16; ++length) {
    const auto at = static_cast<std::size_t>(length);
    offset[at] = index - static_cast<std::int32_t>(code);
    for (int i = 0; i < counts[at]; ++i, ++code, ++index) {
      if (length > fast_bits) continue;
      const std::uint32_t span = 1u << (fast_bits - length);
      const auto entry =
          static_cast<std::uint16_t>(length << 8 | symbols[static_cast<std::size_t>(index)]);
      std::fill_n(fast.begin() + static_cast<std::ptrdiff_t>(code * span), span, entry);
    }
    end[at] = code << (16 - length);
    code <<= 1;
  }
}

void DcCodes::build(const HuffmanCodes& from) {
  codes = &from;
  entries.fill(0);
  each_code(from, [&](std::uint32_t code, int length, int size) {
    if (size > dc_size_max) return;
    each_value(index_bits, code, length, size, [&](std::size_t i, std::uint32_t bits, int value) {
      entries[i] = bits | static_cast<std::uint32_t>(value) << 16;
    });
  });
}

void AcCodes::build(const HuffmanCodes& from) {
  codes = &from;
  // First every index for one coefficient, then for two where the bits left over are another.
  std::array<std::uint8_t, 1 << index_bits> taken_by_one{};
  std::array<Pair, 1 << index_bits> single{};
  each_code(from, [&](std::uint32_t code, int length, int symbol) {
    const int size = symbol & 15;
    const auto run = static_cast<std::uint8_t>(symbol >> 4);
    const bool is_end = symbol == 0;
    const bool is_value = size > 0 && size <= 7;  // 8 bits hold no larger one
    if (!is_end && !is_value && symbol != 0xF0) return;
    each_value(index_bits, code, length, size, [&](std::size_t i, std::uint8_t bits, int value) {
      const auto byte = static_cast<std::int8_t>(value);
      const auto advance = static_cast<std::uint8_t>(is_end ? block_end : run + 1u);
      taken_by_one[i] = bits;
      single[i] = {.skipped = run, .advance = advance, .first = byte, .second = byte};
    });
  });
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const std::size_t next = i << taken_by_one[i] & (pairs.size() - 1);
    const int both = taken_by_one[i] + taken_by_one[next];
    const bool fits =
        single[i].advance < block_end && single[next].advance < escape && both <= index_bits;
    taken[i] = fits ? static_cast<std::uint8_t>(both) : taken_by_one[i];
    pairs[i] = single[i];
    if (!fits) continue;
    pairs[i].advance = static_cast<std::uint8_t>(single[i].advance + single[next].advance);
    pairs[i].second = single[next].second;
  }
}

}  // namespace sfluv::photo
