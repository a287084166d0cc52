// SPDX-License-Identifier: MIT
#include "sfluv/discovery.h"

#include <gtest/gtest.h>

#include "series_fixture.h"

namespace sfluv {
namespace {

using namespace fixture;

// A park of its own: the step ids carry its name.
Series named(const std::string& id, std::int64_t starts_after = 0) {
  Series series = park("one_time");
  series.id = "series of " + id;
  Workflow& workflow = series.occurrences[0];
  workflow.id = id;
  workflow.start_at += starts_after;
  workflow.supervisor_user_id.reset();
  workflow.supervisor_required = false;
  for (Step& step : workflow.steps) step.id = id + step.id;
  return series;
}

std::vector<std::string> list(const std::vector<Series>& series, const Caller& caller,
                              const Profile& profile = live_profile()) {
  std::vector<std::string> names;
  for (const Listed& one : discover(series, caller, profile, during).listed) {
    names.push_back(one.workflow_id + " " + std::string{to_string(one.reason)});
  }
  return names;
}

using Names = std::vector<std::string>;

TEST(Discovery, OrderIsMineActiveMineClaimableSupervised) {
  std::vector<Series> all{named("supervised", 5), named("old"), named("new", 3), named("done"),
                          named("working")};
  all[0].occurrences[0].supervisor_user_id = "jane";
  for (Step& step : all[0].occurrences[0].steps) step.assigned_improver_id = "omar";
  all[3].occurrences[0].steps[0].assigned_improver_id = "jane";
  all[3].occurrences[0].steps[0].status = StepStatus::completed;
  all[4].occurrences[0].steps[0].assigned_improver_id = "jane";
  EXPECT_EQ(list(all, jane()), (Names{"working mine_active", "done mine", "new claimable",
                                      "old claimable", "supervised supervised"}));
}

TEST(Discovery, SupervisedWorkThatIsFreeStandsAmongTheClaimable) {
  std::vector<Series> all{named("mine", 5), named("free")};
  all[0].occurrences[0].supervisor_user_id = "jane";
  EXPECT_EQ(list(all, jane()), (Names{"mine supervised", "free claimable"}));
}

TEST(Discovery, NamesTheFirstStepThatSpeaksForIt) {
  std::vector<Series> all{named("w")};
  Workflow& workflow = all[0].occurrences[0];
  workflow.steps[0].assigned_improver_id = "jane";
  workflow.steps[1].assigned_improver_id = "jane";
  EXPECT_EQ(discover(all, omar(), live_profile(), during).listed.at(0).claimable_step_id, "ws3");
  EXPECT_EQ(discover(all, jane(), live_profile(), during).listed.at(0).claimable_step_id, "");
}

TEST(Discovery, WhoCouldSupervise) {
  std::vector<Series> all{named("w")};
  Workflow& workflow = all[0].occurrences[0];
  for (Step& step : workflow.steps) step.assigned_improver_id = "somebody";
  workflow.supervisor_required = true;
  workflow.roles.pop_back();  // the one without credentials
  EXPECT_EQ(list(all, omar()), Names{"w supervised"});
  EXPECT_EQ(list(all, jane()), Names{});
  workflow.supervisor_user_id = "sam";
  EXPECT_EQ(list(all, omar()), Names{});
}

TEST(Discovery, LockedStepsAsDocumentedAndAsLived) {
  std::vector<Series> all{named("w")};
  all[0].occurrences[0].steps[0].assigned_improver_id = "jane";
  EXPECT_EQ(list(all, {.id = "vera", .credentials = {{"sfluv_verifier"}}}), Names{"w claimable"});
  EXPECT_EQ(list(all, {.id = "vera", .credentials = {{"sfluv_verifier"}}}, documents_profile()),
            Names{});
}

TEST(Discovery, SaysWhyTheRestIsNotMine) {
  std::vector<Series> all{named("w"), named("gone")};
  all[0].occurrences[0].steps[0].assigned_improver_id = "jane";
  all[1].occurrences[0].status = WorkflowStatus::deleted;
  const Discovery discovery = discover(all, lena(), documents_profile(), during);
  EXPECT_EQ(discovery.total, 0u);
  std::vector<std::string> reasons;
  for (const NotMine& one : discovery.not_mine) {
    reasons.push_back(one.workflow_id + "/" + one.step_id + " " +
                      std::string{to_string(one.reason)});
  }
  EXPECT_EQ(reasons, (Names{"w/ws1 step_already_claimed", "w/ws2 step_not_available_yet",
                            "w/ws3 step_not_available_yet", "gone/ workflow_not_active"}));
}

TEST(Discovery, ACardSaysWhatItSaysAndIsNeverLeftOut) {
  const auto card = [](const std::string& id) {
    return Series{.id = id, .occurrences = {{.id = id, .status = WorkflowStatus::approved}}};
  };
  std::vector<Series> all{card("silent"), card("claimable"), card("done"), card("working")};
  all[1].occurrences[0].claimable_step = StepSummary{.id = "s"};
  all[2].occurrences[0].assigned_steps = {{.status = StepStatus::completed}};
  all[3].occurrences[0].assigned_steps = {{.status = StepStatus::completed},
                                          {.status = StepStatus::available}};
  EXPECT_EQ(list(all, jane()),
            (Names{"working mine_active", "done mine", "claimable claimable", "silent unread"}));
}

TEST(Discovery, ARoleWithoutCredentialsShows) {
  std::vector<Series> all{named("w")};
  all[0].occurrences[0].steps[0].role_id = "nobody";
  EXPECT_EQ(list(all, lena()), Names{"w claimable"});
}

TEST(Discovery, CredentialsAreSortedAndTheListIsCut) {
  std::vector<Series> all;
  for (int i = 0; i < 501; ++i) all.push_back(named("w" + std::to_string(i)));
  const Discovery discovery =
      discover(all, {.id = "z", .credentials = {{"dpw_certified", "a"}}}, live_profile(), during);
  EXPECT_EQ(discovery.active_credentials, (Names{"a", "dpw_certified"}));
  EXPECT_EQ(discovery.listed.size(), 500u);
  EXPECT_EQ(discovery.total, 501u);
}

TEST(Unpaid, WhatIsOwedToMeOldestFirst) {
  std::vector<Series> all{named("later", day), named("early"), named("nothing"), named("paid")};
  for (Series& series : all) {
    series.occurrences[0].status = WorkflowStatus::in_progress;
    Step& step = series.occurrences[0].steps[0];
    step.assigned_improver_id = "jane";
    step.status = StepStatus::completed;
  }
  all[2].occurrences[0].steps[0].bounty = Amount{};
  all[3].occurrences[0].steps[0].status = StepStatus::paid_out;
  EXPECT_EQ(unpaid_workflows(all, jane()), (Names{"early", "later"}));
  EXPECT_EQ(unpaid_workflows(all, omar()), Names{});
  all[3].occurrences[0].supervisor_user_id = "jane";
  EXPECT_EQ(unpaid_workflows(all, jane()), (Names{"early", "paid", "later"}));
  all[3].occurrences[0].supervisor_paid_out_at = during;
  EXPECT_EQ(unpaid_workflows(all, jane()), (Names{"early", "later"}));
}

TEST(Active, WhatStartsFirstStandsFirst) {
  std::vector<Series> all{named("later", day), named("early"), named("over"), named("waiting")};
  all[0].occurrences[0].status = WorkflowStatus::blocked;
  all[2].occurrences[0].status = WorkflowStatus::paid_out;
  all[3].occurrences[0].status = WorkflowStatus::pending;
  EXPECT_EQ(active_workflows(all), (Names{"early", "later"}));
}

TEST(Absences, MineTheLatestFirst) {
  std::vector<Series> all{named("w")};
  all[0].absences = {{.id = "1", .improver_id = "jane", .absent_from = 1},
                     {.id = "2", .improver_id = "jane", .absent_from = 2},
                     {.id = "3", .improver_id = "omar", .absent_from = 3}};
  const auto mine = absences_of(all, jane());
  ASSERT_EQ(mine.size(), 2u);
  EXPECT_EQ(mine[0].id, "2");
}

}  // namespace
}  // namespace sfluv
