// SPDX-License-Identifier: MIT
#include "proposal_vectors.h"

#include <algorithm>
#include <array>

#include "sfluv/json_writer.h"

#include "scenario.h"

namespace sfluv::replay {
namespace {

struct Words {
  std::string_view beginning;  ///< of the message
  std::string_view code;
};

constexpr std::array words = {
    Words{"Workflow request could not be decoded", "body_not_decodable"},
    Words{"Workflow bounties must be whole-number", "bounty_invalid"},
    Words{"Workflow title is required", "title_blank"},
    Words{"Workflow recurrence is invalid", "recurrence_invalid"},
    Words{"Workflow start date/time is invalid", "date_invalid"},
    Words{"invalid recurrence_end_at", "date_invalid"},
    Words{"recurrence_end_at is only valid for", "recurrence_end_not_allowed"},
    Words{"recurrence_end_at must be on or after", "recurrence_end_before_start"},
    Words{"invalid series_id", "series_not_allowed"},
    Words{"at least one workflow role", "roles_missing"},
    Words{"at least one workflow step", "steps_missing"},
    Words{"workflow role title is required", "title_blank"},
    Words{"duplicate workflow role client_id", "role_id_duplicate"},
    Words{"invalid workflow role credential", "credential_unknown"},
    Words{"supervisor data fields require both", "supervisor_data_incomplete"},
    Words{"duplicate supervisor data field key", "supervisor_data_duplicate"},
    Words{"workflow supervisor user_id is required", "supervisor_data_without_supervisor"},
    Words{"workflow step title is required", "title_blank"},
    Words{"workflow step references unknown role", "step_role_unknown"},
    Words{"workflow work item title is required", "title_blank"},
    Words{"workflow work item photo_aspect_ratio", "aspect_ratio_invalid"},
    Words{"dropdown option label is required", "option_label_blank"},
    Words{"duplicate dropdown option label", "option_label_duplicate"},
    Words{"invalid notification email", "email_invalid"},
    Words{"proposer is not approved", "proposer_not_approved"},
};

// "<5000 chars>" stands for a title that was long: then it is the one of the request.
std::string recorded_result(const json::Value& vector) {
  json::Value result = *vector.find("result");
  for (json::Member& member : result.members) {
    if (member.name == "title" && member.value.text.ends_with(" chars>"))
      member.value.text = text_at(*vector.find("request"), "title");
  }
  return canonical(result);
}

void write_expectation(JsonWriter& out, const json::Value& vector) {
  out.key("expect").begin_object().key("status").number(integer_at(vector, "http_status"));
  if (flag_at(vector, "accepted")) {
    out.key("result").raw(recorded_result(vector));
  } else {
    out.key("error_class").string(error_class_of_proposal(*vector.find("error")));
  }
  out.key("state").string("any").end_object();
}

}  // namespace

std::string_view error_class_of_proposal(const json::Value& error) {
  const std::string message = text_at(error, "message");
  if (text_at(error, "detail") == "start_at is required") return "start_missing";
  const auto row = std::ranges::find_if(
      words, [&](const Words& one) { return message.starts_with(one.beginning); });
  return row == words.end() ? "*" : row->code;
}

std::string setup_of_proposals() {
  return R"({"t0":1803891600,"payouts":"none",
    "credential_types":{"dpw_certified":"public","sfluv_verifier":"public","hidden":"private"},
    "users":{
      "prop":{"roles":["proposer","supervisor"]},
      "sup":{"roles":["supervisor"]},
      "sup2":{"roles":["supervisor"],"supervisor_status":"pending"},
      "pending proposer":{"roles":["proposer"],"proposer_status":"pending"},
      "not a proposer":{"roles":["proposer"],"proposer_status":"none"}}})";
}

std::string scenario_of_proposal(const json::Value& vector) {
  JsonWriter out;
  out.begin_object().key("name").string(text_at(vector, "name"));
  out.key("topic").string("create workflow").key("setup").raw(setup_of_proposals());
  out.key("steps").begin_array().begin_object();
  const std::string caller = text_at(vector, "caller");
  out.key("actor").string(caller.empty() ? "prop" : caller);
  out.key("method").string("POST").key("path").string("/proposers/workflows");
  out.key("at").number(0).key("literal").boolean(true);
  if (const std::string raw = text_at(vector, "request_raw"); !raw.empty()) {
    out.key("body_raw").string(raw);
  } else {
    out.key("body").raw(canonical(*vector.find("request")));
  }
  if (integer_at(vector, "http_status") == 500) out.key("seed_differs").string("500 for bad input");
  write_expectation(out, vector);
  out.end_object().end_array().end_object();
  return out.take();
}

}  // namespace sfluv::replay
