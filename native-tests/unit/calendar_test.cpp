// SPDX-License-Identifier: MIT
#include "sfluv/calendar.h"

#include <gtest/gtest.h>

namespace sfluv::calendar {
namespace {

std::int64_t at(std::string_view text) { return parse_instant(text).value_or(-1); }

std::string next(std::string_view start, Recurrence recurrence, std::string_view anchor = "") {
  const auto next_s = next_start(at(start), recurrence, at(anchor.empty() ? start : anchor));
  return next_s ? format_instant(*next_s) : "none";
}

TEST(Calendar, DaysAndSecondsAgreeOverFourCenturies) {
  // Counted forward day by day with nothing but the rule of leap years.
  constexpr std::int64_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  Civil expected{.year = 1900};
  std::int64_t unix_s = -2'208'988'800;  // 1900-01-01
  while (expected.year < 2301) {
    ASSERT_EQ(civil_from_unix(unix_s), expected) << unix_s;
    ASSERT_EQ(unix_from_civil(expected), unix_s);
    unix_s += 86'400;
    const std::int64_t y = expected.year;
    const bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    const std::int64_t length = lengths[expected.month - 1] + (leap && expected.month == 2 ? 1 : 0);
    if (++expected.day <= length) continue;
    expected.day = 1;
    if (++expected.month <= 12) continue;
    expected.month = 1;
    ++expected.year;
  }
}

TEST(Calendar, SecondsOfADayBeforeAndAfterTheEpoch) {
  EXPECT_EQ(format_instant(1'710'496'800), "2024-03-15T10:00:00Z");  // seed 002's example
  EXPECT_EQ(format_instant(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_instant(-1), "1969-12-31T23:59:59Z");
}

TEST(Calendar, NextStartInTheCalendarOfUtc) {
  EXPECT_EQ(next("2027-02-28T09:00:00Z", Recurrence::daily), "2027-03-01T09:00:00Z");
  EXPECT_EQ(next("2027-12-28T09:00:00Z", Recurrence::weekly), "2028-01-04T09:00:00Z");
  EXPECT_EQ(next("2027-12-15T09:00:00Z", Recurrence::monthly), "2028-01-15T09:00:00Z");
  EXPECT_EQ(next("2027-12-15T09:00:00Z", Recurrence::one_time), "none");
}

// Rulebook C7.1.
TEST(Calendar, AShortMonthRollsOverAndThatSticks) {
  EXPECT_EQ(next("2027-01-31T09:00:00Z", Recurrence::monthly), "2027-03-03T09:00:00Z");
  EXPECT_EQ(next("2027-03-03T09:00:00Z", Recurrence::monthly), "2027-04-03T09:00:00Z");
  EXPECT_EQ(next("2028-01-31T09:00:00Z", Recurrence::monthly), "2028-03-02T09:00:00Z");
  EXPECT_EQ(next("2027-08-31T09:00:00Z", Recurrence::monthly), "2027-10-01T09:00:00Z");
  EXPECT_EQ(next("2027-10-01T09:00:00Z", Recurrence::monthly), "2027-11-01T09:00:00Z");
}

TEST(Calendar, TimeOfDayComesFromTheDefinition) {
  EXPECT_EQ(next("2027-03-01T09:00:00Z", Recurrence::daily, "2026-01-05T07:30:15Z"),
            "2027-03-02T07:30:15Z");
}

TEST(Calendar, NothingBeyondTheYear9999) {
  EXPECT_EQ(next_start(INT64_MAX, Recurrence::daily, 0), std::nullopt);
  EXPECT_EQ(next_start(0, Recurrence::daily, INT64_MIN), std::nullopt);
  EXPECT_EQ(next("9999-12-31T09:00:00Z", Recurrence::daily), "none");
}

TEST(Calendar, RecurrencesOfTheDocumentsOnly) {
  EXPECT_EQ(recurrence_from("daily"), Recurrence::daily);
  EXPECT_EQ(recurrence_from("Daily"), Recurrence::one_time);
  EXPECT_EQ(recurrence_from("fortnightly"), Recurrence::one_time);
}

// Rulebook B.4.
TEST(Calendar, InstantsThatAreTaken) {
  const std::int64_t nine = 1'803'891'600;
  for (const char* text :
       {"2027-03-01T09:00:00Z", "2027-03-01T10:00:00+01:00", "2027-03-01T00:30:00-08:30",
        "2027-03-01T09:00:00.999Z", "2027-03-01T09:00:00,5Z", "2027-03-01T9:00:00Z",
        "2027-03-01T09:00", "2027-03-01 09:00:00", "  2027-03-01T09:00:00Z\n",
        "2027-03-02T09:00:00+24:00"}) {
    EXPECT_EQ(parse_instant(text), nine) << text;
  }
}

TEST(Calendar, InstantsThatAreRefused) {
  for (const char* text : {"",
                           "2027-03-01",
                           "2027-03-01T09:00:00",
                           "2027-03-01T09:00:00+0100",
                           "2027-03-01t09:00:00Z",
                           "2027-03-01T09:00:00z",
                           "2027-03-01T24:00:00Z",
                           "2027-03-01T09:00:60Z",
                           "2027-02-29T09:00:00Z",
                           "2027-13-01T09:00:00Z",
                           "2027-00-01T09:00:00Z",
                           "2027-04-31T09:00:00Z",
                           "2027-3-01T09:00:00Z",
                           "27-03-01T09:00:00Z",
                           "2027-03-01T09:00:00.Z",
                           "2027-03-01T09:00:00Z ok",
                           "2027-03-01T09:0Z",
                           "2027-03-01 09:00",
                           "2027-03-01T09:60:00Z",
                           "2027-03-01T09:00:00+25:00",
                           "tomorrow"}) {
    EXPECT_EQ(parse_instant(text), std::nullopt) << text;
  }
  EXPECT_TRUE(parse_instant("2028-02-29T09:00:00Z"));
}

// Rulebook C5: a last day is absent as a whole.
TEST(Calendar, ADayAsTheEndOfAnAbsenceIsAWholeDay) {
  const std::int64_t midnight = at("2027-03-01T00:00:00Z");
  EXPECT_EQ(parse_absence_bound("2027-03-01", Bound::from), midnight);
  EXPECT_EQ(parse_absence_bound(" 2027-03-01 ", Bound::until), midnight + 86'400);
  EXPECT_EQ(parse_absence_bound("2027-03-01T00:00:00Z", Bound::until), midnight);
  EXPECT_EQ(parse_absence_bound("2027-02-30", Bound::until), std::nullopt);
  EXPECT_EQ(parse_absence_bound("", Bound::from), std::nullopt);
}

}  // namespace
}  // namespace sfluv::calendar
