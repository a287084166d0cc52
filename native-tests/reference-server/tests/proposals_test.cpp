// SPDX-License-Identifier: MIT
// Proposing, voting and withdrawing over HTTP (seed 002, rulebook B, C8).
#include "server_fixture.h"

namespace sfluv::server {
namespace {

constexpr std::int64_t day_s = 86'400;

class ProposalsTest : public ServerTest {
 protected:
  static std::string body(std::string_view more = "") {
    return R"({"title":" Plant trees ","description":"Ten oaks","recurrence":"weekly",)" +
           std::string{more} +
           R"("start_at":"2024-04-01T08:00:00Z",
        "supervisor":{"user_id":"did:privy:supervisor123","bounty":"BOUNTY"},
        "roles":[{"client_id":"r","title":"Planter","required_credentials":["dpw_certified"]}],
        "steps":[{"title":"Plant","description":"Ten","bounty":100000000000000000000,
        "role_client_id":"r","work_items":[{"title":"How","requires_dropdown":true,
        "dropdown_options":[{"label":"50% done","notify_emails":["Boss@Example.org"]}]}]}]})";
  }
  Answer propose(std::string_view more = "") {
    std::string text = body(more);
    return post("/proposers/workflows", proposer,
                text.replace(text.find("\"BOUNTY\""), 8, "50000000000000000000"));
  }
  std::string proposed(std::string_view more = "") {
    const Answer answer = propose(more);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return read_workflow(answer.body).value_or(Workflow{}).id;
  }
  Answer vote(const std::string& id, std::string_view user, std::string_view decision) {
    return post("/workflows/" + id + "/votes", user,
                R"({"decision":")" + std::string{decision} + "\"}");
  }
};

TEST_F(ProposalsTest, IsCreatedAsTheRulesMakeIt) {
  const Workflow workflow = read_workflow(propose().body).value_or(Workflow{});
  EXPECT_EQ(workflow.title, "Plant trees");
  EXPECT_EQ(workflow.total_bounty.to_string(), "150000000000000000000");
  EXPECT_EQ(workflow.supervisor_title, "DPW Supervisor");
  const DropdownOption& option = workflow.steps.at(0).work_items.at(0).dropdown_options.at(0);
  EXPECT_EQ(option.value, "50_done");
  EXPECT_EQ(option.notify_emails, (std::vector<std::string>{"boss@example.org"}));
  start();
  EXPECT_EQ(write_workflow(workflow_for(proposer, workflow.id), AmountStyle::number),
            write_workflow(workflow, AmountStyle::number))
      << "it is stored whole";
}

TEST_F(ProposalsTest, ARefusalListsAllThatIsWrongAndStoresNothing) {
  const Answer refused = post("/proposers/workflows", proposer, body());
  EXPECT_EQ(refused.status, 400);
  EXPECT_TRUE(contains(refused.body, R"("code":"bounty_invalid","path":"/supervisor/bounty")"))
      << refused.body;
  const Answer empty = post("/proposers/workflows", proposer, "{}");
  EXPECT_GT(parsed(empty.body).find("issues")->elements.size(), 3U);
  EXPECT_EQ(parsed(get("/proposers/workflows", proposer).body).elements.size(), 3U);
}

TEST_F(ProposalsTest, VotesDecideIt) {
  const std::string id = proposed();
  EXPECT_EQ(vote(id, jane, "approve").status, 403);
  EXPECT_EQ(vote(id, voter, "perhaps").status, 400);
  EXPECT_EQ(vote("workflow_nope", voter, "approve").status, 404);
  const Answer one = vote(id, voter, " Approve ");
  EXPECT_EQ(one.status, 200);
  const WorkflowVotes votes = read_workflow(one.body)->votes.value_or(WorkflowVotes{});
  EXPECT_EQ(votes.total_voters, 2) << "a voter and an admin";
  EXPECT_TRUE(votes.quorum_reached);
  EXPECT_EQ(votes.finalize_at, now_s_ + day_s);
  EXPECT_EQ(votes.my_decision, "approve");
  EXPECT_EQ(workflow_for(admin, id).votes->my_decision, std::nullopt);
  EXPECT_TRUE(contains(get("/voters/workflows", voter).body, id));
  start();
  now_s_ += day_s;
  EXPECT_EQ(workflow_for(jane, id).status, WorkflowStatus::approved) << "whoever looks";
  EXPECT_EQ(vote(id, voter, "deny").status, 409);
  EXPECT_FALSE(contains(get("/voters/workflows", voter).body, id));
}

