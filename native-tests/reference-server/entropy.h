// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace sfluv::server {

/// 32 hexadecimal digits of the system's entropy, for ids that nobody can guess.
[[nodiscard]] std::string random_text();

}  // namespace sfluv::server
