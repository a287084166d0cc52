// SPDX-License-Identifier: MIT
#include "photo_codes.h"

#include <algorithm>

namespace sfluv::photo {
namespace {

constexpr std::uint32_t ac_entry(std::uint32_t taken, std::uint32_t skipped, std::uint32_t advance,
                                 int first, int second) {
  return taken | skipped << 6 | advance << 10 | (static_cast<std::uint32_t>(first) & 127) << 18 |
         static_cast<std::uint32_t>(second) << 25;
}

constexpr std::uint32_t ac_escape = ac_entry(0, 0, AcCodes::escape, 0, 0);

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

/// Sets the entries of all values of `size` bits behind a code, as far as they fit into the index.
template <class Entries, class MakeEntry>
void set_values(Entries& entries, int index_bits, std::uint32_t code, int length, int size,
                MakeEntry make_entry) {
  const int spare = index_bits - length - size;
  if (spare < 0) return;
  std::size_t at = code >> (16 - index_bits);
  for (std::uint32_t bits = 0; bits < 1u << size; ++bits, at += std::size_t{1} << spare) {
    std::fill_n(entries.begin() + static_cast<std::ptrdiff_t>(at), std::size_t{1} << spare,
                make_entry(extend(bits, size), static_cast<std::uint32_t>(length + size)));
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
    set_values(entries, index_bits, code, length, size, [](int value, std::uint32_t taken) {
      return taken | static_cast<std::uint32_t>(value) << 16;
    });
  });
}

void AcCodes::build(const HuffmanCodes& from) {
  codes = &from;
  // First every entry for one coefficient, then those that leave room for another.
  std::array<std::uint32_t, 1 << index_bits> single;
  single.fill(ac_escape);
  each_code(from, [&](std::uint32_t code, int length, int symbol) {
    const int size = symbol & 15;
    const auto run = static_cast<std::uint32_t>(symbol >> 4);
    if (symbol == 0) {
      set_values(single, index_bits, code, length, 0,
                 [](int, std::uint32_t taken) { return ac_entry(taken, 0, block_end, 0, 0); });
    } else if ((size > 0 && size <= 6) || symbol == 0xF0) {  // 7 bits hold no larger value
      set_values(single, index_bits, code, length, size, [run](int value, std::uint32_t taken) {
        return ac_entry(taken, run, run + 1, value, value);
      });
    }
  });
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    const std::uint32_t one = single[i];
    const std::uint32_t two = single[i << taken(one) & (entries.size() - 1)];
    const bool fits =
        advance(one) < block_end && advance(two) < escape && taken(one) + taken(two) <= index_bits;
    entries[i] = !fits ? one
                       : ac_entry(taken(one) + taken(two), skipped(one),
                                  advance(one) + advance(two), first(one), second(two));
  }
}

}  // namespace sfluv::photo
