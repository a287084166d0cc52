// SPDX-License-Identifier: MIT
#include "photo_encode.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <optional>
#include <span>

#include "photo_fdct.h"
#include "photo_tokens.h"

namespace sfluv::photo {
namespace {

// T.81 tables K.1 and K.2, row by row.
constexpr std::array<std::array<std::uint8_t, block_size>, 2> annex_k = {
    {{16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,
      14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
      18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,
      49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99},
     {17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99,
      99, 99, 47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
      99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99}}};

/// Annex K was made for pictures on the screens of 1990. A share of a flat table keeps more of the
/// fine structure at the same bytes.
constexpr std::uint32_t flat_share_64ths = 16;
constexpr std::array<std::uint32_t, 2> flat_step = {30, 40};

/// The steps are those of the tables times `scale` / 4096: finer than quality, so that a budget is
/// used to half a percent.
constexpr std::uint32_t scale_one = 4096;

std::uint32_t scale_of(std::uint32_t quality) {
  return quality < 50 ? 50 * scale_one / quality : scale_one * (100 - quality) / 50;
}

std::uint8_t quality_of(std::uint32_t scale, const EncodePlan& plan) {
  const std::uint32_t quality = scale > scale_one ? (50 * scale_one + scale / 2) / scale
                                                  : 100 - (scale * 50 + scale_one / 2) / scale_one;
  return static_cast<std::uint8_t>(
      std::clamp<std::uint32_t>(quality, plan.quality_min, plan.quality_max));
}

Steps steps_of(std::size_t which, std::uint32_t scale) {
  Steps steps;
  for (std::size_t i = 0; i < block_size; ++i) {
    const std::uint32_t mixed =
        annex_k[which][i] * (64 - flat_share_64ths) + flat_step[which] * flat_share_64ths;
    const std::uint64_t step = (std::uint64_t{mixed} * scale + 32 * scale_one) / (64 * scale_one);
    steps[i] = static_cast<std::uint8_t>(std::clamp<std::uint64_t>(step, 1, 255));
  }
  return steps;
}

void put_16(std::vector<std::uint8_t>& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

/// One function for all that is appended: each other way would be another copy of the vector's code.
void put(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> bytes) {
  out.insert(out.end(), bytes.data(), bytes.data() + bytes.size());
}

void put_segment(std::vector<std::uint8_t>& out, std::uint8_t marker,
                 std::span<const std::uint8_t> body) {
  out.push_back(0xFF);
  out.push_back(marker);
  put_16(out, body.size() + 2);
  put(out, body);
}

/// Everything before the data of the scan. JFIF says that the colours are YCbCr; nothing else is
/// told about the picture but what `exif` holds.
std::vector<std::uint8_t> make_header(const Yuv420& picture, std::uint32_t scale,
                                      const ScanTables& tables,
                                      const std::vector<std::uint8_t>& exif) {
  std::vector<std::uint8_t> out = {0xFF, 0xD8};
  put_segment(out, 0xE0,
              std::array<std::uint8_t, 14>{'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0});
  if (!exif.empty()) put_segment(out, 0xE1, exif);
  std::vector<std::uint8_t> body;
  for (std::uint8_t which = 0; which < 2; ++which) {
    const Steps steps = steps_of(which, scale);
    body.push_back(which);
    for (const std::uint8_t place : zigzag) body.push_back(steps[place]);
  }
  put_segment(out, 0xDB, body);
  body = {8};
  put_16(body, picture.height_px);
  put_16(body, picture.width_px);
  put(body, std::array<std::uint8_t, 10>{3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1});
  put_segment(out, 0xC0, body);
  body.clear();
  for (std::size_t i = 0; i < tables.table.size(); ++i) {
    const HuffmanTable& table = tables.table[i];
    body.push_back(static_cast<std::uint8_t>((i % 2) << 4 | i / 2));
    put(body, std::span(table.lengths).subspan(1));
    put(body, table.symbols);
  }
  put_segment(out, 0xC4, body);
  put_segment(out, 0xDA, std::array<std::uint8_t, 10>{3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0});
  return out;
}

/// Units that are coded together, so that each group of lanes is of one component.
constexpr std::uint32_t run_units_out = 8;
constexpr std::size_t run_tokens_max = run_units_out * 6 * block_tokens_max;

/// The picture, quantised and counted at one scale.
class Coding {
 public:
  Coding(const Yuv420& picture, std::uint32_t scale)
      : picture_(picture),
        dividers_{StepDivider(steps_of(0, scale)), StepDivider(steps_of(1, scale))} {}

  /// Codes a row of units; of a sample only every so many runs, begun elsewhere in every row.
  void code_row(std::uint32_t row, std::uint32_t every) {
    const std::uint32_t across = picture_.units_across();
    const std::uint32_t runs = (across + run_units_out - 1) / run_units_out;
    for (std::uint32_t run = row * 3 % every; run < runs; run += every) {
      const std::uint32_t x = run * run_units_out;
      const std::uint32_t units = std::min(run_units_out, across - x);
      code_run(x, row, units, every > 1);
      units_ += units;
    }
  }

  [[nodiscard]] const TokenCounts& counts() const { return counts_; }
  [[nodiscard]] const TokenPages& tokens() const { return tokens_; }
  [[nodiscard]] std::uint64_t units() const { return units_; }

  std::uint64_t thin_out(const ScanTables& tables, std::uint64_t bits) {
    return photo::thin_out(tokens_, counts_, tables, bits);
  }

 private:
  void code_run(std::uint32_t x, std::uint32_t row, std::uint32_t units, bool alone) {
    for (std::uint32_t i = 0; i < 4; ++i) {
      const Sample* samples = picture_.plane[0].row(row * 16 + i / 2 * 8) + x * 16 + i % 2 * 64;
      forward_dct(samples, picture_.plane[0].stride(), dividers_[0], luma_[i]);
    }
    for (std::size_t i = 0; i < 2; ++i) {
      const RowRing& plane = picture_.plane[i + 1];
      forward_dct(plane.row(row * 8) + x * 8, plane.stride(), dividers_[1], chroma_[i]);
    }
    // A run of a sample has no run before it: it is taken to begin with a step as it goes on with.
    if (alone) dc_before_ = {luma_[0].block[1][0], chroma_[0].block[1][0], chroma_[1].block[1][0]};
    Token* out = tokens_.reserve(run_tokens_max);
    for (std::size_t unit = 0; unit < units; ++unit) {
      for (std::size_t i = 0; i < 4; ++i) {
        const std::size_t across = unit * 2 + i % 2;
        out = put(luma_[i / 2 * 2 + across / 8].block[across % 8], 0, out);
      }
      for (std::size_t i = 0; i < 2; ++i) out = put(chroma_[i].block[unit], i + 1, out);
    }
    tokens_.commit(out);
  }

  Token* put(const std::array<std::int16_t, block_size>& block, std::size_t component, Token* out) {
    const int difference = block[0] - dc_before_[component];
    dc_before_[component] = block[0];
    return put_block(block.data(), difference, component == 0 ? 0 : chroma_symbols, short_tokens_,
                     out, counts_);
  }

  const Yuv420& picture_;
  std::array<StepDivider, 2> dividers_;
  std::array<CodedBlocks, 4> luma_;  ///< two rows of 16 blocks
  std::array<CodedBlocks, 2> chroma_;
  std::array<int, 3> dc_before_{};
  ShortTokens short_tokens_;
  TokenCounts counts_{};
  TokenPages tokens_;
  std::uint64_t units_ = 0;
};

/// A scale and the bytes that the file takes with it.
struct Probe {
  std::uint32_t scale = 0;
  std::uint64_t bytes = 0;
};

/// The binary logarithm of a positive number in 1/65536, straight between powers of two, and its
/// inverse.
std::int64_t logarithm(std::uint64_t value) {
  const int whole = static_cast<int>(std::bit_width(value)) - 1;
  return (std::int64_t{whole - 1} << 16) + static_cast<std::int64_t>((value << 16) >> whole);
}
std::uint64_t power(std::int64_t logarithm) {
  const auto mantissa = static_cast<std::uint64_t>((logarithm & 0xFFFF) + 0x10000);
  return mantissa << (logarithm >> 16) >> 16;
}

/// How the scale goes with the bytes: with their power -`exponent_64ths` / 64 around a probe.
struct Curve {
  Probe probe;
  std::int64_t exponent_64ths = 43;  ///< of photos about 2/3

  /// Through another probe, if that is possible.
  void go_through(const Probe& other) {
    const std::int64_t rise = logarithm(other.scale) - logarithm(probe.scale);
    const std::int64_t fall = logarithm(probe.bytes) - logarithm(other.bytes);
    if (fall != 0) exponent_64ths = std::clamp<std::int64_t>(64 * rise / fall, 8, 256);
  }
  [[nodiscard]] std::uint32_t scale_for(std::uint64_t bytes) const {
    const std::int64_t change = exponent_64ths * (logarithm(probe.bytes) - logarithm(bytes)) / 64;
    return static_cast<std::uint32_t>(
        power(std::clamp<std::int64_t>(logarithm(probe.scale) + change, 0, 20 << 16)));
  }
};

/// A file that is larger than wished by so small a part is thinned out instead of made anew.
constexpr std::uint64_t thinned_share = 8;

class Encoder {
 public:
  Encoder(const Yuv420& picture, const EncodePlan& plan)
      : picture_(picture),
        plan_(plan),
        units_(picture.units_across() * picture.units_down()),
        finest_(std::max(scale_of(plan.quality_max), 32u)),  // below it every step is 1
        coarsest_(std::max(scale_of(plan.quality_min), 32u)) {}

  std::expected<Encoded, TooLarge> run() {
    const std::expected<std::uint32_t, TooLarge> chosen = choose();
    if (!chosen) return std::unexpected(chosen.error());
    for (std::uint32_t scale = *chosen;;) {
      Coding coding = code(scale, 1);
      std::uint64_t bytes = 0;
      for (bool goes_on = true; goes_on;) {
        const ScanTables tables(coding.counts());
        std::vector<std::uint8_t> jpeg = make_header(picture_, scale, tables, plan_.exif);
        const std::uint64_t least = jpeg.size() + (tables.bits(coding.counts()) + 7) / 8 + 2;
        bytes = with_stuffing(least);
        if (least <= plan_.bytes_max) {
          jpeg.reserve(static_cast<std::size_t>(bytes));
          write(coding, tables, jpeg);
          bytes = jpeg.size();
          if (bytes <= plan_.bytes_max) return finished(std::move(jpeg), scale);
        }
        const std::uint64_t over = bytes - plan_.bytes_max;
        goes_on =
            over <= plan_.bytes_max / thinned_share && coding.thin_out(tables, over * 8 + 8) > 0;
      }
      if (scale == coarsest_) return std::unexpected(TooLarge{bytes, units_coded_});
      curve_.probe = {scale, bytes};
      scale = std::clamp(curve_.scale_for(plan_.bytes_max), scale + 1, coarsest_);
    }
  }

 private:
  Coding code(std::uint32_t scale, std::uint32_t every) {
    Coding coding(picture_, scale);
    for (std::uint32_t row = 0; row < picture_.units_down(); ++row) coding.code_row(row, every);
    units_coded_ += coding.units();
    return coding;
  }

  /// About one byte in 256 is FF, and 00 is stuffed behind it.
  static std::uint64_t with_stuffing(std::uint64_t bytes) { return bytes + bytes / 256; }

  /// What the file will about take, from a sample of its runs.
  Probe estimate(std::uint32_t scale) {
    const std::uint32_t every = std::clamp(units_ / 256, 1u, 8u);
    const Coding coding = code(scale, every);
    const ScanTables tables(coding.counts());
    const std::uint64_t bytes = tables.bits(coding.counts()) * units_ / (8 * coding.units());
    return {scale, make_header(picture_, scale, tables, plan_.exif).size() + with_stuffing(bytes)};
  }

  /// The finest scale that will about fit: a little too much is thinned out afterwards.
  std::expected<std::uint32_t, TooLarge> choose() {
    const std::uint64_t wished = plan_.bytes_max - plan_.bytes_max / 128;
    std::optional<Probe> more, less;  // than wished: the nearest ones
    Probe now = estimate(plan_.is_tight ? coarsest_ : finest_);
    for (int probes = 1;; ++probes) {
      if (now.scale == finest_ && now.bytes <= wished + wished / 64) return finest_;
      if (now.scale == coarsest_ && now.bytes > wished + wished / thinned_share)
        return std::unexpected(TooLarge{now.bytes, units_coded_});
      std::optional<Probe>& same_side = now.bytes > wished ? more : less;
      const std::optional<Probe>& other_side = now.bytes > wished ? less : more;
      curve_.probe = now;
      if (const auto& other = other_side ? other_side : same_side) curve_.go_through(*other);
      same_side = now;
      const std::uint32_t next = std::clamp(curve_.scale_for(wished), finest_, coarsest_);
      const std::uint64_t off = now.bytes > wished ? now.bytes - wished : wished - now.bytes;
      if (off < wished / (probes == 1 ? 64 : 16) || probes == 3 || next == now.scale) return next;
      now = estimate(next);
    }
  }

  static void write(const Coding& coding, const ScanTables& tables,
                    std::vector<std::uint8_t>& jpeg) {
    ScanWriter writer(tables, jpeg);
    for (const TokenPages::Page& page : coding.tokens().pages) writer.put(page.tokens());
    writer.finish();
    put(jpeg, std::array<std::uint8_t, 2>{0xFF, 0xD9});
  }

  [[nodiscard]] Encoded finished(std::vector<std::uint8_t> jpeg, std::uint32_t scale) const {
    return {
        .jpeg = std::move(jpeg), .quality = quality_of(scale, plan_), .units_coded = units_coded_};
  }

  const Yuv420& picture_;
  const EncodePlan& plan_;
  std::uint32_t units_;
  std::uint32_t finest_;
  std::uint32_t coarsest_;
  Curve curve_;
  std::uint64_t units_coded_ = 0;
};

}  // namespace

std::expected<Encoded, TooLarge> encode_jpeg(const Yuv420& picture, const EncodePlan& plan) {
  return Encoder(picture, plan).run();
}

}  // namespace sfluv::photo
