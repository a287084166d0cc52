// SPDX-License-Identifier: MIT
#include "sfluv/engine.h"

#include <gtest/gtest.h>

namespace sfluv::engine {
namespace {

constexpr std::int64_t start_at = 1'710'496'800;  // the documents' Friday, 10:00
constexpr std::int64_t during = start_at + 3600;

const Caller jane{.id = "jane", .name = "Jane Smith", .credentials = {"dpw_certified"}};
const Caller omar{.id = "omar", .name = "Omar", .credentials = {"dpw_certified", "sfluv_verifier"}};
const Caller lena{.id = "lena", .name = "Lena", .credentials = {}};

Step step_of(std::int64_t order, std::string role, StepStatus status = StepStatus::locked) {
  return {.id = "s" + std::to_string(order),
          .workflow_id = "w",
          .step_order = order,
          .allow_step_not_possible = true,
          .role_id = std::move(role),
          .status = status,
          .work_items = {{.id = "i", .requires_photo = true}}};
}

// Two steps of one role and a third of another.
Workflow park() {
  return {.id = "w",
          .start_at = start_at,
          .status = WorkflowStatus::approved,
          .supervisor_user_id = "sam",
          .roles = {{.id = "cleaner", .required_credentials = {"dpw_certified"}},
                    {.id = "verifier", .required_credentials = {"sfluv_verifier"}},
                    {.id = "nobody", .required_credentials = {}}},
          .steps = {step_of(1, "cleaner", StepStatus::available), step_of(2, "cleaner"), step_of(3, "verifier")}};
}

CompletionRequest one_photo() {
  return *read_completion_request(
      R"({"items":[{"item_id":"i","photo_uploads":[{"file_name":"a.jpg","content_type":"image/jpeg","data_base64":"AAAA"}]}]})");
}

Workflow after(const Workflow& workflow, const Caller& caller, const Action& action, std::int64_t now_s = during) {
  const auto result = apply(workflow, caller, action, now_s);
  EXPECT_TRUE(result) << to_string(result.error().at(0).code);
  return result ? result->workflow : workflow;
}

std::string refusal(const Workflow& workflow, const Caller& caller, const Action& action, std::int64_t now_s = during) {
  const auto result = apply(workflow, caller, action, now_s);
  return result ? "" : std::string{to_string(result.error().at(0).code)};
}

TEST(Engine, OneClaimTakesAllFreeStepsOfTheRole) {
  const Workflow claimed = after(park(), jane, Claim{"s1"});
  EXPECT_EQ(claimed.steps[0].assigned_improver_id, "jane");
  EXPECT_EQ(claimed.steps[1].assigned_improver_id, "jane");
  EXPECT_EQ(claimed.steps[2].assigned_improver_id, std::nullopt);
  EXPECT_TRUE(claimed.steps[0].status == StepStatus::available);  // claiming is not starting
}

TEST(Engine, ClaimRefusals) {
  const Workflow claimed = after(park(), jane, Claim{"s1"});
  EXPECT_EQ(refusal(claimed, omar, Claim{"s1"}), "step_already_claimed");
  EXPECT_EQ(refusal(claimed, jane, Claim{"s3"}), "already_in_workflow");
  EXPECT_EQ(refusal(park(), lena, Claim{"s1"}), "missing_credentials");
  EXPECT_EQ(refusal(park(), omar, Claim{"s3"}), "step_not_available_yet");
  EXPECT_EQ(refusal(park(), jane, Claim{"s9"}), "step_not_found");
  EXPECT_EQ(refusal(park(), {.id = "sam"}, Claim{"s1"}), "already_in_workflow");
  Workflow pending = park();
  pending.status = WorkflowStatus::pending;
  EXPECT_EQ(refusal(pending, jane, Claim{"s1"}), "workflow_not_active");
  Workflow half = after(park(), jane, Claim{"s1"});
  half.steps[1].assigned_improver_id.reset();
  half.steps[1].status = StepStatus::available;
  EXPECT_EQ(refusal(half, omar, Claim{"s2"}), "role_already_claimed");
  Workflow bare = park();
  bare.steps[0].role_id.reset();
  EXPECT_EQ(refusal(bare, jane, Claim{"s1"}), "step_without_role");
  bare.steps[0].role_id = "nobody";
  EXPECT_EQ(refusal(bare, jane, Claim{"s1"}), "role_without_credentials");
  EXPECT_EQ(refusal(park(), {.id = "root", .is_admin = true}, Claim{"s1"}), "");
}

TEST(Engine, StepOneOpensAtTheStartTime) {
  Workflow early = park();
  early.steps[0].status = StepStatus::locked;
  EXPECT_EQ(refusal(early, jane, Claim{"s1"}, start_at - 1), "step_not_available_yet");
  EXPECT_TRUE(after(early, jane, Claim{"s1"}, start_at).steps[0].status == StepStatus::available);
}

TEST(Engine, StartSetsTheTimeOnceAndMayBeRepeated) {
  const Workflow claimed = after(park(), jane, Claim{"s1"});
  EXPECT_EQ(refusal(claimed, omar, Start{"s1"}), "step_not_assigned");
  EXPECT_EQ(refusal(claimed, jane, Start{"s2"}), "step_not_available_yet");
  const Workflow started = after(claimed, jane, Start{"s1"});
  EXPECT_TRUE(started.steps[0].status == StepStatus::in_progress);
  EXPECT_TRUE(started.status == WorkflowStatus::in_progress);
  EXPECT_EQ(after(started, jane, Start{"s1"}, during + 60).steps[0].started_at, during);
}

TEST(Engine, CompletionStoresUnlocksAndEndsTheWorkflow) {
  Workflow workflow = after(park(), jane, Claim{"s1"});
  const auto done = apply(workflow, jane, Complete{"s1", one_photo(), "sub1", {"photo1"}}, during);
  ASSERT_TRUE(done);
  const Step& first = done->workflow.steps[0];
  EXPECT_TRUE(first.status == StepStatus::completed);
  EXPECT_EQ(first.completed_at, during);
  EXPECT_EQ(first.started_at, during);  // no start needed before (rulebook A2.1)
  ASSERT_TRUE(first.submission);
  EXPECT_EQ(first.submission->improver_id, "jane");
  EXPECT_EQ(first.submission->item_responses[0].photo_ids, std::vector<std::string>{"photo1"});
  EXPECT_EQ(done->photos[0].size_bytes, 3);
  EXPECT_TRUE(done->workflow.steps[1].status == StepStatus::available);
  EXPECT_TRUE(done->workflow.status == WorkflowStatus::in_progress);

  workflow = after(done->workflow, jane, Complete{"s2", one_photo(), "sub2", {"photo2"}});
  workflow = after(workflow, omar, Claim{"s3"});
  workflow = after(workflow, omar, Complete{"s3", one_photo(), "sub3", {"photo3"}});
  EXPECT_TRUE(workflow.status == WorkflowStatus::completed);
  // The same again: the workflow is looked at before the step (rulebook A8.1).
  EXPECT_EQ(refusal(workflow, omar, Complete{"s3", one_photo(), "x", {"y"}}), "workflow_not_active");
}

TEST(Engine, CompletionRefusals) {
  const Workflow claimed = after(park(), jane, Claim{"s1"});
  EXPECT_EQ(refusal(claimed, omar, Complete{"s1", one_photo(), "x", {"y"}}), "step_not_assigned");
  EXPECT_EQ(refusal(claimed, jane, Complete{"s2", one_photo(), "x", {"y"}}), "step_not_available_yet");
  EXPECT_EQ(refusal(claimed, jane, Complete{"s1", {}, "x", {}}), "item_missing");
  const Workflow done = after(claimed, jane, Complete{"s1", one_photo(), "x", {"y"}});
  EXPECT_EQ(refusal(done, jane, Complete{"s1", one_photo(), "x", {"y"}}), "step_already_completed");
}

TEST(Engine, NotPossibleClosesTheStepWithItsReason) {
  const Workflow claimed = after(park(), jane, Claim{"s1"});
  const Workflow closed = after(
      claimed, jane,
      Complete{"s1", {.step_not_possible = true, .step_not_possible_details = "gate locked", .items = {}}, "x", {}});
  EXPECT_TRUE(closed.steps[0].status == StepStatus::completed);
  EXPECT_TRUE(closed.steps[0].submission->step_not_possible);
  EXPECT_EQ(closed.steps[0].submission->step_not_possible_details, "gate locked");
}

}  // namespace
}  // namespace sfluv::engine
