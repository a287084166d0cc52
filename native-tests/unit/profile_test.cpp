// SPDX-License-Identifier: MIT
#include "sfluv/profile.h"

#include <gtest/gtest.h>
#include <set>

namespace sfluv {
namespace {

TEST(Profile, ASwitchIsOffAsDocumentedAndOnAsLived) {
  std::set<std::string_view> names;
  for (const Switch& one : profile_switches()) {
    EXPECT_FALSE(documents_profile().*one.value) << one.name;
    EXPECT_TRUE(live_profile().*one.value) << one.name;
    EXPECT_TRUE(one.documents.starts_with("seed 00")) << one.name << " cites no sentence";
    EXPECT_NE(one.live.find("rulebook"), std::string_view::npos) << one.name;
    EXPECT_TRUE(names.insert(one.name).second) << one.name << " stands twice";
  }
}

TEST(Profile, ByName) {
  EXPECT_EQ(profile_from("documents")->name, "documents");
  EXPECT_EQ(profile_from("live")->name, "live");
  EXPECT_FALSE(profile_from("Live"));
  EXPECT_EQ(Profile{}.name, "documents");  // the default wherever nobody chooses
}

std::string formatted(std::string_view amount, const Profile& profile) {
  return format_amount(*Amount::parse(amount), profile);
}

TEST(Profile, AnAmountReadsTheSameInBothUnits) {
  EXPECT_EQ(formatted("50000000000000000000", documents_profile()), "50");
  EXPECT_EQ(formatted("50", live_profile()), "50");
  EXPECT_EQ(formatted("500000000000000000", documents_profile()), "0.5");
  EXPECT_EQ(formatted("1", documents_profile()), "0.000000000000000001");
  EXPECT_EQ(formatted("0", documents_profile()), "0");
  EXPECT_EQ(formatted("0", live_profile()), "0");
  EXPECT_EQ(formatted("100", live_profile()), "100");
  EXPECT_EQ(formatted("100000000000000000001", documents_profile()), "100.000000000000000001");
}

TEST(Profile, WhatPeopleWriteIsReadBack) {
  for (const std::string_view exact : {"0", "1", "500000000000000000", "100000000000000000001"}) {
    const Amount amount = *Amount::parse(exact);
    EXPECT_EQ(parse_amount(format_amount(amount, documents_profile()), documents_profile()),
              amount);
    EXPECT_EQ(parse_amount(exact, live_profile()), amount);
  }
  const auto is_read = [](std::string_view text, const Profile& profile) {
    return parse_amount(text, profile).has_value();
  };
  EXPECT_EQ(parse_amount("007.50", documents_profile()), Amount::parse("7500000000000000000"));
  for (const std::string_view text :
       {"", ".", "1,5", "-1", "1e3", "1.2.3", " 1", "0.0000000000000000001"})
    EXPECT_FALSE(is_read(text, documents_profile())) << text;
  EXPECT_FALSE(is_read("0.5", live_profile()));
  EXPECT_FALSE(is_read(std::string(70, '9'), documents_profile()));
}

}  // namespace
}  // namespace sfluv
