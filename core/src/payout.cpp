// SPDX-License-Identifier: MIT
#include "sfluv/payout.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <vector>

namespace sfluv {
namespace {

struct Words {
  std::string_view name;
  std::string_view text;
};

// In the order of the enumeration. The second text is the one of seed 001's example.
constexpr std::array<Words, 5> words{{{"paid", ""},
                                      {"insufficient_funds", "insufficient balance in faucet"},
                                      {"transfer_failed", "transfer failed"},
                                      {"no_wallet", "no payout wallet configured"},
                                      {"no_improver", "no improver assigned"}}};

bool owes_supervisor(const Workflow& workflow) {
  return workflow.supervisor_bounty != Amount{} && workflow.supervisor_user_id &&
         !workflow.supervisor_paid_out_at;
}

bool is_being_paid(const Workflow& workflow, const Profile& profile) {
  return workflow.status == WorkflowStatus::completed ||
         (profile.pays_each_step && workflow.status == WorkflowStatus::in_progress);
}

// A retry request is cleared by the attempt that answers it.
bool supervisor_is_due(const Workflow& workflow) {
  return workflow.status == WorkflowStatus::completed && owes_supervisor(workflow) &&
         (!workflow.supervisor_payout_error || workflow.supervisor_retry_requested_at);
}

bool is_due(const Step& step) {
  return step.status == StepStatus::completed && step.bounty != Amount{} &&
         (!step.payout_error || step.retry_requested_at);
}

// Something later in the series has to wait for this one.
bool holds_up(const Workflow& workflow) {
  return is_ahead(workflow) || workflow.status == WorkflowStatus::pending;
}

void mark_paid(Step& step, std::int64_t now_s) {
  step.status = StepStatus::paid_out;
  step.payout_error.reset();
  step.payout_last_try_at = now_s;
  step.retry_requested_at.reset();
  step.retry_requested_by.reset();
}

std::vector<const Workflow*> in_order(const Series& series) {
  std::map<std::tuple<std::int64_t, std::int64_t, std::string_view>, const Workflow*> order;
  for (const Workflow& workflow : series.occurrences) {
    order.emplace(std::tuple{workflow.start_at, workflow.created_at, std::string_view{workflow.id}},
                  &workflow);
  }
  std::vector<const Workflow*> workflows;
  for (const auto& [key, workflow] : order) workflows.push_back(workflow);
  return workflows;
}

void settle(Workflow& workflow, std::int64_t now_s, Delta& delta) {
  for (Step& step : workflow.steps) {
    if (step.status != StepStatus::completed || step.bounty != Amount{}) continue;
    mark_paid(step, now_s);
    touch(workflow, now_s, delta);
  }
  const auto is_paid = [](const Step& step) { return step.status == StepStatus::paid_out; };
  if (workflow.status != WorkflowStatus::completed || owes_supervisor(workflow)) return;
  if (!std::ranges::all_of(workflow.steps, is_paid)) return;
  workflow.status = WorkflowStatus::paid_out;
  touch(workflow, now_s, delta);
}

}  // namespace

std::string_view to_string(PayoutOutcome outcome) {
  return words[static_cast<std::size_t>(outcome)].name;
}

std::string_view payout_error_text(PayoutOutcome outcome) {
  return words[static_cast<std::size_t>(outcome)].text;
}

PayoutOutcome payout_outcome_from(std::string_view error_text) {
  const auto row = std::ranges::find(words, error_text, &Words::text);
  if (row == words.end()) return PayoutOutcome::transfer_failed;
  return static_cast<PayoutOutcome>(row - words.begin());
}

void settle(Series& series, const Profile& profile, std::int64_t now_s, Delta& delta) {
  for (const Workflow* const workflow : in_order(series)) {
    if (is_being_paid(*workflow, profile)) settle(*series.find(workflow->id), now_s, delta);
    if (holds_up(*workflow)) return;
  }
}

std::optional<Payout> next_payout(const Series& series, const Profile& profile) {
  for (const Workflow* const workflow : in_order(series)) {
    if (is_being_paid(*workflow, profile)) {
      for (const Step& step : workflow->steps) {
        if (!is_due(step)) continue;
        return Payout{.workflow_id = workflow->id,
                      .step_id = step.id,
                      .user_id = step.assigned_improver_id.value_or(""),
                      .amount = step.bounty};
      }
    }
    if (supervisor_is_due(*workflow)) {
      return Payout{.workflow_id = workflow->id,
                    .step_id = "",
                    .user_id = *workflow->supervisor_user_id,
                    .amount = workflow->supervisor_bounty};
    }
    if (holds_up(*workflow)) return std::nullopt;
  }
  return std::nullopt;
}

bool record_payout(Series& series, const Payout& payout, PayoutOutcome outcome, std::int64_t now_s,
                   Delta& delta) {
  Workflow* const workflow = series.find(payout.workflow_id);
  if (workflow == nullptr) return false;
  const bool is_paid = outcome == PayoutOutcome::paid;
  if (payout.step_id.empty()) {
    if (!owes_supervisor(*workflow)) return false;
    workflow->supervisor_payout_last_try_at = now_s;
    workflow->supervisor_payout_error.reset();
    workflow->supervisor_retry_requested_at.reset();
    workflow->supervisor_retry_requested_by.reset();
    if (is_paid) {
      workflow->supervisor_paid_out_at = now_s;
    } else {
      workflow->supervisor_payout_error = payout_error_text(outcome);
    }
  } else {
    Step* const step = workflow->find_step(payout.step_id);
    if (step == nullptr || step->status != StepStatus::completed) return false;
    mark_paid(*step, now_s);
    if (!is_paid) {
      step->status = StepStatus::completed;
      step->payout_error = payout_error_text(outcome);
    }
  }
  touch(*workflow, now_s, delta);
  return true;
}

}  // namespace sfluv
