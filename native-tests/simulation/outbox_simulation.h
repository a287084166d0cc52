// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// A whole world in one thread: a phone whose page dies between any two effects, a store that keeps
/// what it acknowledged, a network that loses, doubles and delays, a server, and time. One seed is
/// one run; the same seed is the same run, byte for byte.
namespace sfluv::simulation {

enum class ServerKind : std::uint8_t {
  backend,    ///< refuses a second completion with 400, as the public backend does
  documents,  ///< takes a second completion and overwrites: nothing in the documents forbids it
  hostile,    ///< `backend`, with late copies up to an hour old and answers that mean nothing
};

struct Options {
  std::uint64_t seed = 0;
  ServerKind server = ServerKind::backend;
  bool keep_trace = false;
};

struct Report {
  std::string failure;       ///< which invariant broke; empty when all held
  std::uint64_t digest = 0;  ///< of everything that happened
  std::size_t events = 0;
  std::size_t records = 0;
  std::size_t sends = 0;
  std::size_t crashes = 0;
  std::size_t delivered = 0;
  std::size_t needs_person = 0;
  std::vector<std::string> trace;  ///< only with `keep_trace`

  [[nodiscard]] bool passed() const { return failure.empty(); }
};

[[nodiscard]] Report simulate(const Options& options);

}  // namespace sfluv::simulation
