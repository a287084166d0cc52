// SPDX-License-Identifier: MIT
#include "sfluv/api_outbox.h"

#include <charconv>
#include <optional>
#include <utility>

#include "sfluv/json_writer.h"
#include "sfluv/limits.h"
#include "sfluv/outbox.h"

#include "completion_reader.h"
#include "sfluv/json.h"

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
  return {.record = {}, .summary = {}, .json = issue_reply(issue)};
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
}

void write(JsonWriter& out, const outbox::Send& send) {
  out.key("type").string("send").key("method").string("POST").key("path").string(send.path);
  out.key("body").begin_array();
  for (const outbox::Segment& segment : send.body) {
    const bool is_photo = segment.text.empty();
    out.begin_object().key(is_photo ? "photo" : "text");
    out.string(is_photo ? segment.photo_key : segment.text).end_object();
  }
  out.end_array().key("bytes").number(static_cast<std::int64_t>(send.body_bytes));
  out.key("attempt").number(send.attempt);
}

void write(JsonWriter& out, const outbox::WakeAt& wake_at) {
  out.key("type").string("wake_at").key("at_ms").number(wake_at.at_ms);
}

OutboxReply reply_of(const outbox::Transition& transition) {
  if (transition.refused) return issue_only(*transition.refused);
  JsonWriter out;
  out.begin_object().key("effects").begin_array();
  for (const outbox::Effect& effect : transition.effects) {
    out.begin_object();
    std::visit([&](const auto& what) { write(out, what); }, effect);
    out.end_object();
  }
  out.end_array().key("view").raw(outbox::view(transition.record)).end_object();
  return {.record = outbox::encode(transition.record),
          .summary = outbox::summarise(transition.record),
          .json = out.take()};
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
    }
  }
  return std::nullopt;
}

std::optional<Issue> read_head(Fields& fields, const Value& root, outbox::Draft& out) {
  static const Value nothing;
  const auto object = [&](std::string_view name) {
    const Value* const found = fields.object(root, "", name);
    return found ? found : &nothing;
  };
  outbox::Content& content = out.content;
  if (!read_hex(fields.string(root, "", "id"), content.id))
    return not_readable("/id", "value", "32 hex digits");
  content.account = fields.string(root, "", "account");
  content.api_base = fields.string(root, "", "api_base");
  const Value* const workflow = object("workflow");
  content.workflow_id = fields.string(*workflow, "/workflow", "id");
  content.workflow_title = fields.string(*workflow, "/workflow", "title");
  content.recurrence = fields.string(*workflow, "/workflow", "recurrence");
  content.start_at_s = fields.integer(*workflow, "/workflow", "start_at");
  const Value* const step = object("step");
  content.step_id = fields.string(*step, "/step", "id");
  content.step_title = fields.string(*step, "/step", "title");
  out.allow_step_not_possible = fields.boolean(*step, "/step", "allow_step_not_possible");
  out.work_items = work_items_from(fields, *step, "/step");
  if (fields.failure()) return fields.failure();
  if (content.workflow_id.empty()) return not_readable("/workflow/id", "value", "text");
  if (content.step_id.empty()) return not_readable("/step/id", "value", "text");
  return std::nullopt;
}

Outcome<outbox::Draft> read_draft(Fields& fields, const Value& root) {
  outbox::Draft out;
  fields.expect(root, Kind::object, "");
  if (const auto issue = read_head(fields, root, out)) return std::unexpected(*issue);
  const Value* const draft = fields.object(root, "", "draft");
  if (draft == nullptr) {
    return std::unexpected(fields.failure().value_or(not_readable("/draft", "value", "object")));
  }
  auto request = completion_request_from(*draft, RequestSource::draft);
  if (!request) return std::unexpected(request.error());
  out.request = std::move(*request);
  if (const auto issue = read_uploads(fields, *draft, out)) return std::unexpected(*issue);
  if (fields.failure()) return std::unexpected(*fields.failure());
  return out;
}

outbox::Op op_from(std::string_view name) {
  return name == "send" ? outbox::Op::send : outbox::Op::read;
}

