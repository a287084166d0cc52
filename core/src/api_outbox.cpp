// SPDX-License-Identifier: MIT
#include "sfluv/api_outbox.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "sfluv/json.h"
#include "sfluv/json_writer.h"
#include "sfluv/limits.h"
#include "sfluv/outbox_queue.h"
#include "sfluv/profile.h"

#include "completion_reader.h"
#include "outbox_request.h"

namespace sfluv::api {
namespace {

using json::Fields;
using json::Kind;
using json::Value;

Issue not_readable(std::string path, std::string_view reason, std::string_view expected) {
  return {.code = Code::document_not_readable,
          .path = std::move(path),
          .params = {{"reason", std::string{reason}}, {"expected", std::string{expected}}}};
}

OutboxReply issue_only(const Issue& issue) {
  return {.queue = {}, .record = {}, .summary = {}, .json = issue_reply(issue)};
}

bool read_hex(std::string_view digits, std::span<std::uint8_t> out) {
  if (digits.size() != 2 * out.size()) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char* const from = digits.data() + 2 * i;
    const auto [end, error] = std::from_chars(from, from + 2, out[i], 16);
    if (error != std::errc{} || end != from + 2) return false;
  }
  return true;
}

void write(JsonWriter& out, const outbox::Persist& persist) {
  out.key("type").string("persist").key("token").number(persist.token);
}

void write(JsonWriter& out, const outbox::Read& read) {
  out.key("type").string("read").key("path").string(read.path);
  out.key("answer_ms").number(read.answer_ms);
}

void write(JsonWriter& out, const outbox::Send& send) {
  out.key("type").string("send").key("op").string(send.op == outbox::Op::stage ? "stage" : "send");
  out.key("method").string(send.method).key("path").string(send.path);
  out.key("content_type").string(send.content_type);
  outbox::write_body(out, send.body);
  out.key("bytes").number(static_cast<std::int64_t>(send.body_bytes));
  out.key("attempt").number(send.attempt);
  out.key("stall_ms").number(send.stall_ms).key("answer_ms").number(send.answer_ms);
}

void write(JsonWriter& out, const outbox::Remove& remove) {
  out.key("type").string("remove").key("photos").begin_array();
  for (const std::string& key : remove.photo_keys) out.string(key);
  out.end_array();
}

void write(JsonWriter& out, const outbox::WakeAt& wake_at) {
  out.key("type").string("wake_at").key("at_ms").number(wake_at.at_ms);
}

OutboxReply reply_of(const outbox::Transition& transition, std::int64_t now_ms) {
  if (transition.refused) return issue_only(*transition.refused);
  JsonWriter out;
  out.begin_object().key("effects").begin_array();
  for (const outbox::Effect& effect : transition.effects) {
    out.begin_object();
    std::visit([&](const auto& what) { write(out, what); }, effect);
    out.end_object();
  }
  out.end_array().key("view").raw(outbox::view(transition.record));
  out.key("queue").raw(outbox::view(transition.queue, now_ms)).end_object();
  return {.queue = outbox::encode(transition.queue),
          .record = outbox::encode(transition.record),
          .summary = outbox::summarise(transition.record),
          .json = out.take()};
}

// A record that waits for its first persist.
OutboxReply reply_of(const outbox::Record& record) {
  JsonWriter out;
  out.begin_object().key("effects").begin_array().begin_object();
  write(out, outbox::Persist{.token = record.revision});
  out.end_object().end_array().key("view").raw(outbox::view(record)).end_object();
  return {.queue = {},
          .record = outbox::encode(record),
          .summary = outbox::summarise(record),
          .json = out.take()};
}

// The queue, or a new one when there is none that can be read.
outbox::Queue queue_from(std::span<const std::uint8_t> bytes) {
  return outbox::decode_queue(bytes).value_or(outbox::Queue{});
}

// The key and the digest of each upload, which a completion request does not know.
std::optional<Issue> read_uploads(Fields& fields, const Value& draft, outbox::Draft& out) {
  for (const Value& item : fields.array(draft, "/draft", "items")) {
    auto& uploads = out.uploads.emplace_back();
    const std::string here =
        pointer(pointer("/draft/items", out.uploads.size() - 1), "photo_uploads");
    for (const Value& upload :
         fields.array(item, pointer("/draft/items", out.uploads.size() - 1), "photo_uploads")) {
      const std::string path = pointer(here, uploads.size());
      outbox::Draft::Upload& added = uploads.emplace_back();
      added.key = fields.string(upload, path, "key");
      if (added.key.empty()) return not_readable(pointer(path, "key"), "value", "text");
      if (!read_hex(fields.string(upload, path, "sha256"), added.sha256)) {
        return not_readable(pointer(path, "sha256"), "value", "64 hex digits");
      }
      added.source = outbox::photo_source_from(fields.string(upload, path, "source"));
    }
  }
  return std::nullopt;
}

// Which step or series it is about.
void read_subject(Fields& fields, const Value& root, outbox::Draft& out) {
  static const Value nothing;
  const auto object = [&](std::string_view name) {
    const Value* const found = fields.object(root, "", name);
    return found ? found : &nothing;
  };
  outbox::Content& content = out.content;
  const Value* const workflow = object("workflow");
  content.workflow_id = fields.string(*workflow, "/workflow", "id");
  content.workflow_title = fields.string(*workflow, "/workflow", "title");
  content.series_id = fields.string(*workflow, "/workflow", "series_id");
  content.recurrence = fields.string(*workflow, "/workflow", "recurrence");
  content.start_at_s = fields.integer(*workflow, "/workflow", "start_at");
  const Value* const step = object("step");
  content.step_id = fields.string(*step, "/step", "id");
  content.step_title = fields.string(*step, "/step", "title");
  out.allow_step_not_possible = fields.boolean(*step, "/step", "allow_step_not_possible");
  out.work_items = work_items_from(fields, *step, "/step");
  if (!outbox::is_of_series(content.kind)) return;
  content.series_id = fields.string(root, "", "series_id");
  content.step_order = fields.integer(root, "", "step_order");
  content.absence_id = fields.string(root, "", "absence_id");
  content.absent_from = fields.string(root, "", "absent_from");
  content.absent_until = fields.string(root, "", "absent_until");
}

std::optional<Issue> read_head(Fields& fields, const Value& root, outbox::Draft& out) {
  using outbox::Kind;
  outbox::Content& content = out.content;
  const std::string kind = fields.string(root, "", "kind");
  const auto known = outbox::kind_from(kind);
  if (!known) return fields.failure().value_or(not_readable("/kind", "value", "a kind of record"));
  content.kind = *known;
  read_subject(fields, root, out);
  if (fields.failure()) return fields.failure();
  if (content.kind <= Kind::unclaim && content.workflow_id.empty())
    return not_readable("/workflow/id", "value", "text");
  if (content.kind < Kind::unclaim && content.step_id.empty())
    return not_readable("/step/id", "value", "text");
  return std::nullopt;
}

std::optional<Issue> read_answers(Fields& fields, const Value& root, outbox::Draft& out) {
  const Value* const draft = fields.object(root, "", "draft");
  if (draft == nullptr) return fields.failure().value_or(not_readable("/draft", "value", "object"));
  auto request = completion_request_from(*draft, RequestSource::draft);
  if (!request) return request.error();
  out.request = std::move(*request);
  const Profile profile = profile_from(fields.string(root, "", "profile")).value_or(Profile{});
  out.content.stages_photos = profile.stages_photos;
  if (const auto issue = read_uploads(fields, *draft, out)) return issue;
  return fields.failure();
}

Outcome<outbox::Draft> read_draft(Fields& fields, const Value& root) {
  outbox::Draft out;
  fields.expect(root, Kind::object, "");
  auto issue = read_head(fields, root, out);
  if (!issue && out.content.kind == outbox::Kind::complete) issue = read_answers(fields, root, out);
  if (issue) return std::unexpected(*issue);
  return out;
}

constexpr std::array<std::string_view, 3> ops{"read", "send", "stage"};

Outcome<outbox::Event> read_answered(Fields& fields, const Value& root, outbox::Op op,
                                     std::string_view body) {
  const std::int64_t status = fields.integer(root, "", "status");
  return outbox::Answered{
      .op = op,
      .status = status < 0 || status > 999 ? 0 : static_cast<std::int32_t>(status),
      .auth_reason = {},
      .retry_after_ms = fields.optional_integer(root, "", "retry_after_ms"),
      .body = body};
}

Outcome<outbox::Event> read_event(Fields& fields, const Value& root, std::string_view body) {
  const std::string type = fields.string(root, "", "type");
  if (type == "wake") return outbox::Wake{};
  if (type == "removed") return outbox::Removed{};
  if (type == "interrupted") return outbox::Interrupted{};
  if (type == "shown") return outbox::Shown{.body = body};
  if (type == "photo_lost")
    return outbox::PhotoLost{.is_damaged = fields.boolean(root, "", "damaged")};
  if (type == "ask") {
    const auto action = outbox::action_from(fields.string(root, "", "action"));
    if (!action) return std::unexpected(not_readable("/action", "value", "an action"));
    return outbox::Asked{.action = *action};
  }
  if (type == "stored" || type == "store_failed") {
    const auto token = fields.optional_integer(root, "", "token");
    if (!token) return std::unexpected(not_readable("/token", "value", "integer"));
    if (type == "stored") return outbox::Stored{.token = *token};
    return outbox::StoreFailed{.token = *token};
  }
  const bool is_answered = type == "answered";
  if (!is_answered && type != "unreachable")
    return std::unexpected(not_readable("/type", "value", "a type of event"));
  const std::string op = fields.string(root, "", "op");
  const auto found = std::ranges::find(ops, op);
  if (found == ops.end()) return std::unexpected(not_readable("/op", "value", "an op"));
  const auto which = static_cast<outbox::Op>(found - ops.begin());
  if (is_answered) return read_answered(fields, root, which, body);
  return outbox::Unreachable{.op = which, .is_unsent = fields.boolean(root, "", "unsent")};
}

outbox::Inputs read_inputs(Fields& fields, const Value& root) {
  outbox::Inputs inputs;
  inputs.now_ms = fields.integer(root, "", "now_ms");
  inputs.entropy = static_cast<std::uint64_t>(fields.integer(root, "", "entropy"));
  inputs.retention_ms = std::clamp<std::int64_t>(
      fields.integer(root, "", "retention_ms", inputs.retention_ms), 0, limits::retention_ms_max);
  return inputs;
}

OutboxReply reply_of(std::expected<outbox::Record, std::vector<Issue>> sealed) {
  if (sealed) {
    OutboxReply reply = reply_of(*sealed);
    if (reply.record.size() <= limits::record_bytes_max) return reply;
    return issue_only(not_readable("/draft", "size", "at most 4 MiB of answers"));
  }
  JsonWriter out;
  out.begin_object().key("issues").begin_array();
  for (const Issue& issue : sealed.error()) out.issue(issue);
  out.end_array().end_object();
  return {.queue = {}, .record = {}, .summary = {}, .json = out.take()};
}

std::optional<Issue> issue_of_owner(const outbox::Queue& queue, const outbox::Content& content) {
  if (content.account == queue.account && content.api_base == queue.api_base) return std::nullopt;
  return Issue{.code = Code::record_of_other_account, .path = "", .params = {}};
}

// The same record again, with what the person corrected.
OutboxReply revised(const outbox::Queue& queue, std::span<const std::uint8_t> bytes,
                    outbox::Draft draft, const outbox::Inputs& inputs) {
  auto record = outbox::decode(bytes);
  if (!record) return issue_only(record.error());
  if (const auto issue = issue_of_owner(queue, record->content)) return issue_only(*issue);
  const bool is_same = draft.content.kind == record->content.kind &&
                       draft.content.workflow_id == record->content.workflow_id &&
                       draft.content.step_id == record->content.step_id;
  if (!is_same || !outbox::may(*record, outbox::Action::revise)) {
    return issue_only({.code = Code::record_event_refused,
                       .path = "",
                       .params = {{"event", "revise"},
                                  {"state", std::string{outbox::to_string(record->state)}}}});
  }
  draft.content.id = record->content.id;
  return reply_of(outbox::revise(std::move(*record), std::move(draft), inputs));
}

std::optional<outbox::QueueEvent> queue_event_from(Fields& fields, const Value& root) {
  const std::string type = fields.string(root, "", "type");
  if (type == "hint") return outbox::Hinted{};
  if (type == "signed_in") return outbox::SignedIn{};
  if (type == "store_up") return outbox::StoreUp{};
  if (type == "store_down") return outbox::StoreDown{};
  const std::string why = fields.string(root, "", "why");
  if (type != "hold" || (why != "user" && why != "metered")) return std::nullopt;
  return outbox::HoldSet{.metered = why == "metered", .on = fields.boolean(root, "", "on")};
}

void write(JsonWriter& out, std::string_view name, const std::vector<std::size_t>& indices) {
  if (indices.empty()) return;
  out.key(name).begin_array();
  for (const std::size_t index : indices) out.number(static_cast<std::int64_t>(index));
  out.end_array();
}

}  // namespace

