// SPDX-License-Identifier: MIT
#include "sfluv/engine.h"

#include <gtest/gtest.h>

#include "series_fixture.h"

namespace sfluv::engine {
namespace {

using namespace fixture;

Applied done(const Series& series, const Facts& facts, const Action& action,
             std::int64_t now_s = during) {
  auto result = apply(series, facts, action, now_s);
  EXPECT_TRUE(result) << to_string(result.error().at(0).code);
  return result ? *std::move(result) : Applied{.series = series};
}

Series after(const Series& series, const Facts& facts, const Action& action,
             std::int64_t now_s = during) {
  return done(series, facts, action, now_s).series;
}

std::string refusal(const Series& series, const Facts& facts, const Action& action,
                    std::int64_t now_s = during) {
  const auto result = apply(series, facts, action, now_s);
  return result ? "" : std::string{to_string(result.error().at(0).code)};
}

const Step& step(const Series& series, std::int64_t order, std::size_t occurrence = 0) {
  return *series.occurrences.at(occurrence).find_step_at(order);
}

// The park with its next weeks already there.
Series with_next_weeks(int weeks) {
  Series series = park();
  for (int i = 1; i <= weeks; ++i) {
    Workflow next = park_workflow();
    next.id = "w" + std::to_string(i);
    next.start_at += i * week;
    next.steps[0].status = StepStatus::locked;
    series.occurrences.push_back(next);
  }
  return series;
}

TEST(Engine, OneClaimTakesAllFreeStepsOfTheRole) {
  const Applied applied = done(park(), as(jane()), Claim{at(1)});
  const Series& series = applied.series;
  EXPECT_EQ(step(series, 1).assigned_improver_id, "jane");
  EXPECT_EQ(step(series, 1).assigned_improver_name, "Jane Smith");
  EXPECT_EQ(step(series, 2).assigned_improver_id, "jane");
  EXPECT_EQ(step(series, 3).assigned_improver_id, std::nullopt);
  EXPECT_EQ(step(series, 1).status, StepStatus::available);  // claiming is not starting
  EXPECT_EQ(applied.delta.changed, std::vector<std::string>{"w"});
  EXPECT_EQ(series.occurrences[0].updated_at, during);
}

TEST(Engine, AClaimReachesTheOccurrencesToComeAndIsRemembered) {
  Series series = with_next_weeks(3);
  series.occurrences[2].status = WorkflowStatus::completed;
  series.absences = {{.id = "a",
                      .improver_id = "jane",
                      .step_order = 2,
                      .absent_from = start_at + 3 * week,
                      .absent_until = start_at + 3 * week + 1}};
  const Applied applied = done(series, as(jane()), Claim{at(1)});
  EXPECT_EQ(step(applied.series, 1, 1).assigned_improver_id, "jane");
  EXPECT_EQ(step(applied.series, 2, 1).assigned_improver_id, "jane");
  EXPECT_EQ(step(applied.series, 1, 2).assigned_improver_id, std::nullopt);  // finished
  EXPECT_EQ(step(applied.series, 1, 3).assigned_improver_id, "jane");
  EXPECT_EQ(step(applied.series, 2, 3).assigned_improver_id, std::nullopt);  // absent
  EXPECT_EQ(applied.delta.changed, (std::vector<std::string>{"w", "w1", "w3"}));
  ASSERT_EQ(applied.series.claims.size(), 2u);
  EXPECT_EQ(applied.series.claims[1], (RememberedClaim{2, "jane", "Jane Smith"}));
  const Series once = after(park("one_time"), as(jane()), Claim{at(1)});
  EXPECT_TRUE(once.claims.empty());
}

TEST(Engine, TheLastOneWhoClaimsIsRemembered) {
  Series series = with_next_weeks(1);
  series.claims = {{1, "omar", "Omar"}};
  series = after(series, as(jane()), Claim{at(1)});
  ASSERT_EQ(series.claims.size(), 2u);
  EXPECT_EQ(series.claims[0].improver_id, "jane");
}

TEST(Engine, StartSetsTheTimeOnceAndMayBeRepeated) {
  const Series claimed = after(park(), as(jane()), Claim{at(1)});
  EXPECT_EQ(refusal(claimed, as(omar()), Start{at(1)}), "not_assigned");
  const Series started = after(claimed, as(jane()), Start{at(1)});
  EXPECT_EQ(step(started, 1).status, StepStatus::in_progress);
  EXPECT_EQ(started.occurrences[0].status, WorkflowStatus::in_progress);
  const Applied again = done(started, as(jane()), Start{at(1)}, during + 60);
  EXPECT_EQ(step(again.series, 1).started_at, during);
  EXPECT_TRUE(again.delta.changed.empty());
  // By hand somebody set the workflow back: the live system puts it right.
  Series set_back = started;
  set_back.occurrences[0].status = WorkflowStatus::approved;
  EXPECT_EQ(after(set_back, as(jane()), Start{at(1)}).occurrences[0].status,
            WorkflowStatus::in_progress);
}

CompletionRequest with_photo() {
  CompletionRequest request = text_for(1);
  request.items[0].photo_uploads = {
      {.file_name = "a/b.jpg", .content_type = "image/jpeg", .size_bytes = 3}};
  return request;
}

TEST(Engine, CompletionStoresUnlocksAndEndsTheWorkflow) {
  Series series = after(park(), as(jane()), Claim{at(1)});
  const Applied first = done(series, as(jane()), Complete{at(1), with_photo()});
  const Step& one = step(first.series, 1);
  EXPECT_EQ(one.status, StepStatus::completed);
  EXPECT_EQ(one.completed_at, during);
  EXPECT_EQ(one.started_at, during);  // no start needed before (rulebook A2.1)
  ASSERT_TRUE(one.submission);
  EXPECT_EQ(one.submission->improver_id, "jane");
  EXPECT_EQ(one.submission->item_responses[0].written_response, "done");
  ASSERT_EQ(first.photos.size(), 1u);
  EXPECT_EQ(first.photos[0].file_name, "b.jpg");
  EXPECT_EQ(first.photos[0].submission_id, one.submission->id);
  EXPECT_EQ(one.submission->item_responses[0].photo_ids,
            std::vector<std::string>{first.photos[0].id});
  EXPECT_EQ(first.photo_sources.size(), 1u);
  EXPECT_EQ(step(first.series, 2).status, StepStatus::available);
  EXPECT_EQ(first.series.occurrences[0].status, WorkflowStatus::in_progress);

  series = after(first.series, as(jane()), Complete{at(2), text_for(2)});
  series = after(series, as(omar()), Claim{at(3)});
  series = after(series, as(omar()), Complete{at(3), text_for(3)});
  EXPECT_EQ(series.occurrences[0].status, WorkflowStatus::completed);
  ASSERT_EQ(series.occurrences.size(), 2u);
  EXPECT_EQ(step(series, 1, 1).assigned_improver_id, "jane");
  EXPECT_EQ(step(series, 3, 1).assigned_improver_id, "omar");
  // The same again: the workflow is looked at before the step (rulebook A8.1).
  EXPECT_EQ(refusal(series, as(omar()), Complete{at(3), text_for(3)}), "workflow_not_active");
}

TEST(Engine, APhotoUploadedAheadBelongsToTheSubmission) {
  const Series series = after(park(), as(jane()), Claim{at(1)});
  CompletionRequest request = text_for(1);
  request.items[0].photo_ids = {"p1"};
  Facts facts = as(jane());
  facts.staged_photos.emplace();
  EXPECT_EQ(refusal(series, facts, Complete{at(1), request}), "photo_id_unknown");
  facts.staged_photos = {{.id = "p1", .item_id = "i1", .file_name = "u.jpg"}};
  const Applied applied = done(series, facts, Complete{at(1), request});
  const Submission& submission = *step(applied.series, 1).submission;
  ASSERT_EQ(submission.item_responses[0].photos.size(), 1u);
  EXPECT_EQ(submission.item_responses[0].photos[0].file_name, "u.jpg");
  EXPECT_EQ(submission.item_responses[0].photos[0].submission_id, submission.id);
  EXPECT_TRUE(applied.photos.empty());  // it needs no new id
}

TEST(Engine, NotPossibleIsTheStepsAsDocumentedAndEverybodysLive) {
  Series series = after(park(), as(jane()), Claim{at(1)});
  series.occurrences[0].steps[2].assigned_improver_id = "omar";
  const Complete impossible{
      at(1), {.step_not_possible = true, .step_not_possible_details = " gate locked "}};
  const Series documented = after(series, as(jane()), impossible);
  EXPECT_EQ(step(documented, 1).status, StepStatus::completed);
  EXPECT_TRUE(step(documented, 1).submission->step_not_possible);
  EXPECT_EQ(step(documented, 1).submission->step_not_possible_details, "gate locked");
  EXPECT_EQ(step(documented, 1).bounty, Amount{10});
  EXPECT_EQ(step(documented, 2).status, StepStatus::available);
  EXPECT_EQ(documented.occurrences[0].status, WorkflowStatus::in_progress);

  const Applied live = done(series, as(jane(), live_profile()), impossible);
  EXPECT_EQ(live.series.occurrences[0].status, WorkflowStatus::completed);
  for (const Step& one : live.series.occurrences[0].steps) {
    EXPECT_EQ(one.status, StepStatus::completed);
    EXPECT_EQ(one.bounty, Amount{});
  }
  EXPECT_EQ(live.series.occurrences[0].total_bounty, Amount{});
  EXPECT_EQ(live.series.occurrences[0].supervisor_bounty, Amount{});
  EXPECT_FALSE(step(live.series, 2).submission);
  EXPECT_TRUE(live.effects.mails.empty());
  ASSERT_EQ(live.series.occurrences.size(), 2u);
  EXPECT_EQ(step(live.series, 1, 1).bounty, Amount{10});
}

TEST(Engine, WhatWasPaidStaysPaidWhenTheRestIsNotPossible) {
  Series series = after(park(), as(jane()), Claim{at(1)});
  series.occurrences[0].status = WorkflowStatus::in_progress;
  series.occurrences[0].steps[0].status = StepStatus::paid_out;
  series.occurrences[0].steps[1].status = StepStatus::available;
  const Complete impossible{at(2),
                            {.step_not_possible = true, .step_not_possible_details = "flooded"}};
  const Series live = after(series, as(jane(), live_profile()), impossible);
  EXPECT_EQ(step(live, 1).status, StepStatus::paid_out);
  EXPECT_EQ(step(live, 3).status, StepStatus::completed);
}

std::vector<std::string> mailed(const Applied& applied) {
  std::vector<std::string> to;
  for (const Mail& mail : applied.effects.mails) {
    to.push_back(mail.kind == Mail::Kind::step_available
                     ? mail.user_id + " " + mail.step_id
                     : mail.address + " " + mail.dropdown_value);
  }
  return to;
}

// Seed 000 "Side Effects": eligible improvers; live: the assignee.
TEST(Engine, AvailabilityMail) {
  Series series = after(park(), as(jane()), Claim{at(1)});
  series = after(series, as(jane()), Complete{at(1), text_for(1)});
  const auto complete = [&](const Profile& profile) {
    Facts facts = as(jane(), profile);
    facts.improvers = {{"jane", {"dpw_certified"}},
                       {"omar", {"sfluv_verifier"}},
                       {"sam", {"sfluv_verifier"}},
                       {"vera", {"sfluv_verifier", "x"}},
                       {"lena", {}}};
    return mailed(done(series, facts, Complete{at(2), text_for(2)}));
  };
  EXPECT_EQ(complete(documents_profile()), (std::vector<std::string>{"omar s3", "vera s3"}));
  EXPECT_EQ(complete(live_profile()), std::vector<std::string>{});
  series.occurrences[0].steps[2].assigned_improver_id = "omar";
  EXPECT_EQ(complete(documents_profile()), std::vector<std::string>{"omar s3"});
  EXPECT_EQ(complete(live_profile()), std::vector<std::string>{"omar s3"});
}

TEST(Engine, OneAlertToEachAddressOfTheChosenOption) {
  Series series = park();
  WorkItem& item = series.occurrences[0].steps[0].work_items[0];
  item.requires_dropdown = true;
  item.dropdown_options = {{.value = "fine"},
                           {.value = "broken", .notify_emails = {"a@x.org", "b@x.org"}}};
  series = after(series, as(jane()), Claim{at(1)});
  CompletionRequest request = text_for(1);
  request.items[0].dropdown_value = "broken";
  EXPECT_EQ(mailed(done(series, as(jane()), Complete{at(1), request})),
            (std::vector<std::string>{"a@x.org broken", "b@x.org broken", "jane s2"}));
  request.items[0].dropdown_value = "fine";
  EXPECT_EQ(mailed(done(series, as(jane()), Complete{at(1), request})),
            std::vector<std::string>{"jane s2"});
  // The option whose photo rule counts is the one whose addresses do.
  series.occurrences[0].steps[0].work_items[0].dropdown_options.push_back({.value = "broken"});
  request.items[0].dropdown_value = "broken";
  EXPECT_EQ(mailed(done(series, as(jane()), Complete{at(1), request})),
            std::vector<std::string>{"jane s2"});
}

TEST(Engine, PayoutsGoOnFromResultToResult) {
  Facts facts = as(jane(), live_profile());
  facts.has_payout_service = true;
  Series series = park("one_time");
  series.occurrences[0].steps[1].bounty = Amount{};
  series = after(series, facts, Claim{at(1)});
  Applied applied = done(series, facts, Complete{at(1), text_for(1)});
  ASSERT_TRUE(applied.effects.payout);
  EXPECT_EQ(*applied.effects.payout, (Payout{"w", "s1", "jane", Amount{10}}));
  const PayoutResult failed{*applied.effects.payout, PayoutOutcome::insufficient_funds};
  applied = done(applied.series, facts, failed);
  EXPECT_FALSE(applied.effects.payout);
  EXPECT_EQ(step(applied.series, 1).payout_error, "insufficient balance in faucet");
  EXPECT_EQ(refusal(applied.series, as(omar(), live_profile()), RequestPayout{at(1)}),
            "no_failed_payout");
  applied = done(applied.series, facts, RequestPayout{at(1)}, during + 5);
  EXPECT_EQ(step(applied.series, 1).retry_requested_by, "jane");
  ASSERT_TRUE(applied.effects.payout);
  applied = done(applied.series, facts, PayoutResult{*applied.effects.payout, PayoutOutcome::paid});
  EXPECT_EQ(step(applied.series, 1).status, StepStatus::paid_out);
  applied = done(applied.series, facts, failed);  // the late answer of the first attempt
  EXPECT_TRUE(applied.delta.changed.empty());
  applied = done(applied.series, facts, Complete{at(2), text_for(2)});
  EXPECT_EQ(step(applied.series, 2).status, StepStatus::paid_out);  // nothing to transfer
  EXPECT_FALSE(applied.effects.payout);
}

TEST(Engine, WithoutAPayoutServiceNothingIsTried) {
  Series series = after(park(), as(jane(), live_profile()), Claim{at(1)});
  series.occurrences[0].steps[0].bounty = Amount{};
  const Applied applied = done(series, as(jane(), live_profile()), Complete{at(1), text_for(1)});
  EXPECT_FALSE(applied.effects.payout);
  EXPECT_EQ(step(applied.series, 1).status, StepStatus::completed);
}

TEST(Engine, UnclaimReleasesWhatHasNotBegun) {
  Series series = after(with_next_weeks(1), as(jane()), Claim{at(1)});
  series = after(series, as(jane()), Complete{at(1), text_for(1)});
  series = after(series, as(jane()), Start{at(2)});
  const Applied documented = done(series, as(jane()), Unclaim{{"series", 1}});
  EXPECT_EQ(documented.counts->released, 2);  // both steps of next week
  EXPECT_EQ(documented.counts->skipped, 2);   // one completed, one in progress
  EXPECT_EQ(done(series, as(jane(), live_profile()), Unclaim{{"series", 2}}).counts->skipped, 1);
  EXPECT_TRUE(documented.series.claims.empty());
  EXPECT_EQ(step(documented.series, 2).assigned_improver_id, "jane");
  EXPECT_EQ(step(documented.series, 1, 1).assigned_improver_id, std::nullopt);
  EXPECT_EQ(step(documented.series, 1, 1).assigned_improver_name, std::nullopt);
  EXPECT_EQ(documented.delta.changed, std::vector<std::string>{"w1"});
}

TEST(Engine, UnclaimForgetsOnlyMyOwnClaim) {
  Series series = after(with_next_weeks(1), as(jane()), Claim{at(1)});
  series.claims = {{1, "jane", ""}, {2, "omar", ""}, {3, "jane", ""}};
  const Series left = after(series, as(jane()), Unclaim{{"series", 1}});
  EXPECT_EQ(left.claims, (std::vector<RememberedClaim>{{2, "omar", ""}, {3, "jane", ""}}));
}

AbsenceRequest next_friday() {
  return {.series_id = "series",
          .step_order = 1,
          .absent_from = "2024-03-22",
          .absent_until = "2024-03-22"};
}

TEST(Engine, AnAbsenceGivesBackAndTakesBack) {
  Series series = after(with_next_weeks(2), as(jane()), Claim{at(1)});
  const Applied created = done(series, as(jane()), CreateAbsence{next_friday()});
  EXPECT_EQ(created.counts->released, 1);
  EXPECT_EQ(created.counts->skipped, 0);
  ASSERT_TRUE(created.absence);
  EXPECT_EQ(created.absence->absent_until - created.absence->absent_from, day);
  EXPECT_EQ(step(created.series, 1, 1).assigned_improver_id, std::nullopt);
  EXPECT_EQ(step(created.series, 2, 1).assigned_improver_id,
            "jane");  // a step order, not the bundle
  EXPECT_EQ(step(created.series, 1, 2).assigned_improver_id, "jane");

  AbsenceRequest later = next_friday();
  later.absent_from = "2024-03-29";
  later.absent_until = "2024-03-30";
  const Applied moved = done(created.series, as(jane()), UpdateAbsence{created.absence->id, later});
  EXPECT_EQ(step(moved.series, 1, 1).assigned_improver_id, "jane");
  EXPECT_EQ(step(moved.series, 1, 2).assigned_improver_id, std::nullopt);
  EXPECT_EQ(moved.counts->released, 1);

  const Applied ended = done(moved.series, as(jane()), DeleteAbsence{created.absence->id});
  EXPECT_EQ(step(ended.series, 1, 2).assigned_improver_id, "jane");
  EXPECT_TRUE(ended.series.absences.empty());
}

TEST(Engine, WhatASubstituteRememberedDoesNotComeBack) {
  Series series = after(with_next_weeks(2), as(jane()), Claim{at(1)});
  const Applied created = done(series, as(jane()), CreateAbsence{next_friday()});
  series = created.series;
  series.claims = {{1, "omar", "Omar"}};  // the last one who claimed (rulebook C5)
  series.occurrences[2].steps[0].assigned_improver_id.reset();
  const Series ended = after(series, as(jane()), DeleteAbsence{created.absence->id});
  EXPECT_EQ(step(ended, 1, 1).assigned_improver_id, std::nullopt);
}

TEST(Engine, AnAbsenceDoesNotTakeWhatHasBegun) {
  Series series = after(with_next_weeks(1), as(jane()), Claim{at(1)});
  series.occurrences[1].status = WorkflowStatus::in_progress;
  series.occurrences[1].steps[0].status = StepStatus::in_progress;
  const Applied created = done(series, as(jane()), CreateAbsence{next_friday()});
  EXPECT_EQ(created.counts->released, 0);
  EXPECT_EQ(created.counts->skipped, 1);
  EXPECT_EQ(step(created.series, 1, 1).assigned_improver_id, "jane");
}

TEST(Prediction, AllowedRefusedUnknown) {
  Prediction prediction = predict(park(), as(jane()), Claim{at(1)}, during);
  EXPECT_EQ(prediction.expectation, Expectation::allowed);
  ASSERT_TRUE(prediction.outcome);
  EXPECT_EQ(step(prediction.outcome->series, 1).assigned_improver_id, "jane");

  prediction = predict(park(), as(lena()), Claim{at(1)}, during);
  EXPECT_EQ(prediction.expectation, Expectation::refused);
  EXPECT_EQ(prediction.issues.at(0).code, Code::missing_credentials);
  EXPECT_FALSE(prediction.outcome);

  Facts partial = as(jane());
  partial.caller.credentials.reset();
  prediction = predict(park(), partial, Claim{at(1)}, during);
  EXPECT_EQ(prediction.expectation, Expectation::unknown);
  EXPECT_EQ(prediction.missing, std::vector<Fact>{Fact::credentials});
  EXPECT_TRUE(prediction.outcome);  // the person may go on: this is what will most likely be
  // What is certain decides, whatever else is missing.
  prediction = predict(park(), partial, Claim{at(2)}, during);
  EXPECT_EQ(prediction.expectation, Expectation::refused);
  EXPECT_EQ(prediction.issues.at(0).code, Code::step_not_available_yet);
}

TEST(Prediction, OfWhatWasNeverReadThereIsNoOutcome) {
  Series unread{.id = "series",
                .recurrence = "weekly",
                .occurrences_are_known = false,
                .absences_are_known = false};
  for (const Action& action :
       {Action{Claim{at(1)}}, Action{Start{at(1)}}, Action{Complete{at(1), {}}},
        Action{RequestPayout{at(1)}}, Action{DeleteAbsence{"a"}},
        Action{UpdateAbsence{"a", {.absent_from = "2099-01-01", .absent_until = "2099-01-02"}}}}) {
    const Prediction prediction = predict(unread, as(jane()), action, during);
    EXPECT_EQ(prediction.expectation, Expectation::unknown) << action.index();
    EXPECT_FALSE(prediction.outcome) << action.index();
  }
  EXPECT_EQ(predict(unread, as(jane()), Unclaim{{"series", 1}}, during).expectation,
            Expectation::unknown);
}

}  // namespace
}  // namespace sfluv::engine
