// SPDX-License-Identifier: MIT
#include "sfluv/json_writer.h"
#include "sfluv/workflow.h"

namespace sfluv {
namespace {

// Writes the documents field by field, in the order of the seeds' examples. Optional fields that
// are empty are left out where the seeds mark them with `?`.
class DocumentWriter {
 public:
  explicit DocumentWriter(AmountStyle style) : style_(style) {}

  std::string write(const Workflow& workflow) {
    out_.begin_object();
    text("id", workflow.id);
    text("series_id", workflow.series_id);
    text("proposer_id", workflow.proposer_id);
    text("title", workflow.title);
    text("description", workflow.description);
    text("recurrence", workflow.recurrence);
    number("start_at", workflow.start_at);
    text("status", workflow.status.text);
    flag("is_start_blocked", workflow.is_start_blocked);
    maybe("blocked_by_workflow_id", workflow.blocked_by_workflow_id);
    amount("total_bounty", workflow.total_bounty);
    amount("weekly_bounty_requirement", workflow.weekly_bounty_requirement);
    flag("supervisor_required", workflow.supervisor_required);
    maybe("supervisor_user_id", workflow.supervisor_user_id);
    amount("supervisor_bounty", workflow.supervisor_bounty);
    maybe("supervisor_paid_out_at", workflow.supervisor_paid_out_at);
    maybe("supervisor_payout_error", workflow.supervisor_payout_error);
    maybe("supervisor_payout_last_try_at", workflow.supervisor_payout_last_try_at);
    number("created_at", workflow.created_at);
    number("updated_at", workflow.updated_at);
    list("roles", workflow.roles);
    list("steps", workflow.steps);
    out_.end_object();
    return out_.take();
  }

 private:
  void text(std::string_view name, std::string_view value) { out_.key(name).string(value); }
  void number(std::string_view name, std::int64_t value) { out_.key(name).number(value); }
  void flag(std::string_view name, bool value) { out_.key(name).boolean(value); }
  void amount(std::string_view name, const Amount& value) {
    out_.key(name);
    if (style_ == AmountStyle::number) {
      out_.amount(value);
    } else {
      out_.string(value.to_string());
    }
  }
  void maybe(std::string_view name, const std::optional<std::string>& value) {
    if (value) text(name, *value);
  }
  void maybe(std::string_view name, const std::optional<std::int64_t>& value) {
    if (value) number(name, *value);
  }
  void strings(std::string_view name, const std::vector<std::string>& values) {
    out_.key(name).begin_array();
    for (const std::string& value : values) out_.string(value);
    out_.end_array();
  }
  template <class T>
  void list(std::string_view name, const std::vector<T>& values) {
    out_.key(name).begin_array();
    for (const T& value : values) {
      out_.begin_object();
      fields(value);
      out_.end_object();
    }
    out_.end_array();
  }

  void fields(const Role& role) {
    text("id", role.id);
    text("workflow_id", role.workflow_id);
    text("title", role.title);
    strings("required_credentials", role.required_credentials);
  }

  void fields(const Step& step) {
    text("id", step.id);
    text("workflow_id", step.workflow_id);
    number("step_order", step.step_order);
    text("title", step.title);
    text("description", step.description);
    amount("bounty", step.bounty);
    flag("allow_step_not_possible", step.allow_step_not_possible);
    maybe("role_id", step.role_id);
    maybe("assigned_improver_id", step.assigned_improver_id);
    maybe("assigned_improver_name", step.assigned_improver_name);
    text("status", step.status.text);
    maybe("started_at", step.started_at);
    maybe("completed_at", step.completed_at);
    maybe("payout_error", step.payout_error);
    maybe("payout_last_try_at", step.payout_last_try_at);
    maybe("retry_requested_at", step.retry_requested_at);
    maybe("retry_requested_by", step.retry_requested_by);
    if (step.submission) {
      out_.key("submission").begin_object();
      fields(*step.submission);
      out_.end_object();
    }
    list("work_items", step.work_items);
  }

  void fields(const Submission& submission) {
    text("id", submission.id);
    text("workflow_id", submission.workflow_id);
    text("step_id", submission.step_id);
    text("improver_id", submission.improver_id);
    flag("step_not_possible", submission.step_not_possible);
    if (!submission.step_not_possible_details.empty()) {
      text("step_not_possible_details", submission.step_not_possible_details);
    }
    list("item_responses", submission.item_responses);
    number("submitted_at", submission.submitted_at);
    number("updated_at", submission.updated_at);
  }

  void fields(const ItemResponse& response) {
    text("item_id", response.item_id);
    if (!response.photo_ids.empty()) strings("photo_ids", response.photo_ids);
    if (!response.photos.empty()) list("photos", response.photos);
    if (!response.written_response.empty()) text("written_response", response.written_response);
    if (!response.dropdown_value.empty()) text("dropdown_value", response.dropdown_value);
  }

  void fields(const SubmissionPhoto& photo) {
    text("id", photo.id);
    text("workflow_id", photo.workflow_id);
    text("step_id", photo.step_id);
    text("item_id", photo.item_id);
    text("submission_id", photo.submission_id);
    text("file_name", photo.file_name);
    text("content_type", photo.content_type);
    number("size_bytes", photo.size_bytes);
    number("created_at", photo.created_at);
  }

  void fields(const WorkItem& item) {
    text("id", item.id);
    text("step_id", item.step_id);
    number("item_order", item.item_order);
    text("title", item.title);
    text("description", item.description);
    flag("optional", item.optional);
    flag("requires_photo", item.requires_photo);
    flag("camera_capture_only", item.camera_capture_only);
    number("photo_required_count", item.photo_required_count);
    flag("photo_allow_any_count", item.photo_allow_any_count);
    text("photo_aspect_ratio", to_string(item.photo_aspect_ratio));
    flag("requires_written_response", item.requires_written_response);
    flag("requires_dropdown", item.requires_dropdown);
    list("dropdown_options", item.dropdown_options);
    out_.key("dropdown_requires_written_response").begin_object();
    for (const std::string& value : item.values_requiring_text) flag(value, true);
    out_.end_object();
  }

  void fields(const DropdownOption& option) {
    text("value", option.value);
    text("label", option.label);
    flag("requires_written_response", option.requires_written_response);
    if (option.requires_photo_attachment) {
      flag("requires_photo_attachment", true);
      flag("camera_capture_only", option.camera_capture_only);
      text("photo_instructions", option.photo_instructions);
    }
    if (!option.notify_emails.empty()) strings("notify_emails", option.notify_emails);
    number("notify_email_count", option.notify_email_count);
  }

  AmountStyle style_;
  JsonWriter out_;
};

}  // namespace

std::string write_workflow(const Workflow& workflow, AmountStyle style) {
  return DocumentWriter{style}.write(workflow);
}

}  // namespace sfluv
