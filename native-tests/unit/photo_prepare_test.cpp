// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdio>
#include <gtest/gtest.h>
#include <string>

#include "photos/photo_fixtures.h"

namespace sfluv::photo {
namespace {

using test::ByteVector;
using test::Image;

Plan whole(std::uint32_t edge_px = 1600) {
  return {.edge_px = edge_px, .bytes_max = 4'000'000, .quality_max = 95};
}

/// The prepared picture, decoded; its size is the one promised.
Image prepared_image(const ByteVector& file, const Plan& plan) {
  const auto prepared = prepare(file, plan);
  EXPECT_TRUE(prepared) << (prepared ? "" : to_string(prepared.error().code));
  if (!prepared) return {};
  Image image = test::decode_rgb(prepared->jpeg);
  EXPECT_EQ(image.width, prepared->width_px);
  EXPECT_EQ(image.height, prepared->height_px);
  EXPECT_LE(prepared->jpeg.size(), plan.bytes_max);
  return image;
}

TEST(PhotoPrepare, AllEightOrientationsComeOutUpright) {
  for (const auto& [width, height] : {std::pair{96u, 64u}, {61u, 83u}}) {
    const Image upright = test::scene(width, height);
    for (int orientation = 1; orientation <= 8; ++orientation) {
      const Image stored = test::stored_as(upright, orientation);
      const test::JpegSpec spec{.step = 1, .segments = test::exif_segment(orientation, true, true)};
      const Image seen = prepared_image(test::make_jpeg(stored, spec), whole());
      EXPECT_GT(test::psnr(seen, upright), 36) << orientation;
      const Image small = prepared_image(test::make_jpeg(stored, spec), whole(48));
      EXPECT_GT(test::psnr(small, test::box_shrink(upright, small.width, small.height)), 34)
          << orientation;
      if (orientation > 1) {
        EXPECT_LT(test::psnr(stored, upright), 25) << "the scene does not tell";
      }
    }
  }
}

TEST(PhotoPrepare, OrientationAndCropGoTogether) {
  const Image upright = test::scene(90, 60);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const test::JpegSpec spec{.step = 1, .segments = test::exif_segment(orientation, false, false)};
    Plan plan = whole();
    plan.aspect = Aspect::vertical;
    const Image seen =
        prepared_image(test::make_jpeg(test::stored_as(upright, orientation), spec), plan);
    EXPECT_GT(test::psnr(seen, test::cut(upright, 22, 0, 45, 60)), 35) << orientation;
  }
}

// Rulebook A3.14: tolerance 0.001 on the ratio, floor on the cut side and on the offset.
TEST(PhotoPrepare, CropsAsTheLiveClientDoes) {
  const struct {
    std::uint32_t width, height;
    Aspect aspect;
    std::uint32_t out_width, out_height;
  } cases[] = {
      {100, 80, Aspect::square, 80, 80},        {80, 100, Aspect::square, 80, 80},
      {101, 80, Aspect::as_taken, 101, 80},     {100, 80, Aspect::vertical, 60, 80},
      {60, 100, Aspect::vertical, 60, 80},      {100, 80, Aspect::horizontal, 100, 75},
      {100, 60, Aspect::horizontal, 80, 60},    {101, 77, Aspect::vertical, 57, 77},
      {77, 101, Aspect::horizontal, 77, 57},    {75, 100, Aspect::vertical, 75, 100},
      {101, 100, Aspect::square, 100, 100},     {1, 100, Aspect::square, 1, 1},
      {1, 1, Aspect::vertical, 1, 1},           {2, 1, Aspect::vertical, 1, 1},
      {400, 300, Aspect::horizontal, 400, 300}, {1001, 1000, Aspect::square, 1000, 1000},
      {1002, 1001, Aspect::square, 1002, 1001},
  };
  for (const auto& c : cases) {
    Plan plan = whole();
    plan.aspect = c.aspect;
    const ByteVector rgba(std::size_t{4} * c.width * c.height, 0xFF);
    const auto prepared =
        prepare(PixelView{.rgba = rgba, .width_px = c.width, .height_px = c.height}, plan);
    ASSERT_TRUE(prepared);
    EXPECT_EQ(prepared->width_px, c.out_width) << c.width << "x" << c.height;
    EXPECT_EQ(prepared->height_px, c.out_height) << c.width << "x" << c.height;
  }
}

TEST(PhotoPrepare, TheCropIsInTheCentre) {
  const Image image = test::scene(101, 60);
  Plan plan = whole();
  plan.aspect = Aspect::square;
  const Image seen = prepared_image(test::make_jpeg(image, {.step = 1}), plan);
  EXPECT_GT(test::psnr(seen, test::cut(image, 20, 0, 60, 60)), 36);
  EXPECT_LT(test::psnr(seen, test::cut(image, 22, 0, 60, 60)), 36);
}

TEST(PhotoPrepare, TheViewfinderSaysWhichPart) {
  const Image upright = test::scene(120, 80);
  Plan plan = whole();
  plan.crop = {.x = 250'000, .y = 100'000, .width = 500'000, .height = 600'000};  // 30, 8, 60, 48
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const test::JpegSpec spec{.step = 1, .segments = test::exif_segment(orientation, false, false)};
    const ByteVector file = test::make_jpeg(test::stored_as(upright, orientation), spec);
    EXPECT_GT(test::psnr(prepared_image(file, plan), test::cut(upright, 30, 8, 60, 48)), 35)
        << orientation;
    Plan square = plan;
    square.aspect = Aspect::square;  // the ratio is made of the part, in its centre
    EXPECT_GT(test::psnr(prepared_image(file, square), test::cut(upright, 36, 8, 48, 48)), 35)
        << orientation;
  }
  plan.crop = {.x = 999'999, .y = 999'999, .width = 1, .height = 1};
  EXPECT_EQ(prepared_image(test::make_png(upright), plan).samples.size(), 3u);  // one pixel
}

