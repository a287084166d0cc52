// SPDX-License-Identifier: MIT
#include "sfluv/payout.h"

#include <gtest/gtest.h>

#include "series_fixture.h"

namespace sfluv {
namespace {

using namespace fixture;

// Step 1 is done by Jane.
Series half_done() {
  Series series = park("one_time");
  series.occurrences[0].status = WorkflowStatus::in_progress;
  series.occurrences[0].steps[0].status = StepStatus::completed;
  series.occurrences[0].steps[0].assigned_improver_id = "jane";
  return series;
}

Series all_done() {
  Series series = half_done();
  series.occurrences[0].status = WorkflowStatus::completed;
  for (Step& step : series.occurrences[0].steps) {
    step.status = StepStatus::completed;
    step.assigned_improver_id = step.step_order == 3 ? "omar" : "jane";
  }
  return series;
}

void record(Series& series, const Payout& payout, PayoutOutcome outcome,
            std::int64_t now_s = during) {
  Delta delta;
  EXPECT_TRUE(record_payout(series, payout, outcome, now_s, delta));
  EXPECT_EQ(delta.changed, std::vector<std::string>{payout.workflow_id});
}

void settle_now(Series& series) {
  Delta delta;
  settle(series, live_profile(), during, delta);
}

TEST(Payout, LiveAtOnceDocumentedWhenAllIsDone) {
  EXPECT_EQ(next_payout(half_done(), live_profile()), (Payout{"w", "s1", "jane", Amount{10}}));
  EXPECT_EQ(next_payout(half_done(), documents_profile()), std::nullopt);
  EXPECT_EQ(next_payout(all_done(), documents_profile()), (Payout{"w", "s1", "jane", Amount{10}}));
}

TEST(Payout, EachStepThenTheSupervisorThenTheWorkflowIsPaidOut) {
  Series series = all_done();
  std::vector<std::string> paid;
  while (const auto payout = next_payout(series, documents_profile())) {
    paid.push_back(payout->user_id + " " + payout->amount.to_string());
    record(series, *payout, PayoutOutcome::paid);
    ASSERT_LE(paid.size(), 4u);
  }
  EXPECT_EQ(paid, (std::vector<std::string>{"jane 10", "jane 10", "omar 10", "sam 5"}));
  EXPECT_EQ(series.occurrences[0].supervisor_paid_out_at, during);
  settle_now(series);
  EXPECT_EQ(series.occurrences[0].status, WorkflowStatus::paid_out);
}

TEST(Payout, TheSupervisorsFailureWaitsForItsRetryToo) {
  Series series = all_done();
  while (const auto payout = next_payout(series, {})) {
    const bool is_supervisor = payout->step_id.empty();
    record(series, *payout, is_supervisor ? PayoutOutcome::no_wallet : PayoutOutcome::paid);
    if (is_supervisor) break;
  }
  Workflow& workflow = series.occurrences[0];
  EXPECT_EQ(workflow.supervisor_payout_error, "no payout wallet configured");
  EXPECT_EQ(workflow.supervisor_payout_last_try_at, during);
  settle_now(series);
  EXPECT_EQ(workflow.status, WorkflowStatus::completed);  // the supervisor is not paid yet
  EXPECT_EQ(next_payout(series, {}), std::nullopt);

  engine::Facts facts = as({.id = "jane"});
  facts.has_payout_service = true;
  const engine::Action retry = engine::RequestSupervisorPayout{"w"};
  EXPECT_EQ(apply(series, facts, retry, during).error()[0].code, Code::no_failed_payout);
  facts.caller.id = "sam";
  const auto asked = apply(series, facts, retry, during + hour);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->series.occurrences[0].supervisor_retry_requested_at, during + hour);
  EXPECT_EQ(asked->series.occurrences[0].supervisor_retry_requested_by, "sam");
  EXPECT_EQ(asked->effects.payout, (Payout{"w", "", "sam", Amount{5}}));
  const auto paid =
      apply(asked->series, facts, engine::PayoutResult{*asked->effects.payout, PayoutOutcome::paid},
            during + day);
  const Workflow& settled = paid->series.occurrences[0];
  EXPECT_EQ(settled.supervisor_paid_out_at, during + day);
  EXPECT_FALSE(settled.supervisor_payout_error || settled.supervisor_retry_requested_at);
  EXPECT_EQ(settled.status, WorkflowStatus::paid_out);
}

TEST(Payout, AFailureWaitsForItsRetry) {
  Series series = half_done();
  record(series, *next_payout(series, live_profile()), PayoutOutcome::insufficient_funds);
  Step& step = series.occurrences[0].steps[0];
  EXPECT_EQ(step.status, StepStatus::completed);
  EXPECT_EQ(step.payout_error, "insufficient balance in faucet");  // seed 001's example
  EXPECT_EQ(step.payout_last_try_at, during);
  EXPECT_EQ(next_payout(series, live_profile()), std::nullopt);
  step.retry_requested_at = during + hour;
  step.retry_requested_by = "jane";
  ASSERT_TRUE(next_payout(series, live_profile()));
  record(series, *next_payout(series, live_profile()), PayoutOutcome::paid, during + hour);
  EXPECT_EQ(step.status, StepStatus::paid_out);
  EXPECT_FALSE(step.payout_error);
  EXPECT_FALSE(step.retry_requested_at);
}

TEST(Payout, TheEndOfATransferCountsOnce) {
  Series series = half_done();
  const Payout payout = *next_payout(series, live_profile());
  record(series, payout, PayoutOutcome::paid);
  Delta delta;
  EXPECT_FALSE(record_payout(series, payout, PayoutOutcome::transfer_failed, during, delta));
  EXPECT_TRUE(delta.changed.empty());
  EXPECT_EQ(series.occurrences[0].steps[0].status, StepStatus::paid_out);
  EXPECT_FALSE(record_payout(series, {.workflow_id = "x"}, PayoutOutcome::paid, during, delta));
}

TEST(Payout, LaterOccurrencesWaitForEarlierOnes) {
  Series series = half_done();
  Workflow later = all_done().occurrences[0];
  later.id = "later";
  later.start_at += week;
  series.occurrences.insert(series.occurrences.begin(), later);
  record(series, *next_payout(series, live_profile()), PayoutOutcome::paid);
  EXPECT_EQ(next_payout(series, live_profile()), std::nullopt);  // the earlier one is unfinished
  series.occurrences[1].status = WorkflowStatus::skipped;
  EXPECT_EQ(next_payout(series, live_profile())->workflow_id, "later");
}

TEST(Payout, NothingIsSettledWithoutATransfer) {
  Series series = half_done();
  series.occurrences[0].steps[0].bounty = Amount{};
  EXPECT_EQ(next_payout(series, live_profile()), std::nullopt);
  settle_now(series);
  EXPECT_EQ(series.occurrences[0].steps[0].status, StepStatus::paid_out);
  EXPECT_EQ(series.occurrences[0].status, WorkflowStatus::in_progress);
}

TEST(Payout, TheSupervisorsFailureHoldsTheWorkflow) {
  Series series = all_done();
  for (Step& step : series.occurrences[0].steps) step.status = StepStatus::paid_out;
  record(series, *next_payout(series, live_profile()), PayoutOutcome::no_wallet);
  EXPECT_EQ(series.occurrences[0].supervisor_payout_error, "no payout wallet configured");
  settle_now(series);
  EXPECT_EQ(series.occurrences[0].status, WorkflowStatus::completed);
}

TEST(Payout, WordsGoThereAndBack) {
  for (const PayoutOutcome outcome :
       {PayoutOutcome::insufficient_funds, PayoutOutcome::transfer_failed, PayoutOutcome::no_wallet,
        PayoutOutcome::no_improver}) {
    EXPECT_EQ(payout_outcome_from(payout_error_text(outcome)), outcome);
  }
  EXPECT_EQ(payout_outcome_from("nonce too low"), PayoutOutcome::transfer_failed);
}

}  // namespace
}  // namespace sfluv
