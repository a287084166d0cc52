// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A whole world in one thread: a phone with two pages that die, freeze and rob each other of the
/// lease, a store that keeps what it acknowledged, a network that loses, doubles and delays, a
/// server, other people, and time. One seed is one run; the same seed is the same run, byte for
/// byte, natively and in wasm.
namespace sfluv::simulation {

enum class ServerKind : std::uint8_t {
  backend,    ///< refuses a second completion with 400, as the public backend does
  documents,  ///< takes a second completion and overwrites: nothing in the documents forbids it
  hostile,    ///< `backend`, with late copies up to an hour old, lagging readings and answers that
              ///< mean nothing
};

inline constexpr std::array<std::string_view, 3> server_names{"backend", "documents", "hostile"};

struct Options {
  std::uint64_t seed = 0;
  ServerKind server = ServerKind::backend;
  bool keep_trace = false;
};

struct Counts {
  std::size_t events = 0;
  std::size_t records = 0;
  std::size_t sends = 0;
  std::size_t crashes = 0;
  std::size_t takeovers = 0;
  std::size_t delivered = 0;
  std::size_t for_a_person = 0;

  Counts& operator+=(const Counts& other);
};

struct Report {
  std::string failure;       ///< which invariant broke; empty when all held
  std::uint64_t digest = 0;  ///< of everything that happened
  Counts counts;
  std::vector<std::string> trace;  ///< only with `keep_trace`

  [[nodiscard]] bool passed() const { return failure.empty(); }
};

[[nodiscard]] Report simulate(const Options& options);

/// The failure of a seed with its trace, its last `lines_max` lines.
[[nodiscard]] std::string story_of(const Options& options, std::size_t lines_max);

}  // namespace sfluv::simulation
