// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "sfluv/issue.h"

namespace sfluv::photo {

/// What is wrong with a file, before it becomes an `Issue`: a value that allocates nothing, for the
/// many places that look at bytes.
struct Fault {
  Code code{};
  std::string_view text;                  ///< the parameter that is a word; static
  std::array<std::int64_t, 3> numbers{};  ///< the others, in the order of the catalogue
};

/// A value, or the fault of the file.
template <class T>
using Found = std::expected<T, Fault>;
/// The fault, if there is one.
using Failure = std::optional<Fault>;

[[nodiscard]] Issue to_issue(const Fault& fault);

[[nodiscard]] Fault truncated_at(std::size_t byte);
[[nodiscard]] Fault damaged_at(std::string_view what, std::size_t byte);
[[nodiscard]] Fault unsupported(std::string_view format);
[[nodiscard]] Fault file_too_large(std::uint64_t bytes);
[[nodiscard]] Fault too_complex(std::string_view what, std::uint64_t value, std::uint64_t max);

/// The size limits: of a picture that is read in strips, and of one that is held whole.
[[nodiscard]] Failure check_size(std::uint32_t width_px, std::uint32_t height_px);
[[nodiscard]] Failure check_size_whole(std::uint32_t width_px, std::uint32_t height_px);

}  // namespace sfluv::photo