TEST(PhotoPrepare, LongEdgeIsBoundedAndNothingGrows) {
  const struct {
    std::uint32_t width, height, edge_px, out_width, out_height;
  } cases[] = {
      {100, 50, 40, 40, 20}, {100, 51, 40, 40, 20},  {100, 52, 40, 40, 21},  // 20.4 and 20.8
      {100, 49, 50, 50, 25},                                                 // 24.5 is rounded up
      {50, 100, 40, 20, 40}, {30, 20, 1600, 30, 20}, {1, 1, 1, 1, 1},       {500, 1, 40, 40, 1},
      {1, 500, 40, 1, 40},   {3, 500, 40, 1, 40},    {17, 17, 17, 17, 17},  {18, 18, 17, 17, 17}};
  for (const auto& c : cases) {
    const auto prepared = prepare(test::make_png(test::scene(c.width, c.height)), whole(c.edge_px));
    ASSERT_TRUE(prepared);
    EXPECT_EQ(prepared->width_px, c.out_width);
    EXPECT_EQ(prepared->height_px, c.out_height);
  }
}

TEST(PhotoPrepare, TinyAndNarrowPicturesKeepTheirColour) {
  for (const auto& [width, height] :
       {std::pair{1u, 1u}, {1u, 7u}, {9u, 1u}, {2u, 3u}, {15u, 17u}}) {
    Image image{.width = width, .height = height};
    for (std::uint32_t i = 0; i < width * height; ++i)
      image.samples.insert(image.samples.end(), {200, 60, 20});
    const std::vector<ByteVector> files = {
        test::make_png(image), test::make_jpeg(image, {.step = 1}),
        test::make_jpeg(image, {.sampling = {0x22, 0x11, 0x11}, .step = 1})};
    for (const ByteVector& file : files) {
      EXPECT_GT(test::psnr(prepared_image(file, whole()), image), 38) << width << "x" << height;
    }
  }
}

TEST(PhotoPrepare, EveryKindOfJpegGivesTheSamePicture) {
  const Image image = test::scene(150, 110);
  const Image small = test::box_shrink(image, 75, 55);
  const std::array<std::array<std::uint8_t, 4>, 6> samplings = {{{0x11, 0x11, 0x11, 0x11},
                                                                 {0x22, 0x11, 0x11},
                                                                 {0x21, 0x11, 0x11},
                                                                 {0x12, 0x11, 0x11},
                                                                 {0x41, 0x11, 0x11},
                                                                 {0x44, 0x22, 0x11}}};
  for (const auto& sampling : samplings) {
    for (const bool progressive : {false, true}) {
      for (const int restart : {0, 1, 7}) {
        if (sampling[0] == 0x44) continue;  // 21 blocks a unit: not legal together
        const test::JpegSpec spec{.sampling = sampling,
                                  .step = 1,
                                  .restart_interval = restart,
                                  .progressive = progressive};
        const ByteVector file = test::make_jpeg(image, spec);
        EXPECT_GT(test::psnr(prepared_image(file, whole()), image), 34)
            << int{sampling[0]} << progressive << restart;
        EXPECT_GT(test::psnr(prepared_image(file, whole(75)), small), 33)
            << int{sampling[0]} << progressive << restart;
      }
    }
  }
}

TEST(PhotoPrepare, GreyRgbAndCmyk) {
  const Image image = test::scene(80, 60);
  Image grey = image;
  for (std::size_t i = 0; i < grey.samples.size(); i += 3) {
    const double y =
        0.299 * grey.samples[i] + 0.587 * grey.samples[i + 1] + 0.114 * grey.samples[i + 2];
    std::fill_n(grey.samples.begin() + static_cast<std::ptrdiff_t>(i), 3,
                static_cast<std::uint8_t>(y + 0.5));
  }
  for (const bool progressive : {false, true}) {
    EXPECT_GT(
        test::psnr(prepared_image(test::make_jpeg(
                                      image, {.step = 1, .progressive = progressive, .grey = true}),
                                  whole()),
                   grey),
        38);
    EXPECT_GT(
        test::psnr(prepared_image(test::make_jpeg(
                                      image, {.step = 1, .progressive = progressive, .cmyk = true}),
                                  whole()),
                   image),
        34);
    EXPECT_GT(
        test::psnr(prepared_image(
                       test::make_jpeg(image, {.step = 1, .progressive = progressive, .rgb = true}),
                       whole()),
                   image),
        34);
  }
}

