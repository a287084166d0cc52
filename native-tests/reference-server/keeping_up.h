// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sfluv/voting.h"

#include "services.h"

/// Nobody runs a clock: whoever looks at a series does what has become due (rulebook C2, C7).
namespace sfluv::server {

/// Live votes are decided only when a voter looks (rulebook C8).
enum class Onlooker : std::uint8_t { anybody, voter };

/// What votes of this series are decided by; nothing is looked up where none is under way.
[[nodiscard]] Electorate electorate_of(const Series& series, const Services& services,
                                       Database& database, Onlooker onlooker = Onlooker::anybody);

/// The series as it should be at this second; nothing is stored.
[[nodiscard]] CaughtUp caught_up(const Series& series, const Services& services, Database& database,
                                 Onlooker onlooker = Onlooker::anybody);

/// Both changes as one.
void add(Delta& sum, const Delta& more);

/// The series of this workflow, with what had become due done and stored.
[[nodiscard]] std::optional<Series> current_series(Services& services, Database& database,
                                                   std::string_view workflow_id);
[[nodiscard]] std::vector<Series> all_current_series(Services& services, Database& database,
                                                     Onlooker onlooker = Onlooker::anybody);

}  // namespace sfluv::server
