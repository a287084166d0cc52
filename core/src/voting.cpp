// SPDX-License-Identifier: MIT
#include "sfluv/voting.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sfluv/calendar.h"
#include "sfluv/limits.h"

#include "request_reader.h"
#include "review.h"
#include "text.h"

namespace sfluv {
namespace {

constexpr std::array<std::string_view, 2> choices{"approve", "deny"};
constexpr std::int64_t cooling_s = 24 * 60 * 60;
constexpr std::int64_t expiry_s = 14 * 24 * 60 * 60;

struct Tally {
  std::int64_t approve = 0;
  std::int64_t deny = 0;
};

Tally tally(const Series& series, std::string_view subject_id) {
  Tally tally;
  for (const Ballot& ballot : series.ballots) {
    if (ballot.subject_id != subject_id) continue;
    ++(ballot.choice == Choice::approve ? tally.approve : tally.deny);
  }
  return tally;
}

bool has_quorum(const Tally& tally, std::int64_t voters) {
  return voters > 0 && tally.approve + tally.deny >= quorum_threshold(voters);
}

// What the votes say by now, or nothing yet.
std::optional<Choice> decision_of(const Tally& tally, const VoteState& vote, std::int64_t voters,
                                  std::int64_t now_s) {
  if (voters <= 0) return std::nullopt;
  const std::int64_t majority = voters / 2 + 1;
  if (tally.approve >= majority) return Choice::approve;
  if (tally.deny >= majority) return Choice::deny;
  if (!has_quorum(tally, voters) || !vote.finalize_at || now_s < *vote.finalize_at)
    return std::nullopt;
  return tally.approve > tally.deny ? Choice::approve : Choice::deny;
}

void finalize(VoteState& vote, std::optional<std::string> decision, std::optional<std::string> by,
              std::int64_t now_s) {
  vote.finalized_at = now_s;
  vote.decision = std::move(decision);
  vote.finalized_by_user_id = std::move(by);
}

// True when the quorum was reached just now.
bool note_quorum(VoteState& vote, const Tally& tally, std::int64_t voters, std::int64_t now_s) {
  if (vote.quorum_reached_at || !has_quorum(tally, voters)) return false;
  vote.quorum_reached_at = now_s;
  vote.finalize_at = now_s + cooling_s;
  return true;
}

bool has_funds(const Workflow& workflow, const Electorate& electorate) {
  return electorate.unallocated_funds &&
         *electorate.unallocated_funds >= workflow.weekly_bounty_requirement;
}

bool is_pending(const Workflow& workflow) { return workflow.status == WorkflowStatus::pending; }
bool is_pending(const DeletionProposal& proposal) { return proposal.status == "pending"; }

// One vote under way, about a workflow or about its deletion.
struct Count {
  Series& series;
  const Profile& profile;
  const Electorate& electorate;
  std::int64_t now_s;
  Delta& delta;

  void touch(Workflow& workflow) const { sfluv::touch(workflow, now_s, delta); }
  void touch(DeletionProposal& proposal) const {
    proposal.updated_at = now_s;
    delta.votes = true;
  }

  void settle(Workflow& workflow, Choice choice) const {
    if (choice == Choice::approve) {
      if (!has_funds(workflow, electorate)) return;
      return approve(series, workflow, to_string(choice), std::nullopt, profile, now_s, delta);
    }
    workflow.status = WorkflowStatus::rejected;
    finalize(workflow.vote, std::string{to_string(choice)}, std::nullopt, now_s);
    touch(workflow);
  }
  void settle(DeletionProposal& proposal, Choice choice) const {
    if (choice == Choice::approve)
      return carry_out(series, proposal, to_string(choice), now_s, delta);
    proposal.status = "denied";
    finalize(proposal.vote, std::string{to_string(choice)}, std::nullopt, now_s);
    touch(proposal);
  }

  void count(auto& subject) const {
    const Tally votes = tally(series, subject.id);
    if (note_quorum(subject.vote, votes, electorate.voters, now_s)) touch(subject);
    const auto choice = decision_of(votes, subject.vote, electorate.voters, now_s);
    if (choice) settle(subject, *choice);
  }

  void expire(Workflow& workflow) const {
    workflow.status = WorkflowStatus::expired;
    finalize(workflow.vote, std::nullopt, std::nullopt, now_s);
    touch(workflow);
  }
  void expire(DeletionProposal& proposal) const {
    proposal.status = "expired";
    finalize(proposal.vote, std::nullopt, std::nullopt, now_s);
    touch(proposal);
  }

