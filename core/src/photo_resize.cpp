// SPDX-License-Identifier: MIT
#include "photo_resize.h"

#include <algorithm>

namespace sfluv::photo {
namespace {

constexpr std::uint32_t vector_columns = 16;
/// `mul_round` divides by 2^15; bytes come as 2^8 times their value.
constexpr int middle_bits = 8 + weight_bits - 15;
constexpr int last_bits = middle_bits + weight_bits - 15;

/// Eight columns of eight samples, to eight rows of them.
void store_tile(const std::array<I16x8, 8>& columns, Sample* out, std::ptrdiff_t step) {
  std::array<I16x8, 8> rows = columns;
  transpose(rows);
  for (std::size_t i = 0; i < 8; i += 2) {
    const I8x16 two = narrow(rows[i], rows[i + 1]);
    store_low(out, two);
    store_high(out + step, two);
    out += 2 * step;
  }
}

}  // namespace

PlaneResizer::PlaneResizer(const AxisPlan& across, const AxisPlan& down, const PlaneTarget& target)
    : across_(make_axis(across)),
      down_(target.reversed ? reversed(make_axis(down)) : make_axis(down)),
      target_(target),
      first_column_(across_.lowest()),
      end_column_(across_.highest()),
      middle_(end_column_ - first_column_ + vector_columns) {}

std::uint32_t PlaneResizer::strip_end(std::uint32_t y) const {
  std::uint32_t end = 0;
  for (std::uint32_t i = 0; i < strip_rows; ++i) end = std::max(end, down_.end(y + i));
  return end;
}

std::uint32_t PlaneResizer::rows_at_once() const {
  std::uint32_t most = 0;
  for (std::uint32_t y = 0; y < down_.size(); y += strip_rows)
    most = std::max(
        most, strip_end(y) - *std::min_element(&down_.first[y], &down_.first[y] + strip_rows));
  return most;
}

void PlaneResizer::advance(const RowRing& source, std::uint32_t rows_made) {
  while (done_ < down_.size() && strip_end(done_) <= rows_made) {
    prepare_strip(source);
    for (std::uint32_t x = first_column_; x < end_column_; x += vector_columns) shrink_down(x);
    for (std::uint32_t x = 0; x < across_.size(); x += 8) shrink_across(x);
    done_ += strip_rows;
  }
}

void PlaneResizer::prepare_strip(const RowRing& source) {
  for (std::uint32_t i = 0; i < strip_rows; ++i) {
    const std::uint32_t row = done_ + i;
    std::vector<Tap>& taps = taps_[i];
    taps.clear();
    for (std::uint32_t k = 0; k < down_.count(row); ++k) {
      taps.push_back({.row = source.row(down_.first[row] + k),
                      .weight = splat16(down_.weights[down_.begin[row] + k])});
    }
  }
}

/// 16 columns of the strip, from column `x` of the source on.
void PlaneResizer::shrink_down(std::uint32_t x) {
  std::array<I16x8, strip_rows> left;
  std::array<I16x8, strip_rows> right;
  for (std::uint32_t i = 0; i < strip_rows; ++i) {
    I16x8 sum_left{};
    I16x8 sum_right{};
    for (const Tap& tap : taps_[i]) {
      const auto samples = load<I8x16>(tap.row + x);
      sum_left = add(sum_left, mul_round(high_bytes_low(samples), tap.weight));
      sum_right = add(sum_right, mul_round(high_bytes_high(samples), tap.weight));
    }
    // Where stored rows run backwards along a row of the picture, so do the lanes.
    const std::uint32_t lane = target_.turned && target_.reversed ? strip_rows - 1 - i : i;
    left[lane] = sum_left;
    right[lane] = sum_right;
  }
  transpose(left);
  transpose(right);
  I16x8* out = &middle_[x - first_column_];
  std::copy(left.begin(), left.end(), out);
  std::copy(right.begin(), right.end(), out + 8);
}

/// Eight output columns of the strip.
void PlaneResizer::shrink_across(std::uint32_t x) {
  std::array<I16x8, 8> columns;
  for (std::uint32_t i = 0; i < 8; ++i) {
    const I16x8* samples = &middle_[across_.first[x + i] - first_column_];
    const std::int16_t* weights = &across_.weights[across_.begin[x + i]];
    const std::uint32_t taps = across_.count(x + i);
    I16x8 sum = splat16(1 << (last_bits - 1));
    for (std::uint32_t k = 0; k < taps; ++k)
      sum = add(sum, mul_round(samples[k], splat16(weights[k])));
    columns[i] = sum >> last_bits;
  }
  RowRing& plane = *target_.plane;
  const std::uint32_t y = target_.reversed ? down_.size() - strip_rows - done_ : done_;
  if (target_.turned) {
    for (std::uint32_t i = 0; i < 8; i += 2) {
      const I8x16 two = narrow(columns[i], columns[i + 1]);
      store_low(plane.row(x + i) + y, two);
      store_high(plane.row(x + i + 1) + y, two);
    }
  } else {
    const auto stride = static_cast<std::ptrdiff_t>(plane.stride());
    store_tile(columns, plane.row(target_.reversed ? y + strip_rows - 1 : y) + x,
               target_.reversed ? -stride : stride);
  }
}

}  // namespace sfluv::photo
