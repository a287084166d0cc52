// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "sfluv/participation.h"
#include "sfluv/profile.h"
#include "sfluv/series.h"

/// Who gets to see what of a workflow (rulebook C14).
namespace sfluv {

struct Viewer {
  Caller caller;
  bool as_voter = false;    ///< before the vote nobody is told more than the public
  std::int64_t voters = 0;  ///< how many may vote
};

/// Any active user may read any workflow by id, deleted ones too; a proposer's endpoints show
/// proposers and admins what is theirs.
[[nodiscard]] bool may_read_as_proposer(const Caller& caller, const Workflow& workflow);

/// The addresses of notify_emails are for those who lead the work; others get their number.
[[nodiscard]] bool may_see_emails(const Caller& caller, const Workflow& workflow);

/// The workflow as this person gets to see it: without submissions, addresses and supervisor's data
/// that are not for them, with the votes and their own.
[[nodiscard]] Workflow as_seen_by(const Viewer& viewer, const Series& series, Workflow workflow,
                                  const Profile& profile);

}  // namespace sfluv
