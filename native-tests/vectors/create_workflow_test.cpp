// SPDX-License-Identifier: MIT
// The recorded answers of the live system to POST /proposers/workflows: same verdict, same first
// failure, same workflow. create-workflow.json is data made by running that system.
#include <gtest/gtest.h>
#include <map>
#include <string>

#include "sfluv/api_proposal.h"
#include "sfluv/http_status.h"
#include "sfluv/json.h"
#include "sfluv/json_writer.h"

#include "replay/completion_vectors.h"
#include "replay/proposal_vectors.h"
#include "replay/scenario.h"
#include "replay/setup.h"
#include "test_files.h"

namespace sfluv {
namespace {

json::Value parsed(std::string_view text) {
  const auto value = json::parse(text, Code::document_not_readable);
  EXPECT_TRUE(value.has_value()) << text;
  return value.value_or(json::Value{});
}

std::string input_of(const json::Value& vector, std::string_view profile) {
  const std::string caller = replay::text_at(vector, "caller");
  JsonWriter out;
  out.begin_object().key("context").begin_object();
  out.key("profile").string(profile).key("now").number(1'803'891'600);
  out.key("proposer_id").string("prop").key("supervisors").raw(R"(["sup","prop"])");
  out.key("credential_types").raw(R"(["dpw_certified","sfluv_verifier","hidden"])");
  if (!caller.empty())
    out.key("proposer_status").string(caller == "pending proposer" ? "pending" : "none");
  out.end_object();
  const std::string raw = replay::text_at(vector, "request_raw");
  if (raw.empty()) {
    out.key("request").raw(replay::canonical(*vector.find("request")));
  } else {
    out.key("request_raw").string(raw);
  }
  out.end_object();
  return out.take();
}

std::string first_code(const json::Value& answer) {
  const json::Value& issues = *answer.find("issues");
  return issues.elements.empty() ? "" : issues.elements[0].find("code")->text;
}

// What is wrong with our answer to a vector; "" when it agrees.
std::string disagreement(const json::Value& vector, const json::Value& answer) {
  const bool accepts = replay::flag_at(answer, "accepted");
  const std::string first = first_code(answer);
  if (!replay::flag_at(vector, "accepted")) {
    if (accepts) return "accepted";
    const Code code = code_from_string(first, Code::forbidden);
    const std::string expected{replay::error_class_of_proposal(*vector.find("error"))};
    if (expected != "*" && expected != first) return first + " instead of " + expected;
    const int status = http_status(Operation::propose, code, live_profile());
    return status == replay::integer_at(vector, "http_status") ? "" : first + " answers otherwise";
  }
  if (!accepts) return "refused with " + first;
  const auto workflow = read_workflow(replay::canonical(*answer.find("normalized")));
  if (!workflow) return "no workflow";
  const std::string made = replay::canonical(parsed(replay::created_json(*workflow)));
  json::Value result = *vector.find("result");
  for (json::Member& member : result.members) {
    if (member.value.text == "<5000 chars>") member.value.text = std::string(5000, 'x');
  }
  return made == replay::canonical(result) ? "" : made + " instead of " + replay::canonical(result);
}

TEST(CreateWorkflowVectors, AgreeWithTheLiveSystem) {
  const json::Value vectors = parsed(read_test_file("vectors/create-workflow.json"));
  ASSERT_EQ(vectors.elements.size(), 122u);
  for (const json::Value& recorded : vectors.elements) {
    const json::Value vector = parsed(replay::with_macros(replay::canonical(recorded)));
    EXPECT_EQ(disagreement(vector, parsed(api::check_proposal(input_of(vector, "live")))), "")
        << replay::text_at(vector, "name");
  }
}

// The seeds win: what the live system refuses or takes against them is otherwise under `documents`.
TEST(CreateWorkflowVectors, UnderTheDocumentsDifferWhereTheSeedsSpeak) {
  const json::Value vectors = parsed(read_test_file("vectors/create-workflow.json"));
  std::map<std::string, std::string> differing;
  for (const json::Value& recorded : vectors.elements) {
    const json::Value vector = parsed(replay::with_macros(replay::canonical(recorded)));
    const json::Value live = parsed(api::check_proposal(input_of(vector, "live")));
    const json::Value documents = parsed(api::check_proposal(input_of(vector, "documents")));
    if (first_code(live) != first_code(documents))
      differing[replay::text_at(vector, "name")] = first_code(documents);
  }
  const std::map<std::string, std::string> expected{
      {"daily weekly requirement overflow int64", ""},
      {"description empty", "description_blank"},
      {"series_id given", "series_unknown"},
      {"step bounty 18446744073709551615", ""},
      {"step bounty 50000000000000000000", ""},
      {"step bounty 9223372036854775808", ""},
      {"supervisor blank id with bounty", "supervisor_blank"}};
  EXPECT_EQ(differing, expected);
}

}  // namespace
}  // namespace sfluv
