// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// Huffman codes of a JPEG: as a file gives them, and as tables that answer quickly.
namespace sfluv::photo {

inline constexpr std::size_t block_size = 64;

/// Where the coefficients of a block stand, row by row, in the order of the file (T.81 figure A.6).
inline constexpr std::array<std::uint8_t, block_size> zigzag = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

/// A Huffman table as DHT gives it (T.81 §B.2.4.2), with a table of the short codes.
struct HuffmanCodes {
  static constexpr int fast_bits = 10;

  struct Symbol {
    int value = -1;  ///< -1: no code begins like this
    int length = 0;
  };

  bool present = false;
  std::array<std::uint8_t, 17> counts{};  ///< of codes of each length, 1..16
  std::array<std::uint8_t, 256> symbols{};
  std::array<std::uint16_t, 1 << fast_bits> fast{};  ///< length << 8 | symbol; 0 for a longer code
  std::array<std::uint32_t, 18> end{};  ///< first code after those of a length, left-aligned to 16
  std::array<std::int32_t, 17> offset{};  ///< index of a symbol minus its code

  /// From `counts` and `symbols`.
  void build();

  /// The symbol whose code begins the next 16 bits.
  [[nodiscard]] Symbol find(std::uint32_t ahead) const {
    const std::uint32_t quick = fast[ahead >> (16 - fast_bits)];
    if (quick != 0) return {static_cast<int>(quick & 0xFF), static_cast<int>(quick >> 8)};
    for (int length = fast_bits + 1; length <= 16; ++length) {
      const auto index = static_cast<std::size_t>(length);
      if (ahead >= end[index]) continue;
      const auto code = static_cast<std::int32_t>(ahead >> (16 - length));
      return {symbols[static_cast<std::size_t>(code + offset[index])], length};
    }
    return {};
  }
};

/// Steps of a quantiser table, row by row. Larger than 15 bits they wrap, as all that a hostile
/// file overdoes here: it gets a wrong picture, the same one everywhere.
using Quantiser = std::array<std::int16_t, block_size>;

/// What DHT and DQT have defined.
struct JpegTables {
  std::array<HuffmanCodes, 4> dc;
  std::array<HuffmanCodes, 4> ac;
  std::array<Quantiser, 4> quantisers{};
  std::array<bool, 4> quantiser_present{};
};

/// T.81 §F.2.2.1 (EXTEND): the value that `size` bits stand for.
[[nodiscard]] constexpr int extend(std::uint32_t bits, int size) {
  const auto value = static_cast<int>(bits);
  return size > 0 && bits >> (size - 1) == 0 ? value - (1 << size) + 1 : value;
}

/// Largest sizes of values in a baseline file (T.81 tables F.1 and F.2).
inline constexpr int dc_size_max = 11;
inline constexpr int ac_size_max = 10;

/// DC differences by the next 11 bits, code and value together: bits taken | difference << 16.
/// 0 where they take more bits, or are none.
struct DcCodes {
  static constexpr int index_bits = 11;
  std::array<std::uint32_t, 1 << index_bits> entries;
  const HuffmanCodes* codes = nullptr;

  void build(const HuffmanCodes& from);
};

/// AC coefficients by the next 13 bits, two at once where they fit: photos have 6 bits for a
/// coefficient, and half the look-ups are half the time, because a look-up waits for the one before
/// it. It waits for the number of bits only, so that stands in a table of its own, which the
/// fastest cache holds.
struct AcCodes {
  static constexpr int index_bits = 13;
  static constexpr std::uint32_t block_end = 128;  ///< places that an end of block adds
  static constexpr std::uint32_t escape = 192;     ///< places of bits that `codes` must look at
  static constexpr std::size_t places = 256;       ///< that can be reached from within a block

  /// One or two coefficients. A single one is named twice, for the same place. Whoever has left the
  /// block asks why: all reasons lead to places of their own, none beyond 63 + 192.
  struct Pair {
    std::uint8_t skipped = 0;       ///< places before the first value
    std::uint8_t advance = escape;  ///< places of both together; the last one is the second value's
    std::int8_t first = 0;
    std::int8_t second = 0;
  };

  std::array<std::uint8_t, 1 << index_bits> taken;  ///< bits
  std::array<Pair, 1 << index_bits> pairs;
  const HuffmanCodes* codes = nullptr;

  void build(const HuffmanCodes& from);
};

}  // namespace sfluv::photo
