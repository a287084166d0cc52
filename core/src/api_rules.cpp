// SPDX-License-Identifier: MIT
#include "sfluv/api_rules.h"

#include "api_reply.h"
#include "completion_reader.h"
#include "sfluv/json.h"
#include "sfluv/json_writer.h"

namespace sfluv::api {
namespace {

void write_response(JsonWriter& out, const StoredResponse& response) {
  out.begin_object().key("item_id").string(response.item_id);
  if (!response.photo_ids.empty() || response.uploads > 0) {
    out.key("photo_ids").begin_array();
    for (const std::string& id : response.photo_ids) out.string(id);
    for (std::size_t i = 0; i < response.uploads; ++i) out.string("<new>");
    out.end_array();
  }
  if (!response.written_response.empty()) out.key("written_response").string(response.written_response);
  if (!response.dropdown_value.empty()) out.key("dropdown_value").string(response.dropdown_value);
  out.end_object();
}

std::string normalized(const Verdict& verdict) {
  JsonWriter out;
  out.begin_object().key("step_not_possible").boolean(verdict.step_not_possible);
  out.key("step_not_possible_details");
  if (verdict.step_not_possible) {
    out.string(verdict.step_not_possible_details);
  } else {
    out.null();
  }
  out.key("item_responses").begin_array();
  for (const StoredResponse& response : verdict.item_responses) write_response(out, response);
  out.end_array().key("photos").begin_array();
  for (const StoredPhoto& photo : verdict.photos) {
    out.begin_object().key("item_id").string(photo.item_id).key("file_name").string(photo.file_name);
    out.key("content_type").string(photo.content_type);
    out.key("size_bytes").number(static_cast<std::int64_t>(photo.size_bytes)).end_object();
  }
  out.end_array().end_object();
  return out.take();
}

Outcome<CompletionRequest> request_from(const json::Value& root, json::Fields& fields) {
  const json::Value* const raw = root.find("request_raw");
  if (raw != nullptr && raw->kind != json::Kind::null) {
    fields.expect(*raw, json::Kind::string, "/request_raw");
    return read_completion_request(raw->text);
  }
  if (const json::Value* draft = root.find("draft")) return completion_request_from(*draft, RequestSource::draft);
  const json::Value* const request = root.find("request");
  return request ? completion_request_from(*request, RequestSource::body) : CompletionRequest{};
}

}  // namespace

std::string check_completion(std::string input) {
  const auto root = json::parse(input, Code::document_not_readable);
  std::string{}.swap(input);
  if (!root) return verdict_reply({root.error()}, "null");
  json::Fields fields{Code::document_not_readable, json::Fields::Names::exact};
  fields.expect(*root, json::Kind::object, "");
  const std::vector<WorkItem> items = work_items_from(fields, *root, "");
  const bool allow_step_not_possible = fields.boolean(*root, "", "allow_step_not_possible");
  UploadLimits limits;
  limits.photo_bytes_max = static_cast<std::uint64_t>(
      fields.integer(*root, "", "photo_bytes_max", static_cast<std::int64_t>(limits.photo_bytes_max)));
  const auto request = request_from(*root, fields);
  if (fields.failure()) return verdict_reply({*fields.failure()}, "null");
  if (!request) return verdict_reply({request.error()}, "null");
  const Verdict verdict = sfluv::check_completion(
      {.work_items = items, .allow_step_not_possible = allow_step_not_possible}, *request, limits);
  return verdict_reply(verdict.issues, verdict.accepted() ? normalized(verdict) : "null");
}

std::string read_workflow(std::string_view document) {
  const auto workflow = sfluv::read_workflow(document);
  if (!workflow) return issue_reply(workflow.error());
  JsonWriter out;
  out.begin_object().key("workflow").raw(write_workflow(*workflow, AmountStyle::decimal_text)).end_object();
  return out.take();
}

std::string code_catalogue() {
  JsonWriter out;
  out.begin_array();
  for (const CodeInfo& info : sfluv::code_catalogue()) {
    out.begin_object().key("code").string(info.id).key("params").begin_array();
    for (const std::string_view param : info.params) out.string(param);
    out.end_array().end_object();
  }
  out.end_array();
  return out.take();
}

}  // namespace sfluv::api
