// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sfluv/series.h"

/// Who is to be paid what (rulebook C9). The transfer itself happens outside; its end comes back
/// in.
namespace sfluv {

/// One transfer to make. Without a step it is the supervisor's bounty.
struct Payout {
  std::string workflow_id;
  std::string step_id;
  std::string user_id;
  Amount amount;

  bool operator==(const Payout&) const = default;
};

/// How a transfer ended. The names are those of the payout errors of the vectors.
enum class PayoutOutcome : std::uint8_t {
  paid,
  insufficient_funds,
  transfer_failed,
  no_wallet,
  no_improver
};

[[nodiscard]] std::string_view to_string(PayoutOutcome outcome);

/// `payout_error` as the documents print it, in a fixed set of words: raw causes never leave (C9).
[[nodiscard]] std::string_view payout_error_text(PayoutOutcome outcome);

/// The outcome whose text this is; `transfer_failed` for words of another server.
[[nodiscard]] PayoutOutcome payout_outcome_from(std::string_view error_text);

/// What can be settled without a transfer: bounties of 0, and with the last of them the workflow.
void settle(Series& series, const Profile& profile, std::int64_t now_s, Delta& delta);

/// The transfer to make now, or nothing: the earliest occurrence first, and none of a later one
/// while an earlier one is unfinished or unpaid. A failed one waits for its retry request.
[[nodiscard]] std::optional<Payout> next_payout(const Series& series, const Profile& profile);

/// Writes down how a transfer ended. False when there was nothing to pay: the answer came twice.
[[nodiscard]] bool record_payout(Series& series, const Payout& payout, PayoutOutcome outcome,
                                 std::int64_t now_s, Delta& delta);

}  // namespace sfluv
