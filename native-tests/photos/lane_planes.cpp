// SPDX-License-Identifier: MIT
#include "photos/lane_planes.h"

#include <algorithm>
#include <cstdlib>

#include "../../core/src/photo_strips.h"

namespace sfluv::test {
namespace {

using namespace photo;

/// Planes of the sizes of `like`; none when the lane refuses.
std::vector<JudgePlane> lane_planes(const ByteVector& file, const std::vector<JudgePlane>& like) {
  const auto walked = walk(file, Proof::head);
  if (!walked || !walked->strips || walked->jpeg.components != like.size()) return {};
  JpegStrips::Requests requests;
  for (StripRequest& request : requests) request.columns = request.rows = {0, 1u << 20};
  const Input input{.bytes = file};
  JpegStrips strips(input, walked->jpeg, *walked->strips, *walked->jpeg_tables, requests);
  std::vector<JudgePlane> ours(like.size());
  for (;;) {
    const auto step = strips.next();
    if (!step) return {};
    if (*step == JpegStrips::Step::done) break;
    for (std::size_t c = 0; c < ours.size(); ++c) {
      ours[c].width = like[c].width;
      for (; ours[c].height < std::min(strips.rows_made(c), like[c].height); ++ours[c].height) {
        const Sample* row = strips.ring(c).row(ours[c].height);
        for (std::uint32_t x = 0; x < ours[c].width; ++x)
          ours[c].samples.push_back(static_cast<std::uint8_t>(row[x] + 128));
      }
    }
  }
  if (walk_jpeg_tail(input, *walked, strips.at())) return {};
  return ours;
}

}  // namespace

bool lane_reads(const ByteVector& file) {
  const auto walked = walk(file, Proof::head);
  return walked && walked->strips;
}

PlaneDifference compare_with_judge(const ByteVector& file) {
  const auto theirs = judge_planes(file);
  if (!theirs) return {.refusal = "libjpeg-turbo"};
  const std::vector<JudgePlane> ours = lane_planes(file, *theirs);
  if (ours.size() != theirs->size()) return {.refusal = "the lane"};
  PlaneDifference difference;
  for (std::size_t c = 0; c < ours.size(); ++c) {
    const ByteVector &a = ours[c].samples, &b = (*theirs)[c].samples;
    if (a.size() != b.size()) return {.refusal = "sizes"};
    std::size_t equal = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const int off = std::abs(a[i] - b[i]);
      difference.largest = std::max(difference.largest, off);
      equal += off == 0 ? 1 : 0;
    }
    difference.equal_least = std::min(difference.equal_least,
                                      static_cast<double>(equal) / static_cast<double>(a.size()));
  }
  return difference;
}

}  // namespace sfluv::test
