// SPDX-License-Identifier: MIT
#include "sfluv/series.h"

#include <algorithm>
#include <tuple>

#include "sfluv/calendar.h"
#include "sfluv/limits.h"

namespace sfluv {
namespace {

void note(std::vector<std::string>& ids, const std::string& id) {
  if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
}

std::int64_t anchor_of(const Series& series, const Workflow& workflow) {
  return series.definition ? series.definition->start_at : workflow.start_at;
}

std::optional<std::int64_t> next_start_of(const Series& series, const Workflow& workflow) {
  return calendar::next_start(workflow.start_at, calendar::recurrence_from(series.recurrence),
                              anchor_of(series, workflow));
}

// Somebody has laid hands on it, or is to (rulebook C7.4).
bool is_touched(const Workflow& workflow) {
  return workflow.supervisor_user_id || std::ranges::any_of(workflow.steps, [](const Step& step) {
           return step.assigned_improver_id || step.started_at || step.submission || !is_open(step);
         });
}

// Only proposed, or gone: it takes no part in the sequence of occurrences.
bool is_outside(const Workflow& workflow) {
  return workflow.status == WorkflowStatus::pending ||
         workflow.status == WorkflowStatus::rejected ||
         workflow.status == WorkflowStatus::expired || workflow.status == WorkflowStatus::deleted;
}

// The occurrence that counts now: the last one that has started, else the first one to come.
Workflow* current_of(Series& series, std::int64_t now_s) {
  Workflow* current = nullptr;
  const auto precedes = [&](const Workflow& a, const Workflow& b) {
    const bool a_started = a.start_at <= now_s;
    const bool b_started = b.start_at <= now_s;
    if (a_started != b_started) return a_started;
    if (a.start_at != b.start_at) return a_started == (a.start_at > b.start_at);
    return std::tie(a.created_at, a.id) > std::tie(b.created_at, b.id);
  };
  for (Workflow& workflow : series.occurrences) {
    if (is_outside(workflow)) continue;
    if (current == nullptr || precedes(workflow, *current)) current = &workflow;
  }
  return current;
}

void skip(Workflow& workflow, std::int64_t now_s, Delta& delta) {
  workflow.status = WorkflowStatus::skipped;
  workflow.is_start_blocked = false;
  workflow.blocked_by_workflow_id.reset();
  touch(workflow, now_s, delta);
}

// Rulebook C7.4: before the current one what nobody touched is skipped; after it, removed.
void tidy_around(Series& series, const Workflow& current, std::int64_t now_s, Delta& delta) {
  const std::int64_t start_at = current.start_at;
  const bool is_free = is_ahead(current) && !is_touched(current);
  for (Workflow& workflow : series.occurrences) {
    if (workflow.start_at < start_at && is_ahead(workflow) && !is_touched(workflow)) {
      skip(workflow, now_s, delta);
    }
  }
  if (!is_free) return;
  std::erase_if(series.occurrences, [&](const Workflow& workflow) {
    const bool surplus =
        workflow.start_at > start_at && is_ahead(workflow) && !is_touched(workflow);
    if (surplus) note(delta.removed, workflow.id);
    return surplus;
  });
}

// Rulebook C7.2 and C7.3, until the occurrence of today is reached. A series that nobody looked at
// for longer than the bound goes on at the next look.
void advance(Series& series, const Profile& profile, std::int64_t now_s, IdSource& ids,
             Delta& delta) {
  for (std::uint32_t i = 0; i < limits::catch_up_occurrences_max; ++i) {
    Workflow* const current = current_of(series, now_s);
    if (current == nullptr) return;
    const auto next_s = next_start_of(series, *current);
    if (!next_s) return;
    if (*next_s > now_s) {
      if (profile.skips_elapsed && current->start_at <= now_s) {
        tidy_around(series, *current, now_s, delta);
      }
      return;
    }
    if (profile.skips_elapsed && is_ahead(*current)) skip(*current, now_s, delta);
    const std::string id = current->id;
    if (!ensure_successor(series, id, profile, now_s, ids, delta)) return;
  }
}

void let_go(Series& series, const Profile& profile, std::int64_t now_s, Delta& delta) {
  for (Workflow& workflow : series.occurrences) {
    if (workflow.status != WorkflowStatus::blocked || !workflow.blocked_by_workflow_id) continue;
    const Workflow* const predecessor = series.find(*workflow.blocked_by_workflow_id);
    if (predecessor == nullptr && !series.occurrences_are_known) continue;
    if (predecessor != nullptr && holds_back(*predecessor, profile)) continue;
    workflow.status = WorkflowStatus::approved;
    workflow.is_start_blocked = false;
    workflow.blocked_by_workflow_id.reset();
    touch(workflow, now_s, delta);
  }
}

void unlock_first_steps(Series& series, std::int64_t now_s, Delta& delta) {
  for (Workflow& workflow : series.occurrences) {
    if (unlock_first_step(workflow, now_s)) touch(workflow, now_s, delta);
  }
}

// A fresh copy of a step: same demands, nothing of what happened.
Step pristine(const Step& from, std::string workflow_id, std::string role_id, IdSource& ids) {
  Step step{.id = ids.next("step"),
            .workflow_id = std::move(workflow_id),
            .step_order = from.step_order,
            .title = from.title,
            .description = from.description,
            .bounty = from.bounty,
            .allow_step_not_possible = from.allow_step_not_possible,
            .status = StepStatus::locked,
            .work_items = from.work_items};
  if (!role_id.empty()) step.role_id = std::move(role_id);
  for (WorkItem& item : step.work_items) {
    item.id = ids.next("item");
    item.step_id = step.id;
  }
  return step;
}

Workflow pristine(const Workflow& from, std::int64_t start_at, std::int64_t now_s, IdSource& ids) {
  Workflow workflow{.id = ids.next("workflow"),
                    .series_id = from.series_id,
                    .proposer_id = from.proposer_id,
                    .title = from.title,
                    .description = from.description,
                    .recurrence = from.recurrence,
                    .start_at = start_at,
                    .status = WorkflowStatus::approved,
                    .total_bounty = from.total_bounty,
                    .weekly_bounty_requirement = from.weekly_bounty_requirement,
                    .supervisor_required = from.supervisor_required,
                    .supervisor_user_id = from.supervisor_user_id,
                    .supervisor_bounty = from.supervisor_bounty,
                    .supervisor_title = from.supervisor_title,
                    .supervisor_organization = from.supervisor_organization,
                    .supervisor_data_fields = from.supervisor_data_fields,
                    .recurrence_end_at = from.recurrence_end_at,
                    .created_at = now_s,
                    .updated_at = now_s};
  for (const Role& role : from.roles) {
    workflow.roles.push_back({.id = ids.next("role"),
                              .workflow_id = workflow.id,
                              .title = role.title,
                              .required_credentials = role.required_credentials});
  }
  for (const Step& step : from.steps) {
    const auto role = std::ranges::find(from.roles, step.role_id.value_or(""), &Role::id);
    const bool known = role != from.roles.end();
    const auto index = static_cast<std::size_t>(role - from.roles.begin());
    workflow.steps.push_back(
        pristine(step, workflow.id, known ? workflow.roles[index].id : "", ids));
  }
  return workflow;
}

// May the one who claimed take the step of this occurrence too (rulebook C3, Effect)?
bool fits(const Series& series, const Workflow& workflow, const Step& step,
          std::string_view improver_id) {
  return !step.assigned_improver_id && is_open(step) &&
         workflow.supervisor_user_id != improver_id &&
         !holds_other_role(workflow, step, improver_id) &&
         !series.is_absent(improver_id, step.step_order, workflow.start_at);
}

void assign(Step& step, const RememberedClaim& claim) {
  step.assigned_improver_id = claim.improver_id;
  if (!claim.improver_name.empty()) step.assigned_improver_name = claim.improver_name;
}

// A new occurrence goes to those who claimed the one before. Who remembers claims of several roles
// gets the role that comes first: nobody holds two in one workflow.
void apply_remembered_claims(const Series& series, Workflow& workflow) {
  for (const RememberedClaim& claim : series.claims) {
    const Step* const step = workflow.find_step_at(claim.step_order);
    if (step == nullptr) continue;
    const bool earlier_role_wins =
        std::ranges::any_of(series.claims, [&](const RememberedClaim& c) {
          const Step* const other = workflow.find_step_at(c.step_order);
          return other != nullptr && c.improver_id == claim.improver_id &&
                 other->role_id != step->role_id && other->step_order < step->step_order &&
                 (other->assigned_improver_id == c.improver_id ||
                  fits(series, workflow, *other, c.improver_id));
        });
    if (earlier_role_wins || !fits(series, workflow, *step, claim.improver_id)) continue;
    assign(*workflow.find_step(step->id), claim);
  }
}

// The series of this id, a new one at the end when there is none yet.
Series& series_of(std::vector<Series>& all, const std::string& id) {
  const auto known = std::ranges::find(all, id, &Series::id);
  if (known != all.end()) return *known;
  all.push_back({.id = id, .occurrences_are_known = false});
  return all.back();
}

// A document that leaves its series out belongs where the workflow is known from, or is one by
// itself.
std::string series_id_of(const std::vector<Series>& all, const Workflow& workflow) {
  if (!workflow.series_id.empty()) return workflow.series_id;
  const auto known = std::ranges::find_if(
      all, [&](const Series& series) { return series.find(workflow.id) != nullptr; });
  return known == all.end() ? workflow.id : known->id;
}

void add_reading(Series& series, Workflow read) {
  Workflow* const known = series.find(read.id);
  if (known == nullptr) {
    series.occurrences.push_back(std::move(read));
  } else if (known->is_card() || !read.is_card()) {
    *known = std::move(read);
  } else {
    known->status = std::move(read.status);
    known->is_start_blocked = read.is_start_blocked;
    known->blocked_by_workflow_id = std::move(read.blocked_by_workflow_id);
  }
}

bool is_finished(const Workflow& workflow) {
  return workflow.status == WorkflowStatus::completed ||
         workflow.status == WorkflowStatus::paid_out ||
         workflow.status == WorkflowStatus::skipped || workflow.status == WorkflowStatus::failed;
}

}  // namespace

bool Series::is_recurring() const {
  return calendar::recurrence_from(recurrence) != calendar::Recurrence::one_time;
}

const Workflow* Series::find(std::string_view workflow_id) const {
  const auto found = std::ranges::find(occurrences, workflow_id, &Workflow::id);
  return found == occurrences.end() ? nullptr : &*found;
}

Workflow* Series::find(std::string_view workflow_id) {
  const auto found = std::ranges::find(occurrences, workflow_id, &Workflow::id);
  return found == occurrences.end() ? nullptr : &*found;
}

const Absence* Series::find_absence(std::string_view absence_id) const {
  const auto found = std::ranges::find(absences, absence_id, &Absence::id);
  return found == absences.end() ? nullptr : &*found;
}

bool Series::is_absent(std::string_view improver_id, std::int64_t step_order,
                       std::int64_t start_at) const {
  return std::ranges::any_of(absences, [&](const Absence& absence) {
    return absence.improver_id == improver_id && absence.step_order == step_order &&
           absence.covers(start_at);
  });
}

std::vector<Series> series_from(std::vector<Workflow> read,
                                const std::optional<std::vector<Absence>>& absences) {
  std::vector<Series> all;
  for (Workflow& workflow : read) {
    const std::string id = series_id_of(all, workflow);
    add_reading(series_of(all, id), std::move(workflow));
  }
  for (const Absence& absence : absences.value_or(std::vector<Absence>{})) {
    series_of(all, absence.series_id).absences.push_back(absence);
  }
  for (Series& series : all) {
    series.absences_are_known = absences.has_value();
    if (series.occurrences.empty()) continue;
    series.recurrence =
        std::ranges::max_element(series.occurrences, {}, &Workflow::start_at)->recurrence;
    series.occurrences_are_known = !series.is_recurring();
  }
  return all;
}

void touch(Workflow& workflow, std::int64_t now_s, Delta& delta) {
  workflow.updated_at = now_s;
  note(delta.changed, workflow.id);
}

std::string IdSource::next(std::string_view kind) {
  std::string id{kind};
  id += '_';
  id += entropy;
  if (used > 0) id += '_' + std::to_string(used);
  ++used;
  return id;
}

CaughtUp catch_up(Series series, const Profile& profile, std::int64_t now_s, IdSource ids) {
  CaughtUp result{.series = std::move(series), .delta = {}};
  advance(result.series, profile, now_s, ids, result.delta);
  let_go(result.series, profile, now_s, result.delta);
  unlock_first_steps(result.series, now_s, result.delta);
  return result;
}

std::optional<std::string> ensure_successor(Series& series, std::string_view finished_id,
                                            const Profile& profile, std::int64_t now_s,
                                            IdSource& ids, Delta& delta) {
  const Workflow* const finished = series.find(finished_id);
  if (finished == nullptr || !is_finished(*finished)) return std::nullopt;
  const auto next_s = next_start_of(series, *finished);
  if (!next_s || (series.recurrence_end_at && *next_s > *series.recurrence_end_at))
    return std::nullopt;
  bool has_future = false;
  for (const Workflow& workflow : series.occurrences) {
    if (is_outside(workflow)) continue;
    if (workflow.start_at == *next_s) return workflow.id;
    has_future |= workflow.start_at > now_s;
  }
  if (has_future && *next_s > now_s) return std::nullopt;

  Workflow successor =
      pristine(series.definition ? *series.definition : *finished, *next_s, now_s, ids);
  if (holds_back(*finished, profile)) {
    successor.status = WorkflowStatus::blocked;
    successor.is_start_blocked = true;
    successor.blocked_by_workflow_id = finished->id;
  }
  successor.budget_weekly_deducted = finished->budget_weekly_deducted;
  apply_remembered_claims(series, successor);
  (void)unlock_first_step(successor, now_s);
  note(delta.changed, successor.id);
  series.occurrences.push_back(std::move(successor));
  return series.occurrences.back().id;
}

void assign_remembered(Series& series, const RememberedClaim& claim, std::int64_t from_s,
                       std::int64_t now_s, Delta& delta) {
  if (!series.is_recurring()) return;
  for (Workflow& workflow : series.occurrences) {
    if (workflow.start_at < from_s || !is_ahead(workflow)) continue;
    const Step* const step = workflow.find_step_at(claim.step_order);
    if (step == nullptr || !fits(series, workflow, *step, claim.improver_id)) continue;
    assign(*workflow.find_step(step->id), claim);
    touch(workflow, now_s, delta);
  }
}

std::vector<std::int64_t> orders_of_role(const Series& series, std::int64_t step_order) {
  const auto rank = [](const Workflow& workflow) {
    return std::tuple{is_ahead(workflow), is_finished(workflow), workflow.start_at,
                      workflow.created_at};
  };
  const Workflow* model = nullptr;
  for (const Workflow& workflow : series.occurrences) {
    if (workflow.status == WorkflowStatus::deleted) continue;
    if (workflow.find_step_at(step_order) == nullptr) continue;
    if (model == nullptr || rank(workflow) > rank(*model)) model = &workflow;
  }
  if (model == nullptr) return {step_order};
  std::vector<std::int64_t> orders;
  for (const Step& step : model->steps) {
    if (step.role_id == model->find_step_at(step_order)->role_id) orders.push_back(step.step_order);
  }
  return orders;
}

bool holds_back(const Workflow& earlier, const Profile& profile) {
  if (earlier.status == WorkflowStatus::completed) return !profile.successor_starts_unpaid;
  return is_ahead(earlier) || earlier.status == WorkflowStatus::pending;
}

std::optional<std::int64_t> deadline_s(const Series& series, const Workflow& workflow) {
  return next_start_of(series, workflow);
}

std::optional<std::int64_t> deadline_s(const Workflow& workflow) {
  return calendar::next_start(workflow.start_at, calendar::recurrence_from(workflow.recurrence),
                              workflow.start_at);
}

bool may_unlock(const Workflow& workflow, const Step& step, std::int64_t now_s) {
  if (!workflow.is_active()) return false;
  if (step.step_order <= 1) return workflow.start_at <= now_s;
  const Step* const before = workflow.find_step_at(step.step_order - 1);
  return before != nullptr && is_done(*before);
}

bool unlock_first_step(Workflow& workflow, std::int64_t now_s) {
  bool is_unlocked = false;
  for (Step& step : workflow.steps) {
    if (step.step_order > 1 || step.status != StepStatus::locked) continue;
    if (!may_unlock(workflow, step, now_s)) continue;
    step.status = StepStatus::available;
    is_unlocked = true;
  }
  return is_unlocked;
}

bool is_done(const Step& step) {
  return step.status == StepStatus::completed || step.status == StepStatus::paid_out;
}

bool is_open(const Step& step) {
  return step.status == StepStatus::locked || step.status == StepStatus::available;
}

bool is_ahead(const Workflow& workflow) {
  return workflow.is_active() || workflow.status == WorkflowStatus::blocked;
}

bool holds_other_role(const Workflow& workflow, const Step& step, std::string_view improver_id) {
  return std::ranges::any_of(workflow.steps, [&](const Step& other) {
    return other.assigned_improver_id == improver_id && other.role_id != step.role_id;
  });
}

}  // namespace sfluv
