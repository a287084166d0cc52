// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sfluv/amount.h"

/// Where the documents and the live system differ, by name. `documents` is the default: the seeds
/// win wherever they speak (rulebook D). The table in profile.cpp holds both sentences of each.
namespace sfluv {

/// How a server behaves. A switch is off as documented and on as the live system does it.
struct Profile {
  std::string_view name = "documents";

  bool skips_elapsed = false;
  bool successor_starts_unpaid = false;
  bool pays_each_step = false;
  bool not_possible_closes_workflow = false;
  bool claims_locked_step = false;
  bool takes_past_absence = false;
  bool skipped_count_omits_completed = false;
  bool lists_locked_steps = false;
  bool improvers_share_submissions = false;
  bool answers_500_to_bad_input = false;
  bool mails_assignee_only = false;
  bool lists_light_cards = false;
  bool stages_photos = false;
  bool takes_access_token = false;
  bool creates_without_description = false;
  bool bounties_fit_64_bits = false;
  bool refuses_series_id = false;
  bool takes_blank_supervisor = false;
  bool counts_votes_when_voters_look = false;
  bool leaves_budgets_zero = false;
  bool deletes_what_ended = false;
  bool lists_no_deleted = false;
  bool approves_improvers_at_once = false;
  bool takes_display_names = false;
  bool takes_any_hex_address = false;
  bool answers_400_to_unknown_credential = false;

  /// An amount of the API is this power of ten of the unit that people speak of (rulebook B4).
  int amount_decimals = 18;
  std::string_view amount_symbol = "HONEY";
};

/// What a switch touches: an answer only, or also what is stored, so that everything after it
/// differs.
enum class SwitchReach : std::uint8_t { answer, state };

/// One row of the table.
struct Switch {
  std::string_view name;
  bool Profile::*value = nullptr;
  SwitchReach reach{};
  std::string_view documents;  ///< what the seeds say
  std::string_view live;       ///< what the live system does
};

[[nodiscard]] std::span<const Switch> profile_switches();

[[nodiscard]] const Profile& documents_profile();
[[nodiscard]] const Profile& live_profile();

/// "documents" or "live".
[[nodiscard]] std::optional<Profile> profile_from(std::string_view name);

/// The number that people read, without its symbol: 50000000000000000000 under `documents` and 50
/// under `live` are both "50"; half of it is "0.5".
[[nodiscard]] std::string format_amount(const Amount& amount, const Profile& profile);

/// What people write: "50", "0.5", ".5". Nothing when it is none, is finer than the smallest unit, or
/// needs more than 256 bits.
[[nodiscard]] std::optional<Amount> parse_amount(std::string_view text, const Profile& profile);

}  // namespace sfluv
