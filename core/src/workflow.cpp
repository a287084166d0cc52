// SPDX-License-Identifier: MIT
#include "sfluv/workflow.h"

#include <algorithm>
#include <array>
#include <ranges>

#include "sfluv/json.h"
#include "sfluv/json_writer.h"

#include "completion_reader.h"
#include "document_reader.h"
#include "document_writer.h"

namespace sfluv {
namespace {

constexpr std::array<std::string_view, 12> workflow_statuses{
    "other",     "pending",  "approved", "rejected", "expired", "in_progress",
    "completed", "paid_out", "blocked",  "deleted",  "skipped", "failed"};
constexpr std::array<std::string_view, 6> step_statuses{"other",       "locked",    "available",
                                                        "in_progress", "completed", "paid_out"};
constexpr std::array<std::string_view, 3> aspect_ratios{"square", "vertical", "horizontal"};

template <class Known>
Status<Known> status_from(std::span<const std::string_view> names, std::string text) {
  Status<Known> status;
  const auto name = std::ranges::find(names.subspan(1), text);
  if (name != names.end()) status.known = static_cast<Known>(name - names.begin());
  status.text = std::move(text);
  return status;
}

}  // namespace

std::string_view to_string(WorkflowStatus status) {
  return workflow_statuses[static_cast<std::size_t>(status)];
}

std::string_view to_string(StepStatus status) {
  return step_statuses[static_cast<std::size_t>(status)];
}

std::string_view to_string(AspectRatio ratio) {
  return aspect_ratios[static_cast<std::size_t>(ratio)];
}

AspectRatio aspect_ratio_from(std::string_view text) {
  const auto name = std::ranges::find(aspect_ratios, text);
  return name == aspect_ratios.end() ? AspectRatio::square
                                     : static_cast<AspectRatio>(name - aspect_ratios.begin());
}

Status<WorkflowStatus> workflow_status_from(std::string text) {
  return status_from<WorkflowStatus>(workflow_statuses, std::move(text));
}

Status<StepStatus> step_status_from(std::string text) {
  return status_from<StepStatus>(step_statuses, std::move(text));
}

const DropdownOption* WorkItem::find_option(std::string_view value) const {
  const auto last_first = std::views::reverse(dropdown_options);
  const auto option = std::ranges::find(last_first, value, &DropdownOption::value);
  return option == last_first.end() ? nullptr : &*option;
}

const Step* Workflow::find_step(std::string_view step_id) const {
  const auto step = std::ranges::find(steps, step_id, &Step::id);
  return step == steps.end() ? nullptr : &*step;
}

Step* Workflow::find_step(std::string_view step_id) {
  return const_cast<Step*>(std::as_const(*this).find_step(step_id));
}

const Step* Workflow::find_step_at(std::int64_t step_order) const {
  const auto step = std::ranges::find(steps, step_order, &Step::step_order);
  return step == steps.end() ? nullptr : &*step;
}

const Role* Workflow::find_role(std::string_view role_id) const {
  const auto role = std::ranges::find(roles, role_id, &Role::id);
  return role == roles.end() ? nullptr : &*role;
}

std::vector<WorkItem> work_items_from(json::Fields& fields, const json::Value& owner,
                                      std::string_view path) {
  std::vector<WorkItem> items;
  DocumentReader{fields, owner, std::string{path}}("work_items", items);
  return items;
}

Outcome<Workflow> read_workflow(std::string_view json) {
  const auto root = json::parse(json, Code::document_not_readable);
  if (!root) return std::unexpected(root.error());
  json::Fields fields{Code::document_not_readable, json::Fields::Names::exact};
  fields.require(*root, json::Kind::object);
  Workflow workflow;
  members(DocumentReader{fields, *root, ""}, workflow);
  if (fields.failure()) return std::unexpected(*fields.failure());
  return workflow;
}

std::string write_workflow(const Workflow& workflow, AmountStyle style) {
  JsonWriter out;
  DocumentWriter{out, style}.object(workflow);
  return out.take();
}

}  // namespace sfluv
