// SPDX-License-Identifier: MIT
// Every field of the documents' schemas (vectors/schemas.json) is produced somewhere in the life of
// work: proposed, voted on, done, paid, not paid, asked for again.
#include <map>
#include <set>

#include "server_fixture.h"
#include "test_files.h"

namespace sfluv::server {
namespace {

constexpr std::int64_t day_s = 86'400;

// What stands in which member of which schema.
const std::map<std::string, std::string> inner = {
    {"Workflow/roles", "WorkflowRole"},
    {"Workflow/steps", "WorkflowStep"},
    {"Workflow/votes", "WorkflowVotes"},
    {"WorkflowStep/submission", "WorkflowStepSubmission"},
    {"WorkflowStep/work_items", "WorkflowWorkItem"},
    {"WorkflowStepSubmission/item_responses", "WorkflowStepItemResponse"},
    {"WorkflowStepItemResponse/photos", "WorkflowSubmissionPhoto"},
    {"WorkflowWorkItem/dropdown_options", "WorkflowDropdownOption"},
};

class SchemasTest : public ServerTest {
 protected:
  void see(const std::string& schema, const json::Value& value) {
    for (const json::Value& element : value.elements) see(schema, element);
    for (const json::Member& member : value.members) {
      if (member.value.kind == json::Kind::null) continue;
      const std::string place = schema + '/' + member.name;
      seen_.insert(place);
      if (const auto found = inner.find(place); found != inner.end())
        see(found->second, member.value);
    }
  }

  void look() {
    const json::Value proposed = parsed(get("/proposers/workflows", proposer).body);
    see("Workflow", proposed);
    see("ActiveWorkflowListItem", parsed(get("/workflows/active", voter).body));
    for (const json::Value& one : proposed.elements) {
      for (const char* user : {voter, admin})
        see("Workflow", parsed(get("/workflows/" + one.find("id")->text, user).body));
    }
  }

  std::string propose(std::string_view recurrence) {
    std::string body = R"({"title":"Plant trees","description":"Ten oaks","recurrence":")";
    body += recurrence;
    body +=
        R"(","start_at":"2024-03-16T08:00:00Z",
        "supervisor":{"user_id":"did:privy:supervisor123","bounty":1},
        "roles":[{"client_id":"r","title":"Planter","required_credentials":["dpw_certified"]}],
        "steps":[{"title":"Plant","description":"Ten","bounty":5,"role_client_id":"r",
        "work_items":[{"title":"Report","requires_written_response":true}]}]})";
    const Answer answer = post("/proposers/workflows", proposer, body);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return parsed(answer.body).find("id")->text;
  }

  void deed(const std::string& user, const std::string& name, const std::string& workflow) {
    const Answer answer = test("deed", R"({"user":")" + user + R"(","deed":")" + name +
                                           R"(","workflow":")" + workflow + "\"}");
    EXPECT_EQ(answer.status, 200) << answer.body;
  }

  std::set<std::string> seen_;
};

TEST_F(SchemasTest, EveryFieldIsProduced) {
  // Proposed and voted on: one week later by the vote, at once by an admin.
  for (const char* recurrence : {"weekly", "one_time"}) {
    EXPECT_EQ(
        post("/workflows/" + propose(recurrence) + "/votes", voter, R"({"decision":"approve"})")
            .status,
        200);
  }
  look();
  deed(admin, "approve", propose("one_time"));
  // Done and paid; in part not possible; done and not paid, which holds up what comes after.
  complete_both_steps();
  EXPECT_EQ(post(step_path("workflow_demo_2", "step_collect_2", "claim"), jane).status, 200);
  EXPECT_EQ(post(step_path("workflow_demo_2", "step_inspect_2", "claim"), jane).status, 409);
  edit("UPDATE steps SET status = 'available' WHERE id = 'step_inspect_2'");
  EXPECT_EQ(post(step_path("workflow_demo_2", "step_inspect_2", "complete"), jane,
                 R"({"step_not_possible":true,"step_not_possible_details":"flooded"})")
                .status,
            200);
  EXPECT_EQ(test("faucet", R"({"mode":"insufficient"})").status, 200);
  EXPECT_EQ(post(step_path("workflow_demo_3", "step_collect_3", "claim"), jane).status, 200);
  edit("UPDATE steps SET status = 'completed' WHERE id = 'step_collect_3'");
  EXPECT_EQ(post(step_path("workflow_demo_3", "step_inspect_3", "complete"), jane,
                 R"({"items":[{"item_id":"item_report_3","written_response":"x"}]})")
                .status,
            200);
  look();
  // Asked for again while nobody pays.
  EXPECT_EQ(test("faucet", R"({"mode":"none"})").status, 200);
  EXPECT_EQ(post(step_path("workflow_demo_3", "step_collect_3", "payout-request"), jane).status,
            200);
  deed(supervisor, "supervisor_payout", "workflow_demo_3");
  EXPECT_EQ(test("faucet", R"({"mode":"ok"})").status, 200);
  now_s_ += day_s;
  look();

  const json::Value schemas = parsed(read_test_file("vectors/schemas.json"));
  std::vector<std::string> never;
  for (const json::Member& schema : schemas.members) {
    for (const json::Value& field : schema.value.elements) {
      const std::string place = schema.name + '/' + field.text;
      if (!seen_.contains(place)) never.push_back(place);
    }
  }
  // Not in the list: `photo_urls`, which the documents call legacy and nobody stores, and
  // `photo_uploads`, which only requests have.
  EXPECT_EQ(never, std::vector<std::string>{});
}

}  // namespace
}  // namespace sfluv::server
