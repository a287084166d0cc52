// SPDX-License-Identifier: MIT
#include "photo_tokens.h"

#include <algorithm>
#include <cstring>

#include "simd.h"

namespace sfluv::photo {
namespace {

using namespace simd;

constexpr std::uint32_t code_bits = 27;  // of an entry of `codes_`; above them the number of bits
/// A token is at most a code of 16 bits and 7 of a value.
constexpr std::size_t buffer_bytes = TokenPages::page_tokens * (16 + token_value_bits) / 8 + 32;

/// Which table of a scan a symbol is coded by, and as what.
struct Coding {
  std::size_t table;
  std::size_t symbol;
};
Coding coding_of(std::size_t symbol) {
  const std::size_t kind = symbol / chroma_symbols * 2;
  if ((symbol & 15) == dc_symbol) return {kind, symbol >> 4 & 15};
  return {kind + 1, symbol & 255};
}

bool is_more(std::size_t symbol) { return (symbol & 255) == more_symbol; }

/// A value with its size (T.81 §F.1.2.1: a negative value is its ones' complement).
struct Sized {
  std::uint32_t size;
  std::uint32_t bits;
};
constexpr Sized sized(int value) {
  const auto size = static_cast<std::uint32_t>(
      std::bit_width(static_cast<std::uint32_t>(value < 0 ? -value : value)));
  return {size, static_cast<std::uint32_t>(value + (value >> 31)) & ((1u << size) - 1)};
}

inline Token* put_token(std::uint32_t token, Token* out, TokenCounts& counts) {
  ++counts[token >> token_value_bits];
  *out = static_cast<Token>(token);
  return out + 1;
}

/// A value of more bits than a token holds.
inline Token* put_long(std::uint32_t symbol, Sized value, Token* out, TokenCounts& counts) {
  out = put_token(symbol << token_value_bits | value.bits >> token_value_bits, out, counts);
  *out = static_cast<Token>(more_symbol << token_value_bits | (value.bits & 127));
  return out + 1;
}

/// Bit i: is value i of the block not zero?
std::uint64_t nonzero_mask(const std::int16_t* block) {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < block_size; i += 16) {
    const I8x16 values = narrow(load<I16x8>(block + i), load<I16x8>(block + i + 8));
    mask |= static_cast<std::uint64_t>(~mask_equal(values, 0) & 0xFFFF) << i;
  }
  return mask;
}

}  // namespace

ShortTokens::ShortTokens() {
  for (int value = -max; value <= max; ++value) {
    const Sized of = sized(value);
    token[static_cast<std::size_t>(value + max)] =
        static_cast<Token>(of.size << token_value_bits | of.bits);
  }
}

Token* put_block(const std::int16_t* block, int difference, std::uint32_t symbols,
                 const ShortTokens& of_short, Token* out, TokenCounts& counts) {
  const Sized dc = sized(difference);
  const std::uint32_t dc_symbols = symbols | dc.size << 4 | dc_symbol;
  out = dc.size > token_value_bits
            ? put_long(dc_symbols, dc, out, counts)
            : put_token(dc_symbols << token_value_bits | dc.bits, out, counts);
  const std::int16_t* next = block + 1;
  for (std::uint64_t mask = nonzero_mask(block) >> 1; mask != 0; mask >>= 1) {
    auto run = static_cast<std::uint32_t>(std::countr_zero(mask));
    mask >>= run;
    const int value = next[run];
    next += run + 1;
    for (; run >= 16; run -= 16) out = put_token((symbols | 0xF0) << token_value_bits, out, counts);
    const std::uint32_t symbol = symbols | run << 4;
    const auto at = static_cast<std::uint32_t>(value + ShortTokens::max);
    if (at < of_short.token.size()) [[likely]] {
      out = put_token((symbol << token_value_bits) + of_short.token[at], out, counts);
    } else {
      const Sized ac = sized(value);
      out = put_long(symbol | ac.size, ac, out, counts);
    }
  }
  if (next != block + block_size) out = put_token(symbols << token_value_bits, out, counts);
  return out;
}

Token* TokenPages::reserve(std::size_t count) {
  if (pages.empty() || last_->tokens().size() + count > page_tokens)
    last_ = pages.emplace_after(pages.empty() ? pages.before_begin() : last_);
  return last_->end();
}

ScanTables::ScanTables(const TokenCounts& counts) {
  std::array<SymbolCounts, 4> of_table{};
  for (std::size_t symbol = 0; symbol < symbols_max; ++symbol) {
    if (is_more(symbol)) continue;
    const Coding coding = coding_of(symbol);
    of_table[coding.table][coding.symbol] += counts[symbol];
  }
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = optimal_huffman(of_table[i]);
}

std::uint64_t ScanTables::bits(const TokenCounts& counts) const {
  std::uint64_t bits = 0;
  for (std::uint32_t symbol = 0; symbol < symbols_max; ++symbol) {
    bits += std::uint64_t{counts[symbol]} * bits_of(symbol);
  }
  return bits;
}

std::uint32_t ScanTables::bits_of(std::uint32_t symbol) const {
  const Coding coding = coding_of(symbol);
  return table[coding.table].length[coding.symbol] + static_cast<std::uint32_t>(value_size(symbol));
}

