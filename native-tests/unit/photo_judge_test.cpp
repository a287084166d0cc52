// SPDX-License-Identifier: MIT
// What our lane decodes and our encoder writes, before libjpeg-turbo.
#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>

#include "../../core/src/photo_strips.h"
#include "photos/judge.h"

namespace sfluv::photo {
namespace {

using test::ByteVector;
using test::Image;
using test::JudgePlane;
using test::JudgeSpec;

/// The components as our lane leaves them at full size; empty when it refuses.
std::vector<JudgePlane> lane_planes(const ByteVector& file) {
  const auto walked = walk(file, Proof::head);
  EXPECT_TRUE(walked && walked->strips);
  if (!walked || !walked->strips) return {};
  const std::size_t components = walked->jpeg.components;
  JpegStrips::Requests requests;
  for (StripRequest& request : requests) request.columns = request.rows = {0, 1u << 20};
  const Input input{.bytes = file};
  JpegStrips strips(input, walked->jpeg, *walked->strips, *walked->jpeg_tables, requests);
  const auto planes = test::judge_planes(file);  // for their sizes
  EXPECT_TRUE(planes);
  if (!planes) return {};
  std::vector<JudgePlane> ours(components);
  for (;;) {
    const auto step = strips.next();
    EXPECT_TRUE(step);
    if (!step) return {};
    if (*step == JpegStrips::Step::done) break;
    for (std::size_t c = 0; c < components; ++c) {
      ours[c].width = (*planes)[c].width;
      for (; ours[c].height < std::min(strips.rows_made(c), (*planes)[c].height);
           ++ours[c].height) {
        const Sample* row = strips.ring(c).row(ours[c].height);
        for (std::uint32_t x = 0; x < ours[c].width; ++x)
          ours[c].samples.push_back(static_cast<std::uint8_t>(row[x] + 128));
      }
    }
  }
  EXPECT_FALSE(walk_jpeg_tail(input, *walked, strips.at()));
  return ours;
}

/// Every sample within one step of libjpeg's "islow", almost all equal.
void expect_same_planes(const ByteVector& file, const std::string& name,
                        double equal_least = 0.99) {
  const auto theirs = test::judge_planes(file);
  ASSERT_TRUE(theirs) << name;
  const std::vector<JudgePlane> ours = lane_planes(file);
  ASSERT_EQ(ours.size(), theirs->size()) << name;
  for (std::size_t c = 0; c < ours.size(); ++c) {
    ASSERT_EQ(ours[c].samples.size(), (*theirs)[c].samples.size()) << name;
    int most = 0;
    std::size_t equal = 0;
    for (std::size_t i = 0; i < ours[c].samples.size(); ++i) {
      const int off = std::abs(ours[c].samples[i] - (*theirs)[c].samples[i]);
      most = std::max(most, off);
      equal += off == 0 ? 1 : 0;
    }
    EXPECT_LE(most, 1) << name << " component " << c;
    EXPECT_GE(static_cast<double>(equal), equal_least * static_cast<double>(ours[c].samples.size()))
        << name << " component " << c;
  }
}

std::string name_of(const JudgeSpec& spec, const Image& image) {
  return "q" + std::to_string(spec.quality) + " " + std::to_string(spec.h) + "x" +
         std::to_string(spec.v) + (spec.grey ? " grey" : "") +
         (spec.optimised ? " optimised" : "") + " restart " +
         std::to_string(spec.restart_interval) + " " + std::to_string(image.width) + "x" +
         std::to_string(image.height);
}

constexpr std::pair<int, int> samplings[] = {{1, 1}, {2, 1}, {1, 2}, {2, 2},
                                             {4, 1}, {4, 2}, {1, 4}};

TEST(PhotoJudge, PlanesOfEverySamplingAndRestartInterval) {
  const Image image = test::scene(211, 97);
  for (const auto& [h, v] : samplings) {
    for (const int restart : {0, 1, 3, 8, 29}) {
      const JudgeSpec spec{.quality = 92, .h = h, .v = v, .restart_interval = restart};
      expect_same_planes(test::judge_jpeg(image, spec), name_of(spec, image));
    }
  }
  const JudgeSpec grey{.grey = true};
  expect_same_planes(test::judge_jpeg(image, grey), name_of(grey, image));
}

// Noise at the best qualities has codes that photos have not: values of every size, and a second
// coefficient of an entry that belongs to the next block.
TEST(PhotoJudge, PlanesOfNoise) {
  for (const int quality : {50, 75, 90, 95, 98, 99, 100}) {
    for (const bool optimised : {false, true}) {
      const Image image = test::noise(160, 96, static_cast<std::uint32_t>(quality));
      for (const auto& [h, v] : {std::pair{1, 1}, {2, 2}}) {
        const JudgeSpec spec{.quality = quality, .h = h, .v = v, .optimised = optimised};
        expect_same_planes(test::judge_jpeg(image, spec), name_of(spec, image), 0.98);
      }
    }
  }
}

TEST(PhotoJudge, PlanesOfEverySmallSize) {
  for (std::uint32_t width = 1; width <= 17; ++width) {
    for (std::uint32_t height = 1; height <= 33; height += width % 2 == 1 ? 4 : 5) {
      const Image image = test::scene(width, height);
      for (const auto& [h, v] : {std::pair{1, 1}, {2, 1}, {1, 2}, {2, 2}}) {
        const JudgeSpec spec{.quality = 95, .h = h, .v = v};
        expect_same_planes(test::judge_jpeg(image, spec), name_of(spec, image), 0.9);
      }
    }
  }
}

TEST(PhotoJudge, OurOwnFilesAreTheSamePictureForAll) {
  for (const auto quality : std::to_array<std::uint8_t>({5, 50, 85, 100})) {
    for (const Image& image : {test::scene(150, 90), test::noise(120, 88, 3)}) {
      const Plan plan{.bytes_max = 4'000'000, .quality_max = quality, .quality_min = quality};
      const auto made = prepare(test::make_png(image), plan);
      ASSERT_TRUE(made);
      expect_same_planes(made->jpeg, "ours q" + std::to_string(quality), 0.98);
      // stb_image, which the fixtures decode with.
      EXPECT_GT(test::psnr(test::judge_rgb(made->jpeg), test::decode_rgb(made->jpeg)), 45);
    }
  }
}

}  // namespace
}  // namespace sfluv::photo
