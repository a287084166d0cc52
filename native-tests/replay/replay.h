// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/profile.h"

#include "scenario.h"
#include "world.h"

/// Plays recorded conversations again and compares what comes back.
namespace sfluv::replay {

struct Options {
  Profile profile = documents_profile();
  std::vector<std::string> topics;  ///< empty: all
};

struct TopicCount {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
};

struct Report {
  std::map<std::string, TopicCount> topics;
  std::vector<std::string> failures;         ///< a line each, with the call's index and both values
  std::map<std::string, std::size_t> skips;  ///< by reason
  std::map<std::string, std::size_t> explained;  ///< calls that a switch of the profile explains
  std::map<std::string, std::size_t> flagged;    ///< of these, marked `seed_differs` in the file

  [[nodiscard]] TopicCount total() const;
};

/// Why a scenario is not played; "" when it is: where we differ from the live system on purpose.
[[nodiscard]] std::string_view skip_reason(const Scenario& scenario);

/// Under `live` every call must agree. Under any other profile a call may differ where a switch
/// says so: one marked `seed_differs` by the switch of its words, an unmarked one by the switches
/// that recordings are silent about. It counts as explained only if the recorded answer comes back
/// when exactly that switch is thrown.
[[nodiscard]] Report replay(const ScenarioFile& file, const Options& options, World& world);

/// The report as text; its last line is `N passed, N failed, N skipped`.
[[nodiscard]] std::string to_text(const Report& report);

}  // namespace sfluv::replay
