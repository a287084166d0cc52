// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>

#include "sfluv/outbox.h"

/// Every time span of the queue, and what a wrong clock may do to them.
namespace sfluv::outbox {

inline constexpr std::int64_t second_ms = 1'000;
inline constexpr std::int64_t minute_ms = 60 * second_ms;
inline constexpr std::int64_t hour_ms = 60 * minute_ms;

inline constexpr std::int64_t hint_gap_ms = 5 * second_ms;  // hints come in bursts
inline constexpr std::int64_t look_ms = 1 * second_ms;      // a finished answer is checked at once
inline constexpr std::int64_t quiet_min_ms = 10 * second_ms;  // a slow proxy may still hold a copy
inline constexpr std::int64_t second_look_ms = 60 * second_ms;  // a replica may lag behind
inline constexpr std::int64_t observed_max_ms = 5 * minute_ms;
inline constexpr std::int64_t socket_bytes_max = 4 << 20;  // what a socket buffer was seen to hold
inline constexpr std::int64_t body_bytes_max = 18 << 20;   // what goes out in a quarter of an hour
inline constexpr std::int64_t drain_bytes_per_ms = 20;     // a poor uplink: 20 kB/s
inline constexpr std::int64_t locked_wait_ms = 5 * minute_ms;
inline constexpr std::int64_t store_wait_ms = 5 * second_ms;
inline constexpr std::int64_t remove_again_ms = 1 * minute_ms;
inline constexpr std::int64_t backoff_first_ms = 2 * second_ms;
inline constexpr std::int64_t backoff_floor_ms = 1 * second_ms;
inline constexpr std::int64_t backoff_cap_ms = 5 * minute_ms;
inline constexpr std::int64_t backoff_cap_late_ms = 30 * minute_ms;
inline constexpr std::int64_t odd_answer_ms = 30 * second_ms;  // it may be this record's alone
inline constexpr std::int64_t late_after_ms = 24 * hour_ms;
inline constexpr std::int64_t retry_after_max_ms = 1 * hour_ms;
inline constexpr std::int64_t import_quiet_ms = 15 * minute_ms;  // it may still be sent elsewhere
inline constexpr std::int64_t undo_ms = 24 * hour_ms;
inline constexpr std::int64_t endangered_ms = 12 * hour_ms;
inline constexpr std::int64_t stall_ms = 45 * second_ms;
inline constexpr std::int64_t answer_ms = 120 * second_ms;  // the server pays before it answers
inline constexpr std::int64_t read_answer_ms = 60 * second_ms;
inline constexpr std::int64_t stored_late_ms = 20 * second_ms;    // well within lease_ms
inline constexpr std::int64_t latest_ms = std::int64_t{1} << 52;  // sums with it stay sound

/// What a time was written as: the moment, and how far away it was then.
struct Moment {
  std::int64_t at_ms = 0;
  std::int64_t wait_ms = 0;

  /// Further away than it was meant to be: written by a clock that has been set since. A wrong
  /// clock may delay by one wait and not by years.
  [[nodiscard]] bool is_too_far(std::int64_t now_ms) const { return at_ms - wait_ms > now_ms; }
  [[nodiscard]] bool is_reached(std::int64_t now_ms) const {
    return at_ms <= now_ms || is_too_far(now_ms);
  }
};

/// A hint cannot shorten what the server or the quiet period asked for.
[[nodiscard]] inline bool yields_to_hints(Why why) {
  switch (why) {
    case Why::unreachable:
    case Why::unreadable:
    case Why::auth:
    case Why::policy:
    case Why::server_error:
    case Why::interrupted:
    case Why::store: return true;
    default: return false;
  }
}

/// Hints come in bursts.
[[nodiscard]] inline bool may_take_hint(const Queue& queue, std::int64_t now_ms) {
  return queue.hint_ms > now_ms || now_ms - queue.hint_ms >= hint_gap_ms;
}

/// Is it this record's time? A hint ends the waits that began before it, once.
[[nodiscard]] inline bool is_due(Moment due, Why why, const Queue& queue, std::int64_t now_ms) {
  if (due.at_ms == 0) return false;
  const bool hinted =
      yields_to_hints(why) && due.at_ms - due.wait_ms < queue.hint_ms && queue.hint_ms <= now_ms;
  return hinted || due.is_reached(now_ms);
}

}  // namespace sfluv::outbox
