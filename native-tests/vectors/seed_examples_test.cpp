// SPDX-License-Identifier: MIT
// The curl examples of seed 001 (seed-examples/) through the engine; over HTTP they are sent in
// reference-server/tests.
#include "seed_examples.h"

#include <gtest/gtest.h>

#include "sfluv/engine.h"
#include "sfluv/http_status.h"

namespace sfluv::engine {
namespace {

constexpr std::int64_t start_at = 1'710'496'800;
constexpr std::int64_t now_s = 1'710'500'000;  // the example's started_at

// Seed 002's "Weekly Park Cleanup", with the item of seed 001's complete example.
Series weekly_park_cleanup() {
  const Workflow workflow{
      .id = "workflow_abc123",
      .series_id = "series_xyz789",
      .title = "Weekly Park Cleanup",
      .recurrence = "weekly",
      .start_at = start_at,
      .status = WorkflowStatus::approved,
      .supervisor_required = true,
      .supervisor_user_id = "did:privy:supervisor123",
      .supervisor_bounty = *Amount::parse("50000000000000000000"),
      .roles = {{.id = "role_def456",
                 .title = "Park Cleaner",
                 .required_credentials = {"dpw_certified"}}},
      .steps = {
          {.id = "step_ghi789",
           .workflow_id = "workflow_abc123",
           .step_order = 1,
           .title = "Litter Collection",
           .bounty = *Amount::parse("100000000000000000000"),
           .role_id = "role_def456",
           .status = StepStatus::available,
           .work_items = {{.id = "item_jkl012", .title = "Before Photo", .requires_photo = true}}},
          {.id = "step_xyz999",
           .workflow_id = "workflow_abc123",
           .step_order = 2,
           .bounty = *Amount::parse("100000000000000000000"),
           .role_id = "role_def456",
           .status = StepStatus::locked}}};
  return {.id = "series_xyz789",
          .recurrence = "weekly",
          .definition = workflow,
          .occurrences = {workflow}};
}

const Facts improver{.caller = {.id = "did:privy:improver789",
                                .name = "Jane Smith",
                                .credentials = {{"dpw_certified"}}},
                     .has_payout_service = true,
                     .new_ids = "x"};
const StepRef step{"workflow_abc123", "step_ghi789"};

struct Answer {
  int status = 0;
  Series series;
  std::optional<Payout> payout;
  std::optional<Counts> counts;
};

Answer answer(const Series& series, Operation operation, const Action& action) {
  auto applied = apply(series, improver, action, now_s);
  if (!applied) {
    return {http_status(operation, applied.error()[0].code, documents_profile()), series, {}, {}};
  }
  return {200, std::move(applied->series), applied->effects.payout, applied->counts};
}

Answer complete(const Series& series, std::string_view body) {
  const auto request = read_completion_request(body);
  EXPECT_TRUE(request);
  return answer(series, Operation::complete, Complete{step, *request});
}

std::string printed_completion() { return read_seed_example("complete").body; }

TEST(SeedExamples, ClaimStartComplete) {
  const Answer claimed = answer(weekly_park_cleanup(), Operation::claim, Claim{step});
  ASSERT_EQ(claimed.status, 200);
  EXPECT_EQ(claimed.series.occurrences[0].steps[0].status, StepStatus::available);
  EXPECT_EQ(claimed.series.occurrences[0].steps[0].assigned_improver_name, "Jane Smith");

  const Answer started = answer(claimed.series, Operation::start, Start{step});
  ASSERT_EQ(started.status, 200);
  EXPECT_EQ(started.series.occurrences[0].steps[0].started_at, now_s);
  EXPECT_EQ(started.series.occurrences[0].status, WorkflowStatus::in_progress);

  // As printed its base64 ends in dots, which no decoder takes.
  EXPECT_EQ(complete(started.series, printed_completion()).status, 400);
  const Answer completed = complete(started.series, without_dots(printed_completion()));
  ASSERT_EQ(completed.status, 200);
  const Workflow& workflow = completed.series.occurrences[0];
  EXPECT_EQ(workflow.status, WorkflowStatus::in_progress);
  EXPECT_EQ(workflow.steps[0].status, StepStatus::completed);
  const ItemResponse& response = workflow.steps[0].submission->item_responses.at(0);
  EXPECT_EQ(response.dropdown_value, "completed_successfully");  // no dropdown was asked for
  EXPECT_EQ(response.photo_ids.size(), 1u);
  EXPECT_EQ(workflow.steps[1].status, StepStatus::available);
}

TEST(SeedExamples, PayoutRequest) {
  Series series = answer(weekly_park_cleanup(), Operation::claim, Claim{step}).series;
  EXPECT_EQ(answer(series, Operation::payout_request, RequestPayout{step}).status, 409);
  series = complete(series, without_dots(printed_completion())).series;
  const StepRef second{"workflow_abc123", "step_xyz999"};
  const Answer all_done = answer(series, Operation::complete, Complete{second, {}});
  ASSERT_EQ(all_done.status, 200);
  ASSERT_TRUE(all_done.payout);
  series = answer(all_done.series, Operation::payout_request,
                  PayoutResult{*all_done.payout, PayoutOutcome::insufficient_funds})
               .series;
  EXPECT_EQ(series.occurrences[0].steps[0].payout_error, "insufficient balance in faucet");
  EXPECT_EQ(answer(series, Operation::payout_request, RequestPayout{step}).status, 200);
}

TEST(SeedExamples, UnclaimSeries) {
  const Series series = answer(weekly_park_cleanup(), Operation::claim, Claim{step}).series;
  const auto request = read_unclaim_request(read_seed_example("unclaim").body);
  ASSERT_TRUE(request);
  const Answer released = answer(series, Operation::unclaim, Unclaim{*request});
  EXPECT_EQ(released.status, 200);
  EXPECT_EQ(released.counts->released, 2);
  EXPECT_EQ(answer(released.series, Operation::unclaim, Unclaim{*request}).status, 409);
}

}  // namespace
}  // namespace sfluv::engine
