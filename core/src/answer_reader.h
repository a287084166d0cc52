// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sfluv/json.h"
#include "sfluv/series.h"

/// What operations answer besides a workflow (seeds 000 to 002), out of a tree that stands at
/// `path` of a text. Lists are read in both shapes (rulebook D): the documents' array, and the live
/// system's paged object, which holds one by its name or as `items` and may say null where there is
/// nothing.
namespace sfluv {

struct ListOf {
  const std::vector<json::Value>& elements;
  std::string path;
};
[[nodiscard]] ListOf list_of(json::Fields& fields, const json::Value& answer, std::string path,
                             const char* name);

/// GET /improvers/workflows, /improvers/unpaid-workflows, /workflows/active: whole documents, or
/// cards (workflow.h). A workflow by itself is a list of one.
struct WorkflowList {
  std::vector<Workflow> workflows;
  std::optional<std::vector<std::string>> active_credentials;  ///< live discovery: the caller's own
  std::optional<std::int64_t> total;                           ///< live: on all pages
};
void read_into(WorkflowList& out, json::Fields& fields, const json::Value& answer,
               const std::string& path);

/// GET .../absence-periods.
void read_into(std::vector<Absence>& out, json::Fields& fields, const json::Value& answer,
               const std::string& path);

/// POST and PUT .../absence-periods: the absence by itself, or beside what it did.
struct AbsenceChange {
  Absence absence;
  std::int64_t released_count = 0;
  std::int64_t skipped_count = 0;
};
void read_into(AbsenceChange& out, json::Fields& fields, const json::Value& answer);

}  // namespace sfluv
