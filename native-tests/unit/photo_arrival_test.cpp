// SPDX-License-Identifier: MIT
// A photo that arrives in pieces is the photo that is there at once.
#include <algorithm>
#include <gtest/gtest.h>
#include <string>

#include "photos/memory_meter.h"
#include "photos/photo_fixtures.h"

namespace sfluv::photo {
namespace {

using test::ByteVector;

/// How it ends: the bytes made, or the issue.
std::string ending(const Outcome<Prepared>& outcome) {
  if (outcome) return std::string(outcome->jpeg.begin(), outcome->jpeg.end());
  std::string text{to_string(outcome.error().code)};
  for (const Param& param : outcome.error().params) {
    const auto* number = std::get_if<std::int64_t>(&param.value);
    text += " " + (number ? std::to_string(*number) : std::get<std::string>(param.value));
  }
  return text;
}

Outcome<Prepared> arrive(const ByteVector& file, const Plan& plan, std::size_t piece) {
  Arrival arrival(plan);
  for (std::size_t at = 0; at < file.size(); at += piece) {
    const std::size_t bytes = std::min(piece, file.size() - at);
    const auto room = arrival.room(bytes + at % 3);  // more than is needed does no harm
    std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(at), bytes, room.begin());
    if (auto issue = arrival.put(bytes)) return std::unexpected(std::move(*issue));
  }
  return arrival.finish();
}

std::vector<ByteVector> files() {
  const test::Image image = test::scene(90, 70);
  std::vector<ByteVector> files = {
      test::make_jpeg(
          image, {.sampling = {0x22, 0x11, 0x11}, .segments = test::exif_segment(6, false, true)}),
      test::make_jpeg(test::noise(64, 48, 1), {.step = 1, .restart_interval = 1}),
      test::make_jpeg(test::noise(64, 48, 2), {.restart_interval = 5, .grey = true}),
      test::make_jpeg(image, {.progressive = true}),
      test::make_jpeg(image, {.cmyk = true}),
      test::make_png(image),
      {},
      {'h', 'e', 'l', 'l', 'o'},
      {0xFF, 0xD8},
      ByteVector(2000, std::uint8_t{'<'}),
  };
  for (const std::string_view head : {"RIFF....WEBPVP8 ", "....ftypheic", "GIF89a"}) {
    files.emplace_back(head.begin(), head.end());
    files.back().resize(3000);
  }
  ByteVector tail = files[0];  // a film behind the picture
  tail.insert(tail.end(), 5000, std::uint8_t{0xFF});
  files.push_back(tail);
  return files;
}

TEST(PhotoArrival, PiecesOfEverySizeGiveTheSamePhoto) {
  const Plan plan{.aspect = Aspect::square, .edge_px = 40};
  for (const ByteVector& file : files()) {
    const std::string at_once = ending(prepare(file, plan));
    for (const std::size_t piece : {1u, 2u, 3u, 7u, 61u, 1000u, 100'000u})
      EXPECT_EQ(ending(arrive(file, plan, piece)), at_once) << piece;
  }
}

TEST(PhotoArrival, WhatMayStayIsWaitedFor) {
  Plan plan;
  plan.keep_fine = true;
  std::vector<ByteVector> all = files();
  all.push_back(test::make_jpeg(test::scene(90, 70)));
  for (const ByteVector& file : all) {
    for (const std::size_t piece : {1u, 700u, 100'000u})
      EXPECT_EQ(ending(arrive(file, plan, piece)), ending(prepare(file, plan)));
  }
  EXPECT_EQ(ending(arrive(all.back(), plan, 64)),
            std::string(all.back().begin(), all.back().end()));
}

TEST(PhotoArrival, EveryCutIsRefusedInTheSameWords) {
  const ByteVector file =
      test::make_jpeg(test::noise(40, 24, 5), {.step = 2, .restart_interval = 3});
  for (std::size_t size = 0; size < file.size(); size += 7) {
    const ByteVector part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    const std::string at_once = ending(prepare(part, {}));
    EXPECT_EQ(ending(arrive(part, {}, 50)), at_once) << size;
    EXPECT_EQ(ending(arrive(part, {}, 1)), at_once) << size;
  }
}

TEST(PhotoArrival, DamageIsToldAsSoonAsItIsThere) {
  ByteVector file = test::make_jpeg(test::noise(400, 300, 5), {});
  std::fill_n(file.begin() + 40'000, 3000, std::uint8_t{0xFE});  // no code of the plain tables
  Arrival arrival({});
  std::size_t at = 0;
  std::optional<Issue> issue;
  for (; !issue && at < file.size(); at += 1000) {
    const std::size_t bytes = std::min<std::size_t>(1000, file.size() - at);
    std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(at), bytes, arrival.room(bytes).begin());
    issue = arrival.put(bytes);
  }
  ASSERT_TRUE(issue);
  EXPECT_EQ(issue->code, Code::photo_damaged);
  EXPECT_LT(at, 80'000u);
  EXPECT_EQ(arrival.put(0), issue);
  EXPECT_EQ(arrival.finish().error(), *issue);
}

TEST(PhotoArrival, AForeignFileIsToldByItsBeginning) {
  Arrival arrival({});
  const auto room = arrival.room(1000);
  std::fill(room.begin(), room.end(), std::uint8_t{0});
  std::copy_n("RIFF\x80\0\0\0WEBPVP8 ", 16, room.begin());
  const auto issue = arrival.put(1000);
  ASSERT_TRUE(issue);
  EXPECT_EQ(issue->code, Code::photo_format_unsupported);
}

TEST(PhotoArrival, OnlyAStripOfAPhotoIsHeld) {
  const ByteVector file =
      test::make_jpeg(test::noise(1600, 1200, 9), {.sampling = {0x22, 0x11, 0x11}});
  ASSERT_GT(file.size(), 2'000'000u);
  test::reset_peak();
  const std::uint64_t before = test::bytes_held();
  ASSERT_TRUE(arrive(file, {.edge_px = 200, .bytes_max = 50'000}, 64 << 10));
  EXPECT_LT(test::bytes_peak() - before, 1'000'000u);
}

TEST(PhotoArrival, AFileAboveTheLimitEnds) {
  Arrival arrival({});
  const ByteVector head = test::make_jpeg(test::scene(16, 16), {});
  std::size_t total = 0;
  std::optional<Issue> issue;
  while (!issue && total < 2 * limits::photo_file_bytes_max) {
    const std::size_t bytes = 8 << 20;
    const auto room = arrival.room(bytes);
    std::fill(room.begin(), room.end(), std::uint8_t{0});
    if (total == 0) std::copy(head.begin(), head.end(), room.begin());
    issue = arrival.put(bytes);
    total += bytes;
  }
  ASSERT_TRUE(issue);
  EXPECT_EQ(issue->code, Code::photo_file_too_large);
}

TEST(PhotoArrival, AWrongPlanIsToldAtOnce) {
  Arrival arrival({.edge_px = 0});
  EXPECT_EQ(arrival.put(0)->code, Code::photo_plan_invalid);
}

}  // namespace
}  // namespace sfluv::photo
