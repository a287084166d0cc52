// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/amount.h"
#include "sfluv/issue.h"

/// The documents of the API (seeds 001 and 002), as read from it. Reading is tolerant: unknown
/// fields and statuses are no error, absent and null fields take their defaults; a known field of a
/// wrong type is an error that says where.
namespace sfluv {

/// Seed 002 "Workflow Lifecycle", then the two that the live system adds (rulebook C1). What neither
/// knows is `other` and counts as not active.
enum class WorkflowStatus : std::uint8_t {
  other,
  pending,
  approved,
  rejected,
  expired,
  in_progress,
  completed,
  paid_out,
  blocked,
  deleted,
  skipped,
  failed
};

/// Seed 001 "Step Lifecycle".
enum class StepStatus : std::uint8_t { other, locked, available, in_progress, completed, paid_out };

/// Seed 001 `photo_aspect_ratio`.
enum class AspectRatio : std::uint8_t { square, vertical, horizontal };

[[nodiscard]] std::string_view to_string(WorkflowStatus status);
[[nodiscard]] std::string_view to_string(StepStatus status);
[[nodiscard]] std::string_view to_string(AspectRatio ratio);

/// A ratio that nobody knows is `square`, as where none is named (rulebook B.10).
[[nodiscard]] AspectRatio aspect_ratio_from(std::string_view text);

/// A status together with its text, which an unknown one keeps.
template <class Known>
struct Status {
  Known known{};
  std::string text;

  Status() = default;
  Status(Known status) : known(status), text(to_string(status)) {}  // NOLINT: a status is its text
  bool operator==(Known status) const { return known == status; }
  bool operator==(const Status&) const = default;
};

[[nodiscard]] Status<WorkflowStatus> workflow_status_from(std::string text);
[[nodiscard]] Status<StepStatus> step_status_from(std::string text);

/// Seed 001 WorkflowDropdownOption, and what the live system adds (rulebook A3.13).
struct DropdownOption {
  std::string value;
  std::string label;
  bool requires_written_response = false;
  bool requires_photo_attachment = false;  ///< live
  bool camera_capture_only = false;        ///< live; only with requires_photo_attachment
  std::string photo_instructions;          ///< live
  std::vector<std::string> notify_emails;
  std::int64_t notify_email_count = 0;
  std::string notify_email_subject;       ///< live
  bool send_pictures_with_email = false;  ///< live
};

/// Seed 001 WorkflowWorkItem: one thing that a step asks for.
struct WorkItem {
  std::string id;
  std::string step_id;
  std::int64_t item_order = 0;
  std::string title;
  std::string description;
  bool optional = false;
  bool requires_photo = false;
  bool camera_capture_only = false;
  std::int64_t photo_required_count = 1;
  bool photo_allow_any_count = false;
  AspectRatio photo_aspect_ratio = AspectRatio::square;
  bool requires_written_response = false;
  bool requires_dropdown = false;
  std::vector<DropdownOption> dropdown_options;
  std::vector<std::string>
      values_requiring_text;  ///< dropdown_requires_written_response: the true ones

