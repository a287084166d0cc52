// SPDX-License-Identifier: MIT
#include <algorithm>
#include <gtest/gtest.h>
#include <string>

#include "photos/photo_fixtures.h"

namespace sfluv::photo {
namespace {

using test::ByteVector;
using std::string_view_literals::operator""sv;

std::string text_of(const Issue& issue) {
  std::string text{to_string(issue.code)};
  for (const Param& param : issue.params) {
    const auto* number = std::get_if<std::int64_t>(&param.value);
    text += " " + std::string(param.name) + "=" +
            (number ? std::to_string(*number) : std::get<std::string>(param.value));
  }
  return text;
}

std::string refusal(const ByteVector& file) {
  const auto info = probe(file);
  return info ? "accepted" : text_of(info.error());
}

std::size_t find(const ByteVector& file, std::initializer_list<std::uint8_t> what) {
  return static_cast<std::size_t>(std::search(file.begin(), file.end(), what.begin(), what.end()) -
                                  file.begin());
}

TEST(PhotoProbe, TellsWhatAFileIs) {
  test::JpegSpec spec{.segments = test::exif_segment(6, false, true)};
  const ByteVector jpeg = test::make_jpeg(test::scene(40, 25), spec);
  auto info = probe(jpeg);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->format, Format::jpeg);
  EXPECT_EQ(info->bytes, jpeg.size());
  EXPECT_EQ(info->width_px, 40u);
  EXPECT_EQ(info->upright_width_px(), 25u);
  EXPECT_EQ(info->upright_height_px(), 40u);
  EXPECT_EQ(info->orientation, 6);
  EXPECT_TRUE(info->has_gps);
  EXPECT_FALSE(info->progressive);
  info = probe(test::make_jpeg(test::scene(9, 9), {.progressive = true}));
  ASSERT_TRUE(info);
  EXPECT_TRUE(info->progressive);
  EXPECT_FALSE(info->has_gps);
  info = probe(test::make_png(test::scene(7, 5)));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->format, Format::png);
  EXPECT_EQ(info->width_px, 7u);
  EXPECT_EQ(info->height_px, 5u);
}

TEST(PhotoProbe, ReadsOrientationInBothByteOrders) {
  for (int orientation = 0; orientation <= 10; ++orientation) {
    for (const bool big_endian : {false, true}) {
      const test::JpegSpec spec{.segments = test::exif_segment(orientation, big_endian, false)};
      const auto info = probe(test::make_jpeg(test::scene(8, 8), spec));
      ASSERT_TRUE(info);
      EXPECT_EQ(info->orientation, orientation >= 1 && orientation <= 8 ? orientation : 1);
    }
  }
}

TEST(PhotoProbe, BrokenExifIsAsIfAbsent) {
  const ByteVector good = test::exif_segment(6, true, true);
  for (std::size_t size = 4; size < good.size(); ++size) {  // cut anywhere
    const std::string_view body{reinterpret_cast<const char*>(good.data()) + 4, size - 4};
    EXPECT_TRUE(probe(test::make_jpeg(test::scene(8, 8), {.segments = test::segment(0xE1, body)})));
  }
  for (std::size_t at = 10; at < good.size();
       ++at) {  // any byte wrong: loops, wild offsets, wrong types
    for (const int value : {0x00, 0x08, 0x7F, 0xFF}) {
      ByteVector bad = good;
      bad[at] = static_cast<std::uint8_t>(value);
      const auto info = probe(test::make_jpeg(test::scene(8, 8), {.segments = bad}));
      ASSERT_TRUE(info);
      EXPECT_TRUE(info->orientation >= 1 && info->orientation <= 8);
    }
  }
  ByteVector as_long = good;
  as_long[find(good, {0x01, 0x12}) + 3] = 4;  // LONG instead of SHORT
  EXPECT_EQ(probe(test::make_jpeg(test::scene(8, 8), {.segments = as_long}))->orientation, 1);
}

TEST(PhotoProbe, OrientationOfAPng) {
  ByteVector png = test::make_png(test::scene(6, 4));
  const ByteVector exif = test::exif_segment(8, false, true);
  const ByteVector chunk = test::png_chunk("eXIf", ByteVector(exif.begin() + 10, exif.end()));
  png.insert(png.begin() + 33, chunk.begin(), chunk.end());
  const auto info = probe(png);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->orientation, 8);
  EXPECT_TRUE(info->has_gps);
}

