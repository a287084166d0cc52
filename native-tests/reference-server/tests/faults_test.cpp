// SPDX-License-Identifier: MIT
// What tests may do to the server, and that nobody else may.
#include "server_fixture.h"

namespace sfluv::server {
namespace {

using Clock = std::chrono::steady_clock;

TEST_F(ServerTest, CommitThenDropLeavesExactlyOneSubmission) {
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  EXPECT_EQ(
      test("fault", R"({"mode":"commit_then_drop","times":1,"path_contains":"/complete"})").status,
      200);
  EXPECT_EQ(workflow_for(jane).steps[0].status, StepStatus::available)
      << "another path is not meant";
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 0) << "no answer";
  const Workflow workflow = workflow_for(jane);
  EXPECT_EQ(workflow.steps[0].status, StepStatus::completed);
  ASSERT_TRUE(workflow.steps[0].submission);
  EXPECT_EQ(workflow.steps[0].submission->improver_id, jane);
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 400) << "a blind second try";
  const std::string requests = test("requests").body;
  EXPECT_TRUE(contains(requests, R"("submissions":1)"));
  EXPECT_TRUE(contains(
      requests, R"({"method":"POST","path":")" + first_step("complete") + R"(","count":2})"));
}

TEST_F(ServerTest, DropGivesNotOneByte) {
  EXPECT_EQ(test("fault", R"({"mode":"commit_then_drop"})").status, 200);
  RawClient raw{server_->port()};
  raw.say("GET /workflows/workflow_abc123 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(raw.hear(), "");
}

TEST_F(ServerTest, OtherFaults) {
  EXPECT_EQ(test("fault", R"({"mode":"nonsense"})").status, 400);
  EXPECT_EQ(test("fault", "[").status, 400);
  EXPECT_EQ(test("fault", R"({"mode":"commit_then_500","times":1})").status, 200);
  const Answer lie = post(first_step("claim"), jane);
  EXPECT_EQ(lie.status, 500);
  EXPECT_EQ(lie.body, "");
  EXPECT_EQ(workflow_for(jane).steps[0].assigned_improver_id, jane);
  for (const char* mode : {"empty_200", "html_200"}) {
    EXPECT_EQ(test("fault", R"({"times":1,"mode":")" + std::string{mode} + "\"}").status, 200);
    const Answer portal = post(first_step("complete"), jane, whole_answer());
    EXPECT_EQ(portal.status, 200);
    EXPECT_EQ(portal.body.empty(), std::string_view{mode} == "empty_200");
  }
  EXPECT_EQ(workflow_for(jane).steps[0].status, StepStatus::available) << "nothing was done";
  EXPECT_EQ(test("fault", R"({"mode":"delay","ms":300,"times":1})").status, 200);
  const auto begin = Clock::now();
  EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 200);
  EXPECT_GE(Clock::now() - begin, std::chrono::milliseconds{300});
}

TEST_F(ServerTest, RefuseReallyRefusesAndComesBackOnTheSamePort) {
  httplib::Client kept = client();
  kept.set_keep_alive(true);
  EXPECT_TRUE(kept.Get("/nope"));
  for (int round = 0; round < 5; ++round) {
    EXPECT_EQ(test("fault", R"({"mode":"refuse"})").status, 200);
    EXPECT_FALSE(RawClient{server_->port()}.is_connected());
    EXPECT_FALSE(kept.Get("/nope")) << "an open connection ends too";
    EXPECT_EQ(test("fault", R"({"mode":"none"})").status, 200);
    EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 200);
  }
}

TEST_F(ServerTest, TestEndpointsAreNotForPagesAndOnlyThereWhenAskedFor) {
  httplib::Client page{"127.0.0.1", *server_->test_port()};
  EXPECT_EQ(answer_of(page.Post("/test/reset", {{"Origin", origin}}, "{}", "text/plain")).status,
            403);
  EXPECT_EQ(
      answer_of(client().Post("/test/reset", {{"Origin", origin}}, "{}", "text/plain")).status,
      403);
  EXPECT_EQ(test("reset", "{}").status, 200);
  EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 403) << "no users any more";
  EXPECT_EQ(answer_of(client().Post("/test/seed", "", "application/json")).status, 200)
      << "the same through the first door";
  EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 200);
  EXPECT_EQ(get("/workflows/workflow_demo_2", jane).status, 404);
  options_.has_test_endpoints = false;
  start();
  EXPECT_FALSE(server_->test_port());
  const Answer answer = answer_of(client().Post("/test/reset", "{}", "application/json"));
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 200);
}

