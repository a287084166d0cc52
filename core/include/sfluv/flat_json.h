// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "sfluv/issue.h"

namespace sfluv {

/// The scalar members of one JSON object: for small texts such as the claims of a token. Integers
/// that fit 64 bits are numbers; nested values, null and other numbers are left out.
using FlatJson = std::map<std::string, std::variant<std::int64_t, std::string, bool>, std::less<>>;

/// Error: `document_not_readable` {reason, ...}.
[[nodiscard]] Outcome<FlatJson> read_flat_json(std::string_view json);

}  // namespace sfluv
