// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "sfluv/issue.h"
#include "sfluv/profile.h"

namespace sfluv {

/// An Ethereum address with the checksum of EIP-55. Documented are `0x` and 40 hex digits, of one
/// case or with the right checksum; the live system takes any case, and no 0x (rulebook C11).
/// Error: `address_blank`, `address_invalid`, `address_checksum_wrong`.
[[nodiscard]] Outcome<std::string> normalized_address(std::string_view text,
                                                      const Profile& profile);

}  // namespace sfluv