TEST(PhotoPrepare, ALargePictureShrinksLikeTheMeanOfItsPixels) {
  const Image image = test::scene(700, 500);
  for (const std::uint32_t edge : {699u, 500u, 333u, 100u}) {
    const Image seen = prepared_image(test::make_png(image), whole(edge));
    EXPECT_GT(test::psnr(seen, test::box_shrink(image, seen.width, seen.height)), 36) << edge;
  }
}

// Far smaller than the smallest size that a JPEG can be decoded at: rows are averaged before. The
// rows that fill up its last blocks are no part of the picture (found by the fuzzer).
TEST(PhotoPrepare, ThumbnailsAreTheMeanOfTheirPixels) {
  for (const auto& [width, height] : {std::pair{301u, 203u}, {90u, 1001u}, {1030u, 65u}}) {
    const Image image = test::scene(width, height);
    const ByteVector jpeg = test::make_jpeg(image, {.sampling = {0x22, 0x11, 0x11}, .step = 1});
    for (const std::uint32_t edge : {1u, 2u, 7u, 16u, 31u}) {
      const Image seen = prepared_image(jpeg, whole(edge));
      EXPECT_GT(test::psnr(seen, test::box_shrink(image, seen.width, seen.height)), 17)
          << width << "x" << height << " to " << edge;
      EXPECT_GT(test::psnr(seen, prepared_image(test::make_png(image), whole(edge))), 30)
          << width << "x" << height << " to " << edge;
    }
  }
}

TEST(PhotoPrepare, TransparentPartsBecomeWhite) {
  const Image image = test::scene(40, 30);
  Image white = image;
  std::fill(white.samples.begin(), white.samples.end(), std::uint8_t{255});
  EXPECT_GT(test::psnr(prepared_image(test::make_png(test::with_alpha(image, 0)), whole()), white),
            60);
  EXPECT_GT(
      test::psnr(prepared_image(test::make_png(test::with_alpha(image, 255)), whole()), image), 33);
  Image half = image;
  for (std::uint8_t& sample : half.samples)
    sample = static_cast<std::uint8_t>((sample * 128 + 255 * 127) / 255);
  EXPECT_GT(test::psnr(prepared_image(test::make_png(test::with_alpha(image, 128)), whole()), half),
            34);
  const Image pixels = test::with_alpha(image, 128);
  const auto prepared =
      prepare(PixelView{.rgba = pixels.samples, .width_px = 40, .height_px = 30}, whole());
  ASSERT_TRUE(prepared);
  EXPECT_GT(test::psnr(test::decode_rgb(prepared->jpeg), half), 34);
}

TEST(PhotoPrepare, PngsOfEveryDepth) {
  // Two columns: black and white, in every way to say so.
  const auto check = [](const test::PngSpec& spec, const ByteVector& row, std::string_view name) {
    ByteVector rows;
    for (int y = 0; y < 4; ++y) {
      rows.push_back(0);
      rows.insert(rows.end(), row.begin(), row.end());
    }
    const ByteVector png = test::make_png(2, 4, rows, spec);
    const auto prepared = prepare(png, {.quality_max = 100});
    ASSERT_TRUE(prepared) << name;
    const Image image = test::decode_rgb(prepared->jpeg);
    for (std::uint32_t y = 0; y < 4; ++y) {
      EXPECT_LT(image.at(0, y, 1), 12) << name;
      EXPECT_GT(image.at(1, y, 1), 243) << name;
    }
  };
  const ByteVector palette = {0, 0, 0, 255, 255, 255};
  check({.depth = 1, .colour = 0}, {0x40}, "grey 1");
  check({.depth = 2, .colour = 0}, {0x30}, "grey 2");
  check({.depth = 4, .colour = 0}, {0x0F}, "grey 4");
  check({.depth = 8, .colour = 0}, {0, 255}, "grey 8");
  check({.depth = 16, .colour = 0}, {0, 0, 255, 255}, "grey 16");
  check({.depth = 16, .colour = 2}, {0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255}, "rgb 16");
  check({.depth = 8, .colour = 4}, {0, 255, 90, 0}, "grey alpha 8");
  check({.depth = 16, .colour = 4}, {0, 0, 255, 255, 9, 9, 0, 0}, "grey alpha 16");
  check({.depth = 16, .colour = 6}, {0, 0, 0, 0, 0, 0, 255, 255, 1, 1, 1, 1, 1, 1, 0, 0},
        "rgba 16");
  check({.depth = 1, .colour = 3, .palette = palette}, {0x40}, "palette 1");
  check({.depth = 8, .colour = 3, .palette = palette}, {0, 1}, "palette 8");
  check({.depth = 8, .colour = 3, .palette = {0, 0, 0, 9, 9, 9}, .transparency = {255, 0}}, {0, 1},
        "palette, transparent");
  check({.depth = 8, .colour = 0, .transparency = {0, 77}}, {0, 77}, "grey, transparent");
  check({.depth = 8, .colour = 2, .transparency = {0, 1, 0, 2, 0, 3}}, {0, 0, 0, 1, 2, 3},
        "rgb, transparent");
}