TEST_F(ProposalsTest, NothingIsApprovedThatCannotBePaid) {
  EXPECT_EQ(test("faucet", R"({"mode":"ok","balance":"149999999999999999999"})").status, 200);
  const std::string id = proposed();
  EXPECT_EQ(vote(id, voter, "approve").status, 200);
  EXPECT_EQ(vote(id, admin, "approve").status, 200);
  EXPECT_EQ(workflow_for(jane, id).status, WorkflowStatus::pending);
  // Three jobs of the demo are promised 150 a week each.
  EXPECT_EQ(test("faucet", R"({"mode":"ok","balance":"600000000000000000000"})").status, 200);
  EXPECT_EQ(workflow_for(jane, id).status, WorkflowStatus::approved);
  const std::string next = proposed();
  EXPECT_EQ(vote(next, voter, "approve").status, 200);
  EXPECT_EQ(vote(next, admin, "approve").status, 200);
  EXPECT_EQ(workflow_for(jane, next).status, WorkflowStatus::pending);
}

TEST_F(ProposalsTest, AnOwnSeriesGoesOnAndAnotherDoesNot) {
  const Answer foreign = propose(R"("series_id":"series_nope",)");
  EXPECT_EQ(foreign.status, 400);
  EXPECT_TRUE(contains(foreign.body, "series_unknown"));
  const std::string id = proposed(R"("series_id":" series_xyz789 ",)");
  EXPECT_EQ(workflow_for(proposer, id).series_id, "series_xyz789");
  EXPECT_EQ(stored_series().occurrences.size(), 2U);
}

TEST_F(ProposalsTest, OnlyWhatIsPendingAndMineCanBeWithdrawn) {
  const std::string id = proposed();
  const std::string path = "/proposers/workflows/" + id;
  EXPECT_EQ(get(path, admin).status, 200);
  EXPECT_EQ(remove(path, admin).status, 404) << "not theirs";
  const Answer removed = remove(path, proposer);
  EXPECT_EQ(removed.status, 200);
  EXPECT_EQ(removed.body, "{}");
  EXPECT_EQ(remove(path, proposer).status, 400);
  EXPECT_EQ(workflow_for(jane, id).status, WorkflowStatus::deleted) << "readable all the same";
  EXPECT_TRUE(contains(get("/proposers/workflows", proposer).body, id)) << "all statuses";
}

TEST_F(ProposalsTest, WorkIsDeletedByAVote) {
  const Answer wish =
      test("deed", R"({"user":"did:privy:proposer456","deed":"propose_deletion",)"
                   R"("workflow":"workflow_abc123","whole_series":true,"reason":"built over"})");
  ASSERT_EQ(wish.status, 200) << wish.body;
  for (const char* user : {voter, admin}) {
    EXPECT_EQ(test("deed", R"({"user":")" + std::string{user} +
                               R"(","deed":"vote_on_deletion","decision":"approve","deletion":")" +
                               parsed(wish.body).find("id")->text + "\"}")
                  .status,
              200);
  }
  start();
  EXPECT_EQ(workflow_for(jane).status, WorkflowStatus::deleted);
  EXPECT_FALSE(contains(get("/workflows/active", jane).body, "workflow_abc123"));
}

TEST_F(ProposalsTest, TheLiveListIsAPage) {
  start_live();
  const json::Value page = parsed(get("/proposers/workflows?count=2", proposer).body);
  EXPECT_EQ(page.find("items")->elements.size(), 2U);
  EXPECT_EQ(page.find("total")->text, "3");
}

}  // namespace
}  // namespace sfluv::server
