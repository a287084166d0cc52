// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/issue.h"
#include "sfluv/profile.h"
#include "sfluv/series.h"
#include "sfluv/workflow.h"

/// May a proposal become a workflow, and which one would it be? Seed 002 "Create Workflow", rulebook
/// B: everything about POST /proposers/workflows that can be known before it is sent.
namespace sfluv {

/// A bounty as sent, or why it is none: `bounty_invalid`, `amount_too_large` (256 bits).
using Bounty = std::expected<Amount, Code>;

/// The body as sent: nothing is trimmed yet, and ratios and dates are still texts. Of an option's
/// members `value` and `notify_email_count` mean nothing.
struct ProposedItem {
  std::string title;
  std::string description;
  bool optional = false;
  bool requires_photo = false;
  bool camera_capture_only = false;
  std::int64_t photo_required_count = 0;
  bool photo_allow_any_count = false;
  std::string photo_aspect_ratio;
  bool requires_written_response = false;
  bool requires_dropdown = false;
  std::vector<DropdownOption> dropdown_options;
};

struct ProposedStep {
  std::string title;
  std::string description;
  Bounty bounty;
  std::string role_client_id;
  bool allow_step_not_possible = false;
  std::vector<ProposedItem> work_items;
};

struct ProposedRole {
  std::string client_id;
  std::string title;
  std::vector<std::string> required_credentials;
};

struct ProposedSupervisor {
  std::string user_id;
  Bounty bounty;
};

struct ProposalRequest {
  std::string title;
  std::string description;
  std::string recurrence;
  std::string start_at;
  std::string recurrence_end_at;  ///< live
  std::string series_id;
  std::optional<ProposedSupervisor> supervisor;
  std::vector<SupervisorDataField> supervisor_data_fields;  ///< live
  std::vector<ProposedRole> roles;
  std::vector<ProposedStep> steps;
};

/// Error: `body_not_decodable` {reason, ...} at the place in the body.
[[nodiscard]] Outcome<ProposalRequest> read_proposal_request(std::string_view body);

/// The series that it wants to go on with, trimmed; empty for a new one.
[[nodiscard]] std::string_view series_named_in(const ProposalRequest& request);

/// Somebody who may be named as supervisor, because they were approved as one.
struct Supervisor {
  std::string user_id;
  std::optional<std::string> title;
  std::optional<std::string> organization;
};

/// A recurring series of the proposer, which a new workflow may go on with.
struct OwnSeries {
  std::string id;
  std::string recurrence;
};

/// What a proposal is judged by.
struct ProposalContext {
  std::string proposer_id;
  bool proposer_is_known = true;  ///< there is a record of them as a proposer
  bool proposer_is_approved = true;
  std::vector<Supervisor> supervisors;
  std::vector<std::string> credential_types;
  std::vector<OwnSeries> own_series;
};

/// What it costs (rulebook B2).
struct ProposalTotals {
  Amount total_bounty;
  Amount weekly_bounty_requirement;
};

/// All that is wrong, in the order in which the live server would find it, or the workflow as it
/// would be created: texts trimmed, values generated, totals summed (rulebook B1, B2).
struct ProposalVerdict {
  std::vector<Issue> issues;
  Workflow workflow;                     ///< pending, the series' id included
  std::optional<ProposalTotals> totals;  ///< whatever else is wrong, once all bounties are amounts

  [[nodiscard]] bool accepted() const { return issues.empty(); }
};

/// `ids` names what comes into being.
[[nodiscard]] ProposalVerdict check_proposal(const ProposalRequest& request,
                                             const ProposalContext& context, const Profile& profile,
                                             std::int64_t now_s, IdSource ids);

/// Work that costs nothing and that its proposer supervises is approved at once (rulebook B3).
[[nodiscard]] bool needs_no_vote(const Workflow& workflow);

/// What a week of it costs (rulebook B2): a daily total seven times, a monthly one a quarter, rounded
/// up. Nothing when that needs more than 256 bits.
[[nodiscard]] std::optional<Amount> weekly_requirement(const Amount& total,
                                                       std::string_view recurrence);

/// The value that a dropdown label gets (rulebook B.11): "50% done" is `50_done`. Empty when the
/// label holds no letter a-z and no digit.
[[nodiscard]] std::string option_value_of(std::string_view label);

}  // namespace sfluv
