// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// UTC dates in whole seconds, in integers. The API speaks UTC only (rulebook, Conventions), so
/// there are no zones here but the offset that a text may carry.
namespace sfluv::calendar {

/// A date and time of the proleptic Gregorian calendar. Months count from 1.
struct Civil {
  std::int64_t year = 1970;
  std::int64_t month = 1;
  std::int64_t day = 1;
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;

  bool operator==(const Civil&) const = default;
};

[[nodiscard]] Civil civil_from_unix(std::int64_t unix_s);

/// What runs over rolls on into the next unit: the 31st of April is the 1st of May.
[[nodiscard]] std::int64_t unix_from_civil(const Civil& civil);

/// How often an occurrence comes back (seed 002 `recurrence`).
enum class Recurrence : std::uint8_t { one_time, daily, weekly, monthly };

/// What is none of the four counts as one_time: nobody can tell when it would come back.
[[nodiscard]] Recurrence recurrence_from(std::string_view text);

/// When the occurrence after one that starts at `start_s` starts (rulebook C7.1): UTC calendar plus
/// a day, a week or a month, at the time of day of `anchor_s`. A month that is too short rolls
/// over, and that sticks: Jan 31, Mar 3, Apr 3. Nothing for one_time and beyond the year 9999.
[[nodiscard]] std::optional<std::int64_t> next_start(std::int64_t start_s, Recurrence recurrence,
                                                     std::int64_t anchor_s);

/// A point in time as the API takes it (rulebook B.4): RFC 3339, `YYYY-MM-DDTHH:MM` and
/// `YYYY-MM-DD HH:MM:SS`, the latter two in UTC. Fractions of a second are dropped.
[[nodiscard]] std::optional<std::int64_t> parse_instant(std::string_view text);

enum class Bound : std::uint8_t { from, until };

/// One end of an absence (rulebook C5): an instant, or a day. A day as `until` is a whole day, so
/// that its end is the following midnight.
[[nodiscard]] std::optional<std::int64_t> parse_absence_bound(std::string_view text, Bound bound);

/// RFC 3339 in UTC: `2024-03-15T10:00:00Z`.
[[nodiscard]] std::string format_instant(std::int64_t unix_s);

}  // namespace sfluv::calendar
