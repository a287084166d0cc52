// SPDX-License-Identifier: MIT
#include "visibility.h"

namespace sfluv::server {
namespace {

bool may_see_emails(const Caller& viewer, const Workflow& workflow) {
  return viewer.is_admin || workflow.supervisor_user_id == viewer.id ||
         workflow.proposer_id == viewer.id;
}

}  // namespace

Workflow as_seen_by(const Caller& viewer, Workflow workflow, const Profile& profile) {
  const bool emails = may_see_emails(viewer, workflow);
  // Asked of the whole: what was taken from one step must not decide about the next.
  const Workflow whole = workflow;
  for (Step& step : workflow.steps) {
    if (!may_see_submission(viewer, whole, step, profile)) step.submission.reset();
    if (emails) continue;
    for (WorkItem& item : step.work_items) {
      for (DropdownOption& option : item.dropdown_options) option.notify_emails.clear();
    }
  }
  return workflow;
}

}  // namespace sfluv::server
