// SPDX-License-Identifier: MIT
#include "photo_idct.h"

#include "simd.h"

namespace sfluv::photo {
namespace {

using namespace simd;

/// sqrt(2) cos((2x + 1) u pi / 2N) in 1/8192, for the first half of the N samples; 1 for u = 0.
/// Both passes together give eight times the samples.
constexpr int constant_bits = 13;
template <std::size_t points>
constexpr std::array<std::array<std::int16_t, points>, points / 2> cosines;
template <>
constexpr std::array<std::array<std::int16_t, 4>, 2> cosines<4> = {
    {{8192, 10703, 8192, 4433}, {8192, 4433, -8192, -10703}}};
template <>
constexpr std::array<std::array<std::int16_t, 8>, 4> cosines<8> = {
    {{8192, 11363, 10703, 9633, 8192, 6436, 4433, 2260},
     {8192, 9633, 4433, -2260, -8192, -11363, -10703, -6436},
     {8192, 6436, -4433, -11363, -8192, 2260, 10703, 9633},
     {8192, 2260, -10703, -6436, 8192, 9633, -4433, -11363}}};

/// Bits kept below the unit between the passes, and bits to drop after each.
constexpr int middle_bits = 2;
constexpr int first_shift = constant_bits - middle_bits;
constexpr int last_shift = constant_bits + middle_bits + 3;

template <std::size_t points>
using Line = std::array<I16x8, points>;

/// Two inputs, side by side for `dot`.
struct Pair {
  I16x8 low;
  I16x8 high;
};
struct Sum {
  I32x4 low;
  I32x4 high;
};

Pair pair(I16x8 a, I16x8 b) { return {interleave16_low(a, b), interleave16_high(a, b)}; }

/// Adds the part of the inputs u and u + 2 to the sample x.
void accumulate(Sum& sum, const Pair& inputs, int cosine, int cosine_next) {
  const I16x8 factors = splat_pair(cosine, cosine_next);
  sum.low = add(sum.low, dot(inputs.low, factors));
  sum.high = add(sum.high, dot(inputs.high, factors));
}

/// One pass over eight columns (or rows) side by side. Even frequencies are the same in both halves
/// of the samples, odd ones change their sign.
template <std::size_t points, int shift>
Line<points> pass(const Line<points>& in) {
  std::array<Pair, points / 2> pairs;
  for (std::size_t u = 0; u < points; u += 4) {
    pairs[u / 2] = pair(in[u], in[u + 2]);
    pairs[u / 2 + 1] = pair(in[u + 1], in[u + 3]);
  }
  Line<points> out;
  for (std::size_t x = 0; x < points / 2; ++x) {
    const auto& c = cosines<points>[x];
    Sum even{splat32(1 << (shift - 1)), splat32(1 << (shift - 1))};
    Sum odd{};
    for (std::size_t u = 0; u < points; u += 4) {
      accumulate(even, pairs[u / 2], c[u], c[u + 2]);
      accumulate(odd, pairs[u / 2 + 1], c[u + 1], c[u + 3]);
    }
    out[x] = narrow(add(even.low, odd.low) >> shift, add(even.high, odd.high) >> shift);
    out[points - 1 - x] =
        narrow(sub(even.low, odd.low) >> shift, sub(even.high, odd.high) >> shift);
  }
  return out;
}

/// Takes a coefficient of all blocks out of the group.
I16x8 take(BlockGroup& group, const Quantiser& quantiser, std::size_t place) {
  std::int16_t* values = &group.values[place * lanes];
  const auto v = load<I16x8>(values);
  store(values, I16x8{});
  return mul(v, splat16(quantiser[place]));
}

/// Stores a row: from vectors that hold one sample of each block to block after block.
void store_row(const Line<8>& row, std::int8_t* out) {
  const I8x16 x04 = narrow(row[0], row[4]), x26 = narrow(row[2], row[6]);
  const I8x16 x15 = narrow(row[1], row[5]), x37 = narrow(row[3], row[7]);
  const I8x16 x02 = interleave8_low(x04, x26), x46 = interleave8_high(x04, x26);
  const I8x16 x13 = interleave8_low(x15, x37), x57 = interleave8_high(x15, x37);
  const I8x16 left_low = interleave8_low(x02, x13), left_high = interleave8_high(x02, x13);
  const I8x16 right_low = interleave8_low(x46, x57), right_high = interleave8_high(x46, x57);
  store(out, interleave32_low(left_low, right_low));
  store(out + 16, interleave32_high(left_low, right_low));
  store(out + 32, interleave32_low(left_high, right_high));
  store(out + 48, interleave32_high(left_high, right_high));
}

void store_row(const Line<4>& row, std::int8_t* out) {
  const I8x16 x02 = narrow(row[0], row[2]), x13 = narrow(row[1], row[3]);
  const I8x16 left = interleave8_low(x02, x13), right = interleave8_high(x02, x13);
  store(out, interleave16_low(left, right));
  store(out + 16, interleave16_high(left, right));
}

template <std::size_t points>
void inverse(BlockGroup& group, const Quantiser& quantiser, std::int8_t* out, std::size_t stride) {
  std::array<Line<points>, points> rows;
  for (std::size_t u = 0; u < points; ++u) {
    Line<points> column;
    for (std::size_t v = 0; v < points; ++v) column[v] = take(group, quantiser, v * 8 + u);
    column = pass<points, first_shift>(column);
    for (std::size_t y = 0; y < points; ++y) rows[y][u] = column[y];
  }
  for (std::size_t y = 0; y < points; ++y, out += stride)
    store_row(pass<points, last_shift>(rows[y]), out);
}

I16x8 eighth(I16x8 v) { return add(v, splat16(4)) >> 3; }

/// Two points are sums and differences.
template <>
void inverse<2>(BlockGroup& group, const Quantiser& quantiser, std::int8_t* out,
                std::size_t stride) {
  const I16x8 a = take(group, quantiser, 0), b = take(group, quantiser, 1);
  const I16x8 c = take(group, quantiser, 8), d = take(group, quantiser, 9);
  const I16x8 top[2] = {add(a, c), add(b, d)}, bottom[2] = {sub(a, c), sub(b, d)};
  for (const I16x8* row : {top, bottom}) {
    const I16x8 left = eighth(add(row[0], row[1])), right = eighth(sub(row[0], row[1]));
    store(out, narrow(interleave16_low(left, right), interleave16_high(left, right)));
    out += stride;
  }
}

template <>
void inverse<1>(BlockGroup& group, const Quantiser& quantiser, std::int8_t* out, std::size_t) {
  const I16x8 mean = eighth(take(group, quantiser, 0));
  store_low(out, narrow(mean, mean));
}

}  // namespace

void inverse_dct(BlockGroup& group, const Quantiser& quantiser, std::size_t points,
                 std::int8_t* out, std::size_t stride) {
  switch (points) {
    case 1: return inverse<1>(group, quantiser, out, stride);
    case 2: return inverse<2>(group, quantiser, out, stride);
    case 4: return inverse<4>(group, quantiser, out, stride);
    default: return inverse<8>(group, quantiser, out, stride);
  }
}

}  // namespace sfluv::photo
