// SPDX-License-Identifier: MIT
#include "sfluv/visibility.h"

#include <algorithm>

#include "sfluv/voting.h"

namespace sfluv {
namespace {

void hide_emails(Workflow& workflow) {
  for (Step& step : workflow.steps) {
    for (WorkItem& item : step.work_items) {
      for (DropdownOption& option : item.dropdown_options) {
        option.notify_email_count =
            std::max(option.notify_email_count, std::int64_t{std::ssize(option.notify_emails)});
        option.notify_emails.clear();
        option.notify_email_subject.clear();
      }
    }
  }
}

}  // namespace

bool may_read_as_proposer(const Caller& caller, const Workflow& workflow) {
  return caller.is_admin || workflow.proposer_id == caller.id;
}

bool may_see_emails(const Caller& caller, const Workflow& workflow) {
  return workflow.proposer_id == caller.id || workflow.supervisor_user_id == caller.id;
}

Workflow as_seen_by(const Viewer& viewer, const Series& series, Workflow workflow,
                    const Profile& profile) {
  const Caller& caller = viewer.caller;
  // Asked of the whole: what was taken from one step must not decide about the next.
  const Workflow whole = workflow;
  for (Step& step : workflow.steps) {
    if (!may_see_submission(caller, whole, step, profile)) step.submission.reset();
  }
  if (viewer.as_voter || !may_see_emails(caller, workflow)) hide_emails(workflow);
  if (workflow.supervisor_user_id != caller.id) workflow.supervisor_data_fields.clear();
  workflow.votes = votes_of(series, workflow.id, workflow.vote, viewer.voters, caller.id);
  return workflow;
}

}  // namespace sfluv
