// SPDX-License-Identifier: MIT
#include "photo_encode.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <span>

namespace sfluv::photo {
namespace {

constexpr std::size_t block_size = 64;

constexpr std::array<std::uint8_t, block_size> zigzag = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

// T.81 tables K.1 and K.2, in rows.
constexpr std::array<std::array<std::uint8_t, block_size>, 2> quantisers = {
    {{16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,
      14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
      18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,
      49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99},
     {17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99,
      99, 99, 47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
      99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99}}};

/// Quality in eighths of the IJG scale: fine enough to use a budget to half a percent.
constexpr int quality_steps = 8;

using Coefficients = std::array<std::int16_t, block_size>;
using Quantiser = std::array<std::uint8_t, block_size>;

/// The table of a quality, in zigzag order.
Quantiser quantiser_of(std::size_t which, int quality) {
  const int scale = quality < 50 * quality_steps
                        ? 5000 * quality_steps * 10 / quality
                        : 2000 - 20 * quality / quality_steps;  // in 1/1000
  Quantiser table;
  for (std::size_t i = 0; i < block_size; ++i) {
    table[i] = static_cast<std::uint8_t>(
        std::clamp((quantisers[which][zigzag[i]] * scale + 500) / 1000, 1, 255));
  }
  return table;
}

/// Exact division with rounding by two high multiplications of 16 bits, as SIMD units have them.
/// The dividends are DCT values below 2^14, the divisors 8..2040 (the DCT leaves a factor of 8).
struct Divider {
  std::array<std::uint16_t, block_size> half;
  std::array<std::uint16_t, block_size> reciprocal;
  std::array<std::uint16_t, block_size> scale;

