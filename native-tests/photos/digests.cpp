// SPDX-License-Identifier: MIT
// What the core makes of photos, a line each, for `make proof-photos`.
//   sfluv-photo-digests [--judge] FILE...    prints "<sha256 of the JPEG, or code> <lane|other>
//   <name>"
// With --judge a photo of the lane and what is made of it are held against libjpeg-turbo: "
// <largest difference>".
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/digest.h"
#include "sfluv/photo.h"

#include "photos/lane_planes.h"

namespace {

using namespace sfluv;

/// Of both files, ours and the source, the largest difference of a sample, or who refused one.
std::string judgement(const test::ByteVector& file, const test::ByteVector& made) {
  const test::PlaneDifference source = test::compare_with_judge(file);
  const test::PlaneDifference ours = test::compare_with_judge(made);
  const std::string refusal = source.refusal + ours.refusal;
  return refusal.empty() ? std::to_string(std::max(source.largest, ours.largest))
                         : "refused:" + refusal;
}

void print(const std::string& path, bool is_judged) {
  std::ifstream stream(path, std::ios::binary);
  const test::ByteVector file{std::istreambuf_iterator<char>{stream}, {}};
  const auto made = photo::prepare(file, {.edge_px = 320});
  const std::string result =
      made ? hex(sha256(made->jpeg)) : std::string(to_string(made.error().code));
  const bool is_lane = made && test::lane_reads(file);
  std::printf("%s %s %s", result.c_str(), is_lane ? "lane" : "other",
              std::filesystem::path(path).filename().c_str());
  if (is_judged && is_lane) std::printf(" %s", judgement(file, made->jpeg).c_str());
  std::printf("\n");
}

}  // namespace

int main(int count, char** arguments) {
  bool is_judged = false;
  for (const char* argument : std::span(arguments, static_cast<std::size_t>(count)).subspan(1)) {
    if (std::string_view(argument) == "--judge") {
      is_judged = true;
    } else {
      print(argument, is_judged);
    }
  }
}