TEST(PhotoProbe, NamesWhatItDoesNotRead) {
  EXPECT_EQ(refusal({}), "photo_file_empty");
  EXPECT_EQ(refusal({'h', 'e', 'l', 'l', 'o'}), "photo_format_unknown");
  EXPECT_EQ(refusal({'G', 'I', 'F', '8', '9', 'a'}), "photo_format_unsupported format=gif");
  const ByteVector jpeg = test::make_jpeg(test::scene(16, 16));
  const std::size_t frame = find(jpeg, {0xFF, 0xC0, 0, 17});
  const struct {
    std::uint8_t marker;
    std::string_view format;
  } kinds[] = {{0xC3, "jpeg-lossless"},
               {0xC5, "jpeg-hierarchical"},
               {0xC6, "jpeg-hierarchical"},
               {0xC7, "jpeg-hierarchical"},
               {0xC9, "jpeg-arithmetic"},
               {0xCA, "jpeg-arithmetic"},
               {0xCB, "jpeg-lossless"},
               {0xCD, "jpeg-hierarchical"},
               {0xCE, "jpeg-hierarchical"},
               {0xCF, "jpeg-hierarchical"},
               {0xF7, "jpeg-ls"}};
  for (const auto& [marker, format] : kinds) {
    ByteVector other = jpeg;
    other[frame + 1] = marker;
    EXPECT_EQ(refusal(other), "photo_format_unsupported format=" + std::string(format));
  }
  const auto with = [&](std::size_t at, std::uint8_t value) {
    ByteVector other = jpeg;
    other[frame + at] = value;
    return refusal(other);
  };
  EXPECT_EQ(with(4, 12), "photo_format_unsupported format=jpeg-12-bit");
  EXPECT_EQ(with(6, 0), "photo_format_unsupported format=jpeg-dnl");
  EXPECT_EQ(with(8, 0), "photo_damaged what=jpeg_frame byte=" + std::to_string(frame));  // no width
  EXPECT_EQ(with(11, 0x51), "photo_damaged what=jpeg_frame byte=" + std::to_string(frame));
  EXPECT_EQ(with(11, 0x31), "accepted");
  ByteVector fractional = jpeg;
  fractional[frame + 11] = 0x31;
  fractional[frame + 14] = 0x21;
  EXPECT_EQ(refusal(fractional), "photo_format_unsupported format=jpeg-fractional-sampling");
}

TEST(PhotoProbe, EveryPrefixIsRefused) {
  std::vector<ByteVector> seeds;
  for (const bool progressive : {false, true}) {
    for (const int restart : {0, 1}) {
      seeds.push_back(test::make_jpeg(test::scene(24, 17),
                                      {.restart_interval = restart, .progressive = progressive}));
    }
  }
  seeds.push_back(test::make_jpeg(test::scene(17, 9), {.grey = true}));
  seeds.push_back(test::make_jpeg(test::scene(17, 9), {.cmyk = true}));
  seeds.push_back(test::make_png(test::scene(12, 12)));
  seeds.push_back(prepare(seeds[0], {})->jpeg);
  for (const ByteVector& seed : seeds) {
    ASSERT_EQ(refusal(seed), "accepted");
    for (std::size_t size = 0; size < seed.size(); ++size) {
      const ByteVector part(seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(size));
      const auto info = probe(part);
      ASSERT_FALSE(info) << size << " of " << seed.size();
      if (size >= 8) {
        ASSERT_EQ(info.error().code, Code::photo_truncated) << text_of(info.error());
        ASSERT_LE(std::get<std::int64_t>(info.error().params[0].value),
                  static_cast<std::int64_t>(size));
      }
    }
  }
}

TEST(PhotoProbe, WhatFollowsThePictureDoesNotMatter) {  // motion photos, MPF, padding
  for (const ByteVector& seed :
       {test::make_jpeg(test::scene(16, 16)), test::make_png(test::scene(8, 8))}) {
    ByteVector longer = seed;
    longer.insert(longer.end(), seed.begin(), seed.end());
    longer.insert(longer.end(), 1000, 0xFF);
    EXPECT_EQ(refusal(longer), "accepted");
    EXPECT_EQ(prepare(longer, {})->jpeg, prepare(seed, {})->jpeg);
  }
}

TEST(PhotoProbe, BrokenMarkersHaveNamesAndPlaces) {
  const ByteVector jpeg = test::make_jpeg(test::scene(64, 48), {.restart_interval = 3});
  const auto changed = [&](std::size_t at, std::uint8_t value) {
    ByteVector other = jpeg;
    other[at] = value;
    return refusal(other);
  };
  const std::size_t codes = find(jpeg, {0xFF, 0xC4});
  const std::string no_marker = "photo_damaged what=jpeg_marker byte=" + std::to_string(codes);
  EXPECT_EQ(changed(codes, 0x00), no_marker);
  for (const std::uint8_t marker : {std::uint8_t{0xD8}, std::uint8_t{0xD3}, std::uint8_t{0x01},
                                    std::uint8_t{0xF0}, std::uint8_t{0xC8}}) {
    EXPECT_EQ(changed(codes + 1, marker), no_marker);
  }
  EXPECT_EQ(changed(codes + 2, 0xFF), "photo_truncated byte=" + std::to_string(jpeg.size()));
  const auto with_codes = [&](std::uint8_t target,
                              std::initializer_list<std::pair<int, int>> counts) {
    std::string body(17, '\0');
    body[0] = static_cast<char>(target);
    std::size_t sum = 0;
    for (const auto& [length, count] : counts) {
      body[static_cast<std::size_t>(length)] = static_cast<char>(count);
      sum += static_cast<std::size_t>(count);
    }
    ByteVector other = jpeg;
    const ByteVector more = test::segment(0xC4, body + std::string(sum, 'x'));
    other.insert(other.begin() + static_cast<std::ptrdiff_t>(codes), more.begin(), more.end());
    return refusal(other);
  };
  const std::string bad_codes = "photo_damaged what=jpeg_huffman byte=" + std::to_string(codes);
  EXPECT_EQ(with_codes(0x03, {{1, 2}}), "accepted");
  EXPECT_EQ(with_codes(0x03, {{1, 3}}), bad_codes);
  EXPECT_EQ(with_codes(0x03, {{1, 2}, {16, 1}}), bad_codes);
  EXPECT_EQ(with_codes(0x03, {{15, 128}, {16, 128}}), "accepted");
  EXPECT_EQ(with_codes(0x03, {{15, 128}, {16, 129}}), bad_codes);
  EXPECT_EQ(with_codes(0x24, {{1, 1}}), bad_codes);
  const std::size_t second = find(jpeg, {0xFF, 0xD1});
  EXPECT_EQ(changed(second + 1, 0xD4),
            "photo_damaged what=jpeg_restart byte=" + std::to_string(second));
  const std::size_t scan = find(jpeg, {0xFF, 0xDA});
  EXPECT_EQ(changed(scan + 5, 9), "photo_damaged what=jpeg_scan_header byte=" +
                                      std::to_string(scan));  // no such component
  EXPECT_EQ(changed(scan + 6, 0x11),
            "photo_damaged what=jpeg_scan_header byte=" + std::to_string(scan));
  EXPECT_EQ(changed(scan + 6, 0x01),
            "photo_damaged what=jpeg_scan_header byte=" + std::to_string(scan));  // no such table
}

