// SPDX-License-Identifier: MIT
#include "sfluv/engine.h"

#include <algorithm>

namespace sfluv::engine {
namespace {

using Result = std::expected<Applied, Refusal>;

std::unexpected<Refusal> refuse(Code code, std::vector<Param> params = {}) {
  return std::unexpected(Refusal{{.code = code, .path = "", .params = std::move(params)}});
}

bool is_done(const Step& step) {
  return step.status == StepStatus::completed || step.status == StepStatus::paid_out;
}

bool is_open(const Step& step) {
  return step.status == StepStatus::locked || step.status == StepStatus::available;
}

bool is_assigned_to(const Step& step, const Caller& caller) {
  return step.assigned_improver_id == caller.id;
}

Step* step_after(Workflow& workflow, const Step& step) {
  const auto next = std::ranges::find(workflow.steps, step.step_order + 1, &Step::step_order);
  return next == workflow.steps.end() ? nullptr : &*next;
}

void begin_work(Workflow& workflow, Step& step, std::int64_t now_s) {
  if (!step.started_at) step.started_at = now_s;
  if (workflow.status == WorkflowStatus::approved) workflow.status = WorkflowStatus::in_progress;
  workflow.updated_at = now_s;
}

// Nothing, or why this caller may not take this step (rulebook C3, in its order).
std::optional<Issue> refusal_of_claim(const Workflow& workflow, const Step& step, const Caller& caller,
                                      std::int64_t now_s) {
  const auto issue = [](Code code, std::vector<Param> params = {}) {
    return Issue{.code = code, .path = "", .params = std::move(params)};
  };
  if (step.assigned_improver_id) return issue(Code::step_already_claimed);
  if (!step.role_id || step.role_id->empty()) return issue(Code::step_without_role);
  const bool other_role = std::ranges::any_of(workflow.steps, [&](const Step& other) {
    return is_assigned_to(other, caller) && other.role_id != step.role_id;
  });
  if (other_role) return issue(Code::already_in_workflow);
  if (!is_open(step) || (step.status == StepStatus::locked && !may_unlock(workflow, step, now_s))) {
    return issue(Code::step_not_available_yet, {{"status", step.status.text}});
  }
  const bool taken = std::ranges::any_of(workflow.steps, [&](const Step& other) {
    return other.assigned_improver_id && !is_assigned_to(other, caller) && other.role_id == step.role_id;
  });
  if (taken) return issue(Code::role_already_claimed);
  const Role* const role = workflow.find_role(*step.role_id);
  if (role == nullptr || role->required_credentials.empty()) return issue(Code::role_without_credentials);
  if (caller.is_admin) return std::nullopt;
  for (const std::string& credential : role->required_credentials) {
    if (std::ranges::find(caller.credentials, credential) == caller.credentials.end()) {
      return issue(Code::missing_credentials, {{"credential", credential}});
    }
  }
  return std::nullopt;
}

// One claim takes every free step of the same role: the bundle (rulebook C3, Effect).
Result apply_claim(Workflow workflow, const Caller& caller, const Claim& claim, std::int64_t now_s) {
  Step* const step = workflow.find_step(claim.step_id);
  if (!workflow.is_active()) return refuse(Code::workflow_not_active, {{"status", workflow.status.text}});
  if (workflow.supervisor_user_id == caller.id) return refuse(Code::already_in_workflow);
  if (step == nullptr) return refuse(Code::step_not_found);
  if (auto issue = refusal_of_claim(workflow, *step, caller, now_s)) {
    return std::unexpected(Refusal{std::move(*issue)});
  }
  if (step->status == StepStatus::locked) step->status = StepStatus::available;
  for (Step& other : workflow.steps) {
    if (other.role_id != step->role_id || other.assigned_improver_id || !is_open(other)) continue;
    other.assigned_improver_id = caller.id;
    other.assigned_improver_name = caller.name;
  }
  workflow.updated_at = now_s;
  return Applied{.workflow = std::move(workflow), .photos = {}, .photo_sources = {}};
}

// Rulebook C4. Starting again changes nothing and is no error.
Result apply_start(Workflow workflow, const Caller& caller, const Start& start, std::int64_t now_s) {
  Step* const step = workflow.find_step(start.step_id);
  if (step == nullptr) return refuse(Code::step_not_found);
  if (!workflow.is_active()) return refuse(Code::workflow_not_active, {{"status", workflow.status.text}});
  if (!is_assigned_to(*step, caller)) return refuse(Code::step_not_assigned);
  if (is_done(*step)) return refuse(Code::step_already_completed);
  if (step->status == StepStatus::locked && !may_unlock(workflow, *step, now_s)) {
    return refuse(Code::step_not_available_yet, {{"status", step->status.text}});
  }
  step->status = StepStatus::in_progress;
  begin_work(workflow, *step, now_s);
  return Applied{.workflow = std::move(workflow), .photos = {}, .photo_sources = {}};
}

Submission submission_of(const Complete& complete, const Verdict& verdict, const Step& step, const Caller& caller,
                         std::int64_t now_s) {
  Submission submission{.id = complete.submission_id,
                        .workflow_id = step.workflow_id,
                        .step_id = step.id,
                        .improver_id = caller.id,
                        .step_not_possible = verdict.step_not_possible,
                        .step_not_possible_details = verdict.step_not_possible_details,
                        .item_responses = {},
                        .submitted_at = now_s,
                        .updated_at = now_s};
  for (const StoredResponse& response : verdict.item_responses) {
    submission.item_responses.push_back({.item_id = response.item_id,
                                         .photo_ids = response.photo_ids,
                                         .photos = {},
                                         .written_response = response.written_response,
                                         .dropdown_value = response.dropdown_value});
  }
  return submission;
}

// Gives each inline photo its id and hangs it on its response.
std::vector<SubmissionPhoto> photos_of(const Complete& complete, const Verdict& verdict, Submission& submission) {
  std::vector<SubmissionPhoto> photos;
  for (std::size_t i = 0; i < verdict.photos.size(); ++i) {
    const StoredPhoto& stored = verdict.photos[i];
    photos.push_back({.id = complete.photo_ids[i],
                      .workflow_id = submission.workflow_id,
                      .step_id = submission.step_id,
                      .item_id = stored.item_id,
                      .submission_id = submission.id,
                      .file_name = stored.file_name,
                      .content_type = stored.content_type,
                      .size_bytes = static_cast<std::int64_t>(stored.size_bytes),
                      .created_at = submission.submitted_at});
    ItemResponse& response =
        *std::ranges::find(submission.item_responses, stored.item_id, &ItemResponse::item_id);
    response.photo_ids.push_back(photos.back().id);
    response.photos.push_back(photos.back());
  }
  return photos;
}

// Rulebook A2 checks 3 to 26, effects A5.1 to A5.3.
Result apply_complete(Workflow workflow, const Caller& caller, const Complete& complete, std::int64_t now_s,
                      const UploadLimits& limits) {
  if (!workflow.is_active()) return refuse(Code::workflow_not_active, {{"status", workflow.status.text}});
  Step* const step = workflow.find_step(complete.step_id);
  if (step == nullptr) return refuse(Code::step_not_found);
  if (!is_assigned_to(*step, caller)) return refuse(Code::step_not_assigned);
  if (is_done(*step)) return refuse(Code::step_already_completed);
  if (step->status == StepStatus::locked && !may_unlock(workflow, *step, now_s)) {
    return refuse(Code::step_not_available_yet, {{"status", step->status.text}});
  }
  const Verdict verdict = check_completion(
      {.work_items = step->work_items, .allow_step_not_possible = step->allow_step_not_possible},
      complete.request, limits);
  if (!verdict.accepted()) return std::unexpected(verdict.issues);

  Submission submission = submission_of(complete, verdict, *step, caller, now_s);
  std::vector<SubmissionPhoto> photos = photos_of(complete, verdict, submission);
  begin_work(workflow, *step, now_s);
  step->status = StepStatus::completed;
  step->completed_at = now_s;
  step->submission = std::move(submission);
  Step* const next = step_after(workflow, *step);
  if (next != nullptr && next->status == StepStatus::locked) next->status = StepStatus::available;
  if (std::ranges::all_of(workflow.steps, is_done)) workflow.status = WorkflowStatus::completed;
  return Applied{.workflow = std::move(workflow), .photos = std::move(photos), .photo_sources = verdict.photos};
}

}  // namespace

bool may_unlock(const Workflow& workflow, const Step& step, std::int64_t now_s) {
  if (!workflow.is_active()) return false;
  if (step.step_order <= 1) return workflow.start_at <= now_s;
  const auto before = std::ranges::find(workflow.steps, step.step_order - 1, &Step::step_order);
  return before != workflow.steps.end() && is_done(*before);
}

std::expected<Applied, Refusal> apply(const Workflow& workflow, const Caller& caller, const Action& action,
                                      std::int64_t now_s, const UploadLimits& limits) {
  if (const auto* claim = std::get_if<Claim>(&action)) return apply_claim(workflow, caller, *claim, now_s);
  if (const auto* start = std::get_if<Start>(&action)) return apply_start(workflow, caller, *start, now_s);
  return apply_complete(workflow, caller, std::get<Complete>(action), now_s, limits);
}

}  // namespace sfluv::engine
