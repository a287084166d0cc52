// SPDX-License-Identifier: MIT
#include "sfluv/base64.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace sfluv {
namespace {

using ByteVector = std::vector<std::uint8_t>;

ByteVector bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

ByteVector counted(std::size_t size) {
  ByteVector bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 151 + (i >> 8));
  return bytes;
}

std::int64_t bad_byte(const Issue& issue) {
  EXPECT_EQ(issue.code, Code::photo_bad_base64);
  return issue.params.size() == 1 && issue.params[0].name == "byte"
             ? std::get<std::int64_t>(issue.params[0].value)
             : -1;
}

TEST(Base64, EncodesTheExamplesOfTheStandard) {  // RFC 4648 §10
  EXPECT_EQ(base64::encode(bytes_of("")), "");
  EXPECT_EQ(base64::encode(bytes_of("f")), "Zg==");
  EXPECT_EQ(base64::encode(bytes_of("fo")), "Zm8=");
  EXPECT_EQ(base64::encode(bytes_of("foo")), "Zm9v");
  EXPECT_EQ(base64::encode(bytes_of("foobar")), "Zm9vYmFy");
  EXPECT_EQ(base64::encode(ByteVector{0xFB, 0xFF, 0xBF}), "+/+/");
}

TEST(Base64, EveryLengthComesBack) {
  for (std::size_t size = 0; size < 400; ++size) {
    const ByteVector bytes = counted(size);
    const std::string text = base64::encode(bytes);
    ASSERT_EQ(text.size(), base64::encoded_size(size));
    ASSERT_EQ(base64::decode(text), bytes) << size;
    ASSERT_EQ(base64::decode_as_server(text), bytes) << size;
  }
}

TEST(Base64, StrictRefusesWhatTheStandardRefuses) {
  const struct {
    std::string_view text;
    std::int64_t byte;
  } cases[] = {{"Zg=", 3},      {"Zg", 2},     {"Zg===", 4},      {"Zh==", 1},
               {"Zm9=", 2},     {"Zm9v\n", 4}, {"Z m9v", 1},      {"Zm9v=", 4},
               {"Zg==Zg==", 4}, {"=", 0},      {"Zm-_", 2},       {"A", 0},
               {"====", 0},     {"Zg=\n=", 3}, {"\xC3\xA9==", 0}, {"Zm9vZm9v!m9v", 8}};
  for (const auto& [text, byte] : cases) {
    const auto decoded = base64::decode(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(bad_byte(decoded.error()), byte) << text;
  }
}

// Rulebook A4.3, as the live server answered.
TEST(Base64, ServerReadingTakesWhatTheServerTook) {
  const struct {
    std::string_view text;
    std::string_view bytes;
  } cases[] = {{"Zg", "f"},          {"Zm8", "fo"},   {"Zh==", "f"},
               {"Zh", "f"},          {"Z\ng", "f"},   {"Zm9v\r\nYmFy", "foobar"},
               {"Zg\n==", "f"},      {"Zg=\n=", "f"}, {"Zg=\r\n=\r\n", "f"},
               {"\n\nZm8=\n", "fo"}, {"", ""},        {"\r\n", ""},
               {"Zm9v\nYg", "foob"}, {"Zm8\n", "fo"}};
  for (const auto& [text, bytes] : cases)
    EXPECT_EQ(base64::decode_as_server(text), bytes_of(bytes)) << text;
}

TEST(Base64, ServerReadingRefusesWhatTheServerRefused) {
  for (const std::string_view text :
       {"***", "=", "====", "A", "Zg=", "Zg===", "Zg==Zg==", "Zm9v=", "Zm 9v", "Zm\t9v", "Zm-_",
        ",Zm9v", "Zm9v,", "Zm8=\nZm8=", "Z=g=", "Z===", "Zm9vA", "Zg= ="}) {
    const auto decoded = base64::decode_as_server(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_GE(bad_byte(decoded.error()), 0) << text;
    EXPECT_FALSE(base64::measure_as_server(text)) << text;
  }
}

TEST(Base64, MeasuringAgreesWithDecoding) {
  for (const std::size_t size : {0u, 1u, 2u, 3u, 511u, 512u, 513u, 514u, 5000u}) {
    const ByteVector bytes = counted(size);
    std::string text = base64::encode(bytes);
    for (std::size_t at = 76; at < text.size(); at += 78)
      text.insert(at, "\r\n");  // as mail breaks lines
    const auto measured = base64::measure_as_server(text);
    ASSERT_TRUE(measured);
    EXPECT_EQ(measured->bytes, size);
    ASSERT_EQ(measured->head.size(), std::min(size, base64::head_max));
    EXPECT_TRUE(std::equal(measured->head.begin(), measured->head.end(), bytes.begin()));
    EXPECT_EQ(base64::decode_as_server(text), bytes);
  }
}

// The unified reading against the two readings of Go that it stands for, over all short texts of a
// small alphabet.
TEST(Base64, ServerReadingIsPaddedOrElseUnpadded) {
  const auto go_reads = [](std::string_view text, bool padded) {
    std::string plain;
    std::copy_if(text.begin(), text.end(), std::back_inserter(plain),
                 [](char c) { return c != '\n'; });
    const std::size_t pads =
        std::min<std::size_t>(2, plain.size() - (plain.find_last_not_of('=') + 1));
    const std::string_view digits = std::string_view(plain).substr(0, plain.size() - pads);
    if (digits.find_first_of("= ") != std::string_view::npos) return false;
    if (padded) return plain.size() % 4 == 0 && (pads == 0 || digits.size() % 4 >= 2);
    return pads == 0 && digits.size() % 4 != 1;
  };
  const std::string_view alphabet = "A=\n ";
  for (std::size_t length = 0; length <= 8; ++length) {
    for (std::size_t number = 0; number < std::size_t{1} << (2 * length); ++number) {
      std::string text;
      for (std::size_t i = 0; i < length; ++i) text += alphabet[number >> (2 * i) & 3];
      ASSERT_EQ(base64::decode_as_server(text).has_value(),
                go_reads(text, true) || go_reads(text, false))
          << text;
    }
  }
}

}  // namespace
}  // namespace sfluv
