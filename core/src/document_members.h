// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <type_traits>

#include "sfluv/series.h"
#include "sfluv/workflow.h"

/// The documents of the API member by member, in the order of the seeds' examples. One list serves
/// reading (document_reader.h) and writing (document_writer.h), so that neither forgets a member:
/// `io(name, member)`, or `io.unless_empty(name, member)` where an empty one is not written.
namespace sfluv {

template <class T, class Document>
concept Is = std::same_as<std::remove_const_t<T>, Document>;

void members(const auto& io, Is<Role> auto& role) {
  io("id", role.id);
  io("workflow_id", role.workflow_id);
  io("title", role.title);
  io("required_credentials", role.required_credentials);
}

void members(const auto& io, Is<DropdownOption> auto& option) {
  io("value", option.value);
  io("label", option.label);
  io("requires_written_response", option.requires_written_response);
  io.unless_empty("requires_photo_attachment", option.requires_photo_attachment);
  io.unless_empty("camera_capture_only", option.camera_capture_only);
  io.unless_empty("photo_instructions", option.photo_instructions);
  io.unless_empty("notify_emails", option.notify_emails);
  io("notify_email_count", option.notify_email_count);
  io.unless_empty("notify_email_subject", option.notify_email_subject);
  io.unless_empty("send_pictures_with_email", option.send_pictures_with_email);
}

// What a work item asks for: the same members where it is proposed (proposal_reader.cpp).
void demands(const auto& io, auto& item) {
  io("title", item.title);
  io("description", item.description);
  io("optional", item.optional);
  io("requires_photo", item.requires_photo);
  io("camera_capture_only", item.camera_capture_only);
  io("photo_required_count", item.photo_required_count);
  io("photo_allow_any_count", item.photo_allow_any_count);
  io("photo_aspect_ratio", item.photo_aspect_ratio);
  io("requires_written_response", item.requires_written_response);
  io("requires_dropdown", item.requires_dropdown);
  io("dropdown_options", item.dropdown_options);
}

void members(const auto& io, Is<WorkItem> auto& item) {
  io("id", item.id);
  io("step_id", item.step_id);
  io("item_order", item.item_order);
  demands(io, item);
  io.values_requiring_text("dropdown_requires_written_response", item);
}

void members(const auto& io, Is<SubmissionPhoto> auto& photo) {
  io("id", photo.id);
  io("workflow_id", photo.workflow_id);
  io("step_id", photo.step_id);
  io("item_id", photo.item_id);
  io("submission_id", photo.submission_id);
  io("file_name", photo.file_name);
  io("content_type", photo.content_type);
  io("size_bytes", photo.size_bytes);
  io("created_at", photo.created_at);
}

void members(const auto& io, Is<ItemResponse> auto& response) {
  io("item_id", response.item_id);
  io.unless_empty("photo_ids", response.photo_ids);
  io.unless_empty("photos", response.photos);
  io.unless_empty("written_response", response.written_response);
  io.unless_empty("dropdown_value", response.dropdown_value);
}

void members(const auto& io, Is<Submission> auto& submission) {
  io("id", submission.id);
  io("workflow_id", submission.workflow_id);
  io("step_id", submission.step_id);
  io("improver_id", submission.improver_id);
  io("step_not_possible", submission.step_not_possible);
  io.unless_empty("step_not_possible_details", submission.step_not_possible_details);
  io("item_responses", submission.item_responses);
  io("submitted_at", submission.submitted_at);
  io("updated_at", submission.updated_at);
}

void members(const auto& io, Is<Step> auto& step) {
  io("id", step.id);
  io("workflow_id", step.workflow_id);
  io("step_order", step.step_order);
  io("title", step.title);
  io("description", step.description);
  io("bounty", step.bounty);
  io("allow_step_not_possible", step.allow_step_not_possible);
  io("role_id", step.role_id);
  io("assigned_improver_id", step.assigned_improver_id);
  io("assigned_improver_name", step.assigned_improver_name);
  io("status", step.status);
  io("started_at", step.started_at);
  io("completed_at", step.completed_at);
  io("payout_error", step.payout_error);
  io("payout_last_try_at", step.payout_last_try_at);
  io("retry_requested_at", step.retry_requested_at);
  io("retry_requested_by", step.retry_requested_by);
  io("submission", step.submission);
  io("work_items", step.work_items);
}

void members(const auto& io, Is<StepSummary> auto& step) {
  io("id", step.id);
  io("step_order", step.step_order);
  io("title", step.title);
  io("status", step.status);
}

void members(const auto& io, Is<WorkflowVotes> auto& votes) {
  io("approve", votes.approve);
  io("deny", votes.deny);
  io("votes_cast", votes.votes_cast);
  io("total_voters", votes.total_voters);
  io("quorum_reached", votes.quorum_reached);
  io("quorum_threshold", votes.quorum_threshold);
  io("quorum_reached_at", votes.quorum_reached_at);
  io("finalize_at", votes.finalize_at);
  io("finalized_at", votes.finalized_at);
  io("decision", votes.decision);
  io("my_decision", votes.my_decision);
}

void members(const auto& io, Is<SupervisorDataField> auto& field) {
  io("key", field.key);
  io("value", field.value);
}

void members(const auto& io, Is<Workflow> auto& workflow) {
  io("id", workflow.id);
  io("series_id", workflow.series_id);
  io("proposer_id", workflow.proposer_id);
  io("title", workflow.title);
  io("description", workflow.description);
  io("recurrence", workflow.recurrence);
  io("start_at", workflow.start_at);
  io("status", workflow.status);
  io("is_start_blocked", workflow.is_start_blocked);
  io("blocked_by_workflow_id", workflow.blocked_by_workflow_id);
  io("total_bounty", workflow.total_bounty);
  io("weekly_bounty_requirement", workflow.weekly_bounty_requirement);
  io("budget_weekly_deducted", workflow.budget_weekly_deducted);
  io("budget_one_time_deducted", workflow.budget_one_time_deducted);
  io("vote_quorum_reached_at", workflow.vote.quorum_reached_at);
  io("vote_finalize_at", workflow.vote.finalize_at);
  io("vote_finalized_at", workflow.vote.finalized_at);
  io("vote_finalized_by_user_id", workflow.vote.finalized_by_user_id);
  io("vote_decision", workflow.vote.decision);
  io("approved_at", workflow.approved_at);
  io("supervisor_required", workflow.supervisor_required);
  io("supervisor_user_id", workflow.supervisor_user_id);
  io("supervisor_bounty", workflow.supervisor_bounty);
  io("supervisor_paid_out_at", workflow.supervisor_paid_out_at);
  io("supervisor_payout_error", workflow.supervisor_payout_error);
  io("supervisor_payout_last_try_at", workflow.supervisor_payout_last_try_at);
  io("supervisor_retry_requested_at", workflow.supervisor_retry_requested_at);
  io("supervisor_retry_requested_by", workflow.supervisor_retry_requested_by);
  io("supervisor_title", workflow.supervisor_title);
  io("supervisor_organization", workflow.supervisor_organization);
  io.unless_empty("supervisor_data_fields", workflow.supervisor_data_fields);
  io("recurrence_end_at", workflow.recurrence_end_at);
  io("created_at", workflow.created_at);
  io("updated_at", workflow.updated_at);
  io("roles", workflow.roles);
  io("steps", workflow.steps);
  io("votes", workflow.votes);
  io.unless_empty("assigned_steps", workflow.assigned_steps);
  io("claimable_step", workflow.claimable_step);
}

void members(const auto& io, Is<Absence> auto& absence) {
  io("id", absence.id);
  io("improver_id", absence.improver_id);
  io("series_id", absence.series_id);
  io("step_order", absence.step_order);
  io("absent_from", absence.absent_from);
  io("absent_until", absence.absent_until);
  io("created_at", absence.created_at);
  io("updated_at", absence.updated_at);
}

}  // namespace sfluv