  explicit Divider(const Quantiser& table) {
    for (std::size_t i = 0; i < block_size; ++i) {
      const std::uint32_t divisor = table[i] * 8u;
      const bool power = std::has_single_bit(divisor);
      const int shift = static_cast<int>(std::bit_width(divisor)) - 1 - (power ? 1 : 0);
      half[i] = static_cast<std::uint16_t>(divisor / 2);
      reciprocal[i] =
          static_cast<std::uint16_t>(((std::uint32_t{1} << (16 + shift)) + divisor - 1) / divisor);
      scale[i] = static_cast<std::uint16_t>(1u << (16 - shift));
    }
  }
};

void quantise(const Coefficients& in, const Divider& divider, Coefficients& out) {
  for (std::size_t i = 0; i < block_size; ++i) {
    const auto sign = static_cast<std::int16_t>(in[i] >> 15);
    const auto size = static_cast<std::uint16_t>((in[i] ^ sign) - sign);
    const auto sum = static_cast<std::uint16_t>(size + divider.half[i]);
    const auto high =
        static_cast<std::uint16_t>(static_cast<std::uint32_t>(sum) * divider.reciprocal[i] >> 16);
    const auto value =
        static_cast<std::int16_t>(static_cast<std::uint32_t>(high) * divider.scale[i] >> 16);
    out[i] = static_cast<std::int16_t>((value ^ sign) - sign);
  }
}

/// The forward DCT of Loeffler, Ligtenberg and Moschytz with 13-bit constants, as in libjpeg's
/// "islow"; values come out eight times too large.
template <std::size_t step, int shift_even, int shift_odd>
void dct_eight(std::array<std::int32_t, block_size>& v, std::size_t at) {
  const auto x = [&](std::size_t i) -> std::int32_t& { return v[at + i * step]; };
  const std::int32_t s0 = x(0) + x(7), d0 = x(0) - x(7), s1 = x(1) + x(6), d1 = x(1) - x(6);
  const std::int32_t s2 = x(2) + x(5), d2 = x(2) - x(5), s3 = x(3) + x(4), d3 = x(3) - x(4);
  const std::int32_t e0 = s0 + s3, e3 = s0 - s3, e1 = s1 + s2, e2 = s1 - s2;
  constexpr std::int32_t round_odd = 1 << (shift_odd - 1);
  constexpr std::int32_t round_even = shift_even > 0 ? 1 << (shift_even - 1) : 0;
  if constexpr (shift_even > 0) {
    x(0) = (e0 + e1 + round_even) >> shift_even;
    x(4) = (e0 - e1 + round_even) >> shift_even;
  } else {
    x(0) = (e0 + e1) * (1 << -shift_even);
    x(4) = (e0 - e1) * (1 << -shift_even);
  }
  const std::int32_t even = (e2 + e3) * 4433;
  x(2) = (even + e3 * 6270 + round_odd) >> shift_odd;
  x(6) = (even - e2 * 15137 + round_odd) >> shift_odd;
  const std::int32_t odd = (d3 + d1 + d2 + d0) * 9633;
  const std::int32_t z1 = (d3 + d0) * -7373, z2 = (d2 + d1) * -20995;
  const std::int32_t z3 = odd - (d3 + d1) * 16069, z4 = odd - (d2 + d0) * 3196;
  x(7) = (d3 * 2446 + z1 + z3 + round_odd) >> shift_odd;
  x(5) = (d2 * 16819 + z2 + z4 + round_odd) >> shift_odd;
  x(3) = (d1 * 25172 + z2 + z3 + round_odd) >> shift_odd;
  x(1) = (d0 * 12299 + z1 + z4 + round_odd) >> shift_odd;
}

void forward_dct(std::array<std::int32_t, block_size>& v, Coefficients& out) {
  for (std::size_t row = 0; row < 8; ++row) dct_eight<1, -2, 11>(v, row * 8);
  for (std::size_t column = 0; column < 8; ++column) dct_eight<8, 2, 15>(v, column);
  // No pattern of 8-bit samples has an AC value of 1024 or more, so the ten bits that baseline has
  // for one (T.81 table F.2) are enough at every quality.
  for (std::size_t i = 0; i < block_size; ++i) out[i] = static_cast<std::int16_t>(v[zigzag[i]]);
}

/// All blocks of a picture before quantisation, in the order of the scan: four of Y, Cb, Cr a unit.
struct Blocks {
  std::size_t units_across = 0;
  std::size_t units_down = 0;
  std::vector<Coefficients> blocks;
};
constexpr std::size_t blocks_per_unit = 6;

void load_block(const std::vector<std::uint8_t>& plane, std::size_t width, std::size_t height,
                std::size_t x, std::size_t y, std::array<std::int32_t, block_size>& out) {
  for (std::size_t row = 0; row < 8; ++row) {
    const std::uint8_t* samples = &plane[std::min(y + row, height - 1) * width];
    std::int32_t* values = &out[row * 8];
    if (x + 8 <= width) {
      for (std::size_t i = 0; i < 8; ++i) values[i] = samples[x + i] - 128;
    } else {
      for (std::size_t i = 0; i < 8; ++i) values[i] = samples[std::min(x + i, width - 1)] - 128;
    }
  }
}

Blocks transform(const Yuv420& picture) {
  Blocks result{.units_across = (picture.width_px + 15) / 16,
                .units_down = (picture.height_px + 15) / 16};
  result.blocks.resize(result.units_across * result.units_down * blocks_per_unit);
  std::array<std::int32_t, block_size> values;
  std::size_t at = 0;
  for (std::size_t y = 0; y < result.units_down; ++y) {
    for (std::size_t x = 0; x < result.units_across; ++x) {
      for (std::size_t i = 0; i < 4; ++i) {
        load_block(picture.plane[0], picture.width_px, picture.height_px, x * 16 + i % 2 * 8,
                   y * 16 + i / 2 * 8, values);
        forward_dct(values, result.blocks[at++]);
      }
      for (std::size_t i = 1; i < 3; ++i) {
        load_block(picture.plane[i], picture.chroma_width(), picture.chroma_height(), x * 8, y * 8,
                   values);
        forward_dct(values, result.blocks[at++]);
      }
    }
  }
  return result;
}

/// How often each symbol of the four Huffman tables (DC and AC, luma and chroma) is needed, and the
/// bits of the values beside the codes.
struct Statistics {
  std::array<std::array<std::uint32_t, 256>, 4> count{};
  std::uint64_t value_bits = 0;
};

std::uint32_t size_of(int value) {
  return static_cast<std::uint32_t>(
      std::bit_width(static_cast<std::uint32_t>(value < 0 ? -value : value)));
}

/// Hands every symbol of a block to `sink(table, symbol, value, size)` (T.81 §F.1.2).
template <class Sink>
void code_block(const Coefficients& block, int& dc_before, std::size_t tables, Sink& sink) {
  const int difference = block[0] - dc_before;
  dc_before = block[0];
  const std::uint32_t dc_size = size_of(difference);
  sink(tables, dc_size, difference, dc_size);
  std::uint64_t nonzero = 0;
  for (std::size_t i = 1; i < block_size; ++i)
    nonzero |= static_cast<std::uint64_t>(block[i] != 0) << i;
  int before = 0;
  for (; nonzero != 0; nonzero &= nonzero - 1) {
    const int at = std::countr_zero(nonzero);
    int run = at - before - 1;
    for (; run >= 16; run -= 16) sink(tables + 1, 0xF0u, 0, 0u);
    const int value = block[static_cast<std::size_t>(at)];
    const std::uint32_t size = size_of(value);
    sink(tables + 1, static_cast<std::uint32_t>(run) << 4 | size, value, size);
    before = at;
  }
  if (before != block_size - 1) sink(tables + 1, 0u, 0, 0u);
}

/// Quantises and codes the picture, or of every `row_step` rows of units one, for an estimate.
template <class Sink>
void code_picture(const Blocks& picture, int quality, std::size_t row_step, Sink& sink) {
  const std::array dividers = {Divider(quantiser_of(0, quality)),
                               Divider(quantiser_of(1, quality))};
  Coefficients block;
  std::array<int, 3> dc_before{};
  for (std::size_t row = 0; row < picture.units_down; row += row_step) {
    const std::size_t begin = row * picture.units_across * blocks_per_unit;
    for (std::size_t i = 0; i < picture.units_across * blocks_per_unit; ++i) {
      const std::size_t in_unit = i % blocks_per_unit;
      const std::size_t component = in_unit < 4 ? 0 : in_unit - 3;
      const std::size_t kind = component == 0 ? 0 : 1;
      quantise(picture.blocks[begin + i], dividers[kind], block);
      code_block(block, dc_before[component], kind * 2, sink);
    }
  }
}

struct Counter {
  Statistics statistics;