std::uint64_t thin_out(TokenPages& tokens, TokenCounts& counts, const ScanTables& tables,
                       std::uint64_t bits) {
  const std::uint64_t ends = std::uint64_t{counts[0]} + counts[chroma_symbols];
  // In 1/256 bits: what every end of a block owes, and what is owed.
  const auto share = static_cast<std::int64_t>(bits * 256 / std::max<std::uint64_t>(ends, 1) + 1);
  std::int64_t owed = 0;
  std::uint64_t saved = 0;
  for (TokenPages::Page& page : tokens.pages) {
    Token* out = page.begin();
    for (const Token token : page.tokens()) {
      *out++ = token;
      if ((token >> token_value_bits & 255) != 0) continue;
      owed += share;
      const auto last = [&] { return static_cast<std::uint32_t>(out[-2] >> token_value_bits); };
      const auto drop_last = [&] {
        const std::uint32_t fewer = tables.bits_of(last());
        --counts[last()];
        saved += fewer;
        owed -= std::int64_t{256} * fewer;
        out[-2] = token;
        --out;
      };
      while (owed > 0 && (last() & 15) == 1) {
        drop_last();
        while ((last() & 255) == 0xF0) drop_last();
      }
    }
    page.end_at(out);
  }
  return saved;
}

ScanWriter::ScanWriter(const ScanTables& tables, std::vector<std::uint8_t>& out)
    : out_(out), buffer_(buffer_bytes), stuffed_(2 * buffer_bytes) {
  for (std::uint32_t symbol = 0; symbol < symbols_max; ++symbol) {
    const Coding coding = coding_of(symbol);
    const HuffmanTable& table = tables.table[coding.table];
    const int size = value_size(symbol);
    const int at_once = size > token_value_bits ? size - token_value_bits : size;
    const auto room = static_cast<std::uint32_t>(at_once);
    codes_[symbol] = std::uint32_t{table.code[coding.symbol]} << room |
                     (table.length[coding.symbol] + room) << code_bits;
    if (is_more(symbol)) codes_[symbol] = std::uint32_t{token_value_bits} << code_bits;
  }
}

// Written backwards, so that the window's 8 bytes, first bit on top, are stored as they are.
void ScanWriter::put(std::span<const Token> page) {
  std::uint8_t* low = buffer_.data() + buffer_.size();
  std::uint64_t bits = bits_;
  std::uint32_t held = held_;
  struct Code {
    std::uint64_t bits;
    std::uint32_t length;
  };
  const auto code_of = [&](Token token) -> Code {
    const std::uint32_t entry = codes_[token >> token_value_bits];
    return {(entry & ((1u << code_bits) - 1)) | (token & 127), entry >> code_bits};
  };
  const auto both = [](Code a, Code b) -> Code {
    return {a.bits << b.length | b.bits, a.length + b.length};
  };
  const auto append = [&](Code code) {
    held += code.length;
    bits |= code.bits << (64 - held);
    std::memcpy(low - sizeof bits, &bits, sizeof bits);
    low -= held / 8;
    bits <<= held & ~7u;
    held &= 7;
  };
  // The window moves by whole bytes, by less than all of it: with the 7 bits that may be held, 56 fit.
  // Two tokens are at most 46, and four are seldom more.
  std::size_t i = 0;
  for (; i + 4 <= page.size(); i += 4) {
    const Code first = both(code_of(page[i]), code_of(page[i + 1]));
    const Code second = both(code_of(page[i + 2]), code_of(page[i + 3]));
    Code all = both(first, second);
    if (all.length > 56) [[unlikely]] {
      append(first);
      all = second;
    }
    append(all);
  }
  for (; i < page.size(); ++i) append(code_of(page[i]));
  bits_ = bits;
  held_ = held;
  stuff(low);
}

void ScanWriter::finish() {
  std::uint8_t* const end = buffer_.data() + buffer_.size();
  if (held_ == 0) return;
  end[-1] = static_cast<std::uint8_t>(bits_ >> 56 | 0xFFu >> held_);
  stuff(end - 1);
}

/// Appends the bytes from the end of the buffer down to `low`, a 00 behind each FF.
void ScanWriter::stuff(const std::uint8_t* low) {
  const std::uint8_t* from = buffer_.data() + buffer_.size();
  std::uint8_t* out = stuffed_.data();
  while (from > low) {
    const auto left = static_cast<std::size_t>(from - low);
    const I8x16 next = reversed(load<I8x16>(from - sizeof(I8x16)));
    store(out, next);
    const auto until_mark =
        static_cast<std::size_t>(std::countr_zero(mask_equal(next, -1) | 1u << 16));
    const std::size_t plain = std::min({until_mark, left, sizeof(I8x16)});
    out += plain;
    from -= plain;
    if (plain == until_mark && from > low && plain < sizeof(I8x16)) {
      *out++ = 0xFF;
      *out++ = 0;
      --from;
    }
  }
  const std::uint8_t* const begin = stuffed_.data();
  out_.insert(out_.end(), begin, begin + (out - begin));
}

}  // namespace sfluv::photo
