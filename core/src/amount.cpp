// SPDX-License-Identifier: MIT
#include "sfluv/amount.h"

#include <algorithm>

namespace sfluv {
namespace {

__extension__ using Wide = unsigned __int128;

}  // namespace

std::optional<Amount> Amount::parse(std::string_view decimal) {
  if (decimal.empty() || (decimal.size() > 1 && decimal.front() == '0')) return std::nullopt;
  Amount amount;
  for (const char digit : decimal) {
    if (digit < '0' || digit > '9') return std::nullopt;
    Wide carry = static_cast<unsigned>(digit - '0');
    for (std::uint64_t& limb : amount.limbs_) {
      carry += Wide{limb} * 10;
      limb = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    if (carry != 0) return std::nullopt;
  }
  return amount;
}

std::string Amount::to_string() const {
  auto rest = limbs_;
  std::string digits;
  do {
    Wide remainder = 0;
    for (auto limb = rest.rbegin(); limb != rest.rend(); ++limb) {
      remainder = remainder << 64 | *limb;
      *limb = static_cast<std::uint64_t>(remainder / 10);
      remainder %= 10;
    }
    digits += static_cast<char>('0' + static_cast<int>(remainder));
  } while (std::ranges::any_of(rest, [](std::uint64_t limb) { return limb != 0; }));
  std::ranges::reverse(digits);
  return digits;
}

std::optional<Amount> Amount::plus(const Amount& other) const {
  Amount sum;
  Wide carry = 0;
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    carry += Wide{limbs_[i]} + other.limbs_[i];
    sum.limbs_[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  if (carry != 0) return std::nullopt;
  return sum;
}

std::optional<Amount> Amount::minus(const Amount& other) const {
  if (*this < other) return std::nullopt;
  Amount difference;
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    const Wide left = Wide{limbs_[i]} - other.limbs_[i] - borrow;
    difference.limbs_[i] = static_cast<std::uint64_t>(left);
    borrow = static_cast<std::uint64_t>(left >> 64) & 1u;
  }
  return difference;
}

std::optional<Amount> Amount::times(std::uint64_t factor) const {
  Amount product;
  Wide carry = 0;
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    carry += Wide{limbs_[i]} * factor;
    product.limbs_[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  if (carry != 0) return std::nullopt;
  return product;
}

Amount Amount::divided_by(std::uint64_t divisor) const {
  Amount quotient = *this;
  Wide remainder = 0;
  for (auto limb = quotient.limbs_.rbegin(); limb != quotient.limbs_.rend(); ++limb) {
    remainder = remainder << 64 | *limb;
    *limb = static_cast<std::uint64_t>(remainder / divisor);
    remainder %= divisor;
  }
  // A quotient that has a remainder is smaller than the largest amount.
  return remainder == 0 ? quotient : *quotient.plus(Amount{1});
}

std::strong_ordering Amount::operator<=>(const Amount& other) const {
  return std::lexicographical_compare_three_way(limbs_.rbegin(), limbs_.rend(),
                                                other.limbs_.rbegin(), other.limbs_.rend());
}

}  // namespace sfluv
