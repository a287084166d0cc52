// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sfluv/issue.h"

namespace sfluv::api {

/// What a check answers: {"accepted","issues","normalized"}; the latter is JSON already.
[[nodiscard]] std::string verdict_reply(const std::vector<Issue>& issues,
                                        std::string_view normalized);

}  // namespace sfluv::api
