// SPDX-License-Identifier: MIT
// The statuses that the documents promise for a workflow and its steps.
#include "server_fixture.h"

namespace sfluv::server {
namespace {

TEST_F(ServerTest, GetWorkflow) {
  const Workflow workflow = workflow_for(jane);
  EXPECT_EQ(workflow.title, "Weekly Park Cleanup");
  EXPECT_EQ(workflow.total_bounty.to_string(), "150000000000000000000");
  ASSERT_EQ(workflow.steps.size(), 2U);
  EXPECT_EQ(workflow.steps[0].status, StepStatus::available);
  EXPECT_EQ(workflow.steps[1].status, StepStatus::locked);
  const Answer unknown = get("/workflows/workflow_nope", jane);
  EXPECT_EQ(unknown.status, 404);
  EXPECT_TRUE(contains(unknown.body,
                       R"({"error":"not_found","issues":[{"code":"not_found","path":"",)"
                       R"("params":{"what":"workflow"}})"));
}

TEST_F(ServerTest, WhatIsStoredIsWhatIsRead) {
  const Workflow seeded = demo_workflow(1, now_s_);
  Workflow read = workflow_for(proposer);
  read.votes.reset();  // counted for the one who asks
  EXPECT_EQ(write_workflow(read, AmountStyle::number), write_workflow(seeded, AmountStyle::number));
}

TEST_F(ServerTest, ClaimReachesItsStatuses) {
  EXPECT_EQ(post(step_path("workflow_nope", "step_ghi789", "claim"), jane).status, 404);
  EXPECT_EQ(post(step_path("workflow_abc123", "step_nope", "claim"), jane).status, 404);
  const Answer missing = post(first_step("claim"), wei);
  EXPECT_EQ(missing.status, 403);
  EXPECT_TRUE(contains(
      missing.body, R"("missing_credentials","path":"","params":{"credential":"dpw_certified"})"));
  const Answer locked = post(step_path("workflow_abc123", "step_xyz999", "claim"), jane);
  EXPECT_EQ(locked.status, 400);
  const Answer claimed = post(first_step("claim"), jane);
  EXPECT_EQ(claimed.status, 200);
  EXPECT_TRUE(contains(
      claimed.body,
      R"("assigned_improver_id":"did:privy:improver789","assigned_improver_name":"Jane Smith")"));
  EXPECT_EQ(workflow_for(jane).steps[0].status, StepStatus::available);
  EXPECT_EQ(post(first_step("claim"), jane).status, 409);
  EXPECT_EQ(post(first_step("claim"), ana).status, 409);
  edit("UPDATE workflows SET status = 'pending' WHERE id = 'workflow_demo_2'");
  EXPECT_EQ(post(step_path("workflow_demo_2", "step_collect_2", "claim"), jane).status, 400);
  edit("DELETE FROM role_credentials WHERE workflow_id = 'workflow_demo_3'");
  EXPECT_EQ(post(step_path("workflow_demo_3", "step_collect_3", "claim"), jane).status, 400);
}

TEST_F(ServerTest, StartReachesItsStatuses) {
  EXPECT_EQ(post(step_path("workflow_nope", "step_ghi789", "start"), jane).status, 404);
  EXPECT_EQ(post(step_path("workflow_abc123", "step_nope", "start"), jane).status, 404);
  const Answer foreign = post(first_step("start"), jane);
  EXPECT_EQ(foreign.status, 403);
  EXPECT_TRUE(contains(foreign.body, R"("error":"not_assigned")"))
      << "with a body: the token was good";
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  EXPECT_EQ(post(step_path("workflow_abc123", "step_xyz999", "start"), jane).status, 409)
      << "locked";
  EXPECT_EQ(post(first_step("start"), jane).status, 200);
  const Workflow started = workflow_for(jane);
  EXPECT_EQ(started.status, WorkflowStatus::in_progress);
  EXPECT_EQ(started.steps[0].status, StepStatus::in_progress);
  EXPECT_EQ(started.steps[0].started_at, now_s_);
  EXPECT_EQ(post(first_step("start"), jane).status, 200) << "again";
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 200);
  EXPECT_EQ(post(first_step("start"), jane).status, 409) << "completed";
  edit("UPDATE workflows SET status = 'paid_out'");
  EXPECT_EQ(post(first_step("start"), jane).status, 409) << "not active";
}

TEST_F(ServerTest, CompleteReachesItsStatuses) {
  EXPECT_EQ(post(step_path("workflow_nope", "step_ghi789", "complete"), jane).status, 404);
  EXPECT_EQ(post(step_path("workflow_abc123", "step_nope", "complete"), jane).status, 404);
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 403);
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  const Answer broken = post(first_step("complete"), jane, R"({"items":[)");
  EXPECT_EQ(broken.status, 400);
  EXPECT_TRUE(contains(broken.body, "body_not_decodable"));
  const Answer empty = post(first_step("complete"), jane, "{}");
  EXPECT_EQ(empty.status, 400);
  std::size_t issues = 0;
  for (std::size_t at = 0;
       (at = empty.body.find("\"item_missing\",\"path\"", at)) != std::string::npos; ++at)
    ++issues;
  EXPECT_EQ(issues, 4U) << "all at once";
  const Answer staged =
      post(first_step("complete"), jane,
           R"({"items":[{"item_id":"item_jkl012","photo_ids":["photo_x"]},)" +
               photo_answer("item_jkl013", "after.jpg", after_photo) +
               R"(,{"item_id":"item_jkl014","written_response":"x"},)"
               R"({"item_id":"item_jkl015","dropdown_value":"completed_successfully"}]})");
  EXPECT_EQ(staged.status, 400);
  EXPECT_TRUE(contains(staged.body, R"("photo_id_unknown","path":"/items/0/photo_ids",)"
                                    R"("params":{"item_id":"item_jkl012","photo_id":"photo_x"})"));

