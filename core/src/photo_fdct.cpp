// SPDX-License-Identifier: MIT
#include "photo_fdct.h"

#include <bit>

namespace sfluv::photo {
namespace {

using namespace simd;

using Line = std::array<I16x8, 8>;

/// One pass leaves sqrt(8) times the orthonormal values; the first one keeps two more bits.
constexpr int constant_bits = 13;
constexpr int middle_bits = 2;

struct Odd {
  I16x8 low01, high01, low23, high23;
};

/// Sum of four differences with the cosines of an odd frequency.
template <int shift>
I16x8 odd_output(const Odd& d, int c0, int c1, int c2, int c3) {
  const I16x8 first = splat_pair(c0, c1), second = splat_pair(c2, c3);
  const I32x4 round = splat32(1 << (shift - 1));
  const I32x4 low = add(add(dot(d.low01, first), dot(d.low23, second)), round);
  const I32x4 high = add(add(dot(d.high01, first), dot(d.high23, second)), round);
  return narrow(low >> shift, high >> shift);
}

template <int shift>
I16x8 even_output(I16x8 low, I16x8 high, int c0, int c1) {
  const I16x8 factors = splat_pair(c0, c1);
  const I32x4 round = splat32(1 << (shift - 1));
  return narrow(add(dot(low, factors), round) >> shift, add(dot(high, factors), round) >> shift);
}

/// Cosines sqrt(2) cos(u pi / 16) in 1/8192. Sums of eight samples stay within 16 bits: in the
/// first pass 128 x 8 x 4, in the second 4096 x 8, which only an even frequency of zero reaches,
/// exactly.
template <bool first>
void pass(Line& x) {
  constexpr int shift = first ? constant_bits - middle_bits : constant_bits + middle_bits;
  const I16x8 s0 = add(x[0], x[7]), s1 = add(x[1], x[6]), s2 = add(x[2], x[5]),
              s3 = add(x[3], x[4]);
  const I16x8 d0 = sub(x[0], x[7]), d1 = sub(x[1], x[6]), d2 = sub(x[2], x[5]),
              d3 = sub(x[3], x[4]);
  const I16x8 e0 = add(s0, s3), e1 = add(s1, s2), e2 = sub(s1, s2), e3 = sub(s0, s3);
  if constexpr (first) {
    x[0] = add(e0, e1) << middle_bits;
    x[4] = sub(e0, e1) << middle_bits;
  } else {
    // The sum may be all that 16 bits hold: half a unit is added to its half.
    x[0] = ((add(e0, e1) >> 1) + 1) >> 1;
    x[4] = ((sub(e0, e1) >> 1) + 1) >> 1;
  }
  const I16x8 low = interleave16_low(e3, e2), high = interleave16_high(e3, e2);
  x[2] = even_output<shift>(low, high, 10703, 4433);
  x[6] = even_output<shift>(low, high, 4433, -10703);
  const Odd d{interleave16_low(d0, d1), interleave16_high(d0, d1), interleave16_low(d2, d3),
              interleave16_high(d2, d3)};
  x[1] = odd_output<shift>(d, 11363, 9633, 6436, 2260);
  x[3] = odd_output<shift>(d, 9633, -2260, -11363, -6436);
  x[5] = odd_output<shift>(d, 6436, -11363, 2260, 9633);
  x[7] = odd_output<shift>(d, 2260, -6436, 9633, -11363);
}

/// A row of eight blocks of eight samples, to vectors of one sample of each block.
Line load_row(const std::int8_t* samples) {
  const auto b01 = load<I8x16>(samples), b23 = load<I8x16>(samples + 16);
  const auto b45 = load<I8x16>(samples + 32), b67 = load<I8x16>(samples + 48);
  const I8x16 b04 = interleave8_low(b01, b45), b15 = interleave8_high(b01, b45);
  const I8x16 b26 = interleave8_low(b23, b67), b37 = interleave8_high(b23, b67);
  const I8x16 even_low = interleave8_low(b04, b26), even_high = interleave8_high(b04, b26);
  const I8x16 odd_low = interleave8_low(b15, b37), odd_high = interleave8_high(b15, b37);
  const I8x16 columns[4] = {interleave8_low(even_low, odd_low), interleave8_high(even_low, odd_low),
                            interleave8_low(even_high, odd_high),
                            interleave8_high(even_high, odd_high)};
  Line line;
  for (std::size_t i = 0; i < 4; ++i) {
    line[2 * i] = high_bytes_low(columns[i]) >> 8;
    line[2 * i + 1] = high_bytes_high(columns[i]) >> 8;
  }
  return line;
}

I16x8 divide(I16x8 values, const StepDivider& by, std::size_t place) {
  const I16x8 negative = sign(values);
  const I16x8 scaled = mul_round(with_sign(values, negative), by.reciprocal[place]);
  return with_sign(add(scaled, by.bias[place]) >> by.shift[place], negative);
}

}  // namespace

StepDivider::StepDivider(const Steps& steps) {
  for (std::size_t i = 0; i < block_size; ++i) {
    const std::uint32_t step = steps[i] * 8u;  // the transform gives eight times the coefficients
    const int width = static_cast<int>(std::bit_width(step)) - (std::has_single_bit(step) ? 1 : 0);
    shift[i] = static_cast<std::int8_t>(width - 1);
    reciprocal[i] = splat16(static_cast<int>(((1u << (15 + shift[i])) + step / 2) / step));
    const int half_64ths = i == 0 ? 32 : 32 - dead_zone_64ths;
    bias[i] = splat16((half_64ths << shift[i]) / 64);
  }
}

void forward_dct(const std::int8_t* samples, std::size_t stride, const StepDivider& divider,
                 CodedBlocks& out) {
  // The rows lie far apart and a pass is long: looked at first, they are waited for together. Where
  // they begin, the group before them ended.
  constexpr std::size_t last = lanes * 8 - 1;
  for (std::size_t y = 0; y < 8; ++y) touch(samples + y * stride + last);
  std::array<Line, 8> v;
  for (std::size_t y = 0; y < 8; ++y) {
    v[y] = load_row(samples + y * stride);
    pass<true>(v[y]);
  }
  for (std::size_t u = 0; u < 8; ++u) {
    Line column;
    for (std::size_t y = 0; y < 8; ++y) column[y] = v[y][u];
    pass<false>(column);
    for (std::size_t y = 0; y < 8; ++y) v[y][u] = divide(column[y], divider, y * 8 + u);
  }
  for (std::size_t i = 0; i < block_size; i += 8) {
    Line line;
    for (std::size_t k = 0; k < 8; ++k) line[k] = v[zigzag[i + k] / 8][zigzag[i + k] % 8];
    transpose(line);
    for (std::size_t b = 0; b < lanes; ++b) store(&out.block[b][i], line[b]);
  }
}

}  // namespace sfluv::photo
