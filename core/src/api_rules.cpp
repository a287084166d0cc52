// SPDX-License-Identifier: MIT
#include "sfluv/api_rules.h"

#include "sfluv/json.h"
#include "sfluv/json_writer.h"
#include "sfluv/series.h"

#include "api_reply.h"
#include "completion_reader.h"

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
  if (!response.written_response.empty())
    out.key("written_response").string(response.written_response);
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
    out.begin_object()
        .key("item_id")
        .string(photo.item_id)
        .key("file_name")
        .string(photo.file_name);
    out.key("content_type").string(photo.content_type);
    out.key("size_bytes").number(static_cast<std::int64_t>(photo.size_bytes)).end_object();
  }
  out.end_array().end_object();
  return out.take();
}

Issue refused_value(std::string_view expected) {
  json::Fields fields{Code::document_not_readable, json::Fields::Names::exact};
  fields.refuse("", expected);
  return *fields.failure();
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
  const UploadLimits limits = upload_limits_from(fields, *root);
  const auto request = completion_request_in(fields, *root, "");
  if (fields.failure()) return verdict_reply({*fields.failure()}, "null");
  if (!request) return verdict_reply({request.error()}, "null");
  const Verdict verdict = sfluv::check_completion(
      {.work_items = items, .allow_step_not_possible = allow_step_not_possible}, *request, limits);
  return verdict_reply(verdict.issues, verdict.accepted() ? normalized(verdict) : "null");
}

std::string deadline(std::string_view document) {
  const auto workflow = sfluv::read_workflow(document);
  if (!workflow) return issue_reply(workflow.error());
  JsonWriter out;
  out.begin_object().key("deadline_s");
  if (const auto at_s = deadline_s(*workflow)) {
    out.number(*at_s);
  } else {
    out.null();
  }
  out.end_object();
  return out.take();
}

std::string format_amount(std::string_view amount, std::string_view profile) {
  const auto exact = Amount::parse(amount);
  const auto unit = profile_from(profile);
  if (!exact) return issue_reply(refused_value("amount"));
  if (!unit) return issue_reply(refused_value("documents or live"));
  JsonWriter out;
  out.begin_object().key("text").string(sfluv::format_amount(*exact, *unit));
  out.key("symbol").string(unit->amount_symbol).end_object();
  return out.take();
}

std::string parse_amount(std::string_view text, std::string_view profile) {
  const auto unit = profile_from(profile);
  if (!unit) return issue_reply(refused_value("documents or live"));
  const auto amount = sfluv::parse_amount(text, *unit);
  JsonWriter out;
  out.begin_object().key("amount");
  amount ? out.string(amount->to_string()) : out.null();
  out.end_object();
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