  /// Exactly this many photos, never less than 1 (rulebook A3.5).
  [[nodiscard]] std::int64_t photos_required() const {
    return photo_required_count > 0 ? photo_required_count : 1;
  }
  /// Null: no choice. Of options with one value the last counts (rulebook A3.13).
  [[nodiscard]] const DropdownOption* find_option(std::string_view value) const;
};

/// Seed 001 WorkflowSubmissionPhoto.
struct SubmissionPhoto {
  std::string id;
  std::string workflow_id;
  std::string step_id;
  std::string item_id;
  std::string submission_id;
  std::string file_name;
  std::string content_type;
  std::int64_t size_bytes = 0;
  std::int64_t created_at = 0;
};

/// Seed 001 WorkflowStepItemResponse, as stored.
struct ItemResponse {
  std::string item_id;
  std::vector<std::string> photo_ids;
  std::vector<SubmissionPhoto> photos;
  std::string written_response;
  std::string dropdown_value;
};

/// Seed 001 WorkflowStepSubmission. Times are Unix seconds.
struct Submission {
  std::string id;
  std::string workflow_id;
  std::string step_id;
  std::string improver_id;
  bool step_not_possible = false;
  std::string step_not_possible_details;
  std::vector<ItemResponse> item_responses;
  std::int64_t submitted_at = 0;
  std::int64_t updated_at = 0;
};

/// Seed 001 WorkflowStep.
struct Step {
  std::string id;
  std::string workflow_id;
  std::int64_t step_order = 0;
  std::string title;
  std::string description;
  Amount bounty;
  bool allow_step_not_possible = false;
  std::optional<std::string> role_id;
  std::optional<std::string> assigned_improver_id;
  std::optional<std::string> assigned_improver_name;
  Status<StepStatus> status;
  std::optional<std::int64_t> started_at;
  std::optional<std::int64_t> completed_at;
  std::optional<std::string> payout_error;
  std::optional<std::int64_t> payout_last_try_at;
  std::optional<std::int64_t> retry_requested_at;
  std::optional<std::string> retry_requested_by;
  std::optional<Submission> submission;
  std::vector<WorkItem> work_items;
};

/// Seed 002 WorkflowRole.
struct Role {
  std::string id;
  std::string workflow_id;
  std::string title;
  std::vector<std::string> required_credentials;
};

/// How a vote stands (seed 002 `vote_*`, rulebook C8). Decisions: approve, deny, admin_approve.
struct VoteState {
  std::optional<std::int64_t> quorum_reached_at;  ///< set once, never reset
  std::optional<std::int64_t> finalize_at;        ///< 24 hours after the quorum
  std::optional<std::int64_t> finalized_at;
  std::optional<std::string> finalized_by_user_id;
  std::optional<std::string> decision;
};

/// Seed 002 WorkflowVotes: a vote as one person sees it.
struct WorkflowVotes {
  std::int64_t approve = 0;
  std::int64_t deny = 0;
  std::int64_t votes_cast = 0;
  std::int64_t total_voters = 0;
  bool quorum_reached = false;
  std::int64_t quorum_threshold = 0;
  std::optional<std::int64_t> quorum_reached_at;
  std::optional<std::int64_t> finalize_at;
  std::optional<std::int64_t> finalized_at;
  std::optional<std::string> decision;
  std::optional<std::string> my_decision;
};

/// What only the supervisor gets to read; the documents do not know it.
struct SupervisorDataField {
  std::string key;
  std::string value;
};

/// A step as a light card of the live system names it.
struct StepSummary {
  std::string id;
  std::int64_t step_order = 0;
  std::string title;
  Status<StepStatus> status;
};

/// Seed 002 Workflow. A list may hold cards instead: the same without roles and steps (seed 002
/// ActiveWorkflowListItem).
struct Workflow {
  std::string id;
  std::string series_id;
  std::string proposer_id;
  std::string title;
  std::string description;
  std::string recurrence;
  std::int64_t start_at = 0;
  Status<WorkflowStatus> status;
  bool is_start_blocked = false;
  std::optional<std::string> blocked_by_workflow_id;
  Amount total_bounty;
  Amount weekly_bounty_requirement;
  Amount budget_weekly_deducted;
  Amount budget_one_time_deducted;
  VoteState vote;
  std::optional<std::int64_t> approved_at;  ///< seed 002 ActiveWorkflowListItem
  bool supervisor_required = false;
  std::optional<std::string> supervisor_user_id;
  Amount supervisor_bounty;
  std::optional<std::int64_t> supervisor_paid_out_at;
  std::optional<std::string> supervisor_payout_error;
  std::optional<std::int64_t> supervisor_payout_last_try_at;
  std::optional<std::int64_t> supervisor_retry_requested_at;
  std::optional<std::string> supervisor_retry_requested_by;
  std::optional<std::string> supervisor_title;
  std::optional<std::string> supervisor_organization;
  std::vector<SupervisorDataField> supervisor_data_fields;  ///< live
  std::optional<std::int64_t> recurrence_end_at;            ///< live: no occurrence starts later
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;
  std::vector<Role> roles;
  std::vector<Step> steps;
  std::optional<WorkflowVotes> votes;         ///< as shown to one person (visibility.h)
  std::vector<StepSummary> assigned_steps;    ///< of a light card of the live system: the caller's
  std::optional<StepSummary> claimable_step;  ///< the same: one that the caller may claim

  /// A whole document always holds a step.
  [[nodiscard]] bool is_card() const { return steps.empty(); }
  /// `approved` or `in_progress`: work may be done (rulebook A2 check 4).
  [[nodiscard]] bool is_active() const {
    return status == WorkflowStatus::approved || status == WorkflowStatus::in_progress;
  }
  [[nodiscard]] const Step* find_step(std::string_view step_id) const;
  [[nodiscard]] Step* find_step(std::string_view step_id);
  [[nodiscard]] const Step* find_step_at(std::int64_t step_order) const;
  [[nodiscard]] const Role* find_role(std::string_view role_id) const;
};

/// Error: `document_not_readable` {reason, ...} at the place in the text.
[[nodiscard]] Outcome<Workflow> read_workflow(std::string_view json);

/// How amounts are written: as the API does, or as texts that survive JSON.parse.
enum class AmountStyle : std::uint8_t { number, decimal_text };

/// The document again, in the order of the seeds' examples: for servers (`number`) and for the
/// typed view in TypeScript (`decimal_text`). A client never sends it anywhere.
[[nodiscard]] std::string write_workflow(const Workflow& workflow, AmountStyle style);

}  // namespace sfluv
