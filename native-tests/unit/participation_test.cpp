// SPDX-License-Identifier: MIT
#include "sfluv/participation.h"

#include <gtest/gtest.h>

#include "series_fixture.h"

namespace sfluv {
namespace {

using namespace fixture;

using Codes = std::vector<std::string>;

Codes codes(const Review& review) {
  Codes all;
  for (const Issue& issue : review.issues) all.emplace_back(to_string(issue.code));
  return all;
}

Circumstances now(const Profile& profile = live_profile(), std::int64_t now_s = during) {
  return {.profile = profile, .limits = {}, .now_s = now_s};
}

Codes claim(const Series& series, const Caller& caller, const StepRef& ref,
            const Circumstances& circumstances = now()) {
  return codes(review_claim(series, caller, ref, circumstances));
}

Step& step(Series& series, std::int64_t order) {
  return *series.occurrences[0].find_step("s" + std::to_string(order));
}

// Rulebook C3, line by line.
TEST(ReviewClaim, EachReason) {
  EXPECT_EQ(claim(park(), jane(), at(1)), Codes{});
  EXPECT_EQ(claim(park(), jane(), at(1, "elsewhere")), Codes{"not_found"});
  EXPECT_EQ(claim(park(), jane(), at(9)), Codes{"not_found"});
  EXPECT_EQ(claim(park(), {.id = "sam", .credentials = {{"dpw_certified"}}}, at(1)),
            Codes{"already_in_workflow"});
  EXPECT_EQ(claim(park(), lena(), at(1)), Codes{"missing_credentials"});
  Series series = park();
  series.occurrences[0].status = WorkflowStatus::blocked;
  EXPECT_EQ(claim(series, jane(), at(1)), Codes{"workflow_not_active"});
  series = park();
  step(series, 1).assigned_improver_id = "omar";
  EXPECT_EQ(claim(series, jane(), at(1)), (Codes{"step_already_claimed", "role_already_claimed"}));
  EXPECT_EQ(claim(series, jane(), at(2)),
            (Codes{"step_not_available_yet", "role_already_claimed"}));
  EXPECT_EQ(claim(series, omar(), at(3)), (Codes{"already_in_workflow", "step_not_available_yet"}));
  series = park();
  step(series, 1).role_id.reset();
  EXPECT_EQ(claim(series, jane(), at(1)), Codes{"step_without_role"});
  step(series, 1).role_id = "nobody";
  EXPECT_EQ(claim(series, jane(), at(1)), Codes{"role_without_credentials"});
  series = park();
  step(series, 1).status = StepStatus::in_progress;
  EXPECT_EQ(claim(series, jane(), at(1)), Codes{"step_not_claimable"});
}

// Admins pass role checks, not credential checks.
TEST(ReviewClaim, AnAdminNeedsTheCredentialsToo) {
  EXPECT_EQ(claim(park(), {.id = "root", .is_admin = true}, at(1)), Codes{"missing_credentials"});
}

TEST(ReviewClaim, AllIssuesInTheServersOrder) {
  Series series = park();
  series.occurrences[0].status = WorkflowStatus::expired;
  step(series, 2).assigned_improver_id = "omar";
  EXPECT_EQ(claim(series, lena(), at(2)),
            (Codes{"workflow_not_active", "step_already_claimed", "step_not_available_yet",
                   "role_already_claimed", "missing_credentials"}));
}

TEST(ReviewClaim, AStepOfAnotherWorkflow) {
  Series series = park();
  Workflow other = park_workflow();
  other.id = "other";
  for (Step& one : other.steps) one.id = "o" + one.id;
  series.occurrences.push_back(other);
  EXPECT_EQ(claim(series, jane(), {"w", "os1"}), Codes{"step_of_other_workflow"});
  Circumstances circumstances = now();
  circumstances.step_is_elsewhere = true;
  EXPECT_EQ(claim(park(), jane(), at(9), circumstances), Codes{"step_of_other_workflow"});
}

// Seed 000 "Step status must be available".
TEST(ReviewClaim, ALockedStepThatMayUnlock) {
  Series series = park();
  step(series, 1).status = StepStatus::locked;
  EXPECT_EQ(claim(series, jane(), at(1)), Codes{});
  EXPECT_EQ(claim(series, jane(), at(1), now(documents_profile())),
            Codes{"step_not_available_yet"});
  EXPECT_EQ(claim(series, jane(), at(1), now(live_profile(), start_at - 1)),
            Codes{"step_not_available_yet"});
}

TEST(ReviewClaim, AnAbsenceCountsWhereWorkRecurs) {
  const Absence away{.id = "a",
                     .improver_id = "jane",
                     .step_order = 1,
                     .absent_from = start_at,
                     .absent_until = start_at + 1};
  Series series = park();
  series.absences = {away};
  EXPECT_EQ(claim(series, jane(), at(1)), Codes{"in_absence"});
  EXPECT_EQ(claim(series, omar(), at(1)), Codes{});
  series.absences[0].absent_until = start_at;  // half-open
  EXPECT_EQ(claim(series, jane(), at(1)), Codes{});
  Series once = park("one_time");
  once.absences = {away};
  EXPECT_EQ(claim(once, jane(), at(1)), Codes{});
}

TEST(ReviewClaim, WhatIsNotKnownIsNamedAndNoRefusal) {
  Series series = park();
  series.absences_are_known = false;
  Caller nameless = jane();
  nameless.credentials.reset();
  const Review review = review_claim(series, nameless, at(1), now());
  EXPECT_TRUE(review.issues.empty());
  EXPECT_EQ(review.missing, (std::vector<Fact>{Fact::absences, Fact::credentials}));
  series.occurrences_are_known = false;
  EXPECT_EQ(review_claim(series, jane(), at(1, "unread"), now()).missing,
            std::vector<Fact>{Fact::occurrences});
  series.occurrences[0].steps.clear();  // a list card
  EXPECT_EQ(review_claim(series, jane(), at(1), now()).missing, std::vector<Fact>{Fact::steps});
}

TEST(ReviewStart, EachReason) {
  const auto start = [](const Series& series, const Caller& caller, const StepRef& ref) {
    return codes(review_start(series, caller, ref, now()));
  };
  Series series = park();
  EXPECT_EQ(start(series, jane(), at(1)), Codes{"not_assigned"});
  step(series, 1).assigned_improver_id = "jane";
  step(series, 2).assigned_improver_id = "jane";
  EXPECT_EQ(start(series, jane(), at(1)), Codes{});
  EXPECT_EQ(start(series, jane(), at(2)), Codes{"step_not_available_yet"});
  step(series, 1).status = StepStatus::completed;
  EXPECT_EQ(start(series, jane(), at(1)), Codes{"step_already_completed"});
  EXPECT_EQ(start(series, jane(), at(2)), Codes{});  // may unlock now
  series.occurrences[0].status = WorkflowStatus::completed;
  EXPECT_EQ(start(series, omar(), at(1)),
            (Codes{"workflow_not_active", "not_assigned", "step_already_completed"}));
}

TEST(ReviewComplete, StateComesBeforeTheAnswers) {
  Series series = park();
  EXPECT_EQ(codes(review_complete(series, jane(), at(1), {}, now())),
            (Codes{"not_assigned", "item_missing"}));
  step(series, 1).assigned_improver_id = "jane";
  EXPECT_EQ(codes(review_complete(series, jane(), at(1), text_for(1), now())), Codes{});
}

TEST(ReviewComplete, StagedPhotosAreLookedAtWhereTheyAreKnown) {
  Series series = park();
  step(series, 1).assigned_improver_id = "jane";
  CompletionRequest request = text_for(1);
  request.items[0].photo_ids = {"p1", "p2"};
  const auto review = [&](const std::vector<SubmissionPhoto>* staged) {
    Circumstances circumstances = now();
    circumstances.staged_photos = staged;
    return review_complete(series, jane(), at(1), request, circumstances);
  };
  EXPECT_EQ(codes(review(nullptr)), Codes{});  // a client does not know
  std::vector<SubmissionPhoto> staged{{.id = "p1", .item_id = "i1"}, {.id = "p2", .item_id = "i2"}};
  const Review of_another_item = review(&staged);
  EXPECT_EQ(codes(of_another_item), Codes{"photo_id_unknown"});
  EXPECT_EQ(of_another_item.issues[0].path, "/items/0/photo_ids");
  EXPECT_EQ(of_another_item.issues[0].params,
            (std::vector<Param>{{"item_id", "i1"}, {"photo_id", "p2"}}));
  staged[1].item_id = "i1";
  EXPECT_EQ(codes(review(&staged)), Codes{});
}

TEST(ReviewPhotoUpload, LikeAStartAndAnItemOfTheStep) {
  Series series = park();
  const auto upload = [&](std::int64_t order, std::string_view item) {
    return codes(review_photo_upload(series, jane(), at(order), item, now()));
  };
  EXPECT_EQ(upload(1, "i1"), Codes{"not_assigned"});
  step(series, 1).assigned_improver_id = "jane";
  EXPECT_EQ(upload(1, "i1"), Codes{});
  EXPECT_EQ(upload(1, "i2"), Codes{"item_unknown"});
  EXPECT_EQ(upload(9, "i1"), Codes{"not_found"});
  step(series, 1).status = StepStatus::completed;
  EXPECT_EQ(upload(1, "i1"), Codes{"step_already_completed"});
}

TEST(ReviewPayoutRequest, AllReasonsAreOne) {
  Series series = park();
  Step& done = step(series, 1);
  done.assigned_improver_id = "jane";
  done.status = StepStatus::completed;
  EXPECT_EQ(codes(review_payout_request(series, jane(), at(1))), Codes{"no_failed_payout"});
  done.payout_error = "transfer failed";
  EXPECT_EQ(codes(review_payout_request(series, jane(), at(1))), Codes{});
  EXPECT_EQ(codes(review_payout_request(series, omar(), at(1))), Codes{"no_failed_payout"});
  EXPECT_EQ(codes(review_payout_request(series, jane(), at(1, "x"))), Codes{"no_failed_payout"});
  done.bounty = Amount{};
  EXPECT_EQ(codes(review_payout_request(series, jane(), at(1))), Codes{"no_failed_payout"});
  series.occurrences_are_known = false;
  EXPECT_EQ(review_payout_request(series, jane(), at(1, "x")).missing,
            std::vector<Fact>{Fact::occurrences});
}

TEST(ReviewPayoutRequest, OfACardNothingIsKnown) {
  Series card{.id = "series", .occurrences = {{.id = "w"}}, .occurrences_are_known = false};
  const Review review = review_payout_request(card, jane(), at(1));
  EXPECT_TRUE(review.issues.empty());
  EXPECT_EQ(review.missing, std::vector<Fact>{Fact::steps});
}

TEST(ReviewUnclaim, EachReason) {
  const auto unclaim = [](const Series& series, std::string id, std::int64_t order) {
    return codes(review_unclaim(series, jane(), {std::move(id), order}));
  };
  Series series = park();
  EXPECT_EQ(unclaim(series, " ", 0), (Codes{"series_blank", "step_order_invalid"}));
  EXPECT_EQ(unclaim(series, "series", 1), Codes{"no_recurring_claim"});
  step(series, 1).assigned_improver_id = "jane";
  EXPECT_EQ(unclaim(series, "series", 2), Codes{});  // of the same bundle
  EXPECT_EQ(unclaim(series, "series", 3), Codes{"no_recurring_claim"});
  step(series, 1).status = StepStatus::in_progress;
  EXPECT_EQ(unclaim(series, "series", 1), Codes{"nothing_releasable"});
  step(series, 1).status = StepStatus::completed;
  EXPECT_EQ(unclaim(series, "series", 1), Codes{"no_recurring_claim"});
  Series once = park("one_time");
  step(once, 1).assigned_improver_id = "jane";
  EXPECT_EQ(unclaim(once, "series", 1), Codes{"no_recurring_claim"});
  once.occurrences_are_known = false;
  EXPECT_EQ(review_unclaim(once, jane(), {"series", 1}).missing,
            std::vector<Fact>{Fact::occurrences});
}

AbsenceRequest from_until(std::string from, std::string until) {
  return {.series_id = "series",
          .step_order = 1,
          .absent_from = std::move(from),
          .absent_until = std::move(until)};
}

Codes absence(const Series& series, const AbsenceRequest& request,
              const Profile& profile = live_profile()) {
  return codes(review_absence(series, jane(), request, now(profile)));
}

TEST(ReviewAbsence, EachReason) {
  Series series = park();
  step(series, 1).assigned_improver_id = "jane";
  EXPECT_EQ(absence(series, from_until("2024-04-01", "2024-04-02")), Codes{});
  EXPECT_EQ(absence(series, from_until("2024-04-01", "2024-04-01")), Codes{});  // one whole day
  EXPECT_EQ(absence(series, from_until("2024-04-02", "2024-04-01")), Codes{"range_empty"});
  EXPECT_EQ(absence(series, from_until("soon", "")), (Codes{"date_invalid", "date_invalid"}));
  EXPECT_EQ(absence(park(), from_until("2024-04-01", "2024-04-02")), Codes{"no_recurring_claim"});
  AbsenceRequest nowhere = from_until("2024-04-01", "2024-04-02");
  nowhere.series_id = " ";
  nowhere.step_order = -1;
  EXPECT_EQ(absence(series, nowhere), (Codes{"series_blank", "step_order_invalid"}));
}

// Seed 000: "both in future".
TEST(ReviewAbsence, TheFutureAsDocumented) {
  Series series = park();
  step(series, 1).assigned_improver_id = "jane";
  const auto past = from_until("2024-03-15", "2024-03-16");
  EXPECT_EQ(absence(series, past), Codes{});
  EXPECT_EQ(absence(series, past, documents_profile()), Codes{"absence_not_in_future"});
  EXPECT_EQ(absence(series, from_until("2024-03-15T11:00:00Z", "2024-03-16"), documents_profile()),
            Codes{"absence_not_in_future"});  // now is not the future
  EXPECT_EQ(absence(series, from_until("2024-03-15T11:00:01Z", "2024-03-16"), documents_profile()),
            Codes{});
}

TEST(ReviewAbsence, OverlapsWithMineOnlyAndTouchingIsNone) {
  Series series = park();
  step(series, 1).assigned_improver_id = "jane";
  const std::int64_t april = 1'711'929'600;  // 2024-04-01
  series.absences = {{.id = "a",
                      .improver_id = "jane",
                      .step_order = 1,
                      .absent_from = april,
                      .absent_until = april + day},
                     {.id = "b",
                      .improver_id = "omar",
                      .step_order = 1,
                      .absent_from = 0,
                      .absent_until = INT64_MAX},
                     {.id = "c",
                      .improver_id = "jane",
                      .step_order = 2,
                      .absent_from = 0,
                      .absent_until = INT64_MAX}};
  EXPECT_EQ(absence(series, from_until("2024-03-31", "2024-03-31")), Codes{});
  EXPECT_EQ(absence(series, from_until("2024-04-02", "2024-04-02")), Codes{});
  EXPECT_EQ(absence(series, from_until("2024-03-31", "2024-04-01T00:00:01Z")),
            Codes{"absence_overlap"});
  EXPECT_EQ(codes(review_absence_update(series, jane(), "a", from_until("2024-04-01", "2024-04-03"),
                                        now())),
            Codes{});
  EXPECT_EQ(codes(review_absence_update(series, omar(), "a", from_until("2024-04-01", "2024-04-03"),
                                        now())),
            Codes{"not_found"});
}

TEST(ReviewAbsence, ASubstituteHoldsIt) {
  Series series = park();
  series.absences = {{.id = "a",
                      .improver_id = "jane",
                      .step_order = 1,
                      .absent_from = start_at,
                      .absent_until = start_at + 1}};
  EXPECT_EQ(codes(review_absence_deletion(series, jane(), "a")), Codes{});
  step(series, 1).assigned_improver_id = "omar";
  EXPECT_EQ(codes(review_absence_deletion(series, jane(), "a")), Codes{"replacement_claimed"});
  EXPECT_EQ(codes(review_absence_update(series, jane(), "a", from_until("2024-05-01", "2024-05-03"),
                                        now())),
            Codes{"replacement_claimed"});
  series.occurrences[0].status = WorkflowStatus::skipped;
  EXPECT_EQ(codes(review_absence_deletion(series, jane(), "a")), Codes{});
  series.absences_are_known = false;
  EXPECT_EQ(review_absence_deletion(series, jane(), "unread").missing,
            std::vector<Fact>{Fact::absences});
}

TEST(ReadRequests, TypesAreChecked) {
  EXPECT_EQ(read_unclaim_request(R"({"series_id":"s","step_order":2})")->step_order, 2);
  EXPECT_EQ(read_unclaim_request(R"({"Series_ID":"s"})")->series_id, "s");
  EXPECT_FALSE(read_unclaim_request(R"({"step_order":"2"})"));
  EXPECT_FALSE(read_unclaim_request(""));
  EXPECT_FALSE(read_unclaim_request("[]"));
  EXPECT_EQ(read_absence_request(R"({"absent_from":"a","absent_until":null})")->absent_from, "a");
  EXPECT_EQ(read_absence_request(R"({"absent_from":5})").error().path, "/absent_from");
}

// Rulebook A8.4, C14.
TEST(Access, WhoMayCall) {
  const auto answer = [](const Account* account, Audience audience) {
    const auto issue = check_access(account, audience);
    return issue ? std::string{to_string(issue->code)} : "";
  };
  const Account nobody;
  const Account improver{.is_improver = true};
  const Account gone{.is_active = false, .is_improver = true, .is_admin = true};
  const Account silent{.policy_accepted = false, .is_improver = true};
  const Account admin{.is_admin = true};
  EXPECT_EQ(answer(nullptr, Audience::anybody), "forbidden");
  EXPECT_EQ(answer(&nobody, Audience::anybody), "");
  EXPECT_EQ(answer(&nobody, Audience::participant), "forbidden");
  EXPECT_EQ(answer(&nobody, Audience::improver), "forbidden");
  EXPECT_EQ(answer(&improver, Audience::improver), "");
  EXPECT_EQ(answer(&improver, Audience::participant), "");
  EXPECT_EQ(answer(&improver, Audience::proposer), "forbidden");
  EXPECT_EQ(answer(&improver, Audience::voter), "forbidden");
  EXPECT_EQ(answer(&gone, Audience::anybody), "forbidden");
  EXPECT_EQ(answer(&silent, Audience::improver), "policy_not_accepted");
  EXPECT_EQ(answer(&admin, Audience::improver), "");
}

TEST(Visibility, OfASubmission) {
  Workflow workflow = park_workflow();
  workflow.steps[0].assigned_improver_id = "jane";
  workflow.steps[0].submission = Submission{.improver_id = "jane"};
  workflow.steps[2].assigned_improver_id = "omar";
  const auto sees = [&](const Caller& caller, const Profile& profile) {
    return may_see_submission(caller, workflow, workflow.steps[0], profile);
  };
  for (const Profile* const profile : {&documents_profile(), &live_profile()}) {
    EXPECT_TRUE(sees(jane(), *profile));
    EXPECT_TRUE(sees({.id = "sam"}, *profile));
    EXPECT_TRUE(sees({.id = "root", .is_admin = true}, *profile));
    EXPECT_FALSE(sees(lena(), *profile));
  }
  EXPECT_FALSE(sees(omar(), documents_profile()));
  EXPECT_TRUE(sees(omar(), live_profile()));
}

}  // namespace
}  // namespace sfluv
