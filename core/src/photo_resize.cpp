// SPDX-License-Identifier: MIT
#include "photo_resize.h"

#include <algorithm>
#include <array>
#include <vector>

namespace sfluv::photo {
namespace {

/// Lanczos with three lobes at every 1/64 of a sample from 0 to 3, in 1/65536. A table, because the
/// same photo has to give the same bytes with every compiler and in every browser.
constexpr std::int32_t kernel_steps = 64;
constexpr std::int64_t kernel_radius = 3;
constexpr std::array<std::int32_t, kernel_steps* kernel_radius + 1> kernel = {
    65536, 65507, 65419, 65273, 65069, 64808, 64489, 64114, 63682, 63196, 62655, 62061, 61415,
    60717, 59970, 59174, 58331, 57443, 56510, 55535, 54519, 53464, 52372, 51244, 50083, 48891,
    47670, 46421, 45147, 43849, 42531, 41195, 39841, 38473, 37093, 35704, 34306, 32903, 31496,
    30088, 28682, 27278, 25879, 24488, 23106, 21734, 20376, 19033, 17707, 16399, 15112, 13846,
    12604, 11387, 10196, 9033,  7899,  6796,  5723,  4683,  3677,  2704,  1767,  865,   0,
    -828,  -1619, -2372, -3088, -3764, -4403, -5003, -5565, -6088, -6574, -7021, -7432, -7805,
    -8142, -8442, -8708, -8939, -9135, -9299, -9430, -9530, -9600, -9640, -9651, -9635, -9593,
    -9526, -9435, -9321, -9185, -9029, -8854, -8660, -8450, -8225, -7986, -7733, -7469, -7194,
    -6910, -6618, -6319, -6014, -5705, -5392, -5077, -4760, -4443, -4126, -3811, -3499, -3190,
    -2885, -2585, -2291, -2003, -1723, -1450, -1185, -929,  -682,  -444,  -217,  0,     206,
    402,   586,   760,   922,   1072,  1211,  1339,  1456,  1561,  1656,  1739,  1812,  1874,
    1926,  1967,  2000,  2023,  2037,  2042,  2039,  2029,  2011,  1986,  1955,  1918,  1875,
    1827,  1774,  1718,  1657,  1594,  1527,  1459,  1388,  1316,  1243,  1169,  1096,  1022,
    949,   877,   806,   737,   670,   605,   542,   482,   425,   371,   320,   273,   229,
    189,   153,   120,   92,    67,    46,    29,    16,    7,     2,     0,
};

constexpr std::int32_t weight_one = 1 << 14;
constexpr int fraction_bits = 16;
constexpr std::int64_t fraction_one = 1 << fraction_bits;

/// Bits that stay below the unit between the vertical and the horizontal pass.
constexpr int middle_bits = 6;
constexpr std::size_t strip_rows = 8;

/// Kernel value at a distance in 1/65536 of a (stretched) sample, linear between the steps.
std::int64_t kernel_at(std::int64_t distance) {
  const std::int64_t place = distance * kernel_steps;
  const auto step = static_cast<std::size_t>(place >> fraction_bits);
  if (step >= kernel.size() - 1) return 0;
  const std::int64_t rest = place & (fraction_one - 1);
  return kernel[step] + (((kernel[step + 1] - kernel[step]) * rest) >> fraction_bits);
}

/// The source samples of every output sample along one axis and their weights.
struct Axis {
  std::vector<std::uint32_t> first;   ///< first source sample
  std::vector<std::uint32_t> begin;   ///< into `weights`; one more than samples
  std::vector<std::int16_t> weights;  ///< those of one output sample sum to `weight_one`

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(first.size()); }
  [[nodiscard]] std::uint32_t count(std::uint32_t i) const { return begin[i + 1] - begin[i]; }
};

/// Scales `raw` so that it sums to `weight_one` exactly; the rounding goes to the largest weight.
void append_normalised(Axis& axis, const std::vector<std::int64_t>& raw, std::int64_t first) {
  std::int64_t sum = 0;
  for (const std::int64_t value : raw) sum += value;
  std::vector<std::int32_t> scaled(raw.size());
  std::int32_t total = 0;
  std::size_t largest = 0;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    scaled[i] = static_cast<std::int32_t>((raw[i] * weight_one * 2 + sum) / (sum * 2));
    total += scaled[i];
    if (scaled[i] > scaled[largest]) largest = i;
  }
  scaled[largest] += weight_one - total;
  std::size_t from = 0;
  std::size_t to = scaled.size();
  while (scaled[from] == 0) ++from;
  while (scaled[to - 1] == 0) --to;
  axis.first.push_back(static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(from));
  for (std::size_t i = from; i < to; ++i)
    axis.weights.push_back(static_cast<std::int16_t>(scaled[i]));
  axis.begin.push_back(static_cast<std::uint32_t>(axis.weights.size()));
}

