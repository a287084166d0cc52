// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Text as the live server understands it: UTF-8, trimmed by Unicode White_Space.
namespace sfluv::text {

/// Without Unicode White_Space at both ends (rulebook, Conventions): U+200B, U+FEFF, U+2060,
/// U+180E and U+001C..001F stay. JavaScript's trim differs.
[[nodiscard]] std::string_view trim(std::string_view text);

[[nodiscard]] inline bool is_blank(std::string_view text) { return trim(text).empty(); }

[[nodiscard]] bool is_utf8(std::string_view text);

/// Each byte that is not part of well-formed UTF-8 becomes U+FFFD, as Go's decoder does.
[[nodiscard]] std::string repair_utf8(std::string_view text);

/// The longest start of at most `bytes_max` bytes that does not end inside a character.
[[nodiscard]] std::string_view cut_at_character(std::string_view text, std::size_t bytes_max);

/// Characters, each byte that is not well-formed UTF-8 counting as one.
[[nodiscard]] std::size_t count_characters(std::string_view text);

/// Trimmed, and every run of Unicode White_Space inside is one space.
[[nodiscard]] std::string collapse_white_space(std::string_view text);

/// An e-mail address by itself, `name@host`, both of RFC 5322's dot-atoms: no display name, no
/// quotes, no double dots (rulebook B.12).
[[nodiscard]] bool is_email_address(std::string_view text);

/// Lower-case for A-Z only; every other byte as it is.
[[nodiscard]] std::string to_ascii_lower(std::string_view text);

}  // namespace sfluv::text
