// SPDX-License-Identifier: MIT
#include "sfluv/amount.h"

#include <gtest/gtest.h>

namespace sfluv {
namespace {

constexpr const char* two_to_256_minus_1 =
    "115792089237316195423570985008687907853269984665640564039457584007913129639935";

TEST(Amount, KeepsEveryDigit) {
  for (const char* text :
       {"0", "1", "18446744073709551615", "18446744073709551616", "100000000000000000001",
        "123456789012345678901", "150000000000000000000", two_to_256_minus_1}) {
    const auto amount = Amount::parse(text);
    ASSERT_TRUE(amount) << text;
    EXPECT_EQ(amount->to_string(), text);
  }
}

TEST(Amount, RefusesWhatIsNoWholeNumberBelow2To256) {
  for (const char* text :
       {"", "-1", "+1", "1.0", "1e20", " 1", "1 ", "01", "0x10", "1,000",
        "115792089237316195423570985008687907853269984665640564039457584007913129639936"}) {
    EXPECT_FALSE(Amount::parse(text)) << text;
  }
}

TEST(Amount, AddsAndTellsOverflow) {
  const Amount step = *Amount::parse("100000000000000000000");
  const Amount supervisor = *Amount::parse("50000000000000000000");
  EXPECT_EQ(step.plus(supervisor)->to_string(), "150000000000000000000");  // the documents' total
  EXPECT_EQ(Amount{~0ull}.plus(Amount{1})->to_string(), "18446744073709551616");
  EXPECT_FALSE(Amount::parse(two_to_256_minus_1)->plus(Amount{1}));
}

TEST(Amount, SubtractsMultipliesAndDivides) {
  const Amount most = *Amount::parse(two_to_256_minus_1);
  const Amount two_to_64 = *Amount::parse("18446744073709551616");
  EXPECT_EQ(two_to_64.minus(Amount{1}), Amount{~0ull});
  EXPECT_EQ(most.minus(most), Amount{});
  EXPECT_FALSE(Amount{1}.minus(Amount{2}));
  EXPECT_EQ(two_to_64.times(7)->to_string(), "129127208515966861312");
  EXPECT_EQ(Amount{5}.times(0), Amount{});
  EXPECT_FALSE(most.times(2));
  EXPECT_EQ(two_to_64.divided_by(4).to_string(), "4611686018427387904");
  EXPECT_EQ(Amount{5}.divided_by(4), Amount{2});
  EXPECT_EQ(Amount{4}.divided_by(4), Amount{1});
  EXPECT_EQ(Amount{}.divided_by(4), Amount{});
}

TEST(Amount, OrdersByValue) {
  EXPECT_LT(Amount{2}, *Amount::parse("100000000000000000000"));
  EXPECT_LT(*Amount::parse("18446744073709551615"), *Amount::parse("18446744073709551616"));
  EXPECT_EQ(*Amount::parse("7"), Amount{7});
}

}  // namespace
}  // namespace sfluv
