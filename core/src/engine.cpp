// SPDX-License-Identifier: MIT
#include "sfluv/engine.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "sfluv/calendar.h"

#include "engine_work.h"

namespace sfluv::engine {
namespace {

void assign(Step& step, const Caller& caller) {
  step.assigned_improver_id = caller.id;
  step.assigned_improver_name = caller.name;
}

void release(Step& step) {
  step.assigned_improver_id.reset();
  step.assigned_improver_name.reset();
}

void begin_work(Work& work, Workflow& workflow, Step& step) {
  if (!step.started_at) step.started_at = work.now_s;
  if (workflow.status == WorkflowStatus::approved) workflow.status = WorkflowStatus::in_progress;
  work.touch(workflow);
}

// Settles what costs nothing and names the transfer to make next (rulebook C9).
void go_on_paying(Work& work) {
  if (!work.facts.has_payout_service) return;
  settle(work.series(), work.facts.profile, work.now_s, work.out.delta);
  work.out.effects.payout = next_payout(work.series(), work.facts.profile);
}

const RememberedClaim* find_claim(const Series& series, std::int64_t step_order) {
  const auto claim = std::ranges::find(series.claims, step_order, &RememberedClaim::step_order);
  return claim == series.claims.end() ? nullptr : &*claim;
}

// The last one who claims is remembered (rulebook C3, Effect).
void remember(Series& series, RememberedClaim claim) {
  std::erase_if(series.claims,
                [&](const RememberedClaim& old) { return old.step_order == claim.step_order; });
  series.claims.push_back(std::move(claim));
}

// One claim takes every free step of the same role, here and in the occurrences to come.
void perform(Work& work, const Claim& claim) {
  const Caller& caller = work.facts.caller;
  Workflow& workflow = *work.series().find(claim.step.workflow_id);
  Step& claimed = *workflow.find_step(claim.step.step_id);
  if (claimed.status == StepStatus::locked) claimed.status = StepStatus::available;
  std::vector<std::int64_t> orders;
  for (Step& step : workflow.steps) {
    if (step.role_id != claimed.role_id) continue;
    orders.push_back(step.step_order);
    if (!step.assigned_improver_id && is_open(step)) assign(step, caller);
  }
  work.touch(workflow);
  if (!work.series().is_recurring()) return;
  const std::int64_t from_s = workflow.start_at;
  for (const std::int64_t order : orders) {
    const RememberedClaim remembered{
        .step_order = order, .improver_id = caller.id, .improver_name = caller.name};
    remember(work.series(), remembered);
    assign_remembered(work.series(), remembered, from_s, work.now_s, work.out.delta);
  }
}

// Rulebook C4. Starting again changes nothing and is no error.
void perform(Work& work, const Start& start) {
  Workflow& workflow = *work.series().find(start.step.workflow_id);
  Step& step = *workflow.find_step(start.step.step_id);
  if (step.status == StepStatus::in_progress && workflow.status == WorkflowStatus::in_progress)
    return;
  step.status = StepStatus::in_progress;
  begin_work(work, workflow, step);
}

Submission submission_of(Work& work, const Verdict& verdict, const Step& step) {
  Submission submission{.id = work.ids.next("submission"),
                        .workflow_id = step.workflow_id,
                        .step_id = step.id,
                        .improver_id = work.facts.caller.id,
                        .step_not_possible = verdict.step_not_possible,
                        .step_not_possible_details = verdict.step_not_possible_details,
                        .item_responses = {},
                        .submitted_at = work.now_s,
                        .updated_at = work.now_s};
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
void add_photos(Work& work, const Verdict& verdict, Submission& submission) {
  for (const StoredPhoto& stored : verdict.photos) {
    work.out.photos.push_back({.id = work.ids.next("photo"),
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
    response.photo_ids.push_back(work.out.photos.back().id);
    response.photos.push_back(work.out.photos.back());
  }
  work.out.photo_sources = verdict.photos;
}

// Photos that were uploaded ahead belong to the submission from now on (rulebook A7).
void adopt_staged(const Work& work, Submission& submission) {
  if (!work.facts.staged_photos) return;
  for (ItemResponse& response : submission.item_responses) {
    for (const std::string& id : response.photo_ids) {
      const auto& staged = *work.facts.staged_photos;
      const auto photo = std::ranges::find(staged, id, &SubmissionPhoto::id);
      if (photo == staged.end()) continue;
      response.photos.push_back(*photo);
      response.photos.back().submission_id = submission.id;
    }
  }
}

// One alert to each address of the option that was chosen (rulebook A5.5).
void alert_watchers(Work& work, const Step& step, const Submission& submission) {
  for (const ItemResponse& response : submission.item_responses) {
    const auto item = std::ranges::find(step.work_items, response.item_id, &WorkItem::id);
    if (item == step.work_items.end() || !item->requires_dropdown) continue;
    const DropdownOption* const option = item->find_option(response.dropdown_value);
    if (option == nullptr) continue;
    for (const std::string& address : option->notify_emails) {
      work.out.effects.mails.push_back({.kind = Mail::Kind::option_chosen,
                                        .user_id = "",
                                        .address = address,
                                        .workflow_id = step.workflow_id,
                                        .step_id = step.id,
                                        .item_id = item->id,
                                        .dropdown_value = option->value});
    }
  }
}

// Documented: every improver who may take the step; when somebody has it already, that is they. The
// live system writes to an assignee only (rulebook A5.2).
void announce(Work& work, const Workflow& workflow, const Step& step) {
  const auto mail_to = [&](const std::string& user_id) {
    work.out.effects.mails.push_back({.kind = Mail::Kind::step_available,
                                      .user_id = user_id,
                                      .address = "",
                                      .workflow_id = workflow.id,
                                      .step_id = step.id,
                                      .item_id = "",
                                      .dropdown_value = ""});
  };
  if (step.assigned_improver_id) return mail_to(*step.assigned_improver_id);
  if (work.facts.profile.mails_assignee_only) return;
  for (const Recipient& improver : work.facts.improvers) {
    const Caller candidate{.id = improver.id, .name = "", .credentials = improver.credentials};
    const Review review =
        review_claim(work.series(), candidate, {.workflow_id = workflow.id, .step_id = step.id},
                     {.profile = work.facts.profile, .limits = {}, .now_s = work.now_s});
    if (review.issues.empty()) mail_to(improver.id);
  }
}

// Rulebook A6.2: the live system closes the workflow for everybody, and nobody is paid.
void close_for_everybody(Work& work, Workflow& workflow) {
  for (Step& step : workflow.steps) {
    if (step.status != StepStatus::paid_out) step.status = StepStatus::completed;
    if (!step.started_at) step.started_at = work.now_s;
    if (!step.completed_at) step.completed_at = work.now_s;
    step.bounty = Amount{};
    step.payout_error.reset();
    step.payout_last_try_at.reset();
    step.retry_requested_at.reset();
    step.retry_requested_by.reset();
  }
  workflow.total_bounty = Amount{};
  workflow.weekly_bounty_requirement = Amount{};
  workflow.supervisor_bounty = Amount{};
  workflow.supervisor_payout_error.reset();
}

void unlock_after(Work& work, Workflow& workflow, const Step& done) {
  const Step* const next = workflow.find_step_at(done.step_order + 1);
  if (next == nullptr || next->status != StepStatus::locked) return;
  workflow.find_step(next->id)->status = StepStatus::available;
  announce(work, workflow, *next);
}

// Rulebook A5.1 to A5.3, A6.
void perform(Work& work, const Complete& complete) {
  Workflow& workflow = *work.series().find(complete.step.workflow_id);
  Step& step = *workflow.find_step(complete.step.step_id);
  const Verdict verdict = check_completion(
      {.work_items = step.work_items, .allow_step_not_possible = step.allow_step_not_possible},
      complete.request, work.facts.limits);
  Submission submission = submission_of(work, verdict, step);
  adopt_staged(work, submission);
  add_photos(work, verdict, submission);
  alert_watchers(work, step, submission);
  begin_work(work, workflow, step);
  step.status = StepStatus::completed;
  step.completed_at = work.now_s;
  step.submission = std::move(submission);
  if (verdict.step_not_possible && work.facts.profile.not_possible_closes_workflow) {
    close_for_everybody(work, workflow);
  } else {
    unlock_after(work, workflow, step);
  }
  if (std::ranges::all_of(workflow.steps, is_done)) {
    workflow.status = WorkflowStatus::completed;
    ensure_successor(work.series(), complete.step.workflow_id, work.facts.profile, work.now_s,
                     work.ids, work.out.delta);
  }
  go_on_paying(work);
}

// Rulebook C6: what has begun stays; the claim is forgotten.
void perform(Work& work, const Unclaim& unclaim) {
  const Caller& caller = work.facts.caller;
  const auto orders = orders_of_role(work.series(), unclaim.request.step_order);
  const auto is_of_bundle = [&](std::int64_t order) {
    return std::ranges::find(orders, order) != orders.end();
  };
  Counts counts;
  for (Workflow& workflow : work.series().occurrences) {
    for (Step& step : workflow.steps) {
      if (!is_of_bundle(step.step_order) || step.assigned_improver_id != caller.id) continue;
      if (is_ahead(workflow) && is_open(step)) {
        release(step);
        work.touch(workflow);
        ++counts.released;
      } else if (is_done(step) ? !work.facts.profile.skipped_count_omits_completed
                               : is_ahead(workflow)) {
        ++counts.skipped;
      }
    }
  }
  std::erase_if(work.series().claims, [&](const RememberedClaim& claim) {
    return is_of_bundle(claim.step_order) && claim.improver_id == caller.id;
  });
  work.out.counts = counts;
}

// Rulebook C5: assignments inside the absence are given back, those that have begun are not.
Counts release_inside(Work& work, const Absence& absence) {
  Counts counts;
  for (Workflow& workflow : work.series().occurrences) {
    if (!is_ahead(workflow) || !absence.covers(workflow.start_at)) continue;
    for (Step& step : workflow.steps) {
      if (step.step_order != absence.step_order || is_done(step)) continue;
      if (step.assigned_improver_id != absence.improver_id) continue;
      if (is_open(step)) {
        release(step);
        work.touch(workflow);
        ++counts.released;
      } else {
        ++counts.skipped;
      }
    }
  }
  return counts;
}

// What an absence no longer covers comes back to the one who still holds the series.
void reclaim(Work& work, std::int64_t step_order, std::int64_t from_s) {
  const RememberedClaim* const claim = find_claim(work.series(), step_order);
  if (claim == nullptr || claim->improver_id != work.facts.caller.id) return;
  const RememberedClaim mine = *claim;
  assign_remembered(work.series(), mine, from_s, work.now_s, work.out.delta);
}

std::int64_t bound_of(std::string_view text, calendar::Bound bound) {
  return calendar::parse_absence_bound(text, bound).value_or(0);
}

void perform(Work& work, const CreateAbsence& create) {
  const AbsenceRequest& request = create.request;
  const Absence absence{.id = work.ids.next("absence"),
                        .improver_id = work.facts.caller.id,
                        .series_id = work.series().id,
                        .step_order = request.step_order,
                        .absent_from = bound_of(request.absent_from, calendar::Bound::from),
                        .absent_until = bound_of(request.absent_until, calendar::Bound::until),
                        .created_at = work.now_s,
                        .updated_at = work.now_s};
  work.series().absences.push_back(absence);
  work.out.counts = release_inside(work, absence);
  work.out.absence = absence;
}

void perform(Work& work, const UpdateAbsence& update) {
  Absence& absence = *std::ranges::find(work.series().absences, update.absence_id, &Absence::id);
  const std::int64_t from_before = absence.absent_from;
  absence.absent_from = bound_of(update.request.absent_from, calendar::Bound::from);
  absence.absent_until = bound_of(update.request.absent_until, calendar::Bound::until);
  absence.updated_at = work.now_s;
  work.out.absence = absence;
  work.out.counts = release_inside(work, absence);
  reclaim(work, absence.step_order, std::min(from_before, absence.absent_from));
}

void perform(Work& work, const DeleteAbsence& deletion) {
  const Absence absence = *work.series().find_absence(deletion.absence_id);
  std::erase_if(work.series().absences, [&](const Absence& a) { return a.id == absence.id; });
  reclaim(work, absence.step_order, absence.absent_from);
}

void perform(Work& work, const RequestPayout& request) {
  Workflow& workflow = *work.series().find(request.step.workflow_id);
  Step& step = *workflow.find_step(request.step.step_id);
  step.retry_requested_at = work.now_s;
  step.retry_requested_by = work.facts.caller.id;
  work.touch(workflow);
  go_on_paying(work);
}

void perform(Work& work, const RequestSupervisorPayout& request) {
  Workflow& workflow = *work.series().find(request.workflow_id);
  workflow.supervisor_retry_requested_at = work.now_s;
  workflow.supervisor_retry_requested_by = work.facts.caller.id;
  work.touch(workflow);
  go_on_paying(work);
}

// An answer that comes twice changes nothing.
void perform(Work& work, const PayoutResult& result) {
  if (record_payout(work.series(), result.payout, result.outcome, work.now_s, work.out.delta)) {
    go_on_paying(work);
  }
}

class Reviewer {
 public:
  Reviewer(const Series& series, const Facts& facts, std::int64_t now_s)
      : series_(series),
        facts_(facts),
        circumstances_{.profile = facts.profile,
                       .limits = facts.limits,
                       .now_s = now_s,
                       .step_is_elsewhere = facts.step_is_elsewhere,
                       .staged_photos = facts.staged_photos ? &*facts.staged_photos : nullptr} {}

  Review operator()(const Claim& action) const {
    return review_claim(series_, facts_.caller, action.step, circumstances_);
  }
  Review operator()(const Start& action) const {
    return review_start(series_, facts_.caller, action.step, circumstances_);
  }
  Review operator()(const Complete& action) const {
    return review_complete(series_, facts_.caller, action.step, action.request, circumstances_);
  }
  Review operator()(const Unclaim& action) const {
    return review_unclaim(series_, facts_.caller, action.request);
  }
  Review operator()(const CreateAbsence& action) const {
    return review_absence(series_, facts_.caller, action.request, circumstances_);
  }
  Review operator()(const UpdateAbsence& action) const {
    return review_absence_update(series_, facts_.caller, action.absence_id, action.request,
                                 circumstances_);
  }
  Review operator()(const DeleteAbsence& action) const {
    return review_absence_deletion(series_, facts_.caller, action.absence_id);
  }
  Review operator()(const RequestPayout& action) const {
    return review_payout_request(series_, facts_.caller, action.step);
  }
  Review operator()(const RequestSupervisorPayout& action) const {
    return review_supervisor_payout_request(series_, facts_.caller, action.workflow_id);
  }
  Review operator()(const PayoutResult&) const { return {}; }

 private:
  const Series& series_;
  const Facts& facts_;
  Circumstances circumstances_;
};

// Is what the action changes known here at all?
struct TargetFinder {
  const Series& series;

  bool operator()(const Claim& action) const { return has(action.step); }
  bool operator()(const Start& action) const { return has(action.step); }
  bool operator()(const Complete& action) const { return has(action.step); }
  bool operator()(const RequestPayout& action) const { return has(action.step); }
  bool operator()(const UpdateAbsence& action) const { return has_absence(action.absence_id); }
  bool operator()(const DeleteAbsence& action) const { return has_absence(action.absence_id); }
  bool operator()(const RequestSupervisorPayout& action) const { return has(action.workflow_id); }
  bool operator()(const auto&) const { return true; }

  [[nodiscard]] bool has(const StepRef& ref) const {
    const Workflow* const workflow = series.find(ref.workflow_id);
    return workflow != nullptr && workflow->find_step(ref.step_id) != nullptr;
  }
  [[nodiscard]] bool has(std::string_view workflow_id) const {
    return series.find(workflow_id) != nullptr;
  }
  [[nodiscard]] bool has_absence(std::string_view id) const {
    return series.find_absence(id) != nullptr;
  }
};

Applied perform_all(const Series& series, const Facts& facts, const Action& action,
                    std::int64_t now_s) {
  Work work = begin(series, facts, now_s);
  std::visit([&](const auto& known) { perform(work, known); }, action);
  return std::move(work.out);
}

}  // namespace

std::expected<Applied, Refusal> apply(const Series& series, const Facts& facts,
                                      const Action& action, std::int64_t now_s) {
  Review review = std::visit(Reviewer{series, facts, now_s}, action);
  if (!review.issues.empty()) return std::unexpected(std::move(review.issues));
  assert(review.missing.empty() && "an authority knows; a client predicts");
  return perform_all(series, facts, action, now_s);
}

std::string_view to_string(Expectation expectation) {
  constexpr std::array<std::string_view, 3> names{"allowed", "refused", "unknown"};
  return names[static_cast<std::size_t>(expectation)];
}

Prediction predict(const Series& series, const Facts& facts, const Action& action,
                   std::int64_t now_s) {
  Review review = std::visit(Reviewer{series, facts, now_s}, action);
  if (!review.issues.empty()) {
    return {.expectation = Expectation::refused, .issues = std::move(review.issues)};
  }
  Prediction prediction{.expectation = Expectation::allowed, .missing = std::move(review.missing)};
  if (!prediction.missing.empty()) prediction.expectation = Expectation::unknown;
  if (std::visit(TargetFinder{series}, action))
    prediction.outcome = perform_all(series, facts, action, now_s);
  return prediction;
}

}  // namespace sfluv::engine
