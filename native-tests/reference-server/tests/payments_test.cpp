// SPDX-License-Identifier: MIT
// Payouts and mail: what is left to do behind the commit (seed 000 "Side Effects", rulebook C9,
// A5).
#include <thread>

#include "server_fixture.h"

namespace sfluv::server {
namespace {

class PaymentsTest : public ServerTest {
 protected:
  void faucet(std::string_view mode, int ms = 0) {
    EXPECT_EQ(
        test("faucet", R"({"mode":")" + std::string{mode} + R"(","ms":)" + std::to_string(ms) + "}")
            .status,
        200);
  }

  // "step_ghi789 paid", ...; the supervisor's has no step.
  std::vector<std::string> transfers() {
    std::vector<std::string> all;
    const json::Value book = parsed(test("transfers").body);
    for (const json::Value& one : book.find("transfers")->elements)
      all.push_back(one.find("step_id")->text + ' ' + one.find("outcome")->text);
    return all;
  }

  // "step_available did:...", "option_chosen supervisor@example.org"
  std::vector<std::string> mails() {
    std::vector<std::string> all;
    const json::Value sent = parsed(test("mails").body);
    for (const json::Value& one : sent.find("mails")->elements)
      all.push_back(one.find("kind")->text + ' ' + one.find("to")->text);
    return all;
  }
};

using Texts = std::vector<std::string>;

TEST_F(PaymentsTest, AllIsPaidWhenAllIsDone) {
  complete_first_step();
  EXPECT_EQ(transfers(), Texts{}) << "documented: when all steps are complete";
  EXPECT_EQ(post(second_step("complete"), jane, report).status, 200);
  EXPECT_EQ(transfers(), (Texts{"step_ghi789 paid", " paid"})) << "step 2 costs nothing";
  const Workflow workflow = workflow_for(jane);
  EXPECT_EQ(workflow.status, WorkflowStatus::paid_out);
  EXPECT_EQ(workflow.steps[0].status, StepStatus::paid_out);
  EXPECT_EQ(workflow.steps[0].payout_last_try_at, now_s_);
  EXPECT_EQ(workflow.steps[1].status, StepStatus::paid_out);
  EXPECT_EQ(workflow.supervisor_paid_out_at, now_s_);
  EXPECT_TRUE(contains(test("transfers").body,
                       R"("user_id":"did:privy:improver789","amount":"100000000000000000000")"));
  const Series series = stored_series();
  ASSERT_EQ(series.occurrences.size(), 2U);
  EXPECT_EQ(series.occurrences[1].status, WorkflowStatus::approved) << "it waited for the payout";
}

TEST_F(PaymentsTest, TheAnswerShowsThePayout) {
  complete_first_step();
  const Answer done = post(second_step("complete"), jane, report);
  EXPECT_TRUE(contains(done.body, R"("status":"paid_out")"));
}

TEST_F(PaymentsTest, AnEmptyFaucetIsAskedAgainOnRequest) {
  faucet("insufficient");
  complete_both_steps();
  EXPECT_EQ(transfers(), (Texts{"step_ghi789 insufficient_funds", " insufficient_funds"}));
  Workflow workflow = workflow_for(jane);
  EXPECT_EQ(workflow.status, WorkflowStatus::completed);
  EXPECT_EQ(workflow.steps[0].payout_error, "insufficient balance in faucet");
  EXPECT_EQ(workflow.steps[0].payout_last_try_at, now_s_);
  EXPECT_EQ(workflow.supervisor_payout_error, "insufficient balance in faucet");
  EXPECT_EQ(stored_series().occurrences.at(1).status, WorkflowStatus::blocked);

  now_s_ += 3600;
  faucet("fail");
  EXPECT_EQ(post(first_step("payout-request"), ana).status, 409) << "not hers";
  const Answer again = post(first_step("payout-request"), jane);
  EXPECT_EQ(again.status, 200);
  EXPECT_TRUE(contains(again.body, R"("payout_error":"transfer failed","payout_last_try_at":)" +
                                       std::to_string(now_s_)));
  faucet("ok");
  const Answer paid = post(first_step("payout-request"), jane);
  EXPECT_EQ(paid.status, 200);
  workflow = workflow_for(jane);
  EXPECT_EQ(workflow.steps[0].status, StepStatus::paid_out);
  EXPECT_EQ(workflow.steps[0].payout_error, std::nullopt);
  EXPECT_EQ(post(first_step("payout-request"), jane).status, 409) << "nothing failed any more";
  EXPECT_EQ(post(step_path("workflow_nope", "step_x", "payout-request"), jane).status, 409);
}

// Seed 001's example of an answer to payout-request: what anybody who reads meanwhile sees.
TEST_F(PaymentsTest, ARetryUnderWayShowsWhoAskedForItAndWhen) {
  faucet("insufficient");
  complete_both_steps();
  const std::int64_t tried_at = now_s_;
  now_s_ += 3600;
  faucet("ok", 60'000);
  std::jthread asking{[&] { post(first_step("payout-request"), jane); }};
  Step step = workflow_for(jane).steps[0];
  while (!step.retry_requested_at) {
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
    step = workflow_for(jane).steps[0];
  }
  EXPECT_EQ(step.status, StepStatus::completed);
  EXPECT_EQ(step.payout_error, "insufficient balance in faucet");
  EXPECT_EQ(step.payout_last_try_at, tried_at);
  EXPECT_EQ(step.retry_requested_at, now_s_);
  EXPECT_EQ(step.retry_requested_by, jane);
  server_->stop();  // ends the wait at the faucet
}

TEST_F(PaymentsTest, WithoutAWalletNobodyIsPaid) {
  edit("UPDATE users SET has_wallet = 0 WHERE id = 'did:privy:improver789'");
  complete_both_steps();
  EXPECT_EQ(workflow_for(jane).steps[0].payout_error, "no payout wallet configured");
  EXPECT_EQ(transfers(), Texts{" paid"}) << "the supervisor has one";
  edit("UPDATE users SET has_wallet = 1");
  EXPECT_EQ(post(first_step("payout-request"), jane).status, 200);
  EXPECT_EQ(workflow_for(jane).status, WorkflowStatus::paid_out);
}

// Should the end of a transfer ever be lost, asking again pays nothing twice.
TEST(MemoryFaucet, PaysTheSameOnce) {
  MemoryFaucet faucet;
  const Payout payout{.workflow_id = "w", .step_id = "s", .user_id = "u", .amount = Amount{5}};
  EXPECT_EQ(faucet.transfer(payout), PayoutOutcome::paid);
  faucet.behave({.mode = FaucetMode::insufficient});
  EXPECT_EQ(faucet.transfer(payout), PayoutOutcome::paid);
  EXPECT_EQ(faucet.book().size(), 1U);
  Payout other = payout;
  other.step_id = "t";
  EXPECT_EQ(faucet.transfer(other), PayoutOutcome::insufficient_funds);
}

TEST_F(PaymentsTest, WithoutAPayoutServiceNothingIsTried) {
  faucet("none");
  complete_both_steps();
  EXPECT_EQ(transfers(), Texts{});
  EXPECT_EQ(workflow_for(jane).status, WorkflowStatus::completed);
  EXPECT_EQ(workflow_for(jane).steps[0].payout_last_try_at, std::nullopt);
}

// The live system pays inside the request (rulebook A5.6): the answer is lost, the submission is
// not.
TEST_F(PaymentsTest, ASlowFaucetLosesAnswersAndNothingElse) {
  start_live();
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  faucet("ok", 1'500);
  httplib::Client impatient = client();
  impatient.set_read_timeout(0, 300'000);
  EXPECT_FALSE(
      impatient.Post(first_step("complete"), as(jane), whole_answer(), "application/json"));
  Workflow workflow = workflow_for(jane);
  while (workflow.steps[0].status == StepStatus::available) workflow = workflow_for(jane);
  EXPECT_EQ(workflow.steps[0].status, StepStatus::completed) << "stored before it is paid";
  ASSERT_TRUE(workflow.steps[0].submission);
  EXPECT_EQ(workflow.steps[0].submission->improver_id, jane);
  faucet("ok");
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 400) << "a blind second try";
  EXPECT_EQ(post(second_step("complete"), jane, report).status, 200)
      << "waits for the first payout";
  EXPECT_EQ(transfers(), (Texts{"step_ghi789 paid", " paid"}));
  EXPECT_EQ(workflow_for(jane).status, WorkflowStatus::paid_out);
}

TEST_F(PaymentsTest, TwoWhoPayAtOnceTryEachTransferOnce) {
  start_live();
  edit("UPDATE steps SET bounty = '7' WHERE id = 'step_xyz999'");
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  faucet("fail", 300);
  std::jthread first{
      [&] { EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 200); }};
  while (workflow_for(jane).steps[0].status != StepStatus::completed)
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  EXPECT_EQ(post(second_step("complete"), jane, report).status, 200);
  first.join();
  EXPECT_EQ(transfers(), (Texts{"step_ghi789 transfer_failed", "step_xyz999 transfer_failed",
                                " transfer_failed"}));
}

TEST_F(PaymentsTest, ARestartPaysWhatWasLeft) {
  faucet("ok", 60'000);
  complete_first_step();
  std::jthread last{[&] { post(second_step("complete"), jane, report); }};
  while (workflow_for(jane).status != WorkflowStatus::completed)
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  {
    // As if the process had died before the transfer: what is stored now is what it left.
    Database here{options_.database_path};
    Database copy{directory_.file("left.db")};
    here.copy_to(copy);
  }
  server_->stop();
  last.join();
  options_.database_path = directory_.file("left.db");
  EXPECT_EQ(stored_series().occurrences[0].status, WorkflowStatus::completed);
  start();
  EXPECT_EQ(workflow_for(jane).status, WorkflowStatus::paid_out);
  EXPECT_EQ(transfers(), (Texts{"step_ghi789 paid", " paid"}));
}

// ---- Mail

constexpr const char* to_supervisor = "option_chosen supervisor@example.org";

TEST_F(PaymentsTest, AnOptionWithAddressesAlertsEachOnce) {
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  EXPECT_EQ(post(first_step("complete"), jane, "{}").status, 400);
  EXPECT_EQ(mails(), Texts{}) << "a refusal sends nothing";
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer("partially_completed")).status, 200);
  const Texts sent{to_supervisor, std::string{"step_available "} + jane};
  EXPECT_EQ(mails(), sent) << "step 2 is hers already";
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer("partially_completed")).status, 400);
  EXPECT_EQ(mails(), sent) << "a second try sends nothing";
}

TEST_F(PaymentsTest, AFreeStepIsAnnouncedToEveryEligibleImproverAsDocumented) {
  edit(
      "INSERT INTO workflow_roles VALUES ('workflow_abc123', 'role_other', 1, 'Inspector');"
      "INSERT INTO role_credentials VALUES ('workflow_abc123', 'role_other', 'dpw_certified');"
      "UPDATE steps SET role_id = 'role_other' WHERE id = 'step_xyz999'");
  complete_first_step();
  EXPECT_EQ(mails(), Texts{std::string{"step_available "} + ana})
      << "Jane works on another role, Wei lacks the credential";
}

TEST_F(PaymentsTest, TheLiveSystemAnnouncesItToTheAssigneeOnly) {
  start_live();
  edit("UPDATE steps SET role_id = NULL WHERE id = 'step_xyz999'");
  complete_first_step();
  EXPECT_EQ(mails(), Texts{});
}

}  // namespace
}  // namespace sfluv::server
