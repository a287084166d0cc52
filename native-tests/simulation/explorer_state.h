// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_set>
#include <vector>

#include "sfluv/outbox.h"

#include "simulation/clockwork.h"

/// A point of the graph that the explorer walks: two pages, a store, a lease, a network, a server.
namespace sfluv::simulation::graph {

using outbox::Op;
using outbox::Record;

inline constexpr std::int64_t start_ms = 1'700'000'000'000;
inline constexpr std::int64_t stored_late_ms = 20 * second;
inline constexpr std::size_t pages_max = 2;

/// Since the end of the last attempt: the readings that allow another one.
struct Proof {
  unsigned counted = 0;
  std::int64_t next_ms = 0;  ///< a reading that begins earlier does not count
};

/// One version of the record; shared by all states that hold it, and told apart by its address.
struct Row {
  std::shared_ptr<const Record> record;
  Proof proof;
};

struct Write {
  Row row;
  const Record* expected = nullptr;
  unsigned epoch = 0;  ///< of the lease; 0: any page may
  std::int64_t token = 0;
};
enum class Ack : std::uint8_t { none, done, failed, conflict };

/// What the server has, or what it does about a request.
enum class Truth : std::uint8_t { open, ours, other_words, others, closed, refused, piece, photo };

/// Of the photos that go up ahead, a piece has a bit: two of the first photo, one of the second.
using Pieces = std::uint8_t;
inline constexpr Pieces all_pieces = 0b111;
inline constexpr std::array<Pieces, 2> pieces_of_photo{0b011, 0b100};
constexpr bool has_photo(Pieces uploaded, std::size_t photo) {
  return (uploaded & pieces_of_photo[photo]) == pieces_of_photo[photo];
}

struct Request {
  enum class Stage : std::uint8_t { none, asked, served };
  Stage stage{};
  Op op{};
  Truth truth{};
  bool counts = false;    ///< a reading that allows another attempt if it shows the step open
  std::size_t photo = 0;  ///< of a piece
  Pieces piece = 0;
};

struct Page {
  unsigned epoch = 0;  ///< of the lease that it believes to hold; 0: does not drive
  Row memory;
  const Record* stored = nullptr;  ///< the row as it knows it
  std::vector<Write> writes;       ///< the first one may be done already, see `ack`
  Ack ack{};
  Request request;
};

struct State {
  std::int64_t now_ms = start_ms;
  Row row;
  unsigned lease_owner = 0;  ///< 1 and up; 0: nobody
  unsigned lease_epoch = 0;
  std::array<Page, pages_max> pages;
  Truth step = Truth::open;
  bool refuses = false;
  bool was_ours = false;
  bool was_disturbed = false;
  unsigned late = 0;
  unsigned taps = 0;
  Pieces uploaded = 0;
  Pieces late_pieces = 0;  ///< they too may arrive after their page gave up
};

/// The same for states that go on alike: times count by their order, journal and counters not at
/// all, and the two pages may change places. Two of a graph of a billion states are the same by
/// chance once in many universes.
struct Digest {
  std::uint64_t high = 0, low = 0;
  bool operator==(const Digest&) const = default;
};
[[nodiscard]] Digest digest_of(const State& state);

struct HashOfDigest {
  std::size_t operator()(const Digest& digest) const {
    return static_cast<std::size_t>(digest.high ^ digest.low);
  }
};
using Digests = std::unordered_set<Digest, HashOfDigest>;

}  // namespace sfluv::simulation::graph
