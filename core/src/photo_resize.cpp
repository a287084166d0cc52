// SPDX-License-Identifier: MIT
#include "photo_resize.h"

#include <algorithm>
#include <cstring>

namespace sfluv::photo {
namespace {

using namespace simd;

constexpr std::uint32_t vector_columns = 16;
/// Below the unit of what comes down; bytes are multiplied as 2^8 times their value.
constexpr int middle_bits = 7;
constexpr int down_shift = 8 + weight_bits - middle_bits;
constexpr int across_shift = middle_bits + weight_bits;

I32x4 half_of(int shift) { return splat32(1 << (shift - 1)); }

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
      taps_(strip_rows * down_.stride() / 2),
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
  TwoTaps* taps = taps_.data();
  for (std::uint32_t y = done_; y < done_ + strip_rows; ++y) {
    const std::int16_t* weights = down_.weights_of(y);
    for (std::uint32_t k = 0; k < down_.taps; k += 2) {
      *taps++ = {.first = source.row(down_.first[y] + k),
                 .second = source.row(down_.first[y] + std::min(k + 1, down_.taps - 1)),
                 .weights = splat_pair(weights[k], weights[k + 1])};
    }
  }
}

/// 16 columns of the strip, from column `x` of the source on.
void PlaneResizer::shrink_down(std::uint32_t x) {
  std::array<I16x8, strip_rows> left;
  std::array<I16x8, strip_rows> right;
  const TwoTaps* taps = taps_.data();
  // Where stored rows run backwards along a row of the picture, so do the lanes.
  const std::uint32_t turn = target_.turned && target_.reversed ? strip_rows - 1 : 0;
  for (std::uint32_t i = 0; i < strip_rows; ++i) {
    std::array<I32x4, 4> sums;
    sums.fill(half_of(down_shift));
    for (std::uint32_t k = 0; k < down_.taps; k += 2, ++taps) {
      const auto first = load<I8x16>(taps->first + x), second = load<I8x16>(taps->second + x);
      const I8x16 low = interleave8_low(first, second), high = interleave8_high(first, second);
      sums[0] = add(sums[0], dot(high_bytes_low(low), taps->weights));
      sums[1] = add(sums[1], dot(high_bytes_high(low), taps->weights));
      sums[2] = add(sums[2], dot(high_bytes_low(high), taps->weights));
      sums[3] = add(sums[3], dot(high_bytes_high(high), taps->weights));
    }
    left[i ^ turn] = narrow(sums[0] >> down_shift, sums[1] >> down_shift);
    right[i ^ turn] = narrow(sums[2] >> down_shift, sums[3] >> down_shift);
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
    I32x4 low = half_of(across_shift), high = low;
    for (std::uint32_t k = 0; k < across_.taps; k += 2, weights += 2) {
      std::int32_t pair;
      std::memcpy(&pair, weights, sizeof pair);
      const auto two = I16x8(splat32(pair));
      low = add(low, dot(interleave16_low(samples[k], samples[k + 1]), two));
      high = add(high, dot(interleave16_high(samples[k], samples[k + 1]), two));
    }
    columns[i] = narrow(low >> across_shift, high >> across_shift);
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
