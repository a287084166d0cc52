// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

/// Counts what the test program takes through `new`, so that a refusal can be held to its memory.
/// What stb_image takes is counted by its arena; a refused file never gets that far.
namespace sfluv::test {

[[nodiscard]] std::uint64_t bytes_held();
[[nodiscard]] std::uint64_t bytes_peak();
/// The peak starts anew from what is held.
void reset_peak();

}  // namespace sfluv::test
