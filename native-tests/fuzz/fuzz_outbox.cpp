// SPDX-License-Identifier: MIT
// Bytes as a record, once as they are and once under a right checksum; the rest of the input as an
// event and as the server's answer. What decodes must encode to the same bytes and take any event.
#include <cstdlib>
#include <string>
#include <vector>

#include "sfluv/api_outbox.h"
#include "sfluv/digest.h"
#include "sfluv/outbox_queue.h"

namespace {

using namespace sfluv;

void require(bool holds) {
  if (!holds) std::abort();
}

std::vector<std::uint8_t> enveloped(std::span<const std::uint8_t> payload, std::uint8_t version) {
  std::vector<std::uint8_t> bytes{'S', 'F', 'L', 'R', version, 0, 0, 0};
  const auto u32 = [&](std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  u32(static_cast<std::uint32_t>(payload.size()));
  u32(crc32c(payload, crc32c(bytes)));
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return bytes;
}

void drive(const std::vector<std::uint8_t>& bytes, std::string_view event, std::string_view body) {
  const auto record = outbox::decode(bytes);
  (void)api::outbox_advance({}, bytes, event, body);
  (void)api::outbox_import({}, {}, bytes, event);
  if (!record) return;
  const auto written = outbox::encode(*record);
  require(bytes[4] == 1 || written == bytes);
  require(outbox::decode(written) == *record);
  (void)outbox::draft_of(*record);
  (void)outbox::export_of(*record);
  const outbox::Answered read{
      .op = outbox::Op::read, .status = 200, .auth_reason = {}, .retry_after_ms = {}, .body = body};
  outbox::Answered send = read;
  send.op = outbox::Op::send;
  const std::vector<outbox::Event> events = {outbox::Wake{},
                                             outbox::Asked{outbox::Action::retry},
                                             outbox::Asked{outbox::Action::take_back},
                                             outbox::Asked{outbox::Action::discard},
                                             outbox::Asked{outbox::Action::undo},
                                             outbox::Asked{outbox::Action::prune},
                                             outbox::PhotoLost{},
                                             outbox::Removed{},
                                             outbox::Shown{body},
                                             outbox::Stored{.token = record->revision},
                                             outbox::StoreFailed{.token = record->revision},
                                             read,
                                             send,
                                             outbox::Unreachable{.op = outbox::Op::send},
                                             outbox::Interrupted{}};
  const outbox::Queue queue{.account = record->content.account,
                            .api_base = record->content.api_base};
  for (const outbox::Event& happened : events) {
    const auto moved =
        outbox::advance(queue, *record, happened, {.now_ms = 1'700'000'000'000, .entropy = 1});
    require(moved.record.state == outbox::State::pruned || moved.record.content == record->content);
    for (const outbox::Effect& effect : moved.effects) {
      const bool is_send = std::holds_alternative<outbox::Send>(effect);
      require(!is_send || std::holds_alternative<outbox::Stored>(happened));
    }
    if (!moved.refused) require(outbox::decode(outbox::encode(moved.record)).has_value());
    (void)outbox::view(moved.record);
    (void)outbox::next(queue, outbox::summarise(moved.record), 1'700'000'000'000);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const std::span<const std::uint8_t> input{data + 4, size - 4};
  const std::size_t record_bytes = std::min<std::size_t>(data[0] + 256u * data[1], input.size());
  const std::size_t event_bytes = std::min<std::size_t>(data[2], input.size() - record_bytes);
  const auto text = [&](std::size_t from, std::size_t bytes) {
    return std::string{input.begin() + static_cast<std::ptrdiff_t>(from),
                       input.begin() + static_cast<std::ptrdiff_t>(from + bytes)};
  };
  const std::string event = text(record_bytes, event_bytes);
  const std::string body =
      text(record_bytes + event_bytes, input.size() - record_bytes - event_bytes);
  drive({input.begin(), input.begin() + static_cast<std::ptrdiff_t>(record_bytes)}, event, body);
  for (const std::uint8_t version : {1, 2})
    drive(enveloped(input.first(record_bytes), version), event, body);
  (void)api::outbox_next(input, input, 1);
  (void)api::outbox_queue(input.first(record_bytes), event);
  (void)api::outbox_lease(input.first(record_bytes), event);
  (void)api::outbox_seal({}, input, {}, text(0, input.size()));
  return 0;
}
