// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include "sfluv/base64.h"
#include "sfluv/digest.h"

namespace {

std::vector<std::uint8_t> photo_bytes() {
  std::vector<std::uint8_t> bytes(1 << 20);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(i * 2654435761u >> 24);
  return bytes;
}

void base64_encode(benchmark::State& state) {
  const auto bytes = photo_bytes();
  for (auto _ : state) benchmark::DoNotOptimize(sfluv::base64::encode(bytes));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(base64_encode)->Unit(benchmark::kMicrosecond);

void base64_decode(benchmark::State& state) {
  const std::string text = sfluv::base64::encode(photo_bytes());
  for (auto _ : state) benchmark::DoNotOptimize(sfluv::base64::decode_as_server(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(base64_decode)->Unit(benchmark::kMicrosecond);

void base64_measure(benchmark::State& state) {
  const std::string text = sfluv::base64::encode(photo_bytes());
  for (auto _ : state) benchmark::DoNotOptimize(sfluv::base64::measure_as_server(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(base64_measure)->Unit(benchmark::kMicrosecond);

void sha256(benchmark::State& state) {
  const auto bytes = photo_bytes();
  for (auto _ : state) benchmark::DoNotOptimize(sfluv::sha256(bytes));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(sha256)->Unit(benchmark::kMicrosecond);

void crc32c(benchmark::State& state) {
  const auto bytes = photo_bytes();
  for (auto _ : state) benchmark::DoNotOptimize(sfluv::crc32c(bytes));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(crc32c)->Unit(benchmark::kMicrosecond);

}  // namespace
