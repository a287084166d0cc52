// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "sfluv/series.h"

#include "services.h"

/// Nobody runs a clock: whoever looks at a series does what has become due (rulebook C2, C7).
namespace sfluv::server {

/// The series as it should be at this second; nothing is stored.
[[nodiscard]] CaughtUp caught_up(const Series& series, const Services& services);

/// Both changes as one.
void add(Delta& sum, const Delta& more);

/// The series of this workflow, with what had become due done and stored.
[[nodiscard]] std::optional<Series> current_series(Services& services, Database& database,
                                                   std::string_view workflow_id);
[[nodiscard]] std::vector<Series> all_current_series(Services& services, Database& database);

}  // namespace sfluv::server
