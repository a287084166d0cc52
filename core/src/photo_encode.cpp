// SPDX-License-Identifier: MIT
#include "photo_encode.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
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
    // A run of a sample has no run before it: take it to begin as it would go on.
    if (alone) dc_before_ = {luma_[0].block[0][0], chroma_[0].block[0][0], chroma_[1].block[0][0]};
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

std::uint64_t square_root(std::uint64_t value) {
  std::uint64_t root = 0;
  for (int bit = 31; bit >= 0; --bit) {
    const std::uint64_t next = root | std::uint64_t{1} << bit;
    if (next * next <= value) root = next;
  }
  return root;
}

/// A scale and the bytes that the file takes with it.
struct Probe {
  std::uint32_t scale = 0;
  std::uint64_t bytes = 0;
};

/// The scale for fewer bytes, from one probe: of photos, bytes fall with the power 2/3 of the
/// scale.
std::uint32_t scale_for(const Probe& probe, std::uint64_t bytes) {
  constexpr std::uint64_t least = 32;  // below it every step is 1
  const std::uint64_t ratio = (probe.bytes << 16) / bytes;
  const std::uint64_t root = square_root(ratio << 16);
  const std::uint64_t scale = std::max<std::uint64_t>(probe.scale, least);
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>((scale * ratio >> 16) * root >> 16, 1u << 20));
}

/// The same from two, by the power that lies between them.
std::uint32_t scale_for(const Probe& fine, const Probe& coarse, std::uint64_t bytes) {
  const auto signed_of = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  const std::int64_t scales = signed_of(coarse.scale) - signed_of(fine.scale);
  const std::int64_t sizes = signed_of(fine.bytes) - signed_of(coarse.bytes);
  if (scales <= 0 || sizes <= 0) return scale_for(coarse, bytes);
  const std::int64_t power_1024ths = 1024 * scales * signed_of(fine.bytes + coarse.bytes) /
                                     (signed_of(coarse.scale + fine.scale) * sizes);
  const std::int64_t change = signed_of(coarse.scale) * power_1024ths *
                              (signed_of(coarse.bytes) - signed_of(bytes)) /
                              (1024 * signed_of(bytes));
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(signed_of(coarse.scale) + change, 0, 1 << 20));
}

class Encoder {
 public:
  Encoder(const Yuv420& picture, const EncodePlan& plan)
      : picture_(picture),
        plan_(plan),
        units_(picture.units_across() * picture.units_down()),
        finest_(scale_of(plan.quality_max)),
        coarsest_(scale_of(plan.quality_min)) {}

  std::expected<Encoded, TooLarge> run() {
    for (std::uint32_t scale = choose();;) {
      const Coding coding = code(scale, 1);
      const ScanTables tables(coding.counts());
      std::vector<std::uint8_t> jpeg = make_header(picture_, scale, tables, plan_.exif);
      // What stuffing adds is known only when it is written.
      std::uint64_t bytes = jpeg.size() + (tables.bits(coding.counts()) + 7) / 8 + 2;
      if (bytes <= plan_.bytes_max) {
        write(coding, tables, jpeg);
        bytes = jpeg.size();
        if (bytes <= plan_.bytes_max) return finished(std::move(jpeg), scale);
      }
      if (scale == coarsest_) return std::unexpected(TooLarge{bytes});
      scale = std::clamp(scale_for({scale, bytes}, wished()), scale + 1, coarsest_);
    }
  }

 private:
  Coding code(std::uint32_t scale, std::uint32_t every) {
    Coding coding(picture_, scale);
    for (std::uint32_t row = 0; row < picture_.units_down(); ++row) coding.code_row(row, every);
    units_coded_ += coding.units();
    return coding;
  }

  /// A little below the budget, because an estimate may be too hopeful.
  [[nodiscard]] std::uint64_t wished() const { return plan_.bytes_max - plan_.bytes_max / 256; }

  /// What the file will about take, from a sample of its runs.
  Probe estimate(std::uint32_t scale) {
    const std::uint32_t every = std::clamp(units_ / 512, 1u, 8u);
    const Coding coding = code(scale, every);
    const ScanTables tables(coding.counts());
    const std::uint64_t bytes = tables.bits(coding.counts()) * units_ / (8 * coding.units());
    return {scale, make_header(picture_, scale, tables, plan_.exif).size() + bytes +
                       bytes / 256};  // stuffing
  }

  /// The finest scale that will about fit.
  std::uint32_t choose() {
    Probe fine = estimate(finest_);
    // Whatever may fit at its best is tried: the estimate is not that good.
    if (fine.bytes <= plan_.bytes_max + plan_.bytes_max / 64) return finest_;
    Probe coarse = estimate(std::clamp(scale_for(fine, wished()), finest_, coarsest_));
    std::uint32_t scale = std::clamp(scale_for(fine, coarse, wished()), finest_, coarsest_);
    const std::uint64_t off =
        coarse.bytes > wished() ? coarse.bytes - wished() : wished() - coarse.bytes;
    if (off < wished() / 32) return scale;
    const Probe nearer = estimate(scale);
    (nearer.bytes > wished() ? fine : coarse) = nearer;
    return std::clamp(scale_for(fine, coarse, wished()), finest_, coarsest_);
  }

  static void write(const Coding& coding, const ScanTables& tables,
                    std::vector<std::uint8_t>& jpeg) {
    ScanWriter writer(tables, jpeg);
    for (std::size_t i = 0; i < coding.tokens().pages(); ++i) writer.put(coding.tokens().page(i));
    writer.finish();
    put(jpeg, std::array<std::uint8_t, 2>{0xFF, 0xD9});
  }

  [[nodiscard]] Encoded finished(std::vector<std::uint8_t> jpeg, std::uint32_t scale) const {
    return {.jpeg = std::move(jpeg),
            .quality = quality_of(scale, plan_),
            .work_64ths = static_cast<std::uint32_t>(units_coded_ * 64 / units_)};
  }

  const Yuv420& picture_;
  const EncodePlan& plan_;
  std::uint32_t units_;
  std::uint32_t finest_;
  std::uint32_t coarsest_;
  std::uint64_t units_coded_ = 0;
};

}  // namespace

std::expected<Encoded, TooLarge> encode_jpeg(const Yuv420& picture, const EncodePlan& plan) {
  return Encoder(picture, plan).run();
}

}  // namespace sfluv::photo
