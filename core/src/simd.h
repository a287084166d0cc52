// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

// What the tests compare the other dialects with: -DSFLUV_PLAIN_SIMD.
#if !defined(SFLUV_PLAIN_SIMD) && defined(__wasm_simd128__)
#include <wasm_simd128.h>
#define SFLUV_SIMD_WASM
#elif !defined(SFLUV_PLAIN_SIMD) && defined(__SSE4_1__)
#include <smmintrin.h>
#define SFLUV_SIMD_SSE
#endif

/// 16 bytes at once, in the vector extensions that g++, clang and Emscripten share: they make
/// SSE, NEON or WebAssembly of them, or plain code. Five operations have no such spelling and stand
/// at the end in three dialects. Every operation is defined to the last bit (lanes wrap unless it
/// says "saturated"): the same input gives the same bytes whatever was compiled.
namespace sfluv::simd {

static_assert(std::endian::native == std::endian::little);

template <class Lane>
using Vector [[gnu::vector_size(16)]] = Lane;

using I8x16 = Vector<std::int8_t>;
using I16x8 = Vector<std::int16_t>;
using I32x4 = Vector<std::int32_t>;
using U16x8 = Vector<std::uint16_t>;
using U32x4 = Vector<std::uint32_t>;

template <class V>
[[nodiscard]] inline V load(const void* from) {
  V v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
template <class V>
inline void store(void* to, V v) {
  std::memcpy(to, &v, sizeof v);
}
/// Brings what lies there near: WebAssembly knows no other prefetch than a look.
inline void touch(const void* at) { (void)*static_cast<const volatile char*>(at); }
inline void store_low(void* to, I8x16 v) { std::memcpy(to, &v, 8); }
inline void store_high(void* to, I8x16 v) {
  std::memcpy(to, reinterpret_cast<const char*>(&v) + 8, 8);
}

[[nodiscard]] inline I16x8 splat16(int value) {
  const auto lane = static_cast<std::int16_t>(value);
  return I16x8{lane, lane, lane, lane, lane, lane, lane, lane};
}
[[nodiscard]] inline I32x4 splat32(std::int32_t value) { return I32x4{value, value, value, value}; }
/// a, b, a, b, ...: what `dot` multiplies two interleaved vectors with.
[[nodiscard]] inline I16x8 splat_pair(int first, int second) {
  const auto a = static_cast<std::int16_t>(first), b = static_cast<std::int16_t>(second);
  return I16x8{a, b, a, b, a, b, a, b};
}

// Through unsigned lanes, because signed ones must not overflow.
[[nodiscard]] inline I16x8 add(I16x8 a, I16x8 b) { return I16x8(U16x8(a) + U16x8(b)); }
[[nodiscard]] inline I16x8 sub(I16x8 a, I16x8 b) { return I16x8(U16x8(a) - U16x8(b)); }
[[nodiscard]] inline I16x8 mul(I16x8 a, I16x8 b) { return I16x8(U16x8(a) * U16x8(b)); }
[[nodiscard]] inline I32x4 add(I32x4 a, I32x4 b) { return I32x4(U32x4(a) + U32x4(b)); }
[[nodiscard]] inline I32x4 sub(I32x4 a, I32x4 b) { return I32x4(U32x4(a) - U32x4(b)); }

/// -1 where a lane is negative, else 0.
[[nodiscard]] inline I16x8 sign(I16x8 v) { return v >> 15; }
/// Negates the lanes whose sign is -1; applied to a vector and its own sign: the absolute value.
[[nodiscard]] inline I16x8 with_sign(I16x8 v, I16x8 sign) { return sub(v ^ sign, sign); }

/// The low (high) halves of both, lane by lane in turn.
[[nodiscard]] inline I8x16 interleave8_low(I8x16 a, I8x16 b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
[[nodiscard]] inline I8x16 interleave8_high(I8x16 a, I8x16 b) {
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15,
                                 31);
}
template <class V>
[[nodiscard]] inline V interleave16_low(V a, V b) {
  return V(__builtin_shufflevector(I16x8(a), I16x8(b), 0, 8, 1, 9, 2, 10, 3, 11));
}
template <class V>
[[nodiscard]] inline V interleave16_high(V a, V b) {
  return V(__builtin_shufflevector(I16x8(a), I16x8(b), 4, 12, 5, 13, 6, 14, 7, 15));
}
template <class V>
[[nodiscard]] inline V interleave32_low(V a, V b) {
  return V(__builtin_shufflevector(I32x4(a), I32x4(b), 0, 4, 1, 5));
}
template <class V>
[[nodiscard]] inline V interleave32_high(V a, V b) {
  return V(__builtin_shufflevector(I32x4(a), I32x4(b), 2, 6, 3, 7));
}
template <class V>
[[nodiscard]] inline V interleave64_low(V a, V b) {
  return V(__builtin_shufflevector(I32x4(a), I32x4(b), 0, 1, 4, 5));
}
template <class V>
[[nodiscard]] inline V interleave64_high(V a, V b) {
  return V(__builtin_shufflevector(I32x4(a), I32x4(b), 2, 3, 6, 7));
}
[[nodiscard]] inline I8x16 reversed(I8x16 v) {
  return __builtin_shufflevector(v, v, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

/// Bytes as the high halves of 16-bit lanes: 256 times their value.
[[nodiscard]] inline I16x8 high_bytes_low(I8x16 v) { return I16x8(interleave8_low(I8x16{}, v)); }
[[nodiscard]] inline I16x8 high_bytes_high(I8x16 v) { return I16x8(interleave8_high(I8x16{}, v)); }

/// Rows and columns change places.
inline void transpose(std::array<I16x8, 8>& v) {
  for (int round = 0; round < 3; ++round) {
    const std::array<I16x8, 8> in = v;
    for (std::size_t i = 0; i < 4; ++i) {
      v[2 * i] = interleave16_low(in[i], in[i + 4]);
      v[2 * i + 1] = interleave16_high(in[i], in[i + 4]);
    }
  }
}

#if defined(SFLUV_SIMD_WASM)

/// a0 b0 + a1 b1, a2 b2 + a3 b3, ...
[[nodiscard]] inline I32x4 dot(I16x8 a, I16x8 b) {
  return I32x4(wasm_i32x4_dot_i16x8(v128_t(a), v128_t(b)));
}
/// a b / 2^15, rounded half up; not defined for -2^15 squared.
[[nodiscard]] inline I16x8 mul_round(I16x8 a, I16x8 b) {
  return I16x8(wasm_i16x8_q15mulr_sat(v128_t(a), v128_t(b)));
}
/// The lanes of both, saturated.
[[nodiscard]] inline I16x8 narrow(I32x4 a, I32x4 b) {
  return I16x8(wasm_i16x8_narrow_i32x4(v128_t(a), v128_t(b)));
}
[[nodiscard]] inline I8x16 narrow(I16x8 a, I16x8 b) {
  return I8x16(wasm_i8x16_narrow_i16x8(v128_t(a), v128_t(b)));
}
/// Bit i: is lane i equal to `value`?
[[nodiscard]] inline std::uint32_t mask_equal(I8x16 v, std::int8_t value) {
  return wasm_i8x16_bitmask(wasm_i8x16_eq(v128_t(v), wasm_i8x16_splat(value)));
}

#elif defined(SFLUV_SIMD_SSE)

[[nodiscard]] inline I32x4 dot(I16x8 a, I16x8 b) {
  return I32x4(_mm_madd_epi16(__m128i(a), __m128i(b)));
}
[[nodiscard]] inline I16x8 mul_round(I16x8 a, I16x8 b) {
  return I16x8(_mm_mulhrs_epi16(__m128i(a), __m128i(b)));
}
[[nodiscard]] inline I16x8 narrow(I32x4 a, I32x4 b) {
  return I16x8(_mm_packs_epi32(__m128i(a), __m128i(b)));
}
[[nodiscard]] inline I8x16 narrow(I16x8 a, I16x8 b) {
  return I8x16(_mm_packs_epi16(__m128i(a), __m128i(b)));
}
[[nodiscard]] inline std::uint32_t mask_equal(I8x16 v, std::int8_t value) {
  return static_cast<std::uint32_t>(
      _mm_movemask_epi8(_mm_cmpeq_epi8(__m128i(v), _mm_set1_epi8(value))));
}

#else

[[nodiscard]] inline I32x4 dot(I16x8 a, I16x8 b) {
  I32x4 sum{};
  for (int i = 0; i < 4; ++i) {
    const std::uint32_t first = static_cast<std::uint32_t>(a[2 * i] * b[2 * i]);
    sum[i] =
        static_cast<std::int32_t>(first + static_cast<std::uint32_t>(a[2 * i + 1] * b[2 * i + 1]));
  }
  return sum;
}
[[nodiscard]] inline I16x8 mul_round(I16x8 a, I16x8 b) {
  I16x8 product{};
  for (int i = 0; i < 8; ++i)
    product[i] = static_cast<std::int16_t>((a[i] * b[i] + (1 << 14)) >> 15);
  return product;
}
[[nodiscard]] inline I16x8 narrow(I32x4 a, I32x4 b) {
  I16x8 both{};
  for (int i = 0; i < 8; ++i) {
    const std::int32_t value = i < 4 ? a[i] : b[i - 4];
    both[i] = static_cast<std::int16_t>(value < -32768 ? -32768 : value > 32767 ? 32767 : value);
  }
  return both;
}
[[nodiscard]] inline I8x16 narrow(I16x8 a, I16x8 b) {
  I8x16 both{};
  for (int i = 0; i < 16; ++i) {
    const int value = i < 8 ? a[i] : b[i - 8];
    both[i] = static_cast<std::int8_t>(value < -128 ? -128 : value > 127 ? 127 : value);
  }
  return both;
}
[[nodiscard]] inline std::uint32_t mask_equal(I8x16 v, std::int8_t value) {
  std::uint32_t mask = 0;
  for (int i = 0; i < 16; ++i) mask |= (v[i] == value ? 1u : 0u) << i;
  return mask;
}

#endif

}  // namespace sfluv::simd
