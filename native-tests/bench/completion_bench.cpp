// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include "sfluv/api_rules.h"
#include "sfluv/base64.h"

namespace {

// A step of 20 items, answered; `photo_bytes` of base64 in the first one.
std::string input(std::size_t photo_bytes) {
  std::string items, answers;
  for (int i = 0; i < 20; ++i) {
    const std::string id = "item_" + std::to_string(i);
    items += (i ? "," : "") + std::string{R"({"id":")"} + id +
             R"(","title":"Item","requires_written_response":true})";
    answers += (i ? "," : "") + std::string{R"({"item_id":")"} + id +
               R"(","written_response":"Area thoroughly cleaned")";
    if (i == 0 && photo_bytes > 0) {
      answers +=
          R"(,"photo_uploads":[{"file_name":"a.jpg","content_type":"image/jpeg","data_base64":")" +
          sfluv::base64::encode(std::vector<std::uint8_t>(photo_bytes, 7)) + R"("}])";
    }
    answers += '}';
  }
  return R"({"work_items":[)" + items + R"(],"request":{"items":[)" + answers + "]}}";
}

void check_completion(benchmark::State& state) {
  const std::string text = input(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(sfluv::api::check_completion(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
// While typing (no photo data), and a whole body of one and of six photos of 600 KB.
BENCHMARK(check_completion)->Arg(0)->Arg(600'000)->Arg(3'600'000)->Unit(benchmark::kMicrosecond);

}  // namespace