OutboxReply outbox_queue(std::span<const std::uint8_t> bytes, std::string_view event) {
  const auto root = json::parse(event, Code::document_not_readable);
  if (!root) return issue_only(root.error());
  Fields fields{Code::document_not_readable, Fields::Names::exact};
  fields.expect(*root, Kind::object, "");
  const outbox::Inputs inputs = read_inputs(fields, *root);
  const std::string account = fields.string(*root, "", "account");
  const std::string api_base = fields.string(*root, "", "api_base");
  const auto happened = queue_event_from(fields, *root);
  const bool is_opening = fields.string(*root, "", "type") == "open";
  if (fields.failure()) return issue_only(*fields.failure());
  if (!happened && !is_opening)
    return issue_only(not_readable("/type", "value", "a type of event"));
  outbox::Queue queue = queue_from(bytes);
  if (queue.account != account || queue.api_base != api_base)
    queue = {.account = account, .api_base = api_base};
  if (happened) queue = outbox::advance(std::move(queue), *happened, inputs);
  JsonWriter out;
  out.begin_object().key("queue").raw(outbox::view(queue, inputs.now_ms)).end_object();
  return {.queue = outbox::encode(queue), .record = {}, .summary = {}, .json = out.take()};
}

OutboxReply outbox_seal(std::span<const std::uint8_t> queue_bytes,
                        std::span<const std::uint8_t> summaries,
                        std::span<const std::uint8_t> record, std::string_view input) {
  const auto root = json::parse(input, Code::document_not_readable);
  if (!root) return issue_only(root.error());
  Fields fields{Code::document_not_readable, Fields::Names::exact};
  const outbox::Inputs inputs = read_inputs(fields, *root);
  auto draft = read_draft(fields, *root);
  if (!draft) return issue_only(draft.error());
  const outbox::Queue queue = queue_from(queue_bytes);
  outbox::Content& content = draft->content;
  content.account = queue.account;
  content.api_base = queue.api_base;
  if (!record.empty()) return revised(queue, record, std::move(*draft), inputs);
  if (!read_hex(fields.string(*root, "", "id"), content.id))
    return issue_only(not_readable("/id", "value", "32 hex digits"));
  if (const auto twin = outbox::find_twin(summaries, content)) {
    return issue_only({.code = Code::record_already_queued,
                       .path = "",
                       .params = {{"index", static_cast<std::int64_t>(*twin)}}});
  }
  const std::int64_t order = outbox::order_after(summaries, inputs.now_ms);
  return reply_of(outbox::seal(std::move(*draft), order, inputs));
}

