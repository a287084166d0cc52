// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simulation/simulation.h"

/// Every life of one record, as far as three attempts go: two pages, a store, a lease, a network
/// and a server as a graph, walked breadth first until nothing new is found. Where the simulator
/// throws dice, this takes every side of them; so it is small where the simulator is large: one
/// record, no photos but those that go up ahead, times as their order only.
namespace sfluv::simulation {

struct Exploration {
  ServerKind server = ServerKind::backend;
  bool stages_photos = false;  ///< two photos in three pieces go up ahead, as the live system wants
  unsigned attempts_max = 3;
  unsigned pages = 2;
  unsigned copies_max = 2;     ///< late copies on the wire at once
  unsigned taps_max = 1;       ///< how often a person asks for it now
  std::size_t states_max = 0;  ///< 0: to the empty frontier
};

struct Explored {
  std::string failure;             ///< which invariant broke; empty when all held
  std::vector<std::string> trace;  ///< the shortest way there
  std::size_t states = 0;
  std::size_t steps = 0;  ///< taken, to states old and new
  std::size_t depth = 0;
  bool is_complete = false;  ///< the frontier is empty

  [[nodiscard]] bool passed() const { return failure.empty(); }
};

[[nodiscard]] Explored explore(const Exploration& exploration);

inline constexpr const char* explore_usage =
    "explore [--server backend|documents|live] [--attempts N] [--pages N] [--copies N] [--taps N]";

/// `sfluv explore ...`: prints the way to the first broken invariant, the figures, and last
/// "N passed, N failed". Null: the arguments are wrong.
[[nodiscard]] std::optional<int> explore_command(std::span<char* const> arguments);

}  // namespace sfluv::simulation