Axis make_axis(const AxisPlan& plan) {
  Axis axis;
  axis.begin.push_back(0);
  // All in 1/65536 of a source sample.
  const std::int64_t shrink =
      (static_cast<std::int64_t>(plan.box) * plan.spacing * plan.sampling << fraction_bits) /
      (static_cast<std::int64_t>(plan.out_full) * plan.sampling_max);
  const std::int64_t stretch = std::max(shrink, fraction_one);
  const std::int64_t reach = kernel_radius * stretch;
  const std::int64_t last = static_cast<std::int64_t>(plan.in) - 1;
  std::vector<std::int64_t> raw;
  for (std::uint32_t i = 0; i < plan.out; ++i) {
    // Centre of the output sample, from the edge of the box, in half output pixels.
    const std::int64_t halves = static_cast<std::int64_t>(plan.spacing) * (2 * i + 1);
    const std::int64_t from_edge = (static_cast<std::int64_t>(plan.box) * halves << fraction_bits) /
                                   (2 * std::int64_t{plan.out_full});
    const std::int64_t box = static_cast<std::int64_t>(plan.box) << fraction_bits;
    const std::int64_t offset = static_cast<std::int64_t>(plan.box_at) << fraction_bits;
    const std::int64_t full = offset + (plan.mirrored ? box - from_edge : from_edge);
    const std::int64_t centre = full * plan.sampling / plan.sampling_max - fraction_one / 2;
    const std::int64_t low = ((centre - reach) >> fraction_bits) + 1;
    const std::int64_t high = (centre + reach) >> fraction_bits;
    const std::int64_t first = std::clamp<std::int64_t>(low, 0, last);
    raw.assign(static_cast<std::size_t>(std::clamp<std::int64_t>(high, 0, last) - first + 1), 0);
    for (std::int64_t s = low; s <= high; ++s) {
      const std::int64_t away = (s << fraction_bits) - centre;
      const std::int64_t distance = ((away < 0 ? -away : away) << fraction_bits) / stretch;
      // Samples beyond the border repeat the border.
      raw[static_cast<std::size_t>(std::clamp<std::int64_t>(s, 0, last) - first)] +=
          kernel_at(distance);
    }
    append_normalised(axis, raw, first);
  }
  return axis;
}

/// Columns of the source that any output sample uses.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

Span span_of(const Axis& axis) {
  Span span{.begin = ~0u, .end = 0};
  for (std::uint32_t i = 0; i < axis.size(); ++i) {
    span.begin = std::min(span.begin, axis.first[i]);
    span.end = std::max(span.end, axis.first[i] + axis.count(i));
  }
  return span;
}

