// SPDX-License-Identifier: MIT
#include "simulation/outbox_simulation.h"

#include <chrono>
#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>

namespace sfluv::simulation {
namespace {

// SFLUV_SEEDS: fewer under sanitizers and in wasm, more for a long proof. SFLUV_FIRST_SEED: where
// to begin, to see a failing seed again with its trace.
std::uint64_t number_from(const char* name, std::uint64_t fallback) {
  const char* const text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

constexpr const char* names[] = {"backend", "documents", "hostile"};

std::string story_of(std::uint64_t seed, ServerKind server) {
  const Report report = simulate({.seed = seed, .server = server, .keep_trace = true});
  std::string story = "seed " + std::to_string(seed) + " server " +
                      names[static_cast<int>(server)] + " broke " + report.failure + '\n';
  constexpr std::size_t lines_max = 400;
  const std::size_t lines = report.trace.size();
  for (std::size_t i = lines > lines_max ? lines - lines_max : 0; i < lines; ++i)
    story += report.trace[i] + '\n';
  return story;
}

TEST(OutboxSimulation, HoldsItsInvariants) {
  const std::uint64_t seeds = number_from("SFLUV_SEEDS", 20'000);
  const std::uint64_t first = number_from("SFLUV_FIRST_SEED", 1);
  const auto began = std::chrono::steady_clock::now();
  std::size_t events = 0, records = 0, delivered = 0, needs_person = 0, sends = 0, crashes = 0;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    const auto server = static_cast<ServerKind>(seed % 3);
    const Report report = simulate({.seed = seed, .server = server});
    ASSERT_TRUE(report.passed()) << story_of(seed, server);
    events += report.events;
    records += report.records;
    delivered += report.delivered;
    needs_person += report.needs_person;
    sends += report.sends;
    crashes += report.crashes;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << "outbox simulation: " << seeds << " seeds, "
            << static_cast<double>(seeds) / took.count() << " seeds/s, " << events << " events, "
            << records << " records, " << sends << " sends, " << crashes << " crashes, "
            << delivered << " delivered, " << needs_person << " for a person\n";
  // A simulator in which nothing arrives proves nothing.
  EXPECT_GT(delivered * 2, records);
  EXPECT_TRUE(needs_person > 0 || seeds < 100);
}

TEST(OutboxSimulation, SameSeedSameRun) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Options options{.seed = seed, .server = static_cast<ServerKind>(seed % 3)};
    EXPECT_EQ(simulate(options).digest, simulate(options).digest) << "seed " << seed;
  }
}

}  // namespace
}  // namespace sfluv::simulation
