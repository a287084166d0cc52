// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sfluv::server {

/// "photo_" and 32 hexadecimal digits of the system's entropy: not to be guessed.
[[nodiscard]] std::string random_id(std::string_view prefix);

}  // namespace sfluv::server
