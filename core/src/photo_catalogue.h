// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>

#include "sfluv/issue.h"

/// The part of the catalogue (issue.cpp) that is about files of photos. It stands apart, because the
/// module of photos carries no other.
namespace sfluv::photo {

inline constexpr auto catalogue = std::to_array<CodeInfo>({
    {Code::photo_file_empty, "photo_file_empty", {}},
    {Code::photo_file_too_large, "photo_file_too_large", {"bytes", "bytes_max"}},
    {Code::photo_format_unknown, "photo_format_unknown", {}},
    {Code::photo_format_unsupported, "photo_format_unsupported", {"format"}},
    {Code::photo_truncated, "photo_truncated", {"byte"}},
    {Code::photo_damaged, "photo_damaged", {"what", "byte"}},
    {Code::photo_too_many_pixels, "photo_too_many_pixels", {"width_px", "height_px", "pixels_max"}},
    {Code::photo_too_complex, "photo_too_complex", {"what", "value", "max"}},
    {Code::photo_budget_too_small, "photo_budget_too_small", {"bytes_max"}},
    {Code::photo_plan_invalid, "photo_plan_invalid", {"name", "value"}},
});

/// Of one of these codes.
[[nodiscard]] constexpr const CodeInfo& info_of(Code code) {
  return catalogue[static_cast<std::size_t>(code) - static_cast<std::size_t>(catalogue[0].code)];
}

}  // namespace sfluv::photo
