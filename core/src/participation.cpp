// SPDX-License-Identifier: MIT
#include "sfluv/participation.h"

#include <algorithm>
#include <array>

#include "sfluv/calendar.h"
#include "sfluv/json.h"

#include "request_reader.h"
#include "review.h"
#include "text.h"

namespace sfluv {
namespace {

void require_active(const Workflow& workflow, Review& review) {
  if (!workflow.is_active()) {
    refuse(review, Code::workflow_not_active).with("status", workflow.status.text);
  }
}

bool is_in_another(const Series& series, const StepRef& ref) {
  return std::ranges::any_of(series.occurrences, [&](const Workflow& workflow) {
    return workflow.id != ref.workflow_id && workflow.find_step(ref.step_id) != nullptr;
  });
}

// A card holds no steps at all (rulebook C10).
const Step* find_step(const Series& series, const Workflow& workflow, const StepRef& ref,
                      const Circumstances& circumstances, Review& review) {
  const Step* const step = workflow.find_step(ref.step_id);
  if (step != nullptr) return step;
  if (circumstances.step_is_elsewhere || is_in_another(series, ref)) {
    refuse(review, Code::step_of_other_workflow);
  } else if (workflow.is_card()) {
    lack(review, Fact::steps);
  } else {
    refuse(review, Code::not_found).with("what", "step");
  }
  return nullptr;
}

bool is_mine(const Step& step, const Caller& caller) {
  return step.assigned_improver_id == caller.id;
}

void require_mine_and_open(const Workflow& workflow, const Step& step, const Caller& caller,
                           std::int64_t now_s, Review& review) {
  if (!is_mine(step, caller)) refuse(review, Code::not_assigned);
  if (is_done(step)) refuse(review, Code::step_already_completed);
  if (step.status == StepStatus::locked && !may_unlock(workflow, step, now_s)) {
    refuse(review, Code::step_not_available_yet).with("status", step.status.text);
  }
}

void require_claimable(const Workflow& workflow, const Step& step, std::int64_t now_s,
                       Review& review) {
  if (!is_open(step)) {
    refuse(review, Code::step_not_claimable).with("status", step.status.text);
  } else if (step.status == StepStatus::locked && !may_unlock(workflow, step, now_s)) {
    refuse(review, Code::step_not_available_yet).with("status", step.status.text);
  }
}

// Documented is `available`; the live system also gives away what may become so. Looked at last, as
// are all wishes that the live system does not have.
void require_unlocked(const Workflow& workflow, const Step& step,
                      const Circumstances& circumstances, Review& review) {
  if (circumstances.profile.claims_locked_step || step.status != StepStatus::locked) return;
  if (!may_unlock(workflow, step, circumstances.now_s)) return;  // said already
  refuse(review, Code::step_not_available_yet).with("status", step.status.text);
}

void require_present(const Series& series, const Workflow& workflow, const Step& step,
                     const Caller& caller, Review& review) {
  if (!series.is_recurring()) return;
  if (series.is_absent(caller.id, step.step_order, workflow.start_at)) {
    refuse(review, Code::in_absence);
  } else if (!series.absences_are_known) {
    lack(review, Fact::absences);
  }
}

void require_credentials(const Workflow& workflow, const Step& step, const Caller& caller,
                         Review& review) {
  const Role* const role = workflow.find_role(*step.role_id);
  if (role == nullptr || role->required_credentials.empty()) {
    refuse(review, Code::role_without_credentials);
    return;
  }
  std::string lacking;
  const auto holds = holds_credentials(caller, *role, &lacking);
  if (!holds) return lack(review, Fact::credentials);
  if (!*holds) refuse(review, Code::missing_credentials).with("credential", lacking);
}

// Check 27: each id was uploaded by the caller for exactly this item, and is not used up.
void require_staged(const Verdict& verdict, const std::vector<SubmissionPhoto>& staged,
                    Review& review) {
  for (const StoredResponse& response : verdict.item_responses) {
    for (const std::string& id : response.photo_ids) {
      const bool is_staged = std::ranges::any_of(staged, [&](const SubmissionPhoto& photo) {
        return photo.id == id && photo.item_id == response.item_id;
      });
      if (is_staged) continue;
      const std::string path = pointer(pointer("/items", response.item_index), "photo_ids");
      refuse(review, Code::photo_id_unknown, path.c_str())
          .with("item_id", response.item_id)
          .with("photo_id", id);
    }
  }
}

// The steps of mine in this series that an operation on it is about.
template <class Accept>
std::int64_t count_mine(const Series& series, const Caller& caller,
                        const std::vector<std::int64_t>& orders, Accept&& accept) {
  std::int64_t count = 0;
  for (const Workflow& workflow : series.occurrences) {
    for (const Step& step : workflow.steps) {
      const bool is_of_bundle = std::ranges::find(orders, step.step_order) != orders.end();
      if (is_of_bundle && is_mine(step, caller) && accept(workflow, step)) ++count;
    }
  }
  return count;
}

void require_series_and_order(std::string_view series_id, std::int64_t step_order, Review& review) {
  if (text::is_blank(series_id)) refuse(review, Code::series_blank, "/series_id");
  if (step_order <= 0) {
    refuse(review, Code::step_order_invalid, "/step_order").with("step_order", step_order);
  }
}

struct Range {
  std::optional<std::int64_t> from;
  std::optional<std::int64_t> until;
};

Range require_dates(const AbsenceRequest& request, Review& review) {
  const Range range{
      .from = calendar::parse_absence_bound(request.absent_from, calendar::Bound::from),
      .until = calendar::parse_absence_bound(request.absent_until, calendar::Bound::until)};
  if (!range.from) {
    refuse(review, Code::date_invalid, "/absent_from").with("value", request.absent_from);
  }
  if (!range.until) {
    refuse(review, Code::date_invalid, "/absent_until").with("value", request.absent_until);
  }
  return range;
}

void require_order_of_dates(const Range& range, Review& review) {
  if (range.from && range.until && *range.until <= *range.from) {
    refuse(review, Code::range_empty, "/absent_until");
  }
}

// Seed 000 wants both dates in the future; the live system does not look.
void require_future(const Range& range, const Circumstances& circumstances, Review& review) {
  if (circumstances.profile.takes_past_absence) return;
  const auto is_past = [&](const std::optional<std::int64_t>& at) {
    return at && *at <= circumstances.now_s;
  };
  if (is_past(range.from)) refuse(review, Code::absence_not_in_future, "/absent_from");
  if (is_past(range.until)) refuse(review, Code::absence_not_in_future, "/absent_until");
}

void require_no_overlap(const Series& series, const Caller& caller, std::int64_t step_order,
                        const Range& range, std::string_view except_id, Review& review) {
  if (!range.from || !range.until) return;
  for (const Absence& absence : series.absences) {
    if (absence.improver_id != caller.id || absence.step_order != step_order) continue;
    if (absence.id == except_id) continue;
    const bool is_apart =
        *range.until <= absence.absent_from || absence.absent_until <= *range.from;
    if (!is_apart)
      refuse(review, Code::absence_overlap, "/absent_from").with("absence_id", absence.id);
  }
}

// Has a substitute taken what the absence released (rulebook C5)?
void require_no_substitute(const Series& series, const Absence& absence, Review& review) {
  for (const Workflow& workflow : series.occurrences) {
    const bool counts = is_ahead(workflow) || workflow.status == WorkflowStatus::completed ||
                        workflow.status == WorkflowStatus::paid_out;
    if (!counts || !absence.covers(workflow.start_at)) continue;
    const Step* const step = workflow.find_step_at(absence.step_order);
    if (step == nullptr || !step->assigned_improver_id) continue;
    if (*step->assigned_improver_id != absence.improver_id) {
      refuse(review, Code::replacement_claimed).with("workflow_id", workflow.id);
    }
  }
}

const Absence* find_absence(const Series& series, const Caller& caller, std::string_view absence_id,
                            Review& review) {
  const Absence* const absence = series.find_absence(absence_id);
  if (absence != nullptr && absence->improver_id == caller.id) return absence;
  if (series.absences_are_known) {
    refuse(review, Code::not_found).with("what", "absence");
  } else {
    lack(review, Fact::absences);
  }
  return nullptr;
}

}  // namespace

std::optional<Issue> check_access(const Account* account, Audience audience) {
  const auto refused = [](Code code) { return Issue{.code = code, .path = "", .params = {}}; };
  if (account == nullptr || !account->is_active) return refused(Code::forbidden);
  if (!account->policy_accepted) return refused(Code::policy_not_accepted);
  if (account->is_admin) return std::nullopt;
  bool passes = false;
  switch (audience) {
    case Audience::anybody: passes = true; break;
    case Audience::improver: passes = account->is_improver; break;
    case Audience::proposer: passes = account->is_proposer; break;
    case Audience::voter: passes = account->is_voter; break;
    case Audience::participant:
      passes = account->is_improver || account->is_proposer || account->is_voter ||
               account->is_supervisor;
      break;
  }
  return passes ? std::nullopt : std::optional{refused(Code::forbidden)};
}

Issue& refuse(Review& review, Code code, std::string path) {
  return review.issues.emplace_back(code, std::move(path));
}

void lack(Review& review, Fact fact) {
  if (std::ranges::find(review.missing, fact) == review.missing.end())
    review.missing.push_back(fact);
}

const Workflow* find_workflow(const Series& series, std::string_view workflow_id, Review& review) {
  const Workflow* const workflow = series.find(workflow_id);
  if (workflow != nullptr) return workflow;
  if (series.occurrences_are_known) {
    refuse(review, Code::not_found).with("what", "workflow");
  } else {
    lack(review, Fact::occurrences);
  }
  return nullptr;
}

std::string_view to_string(Fact fact) {
  constexpr std::array<std::string_view, 4> names{"occurrences", "steps", "credentials",
                                                  "absences"};
  return names[static_cast<std::size_t>(fact)];
}

Review review_claim(const Series& series, const Caller& caller, const StepRef& ref,
                    const Circumstances& circumstances) {
  Review review;
  const Workflow* const workflow = find_workflow(series, ref.workflow_id, review);
  if (workflow == nullptr) return review;
  require_active(*workflow, review);
  if (workflow->supervisor_user_id == caller.id) refuse(review, Code::already_in_workflow);
  const Step* const step = find_step(series, *workflow, ref, circumstances, review);
  if (step == nullptr) return review;
  if (step->assigned_improver_id) refuse(review, Code::step_already_claimed);
  if (!step->role_id || step->role_id->empty()) {
    refuse(review, Code::step_without_role);
    return review;
  }
  if (holds_other_role(*workflow, *step, caller.id)) refuse(review, Code::already_in_workflow);
  require_claimable(*workflow, *step, circumstances.now_s, review);
  require_present(series, *workflow, *step, caller, review);
  const bool taken = std::ranges::any_of(workflow->steps, [&](const Step& other) {
    return other.role_id == step->role_id && other.assigned_improver_id && !is_mine(other, caller);
  });
  if (taken) refuse(review, Code::role_already_claimed);
  require_credentials(*workflow, *step, caller, review);
  require_unlocked(*workflow, *step, circumstances, review);
  return review;
}

Review review_start(const Series& series, const Caller& caller, const StepRef& ref,
                    const Circumstances& circumstances) {
  Review review;
  const Workflow* const workflow = find_workflow(series, ref.workflow_id, review);
  if (workflow == nullptr) return review;
  require_active(*workflow, review);
  const Step* const step = find_step(series, *workflow, ref, circumstances, review);
  if (step == nullptr) return review;
  require_mine_and_open(*workflow, *step, caller, circumstances.now_s, review);
  return review;
}

Review review_complete(const Series& series, const Caller& caller, const StepRef& ref,
                       const CompletionRequest& request, const Circumstances& circumstances) {
  Review review = review_start(series, caller, ref, circumstances);
  const Workflow* const workflow = series.find(ref.workflow_id);
  const Step* const step = workflow == nullptr ? nullptr : workflow->find_step(ref.step_id);
  if (step == nullptr) return review;
  Verdict verdict = check_completion(
      {.work_items = step->work_items, .allow_step_not_possible = step->allow_step_not_possible},
      request, circumstances.limits);
  std::ranges::move(verdict.issues, std::back_inserter(review.issues));
  if (circumstances.staged_photos != nullptr)
    require_staged(verdict, *circumstances.staged_photos, review);
  return review;
}

Review review_photo_upload(const Series& series, const Caller& caller, const StepRef& ref,
                           std::string_view item_id, const Circumstances& circumstances) {
  Review review = review_start(series, caller, ref, circumstances);
  const Workflow* const workflow = series.find(ref.workflow_id);
  const Step* const step = workflow == nullptr ? nullptr : workflow->find_step(ref.step_id);
  if (step == nullptr) return review;
  if (std::ranges::find(step->work_items, item_id, &WorkItem::id) == step->work_items.end())
    refuse(review, Code::item_unknown, "/item_id").with("item_id", item_id);
  return review;
}

Review review_payout_request(const Series& series, const Caller& caller, const StepRef& ref) {
  Review review;
  const Workflow* const workflow = series.find(ref.workflow_id);
  if (workflow == nullptr ? !series.occurrences_are_known : workflow->is_card()) {
    lack(review, workflow == nullptr ? Fact::occurrences : Fact::steps);
    return review;
  }
  const Step* const step = workflow == nullptr ? nullptr : workflow->find_step(ref.step_id);
  const bool failed = step != nullptr && is_mine(*step, caller) &&
                      step->status == StepStatus::completed && step->bounty != Amount{} &&
                      step->payout_error;
  if (!failed) refuse(review, Code::no_failed_payout);
  return review;
}

Review review_supervisor_payout_request(const Series& series, const Caller& caller,
                                        std::string_view workflow_id) {
  Review review;
  const Workflow* const workflow = find_workflow(series, workflow_id, review);
  if (workflow == nullptr) return review;
  const bool failed = workflow->supervisor_user_id == caller.id &&
                      workflow->status == WorkflowStatus::completed &&
                      workflow->supervisor_payout_error && !workflow->supervisor_paid_out_at;
  if (!failed) refuse(review, Code::no_failed_payout);
  return review;
}

Outcome<UnclaimRequest> read_unclaim_request(std::string_view body) {
  return read_request<UnclaimRequest>(body, [](json::Fields& fields, const json::Value& root) {
    return UnclaimRequest{.series_id = fields.string(root, "", "series_id"),
                          .step_order = fields.integer(root, "", "step_order")};
  });
}

Outcome<AbsenceRequest> read_absence_request(std::string_view body) {
  return read_request<AbsenceRequest>(body, [](json::Fields& fields, const json::Value& root) {
    return AbsenceRequest{.series_id = fields.string(root, "", "series_id"),
                          .step_order = fields.integer(root, "", "step_order"),
                          .absent_from = fields.string(root, "", "absent_from"),
                          .absent_until = fields.string(root, "", "absent_until")};
  });
}

Review review_unclaim(const Series& series, const Caller& caller, const UnclaimRequest& request) {
  Review review;
  require_series_and_order(request.series_id, request.step_order, review);
  if (!review.issues.empty()) return review;
  const auto orders = orders_of_role(series, request.step_order);
  const auto held = [](const Workflow& workflow, const Step& step) {
    return is_ahead(workflow) && (is_open(step) || step.status == StepStatus::in_progress);
  };
  const auto releasable = [](const Workflow& workflow, const Step& step) {
    return is_ahead(workflow) && is_open(step);
  };
  if (series.is_recurring() && count_mine(series, caller, orders, releasable) > 0) return review;
  if (!series.occurrences_are_known) {
    lack(review, Fact::occurrences);
  } else if (!series.is_recurring() || count_mine(series, caller, orders, held) == 0) {
    refuse(review, Code::no_recurring_claim);
  } else {
    refuse(review, Code::nothing_releasable);
  }
  return review;
}

Review review_absence(const Series& series, const Caller& caller, const AbsenceRequest& request,
                      const Circumstances& circumstances) {
  Review review;
  const Range range = require_dates(request, review);
  require_series_and_order(request.series_id, request.step_order, review);
  require_order_of_dates(range, review);
  if (!review.issues.empty()) return review;
  const auto always = [](const Workflow&, const Step&) { return true; };
  if (!series.is_recurring() || count_mine(series, caller, {request.step_order}, always) == 0) {
    if (series.occurrences_are_known) {
      refuse(review, Code::no_recurring_claim);
    } else {
      lack(review, Fact::occurrences);
    }
  }
  require_no_overlap(series, caller, request.step_order, range, "", review);
  require_future(range, circumstances, review);
  if (!series.absences_are_known) lack(review, Fact::absences);
  return review;
}

Review review_absence_update(const Series& series, const Caller& caller,
                             std::string_view absence_id, const AbsenceRequest& request,
                             const Circumstances& circumstances) {
  Review review;
  const Range range = require_dates(request, review);
  require_order_of_dates(range, review);
  const Absence* const absence = find_absence(series, caller, absence_id, review);
  if (absence == nullptr) return review;
  require_no_substitute(series, *absence, review);
  require_no_overlap(series, caller, absence->step_order, range, absence->id, review);
  require_future(range, circumstances, review);
  if (!series.occurrences_are_known) lack(review, Fact::occurrences);
  return review;
}

Review review_absence_deletion(const Series& series, const Caller& caller,
                               std::string_view absence_id) {
  Review review;
  const Absence* const absence = find_absence(series, caller, absence_id, review);
  if (absence == nullptr) return review;
  require_no_substitute(series, *absence, review);
  if (!series.occurrences_are_known) lack(review, Fact::occurrences);
  return review;
}

bool may_see_submission(const Caller& caller, const Workflow& workflow, const Step& step,
                        const Profile& profile) {
  if (caller.is_admin || workflow.supervisor_user_id == caller.id) return true;
  const auto is_involved = [&](const Step& other) {
    return is_mine(other, caller) ||
           (other.submission && other.submission->improver_id == caller.id);
  };
  if (profile.improvers_share_submissions) return std::ranges::any_of(workflow.steps, is_involved);
  return is_involved(step);
}

std::optional<bool> holds_credentials(const Caller& caller, const Role& role,
                                      std::string* lacking) {
  if (!caller.credentials) return std::nullopt;
  for (const std::string& credential : role.required_credentials) {
    if (std::ranges::find(*caller.credentials, credential) != caller.credentials->end()) continue;
    if (lacking != nullptr) *lacking = credential;
    return false;
  }
  return true;
}

}  // namespace sfluv