TEST(PhotoProbe, OneFrameOnly) {
  ByteVector jpeg = test::make_jpeg(test::scene(16, 16));
  const std::size_t at = find(jpeg, {0xFF, 0xC0});
  const ByteVector frame(jpeg.begin() + static_cast<std::ptrdiff_t>(at),
                         jpeg.begin() + static_cast<std::ptrdiff_t>(at + 19));
  jpeg.insert(jpeg.begin() + static_cast<std::ptrdiff_t>(at), frame.begin(), frame.end());
  EXPECT_EQ(refusal(jpeg), "photo_damaged what=jpeg_frame byte=" + std::to_string(at + 19));
}

TEST(PhotoProbe, BrokenChunksHaveNamesAndPlaces) {
  const ByteVector png = test::make_png(test::scene(20, 20));
  for (std::size_t at = 8; at < png.size(); ++at) {  // no byte can change unnoticed
    ByteVector other = png;
    other[at] ^= 0x10;
    EXPECT_NE(refusal(other), "accepted") << at;
  }
  ByteVector other = png;
  other[40] ^= 1;
  EXPECT_EQ(refusal(other), "photo_damaged what=png_crc byte=33");
  const auto built = [](std::initializer_list<ByteVector> chunks) {
    ByteVector file = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    for (const ByteVector& chunk : chunks) file.insert(file.end(), chunk.begin(), chunk.end());
    return refusal(file);
  };
  const ByteVector data = test::png_chunk("IDAT", test::zlib_zeros(2));
  const ByteVector end = test::png_chunk("IEND", {});
  const auto header = [](std::uint8_t depth, std::uint8_t colour, std::uint8_t interlace) {
    return test::png_chunk("IHDR", {0, 0, 0, 1, 0, 0, 0, 1, depth, colour, 0, 0, interlace});
  };
  EXPECT_EQ(built({header(8, 0, 0), data, end}), "accepted");
  EXPECT_EQ(built({data, end}), "photo_damaged what=png_header byte=8");
  EXPECT_EQ(built({header(8, 0, 0), header(8, 0, 0), data, end}),
            "photo_damaged what=png_header byte=33");
  EXPECT_EQ(built({header(8, 0, 0), end}), "photo_damaged what=png_no_data byte=45");
  EXPECT_EQ(built({header(8, 3, 0), data, end}), "photo_damaged what=png_palette byte=33");
  EXPECT_EQ(built({header(8, 0, 0), data, test::png_chunk("tEXt", {'a'}), data, end}).substr(0, 33),
            "photo_damaged what=png_data_order");
  EXPECT_EQ(built({header(8, 0, 0), test::png_chunk("ABCD", {}), data, end}),
            "photo_damaged what=png_chunk byte=33");
  EXPECT_EQ(built({header(8, 0, 0), test::png_chunk("abCd", {}), data, end}), "accepted");
  EXPECT_EQ(built({test::png_chunk("CgBI", {0, 0, 0, 0}), header(8, 6, 0), data, end}),
            "photo_format_unsupported format=png-cgbi");
  for (const auto& [depth, colour] :
       {std::pair{3, 0}, {4, 2}, {16, 3}, {8, 1}, {8, 5}, {8, 7}, {32, 0}}) {
    EXPECT_EQ(built({header(static_cast<std::uint8_t>(depth), static_cast<std::uint8_t>(colour), 0),
                     data, end}),
              "photo_damaged what=png_header byte=8");
  }
  EXPECT_EQ(built({header(8, 0, 2), data, end}), "photo_damaged what=png_header byte=8");
}

}  // namespace
}  // namespace sfluv::photo
