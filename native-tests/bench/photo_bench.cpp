// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "sfluv/photo.h"

namespace {

using namespace sfluv;

constexpr std::uint32_t width_px = 4032;
constexpr std::uint32_t height_px = 3024;

/// The file that SFLUV_BENCH_PHOTO names, else a 12 MP JPEG of waves and grain made here.
std::vector<std::uint8_t> photo_file() {
  if (const char* name = std::getenv("SFLUV_BENCH_PHOTO")) {
    std::ifstream file{name, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  std::vector<std::uint8_t> rgba(std::size_t{4} * width_px * height_px, 255);
  std::uint32_t grain = 1;
  for (std::uint32_t i = 0; i < width_px * height_px; ++i) {
    const std::uint32_t x = i % width_px, y = i / width_px;
    grain = grain * 1664525u + 1013904223u;
    const std::uint32_t wave = ((x * x / 4096 + y) & 127) + (grain >> 27);
    for (std::uint32_t c = 0; c < 3; ++c)
      rgba[std::size_t{4} * i + c] = static_cast<std::uint8_t>(wave + x * c / 64);
  }
  const auto made =
      photo::prepare(photo::PixelView{.rgba = rgba, .width_px = width_px, .height_px = height_px},
                     {.edge_px = width_px, .bytes_max = 20'000'000, .quality_max = 92});
  return made ? made->jpeg : std::vector<std::uint8_t>{};
}

const std::vector<std::uint8_t>& photo_once() {
  static const std::vector<std::uint8_t> file = photo_file();
  return file;
}

void photo_probe(benchmark::State& state) {
  const auto& file = photo_once();
  for (auto _ : state) benchmark::DoNotOptimize(photo::probe(file));
  state.counters["bytes"] = static_cast<double>(file.size());
}
BENCHMARK(photo_probe)->Unit(benchmark::kMillisecond);

void photo_prepare(benchmark::State& state) {
  const auto& file = photo_once();
  std::size_t bytes = 0;
  for (auto _ : state) {
    const auto prepared =
        photo::prepare(file, {.edge_px = static_cast<std::uint32_t>(state.range(0))});
    if (!prepared) return state.SkipWithError("not prepared");
    bytes = prepared->jpeg.size();
  }
  state.counters["bytes_out"] = static_cast<double>(bytes);
}
// At 16 pixels next to nothing is resized and encoded: what is left is proving and decoding.
BENCHMARK(photo_prepare)->Arg(1600)->Arg(800)->Arg(16)->Unit(benchmark::kMillisecond);

void photo_prepare_pixels(benchmark::State& state) {
  const std::vector<std::uint8_t> rgba(std::size_t{4} * width_px * height_px, 128);
  const photo::PixelView pixels{.rgba = rgba, .width_px = width_px, .height_px = height_px};
  for (auto _ : state) benchmark::DoNotOptimize(photo::prepare(pixels, {}));
}
BENCHMARK(photo_prepare_pixels)->Unit(benchmark::kMillisecond);

}  // namespace
