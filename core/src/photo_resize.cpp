// SPDX-License-Identifier: MIT
#include "photo_resize.h"

#include <algorithm>

namespace sfluv::photo {
namespace {

using namespace simd;

constexpr std::uint32_t vector_columns = 16;
/// `mul_round` divides by 2^15; bytes come as 2^8 times their value.
constexpr int middle_bits = 8 + weight_bits - 15;
constexpr int last_bits = middle_bits + weight_bits - 15;

/// Eight rows of eight samples.
void store_rows(const std::array<I16x8, 8>& rows, Sample* out, std::ptrdiff_t step) {
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
      taps_(std::size_t{strip_rows} * down_.taps),
      middle_(end_column_ - first_column_ + vector_columns) {}

std::uint32_t PlaneResizer::strip_end(std::uint32_t y) const {
  return *std::max_element(&down_.first[y], &down_.first[y] + strip_rows) + down_.taps;
}

std::uint32_t PlaneResizer::rows_at_once() const {
  std::uint32_t most = 0;
  for (std::uint32_t y = 0; y < down_.size(); y += strip_rows) {
    const std::uint32_t first = *std::min_element(&down_.first[y], &down_.first[y] + strip_rows);
    most = std::max(most, strip_end(y) - first);
  }
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
  Tap* tap = taps_.data();
  for (std::uint32_t y = done_; y < done_ + strip_rows; ++y) {
    const std::int16_t* weights = down_.weights_of(y);
    for (std::uint32_t k = 0; k < down_.taps; ++k)
      *tap++ = {.row = source.row(down_.first[y] + k), .weight = splat16(weights[k])};
  }
}

/// 16 columns of the strip, from column `x` of the source on.
void PlaneResizer::shrink_down(std::uint32_t x) {
  std::array<I16x8, strip_rows> left;
  std::array<I16x8, strip_rows> right;
  const Tap* tap = taps_.data();
  // Where stored rows run backwards along a row of the picture, so do the lanes.
  const std::uint32_t turn = target_.turned && target_.reversed ? strip_rows - 1 : 0;
  for (std::uint32_t i = 0; i < strip_rows; ++i) {
    I16x8 sum_left{};
    I16x8 sum_right{};
    for (std::uint32_t k = 0; k < down_.taps; ++k, ++tap) {
      const auto samples = load<I8x16>(tap->row + x);
      sum_left = add(sum_left, mul_round(high_bytes_low(samples), tap->weight));
      sum_right = add(sum_right, mul_round(high_bytes_high(samples), tap->weight));
    }
    left[i ^ turn] = sum_left;
    right[i ^ turn] = sum_right;
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
  const std::int16_t* weights = across_.weights_of(x);
  for (std::uint32_t i = 0; i < 8; ++i) {
    const I16x8* samples = &middle_[across_.first[x + i] - first_column_];
    I16x8 sum = splat16(1 << (last_bits - 1));
    for (std::uint32_t k = 0; k < across_.taps; ++k)
      sum = add(sum, mul_round(samples[k], splat16(*weights++)));
    columns[i] = sum >> last_bits;
  }
  const auto stride = static_cast<std::ptrdiff_t>(target_.plane->stride());
  const std::uint32_t y = target_.reversed ? down_.size() - strip_rows - done_ : done_;
  if (target_.turned) {
    store_rows(columns, target_.plane->row(x) + y, stride);
  } else {
    transpose(columns);
    const bool up = target_.reversed;
    store_rows(columns, target_.plane->row(up ? y + strip_rows - 1 : y) + x, up ? -stride : stride);
  }
}

}  // namespace sfluv::photo
