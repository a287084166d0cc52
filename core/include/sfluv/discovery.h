// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/participation.h"

/// What somebody gets to see, in which order, and why the rest is not theirs (rulebook C10).
namespace sfluv {

/// Why a workflow is listed; the order of the names is the order of the list. `unread`: a card that
/// does not tell, whose whole document this device has not read.
enum class Listing : std::uint8_t { mine_active, mine, claimable, supervised, unread };

[[nodiscard]] std::string_view to_string(Listing listing);

struct Listed {
  std::string workflow_id;
  Listing reason{};
  std::string claimable_step_id;  ///< the first step that speaks for it; may be empty
};

/// A step that is not for this person, and the first reason.
struct NotMine {
  std::string workflow_id;
  std::string step_id;  ///< empty: the workflow as a whole
  Code reason{};
};

struct Discovery {
  std::vector<std::string> active_credentials;
  std::vector<Listed> listed;
  std::vector<NotMine> not_mine;  ///< of workflows that are not listed
  std::size_t total = 0;          ///< before the list was cut
};

/// GET /improvers/workflows (seed 000): where I hold a step, what I may claim, what I supervise or
/// could supervise. "Manager" in the documents is the supervisor; who holds all credentials that a
/// workflow asks for could be one. Newest start first.
[[nodiscard]] Discovery discover(std::span<const Series> series, const Caller& caller,
                                 const Profile& profile, std::int64_t now_s);

/// GET /improvers/unpaid-workflows: with a completed step of mine that is owed, or my bounty as its
/// supervisor. Oldest start first.
[[nodiscard]] std::vector<std::string> unpaid_workflows(std::span<const Series> series,
                                                        const Caller& caller);

/// GET /workflows/active (seed 002): approved, blocked, in progress or completed and not yet paid
/// out. What starts first stands first.
[[nodiscard]] std::vector<std::string> active_workflows(std::span<const Series> series);

/// GET /voters/workflows: what is pending, the latest proposal first.
[[nodiscard]] std::vector<std::string> pending_workflows(std::span<const Series> series);

/// GET /proposers/workflows (seed 002): the caller's own. The series that reaches furthest into the
/// future stands first, its occurrences in their order.
[[nodiscard]] std::vector<std::string> proposed_workflows(std::span<const Series> series,
                                                          const Caller& caller,
                                                          const Profile& profile);

/// GET /improvers/workflows/absence-periods: mine, the latest first.
[[nodiscard]] std::vector<Absence> absences_of(std::span<const Series> series,
                                               const Caller& caller);

}  // namespace sfluv
