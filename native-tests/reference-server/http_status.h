// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "sfluv/issue.h"

namespace sfluv::server {

enum class Operation : std::uint8_t { read, claim, start, complete };

/// The one table of which refusal answers with which status (seeds 000 and 001, "Response Codes";
/// table D of the rulebook where the live system differs).
[[nodiscard]] int status_of(Operation operation, Code code);

}  // namespace sfluv::server
