// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "sfluv/json.h"

/// An answer against the one that the documents print.
namespace sfluv {

inline bool is_name(std::string_view member) {
  return member == "id" ||
         (member.ends_with("_id") && member != "proposer_id" && member != "supervisor_user_id");
}

/// Whatever is printed is there, and the same; the names of new things are up to the server.
inline void expect_as_printed(const json::Value& printed, const json::Value& answer,
                              const std::string& path = "") {
  ASSERT_EQ(printed.kind, answer.kind) << path;
  EXPECT_EQ(printed.text, answer.text) << path;
  EXPECT_EQ(printed.truth, answer.truth) << path;
  ASSERT_EQ(printed.elements.size(), answer.elements.size()) << path;
  for (std::size_t i = 0; i < printed.elements.size(); ++i)
    expect_as_printed(printed.elements[i], answer.elements[i], pointer(path, i));
  for (const json::Member& member : printed.members) {
    const json::Value* const found = answer.find(member.name);
    ASSERT_NE(found, nullptr) << path << "/" << member.name;
    if (!is_name(member.name)) expect_as_printed(member.value, *found, pointer(path, member.name));
  }
}

}  // namespace sfluv
