// SPDX-License-Identifier: MIT
// How work comes into being: proposals, votes about them, and deletion.
#include "engine_work.h"
#include "text.h"

namespace sfluv::engine {
namespace {

void count_votes(Work& work) {
  sfluv::count_votes(work.series(), work.facts.profile, work.facts.electorate, work.now_s,
                     work.out.delta);
}

void vote(Work& work, const std::string& subject_id, const VoteRequest& request) {
  cast(work.series(), {.subject_id = subject_id,
                       .voter_id = work.facts.caller.id,
                       .choice = *choice_from(request.decision),
                       .cast_at = work.now_s});
  work.out.delta.votes = true;
  count_votes(work);
}

// Rulebook B1, B3.
void perform(Work& work, const Propose& propose) {
  const Facts& facts = work.facts;
  const ProposalVerdict verdict =
      check_proposal(propose.request, facts.proposals, facts.profile, work.now_s, work.ids);
  const Workflow& workflow = verdict.workflow;
  Series& series = work.series();
  if (series.id.empty()) {
    series.id = workflow.series_id;
    series.recurrence = workflow.recurrence;
    series.recurrence_end_at = workflow.recurrence_end_at;
    series.definition = workflow;
  }
  series.occurrences.push_back(workflow);
  work.out.created_id = workflow.id;
  if (needs_no_vote(workflow)) {
    approve(series, series.occurrences.back(), to_string(Choice::approve), std::nullopt,
            facts.profile, work.now_s, work.out.delta);
  } else {
    work.touch(series.occurrences.back());
  }
}

void perform(Work& work, const CastVote& cast) { vote(work, cast.workflow_id, cast.request); }

void perform(Work& work, const CountVotes&) { count_votes(work); }

void perform(Work& work, const ApproveAsAdmin& approval) {
  approve(work.series(), *work.series().find(approval.workflow_id), "admin_approve",
          work.facts.caller.id, work.facts.profile, work.now_s, work.out.delta);
}

void perform(Work& work, const DeleteProposal& deletion) {
  Workflow& workflow = *work.series().find(deletion.workflow_id);
  workflow.status = WorkflowStatus::deleted;
  work.touch(workflow);
}

// Who supervises their own work need not ask (rulebook C8).
void perform(Work& work, const ProposeDeletion& wish) {
  const Workflow& workflow = *work.series().find(wish.request.workflow_id);
  const bool needs_no_vote = workflow.supervisor_user_id == workflow.proposer_id;
  DeletionProposal& proposal = work.series().deletions.emplace_back();
  proposal.id = work.ids.next("deletion");
  if (!wish.request.whole_series) proposal.workflow_id = wish.request.workflow_id;
  proposal.requested_by_user_id = work.facts.caller.id;
  proposal.reason = text::trim(wish.request.reason);
  proposal.created_at = proposal.updated_at = work.now_s;
  work.out.created_id = proposal.id;
  work.out.delta.votes = true;
  if (needs_no_vote) {
    carry_out(work.series(), proposal, to_string(Choice::approve), work.now_s, work.out.delta);
  }
}

void perform(Work& work, const VoteOnDeletion& cast) { vote(work, cast.proposal_id, cast.request); }

struct Reviewer {
  const Series& series;
  const Facts& facts;
  std::int64_t now_s;

  Review operator()(const Propose& action) const {
    ProposalVerdict verdict = check_proposal(action.request, facts.proposals, facts.profile, now_s,
                                             {.entropy = facts.new_ids});
    return {.issues = std::move(verdict.issues), .missing = {}};
  }
  Review operator()(const CastVote& action) const {
    return review_vote(series, action.workflow_id, action.request);
  }
  Review operator()(const CountVotes&) const { return {}; }
  Review operator()(const ApproveAsAdmin& action) const {
    return review_admin_approval(series, facts.caller, action.workflow_id, facts.electorate);
  }
  Review operator()(const DeleteProposal& action) const {
    return review_deletion(series, facts.caller, action.workflow_id, facts.profile);
  }
  Review operator()(const ProposeDeletion& action) const {
    return review_deletion_proposal(series, action.request);
  }
  Review operator()(const VoteOnDeletion& action) const {
    return review_deletion_vote(series, action.proposal_id, action.request);
  }
};

}  // namespace

std::expected<Applied, Refusal> apply(const Series& series, const Facts& facts,
                                      const ProposalAction& action, std::int64_t now_s) {
  Review review = std::visit(Reviewer{series, facts, now_s}, action);
  if (!review.issues.empty()) return std::unexpected(std::move(review.issues));
  Work work = begin(series, facts, now_s);
  std::visit([&](const auto& known) { perform(work, known); }, action);
  return std::move(work.out);
}

}  // namespace sfluv::engine
