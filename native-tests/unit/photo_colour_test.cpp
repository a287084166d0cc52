// SPDX-License-Identifier: MIT
// Colours: what a profile is taken for, and Display P3 against the definition in floating point.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "photos/photo_fixtures.h"

namespace sfluv::photo {
namespace {

using test::ByteVector;
using test::IccSpec;
using test::Image;

constexpr IccSpec display_p3{.primaries = test::display_p3_primaries, .name = "Display P3"};

double to_light(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}
double from_light(double light) {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

/// Display P3 to sRGB by their definitions (CSS Color 4 §10), pixel by pixel; what is outside is
/// cut.
Image as_srgb(const Image& p3) {
  constexpr double matrix[3][3] = {
      {1.2249401762805598, -0.22494017628055996, 0},
      {-0.042056954709688163, 1.0420569547096881, 0},
      {-0.019637554590334432, -0.078636045550631889, 1.0982736001409663}};
  Image out = p3;
  for (std::size_t at = 0; at < p3.samples.size(); at += 3) {
    for (std::size_t i = 0; i < 3; ++i) {
      double light = 0;
      for (std::size_t k = 0; k < 3; ++k)
        light += matrix[i][k] * to_light(p3.samples[at + k] / 255.0);
      const double value = from_light(std::clamp(light, 0.0, 1.0));
      out.samples[at + i] = static_cast<std::uint8_t>(std::lround(255 * value));
    }
  }
  return out;
}

/// Every kind of colour: hue across, brightness down, and grey at the right.
Image colours(std::uint32_t width, std::uint32_t height) {
  Image image{.width = width, .height = height};
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      for (std::uint32_t c = 0; c < 3; ++c) {
        const double hue = std::cos(6.2832 * (x / (0.75 * width) + c / 3.0)) * 0.5 + 0.5;
        const double colour = x < width * 3 / 4 ? hue : 1;
        image.samples.push_back(static_cast<std::uint8_t>(255 * colour * y / (height - 1)));
      }
    }
  }
  return image;
}

Image prepared_image(const Image& image, ByteVector segments) {
  const test::JpegSpec spec{.step = 1, .segments = std::move(segments)};
  const auto prepared =
      prepare(test::make_jpeg(image, spec), {.bytes_max = 4'000'000, .quality_max = 98});
  return prepared ? test::decode_rgb(prepared->jpeg) : Image{};
}

TEST(PhotoColour, DisplayP3BecomesSrgb) {
  const Image image = colours(128, 96);
  const Image untouched = prepared_image(image, {});
  const Image mapped = prepared_image(image, test::icc_segment(display_p3));
  EXPECT_GT(test::psnr(mapped, as_srgb(untouched)), 45);
  EXPECT_LT(test::psnr(untouched, as_srgb(untouched)), 31) << "the colours do not tell";
}

TEST(PhotoColour, GreyStaysAsItIs) {
  Image image = test::scene(64, 64);
  for (std::size_t at = 0; at < image.samples.size(); at += 3)
    image.samples[at + 1] = image.samples[at + 2] = image.samples[at];
  EXPECT_EQ(prepared_image(image, test::icc_segment(display_p3)).samples,
            prepared_image(image, {}).samples);
}

TEST(PhotoColour, OtherProfilesAreNamedAndLeftAlone) {
  const Image image = colours(64, 48);
  const struct {
    IccSpec icc;
    ColourSpace space;
  } cases[] = {
      {display_p3, ColourSpace::display_p3},
      {{.primaries = test::srgb_primaries, .name = "sRGB IEC61966-2.1"}, ColourSpace::srgb},
      {{.primaries = test::display_p3_primaries, .exponent = 2.6, .name = "DCI P3"},
       ColourSpace::other},
      {{.primaries = {0.60974, 0.31111, 0.01947, 0.20528, 0.62567, 0.06087, 0.14919, 0.06322,
                      0.74457},
        .exponent = 2.2,
        .name = "Adobe RGB (1998)"},
       ColourSpace::other},
  };
  for (const auto& [icc, space] : cases) {
    const auto info = probe(test::make_jpeg(image, {.segments = test::icc_segment(icc)}));
    ASSERT_TRUE(info);
    EXPECT_EQ(info->colours, space) << icc.name;
    EXPECT_EQ(info->profile, icc.name);
    if (space == ColourSpace::display_p3) continue;
    EXPECT_EQ(prepared_image(image, test::icc_segment(icc)).samples,
              prepared_image(image, {}).samples);
  }
}

/// A PNG with a profile: `zlib` is its compressed form.
ByteVector png_with_profile(const Image& image, std::string_view name, const ByteVector& zlib) {
  ByteVector body(name.begin(), name.end());
  body.insert(body.end(), {0, 0});
  body.insert(body.end(), zlib.begin(), zlib.end());
  ByteVector png = test::make_png(image);
  const ByteVector chunk = test::png_chunk("iCCP", body);
  constexpr std::ptrdiff_t behind_header = 8 + 25;
  png.insert(png.begin() + behind_header, chunk.begin(), chunk.end());
  return png;
}

TEST(PhotoColour, TheProfileOfAPngIsReadLikeThatOfAJpeg) {
  const Image image = colours(128, 96);
  const Plan plan{.bytes_max = 4'000'000, .quality_max = 98};
  const auto untouched = prepare(test::make_png(image), plan);
  const ByteVector icc = test::make_icc(display_p3);
  const auto mapped = prepare(png_with_profile(image, "P3", test::zlib_stored(icc)), plan);
  ASSERT_TRUE(untouched && mapped);
  EXPECT_EQ(mapped->source.profile, "Display P3");
  EXPECT_GT(test::psnr(test::decode_rgb(mapped->jpeg), as_srgb(test::decode_rgb(untouched->jpeg))),
            45);
}

TEST(PhotoColour, ADamagedOrEndlessProfileOfAPngSaysNothing) {
  const Image image = colours(64, 48);
  const auto plain = prepare(test::make_png(image), {});
  const ByteVector whole = test::zlib_stored(test::make_icc(display_p3));
  ByteVector wrong = whole;
  wrong.back() ^= 1;  // the checksum
  const ByteVector cut(whole.begin(), whole.end() - 20);
  for (const ByteVector& zlib : {wrong, cut, ByteVector{}, test::zlib_zeros(100'000'000)}) {
    const auto prepared = prepare(png_with_profile(image, "P3", zlib), {});
    ASSERT_TRUE(prepared);
    EXPECT_EQ(prepared->source.profile, "");
    EXPECT_EQ(prepared->jpeg, plain->jpeg);
  }
}

TEST(PhotoColour, ACutOrWrongProfileIsAsIfItSaidNothing) {
  const ByteVector icc = test::make_icc(display_p3);
  const std::string mark("ICC_PROFILE\0\1\1", 14);
  for (std::size_t bytes = 1; bytes < icc.size(); ++bytes) {
    const std::string cut(icc.begin(), icc.begin() + static_cast<std::ptrdiff_t>(bytes));
    const auto info =
        probe(test::make_jpeg(test::scene(8, 8), {.segments = test::segment(0xE2, mark + cut)}));
    ASSERT_TRUE(info) << bytes;
    EXPECT_NE(info->colours, ColourSpace::srgb) << bytes;
  }
  for (std::size_t at = 0; at < icc.size(); ++at) {
    std::string wrong(icc.begin(), icc.end());
    wrong[at] = static_cast<char>(~wrong[at]);
    EXPECT_TRUE(prepare(
        test::make_jpeg(test::scene(8, 8), {.segments = test::segment(0xE2, mark + wrong)}), {}))
        << at;
  }
}

}  // namespace
}  // namespace sfluv::photo
