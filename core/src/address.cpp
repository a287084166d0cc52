// SPDX-License-Identifier: MIT
#include "sfluv/address.h"

#include <algorithm>

#include "sfluv/digest.h"

#include "text.h"

namespace sfluv {
namespace {

constexpr std::size_t digits = 40;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// EIP-55: a letter is a capital where the hash of the lower-case address has a digit of 8 and more.
std::string with_checksum(const std::string& lower) {
  const std::span<const char> text{lower};
  const std::string hash =
      hex(keccak256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
  std::string out = "0x";
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const bool is_capital = lower[i] >= 'a' && hash[i] >= '8';
    out += is_capital ? static_cast<char>(lower[i] - ('a' - 'A')) : lower[i];
  }
  return out;
}

bool is_of_one_case(std::string_view text) {
  const auto is_between = [](char first, char last) {
    return [=](char c) { return c >= first && c <= last; };
  };
  return std::ranges::none_of(text, is_between('a', 'f')) ||
         std::ranges::none_of(text, is_between('A', 'F'));
}

}  // namespace

Outcome<std::string> normalized_address(std::string_view text, const Profile& profile) {
  const std::string_view given = text::trim(text);
  const auto refused = [&](Code code) {
    return std::unexpected(Issue{code, "", {{"value", std::string{given}}}});
  };
  if (given.empty()) return std::unexpected(Issue{Code::address_blank, "", {}});
  std::string_view body = given;
  const bool has_prefix =
      body.starts_with("0x") || (profile.takes_any_hex_address && body.starts_with("0X"));
  if (has_prefix) body.remove_prefix(2);
  const bool may_lack_prefix = profile.takes_any_hex_address;
  if (body.size() != digits || !std::ranges::all_of(body, is_hex) ||
      !(has_prefix || may_lack_prefix)) {
    return refused(Code::address_invalid);
  }
  std::string address = with_checksum(text::to_ascii_lower(body));
  const bool is_checked = !profile.takes_any_hex_address && !is_of_one_case(body);
  if (is_checked && address.substr(2) != body) return refused(Code::address_checksum_wrong);
  return address;
}

}  // namespace sfluv
