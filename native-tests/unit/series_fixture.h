// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "sfluv/engine.h"

/// A park that is cleaned every week, for the tests of everything that works on a series.
namespace sfluv::fixture {

inline constexpr std::int64_t start_at = 1'710'496'800;  // the documents' Friday, 10:00
inline constexpr std::int64_t hour = 3600;
inline constexpr std::int64_t day = 24 * hour;
inline constexpr std::int64_t week = 7 * day;
inline constexpr std::int64_t during = start_at + hour;

inline Caller jane() {
  return {.id = "jane", .name = "Jane Smith", .credentials = {{"dpw_certified"}}};
}
inline Caller omar() {
  return {.id = "omar", .name = "Omar", .credentials = {{"dpw_certified", "sfluv_verifier"}}};
}
inline Caller lena() { return {.id = "lena", .name = "Lena"}; }

inline Step step_of(std::int64_t order, std::string role) {
  return {.id = "s" + std::to_string(order),
          .workflow_id = "w",
          .step_order = order,
          .bounty = Amount{10},
          .allow_step_not_possible = true,
          .role_id = std::move(role),
          .status = order == 1 ? StepStatus::available : StepStatus::locked,
          .work_items = {{.id = "i" + std::to_string(order), .requires_written_response = true}}};
}

/// Two steps of one role and a third of another; supervised by Sam.
inline Workflow park_workflow() {
  return {.id = "w",
          .series_id = "series",
          .recurrence = "weekly",
          .start_at = start_at,
          .status = WorkflowStatus::approved,
          .total_bounty = Amount{35},
          .supervisor_required = true,
          .supervisor_user_id = "sam",
          .supervisor_bounty = Amount{5},
          .roles = {{.id = "cleaner", .required_credentials = {"dpw_certified"}},
                    {.id = "verifier", .required_credentials = {"sfluv_verifier"}},
                    {.id = "nobody", .required_credentials = {}}},
          .steps = {step_of(1, "cleaner"), step_of(2, "cleaner"), step_of(3, "verifier")}};
}

inline Series park(std::string recurrence = "weekly") {
  Workflow workflow = park_workflow();
  workflow.recurrence = recurrence;
  return {
      .id = "series", .recurrence = recurrence, .definition = workflow, .occurrences = {workflow}};
}

inline StepRef at(std::int64_t order, std::string workflow_id = "w") {
  return {.workflow_id = std::move(workflow_id), .step_id = "s" + std::to_string(order)};
}

inline CompletionRequest text_for(std::int64_t order) {
  return {.items = {{.item_id = "i" + std::to_string(order), .written_response = "done"}}};
}

inline engine::Facts as(Caller caller, Profile profile = {}) {
  static std::uint64_t calls = 0;
  return {.caller = std::move(caller), .profile = profile, .new_ids = std::to_string(++calls)};
}

}  // namespace sfluv::fixture
