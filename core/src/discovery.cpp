// SPDX-License-Identifier: MIT
#include "sfluv/discovery.h"

#include <algorithm>
#include <array>
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
  const Workflow* workflow = nullptr;
  Listing reason{};
  Listing rank{};  ///< where it stands: supervised work that one could claim stands among that
  std::string claimable_step_id{};
};

std::optional<Entry> entry_of(const Workflow& workflow, const Caller& caller, bool has_claimable) {
  bool holds = false;
  for (const Step& step : workflow.steps) {
    if (step.assigned_improver_id != caller.id) continue;
    if (step.status == StepStatus::available || step.status == StepStatus::in_progress) {
      return Entry{&workflow, Listing::mine_active, Listing::mine_active};
    }
    holds = true;
  }
  if (holds) return Entry{&workflow, Listing::mine, Listing::mine};
  const bool is_supervised = supervises(workflow, caller);
  if (!has_claimable && !is_supervised) return std::nullopt;
  return Entry{&workflow, is_supervised ? Listing::supervised : Listing::claimable,
               has_claimable ? Listing::claimable : Listing::supervised};
}

bool starts_later(const Workflow& a, const Workflow& b) {
  return std::tie(a.start_at, a.created_at) > std::tie(b.start_at, b.created_at);
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

template <class Accept>
std::vector<const Workflow*> select(std::span<const Series> series, Accept&& accept) {
  std::vector<const Workflow*> chosen;
  for (const Series& one : series) {
    for (const Workflow& workflow : one.occurrences) {
      if (accept(workflow)) chosen.push_back(&workflow);
    }
  }
  return chosen;
}

std::vector<std::string> ids_of(const std::vector<const Workflow*>& workflows) {
  std::vector<std::string> ids;
  for (const Workflow* const workflow : workflows) ids.push_back(workflow->id);
  return ids;
}

}  // namespace

std::string_view to_string(Listing listing) {
  constexpr std::array<std::string_view, 4> names{"mine_active", "mine", "claimable", "supervised"};
  return names[static_cast<std::size_t>(listing)];
}

Discovery discover(std::span<const Series> series, const Caller& caller, const Profile& profile,
                   std::int64_t now_s) {
  Discovery discovery;
  discovery.active_credentials = caller.credentials.value_or(std::vector<std::string>{});
  std::ranges::sort(discovery.active_credentials);
  std::vector<Entry> entries;
  for (const Series& one : series) {
    for (const Workflow& workflow : one.occurrences) {
      if (!is_listed_status(workflow)) {
        discovery.not_mine.push_back(
            {.workflow_id = workflow.id, .step_id = "", .reason = Code::workflow_not_active});
        continue;
      }
      std::vector<NotMine> against;
      const Step* const claimable = claimable_step(one, workflow, caller, profile, now_s, against);
      auto entry = entry_of(workflow, caller, claimable != nullptr);
      if (entry) {
        if (claimable != nullptr) entry->claimable_step_id = claimable->id;
        entries.push_back(*std::move(entry));
      } else {
        std::ranges::move(against, std::back_inserter(discovery.not_mine));
      }
    }
  }
  std::ranges::stable_sort(entries, [](const Entry& a, const Entry& b) {
    return a.rank != b.rank ? a.rank < b.rank : starts_later(*a.workflow, *b.workflow);
  });
  discovery.total = entries.size();
  if (entries.size() > limits::discovered_max) entries.resize(limits::discovered_max);
  for (Entry& entry : entries) {
    discovery.listed.push_back({.workflow_id = entry.workflow->id,
                                .reason = entry.reason,
                                .claimable_step_id = std::move(entry.claimable_step_id)});
  }
  return discovery;
}

std::vector<std::string> unpaid_workflows(std::span<const Series> series, const Caller& caller) {
  auto owed = select(series, [&](const Workflow& workflow) {
    if (workflow.status != WorkflowStatus::in_progress &&
        workflow.status != WorkflowStatus::completed) {
      return false;
    }
    const bool as_supervisor = workflow.supervisor_user_id == caller.id &&
                               workflow.supervisor_bounty != Amount{} &&
                               !workflow.supervisor_paid_out_at;
    return as_supervisor || std::ranges::any_of(workflow.steps, [&](const Step& step) {
             return step.assigned_improver_id == caller.id &&
                    step.status == StepStatus::completed && step.bounty != Amount{};
           });
  });
  std::ranges::stable_sort(
      owed, [](const Workflow* a, const Workflow* b) { return starts_later(*b, *a); });
  if (owed.size() > limits::unpaid_max) owed.resize(limits::unpaid_max);
  return ids_of(owed);
}

std::vector<std::string> active_workflows(std::span<const Series> series) {
  auto active = select(series, [](const Workflow& workflow) {
    return is_ahead(workflow) || workflow.status == WorkflowStatus::completed;
  });
  std::ranges::stable_sort(active, [](const Workflow* a, const Workflow* b) {
    return a->start_at != b->start_at ? a->start_at < b->start_at : a->created_at > b->created_at;
  });
  return ids_of(active);
}

std::vector<std::string> pending_workflows(std::span<const Series> series) {
  auto pending = select(series, [](const Workflow& workflow) {
    return workflow.status == WorkflowStatus::pending;
  });
  std::ranges::stable_sort(pending, std::ranges::greater{}, &Workflow::created_at);
  if (pending.size() > limits::pending_max) pending.resize(limits::pending_max);
  return ids_of(pending);
}

std::vector<std::string> proposed_workflows(std::span<const Series> series, const Caller& caller,
                                            const Profile& profile) {
  std::vector<std::vector<const Workflow*>> groups;
  for (const Series& one : series) {
    auto own = select({&one, 1}, [&](const Workflow& workflow) {
      return workflow.proposer_id == caller.id &&
             !(profile.lists_no_deleted && workflow.status == WorkflowStatus::deleted);
    });
    std::ranges::sort(own, [](const Workflow* a, const Workflow* b) {
      return std::tie(a->start_at, a->created_at, a->id) <
             std::tie(b->start_at, b->created_at, b->id);
    });
    if (!own.empty()) groups.push_back(std::move(own));
  }
  std::ranges::stable_sort(
      groups, [](const auto& a, const auto& b) { return starts_later(*a.back(), *b.back()); });
  std::vector<std::string> ids;
  for (const auto& group : groups) std::ranges::move(ids_of(group), std::back_inserter(ids));
  return ids;
}

std::vector<Absence> absences_of(std::span<const Series> series, const Caller& caller) {
  std::vector<Absence> mine;
  for (const Series& one : series) {
    std::ranges::copy_if(one.absences, std::back_inserter(mine),
                         [&](const Absence& absence) { return absence.improver_id == caller.id; });
  }
  std::ranges::stable_sort(mine, [](const Absence& a, const Absence& b) {
    return std::tie(a.absent_from, a.created_at) > std::tie(b.absent_from, b.created_at);
  });
  return mine;
}

}  // namespace sfluv
