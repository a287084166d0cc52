// SPDX-License-Identifier: MIT
#include "sfluv/workflow.h"

#include <algorithm>
#include <array>

#include "completion_reader.h"
#include "sfluv/json.h"
#include "sfluv/json_writer.h"

namespace sfluv {
namespace {

using json::Fields;
using json::Kind;
using json::Value;

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

AspectRatio aspect_ratio_from(std::string_view text) {
  const auto name = std::ranges::find(aspect_ratios, text);
  return name == aspect_ratios.end() ? AspectRatio::square
                                     : static_cast<AspectRatio>(name - aspect_ratios.begin());
}

// Calls `read(element, path)` for each object of an array.
void for_each_object(Fields& fields, const Value& owner, std::string_view path, std::string_view name, auto&& read) {
  const std::string array_path = pointer(path, name);
  std::size_t index = 0;
  for (const Value& element : fields.array(owner, path, name)) {
    const std::string here = pointer(array_path, index++);
    fields.expect(element, Kind::object, here);
    read(element, here);
  }
}

DropdownOption option_from(Fields& fields, const Value& value, std::string_view path) {
  return {.value = fields.string(value, path, "value"),
          .label = fields.string(value, path, "label"),
          .requires_written_response = fields.boolean(value, path, "requires_written_response"),
          .requires_photo_attachment = fields.boolean(value, path, "requires_photo_attachment"),
          .camera_capture_only = fields.boolean(value, path, "camera_capture_only"),
          .photo_instructions = fields.string(value, path, "photo_instructions"),
          .notify_emails = fields.strings(value, path, "notify_emails"),
          .notify_email_count = fields.integer(value, path, "notify_email_count")};
}

WorkItem work_item_from(Fields& fields, const Value& value, const std::string& path) {
  WorkItem item{.id = fields.string(value, path, "id"),
                .step_id = fields.string(value, path, "step_id"),
                .item_order = fields.integer(value, path, "item_order"),
                .title = fields.string(value, path, "title"),
                .description = fields.string(value, path, "description"),
                .optional = fields.boolean(value, path, "optional"),
                .requires_photo = fields.boolean(value, path, "requires_photo"),
                .camera_capture_only = fields.boolean(value, path, "camera_capture_only"),
                .photo_required_count = fields.integer(value, path, "photo_required_count", 1),
                .photo_allow_any_count = fields.boolean(value, path, "photo_allow_any_count"),
                .photo_aspect_ratio = aspect_ratio_from(fields.string(value, path, "photo_aspect_ratio")),
                .requires_written_response = fields.boolean(value, path, "requires_written_response"),
                .requires_dropdown = fields.boolean(value, path, "requires_dropdown")};
  for_each_object(fields, value, path, "dropdown_options", [&](const Value& option, std::string_view here) {
    item.dropdown_options.push_back(option_from(fields, option, here));
  });
  if (const Value* map = fields.object(value, path, "dropdown_requires_written_response")) {
    const std::string here = pointer(path, "dropdown_requires_written_response");
    for (const json::Member& member : map->members) {
      if (fields.boolean(*map, here, member.name)) item.values_requiring_text.push_back(member.name);
    }
  }
  return item;
}

SubmissionPhoto photo_from(Fields& fields, const Value& value, std::string_view path) {
  return {.id = fields.string(value, path, "id"),
          .workflow_id = fields.string(value, path, "workflow_id"),
          .step_id = fields.string(value, path, "step_id"),
          .item_id = fields.string(value, path, "item_id"),
          .submission_id = fields.string(value, path, "submission_id"),
          .file_name = fields.string(value, path, "file_name"),
          .content_type = fields.string(value, path, "content_type"),
          .size_bytes = fields.integer(value, path, "size_bytes"),
          .created_at = fields.integer(value, path, "created_at")};
}

ItemResponse response_from(Fields& fields, const Value& value, std::string_view path) {
  ItemResponse response{.item_id = fields.string(value, path, "item_id"),
                        .photo_ids = fields.strings(value, path, "photo_ids"),
                        .photos = {},
                        .written_response = fields.string(value, path, "written_response"),
                        .dropdown_value = fields.string(value, path, "dropdown_value")};
  for_each_object(fields, value, path, "photos", [&](const Value& photo, std::string_view here) {
    response.photos.push_back(photo_from(fields, photo, here));
  });
  return response;
}

Submission submission_from(Fields& fields, const Value& value, std::string_view path) {
  Submission submission{.id = fields.string(value, path, "id"),
                        .workflow_id = fields.string(value, path, "workflow_id"),
                        .step_id = fields.string(value, path, "step_id"),
                        .improver_id = fields.string(value, path, "improver_id"),
                        .step_not_possible = fields.boolean(value, path, "step_not_possible"),
                        .step_not_possible_details = fields.string(value, path, "step_not_possible_details"),
                        .item_responses = {},
                        .submitted_at = fields.integer(value, path, "submitted_at"),
                        .updated_at = fields.integer(value, path, "updated_at")};
  for_each_object(fields, value, path, "item_responses", [&](const Value& response, std::string_view here) {
    submission.item_responses.push_back(response_from(fields, response, here));
  });
  return submission;
}

Step step_from(Fields& fields, const Value& value, std::string_view path) {
  Step step{.id = fields.string(value, path, "id"),
            .workflow_id = fields.string(value, path, "workflow_id"),
            .step_order = fields.integer(value, path, "step_order"),
            .title = fields.string(value, path, "title"),
            .description = fields.string(value, path, "description"),
            .bounty = fields.amount(value, path, "bounty"),
            .allow_step_not_possible = fields.boolean(value, path, "allow_step_not_possible"),
            .role_id = fields.optional_string(value, path, "role_id"),
            .assigned_improver_id = fields.optional_string(value, path, "assigned_improver_id"),
            .assigned_improver_name = fields.optional_string(value, path, "assigned_improver_name"),
            .status = status_from<StepStatus>(step_statuses, fields.string(value, path, "status")),
            .started_at = fields.optional_integer(value, path, "started_at"),
            .completed_at = fields.optional_integer(value, path, "completed_at"),
            .payout_error = fields.optional_string(value, path, "payout_error"),
            .payout_last_try_at = fields.optional_integer(value, path, "payout_last_try_at"),
            .retry_requested_at = fields.optional_integer(value, path, "retry_requested_at"),
            .retry_requested_by = fields.optional_string(value, path, "retry_requested_by"),
            .submission = std::nullopt,
            .work_items = work_items_from(fields, value, path)};
  if (const Value* submission = fields.object(value, path, "submission")) {
    step.submission = submission_from(fields, *submission, pointer(path, "submission"));
  }
  return step;
}

Role role_from(Fields& fields, const Value& value, std::string_view path) {
  return {.id = fields.string(value, path, "id"),
          .workflow_id = fields.string(value, path, "workflow_id"),
          .title = fields.string(value, path, "title"),
          .required_credentials = fields.strings(value, path, "required_credentials")};
}

Workflow workflow_from(Fields& fields, const Value& root) {
  Workflow workflow{.id = fields.string(root, "", "id"),
                    .series_id = fields.string(root, "", "series_id"),
                    .proposer_id = fields.string(root, "", "proposer_id"),
                    .title = fields.string(root, "", "title"),
                    .description = fields.string(root, "", "description"),
                    .recurrence = fields.string(root, "", "recurrence"),
                    .start_at = fields.integer(root, "", "start_at"),
                    .status = status_from<WorkflowStatus>(workflow_statuses, fields.string(root, "", "status")),
                    .is_start_blocked = fields.boolean(root, "", "is_start_blocked"),
                    .blocked_by_workflow_id = fields.optional_string(root, "", "blocked_by_workflow_id"),
                    .total_bounty = fields.amount(root, "", "total_bounty"),
                    .weekly_bounty_requirement = fields.amount(root, "", "weekly_bounty_requirement"),
                    .supervisor_required = fields.boolean(root, "", "supervisor_required"),
                    .supervisor_user_id = fields.optional_string(root, "", "supervisor_user_id"),
                    .supervisor_bounty = fields.amount(root, "", "supervisor_bounty"),
                    .supervisor_paid_out_at = fields.optional_integer(root, "", "supervisor_paid_out_at"),
                    .supervisor_payout_error = fields.optional_string(root, "", "supervisor_payout_error"),
                    .supervisor_payout_last_try_at =
                        fields.optional_integer(root, "", "supervisor_payout_last_try_at"),
                    .created_at = fields.integer(root, "", "created_at"),
                    .updated_at = fields.integer(root, "", "updated_at"),
                    .roles = {},
                    .steps = {}};
  for_each_object(fields, root, "", "roles", [&](const Value& role, std::string_view here) {
    workflow.roles.push_back(role_from(fields, role, here));
  });
  for_each_object(fields, root, "", "steps", [&](const Value& step, std::string_view here) {
    workflow.steps.push_back(step_from(fields, step, here));
  });
  return workflow;
}

}  // namespace

std::string_view to_string(WorkflowStatus status) {
  return workflow_statuses[static_cast<std::size_t>(status)];
}

std::string_view to_string(StepStatus status) { return step_statuses[static_cast<std::size_t>(status)]; }

std::string_view to_string(AspectRatio ratio) { return aspect_ratios[static_cast<std::size_t>(ratio)]; }

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

std::vector<WorkItem> work_items_from(Fields& fields, const Value& owner, std::string_view path) {
  std::vector<WorkItem> items;
  for_each_object(fields, owner, path, "work_items", [&](const Value& item, const std::string& here) {
    items.push_back(work_item_from(fields, item, here));
  });
  return items;
}

Outcome<Workflow> read_workflow(std::string_view json) {
  const auto root = json::parse(json, Code::document_not_readable);
  if (!root) return std::unexpected(root.error());
  Fields fields{Code::document_not_readable, Fields::Names::exact};
  // A workflow is an object; `null` in its place is no document.
  if (root->kind == Kind::null) {
    return std::unexpected(Issue{.code = Code::document_not_readable,
                                 .path = "",
                                 .params = {{"reason", "type"}, {"expected", "object"}, {"got", "null"}}});
  }
  fields.expect(*root, Kind::object, "");
  Workflow workflow = workflow_from(fields, *root);
  if (fields.failure()) return std::unexpected(*fields.failure());
  return workflow;
}

}  // namespace sfluv