OutboxReply outbox_import(std::span<const std::uint8_t> queue,
                          std::span<const std::uint8_t> summaries,
                          std::span<const std::uint8_t> bytes, std::string_view input) {
  auto record = outbox::decode(bytes);
  if (!record) return issue_only(record.error());
  const auto root = json::parse(input, Code::document_not_readable);
  if (!root) return issue_only(root.error());
  Fields fields{Code::document_not_readable, Fields::Names::exact};
  const outbox::Inputs inputs = read_inputs(fields, *root);
  if (fields.failure()) return issue_only(*fields.failure());
  if (const auto issue = issue_of_owner(queue_from(queue), record->content))
    return issue_only(*issue);
  const std::int64_t order = outbox::order_after(summaries, inputs.now_ms);
  return reply_of(outbox::adopt(std::move(*record), order, inputs));
}

OutboxReply outbox_advance(std::span<const std::uint8_t> queue,
                           std::span<const std::uint8_t> record, std::string_view event,
                           std::string_view body) {
  auto decoded = outbox::decode(record);
  if (!decoded) return issue_only(decoded.error());
  const auto root = json::parse(event, Code::document_not_readable);
  if (!root) return issue_only(root.error());
  Fields fields{Code::document_not_readable, Fields::Names::exact};
  fields.expect(*root, Kind::object, "");
  const outbox::Inputs inputs = read_inputs(fields, *root);
  const std::string auth_reason = fields.string(*root, "", "auth_reason");
  auto happened = read_event(fields, *root, body);
  if (fields.failure()) return issue_only(*fields.failure());
  if (!happened) return issue_only(happened.error());
  if (auto* const answered = std::get_if<outbox::Answered>(&*happened))
    answered->auth_reason = auth_reason;
  return reply_of(outbox::advance(queue_from(queue), std::move(*decoded), *happened, inputs),
                  inputs.now_ms);
}

