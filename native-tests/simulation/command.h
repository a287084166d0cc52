// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simulation/simulation.h"

namespace sfluv::simulation {

struct Seeds {
  std::uint64_t from = 1;
  std::uint64_t count = 0;
  std::optional<ServerKind> server;  ///< none: each in its turn
  bool keep_digests = false;
  bool keep_traces = false;

  [[nodiscard]] Options at(std::uint64_t index) const;
};

struct Outcome {
  std::uint64_t passed = 0;
  std::uint64_t failed = 0;
  Counts counts;
  std::size_t events_min = 0;  ///< of the shortest life
  std::optional<Options> first_failure;
  std::vector<std::uint64_t> digests;  ///< only with `keep_digests`
  double seconds = 0;
};

/// Lives all of these, on all processors.
[[nodiscard]] Outcome run_seeds(const Seeds& seeds);

/// How many lives a second, and what happened in them.
[[nodiscard]] std::string summary_of(const Outcome& outcome);

inline constexpr const char* simulate_usage =
    "simulate --seeds N [--from S] [--server backend|documents|hostile] [--digests] [--trace]";

/// `sfluv simulate ...`: prints the first failing seed with its trace, and last
/// "N passed, N failed". `--digests`: a line a seed with the digest of all that happened;
/// `--trace`: all that happened. Null: the arguments are wrong.
[[nodiscard]] std::optional<int> simulate_command(std::span<char* const> arguments);

}  // namespace sfluv::simulation
