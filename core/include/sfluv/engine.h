// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sfluv/completion.h"
#include "sfluv/issue.h"
#include "sfluv/participation.h"
#include "sfluv/payout.h"
#include "sfluv/profile.h"
#include "sfluv/proposal.h"
#include "sfluv/series.h"
#include "sfluv/voting.h"

/// The state machine of a series: what an action does to it, or why it may not. The reference
/// server runs it as the authority; a client runs it on its cached copy to predict the verdict.
/// Pure: clock and ids come in, the changed series and what is left to do outside come out.
namespace sfluv::engine {

/// POST .../claim (seed 001, rulebook C3).
struct Claim {
  StepRef step;
};

/// POST .../start (seed 001, rulebook C4).
struct Start {
  StepRef step;
};

/// POST .../complete (seed 001, rulebook A2, A5, A6); also for a step that is not possible.
struct Complete {
  StepRef step;
  CompletionRequest request;
};

/// POST .../workflow-series/unclaim (seed 001, rulebook C6).
struct Unclaim {
  UnclaimRequest request;
};

/// POST .../absence-periods (seed 000, rulebook C5).
struct CreateAbsence {
  AbsenceRequest request;
};

/// PUT .../absence-periods/{id}.
struct UpdateAbsence {
  std::string absence_id;
  AbsenceRequest request;
};

/// DELETE .../absence-periods/{id}.
struct DeleteAbsence {
  std::string absence_id;
};

/// POST .../payout-request (seed 001, rulebook C9).
struct RequestPayout {
  StepRef step;
};

/// A supervisor asks for the retry of their own failed payout; its fields are documented (seed 002
/// `supervisor_retry_requested_at`), an endpoint is not.
struct RequestSupervisorPayout {
  std::string workflow_id;
};

/// A transfer came to its end; not an action of a person.
struct PayoutResult {
  Payout payout;
  PayoutOutcome outcome{};
};

using Action = std::variant<Claim, Start, Complete, Unclaim, CreateAbsence, UpdateAbsence,
                            DeleteAbsence, RequestPayout, RequestSupervisorPayout, PayoutResult>;

/// POST /proposers/workflows (seed 002, rulebook B). The series is the one that the request goes on
/// with, else an empty one, which becomes the new series.
struct Propose {
  ProposalRequest request;
};

/// POST /workflows/{id}/votes (rulebook C8).
struct CastVote {
  std::string workflow_id;
  VoteRequest request;
};

/// A voter looks at what is pending: live votes are decided then (rulebook C8).
struct CountVotes {};

/// An admin approves without a vote (seed 002 `admin_approve`).
struct ApproveAsAdmin {
  std::string workflow_id;
};

/// DELETE /proposers/workflows/{id} (seed 002).
struct DeleteProposal {
  std::string workflow_id;
};

/// Approved work is to be deleted, after a vote (seed 002 "deletion proposal"; no endpoint is
/// documented).
struct ProposeDeletion {
  DeletionRequest request;
};

struct VoteOnDeletion {
  std::string proposal_id;
  VoteRequest request;
};

/// How work comes into being and goes out of it again. Apart from the actions of those who do it, so
/// that a page for them need not carry what it never does.
using ProposalAction = std::variant<Propose, CastVote, CountVotes, ApproveAsAdmin, DeleteProposal,
                                    ProposeDeletion, VoteOnDeletion>;

/// Somebody who may get mail.
struct Recipient {
  std::string id;
  std::vector<std::string> credentials;
};

/// What an action is judged by, besides the series itself.
struct Facts {
  Caller caller;
  Profile profile;
  UploadLimits limits;
  bool has_payout_service = false;  ///< without one nothing is ever tried (rulebook C9)
  bool step_is_elsewhere = false;   ///< see Circumstances
  /// What the caller has uploaded ahead for the step; nothing where that is not known.
  std::optional<std::vector<SubmissionPhoto>> staged_photos;
  std::vector<Recipient> improvers;  ///< whom the documents' availability mail may reach
  Electorate electorate;             ///< of votes and admins' approvals
  ProposalContext proposals;         ///< of a proposal
  std::string new_ids;               ///< random text that names of new things are made of
};

/// A mail to send after the commit (seed 000 "Side Effects").
struct Mail {
  enum class Kind : std::uint8_t { step_available, option_chosen };

  Kind kind{};
  std::string user_id;  ///< of step_available
  std::string address;  ///< of option_chosen: a notify_email
  std::string workflow_id;
  std::string step_id;
  std::string item_id;
  std::string dropdown_value;

  bool operator==(const Mail&) const = default;
};

/// What is left to do outside. A payout's end comes back as a PayoutResult, whose effects hold the
/// next one.
struct Effects {
  std::vector<Mail> mails;
  std::optional<Payout> payout;
};

/// What the answer of some operations says besides the workflow.
struct Counts {
  std::int64_t released = 0;
  std::int64_t skipped = 0;
};

struct Applied {
  Series series;
  Delta delta;
  Effects effects;
  std::optional<Counts> counts;    ///< of unclaim and absences
  std::optional<Absence> absence;  ///< as created or updated
  std::string created_id;          ///< of a proposal: the workflow; of one to delete: the proposal
  std::vector<SubmissionPhoto> photos;
  std::vector<StoredPhoto> photo_sources;  ///< parallel to `photos`: where each is in the request
};

/// All issues of a refusal, in the order in which the live server looks.
using Refusal = std::vector<Issue>;

/// As the authority: whoever calls this knows the whole series. `now_s`: Unix seconds.
[[nodiscard]] std::expected<Applied, Refusal> apply(const Series& series, const Facts& facts,
                                                    const Action& action, std::int64_t now_s);
[[nodiscard]] std::expected<Applied, Refusal> apply(const Series& series, const Facts& facts,
                                                    const ProposalAction& action,
                                                    std::int64_t now_s);

enum class Expectation : std::uint8_t { allowed, refused, unknown };

[[nodiscard]] std::string_view to_string(Expectation expectation);

/// What a server will say, as far as this device can know. `unknown` never blocks the person.
struct Prediction {
  Expectation expectation{};
  std::vector<Issue> issues;       ///< of `refused`
  std::vector<Fact> missing;       ///< of `unknown`
  std::optional<Applied> outcome;  ///< the expected state, unless refused
};

[[nodiscard]] Prediction predict(const Series& series, const Facts& facts, const Action& action,
                                 std::int64_t now_s);

}  // namespace sfluv::engine
