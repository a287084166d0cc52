// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <span>
#include <vector>

#include "photo_codes.h"
#include "photo_huffman.h"

/// A scan between counting its symbols and writing their codes. The best Huffman tables are known
/// only when all symbols are, and so is the size of the file; tokens make the second pass a walk
/// over a list, without a question asked.
namespace sfluv::photo {

/// symbol << 7 | the value's bits. Symbols of chroma are 256 more than those of luma; below that
/// they are T.81's, but for DC, whose sizes stand in the high half, over 15.
using Token = std::uint16_t;
inline constexpr int token_value_bits = 7;
inline constexpr std::uint32_t chroma_symbols = 256;
inline constexpr std::uint32_t dc_symbol = 15;
/// Seven more bits of a value that is longer: no code of its own.
inline constexpr std::uint32_t more_symbol = 0xFF;
inline constexpr std::size_t symbols_max = 512;
/// Of one block: 63 values and an end, each of two tokens, and DC.
inline constexpr std::size_t block_tokens_max = 2 * block_size + 2;

[[nodiscard]] constexpr int value_size(std::uint32_t symbol) {
  const std::uint32_t low = symbol & 15;
  return static_cast<int>(low == dc_symbol ? symbol >> 4 & 15 : low);
}

/// What most values become: tokens of the symbol 0/size. Made when they are needed, because as
/// constants they would be waited for with the module.
struct ShortTokens {
  static constexpr int max = (1 << token_value_bits) - 1;
  std::array<Token, 2 * max + 1> token;  ///< of -max to max

  ShortTokens();
};

using TokenCounts = std::array<std::uint32_t, symbols_max>;

/// Appends the tokens of a block to `out`, which has room for `block_tokens_max`, and counts them.
/// `block` is in the order of the zigzag, `difference` takes the place of its DC value.
/// Returns the end of the tokens.
[[nodiscard]] Token* put_block(const std::int16_t* block, int difference, std::uint32_t symbols,
                               const ShortTokens& of_short, Token* out, TokenCounts& counts);

/// Tokens in pages, so that a long list neither moves nor needs to be known beforehand.
class TokenPages {
 public:
  static constexpr std::size_t page_tokens = std::size_t{1} << 14;

  class Page {
   public:
    Page() {}  // tokens are written before they are read

    [[nodiscard]] Token* begin() { return tokens_.data(); }
    [[nodiscard]] Token* end() { return begin() + count_; }
    [[nodiscard]] std::span<const Token> tokens() const { return {tokens_.data(), count_}; }
    void end_at(const Token* end) { count_ = static_cast<std::size_t>(end - begin()); }

   private:
    std::array<Token, page_tokens> tokens_;
    std::size_t count_ = 0;
  };

  /// Room for `count` tokens, at most a page.
  [[nodiscard]] Token* reserve(std::size_t count);
  /// Ends what was written into the last room.
  void commit(const Token* end) { last_->end_at(end); }

  std::forward_list<Page> pages;

 private:
  std::forward_list<Page>::iterator last_;
};

/// The four tables of a scan: DC and AC of luma, DC and AC of chroma.
struct ScanTables {
  std::array<HuffmanTable, 4> table;

  explicit ScanTables(const TokenCounts& counts);

  /// Bits of all codes and values.
  [[nodiscard]] std::uint64_t bits(const TokenCounts& counts) const;
  /// Bits of a symbol's code and value.
  [[nodiscard]] std::uint32_t bits_of(std::uint32_t symbol) const;
};

/// Lets the last values of blocks go where they are 1 or -1, evenly over the picture, until `bits`
/// are saved as `tables` code them or there are no more. Returns the bits saved.
std::uint64_t thin_out(TokenPages& tokens, TokenCounts& counts, const ScanTables& tables,
                       std::uint64_t bits);

/// Writes the codes of tokens, FF stuffed.
class ScanWriter {
 public:
  ScanWriter(const ScanTables& tables, std::vector<std::uint8_t>& out);

  void put(std::span<const Token> page);
  /// Fills the last byte with ones.
  void finish();

 private:
  void stuff(const std::uint8_t* low);

  std::vector<std::uint8_t>& out_;
  std::array<std::uint32_t, symbols_max> codes_;  ///< code and room for the value; bits << 27
  std::vector<std::uint8_t> buffer_;              ///< filled from its end
  std::vector<std::uint8_t> stuffed_;             ///< what that becomes: twice as much at most
  std::uint64_t bits_ = 0;                        ///< less than a byte between pages, on top
  std::uint32_t held_ = 0;
};

}  // namespace sfluv::photo