// One workflow that starts in an hour, and one that somebody completed long ago.
constexpr const char* setup = R"({"t0":1803891600,"payouts":"ok","users":{
  "imp1":{"roles":["improver"],"credentials":["c1"]},"imp2":{"roles":["improver"]},
  "off":{"roles":["improver"],"inactive":true},
  "new":{"roles":["improver"],"policy_not_accepted":true}},"workflows":[
  {"id":"wf1","series":"s1","recurrence":"daily","start":3600,"created":-7200,"approved":true,
   "proposer":"prop","supervisor_bounty":0,"roles":{"A":["c1"]},
   "steps":[{"role":"A","bounty":5,"items":["text"]}]}],
  "edits":[{"edit":"by hand","set":{"wf1.step1":{"assigned":"imp2"}}}]})";

TEST_F(ServerTest, ASetupBringsItsPeopleItsClockAndItsEdits) {
  EXPECT_EQ(test("setup", "[").status, 400);
  EXPECT_EQ(test("setup", R"({"payouts":"sometimes"})").status, 400);
  ASSERT_EQ(test("setup", setup).status, 200);
  EXPECT_EQ(test("state").body,
            R"({"state":{"wf1":["approved",["locked","imp2",null,null,0]]},"ids":{}})"
            "\n");
  const auto ask = [&](std::string_view user) {
    const std::string own =
        parsed(test("token?user=" + std::string{user}).body).find("token")->text;
    return answer_of(client().Get("/workflows/wf1", {{"Authorization", "Bearer " + own}}));
  };
  EXPECT_EQ(ask("imp1").status, 200);
  EXPECT_EQ(ask("off").status, 403);
  EXPECT_EQ(ask("off").header("X-SFLUV-Auth-Reason"), "");
  EXPECT_EQ(ask("new").status, 403);
  EXPECT_EQ(ask("new").header("X-SFLUV-Auth-Reason"), "privacy-policy-required");
  EXPECT_EQ(ask("new").body, "");
  EXPECT_EQ(ask("ghost").status, 403);
}

TEST_F(ServerTest, TheClockStandsWhereATestPutsIt) {
  ASSERT_EQ(test("setup", setup).status, 200);
  EXPECT_EQ(test("clock", "{}").status, 400);
  EXPECT_EQ(test("clock", R"({"at":3600})").status, 200);
  EXPECT_TRUE(contains(test("state").body, R"(["available","imp2")"));
  EXPECT_EQ(test("profile", R"({"name":"live"})").status, 200);
  EXPECT_EQ(test("clock", R"({"at":90000})").status, 200);
  const std::string state = test("state").body;
  EXPECT_TRUE(contains(state, R"("wf1":["skipped")")) << state;
  EXPECT_TRUE(contains(state, R"("s1@90000":["approved")")) << state;
  EXPECT_TRUE(contains(state, R"("s1@90000.step1":"step_)")) << state;
}

TEST_F(ServerTest, WhatWasMarkedComesBack) {
  ASSERT_EQ(test("setup", setup).status, 200);
  const std::string before = test("state").body;
  EXPECT_EQ(test("mark", "").status, 200);
  EXPECT_EQ(
      test("edit", R"({"wf1":{"status":"deleted"},"wf1.step1":{"status":"paid_out"}})").status,
      200);
  EXPECT_EQ(test("edit", R"({"wf7":{"status":"deleted"}})").status, 400);
  EXPECT_TRUE(contains(test("state").body, R"(["deleted",["paid_out")"));
  EXPECT_EQ(test("return", "").status, 200);
  EXPECT_EQ(test("state").body, before);
}

TEST_F(ServerTest, OneSwitchOfAProfileCanBeThrown) {
  EXPECT_EQ(test("profile", R"({"name":"Live"})").status, 400);
  EXPECT_EQ(test("profile", R"({"name":"documents","stages_photos":true})").status, 200);
  EXPECT_EQ(post(first_step("photos"), jane).status, 400) << "it exists";
  EXPECT_EQ(test("profile", R"({"name":"live","stages_photos":false})").status, 200);
  EXPECT_EQ(post(first_step("photos"), jane).status, 404);
  EXPECT_EQ(test("profile", R"({"name":"live"})").status, 200);
  EXPECT_EQ(test("reset", "").status, 200);
  EXPECT_EQ(test("seed", "").status, 200);
  EXPECT_EQ(parsed(get("/improvers/workflows", jane).body).kind, json::Kind::array)
      << "documented again";
}

}  // namespace
}  // namespace sfluv::server
