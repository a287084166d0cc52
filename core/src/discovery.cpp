// SPDX-License-Identifier: MIT
#include "sfluv/discovery.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>

#include "sfluv/limits.h"

namespace sfluv {
namespace {

// Reasons to refuse a claim that do not keep the step off the list: it may still open, a role
// without credentials shows although claiming it fails, and a supervisor's own work stands among
// what they could claim (rulebook C10).
bool keeps_off_list(Code code, const Profile& profile) {
  if (code == Code::role_without_credentials || code == Code::already_in_workflow) return false;
  if (code == Code::step_not_available_yet) return !profile.lists_locked_steps;
  return code != Code::workflow_not_active;  // blocked, completed and paid out are listed too
}

bool is_listed_status(const Workflow& workflow) {
  return is_ahead(workflow) || workflow.status == WorkflowStatus::completed ||
         workflow.status == WorkflowStatus::paid_out;
}

// The first reason why this step is not for the caller, or nothing.
std::optional<Code> reason_against(const Series& series, const Workflow& workflow, const Step& step,
                                   const Caller& caller, const Profile& profile,
                                   std::int64_t now_s) {
  const Review review =
      review_claim(series, caller, {.workflow_id = workflow.id, .step_id = step.id},
                   {.profile = profile, .limits = {}, .now_s = now_s});
  for (const Issue& issue : review.issues) {
    if (keeps_off_list(issue.code, profile)) return issue.code;
  }
  return std::nullopt;
}

bool supervises(const Workflow& workflow, const Caller& caller) {
  if (workflow.supervisor_user_id) return workflow.supervisor_user_id == caller.id;
  const auto qualifies = [&](const Role& role) {
    return !role.required_credentials.empty() && holds_credentials(caller, role).value_or(false);
  };
  return workflow.supervisor_required && !workflow.roles.empty() &&
         std::ranges::all_of(workflow.roles, qualifies);
}

struct Entry {
  Listing reason{};
  Listing rank{};  ///< where it stands: supervised work that one could claim stands among that
};

bool is_under_way(const Status<StepStatus>& status) {
  return status == StepStatus::available || status == StepStatus::in_progress;
}

// What the live system says on a card (rulebook C10) is about the caller already.
Entry entry_of_card(const Workflow& card, const Caller& caller) {
  const auto as = [](Listing reason) { return Entry{reason, reason}; };
  if (std::ranges::any_of(card.assigned_steps, is_under_way, &StepSummary::status)) {
    return as(Listing::mine_active);
  }
  if (!card.assigned_steps.empty()) return as(Listing::mine);
  if (card.claimable_step) return as(Listing::claimable);
  return as(supervises(card, caller) ? Listing::supervised : Listing::unread);
}

std::optional<Entry> entry_of(const Workflow& workflow, const Caller& caller, bool has_claimable) {
  if (workflow.is_card()) return entry_of_card(workflow, caller);
  bool holds = false;
  for (const Step& step : workflow.steps) {
    if (step.assigned_improver_id != caller.id) continue;
    if (is_under_way(step.status)) {
      return Entry{Listing::mine_active, Listing::mine_active};
    }
    holds = true;
  }
  if (holds) return Entry{Listing::mine, Listing::mine};
  const bool is_supervised = supervises(workflow, caller);
  if (!has_claimable && !is_supervised) return std::nullopt;
  return Entry{is_supervised ? Listing::supervised : Listing::claimable,
               has_claimable ? Listing::claimable : Listing::supervised};
}

// Lists are sorted by keys, and stay as they were where keys are equal.
using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t>;

// Turns the order around; a minus would not have room for the smallest of all.
std::int64_t latest_first(std::int64_t at_s) { return ~at_s; }

template <class T>
std::vector<T> values_of(const std::multimap<Key, T>& sorted, std::size_t count_max) {
  std::vector<T> values;
  for (const auto& [key, value] : sorted) {
    if (values.size() == count_max) break;
    values.push_back(value);
  }
  return values;
}

// The first step that speaks for listing the workflow, or null; those that do not go to `against`
// with their reasons.
const Step* claimable_step(const Series& series, const Workflow& workflow, const Caller& caller,
                           const Profile& profile, std::int64_t now_s,
                           std::vector<NotMine>& against) {
  const Step* first = nullptr;
  for (const Step& step : workflow.steps) {
    const auto reason = reason_against(series, workflow, step, caller, profile, now_s);
    if (reason) {
      against.push_back({.workflow_id = workflow.id, .step_id = step.id, .reason = *reason});
    } else if (first == nullptr) {
      first = &step;
    }
  }
  return first;
}

// The ids of those that `key_of` gives a key, in the order of the keys.
template <class KeyOf>
std::vector<std::string> ids_by(std::span<const Series> series, std::size_t count_max,
                                KeyOf&& key_of) {
  std::multimap<Key, std::string> sorted;
  for (const Series& one : series) {
    for (const Workflow& workflow : one.occurrences) {
      if (const auto key = key_of(workflow)) sorted.emplace(*key, workflow.id);
    }
  }
  return values_of(sorted, count_max);
}

bool is_owed(const Workflow& workflow, const Caller& caller) {
  if (workflow.status != WorkflowStatus::in_progress &&
      workflow.status != WorkflowStatus::completed) {
    return false;
  }
  const bool as_supervisor = workflow.supervisor_user_id == caller.id &&
                             workflow.supervisor_bounty != Amount{} &&
                             !workflow.supervisor_paid_out_at;
  return as_supervisor || std::ranges::any_of(workflow.steps, [&](const Step& step) {
           return step.assigned_improver_id == caller.id && step.status == StepStatus::completed &&
                  step.bounty != Amount{};
         });
}

}  // namespace

std::string_view to_string(Listing listing) {
  constexpr std::array<std::string_view, 5> names{"mine_active", "mine", "claimable", "supervised",
                                                  "unread"};
  return names[static_cast<std::size_t>(listing)];
}

Discovery discover(std::span<const Series> series, const Caller& caller, const Profile& profile,
                   std::int64_t now_s) {
  Discovery discovery;
  discovery.active_credentials = caller.credentials.value_or(std::vector<std::string>{});
  std::ranges::sort(discovery.active_credentials);
  std::multimap<Key, Listed> listed;
  for (const Series& one : series) {
    for (const Workflow& workflow : one.occurrences) {
      if (!is_listed_status(workflow)) {
        discovery.not_mine.push_back(
            {.workflow_id = workflow.id, .step_id = "", .reason = Code::workflow_not_active});
        continue;
      }
      std::vector<NotMine> against;
      const Step* const claimable = claimable_step(one, workflow, caller, profile, now_s, against);
      if (const auto entry = entry_of(workflow, caller, claimable != nullptr)) {
        listed.emplace(Key{static_cast<std::int64_t>(entry->rank), latest_first(workflow.start_at),
                           latest_first(workflow.created_at)},
                       Listed{.workflow_id = workflow.id,
                              .reason = entry->reason,
                              .claimable_step_id = claimable ? claimable->id : ""});
      } else {
        std::ranges::move(against, std::back_inserter(discovery.not_mine));
      }
    }
  }
  discovery.total = listed.size();
  discovery.listed = values_of(listed, limits::discovered_max);
  return discovery;
}

std::vector<std::string> unpaid_workflows(std::span<const Series> series, const Caller& caller) {
  return ids_by(series, limits::unpaid_max, [&](const Workflow& workflow) -> std::optional<Key> {
    if (!is_owed(workflow, caller)) return std::nullopt;
    return Key{0, workflow.start_at, workflow.created_at};
  });
}

std::vector<std::string> active_workflows(std::span<const Series> series) {
  return ids_by(series, limits::active_max, [](const Workflow& workflow) -> std::optional<Key> {
    if (!is_ahead(workflow) && workflow.status != WorkflowStatus::completed) return std::nullopt;
    return Key{0, workflow.start_at, latest_first(workflow.created_at)};
  });
}

std::vector<std::string> pending_workflows(std::span<const Series> series) {
  return ids_by(series, limits::pending_max, [](const Workflow& workflow) -> std::optional<Key> {
    if (workflow.status != WorkflowStatus::pending) return std::nullopt;
    return Key{0, 0, latest_first(workflow.created_at)};
  });
}

std::vector<std::string> proposed_workflows(std::span<const Series> series, const Caller& caller,
                                            const Profile& profile) {
  const auto is_listed = [&](const Workflow& workflow) {
    return workflow.proposer_id == caller.id &&
           !(profile.lists_no_deleted && workflow.status == WorkflowStatus::deleted);
  };
  std::multimap<Key, std::vector<std::string>> groups;
  for (const Series& one : series) {
    std::multimap<Key, const Workflow*> own;
    for (const Workflow& workflow : one.occurrences) {
      if (!is_listed(workflow)) continue;
      own.emplace(Key{0, workflow.start_at, workflow.created_at}, &workflow);
    }
    if (own.empty()) continue;
    const Workflow& last = *own.rbegin()->second;
    auto& group = groups
                      .emplace(Key{0, latest_first(last.start_at), latest_first(last.created_at)},
                               std::vector<std::string>{})
                      ->second;
    for (const auto& [key, workflow] : own) group.push_back(workflow->id);
  }
  std::vector<std::string> ids;
  for (auto& [key, group] : groups) std::ranges::move(group, std::back_inserter(ids));
  return ids;
}

std::vector<Absence> absences_of(std::span<const Series> series, const Caller& caller) {
  std::multimap<Key, Absence> mine;
  for (const Series& one : series) {
    for (const Absence& absence : one.absences) {
      if (absence.improver_id != caller.id) continue;
      mine.emplace(Key{0, latest_first(absence.absent_from), latest_first(absence.created_at)},
                   absence);
    }
  }
  return values_of(mine, limits::absences_max);
}

}  // namespace sfluv
