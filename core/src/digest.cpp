// SPDX-License-Identifier: MIT
#include "sfluv/digest.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace sfluv {
namespace {

// FIPS 180-4 §4.2.2: the first 32 bits of the fractional parts of the cube roots of the primes.
constexpr std::array<std::uint32_t, 64> round_constants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr std::size_t block_bytes = 64;
constexpr std::size_t length_at = 56;

std::uint32_t load_big_endian(const std::uint8_t* bytes) {
  return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
         static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

// Keccak-f[1600]: 25 lanes in the order x + 5y.
using Lanes = std::array<std::uint64_t, 25>;

constexpr std::size_t keccak_rate_bytes = 136;

// The iota constants come out of a linear feedback register (Keccak reference §1.2).
std::uint64_t next_round_constant(std::uint8_t& state) {
  std::uint64_t constant = 0;
  for (int power = 0; power < 7; ++power) {
    if ((state & 1u) != 0) constant |= std::uint64_t{1} << ((1 << power) - 1);
    state = static_cast<std::uint8_t>(state << 1 ^ (state >> 7) * 0x71);
  }
  return constant;
}

void keccak_round(Lanes& a, std::uint64_t constant) {
  std::array<std::uint64_t, 5> parity{};
  for (std::size_t i = 0; i < 25; ++i) parity[i % 5] ^= a[i];
  for (std::size_t i = 0; i < 25; ++i) {
    a[i] ^= parity[(i + 4) % 5] ^ std::rotl(parity[(i + 1) % 5], 1);
  }
  // rho and pi: every lane but the first goes round in one cycle of 24.
  std::uint64_t carried = a[1];
  for (std::size_t t = 0, x = 1, y = 0; t < 24; ++t) {
    const std::size_t to_x = y;
    y = (2 * x + 3 * y) % 5;
    x = to_x;
    const int turn = static_cast<int>((t + 1) * (t + 2) / 2 % 64);
    carried = std::exchange(a[x + 5 * y], std::rotl(carried, turn));
  }
  for (std::size_t row = 0; row < 25; row += 5) {
    const std::array<std::uint64_t, 5> r{a[row], a[row + 1], a[row + 2], a[row + 3], a[row + 4]};
    for (std::size_t x = 0; x < 5; ++x) a[row + x] = r[x] ^ (~r[(x + 1) % 5] & r[(x + 2) % 5]);
  }
  a[0] ^= constant;
}

void keccak_f(Lanes& lanes) {
  std::uint8_t state = 1;
  for (int round = 0; round < 24; ++round) keccak_round(lanes, next_round_constant(state));
}

void absorb(Lanes& lanes, std::size_t at, std::uint8_t byte) {
  lanes[at / 8] ^= std::uint64_t{byte} << 8 * (at % 8);
}

// Eight tables: table[k][b] is the remainder of byte b followed by k zero bytes (slicing-by-8).
constexpr std::array<std::array<std::uint32_t, 256>, 8> make_crc_tables() {
  std::array<std::array<std::uint32_t, 256>, 8> tables{};
  for (std::uint32_t b = 0; b < 256; ++b) {
    std::uint32_t crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0x82F63B78u : 0);
    tables[0][b] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t b = 0; b < 256; ++b) {
      const std::uint32_t before = tables[k - 1][b];
      tables[k][b] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}
constexpr auto crc_tables = make_crc_tables();

}  // namespace

Sha256Stream::Sha256Stream()
    : state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19} {}

void Sha256Stream::block(const std::uint8_t* bytes) {
  std::array<std::uint32_t, 64> w;
  for (std::size_t i = 0; i < 16; ++i) w[i] = load_big_endian(bytes + 4 * i);
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
    const std::uint32_t s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  auto [a, b, c, d, e, f, g, h] = state_;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const std::uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + round_constants[i] + w[i];
    const std::uint32_t s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const std::uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  const std::array<std::uint32_t, 8> added{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < 8; ++i) state_[i] += added[i];
}

void Sha256Stream::add(std::span<const std::uint8_t> bytes) {
  const std::size_t held = bytes_ % block_bytes;
  bytes_ += bytes.size();
  if (held != 0) {
    const std::size_t taken = std::min(block_bytes - held, bytes.size());
    std::copy_n(bytes.begin(), taken, pending_.begin() + static_cast<std::ptrdiff_t>(held));
    bytes = bytes.subspan(taken);
    if (held + taken < block_bytes) return;
    block(pending_.data());
  }
  while (bytes.size() >= block_bytes) {
    block(bytes.data());
    bytes = bytes.subspan(block_bytes);
  }
  std::copy(bytes.begin(), bytes.end(), pending_.begin());
}

Sha256 Sha256Stream::finish() {
  const std::uint64_t bits = bytes_ * 8;
  std::size_t held = bytes_ % block_bytes;
  pending_[held++] = 0x80;
  if (held > length_at) {
    std::fill(pending_.begin() + static_cast<std::ptrdiff_t>(held), pending_.end(),
              std::uint8_t{0});
    block(pending_.data());
    held = 0;
  }
  std::fill(pending_.begin() + static_cast<std::ptrdiff_t>(held), pending_.end(), std::uint8_t{0});
  for (std::size_t i = 0; i < 8; ++i) {
    pending_[length_at + i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
  }
  block(pending_.data());
  Sha256 digest;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
  }
  return digest;
}

Sha256 sha256(std::span<const std::uint8_t> bytes) {
  Sha256Stream stream;
  stream.add(bytes);
  return stream.finish();
}

Keccak256 keccak256(std::span<const std::uint8_t> bytes) {
  Lanes lanes{};
  std::size_t at = 0;
  for (const std::uint8_t byte : bytes) {
    absorb(lanes, at++, byte);
    if (at < keccak_rate_bytes) continue;
    keccak_f(lanes);
    at = 0;
  }
  absorb(lanes, at, 0x01);
  absorb(lanes, keccak_rate_bytes - 1, 0x80);
  keccak_f(lanes);
  Keccak256 digest;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(lanes[i / 8] >> 8 * (i % 8));
  }
  return digest;
}

std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t seed) {
  std::uint32_t crc = ~seed;
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  const auto little_endian = [](const std::uint8_t* p) {
    return std::byteswap(load_big_endian(p));
  };
  for (; left >= 8; left -= 8, at += 8) {
    const std::uint32_t low = little_endian(at) ^ crc;
    const std::uint32_t high = little_endian(at + 4);
    crc = crc_tables[7][low & 0xFF] ^ crc_tables[6][low >> 8 & 0xFF] ^
          crc_tables[5][low >> 16 & 0xFF] ^ crc_tables[4][low >> 24] ^ crc_tables[3][high & 0xFF] ^
          crc_tables[2][high >> 8 & 0xFF] ^ crc_tables[1][high >> 16 & 0xFF] ^
          crc_tables[0][high >> 24];
  }
  for (; left > 0; --left, ++at) crc = (crc >> 8) ^ crc_tables[0][(crc ^ *at) & 0xFF];
  return ~crc;
}

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace sfluv
