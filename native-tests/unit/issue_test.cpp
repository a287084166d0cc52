// SPDX-License-Identifier: MIT
#include "sfluv/issue.h"

#include <gtest/gtest.h>
#include <set>

namespace sfluv {
namespace {

TEST(Issue, CatalogueRowsStandInTheOrderOfTheCodes) {
  std::set<std::string_view> ids;
  for (std::size_t i = 0; i < code_catalogue().size(); ++i) {
    const CodeInfo& row = code_catalogue()[i];
    EXPECT_EQ(static_cast<std::size_t>(row.code), i) << row.id;
    EXPECT_TRUE(ids.insert(row.id).second) << row.id << " twice";
    EXPECT_EQ(code_from_string(row.id, Code::body_not_decodable), row.code);
  }
  EXPECT_EQ(code_catalogue().back().code, Code::queue_paused) << "a code without a row";
}

TEST(Issue, PointersEscapeTildeAndSlash) {
  EXPECT_EQ(pointer("/items", std::size_t{2}), "/items/2");
  EXPECT_EQ(pointer("", "a/b~c"), "/a~1b~0c");
}

}  // namespace
}  // namespace sfluv