std::string outbox_view(std::span<const std::uint8_t> record) {
  const auto decoded = outbox::decode(record);
  return decoded ? outbox::view(*decoded) : issue_reply(decoded.error());
}

std::string outbox_draft(std::span<const std::uint8_t> record) {
  const auto decoded = outbox::decode(record);
  return decoded ? outbox::draft_of(*decoded) : issue_reply(decoded.error());
}

std::string outbox_export(std::span<const std::uint8_t> record) {
  const auto decoded = outbox::decode(record);
  return decoded ? outbox::export_of(*decoded) : issue_reply(decoded.error());
}

std::string outbox_next(std::span<const std::uint8_t> queue,
                        std::span<const std::uint8_t> summaries, std::int64_t now_ms) {
  const auto next = outbox::next(queue_from(queue), summaries, now_ms);
  if (!next) return issue_reply(next.error());
  JsonWriter out;
  out.begin_object();
  if (next->index) out.key("index").number(static_cast<std::int64_t>(*next->index));
  if (next->wake_at_ms) out.key("wake_at_ms").number(*next->wake_at_ms);
  write(out, "behind", next->behind);
  write(out, "endangered", next->endangered);
  write(out, "foreign", next->foreign);
  write(out, "damaged", next->damaged);
  out.end_object();
  return out.take();
}

