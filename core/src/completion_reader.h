// SPDX-License-Identifier: MIT
#pragma once

#include "sfluv/json.h"
#include "sfluv/completion.h"

#include "request_reader.h"

namespace sfluv {

/// The body of a complete request, or a draft of one, that is already a tree. In a draft uploads
/// carry `size_bytes` instead of `data_base64`, because the photo waits elsewhere.
[[nodiscard]] Outcome<CompletionRequest> completion_request_from(const json::Value& root, RequestSource source);

/// The work items of a step that is already a tree; `path` is where the array stands.
[[nodiscard]] std::vector<WorkItem> work_items_from(json::Fields& fields, const json::Value& owner,
                                                    std::string_view path);

}  // namespace sfluv
