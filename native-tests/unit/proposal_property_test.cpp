// SPDX-License-Identifier: MIT
// Random votes of a small town, and random proposals: whatever people do, these things hold.
#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "dice.h"
#include "proposal_fixture.h"

namespace sfluv::engine {
namespace {

using namespace fixture;

constexpr Amount balance{500};

class Town {
 public:
  Town(std::uint64_t seed, const Profile& profile) : dice_(seed), profile_(profile) {
    seed_ = std::to_string(seed);
    voters_ = 1 + dice_.below(9);
  }

  void live() {
    for (int i = 0; i < 80 && !testing::Test::HasFailure(); ++i) {
      if (dice_.below(3) == 0)
        now_s_ += dice_.below(2) == 0 ? dice_.below(hour) : dice_.below(3 * day);
      act(seed_ + "." + std::to_string(i));
      for (const Series& one : all_) expect_sound(one);
      expect_promises_kept();
    }
  }

  std::size_t approved = 0;
  std::size_t rejected = 0;
  std::size_t expired = 0;
  std::size_t short_of_funds = 0;

 private:
  [[nodiscard]] Electorate electorate() {
    return {.voters = voters_,
            .unallocated_funds = unallocated_funds(balance, all_),
            .voter_is_looking = dice_.below(2) == 0};
  }

  Facts facts(const std::string& entropy) {
    Facts facts = as(dice_.below(6) == 0 ? admin() : paula(), profile_);
    if (!facts.caller.is_admin && dice_.below(4) != 0)
      facts.caller.id = "v" + std::to_string(dice_.below(voters_));
    facts.electorate = electorate();
    facts.proposals = context();
    facts.new_ids = entropy;
    return facts;
  }

  void propose(const std::string& entropy) {
    constexpr const char* recurrences[] = {"one_time", "daily", "weekly", "monthly"};
    ProposalRequest request = proposal(recurrences[dice_.below(4)]);
    request.steps[0].bounty = Amount{static_cast<std::uint64_t>(dice_.below(60))};
    Facts by = facts(entropy);
    by.caller = paula();
    const auto applied = apply({}, by, Propose{request}, now_s_);
    ASSERT_TRUE(applied);
    all_.push_back(applied->series);
  }

  ProposalAction some_action(const Series& series) {
    const std::string id = series.occurrences[0].id;
    const char* const decision = dice_.below(5) == 0 ? "deny" : "approve";
    switch (dice_.below(12)) {
      case 0: return ApproveAsAdmin{id};
      case 1: return dice_.below(4) == 0 ? ProposalAction{DeleteProposal{id}} : CountVotes{};
      case 2: return ProposeDeletion{{.workflow_id = id, .whole_series = true}};
      case 3:
        if (!series.deletions.empty())
          return VoteOnDeletion{series.deletions.back().id, {decision}};
        [[fallthrough]];
      default: return CastVote{id, {decision}};
    }
  }

  void act(const std::string& entropy) {
    if (all_.empty() || dice_.below(10) == 0) return propose(entropy);
    Series& series = all_[static_cast<std::size_t>(dice_.below(std::ssize(all_)))];
    before_ = series;
    series = catch_up(series, profile_, now_s_, {.entropy = "up" + entropy}, electorate()).series;
    expect_no_way_back(series);
    before_ = series;
    const auto applied = apply(series, facts(entropy), some_action(series), now_s_);
    if (!applied) {
      const auto& issues = applied.error();
      short_of_funds += static_cast<std::size_t>(
          std::ranges::count(issues, Code::funds_insufficient, &Issue::code));
      return;
    }
    series = applied->series;
    expect_no_way_back(series);
  }

  // A vote is decided once, and its quorum's second stays.
  void expect_no_way_back(const Series& after) {
    for (const Workflow& old : before_.occurrences) {
      const Workflow* const now = after.find(old.id);
      if (now == nullptr) continue;  // surplus occurrences are tidied away
      if (old.vote.quorum_reached_at) {
        EXPECT_EQ(now->vote.quorum_reached_at, old.vote.quorum_reached_at);
        EXPECT_EQ(now->vote.finalize_at, *old.vote.quorum_reached_at + day);
      }
      if (old.vote.finalized_at) {
        EXPECT_EQ(now->vote.finalized_at, old.vote.finalized_at);
        EXPECT_EQ(now->vote.decision, old.vote.decision);
      }
      const bool was_pending = old.status == WorkflowStatus::pending;
      EXPECT_TRUE(was_pending || now->status != WorkflowStatus::pending);
      if (was_pending && now->status != WorkflowStatus::pending) expect_reason(after, *now);
    }
  }

