// SPDX-License-Identifier: MIT
#include "sfluv/calendar.h"

#include "text.h"

namespace sfluv::calendar {
namespace {

constexpr std::int64_t day_s = 86'400;
// Four digits of a year are what a text can hold; inside these bounds no sum can run over.
constexpr std::int64_t earliest_s = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t latest_s = 253'402'300'799;    // 9999-12-31T23:59:59Z

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Days since 1970-01-01 of a month's first day; years are counted from March, so that the day that
// some years lack is the last one (a cycle of 400 years has 146097 days).
std::int64_t days_before_month(std::int64_t year, std::int64_t month) {
  const std::int64_t year_from_march = month <= 2 ? year - 1 : year;
  const std::int64_t cycle = floor_div(year_from_march, 400);
  const std::int64_t year_of_cycle = year_from_march - cycle * 400;
  const std::int64_t month_from_march = (month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5;
  const std::int64_t leap_days = year_of_cycle / 4 - year_of_cycle / 100;
  return cycle * 146'097 + year_of_cycle * 365 + leap_days + day_of_year - 719'468;
}

std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  const bool wraps = month == 12;
  return days_before_month(wraps ? year + 1 : year, wraps ? 1 : month + 1) -
         days_before_month(year, month);
}

// Reads a text from left to right; a step that does not fit fails the whole reading.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  // Between `digits_min` and `digits_max` digits, of a value in [low, high].
  std::int64_t number(std::size_t digits_min, std::size_t digits_max, std::int64_t low,
                      std::int64_t high) {
    std::int64_t value = 0;
    std::size_t digits = 0;
    while (digits < digits_max && digits < rest_.size() && is_digit(rest_[digits])) {
      value = value * 10 + (rest_[digits++] - '0');
    }
    rest_.remove_prefix(digits);
    if (digits < digits_min || value < low || value > high) failed_ = true;
    return value;
  }

  bool take(char wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char wanted) {
    if (!take(wanted)) failed_ = true;
  }

  void skip_digits() {
    while (!rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
  }

  [[nodiscard]] bool at_digit() const { return !rest_.empty() && is_digit(rest_.front()); }
  [[nodiscard]] bool is_done() const { return !failed_ && rest_.empty(); }
  [[nodiscard]] bool has_failed() const { return failed_; }
  void fail() { failed_ = true; }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::string_view rest_;
  bool failed_ = false;
};

Civil read_date(Reader& reader) {
  Civil civil;
  civil.year = reader.number(4, 4, 0, 9999);
  reader.expect('-');
  civil.month = reader.number(2, 2, 1, 12);
  reader.expect('-');
  civil.day = reader.number(2, 2, 1, 31);
  if (!reader.has_failed() && civil.day > days_in_month(civil.year, civil.month)) reader.fail();
  return civil;
}

void read_hour_and_minute(Reader& reader, Civil& civil) {
  civil.hour = reader.number(1, 2, 0, 23);
  reader.expect(':');
  civil.minute = reader.number(2, 2, 0, 59);
}

// "Z" or "+hh:mm": seconds east of UTC.
std::int64_t read_zone(Reader& reader) {
  if (reader.take('Z')) return 0;
  const bool west = reader.take('-');
  if (!west) reader.expect('+');
  const std::int64_t hours = reader.number(2, 2, 0, 24);
  reader.expect(':');
  const std::int64_t minutes = reader.number(2, 2, 0, 59);
  return (hours * 60 + minutes) * (west ? -60 : 60);
}

std::string two_digits(std::int64_t value) {
  return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

}  // namespace

Civil civil_from_unix(std::int64_t unix_s) {
  const std::int64_t days = floor_div(unix_s, day_s);
  const std::int64_t second_of_day = unix_s - days * day_s;
  const std::int64_t days_from_march_0000 = days + 719'468;
  const std::int64_t cycle = floor_div(days_from_march_0000, 146'097);
  const std::int64_t day_of_cycle = days_from_march_0000 - cycle * 146'097;
  const std::int64_t year_of_cycle =
      (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36'524 - day_of_cycle / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {.year = cycle * 400 + year_of_cycle + (month <= 2 ? 1 : 0),
          .month = month,
          .day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
          .hour = second_of_day / 3600,
          .minute = second_of_day / 60 % 60,
          .second = second_of_day % 60};
}

std::int64_t unix_from_civil(const Civil& civil) {
  const std::int64_t months = civil.year * 12 + civil.month - 1;
  const std::int64_t year = floor_div(months, 12);
  const std::int64_t days = days_before_month(year, months - year * 12 + 1) + civil.day - 1;
  return days * day_s + civil.hour * 3600 + civil.minute * 60 + civil.second;
}

Recurrence recurrence_from(std::string_view text) {
  if (text == "daily") return Recurrence::daily;
  if (text == "weekly") return Recurrence::weekly;
  if (text == "monthly") return Recurrence::monthly;
  return Recurrence::one_time;
}

std::optional<std::int64_t> next_start(std::int64_t start_s, Recurrence recurrence,
                                       std::int64_t anchor_s) {
  const auto in_bounds = [](std::int64_t s) { return s >= earliest_s && s <= latest_s; };
  if (!in_bounds(start_s) || !in_bounds(anchor_s)) return std::nullopt;
  Civil next = civil_from_unix(start_s);
  switch (recurrence) {
    case Recurrence::one_time: return std::nullopt;
    case Recurrence::daily: next.day += 1; break;
    case Recurrence::weekly: next.day += 7; break;
    case Recurrence::monthly: next.month += 1; break;
  }
  const Civil anchor = civil_from_unix(anchor_s);
  next.hour = anchor.hour;
  next.minute = anchor.minute;
  next.second = anchor.second;
  const std::int64_t next_s = unix_from_civil(next);
  return in_bounds(next_s) ? std::optional{next_s} : std::nullopt;
}

std::optional<std::int64_t> parse_instant(std::string_view text) {
  Reader reader{text::trim(text)};
  Civil civil = read_date(reader);
  if (reader.take(' ')) {
    read_hour_and_minute(reader, civil);
    reader.expect(':');
    civil.second = reader.number(2, 2, 0, 59);
    return reader.is_done() ? std::optional{unix_from_civil(civil)} : std::nullopt;
  }
  reader.expect('T');
  read_hour_and_minute(reader, civil);
  if (reader.is_done()) return unix_from_civil(civil);
  reader.expect(':');
  civil.second = reader.number(2, 2, 0, 59);
  if (reader.take('.') || reader.take(',')) {
    if (!reader.at_digit()) reader.fail();
    reader.skip_digits();
  }
  const std::int64_t east_s = read_zone(reader);
  return reader.is_done() ? std::optional{unix_from_civil(civil) - east_s} : std::nullopt;
}

std::optional<std::int64_t> parse_absence_bound(std::string_view text, Bound bound) {
  Reader reader{text::trim(text)};
  const Civil day = read_date(reader);
  if (!reader.is_done()) return parse_instant(text);
  return unix_from_civil(day) + (bound == Bound::until ? day_s : 0);
}

std::string format_instant(std::int64_t unix_s) {
  const Civil civil = civil_from_unix(unix_s);
  std::string year = std::to_string(civil.year);
  if (year.size() < 4) year.insert(0, 4 - year.size(), '0');
  return year + '-' + two_digits(civil.month) + '-' + two_digits(civil.day) + 'T' +
         two_digits(civil.hour) + ':' + two_digits(civil.minute) + ':' + two_digits(civil.second) +
         'Z';
}

}  // namespace sfluv::calendar
