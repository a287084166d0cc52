// SPDX-License-Identifier: MIT
// The wasm module `rules`: text in, text out; records as bytes. No rule lives here.
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include "sfluv/api_account.h"
#include "sfluv/api_engine.h"
#include "sfluv/api_outbox.h"
#include "sfluv/api_rules.h"

namespace {

using emscripten::val;

EMSCRIPTEN_DECLARE_VAL_TYPE(Bytes);
EMSCRIPTEN_DECLARE_VAL_TYPE(OutboxReply);

std::vector<std::uint8_t> bytes_in(const val& bytes) {
  return emscripten::convertJSArrayToNumberVector<std::uint8_t>(bytes);
}

// Copied out at once: a view into the heap dies when the heap grows.
val bytes_out(const std::vector<std::uint8_t>& bytes) {
  return val::global("Uint8Array")
      .new_(val(emscripten::typed_memory_view(bytes.size(), bytes.data())));
}

OutboxReply reply_out(const sfluv::api::OutboxReply& reply) {
  val out = val::object();
  out.set("queue", bytes_out(reply.queue));
  out.set("record", bytes_out(reply.record));
  out.set("summary", bytes_out(reply.summary));
  out.set("json", reply.json);
  return OutboxReply{out};
}

int abi_version() { return sfluv::api::abi_version; }

std::string check_completion(std::string input) {
  return sfluv::api::check_completion(std::move(input));
}

std::string check_rewards_account(const std::string& input) {
  return sfluv::api::check_rewards_account(input);
}

std::string read_answer(const std::string& kind, const std::string& text) {
  return sfluv::api::read_answer(kind, text);
}

std::string deadline(const std::string& document) { return sfluv::api::deadline(document); }

std::string format_amount(const std::string& amount, const std::string& profile) {
  return sfluv::api::format_amount(amount, profile);
}

std::string parse_amount(const std::string& text, const std::string& profile) {
  return sfluv::api::parse_amount(text, profile);
}

std::string predict(const std::string& input) { return sfluv::api::predict(input); }

std::string discover(const std::string& input) { return sfluv::api::discover(input); }

OutboxReply outbox_queue(const Bytes& queue, const std::string& event) {
  return reply_out(sfluv::api::outbox_queue(bytes_in(queue), event));
}

OutboxReply outbox_seal(const Bytes& queue, const Bytes& summaries, const Bytes& record,
                        const std::string& input) {
  return reply_out(
      sfluv::api::outbox_seal(bytes_in(queue), bytes_in(summaries), bytes_in(record), input));
}

OutboxReply outbox_import(const Bytes& queue, const Bytes& summaries, const Bytes& record,
                          const std::string& input) {
  return reply_out(
      sfluv::api::outbox_import(bytes_in(queue), bytes_in(summaries), bytes_in(record), input));
}

OutboxReply outbox_advance(const Bytes& queue, const Bytes& record, const std::string& event,
                           const std::string& body) {
  return reply_out(sfluv::api::outbox_advance(bytes_in(queue), bytes_in(record), event, body));
}

std::string outbox_next(const Bytes& queue, const Bytes& summaries, double now_ms) {
  return sfluv::api::outbox_next(bytes_in(queue), bytes_in(summaries),
                                 static_cast<std::int64_t>(now_ms));
}

std::string outbox_view(const Bytes& record) { return sfluv::api::outbox_view(bytes_in(record)); }

std::string outbox_draft(const Bytes& record) { return sfluv::api::outbox_draft(bytes_in(record)); }

std::string outbox_export(const Bytes& record) {
  return sfluv::api::outbox_export(bytes_in(record));
}

OutboxReply outbox_lease(const Bytes& lease, const std::string& event) {
  return reply_out(sfluv::api::outbox_lease(bytes_in(lease), event));
}

}  // namespace

EMSCRIPTEN_BINDINGS(sfluv_rules) {
  emscripten::register_type<Bytes>("Uint8Array");
  emscripten::register_type<OutboxReply>(
      "{queue: Uint8Array, record: Uint8Array, summary: Uint8Array, json: string}");
  emscripten::function("abi_version", &abi_version);
  emscripten::function("check_completion", &check_completion);
  emscripten::function("check_rewards_account", &check_rewards_account);
  emscripten::function("read_answer", &read_answer);
  emscripten::function("deadline", &deadline);
  emscripten::function("format_amount", &format_amount);
  emscripten::function("parse_amount", &parse_amount);
  emscripten::function("predict", &predict);
  emscripten::function("discover", &discover);
  emscripten::function("outbox_queue", &outbox_queue);
  emscripten::function("outbox_seal", &outbox_seal);
  emscripten::function("outbox_import", &outbox_import);
  emscripten::function("outbox_advance", &outbox_advance);
  emscripten::function("outbox_next", &outbox_next);
  emscripten::function("outbox_view", &outbox_view);
  emscripten::function("outbox_draft", &outbox_draft);
  emscripten::function("outbox_export", &outbox_export);
  emscripten::function("outbox_lease", &outbox_lease);
}
