// SPDX-License-Identifier: MIT
#include "sfluv/voting.h"

#include <gtest/gtest.h>

#include "sfluv/discovery.h"
#include "sfluv/http_status.h"

#include "proposal_fixture.h"

namespace sfluv::engine {
namespace {

using namespace fixture;
using Names = std::vector<std::string>;

// A vote of several people, some of whom may look at it from time to time.
class Vote {
 public:
  explicit Vote(std::int64_t voters, Profile profile = {}, std::string recurrence = "weekly")
      : voters_(voters), profile_(profile), series_(proposed(std::move(recurrence), profile)) {}

  // "a" and "d" of voters v1, v2, ..., one hour apart.
  Vote& cast(std::string_view ballots) {
    for (const char c : ballots) vote("v" + std::to_string(++cast_), c == 'a' ? "approve" : "deny");
    return *this;
  }
  Names vote(const std::string& voter, std::string decision) {
    look(true);
    return run({.id = voter}, CastVote{id(), {std::move(decision)}});
  }
  Names run(Caller caller, const auto& action) {
    Facts facts = with_voters(std::move(caller), voters_, profile_);
    facts.electorate.unallocated_funds = funds;
    const auto applied = apply(series_, facts, action, now_s);
    if (!applied) return named(applied.error());
    series_ = applied->series;
    return {};
  }
  void look(bool as_voter = false) {
    const Electorate electorate{voters_, funds, as_voter};
    series_ = catch_up(series_, profile_, now_s, {.entropy = "up"}, electorate).series;
  }
  Vote& wait(std::int64_t seconds) {
    now_s += seconds;
    return *this;
  }

  [[nodiscard]] const Workflow& workflow() const { return series_.occurrences[0]; }
  [[nodiscard]] std::string id() const { return workflow().id; }
  [[nodiscard]] std::string status() const { return workflow().status.text; }
  [[nodiscard]] const Series& series() const { return series_; }
  [[nodiscard]] WorkflowVotes votes(std::string_view viewer = "") const {
    return votes_of(series_, id(), workflow().vote, voters_, viewer);
  }

  std::int64_t now_s = proposed_at + hour;
  std::optional<Amount> funds = Amount{1'000'000};

