// SPDX-License-Identifier: MIT
#include "sfluv/profile.h"

#include <algorithm>
#include <array>

namespace sfluv {
namespace {

constexpr std::array switches = {
    Switch{
        "skips_elapsed", &Profile::skips_elapsed, SwitchReach::state,
        "seed 002 knows no status `skipped`: work stays open until it is done",
        "an occurrence whose successor's time has come becomes `skipped`, even one that somebody "
        "works on (rulebook C7.3)"},
    Switch{"successor_starts_unpaid", &Profile::successor_starts_unpaid, SwitchReach::state,
           "seed 002: `blocked`, a recurring series awaits the prior workflow's payout",
           "a successor is `approved` as soon as it is made (rulebook C7.5)"},
    Switch{"pays_each_step", &Profile::pays_each_step, SwitchReach::state,
           "seed 000: completing triggers payout processing if all steps are complete",
           "a step is paid as soon as it is completed (rulebook C9)"},
    Switch{"not_possible_closes_workflow", &Profile::not_possible_closes_workflow,
           SwitchReach::state, "seed 001: `step_not_possible` marks the step as failed/impossible",
           "it completes every step of the workflow and sets all bounties to 0 (rulebook A6.2)"},
    Switch{"claims_locked_step", &Profile::claims_locked_step, SwitchReach::state,
           "seed 000: to be claimed, a step must be `available`",
           "a locked step that may unlock can be claimed too (rulebook C3)"},
    Switch{"takes_past_absence", &Profile::takes_past_absence, SwitchReach::state,
           "seed 000: both dates of an absence must be in the future",
           "any dates are taken (rulebook C5)"},
    Switch{"skipped_count_omits_completed", &Profile::skipped_count_omits_completed,
           SwitchReach::answer,
           "seed 001: skipped_count holds the steps already started or completed",
           "it holds those in progress only (rulebook C6)"},
    Switch{"lists_locked_steps", &Profile::lists_locked_steps, SwitchReach::answer,
           "seed 000: discovery shows available unclaimed steps",
           "work whose free steps are all still locked is listed too (rulebook C10)"},
    Switch{"improvers_share_submissions", &Profile::improvers_share_submissions,
           SwitchReach::answer,
           "seed 000: a submission is seen by the assigned improver, the supervisor and admins",
           "every improver of the workflow sees all of them (rulebook C14)"},
    Switch{"answers_500_to_bad_input", &Profile::answers_500_to_bad_input, SwitchReach::answer,
           "seed 000: 400 for missing responses, invalid item ids, duplicates",
           "some of them answer 500 with an empty body (rulebook A2)"},
    Switch{"mails_assignee_only", &Profile::mails_assignee_only, SwitchReach::answer,
           "seed 000: completing notifies all eligible improvers that a step is available",
           "only an assignee of that step gets a mail (rulebook A5.2)"},
    Switch{"lists_light_cards", &Profile::lists_light_cards, SwitchReach::answer,
           "seed 000: discovery gets all workflows, as an array",
           "it gets a page of cards without steps, and my credentials (rulebook C10)"},
    Switch{"stages_photos", &Profile::stages_photos, SwitchReach::answer,
           "seed 001: photos are sent as base64 inside the submission",
           "they can be uploaded ahead, whole or in chunks (rulebook A7)"},
    Switch{"takes_access_token", &Profile::takes_access_token, SwitchReach::answer,
           "seed 001: Authorization: Bearer YOUR_TOKEN",
           "the token comes in the header Access-Token (rulebook D)"},
    Switch{"creates_without_description", &Profile::creates_without_description, SwitchReach::state,
           "seed 002: a proposal's description is required",
           "a blank one, or none, is taken (rulebook B5)"},
    Switch{
        "bounties_fit_64_bits", &Profile::bounties_fit_64_bits, SwitchReach::state,
        "seed 002: bounties in wei, 100000000000000000000 among its examples",
        "a bounty above 2^64-1 cannot be decoded, an amount above 2^63-1 not stored (rulebook B4)"},
    Switch{"refuses_series_id", &Profile::refuses_series_id, SwitchReach::state,
           "seed 002: series_id links to an existing recurring series",
           "every series_id is refused (rulebook B.6)"},
    Switch{"takes_blank_supervisor", &Profile::takes_blank_supervisor, SwitchReach::state,
           "seed 002: a supervisor's user_id is required",
           "a blank one is none, and its bounty still counts (rulebook B.8)"},
    Switch{"counts_votes_when_voters_look", &Profile::counts_votes_when_voters_look,
           SwitchReach::state,
           "seed 002: a vote is final 24 hours after its quorum, and expires after 14 days",
           "both happen when a voter looks; a vote that comes later, but before, counts (rulebook "
           "C8)"},
    Switch{"leaves_budgets_zero", &Profile::leaves_budgets_zero, SwitchReach::state,
           "seed 002: budget_weekly_deducted and budget_one_time_deducted tell what was deducted",
           "both stay 0 (rulebook B1)"},
    Switch{"deletes_what_ended", &Profile::deletes_what_ended, SwitchReach::state,
           "seed 002: only pending workflows can be directly deleted",
           "rejected, expired, failed and skipped ones can be too (rulebook B)"},
    Switch{"lists_no_deleted", &Profile::lists_no_deleted, SwitchReach::answer,
           "seed 002: a proposer's list includes all statuses",
           "deleted workflows are left out (rulebook B)"},
    Switch{"approves_improvers_at_once", &Profile::approves_improvers_at_once, SwitchReach::state,
           "seed 000: a status is requested, and 409 once it is approved",
           "a request is approved at once, and again (rulebook C12)"},
    Switch{"takes_display_names", &Profile::takes_display_names, SwitchReach::state,
           "seed 000: 400 for an invalid email",
           "`Name <me@x.org>` is taken when me@x.org is verified (rulebook C12)"},
    Switch{"takes_any_hex_address", &Profile::takes_any_hex_address, SwitchReach::state,
           "seed 000: a rewards account must be a valid Ethereum address",
           "40 hex digits are taken without 0x and with a wrong checksum (rulebook C11)"},
    Switch{"answers_400_to_unknown_credential", &Profile::answers_400_to_unknown_credential,
           SwitchReach::answer, "seed 000: 404, credential type not found", "400 (rulebook C13)"},
};

constexpr Profile with_all_switches_on() {
  Profile profile{.name = "live", .amount_decimals = 0, .amount_symbol = "SFLUV"};
  for (const Switch& row : switches) profile.*row.value = true;
  return profile;
}

constexpr Profile documents;
constexpr Profile live = with_all_switches_on();

}  // namespace

std::span<const Switch> profile_switches() { return switches; }

const Profile& documents_profile() { return documents; }

const Profile& live_profile() { return live; }

std::optional<Profile> profile_from(std::string_view name) {
  if (name == documents.name) return documents;
  if (name == live.name) return live;
  return std::nullopt;
}

std::string format_amount(const Amount& amount, const Profile& profile) {
  std::string digits = amount.to_string();
  const auto decimals = static_cast<std::size_t>(profile.amount_decimals);
  if (decimals == 0) return digits;
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  digits.insert(digits.size() - decimals, 1, '.');
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return digits;
}

std::optional<Amount> parse_amount(std::string_view text, const Profile& profile) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view units = text.substr(0, point);
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  const auto decimals = static_cast<std::size_t>(profile.amount_decimals);
  if (units.size() + fraction.size() == 0 || fraction.size() > decimals) return std::nullopt;
  std::string digits = std::string{units} + std::string{fraction};
  digits.append(decimals - fraction.size(), '0');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return Amount::parse(digits);
}

}  // namespace sfluv
