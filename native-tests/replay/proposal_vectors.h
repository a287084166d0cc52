// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "sfluv/json.h"

/// Recorded answers of the live system to one proposal each. To be played they become scenarios of
/// one call.
namespace sfluv::replay {

/// Our code for a recorded error; "*" where its words do not tell.
[[nodiscard]] std::string_view error_class_of_proposal(const json::Value& error);

/// Whom and what the recordings know, as a setup.
[[nodiscard]] std::string setup_of_proposals();

/// The vector as a document of a scenario, macros untouched.
[[nodiscard]] std::string scenario_of_proposal(const json::Value& vector);

}  // namespace sfluv::replay