 private:
  std::int64_t voters_;
  Profile profile_;
  Series series_;
  int cast_ = 0;
};

TEST(Quorum, HalfOfTheVotersRoundedUp) {
  EXPECT_EQ(quorum_threshold(10), 5);
  EXPECT_EQ(quorum_threshold(9), 5);
  EXPECT_EQ(quorum_threshold(1), 1);
  EXPECT_FALSE(Vote(0).cast("a").votes().quorum_reached);  // nobody may vote: never
}

TEST(Vote, ShowsWhatTheDocumentsShow) {  // seed 002's second example
  Vote vote{10};
  vote.cast("aaaad");
  const WorkflowVotes votes = vote.votes("v5");
  EXPECT_EQ(votes.approve, 4);
  EXPECT_EQ(votes.deny, 1);
  EXPECT_EQ(votes.votes_cast, 5);
  EXPECT_EQ(votes.total_voters, 10);
  EXPECT_TRUE(votes.quorum_reached);
  EXPECT_EQ(votes.quorum_threshold, 5);
  EXPECT_EQ(votes.quorum_reached_at, vote.now_s);
  EXPECT_EQ(votes.finalize_at, vote.now_s + day);
  EXPECT_EQ(votes.my_decision, "deny");
  EXPECT_EQ(vote.votes("v6").my_decision, std::nullopt);
  EXPECT_EQ(vote.status(), "pending");
}

TEST(Vote, AMajorityOfAllEndsItEarly) {
  EXPECT_EQ(Vote(5).cast("aaa").status(), "approved");
  EXPECT_EQ(Vote(5).cast("ddd").status(), "rejected");
  EXPECT_EQ(Vote(4).cast("aa").status(), "pending");  // 2 of 4 are no majority
  EXPECT_EQ(Vote(4).cast("aaa").workflow().vote.decision, "approve");
}

TEST(Vote, IsFinal24HoursAfterTheQuorumAndATieIsANo) {
  for (const auto& [ballots, result] :
       {std::pair{"aaaad", "approved"}, std::pair{"addaad", "rejected"},
        std::pair{"adadd", "rejected"}}) {
    Vote vote{12};
    vote.cast(ballots).cast("a");
    vote.look();
    const std::int64_t finalize_at = *vote.workflow().vote.finalize_at;
    vote.now_s = finalize_at - 1;
    vote.look();
    EXPECT_EQ(vote.status(), "pending") << ballots;
    vote.now_s = finalize_at;
    vote.look();
    EXPECT_EQ(vote.workflow().vote.finalized_at, finalize_at);
    EXPECT_EQ(vote.status(), vote.votes().approve > vote.votes().deny ? "approved" : "rejected")
        << result;
  }
  Vote tie{4};
  tie.cast("ad").wait(day).look();
  EXPECT_EQ(tie.status(), "rejected");
}

TEST(Vote, CanBeChangedWhileItIsPending) {
  Vote vote{5};
  EXPECT_EQ(vote.vote("v1", "approve"), Names{});
  EXPECT_EQ(vote.vote("v1", " DENY "), Names{});
  EXPECT_EQ(vote.votes().votes_cast, 1);
  EXPECT_EQ(vote.votes("v1").my_decision, "deny");
  vote.vote("v2", "deny");
  vote.vote("v3", "deny");
  EXPECT_EQ(vote.vote("v1", "approve"), Names{"workflow_not_pending "});
  EXPECT_EQ(vote.status(), "rejected");
}

TEST(Vote, TheQuorumsSecondIsNeverReset) {
  Vote vote{6};
  vote.cast("aad");
  const auto reached = vote.workflow().vote.quorum_reached_at;
  vote.wait(hour).vote("v3", "approve");
  vote.wait(hour).cast("d");
  EXPECT_EQ(vote.workflow().vote.quorum_reached_at, reached);
}

TEST(Vote, IsRefusedInTheLiveServersOrder) {
  Vote vote{5};
  EXPECT_EQ(vote.vote("v1", "yes"), Names{"decision_invalid /decision"});
  EXPECT_EQ(vote.run({.id = "v1"}, CastVote{"nowhere", {""}}),
            (Names{"decision_invalid /decision", "not_found "}));
  EXPECT_EQ(http_status(Operation::vote, Code::decision_invalid, {}), 400);
  EXPECT_EQ(http_status(Operation::vote, Code::workflow_not_pending, {}), 409);
  EXPECT_EQ(read_vote_request(R"({"decision":1})").error().code, Code::body_not_decodable);
}

// Rulebook C8: what comes after the 24 hours counts in the live system when nobody has looked yet.
TEST(Vote, ALateVoteCountsOnlyInTheLiveSystem) {
  for (const Profile& profile : {documents_profile(), live_profile()}) {
    Vote vote{6, profile};
    vote.cast("aad").wait(day + 50);
    const Names refusal = vote.vote("v4", "deny");
    const bool is_live = profile.counts_votes_when_voters_look;
    EXPECT_EQ(refusal, is_live ? Names{} : Names{"workflow_not_pending "}) << profile.name;
    EXPECT_EQ(vote.status(), is_live ? "rejected" : "approved") << profile.name;
  }
}

TEST(Vote, LiveOnlyVotersMoveIt) {
  Vote vote{6, live_profile()};
  vote.cast("aad").wait(day).look();
  EXPECT_EQ(vote.status(), "pending");
  EXPECT_EQ(vote.run({.id = "v5"}, CountVotes{}), Names{});
  EXPECT_EQ(vote.status(), "approved");
  Vote stale{6, live_profile()};
  stale.wait(14 * day).look();
  EXPECT_EQ(stale.status(), "pending");
  stale.look(true);
  EXPECT_EQ(stale.status(), "expired");
}

TEST(Vote, ExpiresAfter14Days) {
  Vote vote{3};
  vote.now_s = proposed_at + 14 * day - 1;
  vote.look();
  EXPECT_EQ(vote.status(), "pending");
  vote.wait(1).look();
  EXPECT_EQ(vote.status(), "expired");
  EXPECT_EQ(vote.workflow().vote.decision, std::nullopt);
  EXPECT_EQ(vote.vote("v1", "approve"), Names{"workflow_not_pending "});
}

// Whatever is due first happens, whenever somebody looks; live the expiry wins.
TEST(Vote, ADecisionThatWasDueBeforeTheExpiryIsMadeLate) {
  for (const Profile& profile : {documents_profile(), live_profile()}) {
    Vote vote{6, profile};
    vote.now_s = proposed_at + 12 * day;
    vote.cast("aad").wait(3 * day).look(true);
    EXPECT_EQ(vote.status(), profile.counts_votes_when_voters_look ? "expired" : "approved");
  }
  Vote late{6};
  late.now_s = proposed_at + 13 * day + hour;  // its 24 hours end after the 14 days
  late.cast("aad").wait(3 * day).look();
  EXPECT_EQ(late.status(), "expired");
}

TEST(Approval, NeedsFundsForAWeek) {
  Vote vote{1};
  vote.funds = Amount{149};
  vote.cast("a");
  EXPECT_EQ(vote.status(), "pending");
  vote.funds = Amount{150};
  vote.look();
  EXPECT_EQ(vote.status(), "approved");
  Vote without_service{1};
  without_service.funds.reset();
  EXPECT_EQ(without_service.cast("a").status(), "pending");
  Vote denied{1};
  denied.funds.reset();
  EXPECT_EQ(denied.cast("d").status(), "rejected");
}

TEST(Approval, DeductsABudget) {
  Vote weekly{1};
  weekly.cast("a");
  EXPECT_EQ(weekly.workflow().budget_weekly_deducted, Amount{150});
  EXPECT_EQ(weekly.workflow().budget_one_time_deducted, Amount{});
  Vote once{1, {}, "one_time"};
  once.cast("a");
  EXPECT_EQ(once.workflow().budget_weekly_deducted, Amount{});
  EXPECT_EQ(once.workflow().budget_one_time_deducted, Amount{150});
  Vote live{1, live_profile()};
  live.cast("a");
  EXPECT_EQ(live.workflow().budget_weekly_deducted, Amount{});
  EXPECT_EQ(Vote(1).cast("d").workflow().budget_weekly_deducted, Amount{});
}

TEST(Approval, TheFirstStepOpensWhenItsTimeHasCome) {
  Vote early{1};
  EXPECT_EQ(early.cast("a").workflow().steps[0].status, StepStatus::locked);
  Vote late{1};
  late.now_s = start_at;
  EXPECT_EQ(late.cast("a").workflow().steps[0].status, StepStatus::available);
  EXPECT_EQ(late.workflow().approved_at, start_at);
}

TEST(Approval, AnAdminNeedsNoQuorumButFunds) {
  Vote vote{10};
  EXPECT_EQ(vote.run(jane(), ApproveAsAdmin{vote.id()}), Names{"forbidden "});
  vote.funds = Amount{1};
  EXPECT_EQ(vote.run(admin(), ApproveAsAdmin{vote.id()}), Names{"funds_insufficient "});
  EXPECT_EQ(http_status(Operation::approve, Code::funds_insufficient, {}), 409);
  vote.funds = Amount{150};
  EXPECT_EQ(vote.run(admin(), ApproveAsAdmin{vote.id()}), Names{});
  EXPECT_EQ(vote.status(), "approved");
  EXPECT_EQ(vote.workflow().vote.decision, "admin_approve");
  EXPECT_EQ(vote.workflow().vote.finalized_by_user_id, "adm");
  EXPECT_EQ(vote.workflow().vote.quorum_reached_at, std::nullopt);
  EXPECT_EQ(vote.run(admin(), ApproveAsAdmin{vote.id()}), Names{"workflow_not_pending "});
}

TEST(Funds, WhatIsPromisedOnceIsNotPromisedAgain) {
  Vote vote{1};
  vote.cast("a");
  std::vector<Series> all{vote.series(), proposed()};  // one approved, one pending
  EXPECT_EQ(unallocated_funds(Amount{400}, all), Amount{250});
  EXPECT_EQ(unallocated_funds(Amount{100}, all), Amount{});
  all[0].occurrences.push_back(all[0].occurrences[0]);  // a successor is the same week's money
  EXPECT_EQ(unallocated_funds(Amount{400}, all), Amount{250});
  for (Workflow& workflow : all[0].occurrences) workflow.status = WorkflowStatus::paid_out;
  EXPECT_EQ(unallocated_funds(Amount{400}, all), Amount{400});
}

TEST(DeleteProposal, OnlyMineAndOnlyPending) {
  Vote vote{1};
  EXPECT_EQ(vote.run(jane(), DeleteProposal{vote.id()}), Names{"not_found "});
  EXPECT_EQ(vote.run(paula(), DeleteProposal{"nowhere"}), Names{"not_found "});
  EXPECT_EQ(vote.run(paula(), DeleteProposal{vote.id()}), Names{});
  EXPECT_EQ(vote.status(), "deleted");
  EXPECT_EQ(vote.run(paula(), DeleteProposal{vote.id()}), Names{"not_deletable "});
  EXPECT_EQ(http_status(Operation::remove, Code::not_deletable, {}), 400);
}

TEST(DeleteProposal, LiveWhatEndedToo) {
  for (const Profile& profile : {documents_profile(), live_profile()}) {
    Vote vote{1, profile};
    vote.cast("d");
    EXPECT_EQ(vote.run(paula(), DeleteProposal{vote.id()}),
              profile.deletes_what_ended ? Names{} : Names{"not_deletable "});
    Vote approved{1, profile};
    approved.cast("a");
    EXPECT_EQ(approved.run(paula(), DeleteProposal{approved.id()}), Names{"not_deletable "});
  }
}

TEST(Deletion, IsVotedOnAndCarried) {
  Vote vote{3, {}, "one_time"};
  EXPECT_EQ(vote.run(paula(), ProposeDeletion{{.workflow_id = vote.id()}}),
            Names{"workflow_not_active "});
  vote.cast("aa");
  ASSERT_EQ(vote.status(), "approved");
  const DeletionRequest wish{.workflow_id = vote.id(), .reason = " gone "};
  EXPECT_EQ(vote.run(paula(), ProposeDeletion{wish}), Names{});
  EXPECT_EQ(vote.run(paula(), ProposeDeletion{wish}), Names{"deletion_already_proposed "});
  const std::string proposal = vote.series().deletions[0].id;
  EXPECT_EQ(vote.series().deletions[0].reason, "gone");
  EXPECT_EQ(vote.run({.id = "v1"}, VoteOnDeletion{proposal, {"approve"}}), Names{});
  EXPECT_EQ(vote.status(), "approved");
  EXPECT_EQ(vote.run({.id = "v2"}, VoteOnDeletion{proposal, {"approve"}}), Names{});
  EXPECT_EQ(vote.status(), "deleted");
  EXPECT_EQ(vote.series().deletions[0].status, "approved");
  EXPECT_EQ(vote.run({.id = "v3"}, VoteOnDeletion{proposal, {"approve"}}),
            Names{"workflow_not_pending "});
  EXPECT_EQ(vote.run({.id = "v3"}, VoteOnDeletion{"nowhere", {"no"}}),
            (Names{"decision_invalid /decision", "not_found "}));
  // Readable by id, by its status; a deleted workflow takes no work and makes no successor.
  vote.wait(30 * day).look();
  EXPECT_EQ(vote.series().occurrences.size(), 1u);
  EXPECT_EQ(vote.run(jane(), Claim{{vote.id(), vote.workflow().steps[0].id}})[0],
            "workflow_not_active ");
}

TEST(Deletion, OfASeriesTakesAllOfIt) {
  Vote vote{1};
  vote.cast("a");
  EXPECT_EQ(vote.run(paula(), ProposeDeletion{{.workflow_id = vote.id()}}),
            Names{"deletion_needs_series "});
  EXPECT_EQ(vote.run(paula(), ProposeDeletion{{.workflow_id = vote.id(),
                                               .whole_series = true,
                                               .reason = std::string(2001, 'x')}}),
            Names{"reason_too_long /reason"});
  EXPECT_EQ(vote.run(paula(), ProposeDeletion{{.workflow_id = vote.id(), .whole_series = true}}),
            Names{});
  vote.run({.id = "v1"}, VoteOnDeletion{vote.series().deletions[0].id, {"deny"}});
  EXPECT_EQ(vote.series().deletions[0].status, "denied");
  EXPECT_EQ(vote.status(), "approved");
  vote.run(paula(), ProposeDeletion{{.workflow_id = vote.id(), .whole_series = true}});
  vote.run({.id = "v1"}, VoteOnDeletion{vote.series().deletions[1].id, {"approve"}});
  EXPECT_EQ(vote.status(), "deleted");
}

TEST(Deletion, NeedsNoVoteWhereTheProposerSupervises) {
  Facts facts = with_voters(paula(), 3);
  ProposalRequest request = proposal("one_time");
  request.supervisor = {.user_id = "paula", .bounty = Amount{}};
  Series series = apply({}, facts, Propose{request}, proposed_at)->series;
  series.occurrences[0].status = WorkflowStatus::approved;
  const auto applied =
      apply(series, facts, ProposeDeletion{{.workflow_id = series.occurrences[0].id}}, during);
  EXPECT_EQ(applied->series.occurrences[0].status, WorkflowStatus::deleted);
  EXPECT_TRUE(applied->delta.votes);
}

TEST(Propose, MakesASeriesOrGoesOnWithOne) {
  Facts facts = with_voters(paula(), 1);
  const auto first = apply({}, facts, Propose{proposal()}, proposed_at);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->series.id, first->series.occurrences[0].series_id);
  EXPECT_EQ(first->created_id, first->series.occurrences[0].id);
  EXPECT_EQ(first->delta.changed, std::vector<std::string>{first->created_id});
  EXPECT_EQ(first->series.recurrence, "weekly");
  ASSERT_TRUE(first->series.definition);

