// SPDX-License-Identifier: MIT
#pragma once

#include "sfluv/completion.h"
#include "sfluv/json.h"

#include "request_reader.h"

namespace sfluv {

/// The body of a complete request, or a draft of one, that is already a tree. In a draft uploads
/// carry `size_bytes` instead of `data_base64`, because the photo waits elsewhere.
[[nodiscard]] Outcome<CompletionRequest> completion_request_from(const json::Value& root,
                                                                 RequestSource source);

/// What `check_completion` takes of answers (api_rules.h): "request", "request_raw" or "draft" of
/// `owner`, which stands at `path`.
[[nodiscard]] Outcome<CompletionRequest> completion_request_in(json::Fields& fields,
                                                               const json::Value& owner,
                                                               std::string_view path);

/// "photo_bytes_max" and "request_bytes_max" of a text as a whole.
[[nodiscard]] UploadLimits upload_limits_from(json::Fields& fields, const json::Value& root);

/// The work items of a step that is already a tree; `path` is where the array stands.
[[nodiscard]] std::vector<WorkItem> work_items_from(json::Fields& fields, const json::Value& owner,
                                                    std::string_view path);

}  // namespace sfluv