  // As documented, whatever is due first happens; live votes only expire, if a voter looks.
  void catch_up(auto& subject) const {
    const std::int64_t expires_at = subject.created_at + expiry_s;
    const std::int64_t due_at = std::min(now_s, subject.vote.finalize_at.value_or(now_s));
    if (!profile.counts_votes_when_voters_look && due_at < expires_at) count(subject);
    if (is_pending(subject) && now_s >= expires_at) expire(subject);
  }
};

// Calls `accept` for each subject of a vote that is under way.
void for_each_pending(Series& series, auto&& accept) {
  for (Workflow& workflow : series.occurrences) {
    if (is_pending(workflow)) accept(workflow);
  }
  for (DeletionProposal& proposal : series.deletions) {
    if (is_pending(proposal)) accept(proposal);
  }
}

void require_choice(const VoteRequest& request, Review& review) {
  if (choice_from(request.decision)) return;
  refuse(review, Code::decision_invalid, "/decision").with("value", request.decision);
}

void require_pending(const Workflow& workflow, Review& review) {
  if (is_pending(workflow)) return;
  refuse(review, Code::workflow_not_pending).with("status", workflow.status.text);
}

bool is_deletable(const Workflow& workflow, const Profile& profile) {
  if (is_pending(workflow)) return true;
  constexpr std::array ended{WorkflowStatus::rejected, WorkflowStatus::expired,
                             WorkflowStatus::failed, WorkflowStatus::skipped};
  return profile.deletes_what_ended &&
         std::ranges::find(ended, workflow.status.known) != ended.end();
}

// The last occurrence before this one that it has to wait for.
const Workflow* blocker_of(const Series& series, const Workflow& workflow, const Profile& profile) {
  const Workflow* blocker = nullptr;
  for (const Workflow& earlier : series.occurrences) {
    if (earlier.start_at >= workflow.start_at || is_pending(earlier)) continue;
    if (!holds_back(earlier, profile)) continue;
    if (blocker == nullptr || blocker->start_at < earlier.start_at) blocker = &earlier;
  }
  return blocker;
}

// Approved and not paid out yet.
bool is_promised(const Workflow& workflow) {
  return is_ahead(workflow) || workflow.status == WorkflowStatus::completed;
}

}  // namespace

std::string_view to_string(Choice choice) { return choices[static_cast<std::size_t>(choice)]; }

std::optional<Choice> choice_from(std::string_view text) {
  const auto name = std::ranges::find(choices, text::to_ascii_lower(text::trim(text)));
  if (name == choices.end()) return std::nullopt;
  return static_cast<Choice>(name - choices.begin());
}

Outcome<VoteRequest> read_vote_request(std::string_view body) {
  return read_request<VoteRequest>(body, [](json::Fields& fields, const json::Value& root) {
    return VoteRequest{fields.string(root, "", "decision")};
  });
}

std::int64_t quorum_threshold(std::int64_t voters) { return (voters + 1) / 2; }

Review review_vote(const Series& series, std::string_view workflow_id, const VoteRequest& request) {
  Review review;
  require_choice(request, review);
  const Workflow* const workflow = find_workflow(series, workflow_id, review);
  if (workflow != nullptr) require_pending(*workflow, review);
  return review;
}

Review review_admin_approval(const Series& series, const Caller& caller,
                             std::string_view workflow_id, const Electorate& electorate) {
  Review review;
  if (!caller.is_admin) refuse(review, Code::forbidden);
  const Workflow* const workflow = find_workflow(series, workflow_id, review);
  if (workflow == nullptr) return review;
  require_pending(*workflow, review);
  if (!has_funds(*workflow, electorate)) refuse(review, Code::funds_insufficient);
  return review;
}

Review review_deletion(const Series& series, const Caller& caller, std::string_view workflow_id,
                       const Profile& profile) {
  Review review;
  const Workflow* const workflow = find_workflow(series, workflow_id, review);
  if (workflow == nullptr) return review;
  if (workflow->proposer_id != caller.id) {
    refuse(review, Code::not_found).with("what", "workflow");
  } else if (!is_deletable(*workflow, profile)) {
    refuse(review, Code::not_deletable).with("status", workflow->status.text);
  }
  return review;
}

Review review_deletion_proposal(const Series& series, const DeletionRequest& request) {
  Review review;
  const std::string_view reason = text::trim(request.reason);
  if (reason.size() > limits::deletion_reason_bytes_max) {
    refuse(review, Code::reason_too_long, "/reason")
        .with("bytes", std::ssize(reason))
        .with("bytes_max", limits::deletion_reason_bytes_max);
  }
  const Workflow* const workflow = find_workflow(series, request.workflow_id, review);
  if (workflow == nullptr) return review;
  if (!is_promised(*workflow)) {
    refuse(review, Code::workflow_not_active).with("status", workflow->status.text);
  }
  if (!request.whole_series && (series.is_recurring() || series.occurrences.size() > 1)) {
    refuse(review, Code::deletion_needs_series);
  }
  const std::string target = request.whole_series ? "" : request.workflow_id;
  const bool is_proposed =
      std::ranges::any_of(series.deletions, [&](const DeletionProposal& other) {
        return is_pending(other) && other.workflow_id == target;
      });
  if (is_proposed) refuse(review, Code::deletion_already_proposed);
  return review;
}

Review review_deletion_vote(const Series& series, std::string_view proposal_id,
                            const VoteRequest& request) {
  Review review;
  require_choice(request, review);
  const auto proposal = std::ranges::find(series.deletions, proposal_id, &DeletionProposal::id);
  if (proposal == series.deletions.end()) {
    refuse(review, Code::not_found).with("what", "deletion");
  } else if (!is_pending(*proposal)) {
    refuse(review, Code::workflow_not_pending).with("status", proposal->status);
  }
  return review;
}

void cast(Series& series, Ballot ballot) {
  std::erase_if(series.ballots, [&](const Ballot& old) {
    return old.subject_id == ballot.subject_id && old.voter_id == ballot.voter_id;
  });
  series.ballots.push_back(std::move(ballot));
}

void count_votes(Series& series, const Profile& profile, const Electorate& electorate,
                 std::int64_t now_s, Delta& delta) {
  const Count count{series, profile, electorate, now_s, delta};
  for_each_pending(series, [&](auto& subject) { count.count(subject); });
}

CaughtUp catch_up(Series series, const Profile& profile, std::int64_t now_s, IdSource ids,
                  const Electorate& electorate) {
  Delta delta;
  if (!profile.counts_votes_when_voters_look || electorate.voter_is_looking) {
    const Count count{series, profile, electorate, now_s, delta};
    for_each_pending(series, [&](auto& subject) { count.catch_up(subject); });
  }
  CaughtUp result = catch_up(std::move(series), profile, now_s, std::move(ids));
  result.delta.definition |= delta.definition;
  result.delta.votes |= delta.votes;
  std::vector<std::string>& changed = result.delta.changed;
  for (std::string& id : delta.changed) {
    if (std::ranges::find(changed, id) == changed.end()) changed.push_back(std::move(id));
  }
  return result;
}

void approve(Workflow& workflow, std::string_view decision, std::optional<std::string> by,
             const Profile& profile, std::int64_t now_s) {
  finalize(workflow.vote, std::string{decision}, std::move(by), now_s);
  workflow.approved_at = now_s;
  workflow.status = WorkflowStatus::approved;
  if (profile.leaves_budgets_zero) return;
  const bool is_once =
      calendar::recurrence_from(workflow.recurrence) == calendar::Recurrence::one_time;
  (is_once ? workflow.budget_one_time_deducted : workflow.budget_weekly_deducted) =
      workflow.weekly_bounty_requirement;
}

void approve(Series& series, Workflow& workflow, std::string_view decision,
             std::optional<std::string> by, const Profile& profile, std::int64_t now_s,
             Delta& delta) {
  approve(workflow, decision, std::move(by), profile, now_s);
  if (const Workflow* const blocker = blocker_of(series, workflow, profile)) {
    workflow.status = WorkflowStatus::blocked;
    workflow.is_start_blocked = true;
    workflow.blocked_by_workflow_id = blocker->id;
  }
  (void)unlock_first_step(workflow, now_s);
  touch(workflow, now_s, delta);
  if (series.definition && series.definition->id != workflow.id) {
    series.definition = workflow;
    series.recurrence_end_at = workflow.recurrence_end_at;
    delta.definition = true;
  }
}

void carry_out(Series& series, DeletionProposal& proposal, std::string_view decision,
               std::int64_t now_s, Delta& delta) {
  for (Workflow& workflow : series.occurrences) {
    if (!proposal.workflow_id.empty() && workflow.id != proposal.workflow_id) continue;
    if (workflow.status == WorkflowStatus::deleted) continue;
    workflow.status = WorkflowStatus::deleted;
    touch(workflow, now_s, delta);
  }
  proposal.status = "approved";
  proposal.updated_at = now_s;
  finalize(proposal.vote, std::string{decision}, std::nullopt, now_s);
  delta.votes = true;
}

WorkflowVotes votes_of(const Series& series, std::string_view subject_id, const VoteState& vote,
                       std::int64_t voters, std::string_view viewer_id) {
  const Tally votes = tally(series, subject_id);
  WorkflowVotes shown{.approve = votes.approve,
                      .deny = votes.deny,
                      .votes_cast = votes.approve + votes.deny,
                      .total_voters = voters,
                      .quorum_reached = has_quorum(votes, voters),
                      .quorum_threshold = quorum_threshold(voters),
                      .quorum_reached_at = vote.quorum_reached_at,
                      .finalize_at = vote.finalize_at,
                      .finalized_at = vote.finalized_at,
                      .decision = vote.decision,
                      .my_decision = std::nullopt};
  for (const Ballot& ballot : series.ballots) {
    if (ballot.subject_id == subject_id && ballot.voter_id == viewer_id)
      shown.my_decision = to_string(ballot.choice);
  }
  return shown;
}

Amount unallocated_funds(const Amount& balance, std::span<const Series> series) {
  Amount rest = balance;
  for (const Series& one : series) {
    Amount promised;
    for (const Workflow& workflow : one.occurrences) {
      if (is_promised(workflow)) promised = std::max(promised, workflow.weekly_bounty_requirement);
    }
    rest = rest.minus(promised).value_or(Amount{});
  }
  return rest;
}

}  // namespace sfluv