  const Answer done = post(first_step("complete"), jane, whole_answer());
  EXPECT_EQ(done.status, 200);
  const Workflow workflow = read_workflow(done.body).value_or(Workflow{});
  ASSERT_EQ(workflow.steps.size(), 2U);
  EXPECT_EQ(workflow.steps[0].status, StepStatus::completed);
  EXPECT_EQ(workflow.steps[1].status, StepStatus::available);
  EXPECT_EQ(write_workflow(workflow, AmountStyle::number),
            write_workflow(workflow_for(jane), AmountStyle::number))
      << "the answer is what was stored";
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 400) << "again";

  edit("DROP TABLE item_responses");
  EXPECT_EQ(post(second_step("complete"), jane, report).status, 500);
}

TEST_F(ServerTest, NotPossible) {
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  EXPECT_EQ(post(first_step("complete"), jane,
                 R"({"step_not_possible":true,"step_not_possible_details":"x"})")
                .status,
            400);
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 200);
  const std::string second = second_step("complete");
  EXPECT_EQ(
      post(second, jane, R"({"step_not_possible":true,"step_not_possible_details":" "})").status,
      400);
  EXPECT_EQ(
      post(second, jane, R"({"step_not_possible":true,"step_not_possible_details":"Flooded"})")
          .status,
      200);
  const Workflow workflow = workflow_for(jane);
  EXPECT_EQ(workflow.status, WorkflowStatus::paid_out) << "the step that was done is paid";
  ASSERT_TRUE(workflow.steps[1].submission);
  EXPECT_EQ(workflow.steps[1].submission->step_not_possible_details, "Flooded");
}

TEST_F(ServerTest, StepOneOpensWhenItsTimeHasCome) {
  edit("UPDATE steps SET status = 'locked'; UPDATE workflows SET start_at = 1710500100");
  EXPECT_EQ(workflow_for(jane).steps[0].status, StepStatus::locked);
  EXPECT_EQ(post(first_step("claim"), jane).status, 400);
  now_s_ = 1'710'500'100;
  EXPECT_EQ(workflow_for(jane).steps[0].status, StepStatus::available);
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
}

TEST_F(ServerTest, WhatBecameDueIsStoredByWhoeverLooks) {
  edit("UPDATE steps SET status = 'locked'");
  const std::string stored = test("record?workflow=workflow_abc123").body;
  EXPECT_TRUE(contains(stored, R"("status":"locked")"));
  EXPECT_EQ(workflow_for(admin).steps[0].status, StepStatus::available);
  EXPECT_TRUE(contains(test("record?workflow=workflow_abc123").body, R"("status":"available")"));
}

// The documents' "Weekly Park Cleanup" goes on: the next one waits for the payout, is made of the
// definition, and belongs to the one who claimed the first.
TEST_F(ServerTest, ACompletedOccurrenceIsFollowedByTheNext) {
  EXPECT_EQ(test("faucet", R"({"mode":"none"})").status, 200);
  complete_both_steps();
  const Series series = stored_series();
  EXPECT_EQ(series.claims.size(), 2U);
  ASSERT_EQ(series.occurrences.size(), 2U);
  const Workflow next = workflow_for(proposer, series.occurrences[1].id);
  EXPECT_EQ(next.start_at, demo_workflow(1, now_s_).start_at + 7 * 86'400);
  EXPECT_EQ(next.status, WorkflowStatus::blocked);
  EXPECT_EQ(next.blocked_by_workflow_id, "workflow_abc123");
  ASSERT_EQ(next.steps.size(), 2U);
  EXPECT_EQ(next.steps[0].assigned_improver_id, jane);
  EXPECT_EQ(next.steps[0].assigned_improver_name, "Jane Smith");
  ASSERT_EQ(next.steps[0].work_items.size(), 5U);
  EXPECT_EQ(next.steps[0].work_items[3].dropdown_options.at(1).notify_emails.size(), 1U);
  EXPECT_EQ(post(step_path(next.id, next.steps[0].id, "start"), jane).status, 409) << "blocked";
  EXPECT_EQ(post(step_path(next.id, "step_ghi789", "start"), jane).status, 409)
      << "a step of the one before";
  EXPECT_EQ(workflow_for(jane, "workflow_demo_2").steps[0].assigned_improver_id, std::nullopt)
      << "another series";

  edit("UPDATE workflows SET status = 'paid_out' WHERE id = 'workflow_abc123'");
  now_s_ = next.start_at;
  const Workflow open = workflow_for(jane, next.id);
  EXPECT_EQ(open.status, WorkflowStatus::approved);
  EXPECT_EQ(open.steps[0].status, StepStatus::available);
  EXPECT_EQ(post(step_path(next.id, next.steps[0].id, "start"), jane).status, 200);
}

TEST_F(ServerTest, TheLiveProfileSkipsWhatNobodyDid) {
  start_live();
  now_s_ += 15 * 86'400;
  edit("UPDATE workflows SET supervisor_user_id = NULL");
  EXPECT_EQ(workflow_for(jane).status, WorkflowStatus::skipped);
  const Series series = stored_series();
  ASSERT_EQ(series.occurrences.size(), 3U);
  const Workflow& current = series.occurrences.back();
  EXPECT_EQ(current.status, WorkflowStatus::approved);
  const std::string third = step_path(current.id, current.steps.at(0).id, "claim");
  EXPECT_EQ(post(third, jane).status, 200);
}

}  // namespace
}  // namespace sfluv::server
