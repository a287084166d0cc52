// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "sfluv/issue.h"
#include "sfluv/profile.h"

/// The one table of which refusal answers with which HTTP status: for the server that answers and
/// for whoever foretells or checks its answers.
namespace sfluv {

enum class Operation : std::uint8_t {
  read,
  claim,
  start,
  complete,
  photo_upload,
  payout_request,
  unclaim,
  absence,
  propose,
  remove,
  vote,
  approve,
  account
};

/// Seeds 000 to 002 "Response Codes"; table D of the rulebook where the live system differs.
[[nodiscard]] int http_status(Operation operation, Code code, const Profile& profile);

/// The same for a whole issue. The live server reads its status out of the words of its message, in
/// which an unknown item id stands as it was sent (rulebook A2).
[[nodiscard]] int http_status(Operation operation, const Issue& issue, const Profile& profile);

}  // namespace sfluv
