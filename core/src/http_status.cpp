// SPDX-License-Identifier: MIT
#include "sfluv/http_status.h"

#include <algorithm>
#include <array>

namespace sfluv {
namespace {

struct Row {
  Code code{};
  int status = 0;
};

// The same whatever was asked for. What is listed nowhere is something wrong in the body: 400.
constexpr std::array everywhere = {
    Row{Code::forbidden, 403},
    Row{Code::policy_not_accepted, 403},
    Row{Code::not_found, 404},
    Row{Code::not_assigned, 403},
    Row{Code::already_in_workflow, 409},
    Row{Code::step_already_claimed, 409},
    Row{Code::role_already_claimed, 409},
    Row{Code::in_absence, 409},
    Row{Code::missing_credentials, 403},
    Row{Code::no_failed_payout, 409},
    Row{Code::no_recurring_claim, 409},
    Row{Code::nothing_releasable, 409},
    Row{Code::replacement_claimed, 409},
    Row{Code::proposer_unknown, 403},
    Row{Code::proposer_not_approved, 403},
    Row{Code::workflow_not_pending, 409},
    Row{Code::funds_insufficient, 409},
    Row{Code::improver_already_approved, 409},
    Row{Code::credential_type_unknown, 404},
    Row{Code::credential_not_requestable, 403},
    Row{Code::credential_already_active, 409},
    Row{Code::credential_request_pending, 409},
};

// What is a conflict for start is a bad request for claim and complete.
constexpr std::array conflicts_of_start = {
    Code::workflow_not_active,
    Code::step_of_other_workflow,
    Code::step_already_completed,
    Code::step_not_available_yet,
};

// The live server's slips on complete: an empty 500 (rulebook A2).
constexpr std::array slips_of_complete = {
    Code::not_possible_details_required,
    Code::item_id_blank,
    Code::item_unknown,
    Code::photo_uploads_and_ids_mixed,
};

// The same on a proposal: words of the message that it does not look for (rulebook B).
constexpr std::array slips_of_propose = {
    Code::role_credentials_missing, Code::supervisor_data_incomplete,
    Code::step_role_blank,          Code::item_requires_nothing,
    Code::options_missing,          Code::option_label_without_letters,
    Code::subject_too_long,         Code::proposer_unknown,
    Code::supervisor_not_approved,  Code::amount_too_large,
};

}  // namespace

int http_status(Operation operation, Code code, const Profile& profile) {
  const auto holds = [&](const auto& codes) {
    return std::ranges::find(codes, code) != codes.end();
  };
  if (operation == Operation::start && holds(conflicts_of_start)) return 409;
  if (profile.answers_500_to_bad_input) {
    if (operation == Operation::complete && holds(slips_of_complete)) return 500;
    if (operation == Operation::propose && holds(slips_of_propose)) return 500;
  }
  if (code == Code::credential_type_unknown && profile.answers_400_to_unknown_credential)
    return 400;
  const auto row = std::ranges::find(everywhere, code, &Row::code);
  return row == everywhere.end() ? 400 : row->status;
}

int http_status(Operation operation, const Issue& issue, const Profile& profile) {
  const int status = http_status(operation, issue.code, profile);
  if (status != 500) return status;
  const bool reads_as_bad_request = std::ranges::any_of(issue.params, [](const Param& param) {
    const auto* const text = std::get_if<std::string>(&param.value);
    return text != nullptr && text->find("invalid") != std::string::npos;
  });
  return reads_as_bad_request ? 400 : status;
}

}  // namespace sfluv
