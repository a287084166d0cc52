// SPDX-License-Identifier: MIT
#include "simulation/explorer.h"

#include <gtest/gtest.h>
#include <iostream>

namespace sfluv::simulation {
namespace {

std::string story_of(const Explored& explored) {
  std::string story = "broke " + explored.failure + '\n';
  for (const std::string& line : explored.trace) story += line + '\n';
  return story;
}

// Small enough for every change; `make proof-explore` takes three attempts of two pages.
TEST(OutboxExplorer, OnePageAndOneAttemptToTheEmptyFrontier) {
  for (const ServerKind server : {ServerKind::backend, ServerKind::documents}) {
    const Explored explored =
        explore({.server = server, .attempts_max = 1, .pages = 1, .copies_max = 1, .taps_max = 0});
    ASSERT_TRUE(explored.passed()) << story_of(explored);
    EXPECT_TRUE(explored.is_complete);
    EXPECT_GT(explored.states, 10'000u);
    std::cout << "outbox explorer: " << explored.states << " states, depth " << explored.depth
              << '\n';
  }
}

TEST(OutboxExplorer, TwoPagesAsFarAsTimeAllows) {
  for (const bool stages_photos : {false, true}) {
    const Explored explored = explore({.stages_photos = stages_photos, .states_max = 20'000});
    EXPECT_TRUE(explored.passed()) << story_of(explored);
    EXPECT_FALSE(explored.is_complete);
  }
}

}  // namespace
}  // namespace sfluv::simulation
