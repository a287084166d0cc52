// SPDX-License-Identifier: MIT
#pragma once

#include "routes.h"

/// One function and one file a family; a new one is listed in families.cpp.
namespace sfluv::server {

[[nodiscard]] Family account_endpoints();
[[nodiscard]] Family photo_endpoints();
[[nodiscard]] Family proposal_endpoints();
[[nodiscard]] Family series_endpoints();
[[nodiscard]] Family step_endpoints();
[[nodiscard]] Family vote_endpoints();
[[nodiscard]] Family workflow_endpoints();

}  // namespace sfluv::server
