// SPDX-License-Identifier: MIT
// Our photo path and libvips' `thumbnail`, in turns, on one core.
//   sfluv-photo-race PHOTO ROUNDS [alone]     prints {"ours":[ms,...],"vips":[ms,...]}
//   sfluv-photo-race PHOTO budgets            prints {"encodes":[times,...]}, each to meet another budget
// Without libvips when building, or "alone", there is no "vips".
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

#include "sfluv/photo.h"

#ifdef SFLUV_VIPS
#include <vips/vips.h>
#endif

namespace {

using File = std::vector<std::uint8_t>;

void ours(const File& file) {
  if (!sfluv::photo::prepare(file, {})) std::abort();
}

#ifdef SFLUV_VIPS
/// What a server does with libvips: shrink on load, Lanczos3, upright, JPEG of quality 85,
/// stripped.
void vips(const File& file) {
  VipsImage* picture = nullptr;
  void* jpeg = nullptr;
  std::size_t bytes = 0;
  // The interface is not const, but reads only.
  void* data = const_cast<std::uint8_t*>(file.data());
  if (vips_thumbnail_buffer(data, file.size(), &picture, 1600, "height", 1600, nullptr) != 0 ||
      vips_jpegsave_buffer(picture, &jpeg, &bytes, "Q", 85, "strip", TRUE, nullptr) != 0)
    std::abort();
  g_free(jpeg);
  g_object_unref(picture);
}
#endif

double milliseconds(const std::function<void(const File&)>& path, const File& file) {
  const auto began = std::chrono::steady_clock::now();
  path(file);
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
      .count();
}

void print(const char* name, std::span<const double> times) {
  std::printf("\"%s\":[", name);
  for (std::size_t i = 0; i < times.size(); ++i) std::printf("%s%.3f", i == 0 ? "" : ",", times[i]);
  std::printf("]");
}

/// Full encodings that each budget took, from the least that may be asked for to twice the default.
std::vector<double> encodes(const File& file) {
  std::vector<double> times;
  for (std::uint32_t bytes_max = sfluv::limits::photo_budget_bytes_min;
       bytes_max < 2 * sfluv::limits::photo_budget_bytes_default; bytes_max += bytes_max / 4) {
    const auto prepared = sfluv::photo::prepare(file, {.bytes_max = bytes_max});
    if (!prepared) std::abort();
    times.push_back(prepared->encodes_64ths / 64.0);
  }
  return times;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) return std::fputs("usage: sfluv-photo-race PHOTO ROUNDS [alone]\n", stderr), 2;
  [[maybe_unused]] const bool is_alone = count > 3;
  std::ifstream stream(arguments[1], std::ios::binary);
  const File file{std::istreambuf_iterator<char>{stream}, {}};
  if (file.empty()) return std::fprintf(stderr, "%s cannot be read\n", arguments[1]), 1;
  if (std::string_view(arguments[2]) == "budgets") {
    std::printf("{");
    print("encodes", encodes(file));
    return std::printf("}\n"), 0;
  }
  std::vector<double> ours_ms, vips_ms;
#ifdef SFLUV_VIPS
  if (VIPS_INIT(arguments[0]) != 0) return 1;
  vips_concurrency_set(1);
  vips_cache_set_max(0);
#endif
  for (int round = -1; round < std::atoi(arguments[2]); ++round) {
    const double mine = milliseconds(ours, file);
    if (round >= 0) ours_ms.push_back(mine);  // the first one warms up
#ifdef SFLUV_VIPS
    if (is_alone) continue;
    const double theirs = milliseconds(vips, file);
    if (round >= 0) vips_ms.push_back(theirs);
#endif
  }
  std::printf("{");
  print("ours", ours_ms);
  if (!vips_ms.empty()) {
    std::printf(",");
    print("vips", vips_ms);
  }
  std::printf("}\n");
}
