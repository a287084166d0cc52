// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include "unit/outbox_season.h"

namespace {

using namespace sfluv;
using outbox::testing::Season;

void outbox_seal(benchmark::State& state) {
  const auto queue =
      api::outbox_queue({}, R"({"type":"open","account":"did:me","now_ms":1})").queue;
  const std::string input = outbox::testing::season_input(1);
  for (auto _ : state) benchmark::DoNotOptimize(api::outbox_seal(queue, {}, {}, input));
}
BENCHMARK(outbox_seal);

void outbox_next_of_500(benchmark::State& state) {
  const Season season;
  for (auto _ : state) benchmark::DoNotOptimize(season.turn());
}
BENCHMARK(outbox_next_of_500);

// The argument is which step of a record's life; each with a look at all summaries before it.
void outbox_step_among_500(benchmark::State& state) {
  Season season;
  const auto life = Season::whole_life();
  const auto at = static_cast<std::size_t>(state.range(0));
  for (std::size_t i = 0; i < at; ++i) season.keep(season.step(life[i]));
  state.SetLabel(std::string{life[at].name});
  state.counters["record_bytes"] = static_cast<double>(season.record_bytes());
  for (auto _ : state) benchmark::DoNotOptimize(season.step(life[at]));
}
BENCHMARK(outbox_step_among_500)->DenseRange(0, 6);

}  // namespace
