// SPDX-License-Identifier: MIT
#include "photo_huffman.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace sfluv::photo {
namespace {

constexpr std::size_t length_max = 16;

/// Takes the code of all ones, which may not be used.
constexpr std::uint16_t reserved_leaf = 256;

constexpr std::size_t leaves = reserved_leaf + 1;

/// Number of codes of each length. All counts together stay below 2^40, and a code of 59 bits takes
/// Fibonacci's 60th number of symbols, so that none is longer before it is shortened.
using LengthCounts = std::array<std::uint32_t, 64>;
using Lengths = std::array<std::uint8_t, leaves>;

/// Code lengths by merging the two rarest trees again and again; of equals, those with the highest
/// numbers. A tree has the number of its first leaf, and weight 0 once it is part of another.
Lengths merged_lengths(const SymbolCounts& counts) {
  std::array<std::uint64_t, leaves> weight{};
  std::ranges::copy(counts, weight.begin());
  weight[reserved_leaf] = 1;
  std::array<std::size_t, leaves> tree_of;
  std::iota(tree_of.begin(), tree_of.end(), std::size_t{0});
  Lengths length{};
  for (;;) {
    std::size_t rarest = leaves;
    std::size_t second = leaves;
    for (std::size_t i = 0; i < leaves; ++i) {
      if (weight[i] == 0) continue;
      if (rarest == leaves || weight[i] <= weight[rarest]) {
        second = rarest;
        rarest = i;
      } else if (second == leaves || weight[i] <= weight[second]) {
        second = i;
      }
    }
    if (second == leaves) return length;
    weight[second] += weight[rarest];
    weight[rarest] = 0;
    for (std::size_t leaf = 0; leaf < leaves; ++leaf) {
      if (tree_of[leaf] != rarest && tree_of[leaf] != second) continue;
      tree_of[leaf] = second;
      ++length[leaf];
    }
  }
}

/// T.81 figure K.3: pairs of codes that are too long move up, beside a shorter code that moves
/// down.
void shorten(LengthCounts& bits) {
  for (std::size_t i = bits.size() - 1; i > length_max; --i) {
    while (bits[i] > 0) {
      std::size_t shorter = i - 2;
      while (bits[shorter] == 0) --shorter;
      bits[i] -= 2;
      ++bits[i - 1];
      bits[shorter + 1] += 2;
      --bits[shorter];
    }
  }
}

}  // namespace

HuffmanTable optimal_huffman(const SymbolCounts& counts) {
  const Lengths merged = merged_lengths(counts);
  LengthCounts bits{};
  for (const std::uint8_t length : merged) ++bits[length];
  bits[0] = 0;
  HuffmanTable table;
  for (std::size_t length = 1; length < bits.size(); ++length) {
    for (std::size_t i = 0; i < counts.size() && bits[length] > 0; ++i) {
      if (merged[i] == length) table.symbols.push_back(static_cast<std::uint8_t>(i));
    }
  }
  shorten(bits);
  std::size_t longest = length_max;
  while (bits[longest] == 0) --longest;
  --bits[longest];  // the code of all ones
  std::uint32_t code = 0;
  std::size_t at = 0;
  for (std::uint8_t length = 1; length <= length_max; ++length, code <<= 1) {
    table.lengths[length] = static_cast<std::uint8_t>(bits[length]);
    for (std::uint32_t i = 0; i < bits[length]; ++i, ++code, ++at) {
      table.code[table.symbols[at]] = static_cast<std::uint16_t>(code);
      table.length[table.symbols[at]] = length;
    }
  }
  return table;
}

}  // namespace sfluv::photo