  void operator()(std::size_t table, std::uint32_t symbol, int, std::uint32_t size) {
    ++statistics.count[table][symbol];
    statistics.value_bits += size;
  }
};

Statistics count(const Blocks& picture, int quality, std::size_t row_step) {
  Counter counter;
  code_picture(picture, quality, row_step, counter);
  return counter.statistics;
}

/// A Huffman table as it is written, and the codes.
struct Huffman {
  std::array<std::uint8_t, 17> lengths{};  ///< number of codes of each length
  std::vector<std::uint8_t> symbols;
  std::array<std::uint16_t, 256> code{};
  std::array<std::uint8_t, 256> length{};
};

/// Number of codes of each length. Counts of symbols stay below 2^32, so no code is longer than 47
/// bits before it is shortened.
using LengthCounts = std::array<std::uint32_t, 65>;

/// T.81 §K.2: code lengths by merging the two rarest, then shortened to 16. A symbol 256 of count
/// one takes the code of all ones, which may not be used.
LengthCounts code_lengths(const std::array<std::uint32_t, 256>& counts,
                          std::array<std::uint8_t, 257>& length) {
  std::array<std::uint64_t, 257> weight{};
  std::array<int, 257> next;
  next.fill(-1);
  std::copy(counts.begin(), counts.end(), weight.begin());
  weight[256] = 1;
  length.fill(0);
  for (;;) {
    int rarest = -1;
    int second = -1;
    for (int i = 0; i < 257; ++i) {
      const std::uint64_t w = weight[static_cast<std::size_t>(i)];
      if (w == 0) continue;
      if (rarest < 0 || w <= weight[static_cast<std::size_t>(rarest)]) {
        second = rarest;
        rarest = i;
      } else if (second < 0 || w <= weight[static_cast<std::size_t>(second)]) {
        second = i;
      }
    }
    if (second < 0) break;
    weight[static_cast<std::size_t>(rarest)] += weight[static_cast<std::size_t>(second)];
    weight[static_cast<std::size_t>(second)] = 0;
    int end = rarest;
    for (int i = rarest; i >= 0; i = next[static_cast<std::size_t>(i)]) {
      ++length[static_cast<std::size_t>(i)];
      end = i;
    }
    next[static_cast<std::size_t>(end)] = second;
    for (int i = second; i >= 0; i = next[static_cast<std::size_t>(i)])
      ++length[static_cast<std::size_t>(i)];
  }
  LengthCounts bits{};
  for (const std::uint8_t l : length) ++bits[l];
  bits[0] = 0;
  return bits;
}

Huffman make_huffman(const std::array<std::uint32_t, 256>& counts) {
  std::array<std::uint8_t, 257> length{};
  LengthCounts bits = code_lengths(counts, length);
  for (std::size_t i = bits.size() - 1; i > 16; --i) {
    while (bits[i] > 0) {
      std::size_t shorter = i - 2;
      while (bits[shorter] == 0) --shorter;
      bits[i] -= 2;
      ++bits[i - 1];
      bits[shorter + 1] += 2;
      --bits[shorter];
    }
  }
  std::size_t longest = 16;
  while (bits[longest] == 0) --longest;
  --bits[longest];  // the code of all ones
  Huffman huffman;
  for (std::size_t l = 1; l <= 16; ++l) huffman.lengths[l] = static_cast<std::uint8_t>(bits[l]);
  for (std::size_t l = 1; l < bits.size(); ++l) {
    for (std::size_t i = 0; i < 256; ++i) {
      if (length[i] == l) huffman.symbols.push_back(static_cast<std::uint8_t>(i));
    }
  }
  std::uint32_t code = 0;
  std::size_t at = 0;
  for (std::uint8_t l = 1; l <= 16; ++l, code <<= 1) {
    for (int i = 0; i < huffman.lengths[l]; ++i, ++code, ++at) {
      huffman.code[huffman.symbols[at]] = static_cast<std::uint16_t>(code);
      huffman.length[huffman.symbols[at]] = l;
    }
  }
  return huffman;
}

using Tables = std::array<Huffman, 4>;

Tables make_tables(const Statistics& statistics) {
  Tables tables;
  for (std::size_t i = 0; i < tables.size(); ++i) tables[i] = make_huffman(statistics.count[i]);
  return tables;
}

std::uint64_t data_bits(const Statistics& statistics, const Tables& tables) {
  std::uint64_t bits = statistics.value_bits;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    for (std::size_t symbol = 0; symbol < 256; ++symbol) {
      bits += std::uint64_t{statistics.count[i][symbol]} * tables[i].length[symbol];
    }
  }
  return bits;
}

void put_16(std::vector<std::uint8_t>& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put_segment(std::vector<std::uint8_t>& out, std::uint8_t marker,
                 std::span<const std::uint8_t> body) {
  out.push_back(0xFF);
  out.push_back(marker);
  put_16(out, body.size() + 2);
  out.insert(out.end(), body.begin(), body.end());
}

/// Everything before the data of the scan. JFIF says that the colours are YCbCr; nothing else is
/// told about the picture.
std::vector<std::uint8_t> make_header(const Yuv420& picture, int quality, const Tables& tables) {
  std::vector<std::uint8_t> out = {0xFF, 0xD8};
  put_segment(out, 0xE0,
              std::array<std::uint8_t, 14>{'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0});
  std::vector<std::uint8_t> body;
  for (std::uint8_t i = 0; i < 2; ++i) {
    const Quantiser table = quantiser_of(i, quality);
    body.push_back(i);
    body.insert(body.end(), table.begin(), table.end());
  }
  put_segment(out, 0xDB, body);
  body = {8};
  put_16(body, picture.height_px);
  put_16(body, picture.width_px);
  body.insert(body.end(), {3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1});
  put_segment(out, 0xC0, body);
  body.clear();
  for (std::size_t i = 0; i < tables.size(); ++i) {
    body.push_back(static_cast<std::uint8_t>((i % 2) << 4 | i / 2));
    body.insert(body.end(), tables[i].lengths.begin() + 1, tables[i].lengths.end());
    body.insert(body.end(), tables[i].symbols.begin(), tables[i].symbols.end());
  }
  put_segment(out, 0xC4, body);
  put_segment(out, 0xDA, std::array<std::uint8_t, 10>{3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0});
  return out;
}

class Emitter {
 public:
  Emitter(const Tables& tables, std::vector<std::uint8_t>& out) : tables_(tables), out_(out) {}

  void operator()(std::size_t table, std::uint32_t symbol, int value, std::uint32_t size) {
    const Huffman& huffman = tables_[table];
    // T.81 §F.1.2.1: a negative value is written as its ones' complement.
    const std::uint32_t low =
        static_cast<std::uint32_t>(value + (value >> 31)) & ((1u << size) - 1);
    put(std::uint32_t{huffman.code[symbol]} << size | low, huffman.length[symbol] + size);
  }

  /// Fills the last byte with ones and ends the picture.
  void finish() {
    put(0x7F, 7);
    while (held_ >= 8) put_byte();
    out_.insert(out_.end(), {0xFF, 0xD9});
  }

 private:
  void put(std::uint32_t bits, std::uint32_t count) {
    bits_ = bits_ << count | bits;
    held_ += count;
    while (held_ >= 32) {
      for (int i = 0; i < 4; ++i) put_byte();
    }
  }
  void put_byte() {
    held_ -= 8;
    const auto byte = static_cast<std::uint8_t>(bits_ >> held_);
    out_.push_back(byte);
    if (byte == 0xFF) out_.push_back(0);
  }

  const Tables& tables_;
  std::vector<std::uint8_t>& out_;
  std::uint64_t bits_ = 0;
  std::uint32_t held_ = 0;
};

/// The JPEG of this quality; empty as soon as it is known not to fit.
std::vector<std::uint8_t> encode_at(const Yuv420& picture, const Blocks& blocks, int quality,
                                    std::uint32_t bytes_max) {
  const Statistics statistics = count(blocks, quality, 1);
  const Tables tables = make_tables(statistics);
  std::vector<std::uint8_t> jpeg = make_header(picture, quality, tables);
  const std::uint64_t bytes = jpeg.size() + (data_bits(statistics, tables) + 7) / 8 + 2;
  if (bytes > bytes_max) return {};
  jpeg.reserve(static_cast<std::size_t>(bytes + bytes / 64));
  Emitter emitter(tables, jpeg);
  code_picture(blocks, quality, 1, emitter);
  emitter.finish();
  if (jpeg.size() > bytes_max) return {};
  return jpeg;
}

/// What the JPEG will about take, from a sample of its rows.
std::uint64_t estimate(const Blocks& blocks, int quality, std::size_t row_step) {
  const Statistics statistics = count(blocks, quality, row_step);
  const std::uint64_t sampled = (blocks.units_down + row_step - 1) / row_step;
  constexpr std::uint64_t header_bytes = 600;
  const std::uint64_t bytes =
      data_bits(statistics, make_tables(statistics)) * blocks.units_down / sampled / 8;
  return header_bytes + bytes + bytes / 200;  // stuffing
}

}  // namespace

std::optional<Encoded> encode_jpeg(const Yuv420& picture, const EncodePlan& plan) {
  const Blocks blocks = transform(picture);
  const auto finished = [](std::vector<std::uint8_t> jpeg, int quality) {
    return Encoded{.jpeg = std::move(jpeg),
                   .quality = static_cast<std::uint8_t>(quality / quality_steps)};
  };
  const int highest = plan.quality_max * quality_steps;
  const int lowest = plan.quality_min * quality_steps;
  if (auto jpeg = encode_at(picture, blocks, highest, plan.bytes_max); !jpeg.empty()) {
    return finished(std::move(jpeg), highest);
  }
  const std::size_t row_step = blocks.units_down >= 64 ? 8 : blocks.units_down >= 16 ? 2 : 1;
  int low = lowest;
  int high = highest;
  while (low < high) {
    const int middle = (low + high) / 2;
    if (estimate(blocks, middle, row_step) <= plan.bytes_max) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  // `low` is the first that is estimated too large. Where the estimate was too hopeful, step down,
  // farther each time.
  int step = 1;
  for (int quality = std::max(low - 1, lowest);;
       quality = std::max(quality - step, lowest), step *= 2) {
    if (auto jpeg = encode_at(picture, blocks, quality, plan.bytes_max); !jpeg.empty()) {
      return finished(std::move(jpeg), quality);
    }
    if (quality == lowest) return std::nullopt;
  }
}

}  // namespace sfluv::photo
