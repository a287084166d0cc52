// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>
#include <string>
#include <vector>

#include "sfluv/api_outbox.h"
#include "sfluv/outbox_queue.h"

namespace {

using namespace sfluv;

// Six items with a photo and a text each: as large as the documents' examples get.
std::string seal_input(int number) {
  const std::string digest(64, 'a');
  std::string items, answers;
  for (int i = 0; i < 6; ++i) {
    const std::string id = "item_" + std::to_string(i);
    const std::string comma = i == 0 ? "" : ",";
    items += comma + R"({"id":")" + id +
             R"(","title":"After","requires_photo":true,"requires_written_response":true})";
    answers += comma + R"({"item_id":")" + id +
               R"(","written_response":"Area thoroughly cleaned","photo_uploads":[)" +
               R"({"content_type":"image/jpeg","size_bytes":500000,"sha256":")" + digest +
               R"(","key":"photo"}]})";
  }
  std::string id = std::to_string(number);
  id = std::string(32 - id.size(), '0') + id;
  return R"({"id":")" + id +
         R"(","kind":"complete","now_ms":1000,"workflow":{"id":"w1","title":"Park"},"step":{"id":"s1","title":"Clean","work_items":[)" +
         items + R"(]},"draft":{"items":[)" + answers + "]}}";
}

const std::vector<std::uint8_t> queue =
    api::outbox_queue({}, R"({"type":"open","account":"did:me","now_ms":1})").queue;

api::OutboxReply seal(int number) { return api::outbox_seal(queue, {}, {}, seal_input(number)); }

void outbox_seal(benchmark::State& state) {
  const std::string input = seal_input(1);
  for (auto _ : state) benchmark::DoNotOptimize(api::outbox_seal(queue, {}, {}, input));
}
BENCHMARK(outbox_seal);

void outbox_step_through_the_facade(benchmark::State& state) {
  const auto record = seal(1).record;
  state.counters["record_bytes"] = static_cast<double>(record.size());
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        api::outbox_advance(queue, record, R"({"type":"wake","now_ms":1000,"entropy":1})", ""));
  }
}
BENCHMARK(outbox_step_through_the_facade);

void outbox_send_plan(benchmark::State& state) {
  auto record = outbox::decode(seal(1).record).value();
  record.state = outbox::State::sending;
  const auto bytes = outbox::encode(record);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        api::outbox_advance(queue, bytes, R"({"type":"stored","token":1,"now_ms":1000})", ""));
  }
}
BENCHMARK(outbox_send_plan);

void outbox_next_of_many(benchmark::State& state) {
  std::vector<std::uint8_t> summaries;
  for (int i = 0; i < state.range(0); ++i) {
    const auto summary = seal(i).summary;
    summaries.insert(summaries.end(), summary.begin(), summary.end());
  }
  for (auto _ : state) benchmark::DoNotOptimize(api::outbox_next(queue, summaries, 1000));
}
BENCHMARK(outbox_next_of_many)->Arg(1)->Arg(500);

}  // namespace
