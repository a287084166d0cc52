// SPDX-License-Identifier: MIT
// Files that want memory, time or somebody's leftovers (the bombs of nothings/stb's known bugs).
#include <algorithm>
#include <gtest/gtest.h>
#include <string>

#include "photos/memory_meter.h"
#include "photos/photo_fixtures.h"

namespace sfluv::photo {
namespace {

using test::ByteVector;
using test::Image;

constexpr std::uint64_t refusal_bytes_max = 64ull << 20;

/// How a file is refused; "accepted" when it is not. Holds the refusal to its memory.
std::string refusal(const ByteVector& file) {
  test::reset_peak();
  const std::uint64_t before = test::bytes_held();
  const auto prepared = prepare(file, {});
  EXPECT_LE(test::bytes_peak() - before, refusal_bytes_max);
  return prepared ? "accepted" : std::string(to_string(prepared.error().code));
}

ByteVector header_only_jpeg(std::uint32_t width, std::uint32_t height, std::uint8_t frame = 0xC0) {
  ByteVector file = test::make_jpeg(test::scene(16, 16), {.progressive = frame == 0xC2});
  const std::array<std::uint8_t, 2> marker = {0xFF, frame};
  const auto at =
      std::search(file.begin(), file.end(), marker.begin(), marker.end()) - file.begin();
  file[static_cast<std::size_t>(at) + 5] = static_cast<std::uint8_t>(height >> 8);
  file[static_cast<std::size_t>(at) + 6] = static_cast<std::uint8_t>(height);
  file[static_cast<std::size_t>(at) + 7] = static_cast<std::uint8_t>(width >> 8);
  file[static_cast<std::size_t>(at) + 8] = static_cast<std::uint8_t>(width);
  return file;
}

TEST(PhotoHostile, HugePicturesInSmallFiles) {
  for (const std::uint8_t frame : {std::uint8_t{0xC0}, std::uint8_t{0xC2}}) {
    EXPECT_EQ(refusal(header_only_jpeg(30'000, 30'000, frame)), "photo_too_many_pixels");
    EXPECT_EQ(refusal(header_only_jpeg(16'385, 16, frame)), "photo_too_many_pixels");
    EXPECT_EQ(refusal(header_only_jpeg(16'384, 16'384, frame)), "photo_too_many_pixels");
    EXPECT_EQ(refusal(header_only_jpeg(5'712, 4'284, frame)), "photo_truncated");
    EXPECT_EQ(refusal(header_only_jpeg(4'000, 3'000, frame)), "photo_truncated");
    EXPECT_EQ(refusal(header_only_jpeg(200, 200, frame)), "photo_truncated");
  }
  // What is read in strips may be larger, and costs no more.
  EXPECT_EQ(refusal(header_only_jpeg(16'320, 12'240, 0xC0)), "photo_truncated");
  EXPECT_EQ(refusal(header_only_jpeg(8'160, 6'144, 0xC2)), "photo_too_many_pixels");
  for (const auto& [width, height] :
       {std::pair{30'000u, 30'000u}, {65'500u, 65'500u}, {0x7FFFFFFFu, 1u}, {8'000u, 6'000u}}) {
    EXPECT_EQ(
        refusal(test::make_png_of_data(width, height, test::zlib_zeros(1'000'000), {.colour = 0})),
        "photo_too_many_pixels");
  }
  EXPECT_EQ(refusal(test::make_png_of_data(5'700, 4'200, test::zlib_zeros(1000), {})),
            "photo_truncated");
  EXPECT_EQ(refusal(test::make_png_of_data(5'700, 4'200, test::zlib_zeros(60'000'000), {})),
            "photo_damaged");
}

TEST(PhotoHostile, DataThatInflatesBeyondThePicture) {
  EXPECT_EQ(refusal(test::make_png_of_data(1, 1, test::zlib_zeros(3'000'000), {.colour = 0})),
            "photo_too_complex");
  EXPECT_EQ(refusal(test::make_png_of_data(1, 1, test::zlib_zeros(200'000), {.colour = 0})),
            "photo_damaged");
  EXPECT_EQ(refusal(test::make_png_of_data(1, 1, test::zlib_zeros(3), {.colour = 0})),
            "photo_damaged");
  EXPECT_EQ(refusal(test::make_png_of_data(1, 1, test::zlib_zeros(2), {.colour = 0})), "accepted");
  EXPECT_EQ(refusal(test::make_png_of_data(1, 1, test::zlib_zeros(1), {.colour = 0})),
            "photo_damaged");
}

TEST(PhotoHostile, WrongDataIsFoundBeforeTheDecoderSeesIt) {
  const auto what = [](const ByteVector& zlib) {
    const auto prepared = prepare(test::make_png_of_data(2, 2, zlib, {.colour = 0}), {});
    if (prepared) return std::string("accepted");
    return prepared.error().code == Code::photo_damaged
               ? std::get<std::string>(prepared.error().params[0].value)
               : std::string(to_string(prepared.error().code));
  };
  const ByteVector good = {0x78, 0x01, 1, 6, 0,    0xF9, 0xFF, 0,   1,
                           2,    4,    3, 4, 0x00, 0x29, 0x00, 0x0F};
  EXPECT_EQ(what(good), "accepted");
  const auto changed = [&](std::size_t at, std::uint8_t value) {
    ByteVector other = good;
    other[at] = value;
    return what(other);
  };
  EXPECT_EQ(changed(16, 0x10), "png_checksum");
  EXPECT_EQ(changed(10, 5), "png_data");    // no such filter
  EXPECT_EQ(changed(0, 0x77), "png_data");  // not deflate
  EXPECT_EQ(changed(1, 0x02), "png_data");  // header checksum
  EXPECT_EQ(changed(2, 7), "png_data");     // no such kind of block
  EXPECT_EQ(changed(3, 5), "png_data");     // length and its complement differ
  EXPECT_EQ(what({0x78, 0x01, 1, 5, 0, 0xFA, 0xFF, 0, 1, 2, 4, 3, 0x00, 0x1C, 0x00, 0x0B}),
            "png_data");
  EXPECT_EQ(what(ByteVector(good.begin(), good.end() - 2)), "photo_truncated");
  EXPECT_EQ(what({0x78, 0x01, 0x63, 0x02, 0x04}), "png_data");  // a copy from before the beginning
}

TEST(PhotoHostile, BytesLeftOverInAScan) {
  const ByteVector file = test::make_jpeg(test::scene(16, 16));
  const auto with = [&](std::initializer_list<std::uint8_t> more) {
    ByteVector other = file;
    other.insert(other.end() - 2, more.begin(), more.end());
    return refusal(other);
  };
  EXPECT_EQ(with({0x00, 0x00, 0xFF, 0xFF}), "accepted");  // padding, as cameras write it
  EXPECT_EQ(with({0x12}), "photo_damaged");
  EXPECT_EQ(with({0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC, 0xDE, 0xF0, 0x12}), "photo_damaged");
}

TEST(PhotoHostile, AChunkThatClaimsMoreThanTheFile) {
  ByteVector png = test::make_png(test::scene(32, 32));
  png[33] = 0x20;  // 512 MiB of IDAT
  EXPECT_EQ(refusal(png), "photo_truncated");
}

TEST(PhotoHostile, ThousandsOfScans) {
  ByteVector file = header_only_jpeg(4'900, 4'900, 0xC2);
  file.resize(file.size() - 2);
  for (int i = 0; i < 2'000; ++i) {
    const ByteVector scan = test::segment(0xDA, std::string_view("\x01\x01\x00\x01\x05\x00", 6));
    file.insert(file.end(), scan.begin(), scan.end());
    file.insert(file.end(), {0xE0, 0x00});
  }
  file.insert(file.end(), {0xFF, 0xD9});
  EXPECT_EQ(refusal(file),
            "photo_truncated");  // of the scans that it has, the first cannot be whole
  // Scans that are whole, but too many of them: 65 bands of a picture of one block.
  ByteVector many = test::make_jpeg(test::scene(8, 8), {.progressive = true});
  const ByteVector scan = test::segment(0xDA, std::string_view("\x01\x01\x00\x01\x05\x00", 6));
  many.resize(many.size() - 2);
  for (int i = 0; i < 65; ++i) {
    many.insert(many.end(), scan.begin(), scan.end());
    many.push_back(0x00);  // one end of block
  }
  many.insert(many.end(), {0xFF, 0xD9});
  EXPECT_EQ(refusal(many), "photo_too_complex");
}

TEST(PhotoHostile, MarkersOfRestartAtEveryByte) {
  ByteVector file = test::make_jpeg(test::scene(64, 64), {.restart_interval = 1});
  file.resize(file.size() - 2);
  for (int i = 0; i < 500'000; ++i)
    file.insert(file.end(), {0xFF, static_cast<std::uint8_t>(0xD0 + (i + 7) % 8)});
  EXPECT_EQ(refusal(file), "photo_damaged");
}

// A cut file with an end marker put behind the cut is still a cut file: stb_image fills it up with
// zero bits and calls the rest gray.
TEST(PhotoHostile, ACutScanIsFoundBehindAnEndMarker) {
  for (const bool progressive : {false, true}) {
    const ByteVector file = test::make_jpeg(
        test::noise(48, 32, 5), {.sampling = {0x22, 0x11, 0x11}, .progressive = progressive});
    const std::array<std::uint8_t, 2> marker = {0xFF, 0xDA};
    const auto scan =
        std::search(file.begin(), file.end(), marker.begin(), marker.end()) - file.begin() + 16;
    int accepted = 0;
    for (auto cut = scan; cut + 3 < static_cast<std::ptrdiff_t>(file.size()); ++cut) {
      ByteVector part(file.begin(), file.begin() + cut);
      if (file[static_cast<std::size_t>(cut) - 1] == 0xFF) continue;
      part.insert(part.end(), {0xFF, 0xD9});
      accepted += refusal(part) == "accepted" ? 1 : 0;
    }
    // A progressive file that ends between two scans is a whole, only coarser picture.
    EXPECT_LE(accepted, progressive ? 13 : 0);
  }
}

TEST(PhotoHostile, BytesLostInTheMiddleAreFound) {
  const ByteVector file = test::make_jpeg(test::noise(64, 64, 9), {.sampling = {0x22, 0x11, 0x11}});
  // More than two blocks, so that no run of codes can stand for what is missing.
  for (std::size_t at = 700; at + 400 < file.size(); at += 97) {
    ByteVector part = file;
    part.erase(part.begin() + static_cast<std::ptrdiff_t>(at),
               part.begin() + static_cast<std::ptrdiff_t>(at) + 350);
    EXPECT_NE(refusal(part), "accepted") << at;
  }
}

// Whatever is accepted is the same picture over any leftovers: memory that the decoder did not
// write never shows. All prefixes are refused as they are; with an end marker behind them some
// pass.
TEST(PhotoHostile, NoLeftoversInAnyPicture) {
  std::vector<ByteVector> seeds;
  for (const bool progressive : {false, true}) {
    seeds.push_back(test::make_jpeg(
        test::noise(20, 12, 1),
        {.sampling = {0x22, 0x11, 0x11}, .restart_interval = 1, .progressive = progressive}));
    seeds.push_back(
        test::make_jpeg(test::noise(9, 12, 2), {.progressive = progressive, .cmyk = true}));
  }
  seeds.push_back(test::make_png(test::noise(9, 7, 3)));
  seeds.push_back(
      test::make_png(2, 1, {0, 0, 200}, {.colour = 3, .palette = {1, 2, 3}}));  // no such colour
  std::uint32_t random = 1;
  int accepted = 0;
  for (const ByteVector& seed : seeds) {
    for (std::size_t i = 0; i < 400; ++i) {
      ByteVector file = seed;
      random = random * 1664525u + 1013904223u;
      if (i > 0)
        file[2 + random / 256 % (file.size() - 2)] = static_cast<std::uint8_t>(random >> 24);
      const Image one = test::decode_rgb(file, 0xA5);
      const Image two = test::decode_rgb(file, 0x5A);
      ASSERT_EQ(one.samples, two.samples);
      accepted += one.samples.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(accepted, 100);
}

TEST(PhotoHostile, NoSingleWrongByteCrashesOrBreaksThePromise) {
  const std::vector<ByteVector> seeds = {
      test::make_jpeg(test::scene(24, 18), {.restart_interval = 2}),
      test::make_jpeg(test::scene(24, 18), {.progressive = true}),
      test::make_png(test::scene(10, 9))};
  for (const ByteVector& seed : seeds) {
    for (std::size_t at = 0; at < seed.size(); ++at) {
      for (const int change : {0x01, 0x80, 0xFF}) {
        ByteVector file = seed;
        file[at] = static_cast<std::uint8_t>(file[at] ^ change);
        const auto prepared = prepare(file, {.edge_px = 16, .bytes_max = 4096});
        if (prepared) {
          EXPECT_LE(prepared->jpeg.size(), 4096u);
          EXPECT_LE(std::max(prepared->width_px, prepared->height_px), 16u);
        }
      }
    }
  }
}

TEST(PhotoHostile, ALargeFileDamagedInTheMiddleCostsLittle) {
  // 4:4:4 and progressive are the kinds that a decoder takes most memory for.
  for (const bool progressive : {false, true}) {
    ByteVector file = test::make_jpeg(test::scene(600, 400), {.progressive = progressive});
    const auto middle = static_cast<std::size_t>(file.size() * 2 / 3);
    std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(middle), 200, std::uint8_t{0xAA});
    test::reset_peak();
    const std::uint64_t before = test::bytes_held();
    EXPECT_FALSE(prepare(file, {}));
    EXPECT_LT(test::bytes_peak() - before, 600u * 400 * 3);  // not even its samples
  }
}

TEST(PhotoHostile, AFileAboveTheLimitIsNotLookedAt) {
  const ByteVector file(limits::photo_file_bytes_max + 1, 0xFF);
  EXPECT_EQ(refusal(file), "photo_file_too_large");
}

}  // namespace
}  // namespace sfluv::photo
