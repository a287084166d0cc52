// SPDX-License-Identifier: MIT
#pragma once

#include "sfluv/workflow.h"

#include "database.h"

namespace sfluv::server {

/// The next columns of a row: id, workflow_id, step_id, item_id, submission_id, file_name,
/// content_type, size_bytes, created_at.
[[nodiscard]] SubmissionPhoto read_photo(Query& row);

}  // namespace sfluv::server
