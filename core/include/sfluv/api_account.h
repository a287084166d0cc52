// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sfluv::api {

/// In: {"primary_rewards_account":"0x...","profile"?:"documents"|"live"}. Out: {"accepted","issues",
/// "normalized":{"primary_rewards_account"}|null}, the address with the checksum of EIP-55.
[[nodiscard]] std::string check_rewards_account(std::string_view input);

}  // namespace sfluv::api
