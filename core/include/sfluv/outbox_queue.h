// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sfluv/outbox.h"

/// What holds for all records of one account at one server: pauses, hints, whose turn it is, and
/// which page drives. Scheduling looks at summaries only, never at a record.
namespace sfluv::outbox {

/// What the person switched off, if anything.
[[nodiscard]] Why held_by(const Holds& holds);
/// Why nothing may be sent at `now_ms`; `none` when it may.
[[nodiscard]] Why paused_by(const Queue& queue, std::int64_t now_ms);

/// What happened to all of them.
struct Hinted {};    ///< the network may be back: online, page shown, a new record
struct SignedIn {};  ///< there is a new token, or the policy was accepted
struct StoreUp {};
struct StoreDown {};
struct HoldSet {
  bool metered = false;  ///< else the person's own switch
  bool on = false;
};
using QueueEvent = std::variant<Hinted, SignedIn, StoreUp, StoreDown, HoldSet>;

[[nodiscard]] Queue advance(Queue queue, const QueueEvent& event, const Inputs& inputs);

/// A queue as bytes, in the envelope of a record.
[[nodiscard]] std::vector<std::uint8_t> encode(const Queue& queue);
/// Errors as for a record. Nothing in a queue is precious but the person's switches: whoever cannot
/// read one starts anew.
[[nodiscard]] Outcome<Queue> decode_queue(std::span<const std::uint8_t> bytes);

/// {"state":"running"|"paused","why","until_ms","contact_ms","user","metered"}
[[nodiscard]] std::string view(const Queue& queue, std::int64_t now_ms);

/// What the scheduler needs of a record, in limits::summary_bytes bytes (little-endian):
///   0 version  1 state  2 why  3 flags (1 under way, 2 holds its chain, 4 concerns its series)
///   4 owner (4)  8 order (8)  16 due_ms (8)  24 deadline_ms (8)  32 chain (8)  40 series (8)
///   48 wait_ms (4)  52 start of the id (4)  56 kind  57 attempts, at most 255  58 zero (2)
///   60 CRC-32C of the bytes before (4)
[[nodiscard]] std::vector<std::uint8_t> summarise(const Record& record);

/// Which record to drive next. Those of one step go in the order in which they were made, and what
/// concerns a whole series waits for, and holds up, all of its steps; other chains go on. Soonest
/// deadline first, then the oldest; while the server does not answer, the one that was tried least
/// recently. A time further away than its wait was meant to be was made by another clock and counts
/// as reached.
struct Next {
  std::optional<std::size_t> index;
  std::optional<std::int64_t> wake_at_ms;
  std::vector<std::size_t> behind;      ///< wait for an earlier one of their chain
  std::vector<std::size_t> endangered;  ///< not delivered, and the deadline is near
  std::vector<std::size_t> foreign;     ///< of another account: locked
  std::vector<std::size_t> damaged;     ///< cannot be read; their records stay where they are
};
[[nodiscard]] Outcome<Next> next(const Queue& queue, std::span<const std::uint8_t> summaries,
                                 std::int64_t now_ms);

/// The place after all of these.
[[nodiscard]] std::int64_t order_after(std::span<const std::uint8_t> summaries,
                                       std::int64_t now_ms);
/// One of the same kind for the same step or series that is not done yet.
[[nodiscard]] std::optional<std::size_t> find_twin(std::span<const std::uint8_t> summaries,
                                                   const Content& content);

/// Which page drives. One row in the store, changed by compare-and-swap only; a driver makes every
/// write on condition that the row is still its own.
struct Lease {
  std::array<std::uint8_t, 16> owner{};
  std::uint64_t epoch = 0;
  std::int64_t until_ms = 0;

  bool operator==(const Lease&) const = default;
};
inline constexpr std::int64_t lease_ms = 30'000;
inline constexpr std::int64_t heartbeat_ms = 10'000;

[[nodiscard]] std::vector<std::uint8_t> encode(const Lease& lease);
/// A lease that cannot be read is nobody's.
[[nodiscard]] Outcome<Lease> decode_lease(std::span<const std::uint8_t> bytes);

/// Free, run out, this page's own, or nobody else can be driving: taken with the next epoch.
/// Otherwise nothing.
[[nodiscard]] std::optional<Lease> take(const Lease& lease, std::span<const std::uint8_t, 16> owner,
                                        std::int64_t now_ms, bool is_alone = false);
/// Still this page's: longer. Otherwise nothing: stop.
[[nodiscard]] std::optional<Lease> renew(const Lease& lease,
                                         std::span<const std::uint8_t, 16> owner,
                                         std::uint64_t epoch, std::int64_t now_ms);

}  // namespace sfluv::outbox