Outcome<outbox::Event> read_event(Fields& fields, const Value& root, std::string_view body) {
  const std::string type = fields.string(root, "", "type");
  const std::string op = fields.string(root, "", "op");
  const bool has_op = type == "answered" || type == "unreachable";
  if (has_op && op != "read" && op != "send") {
    return std::unexpected(not_readable("/op", "value", "read or send"));
  }
  const bool has_token = type == "stored" || type == "store_failed";
  const auto token = fields.optional_integer(root, "", "token");
  if (has_token && !token) {
    return std::unexpected(fields.failure().value_or(not_readable("/token", "value", "integer")));
  }
  if (type == "wake") return outbox::Wake{};
  if (type == "retry") return outbox::Retry{};
  if (type == "stored") return outbox::Stored{.token = *token};
  if (type == "store_failed") return outbox::StoreFailed{.token = *token};
  if (type == "unreachable") return outbox::Unreachable{.op = op_from(op)};
  if (type == "interrupted") return outbox::Interrupted{};
  if (type != "answered") return std::unexpected(not_readable("/type", "value", "a type of event"));
  const std::int64_t status = fields.integer(root, "", "status");
  return outbox::Answered{
      .op = op_from(op),
      .status = status < 0 || status > 999 ? 0 : static_cast<std::int32_t>(status),
      .auth_reason = {},
      .retry_after_ms = fields.optional_integer(root, "", "retry_after_ms"),
      .body = body};
}

}  // namespace

OutboxReply outbox_seal(std::string_view input) {
  const auto root = json::parse(input, Code::document_not_readable);
  if (!root) return issue_only(root.error());
  Fields fields{Code::document_not_readable, Fields::Names::exact};
  const outbox::Inputs inputs{.now_ms = fields.integer(*root, "", "now_ms")};
  auto draft = read_draft(fields, *root);
  if (!draft) return issue_only(draft.error());
  const auto sealed = outbox::seal(std::move(*draft), inputs);
  if (sealed) {
    OutboxReply reply = reply_of(*sealed);
    if (reply.record.size() <= limits::record_bytes_max) return reply;
    return issue_only(not_readable("/draft", "size", "at most 4 MiB of answers"));
  }
  JsonWriter out;
  out.begin_object().key("issues").begin_array();
  for (const Issue& issue : sealed.error()) out.issue(issue);
  out.end_array().end_object();
  return {.record = {}, .summary = {}, .json = out.take()};
}

OutboxReply outbox_advance(std::span<const std::uint8_t> record, std::string_view event,
                           std::string_view body) {
  auto decoded = outbox::decode(record);
  if (!decoded) return issue_only(decoded.error());
  const auto root = json::parse(event, Code::document_not_readable);
  if (!root) return issue_only(root.error());
  Fields fields{Code::document_not_readable, Fields::Names::exact};
  fields.expect(*root, Kind::object, "");
  const outbox::Inputs inputs{
      .now_ms = fields.integer(*root, "", "now_ms"),
      .entropy = static_cast<std::uint64_t>(fields.integer(*root, "", "entropy"))};
  const std::string auth_reason = fields.string(*root, "", "auth_reason");
  auto happened = read_event(fields, *root, body);
  if (fields.failure()) return issue_only(*fields.failure());
  if (!happened) return issue_only(happened.error());
  if (auto* const answered = std::get_if<outbox::Answered>(&*happened))
    answered->auth_reason = auth_reason;
  return reply_of(outbox::advance(std::move(*decoded), *happened, inputs));
}

std::string outbox_view(std::span<const std::uint8_t> record) {
  const auto decoded = outbox::decode(record);
  return decoded ? outbox::view(*decoded) : issue_reply(decoded.error());
}

std::string outbox_next(std::span<const std::uint8_t> summaries, std::int64_t now_ms) {
  const auto next = outbox::next(summaries, now_ms);
  if (!next) return issue_reply(next.error());
  JsonWriter out;
  out.begin_object();
  if (next->index) out.key("index").number(static_cast<std::int64_t>(*next->index));
  if (next->wake_at_ms) out.key("wake_at_ms").number(*next->wake_at_ms);
  if (!next->damaged.empty()) {
    out.key("damaged").begin_array();
    for (const std::size_t index : next->damaged) out.number(static_cast<std::int64_t>(index));
    out.end_array();
  }
  out.end_object();
  return out.take();
}

}  // namespace sfluv::api