  void expect_reason(const Series& series, const Workflow& workflow) {
    const WorkflowVotes votes = votes_of(series, workflow.id, workflow.vote, voters_, "");
    const bool is_over = workflow.vote.finalize_at && *workflow.vote.finalize_at <= now_s_;
    if (workflow.status == WorkflowStatus::approved && workflow.vote.decision == "approve") {
      ++approved;
      EXPECT_TRUE(2 * votes.approve > voters_ || (is_over && votes.approve > votes.deny));
      EXPECT_LE(workflow.weekly_bounty_requirement, balance);
    } else if (workflow.status == WorkflowStatus::rejected) {
      ++rejected;
      EXPECT_TRUE(2 * votes.deny > voters_ || (is_over && votes.approve <= votes.deny));
    } else if (workflow.status == WorkflowStatus::expired) {
      ++expired;
      EXPECT_GE(now_s_, workflow.created_at + 14 * day);
      EXPECT_FALSE(workflow.vote.decision);
    }
  }

  void expect_sound(const Series& series) const {
    std::set<std::pair<std::string, std::string>> cast;
    for (const Ballot& ballot : series.ballots)
      EXPECT_TRUE(cast.emplace(ballot.subject_id, ballot.voter_id).second) << "two votes of one";
    for (const Workflow& workflow : series.occurrences) {
      const WorkflowVotes votes = votes_of(series, workflow.id, workflow.vote, voters_, "");
      EXPECT_EQ(votes.approve + votes.deny, votes.votes_cast);
      EXPECT_EQ(votes.quorum_reached, votes.votes_cast >= votes.quorum_threshold);
      const bool is_pending = workflow.status == WorkflowStatus::pending;
      EXPECT_TRUE(!is_pending || !workflow.vote.finalized_at);
      const Amount deducted =
          std::max(workflow.budget_weekly_deducted, workflow.budget_one_time_deducted);
      EXPECT_TRUE(deducted == Amount{} || deducted == workflow.weekly_bounty_requirement);
      EXPECT_TRUE(deducted == Amount{} || (!is_pending && !profile_.leaves_budgets_zero));
    }
  }

  // Nothing is promised that is not there.
  void expect_promises_kept() const {
    Amount promised;
    for (const Series& one : all_)
      promised = *promised.plus(*balance.minus(unallocated_funds(balance, {&one, 1})));
    EXPECT_LE(promised, balance);
  }

  Dice dice_;
  Profile profile_;
  std::string seed_;
  std::int64_t voters_ = 0;
  std::int64_t now_s_ = proposed_at;
  std::vector<Series> all_;
  Series before_;
};

void live_many(const Profile& profile) {
  std::size_t approved = 0, rejected = 0, expired = 0, short_of_funds = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Town town{seed, profile};
    town.live();
    approved += town.approved;
    rejected += town.rejected;
    expired += town.expired;
    short_of_funds += town.short_of_funds;
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(approved, 200u);
  EXPECT_GT(rejected, 50u);
  EXPECT_GT(expired, 50u);
  EXPECT_GT(short_of_funds, 50u);
}

TEST(VoteProperties, HoldAsDocumented) { live_many(documents_profile()); }

TEST(VoteProperties, HoldLive) { live_many(live_profile()); }

// A request in which anything may be wrong: it is refused with a reason, or makes a whole workflow.
TEST(ProposalProperties, RefusedWithAReasonOrWhole) {
  std::size_t accepted = 0;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    Dice dice{seed};
    const auto rarely = [&] { return dice.below(25) == 0; };
    ProposalRequest request = proposal(rarely() ? "yearly" : "daily");
    if (rarely()) request.title = " ";
    if (rarely()) request.start_at = "2024-02-30T10:00";
    if (rarely()) request.roles.clear();
    if (rarely()) request.supervisor = {.user_id = "sam", .bounty = Amount{~0ull}};
    for (std::int64_t i = dice.below(4); i > 0; --i) request.steps.push_back(request.steps[0]);
    for (ProposedStep& step : request.steps) {
      if (rarely()) step.role_client_id = "x";
      if (rarely()) step.bounty = std::unexpected(Code::bounty_invalid);
      if (rarely()) step.work_items[0].requires_photo = false;
    }
    const ProposalVerdict verdict =
        checked(request, context(), dice.below(2) == 0 ? live_profile() : Profile{});
    if (!verdict.accepted()) continue;
    ++accepted;
    const Workflow& workflow = verdict.workflow;
    Amount total = workflow.supervisor_bounty;
    std::set<std::string> ids{workflow.id, workflow.series_id};
    for (const Role& role : workflow.roles) EXPECT_TRUE(ids.insert(role.id).second);
    for (const Step& step : workflow.steps) {
      total = *total.plus(step.bounty);
      EXPECT_TRUE(ids.insert(step.id).second);
      EXPECT_NE(workflow.find_role(*step.role_id), nullptr);
      for (const WorkItem& item : step.work_items) EXPECT_TRUE(ids.insert(item.id).second);
    }
    EXPECT_EQ(workflow.total_bounty, total);
    EXPECT_EQ(workflow.weekly_bounty_requirement, *total.times(7));
    EXPECT_EQ(write_workflow(*read_workflow(write_workflow(workflow, AmountStyle::number)),
                             AmountStyle::number),
              write_workflow(workflow, AmountStyle::number));
  }
  EXPECT_GT(accepted, 500u);
  EXPECT_LT(accepted, 2900u);
}

}  // namespace
}  // namespace sfluv::engine
