// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sfluv/participation.h"
#include "sfluv/series.h"

/// What becomes of a proposal: votes, their quorum and their end, deletion (seed 002, rulebook C8).
namespace sfluv {

/// What a vote depends on besides its ballots: only a server knows.
struct Electorate {
  std::int64_t voters = 0;  ///< who may vote, admins included; 0 where that is not known
  /// What is there to be promised. Without a payout service there is nothing, and no approval.
  std::optional<Amount> unallocated_funds;
  bool voter_is_looking = false;  ///< live: without one votes are not looked at
};

/// "approve" or "deny", trimmed and in any case.
[[nodiscard]] std::optional<Choice> choice_from(std::string_view text);

/// Body of POST /workflows/{id}/votes.
struct VoteRequest {
  std::string decision;
};

/// Error: `body_not_decodable`.
[[nodiscard]] Outcome<VoteRequest> read_vote_request(std::string_view body);

/// So many votes must have been cast before the 24 hours begin: half of the voters, rounded up.
[[nodiscard]] std::int64_t quorum_threshold(std::int64_t voters);

[[nodiscard]] Review review_vote(const Series& series, std::string_view workflow_id,
                                 const VoteRequest& request);

/// An admin's approval needs no quorum, but funds.
[[nodiscard]] Review review_admin_approval(const Series& series, const Caller& caller,
                                           std::string_view workflow_id,
                                           const Electorate& electorate);

/// DELETE /proposers/workflows/{id}: the proposer's own.
[[nodiscard]] Review review_deletion(const Series& series, const Caller& caller,
                                     std::string_view workflow_id, const Profile& profile);

/// A wish that approved work be deleted; one of several occurrences cannot go alone.
struct DeletionRequest {
  std::string workflow_id;
  bool whole_series = false;
  std::string reason;
};

[[nodiscard]] Review review_deletion_proposal(const Series& series, const DeletionRequest& request);
[[nodiscard]] Review review_deletion_vote(const Series& series, std::string_view proposal_id,
                                          const VoteRequest& request);

/// Records a vote; an earlier one of the same person is changed.
void cast(Series& series, Ballot ballot);

/// Decides what the votes decide by now: an early majority of all who may vote, or the 24 hours after
/// the quorum, where a tie is a no. What has no funds stays pending.
void count_votes(Series& series, const Profile& profile, const Electorate& electorate,
                 std::int64_t now_s, Delta& delta);

/// What has become due, as an authority sees it: votes that are over are decided and proposals that
/// nobody decided expire (rulebook C8), then what `catch_up` of any series does.
[[nodiscard]] CaughtUp catch_up(Series series, const Profile& profile, std::int64_t now_s,
                                IdSource ids, const Electorate& electorate);

/// Makes a pending workflow approved. `by`: the admin who did it without a vote.
void approve(Workflow& workflow, std::string_view decision, std::optional<std::string> by,
             const Profile& profile, std::int64_t now_s);

/// The same in its series: it is `blocked` behind an occurrence that it has to wait for, else open
/// if its time has come; of a series that it goes on with it is the definition from now on.
void approve(Series& series, Workflow& workflow, std::string_view decision,
             std::optional<std::string> by, const Profile& profile, std::int64_t now_s,
             Delta& delta);

/// Deletes what a deletion proposal is about.
void carry_out(Series& series, DeletionProposal& proposal, std::string_view decision,
               std::int64_t now_s, Delta& delta);

/// Seed 002 WorkflowVotes, for this viewer. `voters` as in Electorate.
[[nodiscard]] WorkflowVotes votes_of(const Series& series, std::string_view subject_id,
                                     const VoteState& vote, std::int64_t voters,
                                     std::string_view viewer_id);

/// What of `balance` is not promised yet: approved work that is not paid out counts, a recurring
/// series with one week of it.
[[nodiscard]] Amount unallocated_funds(const Amount& balance, std::span<const Series> series);

}  // namespace sfluv
