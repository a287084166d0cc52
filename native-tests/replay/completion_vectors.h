// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "sfluv/json.h"

/// Recorded answers of the live system to one completion request each. To be played they become
/// scenarios: somebody claims the step, starts it, and the request is judged.
namespace sfluv::replay {

/// Where we differ from the live system on purpose, and why; "" for all other vectors.
[[nodiscard]] std::string_view completion_difference(std::string_view name);

/// JSON with the macros of the recordings replaced: "@zeros64:N", "@jpeg64:N", "@repeat:N:text".
[[nodiscard]] std::string with_macros(std::string_view json);

/// The vector as a document of a scenario, macros untouched.
[[nodiscard]] std::string scenario_of_completion(const json::Value& vector);

}  // namespace sfluv::replay
