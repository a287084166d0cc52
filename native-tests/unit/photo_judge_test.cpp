// SPDX-License-Identifier: MIT
// What our lane decodes and our encoder writes, before libjpeg-turbo.
#include <gtest/gtest.h>

#include "photos/lane_planes.h"

namespace sfluv::photo {
namespace {

using test::ByteVector;
using test::Image;
using test::JudgeSpec;

/// Every sample within one step of libjpeg's "islow", almost all equal.
void expect_same_planes(const ByteVector& file, const std::string& name,
                        double equal_least = 0.99) {
  const test::PlaneDifference difference = test::compare_with_judge(file);
  EXPECT_EQ(difference.refusal, "") << name;
  EXPECT_LE(difference.largest, 1) << name;
  EXPECT_GE(difference.equal_least, equal_least) << name;
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
