// SPDX-License-Identifier: MIT
#include "visibility.h"

namespace sfluv::server {
namespace {

bool is_supervisor(const User& viewer, const Workflow& workflow) {
  return workflow.supervisor_user_id == viewer.id;
}

bool may_see_emails(const User& viewer, const Workflow& workflow) {
  return viewer.has(UserRole::admin) || is_supervisor(viewer, workflow) ||
         workflow.proposer_id == viewer.id;
}

}  // namespace

bool may_see_submission(const User& viewer, const Workflow& workflow, const Step& step) {
  if (viewer.has(UserRole::admin) || is_supervisor(viewer, workflow)) return true;
  if (step.assigned_improver_id == viewer.id) return true;
  return step.submission && step.submission->improver_id == viewer.id;
}

Workflow as_seen_by(const User& viewer, Workflow workflow) {
  const bool emails = may_see_emails(viewer, workflow);
  for (Step& step : workflow.steps) {
    if (!may_see_submission(viewer, workflow, step)) step.submission.reset();
    if (emails) continue;
    for (WorkItem& item : step.work_items) {
      for (DropdownOption& option : item.dropdown_options) option.notify_emails.clear();
    }
  }
  return workflow;
}

}  // namespace sfluv::server
