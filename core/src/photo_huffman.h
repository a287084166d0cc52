// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace sfluv::photo {

/// A Huffman table as it is written, and the codes.
struct HuffmanTable {
  std::array<std::uint8_t, 17> lengths{};  ///< number of codes of each length
  std::vector<std::uint8_t> symbols;
  std::array<std::uint16_t, 256> code{};
  std::array<std::uint8_t, 256> length{};
};

using SymbolCounts = std::array<std::uint32_t, 256>;

/// The table that codes symbols of these counts in the fewest bits that JPEG allows (T.81 §K.2).
/// At least one count is not zero.
[[nodiscard]] HuffmanTable optimal_huffman(const SymbolCounts& counts);

}  // namespace sfluv::photo
