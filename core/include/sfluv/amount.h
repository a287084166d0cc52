// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sfluv {

/// An exact, unsigned 256-bit amount of money, decimal text at every border (rulebook B4: the
/// documents' 100000000000000000000 fits neither a double nor 64 bits).
class Amount {
 public:
  constexpr Amount() = default;
  constexpr explicit Amount(std::uint64_t value) : limbs_{value, 0, 0, 0} {}

  /// Digits only, no sign, no exponent, no leading zeros but "0" itself; nothing otherwise, and
  /// nothing for 2^256 and more.
  [[nodiscard]] static std::optional<Amount> parse(std::string_view decimal);

  [[nodiscard]] std::string to_string() const;

  /// Nothing when the sum would need more than 256 bits.
  [[nodiscard]] std::optional<Amount> plus(const Amount& other) const;

  /// Nothing when `other` is more.
  [[nodiscard]] std::optional<Amount> minus(const Amount& other) const;

  /// Nothing when the product would need more than 256 bits.
  [[nodiscard]] std::optional<Amount> times(std::uint64_t factor) const;

  /// Rounded up. `divisor` is not 0.
  [[nodiscard]] Amount divided_by(std::uint64_t divisor) const;

  bool operator==(const Amount&) const = default;
  std::strong_ordering operator<=>(const Amount& other) const;

 private:
  std::array<std::uint64_t, 4> limbs_{};  // least significant first
};

}  // namespace sfluv