/// One row of the strip: the weighted sum of source rows, column by column. `middle` holds the
/// strip with its rows side by side, so that the second pass works on eight rows at once.
void sum_rows(const std::vector<const std::uint8_t*>& rows, const std::int16_t* weights, Span span,
              std::int16_t* middle) {
  constexpr std::size_t lanes = 16;
  constexpr int shift = 14 - middle_bits;
  const std::size_t taps = rows.size();
  std::size_t x = span.begin;
  for (; x + lanes <= span.end; x += lanes) {
    std::array<std::int32_t, lanes> sum{};
    for (std::size_t k = 0; k < taps; ++k) {
      const std::uint8_t* row = rows[k] + x;
      const std::int32_t weight = weights[k];
      for (std::size_t i = 0; i < lanes; ++i) sum[i] += weight * row[i];
    }
    std::int16_t* out = middle + (x - span.begin) * strip_rows;
    for (std::size_t i = 0; i < lanes; ++i) {
      out[i * strip_rows] = static_cast<std::int16_t>((sum[i] + (1 << (shift - 1))) >> shift);
    }
  }
  for (; x < span.end; ++x) {
    std::int32_t sum = 1 << (shift - 1);
    for (std::size_t k = 0; k < taps; ++k) sum += std::int32_t{weights[k]} * rows[k][x];
    middle[(x - span.begin) * strip_rows] = static_cast<std::int16_t>(sum >> shift);
  }
}

/// The eight results of one column of the strip.
void sum_columns(const std::int16_t* middle, const std::int16_t* weights, std::uint32_t taps,
                 std::array<std::uint8_t, strip_rows>& out) {
  constexpr int shift = 14 + middle_bits;
  std::array<std::int32_t, strip_rows> sum{};
  for (std::uint32_t k = 0; k < taps; ++k) {
    const std::int32_t weight = weights[k];
    const std::int16_t* samples = middle + k * strip_rows;
    for (std::size_t r = 0; r < strip_rows; ++r) sum[r] += weight * samples[r];
  }
  for (std::size_t r = 0; r < strip_rows; ++r) {
    out[r] = static_cast<std::uint8_t>(std::clamp((sum[r] + (1 << (shift - 1))) >> shift, 0, 255));
  }
}

}  // namespace

void resize(ComponentRows& source, const AxisPlan& across, const AxisPlan& down,
            const PlaneTarget& target) {
  const Axis columns = make_axis(across);
  const Axis rows = make_axis(down);
  const Span span = span_of(columns);
  std::vector<std::int16_t> middle(std::size_t{span.end - span.begin} * strip_rows);
  std::vector<const std::uint8_t*> inputs;
  std::array<std::uint8_t, strip_rows> results{};
  for (std::uint32_t y = 0; y < rows.size(); y += strip_rows) {
    const std::size_t height = std::min<std::size_t>(strip_rows, rows.size() - y);
    for (std::size_t r = 0; r < height; ++r) {
      const std::uint32_t row = y + static_cast<std::uint32_t>(r);
      inputs.resize(rows.count(row));
      for (std::uint32_t k = 0; k < inputs.size(); ++k) inputs[k] = source.row(rows.first[row] + k);
      sum_rows(inputs, &rows.weights[rows.begin[row]], span, middle.data() + r);
    }
    for (std::uint32_t x = 0; x < columns.size(); ++x) {
      const std::size_t at = std::size_t{columns.first[x] - span.begin} * strip_rows;
      sum_columns(middle.data() + at, &columns.weights[columns.begin[x]], columns.count(x),
                  results);
      std::uint8_t* out = target.samples + x * target.step_across + y * target.step_down;
      for (std::size_t r = 0; r < height; ++r) out[r * target.step_down] = results[r];
    }
  }
}

std::size_t rows_at_once(const AxisPlan& down) {
  const std::uint64_t shrink = std::uint64_t{down.box} * down.spacing * down.sampling /
                                   (std::uint64_t{down.out_full} * down.sampling_max) +
                               1;
  return std::min(std::size_t{down.in},
                  static_cast<std::size_t>((2 * kernel_radius + 1) * shrink + 2));
}

}  // namespace sfluv::photo
