// SPDX-License-Identifier: MIT
#include "photo_axis.h"

#include <algorithm>
#include <array>
#include <span>

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

constexpr int fraction_bits = 16;
constexpr std::int64_t fraction_one = 1 << fraction_bits;
constexpr std::int64_t weight_one = 1 << weight_bits;

/// Kernel value at a distance in 1/65536 of a stretched sample, linear between the steps.
std::int64_t kernel_at(std::int64_t distance) {
  const std::int64_t place = distance * kernel_steps;
  const auto step = static_cast<std::size_t>(place >> fraction_bits);
  if (step >= kernel.size() - 1) return 0;
  const std::int64_t rest = place & (fraction_one - 1);
  return kernel[step] + (((kernel[step + 1] - kernel[step]) * rest) >> fraction_bits);
}

/// Positions along an axis, in 1/65536 of a source sample.
struct Positions {
  explicit Positions(const AxisPlan& p)
      : plan(p),
        // Of a ratio below one the kernel is not stretched: chroma of a quarter grows to a half.
        stretch(std::max((std::int64_t{p.box} * p.spacing * p.sampling << fraction_bits) /
                             (std::int64_t{p.out_full} * p.sampling_max),
                         fraction_one)) {}

  /// Centre of an output sample, counted from the centre of the first source sample.
  [[nodiscard]] std::int64_t centre(std::uint32_t i) const {
    const std::int64_t halves = std::int64_t{plan.spacing} * (2 * std::int64_t{i} + 1);
    const std::int64_t from_edge =
        (std::int64_t{plan.box} * halves << fraction_bits) / (2 * std::int64_t{plan.out_full});
    const std::int64_t box = std::int64_t{plan.box} << fraction_bits;
    const std::int64_t offset = std::int64_t{plan.box_at} << fraction_bits;
    const std::int64_t full = offset + (plan.mirrored ? box - from_edge : from_edge);
    return full * plan.sampling / plan.sampling_max - fraction_one / 2;
  }

  const AxisPlan& plan;
  std::int64_t stretch;
};

/// Kernel values over consecutive source samples.
struct Window {
  std::int64_t first = 0;
  std::int64_t count = 0;
  std::array<std::int64_t, taps_max> values{};
};

/// The window of an output sample; source samples beyond the border repeat the border.
Window window_at(const Positions& positions, std::uint32_t i) {
  const std::int64_t centre = positions.centre(i);
  const std::int64_t reach = kernel_radius * positions.stretch;
  const std::int64_t narrowing = (fraction_one << 16) / positions.stretch;
  const std::int64_t low = ((centre - reach) >> fraction_bits) + 1;
  const std::int64_t high = (centre + reach) >> fraction_bits;
  const std::int64_t last = std::int64_t{positions.plan.in} - 1;
  Window window{.first = std::clamp<std::int64_t>(low, 0, last)};
  for (std::int64_t s = low; s <= high; ++s) {
    const std::int64_t away = (s << fraction_bits) - centre;
    const std::int64_t distance = (away < 0 ? -away : away) * narrowing >> 16;
    const std::int64_t at = std::clamp<std::int64_t>(s, 0, last) - window.first;
    window.values[static_cast<std::size_t>(at)] += kernel_at(distance);
    window.count = at + 1;
  }
  return window;
}

/// Appends the weights of a window, moved so that all taps are samples of the source and scaled so
/// that they sum to `weight_one` exactly; the rounding goes to the largest.
void append(Axis& axis, const Window& window, std::uint32_t in) {
  const std::int64_t first = std::min<std::int64_t>(window.first, std::int64_t{in} - axis.taps);
  std::int64_t sum = 0;
  for (const std::int64_t value : window.values) sum += value;
  const std::int64_t scale = (weight_one << 32) / sum;
  const std::size_t begin = axis.weights.size();
  axis.weights.resize(begin + axis.stride());
  const auto weights =
      std::span(axis.weights).subspan(begin + static_cast<std::size_t>(window.first - first));
  std::int64_t rest = weight_one;
  std::size_t largest = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(window.count); ++i) {
    const std::int64_t weight = (window.values[i] * scale + (std::int64_t{1} << 31)) >> 32;
    weights[i] = static_cast<std::int16_t>(weight);
    rest -= weight;
    if (weights[i] > weights[largest]) largest = i;
  }
  weights[largest] = static_cast<std::int16_t>(weights[largest] + rest);
  axis.first.push_back(static_cast<std::uint32_t>(first));
}

}  // namespace

std::uint32_t Axis::lowest() const { return *std::min_element(first.begin(), first.end()); }

std::uint32_t Axis::highest() const { return *std::max_element(first.begin(), first.end()) + taps; }

Axis make_axis(const AxisPlan& plan) {
  const Positions positions(plan);
  const std::int64_t reach = 2 * kernel_radius * positions.stretch >> fraction_bits;
  Axis axis{.taps = static_cast<std::uint32_t>(std::min<std::int64_t>(reach + 1, plan.in))};
  axis.first.reserve(plan.padded);
  axis.weights.reserve(plan.padded * axis.stride());
  for (std::uint32_t i = 0; i < plan.padded; ++i)
    append(axis, window_at(positions, std::min(i, plan.out - 1)), plan.in);
  return axis;
}

Axis reversed(const Axis& axis) {
  Axis result{.taps = axis.taps};
  for (std::uint32_t i = axis.size(); i-- > 0;) {
    result.first.push_back(axis.first[i]);
    result.weights.insert(result.weights.end(), axis.weights_of(i),
                          axis.weights_of(i) + axis.stride());
  }
  return result;
}

}  // namespace sfluv::photo