  facts.proposals.own_series = {{.id = first->series.id, .recurrence = "weekly"}};
  facts.new_ids = "second";
  ProposalRequest next = proposal();
  next.series_id = first->series.id;
  next.title = "Park, better";
  next.start_at = "2024-03-29T10:00:00Z";
  const auto second = apply(first->series, facts, Propose{next}, proposed_at);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->series.occurrences.size(), 2u);
  EXPECT_EQ(second->series.definition->title, "Park");  // until it is approved
  EXPECT_FALSE(second->delta.definition);
}

// Seed 002 `blocked`: it awaits the payout of the occurrence before it, and lets go after that.
TEST(Propose, OnceApprovedItIsTheDefinitionAndWaitsForThePayoutBefore) {
  Facts facts = with_voters(paula(), 1);
  Series series = apply({}, facts, Propose{proposal()}, proposed_at)->series;
  series =
      apply(series, facts, CastVote{series.occurrences[0].id, {"approve"}}, proposed_at)->series;
  facts.proposals.own_series = {{.id = series.id, .recurrence = "weekly"}};
  facts.new_ids = "second";
  ProposalRequest next = proposal();
  next.series_id = series.id;
  next.title = "Park, better";
  next.start_at = "2024-03-16T10:00:00Z";
  series = apply(series, facts, Propose{next}, proposed_at)->series;
  const std::string id = series.occurrences[1].id;
  const auto approved = apply(series, facts, CastVote{id, {"approve"}}, proposed_at);
  EXPECT_TRUE(approved->delta.definition);
  series = approved->series;
  EXPECT_EQ(series.definition->title, "Park, better");
  EXPECT_EQ(series.occurrences[1].status, WorkflowStatus::blocked);
  EXPECT_EQ(series.occurrences[1].blocked_by_workflow_id, series.occurrences[0].id);
  series.occurrences[0].status = WorkflowStatus::paid_out;
  series = catch_up(series, {}, start_at + day, {.entropy = "up"}).series;
  EXPECT_EQ(series.find(id)->status, WorkflowStatus::approved);
  EXPECT_EQ(series.find(id)->steps[0].status, StepStatus::available);
}

