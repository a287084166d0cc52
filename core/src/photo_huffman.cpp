// SPDX-License-Identifier: MIT
#include "photo_huffman.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sfluv::photo {
namespace {

constexpr std::size_t length_max = 16;

/// Takes the code of all ones, which may not be used.
constexpr std::uint16_t reserved_leaf = 256;

/// A tree that is being merged: its weight and the leaves in it.
struct Tree {
  std::uint64_t weight = 0;
  std::vector<std::uint16_t> leaves;

  /// A total order, so that every standard library merges the same.
  [[nodiscard]] bool operator<(const Tree& other) const {
    if (weight != other.weight) return weight > other.weight;
    return leaves.front() < other.leaves.front();
  }
};

/// Number of codes of each length. All counts together stay below 2^40, and a code of 59 bits takes
/// Fibonacci's 60th number of symbols, so that none is longer before it is shortened.
using LengthCounts = std::array<std::uint32_t, 64>;
using Lengths = std::array<std::uint8_t, reserved_leaf + 1>;

/// Code lengths by merging the two rarest trees (the largest ones of a heap) again and again.
Lengths merged_lengths(const SymbolCounts& counts) {
  std::vector<Tree> trees;
  trees.push_back({1, {reserved_leaf}});
  for (std::uint16_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) trees.push_back({counts[i], {i}});
  }
  Lengths length{};
  std::make_heap(trees.begin(), trees.end());
  while (trees.size() > 1) {
    std::pop_heap(trees.begin(), trees.end());
    const Tree rarest = std::move(trees.back());
    trees.pop_back();
    std::pop_heap(trees.begin(), trees.end());
    Tree& merged = trees.back();
    merged.weight += rarest.weight;
    merged.leaves.insert(merged.leaves.end(), rarest.leaves.begin(), rarest.leaves.end());
    for (const std::uint16_t leaf : merged.leaves) ++length[leaf];
    std::push_heap(trees.begin(), trees.end());
  }
  return length;
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
