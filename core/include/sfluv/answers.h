// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/series.h"

/// What operations answer besides a workflow, as far as the rules look at it (seeds 000 to 002). Lists
/// are read in both shapes (rulebook D): the documents' array and the live system's paged object.
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

}  // namespace sfluv
