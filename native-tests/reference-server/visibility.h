// SPDX-License-Identifier: MIT
#pragma once

#include "sfluv/participation.h"

namespace sfluv::server {

/// The workflow without what this viewer may not see: submissions, and the addresses in
/// notify_emails, of which only the number stays (seed 001, rulebook C14).
[[nodiscard]] Workflow as_seen_by(const Caller& viewer, Workflow workflow, const Profile& profile);

}  // namespace sfluv::server
