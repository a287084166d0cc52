// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "sfluv/json.h"

namespace sfluv::json {

/// One JSON object whose members are scalars, for short texts: the module `photo` would otherwise
/// carry a JSON library for the few members of a plan. Of a member that is an array or an object
/// only the kind is kept. Nothing when the text is no JSON; another kind of value alone keeps its
/// kind.
[[nodiscard]] std::optional<Value> read_flat_object(std::string_view text);

}  // namespace sfluv::json
