// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/series.h"

/// What the operations of an improver answer besides a workflow (seeds 000 to 002). Lists are read
/// in both shapes (rulebook D): the array of the documents and the paged object of the live system.
/// Each reader's error is `document_not_readable` {reason, ...} at the place in the text.
namespace sfluv {

/// GET /improvers/workflows, /improvers/unpaid-workflows, /workflows/active: whole documents, or
/// cards that leave out roles and steps.
struct WorkflowList {
  std::vector<Workflow> workflows;
  std::optional<std::vector<std::string>> active_credentials;  ///< live discovery: the caller's own
  std::optional<std::int64_t> total;                           ///< live: on all pages
};
[[nodiscard]] Outcome<WorkflowList> read_workflow_list(std::string_view json);

/// GET .../absence-periods.
struct AbsenceList {
  std::vector<Absence> absences;
};
[[nodiscard]] Outcome<AbsenceList> read_absence_list(std::string_view json);

/// POST and PUT .../absence-periods: the absence by itself, or beside what it did.
struct AbsenceChange {
  Absence absence;
  std::int64_t released_count = 0;
  std::int64_t skipped_count = 0;
};
[[nodiscard]] Outcome<AbsenceChange> read_absence_change(std::string_view json);

/// POST .../workflow-series/unclaim (seed 001).
struct UnclaimResult {
  std::string series_id;
  std::int64_t step_order = 0;
  std::int64_t released_count = 0;
  std::int64_t skipped_count = 0;
};
[[nodiscard]] Outcome<UnclaimResult> read_unclaim_result(std::string_view json);

/// POST /improvers/request and PUT /improvers/primary-rewards-account. Times are RFC 3339.
struct Improver {
  std::string user_id;
  std::string first_name;
  std::string last_name;
  std::string email;
  std::string primary_rewards_account;
  std::string status;
  std::string created_at;
  std::string updated_at;
};
[[nodiscard]] Outcome<Improver> read_improver(std::string_view json);

/// GET and POST /improvers/credential-requests. Times are RFC 3339.
struct CredentialRequest {
  std::string id;
  std::string user_id;
  std::string credential_type;
  std::string status;
  std::string requested_at;
  std::optional<std::string> resolved_at;
};
struct CredentialRequestList {
  std::vector<CredentialRequest> requests;
};
[[nodiscard]] Outcome<CredentialRequest> read_credential_request(std::string_view json);
[[nodiscard]] Outcome<CredentialRequestList> read_credential_request_list(std::string_view json);

}  // namespace sfluv
