// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sfluv/issue.h"
#include "sfluv/json.h"
#include "sfluv/profile.h"

namespace sfluv::api {

/// The profile that "profile" names, `documents` where nothing is said. Another one is noted.
[[nodiscard]] Profile profile_at(json::Fields& fields, const json::Value& owner,
                                 std::string_view path);

/// What a check answers: {"accepted","issues","normalized"}; the latter is JSON already.
[[nodiscard]] std::string verdict_reply(const std::vector<Issue>& issues,
                                        std::string_view normalized);

}  // namespace sfluv::api
