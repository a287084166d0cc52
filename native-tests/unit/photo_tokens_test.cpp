// SPDX-License-Identifier: MIT
// What a scan is written by, against the plainest spelling of T.81 §F.1.2 and §F.1.2.3: bit by bit.
#include "../../core/src/photo_tokens.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <gtest/gtest.h>

namespace sfluv::photo {
namespace {

using Bytes = std::vector<std::uint8_t>;

class Dice {
 public:
  std::uint32_t below(std::uint32_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>((state_ >> 33) % limit);
  }

 private:
  std::uint64_t state_ = 1;
};

/// Blocks with values of every size; most are small, so that codes of every length come up.
struct Scan {
  TokenPages tokens;
  TokenCounts counts{};
  std::vector<std::array<std::int16_t, block_size>> blocks;

  explicit Scan(std::size_t count) {
    Dice dice;
    const ShortTokens of_short;
    for (std::size_t i = 0; i < count; ++i) {
      std::array<std::int16_t, block_size> block{};
      for (std::uint32_t k = 0; k < block_size; k += 1 + dice.below(1u << dice.below(6))) {
        const auto size = dice.below(1 + dice.below(1 + dice.below(k == 0 ? 12 : 11)));
        const auto value = static_cast<std::int16_t>(dice.below(1u << size));
        block[k] = dice.below(2) == 0 ? value : static_cast<std::int16_t>(-value);
      }
      blocks.push_back(block);
      tokens.commit(put_block(block.data(), block[0], symbols_of(i), of_short,
                              tokens.reserve(block_tokens_max), counts));
    }
  }

  static std::uint32_t symbols_of(std::size_t block) { return block % 3 == 2 ? chroma_symbols : 0; }

  /// The blocks that the tokens tell of.
  [[nodiscard]] std::vector<std::array<std::int16_t, block_size>> blocks_of_tokens() const {
    std::vector<std::array<std::int16_t, block_size>> made;
    std::size_t k = block_size;
    for (const TokenPages::Page& page : tokens.pages) {
      for (std::size_t i = 0; i < page.tokens().size(); ++i) {
        const std::uint32_t symbol = page.tokens()[i] >> token_value_bits & 255;
        const int size = value_size(symbol);
        std::uint32_t bits = page.tokens()[i] & 127;
        if (size > token_value_bits) bits = bits << 7 | (page.tokens()[++i] & 127);
        const int least = size == 0 ? 0 : 1 << (size - 1);
        const int value = static_cast<int>(bits) < least ? static_cast<int>(bits) - 2 * least + 1
                                                         : static_cast<int>(bits);
        if ((symbol & 15) == dc_symbol) {
          made.emplace_back()[0] = static_cast<std::int16_t>(value);
          k = 1;
        } else {
          k += symbol >> 4;
          if (size > 0) made.back()[k] = static_cast<std::int16_t>(value);
          ++k;
        }
      }
    }
    return made;
  }

  [[nodiscard]] Bytes written(const ScanTables& tables) const {
    Bytes out;
    ScanWriter writer(tables, out);
    for (const TokenPages::Page& page : tokens.pages) writer.put(page.tokens());
    writer.finish();
    return out;
  }
};

class PlainWriter {
 public:
  Bytes out;

  void bits(std::uint32_t value, int count) {
    while (count-- > 0) {
      byte_ = byte_ << 1 | (value >> count & 1);
      if (++held_ == 8) flush();
    }
  }
  void finish() {
    while (held_ != 0) bits(1, 1);
  }
  void code(const HuffmanTable& table, std::uint32_t symbol, int value, int size) {
    EXPECT_GT(table.length[symbol], 0);
    bits(table.code[symbol], table.length[symbol]);
    bits(static_cast<std::uint32_t>(value < 0 ? value - 1 : value), size);
  }

 private:
  void flush() {
    out.push_back(static_cast<std::uint8_t>(byte_));
    if (out.back() == 0xFF) out.push_back(0);
    byte_ = 0;
    held_ = 0;
  }

  std::uint32_t byte_ = 0;
  int held_ = 0;
};

int size_of(int value) {
  return static_cast<int>(std::bit_width(static_cast<unsigned>(std::abs(value))));
}

Bytes written_plainly(const Scan& scan, const ScanTables& tables) {
  PlainWriter out;
  for (std::size_t i = 0; i < scan.blocks.size(); ++i) {
    const auto& block = scan.blocks[i];
    const std::size_t kind = Scan::symbols_of(i) == 0 ? 0 : 2;
    out.code(tables.table[kind], static_cast<std::uint32_t>(size_of(block[0])), block[0],
             size_of(block[0]));
    std::uint32_t run = 0;
    for (std::size_t k = 1; k < block_size; ++k) {
      if (block[k] == 0) {
        ++run;
        continue;
      }
      for (; run >= 16; run -= 16) out.code(tables.table[kind + 1], 0xF0, 0, 0);
      const int size = size_of(block[k]);
      out.code(tables.table[kind + 1], run << 4 | static_cast<std::uint32_t>(size), block[k], size);
      run = 0;
    }
    if (run > 0) out.code(tables.table[kind + 1], 0, 0, 0);
  }
  out.finish();
  return out.out;
}

TEST(PhotoTokens, AScanIsWrittenAsTheStandardSpellsIt) {
  const Scan scan(20'000);
  const ScanTables tables(scan.counts);
  const Bytes written = scan.written(tables);
  EXPECT_TRUE(written == written_plainly(scan, tables));
  const auto stuffed = static_cast<std::uint64_t>(std::count(written.begin(), written.end(), 0xFF));
  EXPECT_EQ(written.size(), (tables.bits(scan.counts) + 7) / 8 + stuffed);
}

TEST(PhotoTokens, ThinningSavesWhatIsAskedAndOnlyLastOnes) {
  Scan scan(20'000);
  const ScanTables before(scan.counts);
  const std::uint64_t bits = before.bits(scan.counts);
  const std::uint64_t asked = bits / 50;
  const std::uint64_t saved = thin_out(scan.tokens, scan.counts, before, asked);
  EXPECT_GE(saved, asked);
  EXPECT_LE(saved, asked + 64);
  EXPECT_EQ(before.bits(scan.counts), bits - saved);
  EXPECT_LE(ScanTables(scan.counts).bits(scan.counts), bits - saved);

  // Blocks without those values, written plainly, are what is written now.
  const auto whole = scan.blocks;
  scan.blocks = scan.blocks_of_tokens();
  ASSERT_EQ(scan.blocks.size(), whole.size());
  EXPECT_TRUE(scan.written(before) == written_plainly(scan, before));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    bool is_last = true;  // of the values that stayed
    for (std::size_t k = block_size - 1; k > 0; --k) {
      if (scan.blocks[i][k] != 0) is_last = false;
      if (scan.blocks[i][k] == whole[i][k]) continue;
      EXPECT_TRUE(is_last && std::abs(whole[i][k]) == 1) << i << ' ' << k;
    }
    EXPECT_EQ(scan.blocks[i][0], whole[i][0]);
  }
}

}  // namespace
}  // namespace sfluv::photo
