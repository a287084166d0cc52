// SPDX-License-Identifier: MIT
#include "sfluv/digest.h"

#include <gtest/gtest.h>
#include <string_view>
#include <vector>

namespace sfluv {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(Sha256, ExamplesOfTheStandard) {  // NIST CAVP, FIPS 180-4 examples
  EXPECT_EQ(hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256(bytes_of("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256(std::vector<std::uint8_t>(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PartsGiveTheDigestOfTheWhole) {
  std::vector<std::uint8_t> bytes(300);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto whole = std::span(bytes).first(size);
    for (const std::size_t part : {1u, 13u, 63u, 64u, 65u}) {
      Sha256Stream stream;
      for (std::size_t at = 0; at < size; at += part)
        stream.add(whole.subspan(at, std::min(part, size - at)));
      ASSERT_EQ(stream.finish(), sha256(whole)) << size << " by " << part;
    }
  }
}

TEST(Keccak256, KnownDigests) {
  EXPECT_EQ(hex(keccak256({})), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(hex(keccak256(bytes_of("abc"))),
            "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  EXPECT_EQ(hex(keccak256(bytes_of("The quick brown fox jumps over the lazy dog"))),
            "4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15");
}

TEST(Crc32c, ExamplesOfTheStandard) {  // RFC 3720 §B.4
  EXPECT_EQ(crc32c({}), 0u);
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xE3069283u);
  EXPECT_EQ(crc32c(std::vector<std::uint8_t>(32, 0)), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::vector<std::uint8_t>(32, 0xFF)), 0x62A8AB43u);
  std::vector<std::uint8_t> rising(32);
  for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(crc32c(rising), 0x46DD794Eu);
  for (std::size_t cut = 0; cut <= rising.size(); ++cut) {
    EXPECT_EQ(crc32c(std::span(rising).subspan(cut), crc32c(std::span(rising).first(cut))),
              0x46DD794Eu);
  }
}

TEST(Hex, TwoLowerCaseDigitsAByte) {
  EXPECT_EQ(hex(std::vector<std::uint8_t>{0x00, 0x0F, 0xF0, 0xAB}), "000ff0ab");
}

}  // namespace
}  // namespace sfluv