// Larger than what decoders keep in reserve: the rows of the passes have more filter bytes than the
// picture has rows.
TEST(PhotoPrepare, AnInterlacedPngOfSomeSizeIsTheSamePicture) {
  const Image image = test::scene(301, 203);
  ByteVector rows;
  constexpr struct {
    std::uint32_t x, y, across, down;
  } passes[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
  for (const auto& pass : passes) {
    for (std::uint32_t y = pass.y; y < image.height; y += pass.down) {
      rows.push_back(0);
      for (std::uint32_t x = pass.x; x < image.width; x += pass.across) {
        for (std::uint32_t c = 0; c < 3; ++c) rows.push_back(image.at(x, y, c));
      }
    }
  }
  const ByteVector file =
      test::make_png(image.width, image.height, rows, {.colour = 2, .interlaced = true});
  EXPECT_EQ(prepared_image(file, whole()).samples,
            prepared_image(test::make_png(image), whole()).samples);
}

TEST(PhotoPrepare, AnInterlacedPngIsTheSamePicture) {
  // 3x3 grey: pass 1 (0,0); pass 4 none in 3 columns but (2,0) of pass 4; rows as PNG §8.2 orders
  // them.
  const ByteVector plain = {0, 10, 40, 70, 0, 100, 130, 160, 0, 190, 220, 250};
  const ByteVector passes = {0,
                             10,
                             /* 4: x 2 of 4 */ 0,
                             70,
                             /* 5: y 2 */ 0,
                             190,
                             250,
                             /* 6: odd x */ 0,
                             40,
                             0,
                             220,
                             /* 7: odd y */ 0,
                             100,
                             130,
                             160};
  const auto straight = prepare(test::make_png(3, 3, plain, {.colour = 0}), {});
  const auto interlaced =
      prepare(test::make_png(3, 3, passes, {.colour = 0, .interlaced = true}), {});
  ASSERT_TRUE(straight);
  ASSERT_TRUE(interlaced);
  EXPECT_EQ(straight->jpeg, interlaced->jpeg);
}

TEST(PhotoPrepare, CompressedDataOfARealEncoder) {
  // zlib level 9 of 24 grey rows, row y beginning with the filter y % 3: dynamic codes and matches.
  const ByteVector zlib = {
      0x78, 0xDA, 0x0D, 0xD1, 0x8B, 0x82, 0x6A, 0x40, 0x00, 0x00, 0xD0, 0x31, 0x54, 0x42, 0xCA,
      0xA6, 0x89, 0xC8, 0xB2, 0xA4, 0x1F, 0x93, 0xBC, 0x0D, 0x25, 0x6D, 0xAD, 0xAE, 0x50, 0x6D,
      0xF5, 0xD3, 0x77, 0x7F, 0xE1, 0x1C, 0xE0, 0x6C, 0xB6, 0xC1, 0x90, 0x9F, 0x2E, 0x8C, 0x4D,
      0x52, 0x36, 0x04, 0xAF, 0x10, 0x93, 0x36, 0xAA, 0xBC, 0x39, 0x49, 0x38, 0x8E, 0x17, 0x70,
      0x82, 0xAC, 0x93, 0xB8, 0xFA, 0x4D, 0x65, 0xF8, 0x61, 0x4F, 0x5E, 0xE5, 0xF6, 0x32, 0xB2,
      0xE1, 0xC6, 0x75, 0xC3, 0x31, 0x52, 0x6D, 0xAE, 0x7A, 0xE2, 0x8E, 0x55, 0x19, 0x53, 0x74,
      0x9B, 0xEF, 0x14, 0xE8, 0xC0, 0x75, 0xBD, 0xF0, 0x43, 0xFE, 0xA2, 0xD0, 0x2F, 0xBE, 0xE6,
      0x5F, 0x02, 0x61, 0x88, 0xB1, 0xF3, 0xBE, 0x2D, 0x15, 0xC2, 0xF5, 0xA2, 0x7C, 0x22, 0xAF,
      0x58, 0x3D, 0x69, 0xD2, 0xEB, 0x98, 0xD4, 0x35, 0xA9, 0x2C, 0xD2, 0x6C, 0x82, 0xE0, 0xD6,
      0x8B, 0xF3, 0xA9, 0x4A, 0x0A, 0xF0, 0xDB, 0xAF, 0x53, 0xFB, 0x53, 0x52, 0xA4, 0x4B, 0x7D,
      0x7D, 0xF4, 0x05, 0xE0, 0x05, 0xD1, 0x0E, 0x7D, 0xF5, 0xE7, 0xDC, 0xBD, 0xF0, 0x3A, 0x59,
      0x18, 0x4B, 0x6A, 0xF3, 0x0E, 0x8F, 0x06, 0x47, 0xF8, 0x7E, 0xBC, 0x93, 0x57, 0x9C, 0x86,
      0xFC, 0xEE, 0x3B, 0xA3, 0xFB, 0x03, 0xA4, 0x3E, 0x93, 0xCA, 0x9D, 0x0F, 0xA0, 0x1F, 0x65,
      0x27, 0x83, 0x5E, 0x0C, 0xC4, 0xE8, 0xD5, 0x5D, 0x97, 0xBA, 0x3D, 0xD5, 0xC3, 0x4B, 0x74,
      0x43, 0x23, 0x10, 0x84, 0xF9, 0xC9, 0x62, 0x75, 0x5E, 0x3B, 0x64, 0x51, 0xC2, 0xCD, 0xB4,
      0x89, 0x9E, 0x3F, 0x2F, 0x7B, 0x96, 0x26, 0xC2, 0x38, 0x3B, 0xAF, 0x05, 0x53, 0x04, 0x5D,
      0x55, 0xB5, 0x76, 0x7F, 0xC6, 0x5B, 0x87, 0xC8, 0xDB, 0xD8, 0x24, 0x0C, 0xE3, 0xFC, 0x0C,
      0x45, 0x62, 0xC1, 0x6C, 0x1D, 0x37, 0x43, 0x26, 0xC7, 0x5A, 0x55, 0x79, 0x3A, 0xAB, 0x36,
      0x88, 0xD2, 0x43, 0x03, 0x44, 0x4A, 0x17, 0x8B, 0xC3, 0x4F, 0x0D, 0x67, 0x14, 0x0D, 0x1E,
      0x8F, 0xBB, 0x3B, 0xD6, 0x89, 0xF8, 0xCF, 0x8E, 0x44, 0xCC, 0x7A, 0x59, 0xDF, 0x9C, 0x78,
      0xC1, 0x98, 0x3D, 0xE0, 0x06, 0xB8, 0xEA, 0x29, 0x30, 0xC9, 0x0E, 0x6D, 0x5F, 0x1D, 0xF5,
      0xD6, 0x1B, 0xBF, 0x68, 0x39, 0x4B, 0x21, 0xA9, 0xA0, 0x68, 0x12, 0x1D, 0x81, 0x04, 0x97,
      0xED, 0xF0, 0x73, 0xCA, 0x0E, 0xF1, 0xF1, 0x8E, 0x2D, 0xE9, 0x03, 0x50, 0x59, 0x1D, 0x76,
      0x48, 0x20, 0xD2, 0xFC, 0xFC, 0x12, 0xA0, 0xB1, 0xD4, 0x9E, 0xC9, 0xBF, 0x64, 0x6D, 0xE8,
      0xBC, 0xEC, 0x9C, 0x22, 0xC7, 0x06, 0x10, 0xE7, 0xD5, 0x4B, 0xEC, 0xAD, 0x4D, 0xF0, 0xD7,
      0xD3, 0x21, 0x24, 0x71, 0x72, 0xD8, 0x5D, 0x4E, 0x8A, 0x09, 0xF0, 0xFE, 0xFC, 0x9E, 0xB3,
      0x10, 0x32, 0xA7, 0xE7, 0x31, 0x1B, 0xD2, 0xE3, 0xE1, 0x12, 0x6F, 0xBD, 0x88, 0xD7, 0x88,
      0x6C, 0xFF, 0xF3, 0x5E, 0xF0, 0x34, 0x2D, 0xDE, 0xF0, 0xF3, 0xAE, 0x5B, 0x83, 0xFE, 0xB2,
      0xCC, 0x4F, 0x0D, 0x25, 0xC3, 0xFC, 0x50, 0x07, 0x12, 0xCF, 0xF2, 0x5A, 0xD0, 0x94, 0xC9,
      0x08, 0xD9, 0x94, 0x51, 0xB7, 0xF7, 0xF8, 0x53, 0x04, 0xBB, 0xA2, 0x09, 0x14, 0x41, 0x10,
      0x41, 0xE1, 0xFF, 0xB6, 0x16, 0xAB, 0x11, 0xC6, 0xC3, 0xC5, 0xDD, 0x6C, 0x4C, 0xEC, 0x8E,
      0x75, 0xA8, 0x21, 0x51, 0x61, 0xDA, 0x02, 0x63, 0xB4, 0x9A, 0xD9, 0x2B, 0x07, 0x37, 0x05,
      0xCD, 0xC0, 0x7D, 0x79, 0x0D, 0x0D, 0x59, 0x36, 0xA6, 0x6E, 0x77, 0xBD, 0xF7, 0x65, 0xCE,
      0x5C, 0x85, 0xE7, 0xF0, 0x6D, 0x53, 0xFF, 0x01, 0xD4, 0x45, 0x9A, 0x6D};
  ByteVector rows;
  for (int y = 0; y < 24; ++y) {
    rows.push_back(static_cast<std::uint8_t>(y % 3));
    for (int x = 0; x < 24; ++x) {
      rows.push_back(static_cast<std::uint8_t>((x * x * (y + 3) + (x ^ y) * 5) / 7 % 40 +
                                               (x % 9 < 4 ? 100 : 0)));
    }
  }
  for (const std::size_t chunk : {1u, 7u, 5000u}) {
    const test::PngSpec spec{.colour = 0, .data_chunk = chunk};
    const auto prepared = prepare(test::make_png_of_data(24, 24, zlib, spec), {});
    ASSERT_TRUE(prepared) << to_string(prepared.error().code);
    EXPECT_EQ(prepared->jpeg, prepare(test::make_png(24, 24, rows, spec), {})->jpeg);
  }
}

TEST(PhotoPrepare, NeverAboveTheBudget) {
  std::uint32_t random = 12345;
  const auto next = [&](std::uint32_t below) {
    return (random = random * 1664525u + 1013904223u) / 65536u % below;
  };
  for (int i = 0; i < 60; ++i) {
    const std::uint32_t width = 1 + next(400), height = 1 + next(400);
    const Image image = i % 2 ? test::noise(width, height, random) : test::scene(width, height);
    Plan plan{.aspect = static_cast<Aspect>(next(4)),
              .edge_px = 1 + next(500),
              .bytes_max = 4096 + next(60'000),
              .quality_max = static_cast<std::uint8_t>(1 + next(100))};
    plan.quality_min = static_cast<std::uint8_t>(1 + next(plan.quality_max));
    const auto prepared = prepare(test::make_png(image), plan);
    ASSERT_TRUE(prepared) << to_string(prepared.error().code);
    EXPECT_LE(prepared->jpeg.size(), plan.bytes_max);
    EXPECT_LE(std::max(prepared->width_px, prepared->height_px), plan.edge_px);
    EXPECT_LE(prepared->width_px, width);
    EXPECT_LE(prepared->height_px, height);
    EXPECT_GE(prepared->quality, plan.quality_min);
    EXPECT_LE(prepared->quality, plan.quality_max);
    const Image seen = test::decode_rgb(prepared->jpeg);
    EXPECT_EQ(seen.width, prepared->width_px);
    EXPECT_EQ(seen.height, prepared->height_px);
  }
}

// Issue 5: encodes per photo to meet any budget. Structure with grain, as cameras see it.
TEST(PhotoPrepare, ABudgetIsMetWithoutEncodingTwice) {
  Image image = test::scene(1280, 960);
  const Image grain = test::noise(1280, 960, 5);
  for (std::size_t i = 0; i < image.samples.size(); ++i)
    image.samples[i] = static_cast<std::uint8_t>((7 * image.samples[i] + grain.samples[i]) / 8);
  const ByteVector file = test::make_png(image);
  double most = 0, sum = 0, budgets = 0;
  for (std::uint32_t bytes_max = 4096; bytes_max < 600'000; bytes_max += bytes_max / 4) {
    const auto prepared = prepare(file, {.bytes_max = bytes_max});
    ASSERT_TRUE(prepared);
    EXPECT_LE(prepared->jpeg.size(), bytes_max);
    const bool is_bound = prepared->quality < 85 || prepared->width_px < 1280;
    EXPECT_GE(prepared->jpeg.size(), is_bound ? bytes_max - bytes_max / 8 : 0) << bytes_max;
    const double encodes = prepared->encodes_64ths / 64.0;
    EXPECT_LE(encodes, 1.5) << bytes_max;
    most = std::max(most, encodes);
    sum += encodes;
    ++budgets;
  }
  std::printf("encodes per photo: at most %.2f, on average %.2f\n", most, sum / budgets);
}

// The bytes that are stuffed behind every FF come on top of what was counted.
TEST(PhotoPrepare, AByteTooManyIsTooMany) {
  const ByteVector file = test::make_png(test::noise(128, 128, 11));
  const auto free = prepare(file, {});
  ASSERT_TRUE(free);
  const auto bytes = static_cast<std::uint32_t>(free->jpeg.size());
  EXPECT_EQ(prepare(file, {.bytes_max = bytes})->jpeg, free->jpeg);
  for (std::uint32_t less = 1; less <= 24; ++less) {
    const auto prepared = prepare(file, {.bytes_max = bytes - less});
    ASSERT_TRUE(prepared);
    EXPECT_LE(prepared->jpeg.size(), bytes - less);
  }
}

TEST(PhotoPrepare, ExtremePatternsSurviveTheBestQuality) {
  for (int pattern = 0; pattern < 64; ++pattern) {
    Image image{.width = 16, .height = 16};
    for (int i = 0; i < 256; ++i) {
      const int x = i % 16 % 8, y = i / 16 % 8;
      // The sign of the cosine of frequency (pattern % 8, pattern / 8), by its quarter turns.
      const bool flip_x = ((2 * x + 1) * (pattern % 8) + 8) / 16 % 2 == 1;
      const bool flip_y = ((2 * y + 1) * (pattern / 8) + 8) / 16 % 2 == 1;
      const std::uint8_t value = flip_x == flip_y ? 255 : 0;
      image.samples.insert(image.samples.end(), 3, value);
    }
    Plan plan = whole();
    plan.quality_max = 100;
    EXPECT_GT(test::psnr(prepared_image(test::make_png(image), plan), image), 40) << pattern;
  }
}

/// Leaves something to be found below, should anyone look at stack that was not written.
[[gnu::noinline]] void soil_the_stack() {
  volatile std::uint8_t leftovers[65536];
  for (volatile std::uint8_t& byte : leftovers) byte = 0xEE;
}

TEST(PhotoPrepare, AnIndexOutsideThePaletteIsBlack) {
  const test::PngSpec spec{.colour = 3, .palette = {255, 255, 255}};
  const ByteVector file = test::make_png(2, 1, {0, 0, 200}, spec);
  soil_the_stack();
  const auto prepared = prepare(file, {.quality_max = 100});
  ASSERT_TRUE(prepared);
  const Image image = test::decode_rgb(prepared->jpeg);
  EXPECT_GT(image.at(0, 0, 1), 243);
  EXPECT_LT(image.at(1, 0, 1), 12);
}

TEST(PhotoPrepare, UsesTheBudgetBeforeItGivesUpPixels) {
  const Image image = test::noise(300, 300, 7);
  Plan plan{.bytes_max = 40'000, .quality_min = 10};
  auto prepared = prepare(test::make_png(image), plan);
  ASSERT_TRUE(prepared);
  EXPECT_EQ(prepared->width_px, 300u);
  EXPECT_GT(prepared->jpeg.size(), 38'000u);
  EXPECT_LT(prepared->quality, 85);
  plan.quality_min = 80;  // rather fewer pixels than worse ones
  prepared = prepare(test::make_png(image), plan);
  ASSERT_TRUE(prepared);
  EXPECT_LT(prepared->width_px, 300u);
  EXPECT_GE(prepared->quality, 80);
}

TEST(PhotoPrepare, NothingOfTheFileButItsPictureLeaves) {
  test::JpegSpec spec{.segments = test::exif_segment(6, true, true)};
  for (const int marker : {0xE1, 0xE2, 0xED, 0xEE, 0xEF, 0xFE}) {
    const ByteVector more = test::segment(static_cast<std::uint8_t>(marker), "CANARY in a segment");
    spec.segments.insert(spec.segments.end(), more.begin(), more.end());
  }
  // Small and already fine pictures are made anew like all others.
  ByteVector file = test::make_jpeg(test::scene(32, 32), spec);
  for (const char letter : std::string("CANARY at the end"))
    file.push_back(static_cast<std::uint8_t>(letter));
  const auto prepared = prepare(file, {});
  ASSERT_TRUE(prepared);
  const std::string out(prepared->jpeg.begin(), prepared->jpeg.end());
  EXPECT_EQ(out.find("CANARY"), std::string::npos);
  EXPECT_EQ(out.find("Exif"), std::string::npos);
  int segments = 0;
  for (std::size_t at = 2; prepared->jpeg[at + 1] != 0xDA;
       at += 2 + prepared->jpeg[at + 2] * 256u + prepared->jpeg[at + 3]) {
    const std::uint8_t marker = prepared->jpeg[at + 1];
    EXPECT_TRUE(marker == 0xE0 || marker == 0xDB || marker == 0xC0 || marker == 0xC4)
        << int{marker};
    ++segments;
  }
  EXPECT_EQ(segments, 4);
  const auto info = probe(prepared->jpeg);
  ASSERT_TRUE(info);
  EXPECT_FALSE(info->has_gps);
  EXPECT_EQ(info->orientation, 1);
}

TEST(PhotoPrepare, TheTimeOfCaptureStaysOnRequestAndNothingElse) {
  const auto file_of = [](std::string_view taken, std::string_view offset) {
    return test::make_jpeg(test::scene(32, 32),
                           {.segments = test::exif_time_segment(taken, offset)});
  };
  Plan plan;
  plan.keep_time = true;
  const struct {
    std::string_view taken, offset, kept, kept_offset;
  } cases[] = {
      {"2025:06:01 12:34:56", "+02:00", "2025:06:01 12:34:56", "+02:00"},
      {"2025:06:01 12:34:56", "-11:30", "2025:06:01 12:34:56", "-11:30"},
      {"2025:06:01 12:34:56", "CANARY", "2025:06:01 12:34:56", ""},
      {"CANARY:CANARY CANA", "+02:00", "", ""},
      {"    :  :     :  :  ", "   :  ", "", ""},
  };
  for (const auto& [taken, offset, kept, kept_offset] : cases) {
    const ByteVector file = file_of(taken, offset);
    const auto prepared = prepare(file, plan);
    ASSERT_TRUE(prepared);
    const auto info = probe(prepared->jpeg);
    ASSERT_TRUE(info);
    EXPECT_EQ(info->taken, kept);
    EXPECT_EQ(info->taken_offset, kept.empty() ? "" : kept_offset);
    EXPECT_FALSE(info->has_gps);
    EXPECT_EQ(info->orientation, 1);
    const std::string out(prepared->jpeg.begin(), prepared->jpeg.end());
    EXPECT_EQ(out.find("CANARY"), std::string::npos);
    EXPECT_EQ(prepare(file, {})->jpeg.size() == prepared->jpeg.size(), kept.empty());
  }
}

TEST(PhotoPrepare, WhatIsFineAlreadyMayStay) {
  const ByteVector fine = test::make_jpeg(test::noise(60, 80, 1), {.sampling = {0x22, 0x11, 0x11}});
  Plan plan{.aspect = Aspect::vertical};
  plan.keep_fine = true;
  const auto kept = prepare(fine, plan);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->jpeg, fine);
  EXPECT_EQ(kept->width_px, 60u);
  EXPECT_NE(prepare(fine, {})->jpeg, fine) << "it is made anew by default";

  const auto made_anew = [&](const ByteVector& file, const Plan& other) {
    const auto prepared = prepare(file, other);
    return prepared && prepared->jpeg != file;
  };
  Plan other = plan;
  other.aspect = Aspect::square;
  EXPECT_TRUE(made_anew(fine, other)) << "ratio";
  other = plan;
  other.edge_px = 79;
  EXPECT_TRUE(made_anew(fine, other)) << "edge";
  other = plan;
  other.bytes_max = static_cast<std::uint32_t>(fine.size() - 1);
  EXPECT_TRUE(made_anew(fine, other)) << "bytes";
  other = plan;
  other.crop.width = 900'000;
  EXPECT_TRUE(made_anew(fine, other)) << "crop";

  const Image image = test::scene(60, 80);
  for (const int marker : {0xE1, 0xE2, 0xED, 0xEE, 0xEF, 0xFE}) {
    const ByteVector words =
        test::segment(static_cast<std::uint8_t>(marker), std::string("Adobe\0 CANARY", 13));
    EXPECT_TRUE(made_anew(test::make_jpeg(image, {.segments = words}), plan)) << marker;
  }
  const test::IccSpec srgb{.primaries = test::srgb_primaries, .name = "sRGB"};
  EXPECT_TRUE(made_anew(test::make_jpeg(image, {.segments = test::icc_segment(srgb)}), plan));
  EXPECT_TRUE(
      made_anew(test::make_jpeg(image, {.segments = test::exif_segment(1, true, false)}), plan));
  const ByteVector thumbnail =
      test::segment(0xE0, std::string_view("JFIF\0\1\1\0\0\1\0\1\1\1abc", 17));
  EXPECT_TRUE(made_anew(test::make_jpeg(image, {.jfif = false, .segments = thumbnail}), plan));
  EXPECT_TRUE(made_anew(test::make_jpeg(image, {.progressive = true}), plan));
  EXPECT_TRUE(made_anew(test::make_jpeg(image, {.cmyk = true}), plan));
  EXPECT_TRUE(made_anew(test::make_jpeg(image, {.rgb = true}), plan));
  EXPECT_TRUE(made_anew(test::make_png(image), plan));
  ByteVector film = fine;
  film.insert(film.end(), {'C', 'A', 'N', 'A', 'R', 'Y'});
  EXPECT_TRUE(made_anew(film, plan));
  ByteVector damaged = fine;
  damaged.resize(fine.size() - 30);
  EXPECT_FALSE(prepare(damaged, plan));
}

TEST(PhotoPrepare, SameInSameOut) {
  const ByteVector file = test::make_jpeg(test::scene(120, 90));
  const auto first = prepare(file, whole(77));
  (void)prepare(test::make_png(test::noise(50, 50, 3)), whole());
  const auto second = prepare(file, whole(77));
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(first->jpeg, second->jpeg);
}

TEST(PhotoPrepare, RefusesPlansThatCannotBe) {
  const ByteVector file = test::make_png(test::scene(4, 4));
  const auto code = [&](const Plan& plan) {
    const auto prepared = prepare(file, plan);
    return prepared ? std::string("accepted") : std::string(to_string(prepared.error().code));
  };
  EXPECT_EQ(code({.edge_px = 0}), "photo_plan_invalid");
  EXPECT_EQ(code({.edge_px = 16'385}), "photo_plan_invalid");
  EXPECT_EQ(code({.quality_max = 0}), "photo_plan_invalid");
  EXPECT_EQ(code({.quality_max = 101}), "photo_plan_invalid");
  EXPECT_EQ(code({.quality_max = 30, .quality_min = 31}), "photo_plan_invalid");
  EXPECT_EQ(code({.crop = {.x = 1'000'000, .width = 1}}), "photo_plan_invalid");
  EXPECT_EQ(code({.crop = {.y = 1'000'000, .height = 1}}), "photo_plan_invalid");
  EXPECT_EQ(code({.crop = {.x = 1}}), "photo_plan_invalid");
  EXPECT_EQ(code({.crop = {.height = 0}}), "photo_plan_invalid");
  EXPECT_EQ(code({.crop = {.y = 1, .height = 0xFFFFFFFF}}), "photo_plan_invalid");
  EXPECT_EQ(code({.bytes_max = 4095}), "photo_budget_too_small");
  EXPECT_EQ(code({.bytes_max = 4096}), "accepted");
}

TEST(PhotoPrepare, PixelsAreCountedBeforeTheyAreRead) {
  const ByteVector rgba(4 * 6 * 5);
  const auto code = [&](std::size_t bytes, std::uint32_t width, std::uint32_t height) {
    const auto prepared = prepare(
        PixelView{.rgba = std::span(rgba).first(bytes), .width_px = width, .height_px = height},
        {});
    return prepared ? std::string("accepted") : std::string(to_string(prepared.error().code));
  };
  EXPECT_EQ(code(120, 6, 5), "accepted");
  EXPECT_EQ(code(119, 6, 5), "photo_truncated");
  EXPECT_EQ(code(120, 6, 4), "photo_damaged");
  EXPECT_EQ(code(0, 0, 5), "photo_file_empty");
  EXPECT_EQ(code(120, 30'000, 30'000), "photo_too_many_pixels");
  EXPECT_EQ(code(120, 0xFFFFFFFF, 0xFFFFFFFF), "photo_too_many_pixels");
}

}  // namespace
}  // namespace sfluv::photo
