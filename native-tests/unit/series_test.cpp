// SPDX-License-Identifier: MIT
#include "sfluv/series.h"

#include <gtest/gtest.h>

#include "sfluv/calendar.h"
#include "sfluv/limits.h"

#include "series_fixture.h"

namespace sfluv {
namespace {

using namespace fixture;

Series caught_up(Series series, std::int64_t now_s, const Profile& profile = live_profile()) {
  return catch_up(std::move(series), profile, now_s, {.entropy = std::to_string(now_s)}).series;
}

std::vector<std::string> statuses(const Series& series) {
  std::vector<std::string> all;
  for (const Workflow& workflow : series.occurrences) all.push_back(workflow.status.text);
  return all;
}

Series with_finished_first(const Profile& profile, std::int64_t now_s) {
  Series series = park();
  series.occurrences[0].status = WorkflowStatus::completed;
  IdSource ids{.entropy = "x"};
  Delta delta;
  EXPECT_TRUE(ensure_successor(series, "w", profile, now_s, ids, delta));
  return series;
}

TEST(CatchUp, UnlocksTheFirstStepWhenItsTimeHasCome) {
  Series series = park();
  series.occurrences[0].steps[0].status = StepStatus::locked;
  EXPECT_EQ(caught_up(series, start_at - 1).occurrences[0].steps[0].status, StepStatus::locked);
  const CaughtUp open = catch_up(series, live_profile(), start_at, {});
  EXPECT_EQ(open.series.occurrences[0].steps[0].status, StepStatus::available);
  EXPECT_EQ(open.series.occurrences[0].steps[1].status, StepStatus::locked);
  EXPECT_EQ(open.delta.changed, std::vector<std::string>{"w"});
}

// Rulebook C7.3: to the second, and whoever works on it.
TEST(CatchUp, LiveSkipsWhatIsElapsedAtTheDeadline) {
  Series series = park();
  series.occurrences[0].status = WorkflowStatus::in_progress;
  series.occurrences[0].steps[0].status = StepStatus::in_progress;
  const std::int64_t deadline = *deadline_s(series, series.occurrences[0]);
  EXPECT_EQ(deadline, start_at + week);
  EXPECT_EQ(statuses(caught_up(series, deadline - 1)), std::vector<std::string>{"in_progress"});
  const Series after = caught_up(series, deadline);
  ASSERT_EQ(statuses(after), (std::vector<std::string>{"skipped", "approved"}));
  EXPECT_EQ(after.occurrences[1].start_at, deadline);
  EXPECT_EQ(after.occurrences[1].steps[0].status, StepStatus::available);
  EXPECT_EQ(statuses(caught_up(series, deadline, documents_profile())),
            std::vector<std::string>{"in_progress"});
}

TEST(CatchUp, MakesUpForManyPeriodsAndIsDoneThen) {
  Series series = park("daily");
  const Series after = caught_up(series, start_at + 5 * day + hour);
  EXPECT_EQ(after.occurrences.size(), 6u);
  EXPECT_EQ(after.occurrences.back().status, WorkflowStatus::approved);
  const CaughtUp again = catch_up(after, live_profile(), start_at + 5 * day + hour, {});
  EXPECT_TRUE(again.delta.changed.empty());
  EXPECT_TRUE(again.delta.removed.empty());
}

TEST(CatchUp, IsBounded) {
  const Series after = caught_up(park("daily"), start_at + 2000 * day);
  EXPECT_EQ(after.occurrences.size(), limits::catch_up_occurrences_max + 1);
  Series forever = park("daily");
  forever.occurrences[0].start_at = INT64_MAX;
  EXPECT_EQ(caught_up(forever, INT64_MAX).occurrences.size(), 1u);
}

TEST(CatchUp, StopsAtTheEndOfTheRecurrence) {
  Series series = park("daily");
  series.recurrence_end_at = start_at + 2 * day;
  EXPECT_EQ(caught_up(series, start_at + 9 * day).occurrences.size(), 3u);
}

TEST(CatchUp, OneTimeWorkIsNeverSkipped) {
  EXPECT_EQ(statuses(caught_up(park("one_time"), start_at + 100 * week)),
            std::vector<std::string>{"approved"});
}

TEST(Successor, IsAFreshCopyOfTheDefinition) {
  Series series = park();
  Workflow& first = series.occurrences[0];
  first.status = WorkflowStatus::completed;
  first.steps[0].bounty = Amount{};  // as after "not possible"
  first.steps[0].assigned_improver_id = "jane";
  first.steps[0].submission = Submission{.id = "sub"};
  IdSource ids{.entropy = "x"};
  Delta delta;
  const auto id = ensure_successor(series, "w", live_profile(), during, ids, delta);
  ASSERT_TRUE(id);
  EXPECT_EQ(delta.changed, std::vector<std::string>{*id});
  const Workflow& next = *series.find(*id);
  EXPECT_EQ(next.start_at, start_at + week);
  EXPECT_EQ(next.supervisor_user_id, "sam");
  EXPECT_EQ(next.steps[0].bounty, Amount{10});
  EXPECT_FALSE(next.steps[0].assigned_improver_id);
  EXPECT_FALSE(next.steps[0].submission);
  EXPECT_EQ(next.steps[0].status, StepStatus::locked);
  EXPECT_NE(next.steps[0].id, "s1");
  EXPECT_EQ(next.steps[0].workflow_id, *id);
  EXPECT_EQ(next.steps[0].work_items[0].step_id, next.steps[0].id);
  ASSERT_NE(next.find_role(*next.steps[0].role_id), nullptr);
  EXPECT_EQ(next.find_role(*next.steps[0].role_id)->required_credentials[0], "dpw_certified");
  // Once is enough.
  EXPECT_EQ(ensure_successor(series, "w", live_profile(), during, ids, delta), id);
  EXPECT_EQ(series.occurrences.size(), 2u);
}

TEST(Successor, OfUnfinishedWorkThereIsNone) {
  Series series = park();
  IdSource ids;
  Delta delta;
  EXPECT_FALSE(ensure_successor(series, "w", live_profile(), during, ids, delta));
  EXPECT_FALSE(ensure_successor(series, "nobody", live_profile(), during, ids, delta));
}

// Rulebook C7.2: unless a later one is in the future already.
TEST(Successor, NoneWhileAnotherOneIsToCome) {
  Series series = park();
  series.occurrences[0].status = WorkflowStatus::completed;
  Workflow moved = park_workflow();
  moved.id = "moved";
  moved.start_at += week + hour;
  series.occurrences.push_back(moved);
  IdSource ids{.entropy = "x"};
  Delta delta;
  EXPECT_FALSE(ensure_successor(series, "w", live_profile(), during, ids, delta));
  series.occurrences[1].status = WorkflowStatus::deleted;
  EXPECT_TRUE(ensure_successor(series, "w", live_profile(), during, ids, delta));
}

// Seed 002 `blocked`; rulebook C7.5.
TEST(Successor, IsBlockedUntilThePayoutAsDocumented) {
  Series series = with_finished_first(documents_profile(), during);
  EXPECT_EQ(series.occurrences[1].status, WorkflowStatus::blocked);
  EXPECT_TRUE(series.occurrences[1].is_start_blocked);
  EXPECT_EQ(series.occurrences[1].blocked_by_workflow_id, "w");
  const std::int64_t late = start_at + week + hour;
  EXPECT_EQ(caught_up(series, late, documents_profile()).occurrences[1].status,
            WorkflowStatus::blocked);
  EXPECT_EQ(caught_up(series, late).occurrences[1].status, WorkflowStatus::approved);
  series.occurrences[0].status = WorkflowStatus::paid_out;
  const Series free = caught_up(series, late, documents_profile());
  EXPECT_EQ(free.occurrences[1].status, WorkflowStatus::approved);
  EXPECT_FALSE(free.occurrences[1].is_start_blocked);
  EXPECT_FALSE(free.occurrences[1].blocked_by_workflow_id);
  EXPECT_EQ(free.occurrences[1].steps[0].status, StepStatus::available);
  EXPECT_EQ(with_finished_first(live_profile(), during).occurrences[1].status,
            WorkflowStatus::approved);
}

TEST(Successor, GoesToThoseWhoAreRemembered) {
  Series series = park();
  series.occurrences[0].status = WorkflowStatus::completed;
  series.claims = {{1, "jane", "Jane"}, {2, "omar", "Omar"}, {3, "omar", "Omar"}};
  IdSource ids{.entropy = "x"};
  Delta delta;
  (void)ensure_successor(series, "w", live_profile(), during, ids, delta);
  const Workflow& next = series.occurrences[1];
  EXPECT_EQ(next.steps[0].assigned_improver_id, "jane");
  EXPECT_EQ(next.steps[1].assigned_improver_id, "omar");
  EXPECT_EQ(next.steps[2].assigned_improver_id, std::nullopt);  // one role a person
  EXPECT_EQ(next.steps[0].assigned_improver_name, "Jane");
}

TEST(Successor, NotToTheAbsentNorToTheSupervisor) {
  Series series = park();
  series.occurrences[0].status = WorkflowStatus::completed;
  series.claims = {{1, "jane", ""}, {2, "sam", ""}};
  series.absences = {{.id = "a",
                      .improver_id = "jane",
                      .step_order = 1,
                      .absent_from = start_at + week,
                      .absent_until = start_at + week + 1}};
  IdSource ids{.entropy = "x"};
  Delta delta;
  (void)ensure_successor(series, "w", live_profile(), during, ids, delta);
  EXPECT_EQ(series.occurrences[1].steps[0].assigned_improver_id, std::nullopt);
  EXPECT_EQ(series.occurrences[1].steps[1].assigned_improver_id, std::nullopt);
}

// Rulebook C7.4.
TEST(CatchUp, SkipsUntouchedOnesBeforeAndRemovesUntouchedOnesAfter) {
  Series series = park();
  for (int i = 1; i <= 2; ++i) {
    Workflow later = park_workflow();
    later.id = "w" + std::to_string(i);
    later.start_at += i * week;
    later.supervisor_user_id.reset();
    series.occurrences.push_back(later);
  }
  series.occurrences[0].supervisor_user_id.reset();
  const CaughtUp result = catch_up(series, live_profile(), start_at + week + hour, {});
  EXPECT_EQ(statuses(result.series), (std::vector<std::string>{"skipped", "approved"}));
  EXPECT_EQ(result.delta.removed, std::vector<std::string>{"w2"});
  series.occurrences[2].steps[0].assigned_improver_id = "jane";
  EXPECT_EQ(caught_up(series, start_at + week + hour).occurrences.size(), 3u);
  EXPECT_EQ(caught_up(series, start_at + week + hour, documents_profile()).occurrences.size(), 3u);
}

TEST(CatchUp, ASupervisorsWorkIsNotUntouched) {
  Series series = park();  // supervised by Sam, claimed by nobody
  Workflow next = park_workflow();
  next.id = "next";
  next.start_at += week;
  series.occurrences.push_back(next);
  EXPECT_EQ(statuses(caught_up(series, start_at + week)),
            (std::vector<std::string>{"approved", "approved"}));
}

TEST(Series, TheBundleIsTheRole) {
  EXPECT_EQ(orders_of_role(park(), 2), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(orders_of_role(park(), 3), (std::vector<std::int64_t>{3}));
  EXPECT_EQ(orders_of_role(park(), 9), (std::vector<std::int64_t>{9}));
}

TEST(Series, TheBundleIsThatOfTheOccurrenceAhead) {
  Series series = park();
  Workflow finished = park_workflow();
  finished.id = "finished";
  finished.start_at += week;
  finished.status = WorkflowStatus::completed;
  finished.steps[1].role_id = "verifier";
  series.occurrences.push_back(finished);
  EXPECT_EQ(orders_of_role(series, 2), (std::vector<std::int64_t>{1, 2}));
  series.occurrences[0].status = WorkflowStatus::deleted;
  EXPECT_EQ(orders_of_role(series, 2), (std::vector<std::int64_t>{2, 3}));
}

TEST(Series, TheDeadlineIsKnownFromTheDocumentAlone) {
  EXPECT_EQ(deadline_s(park_workflow()), start_at + week);
  Workflow once = park_workflow();
  once.recurrence = "one_time";
  EXPECT_EQ(deadline_s(once), std::nullopt);
  Series moved = park();
  moved.definition->start_at = start_at + hour;
  EXPECT_EQ(deadline_s(moved, moved.occurrences[0]), start_at + week + hour);
}

// What a device has read.
Series read_series(std::vector<Workflow> read) {
  const auto all = series_from(std::move(read), std::vector<Absence>{});
  EXPECT_EQ(all.size(), 1u);
  return all.at(0);
}

TEST(SeriesFrom, OfTwoDocumentsTheLaterOneCountsAndACardAddsItsStatus) {
  Workflow first = park_workflow();
  Workflow second = first;
  second.steps[0].assigned_improver_id = "jane";
  const Workflow card{.id = "w", .series_id = "series", .status = WorkflowStatus::skipped};
  EXPECT_FALSE(read_series({second, first}).occurrences.at(0).steps[0].assigned_improver_id);
  EXPECT_EQ(read_series({first, second}).occurrences.at(0).steps[0].assigned_improver_id, "jane");
  const Workflow both = read_series({second, card}).occurrences.at(0);
  EXPECT_TRUE(both.status == WorkflowStatus::skipped);
  EXPECT_EQ(both.steps.size(), 3u);
  EXPECT_TRUE(read_series({card, first}).occurrences.at(0).status == WorkflowStatus::approved);
  EXPECT_TRUE(read_series({card}).occurrences.at(0).is_card());
}

TEST(SeriesFrom, WhatWaitsForAnOccurrenceThatWasNeverReadGoesOnWaiting) {
  Workflow waiting = park_workflow();
  waiting.status = WorkflowStatus::blocked;
  waiting.is_start_blocked = true;
  waiting.blocked_by_workflow_id = "unread";
  const Series read = read_series({waiting});
  EXPECT_TRUE(
      catch_up(read, documents_profile(), during, {}).series.occurrences[0].is_start_blocked);
  Series whole = read;
  whole.occurrences_are_known = true;  // it is gone
  EXPECT_FALSE(
      catch_up(whole, documents_profile(), during, {}).series.occurrences[0].is_start_blocked);
}

TEST(SeriesFrom, SortsBySeriesAndSaysWhatIsNotKnown) {
  Workflow later = park_workflow();
  later.id = "later";
  later.start_at += week;
  later.recurrence = "daily";
  Workflow nameless = park_workflow();
  nameless.series_id.clear();  // as the documents' example of a claim prints it
  Workflow once{.id = "once", .series_id = "other", .recurrence = "one_time"};
  const std::vector<Absence> absences{{.id = "a", .series_id = "series"},
                                      {.id = "b", .series_id = "unread"}};
  const auto all = series_from({later, park_workflow(), nameless, once}, absences);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].occurrences.size(), 2u);
  EXPECT_EQ(all[0].recurrence, "daily");
  EXPECT_FALSE(all[0].occurrences_are_known);
  EXPECT_TRUE(all[0].absences_are_known);
  EXPECT_TRUE(all[0].find_absence("a"));
  EXPECT_TRUE(all[1].occurrences_are_known) << "of one_time work there is one";
  EXPECT_EQ(all[2].id, "unread");
  EXPECT_FALSE(all[2].occurrences_are_known);
  EXPECT_FALSE(series_from({once}, std::nullopt)[0].absences_are_known);
}

TEST(IdSource, NeverRepeats) {
  IdSource ids{.entropy = "e"};
  EXPECT_EQ(ids.next("step"), "step_e");
  EXPECT_EQ(ids.next("step"), "step_e_1");
  EXPECT_EQ(ids.next("photo"), "photo_e_2");
}

}  // namespace
}  // namespace sfluv