OutboxReply outbox_lease(std::span<const std::uint8_t> bytes, std::string_view event) {
  const auto root = json::parse(event, Code::document_not_readable);
  if (!root) return issue_only(root.error());
  Fields fields{Code::document_not_readable, Fields::Names::exact};
  const std::int64_t now_ms = fields.integer(*root, "", "now_ms");
  const auto epoch = static_cast<std::uint64_t>(fields.integer(*root, "", "epoch"));
  const std::string type = fields.string(*root, "", "type");
  std::array<std::uint8_t, 16> owner{};
  const bool has_owner = read_hex(fields.string(*root, "", "owner"), owner);
  if (fields.failure()) return issue_only(*fields.failure());
  if (!has_owner) return issue_only(not_readable("/owner", "value", "32 hex digits"));
  if (type != "take" && type != "renew" && type != "release")
    return issue_only(not_readable("/type", "value", "a type of event"));
  const outbox::Lease lease = outbox::decode_lease(bytes).value_or(outbox::Lease{});
  const bool is_alone = fields.boolean(*root, "", "alone");
  auto held = type == "take" ? outbox::take(lease, owner, now_ms, is_alone)
                             : outbox::renew(lease, owner, epoch, now_ms);
  if (held && type == "release") held->until_ms = 0;
  JsonWriter out;
  out.begin_object().key("held").boolean(held.has_value());
  out.key("epoch").number(static_cast<std::int64_t>(held.value_or(lease).epoch));
  out.key("until_ms").number(held.value_or(lease).until_ms);
  out.key("heartbeat_ms").number(outbox::heartbeat_ms).end_object();
  return {.queue = {},
          .record = held ? outbox::encode(*held) : std::vector<std::uint8_t>{},
          .summary = {},
          .json = out.take()};
}

}  // namespace sfluv::api