TEST(Propose, AProposalThatFailsDoesNotStopTheSeries) {
  Series series = park();
  Workflow wish = park_workflow();
  wish.id = "wish";
  wish.start_at = start_at + 2 * day;
  wish.status = WorkflowStatus::expired;
  series.occurrences[0].status = WorkflowStatus::paid_out;
  series.occurrences.push_back(wish);
  series = catch_up(series, {}, start_at + week, {.entropy = "up"}).series;
  ASSERT_EQ(series.occurrences.size(), 3u);
  EXPECT_EQ(series.occurrences[2].start_at, start_at + week);
}

TEST(Lists, OfProposersAndVoters) {
  Series deleted = proposed();
  deleted.occurrences[0].status = WorkflowStatus::deleted;
  Series later = proposed();
  later.occurrences[0].start_at += day;
  later.occurrences[0].created_at += 1;
  Series other = proposed();
  other.occurrences[0].proposer_id = "somebody";
  const std::vector<Series> all{proposed(), deleted, later, other};
  const auto id = [&](std::size_t i) { return all[i].occurrences[0].id; };
  EXPECT_EQ(pending_workflows(all), (Names{id(2), id(0), id(3)}));
  EXPECT_EQ(proposed_workflows(all, paula(), {}), (Names{id(2), id(0), id(1)}));
  EXPECT_EQ(proposed_workflows(all, paula(), live_profile()), (Names{id(2), id(0)}));
}

}  // namespace
}  // namespace sfluv::engine
