// SPDX-License-Identifier: MIT
#pragma once

#include "sfluv/workflow.h"

#include "store.h"

namespace sfluv::server {

/// Seed 000 "Notes": submission data is for the assigned improver, the supervisor and admins.
[[nodiscard]] bool may_see_submission(const User& viewer, const Workflow& workflow,
                                      const Step& step);

/// The workflow without what this viewer may not see: submissions, and the addresses in
/// notify_emails, of which only the number stays (seed 001, rulebook C14).
[[nodiscard]] Workflow as_seen_by(const User& viewer, Workflow workflow);

}  // namespace sfluv::server
