// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Inputs of the facade made by chance: mostly such as a page would send, now and then with a
/// member that is missing, null, of a wrong type or hostile. The same seed gives the same text
/// everywhere.
namespace sfluv::stream {

/// The calls (facade.h) for which there are inputs.
[[nodiscard]] const std::vector<std::string_view>& calls();

[[nodiscard]] std::string random_input(std::string_view call, std::uint64_t seed);

}  // namespace sfluv::stream
