// SPDX-License-Identifier: MIT
#include "sfluv/json.h"

#include <gtest/gtest.h>

#include "sfluv/json_writer.h"
#include "sfluv/limits.h"

namespace sfluv {
namespace {

std::string reason_of(std::string_view text) {
  const auto value = json::parse(text, Code::document_not_readable);
  return value ? "" : std::get<std::string>(value.error().params.at(0).value);
}

TEST(Json, KeepsNumbersAsTheirText) {
  const auto value = json::parse("[100000000000000000001, 18446744073709551615, -7, 0.1, 1e21]",
                                 Code::document_not_readable);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->elements[0].text, "100000000000000000001");
  EXPECT_EQ(value->elements[1].text, "18446744073709551615");
  EXPECT_EQ(value->elements[2].text, "-7");
  EXPECT_EQ(value->elements[3].text, "0.1");
  EXPECT_EQ(value->elements[4].text, "1e21");
}

TEST(Json, RefusesBrokenAndBoundlessTexts) {
  EXPECT_EQ(reason_of("{"), "syntax");
  EXPECT_EQ(reason_of("\xEF\xBB\xBF{}"), "syntax");
  EXPECT_EQ(reason_of("{} {}"), "syntax");
  EXPECT_EQ(reason_of("\"\xFF\""), "syntax");
  EXPECT_EQ(reason_of(std::string_view{"{}\0", 3}), "syntax");
  EXPECT_EQ(reason_of(std::string(limits::json_depth_max, '[') +
                      std::string(limits::json_depth_max, ']')),
            "");
  EXPECT_EQ(reason_of(std::string(limits::json_depth_max + 1, '[')), "depth");
  EXPECT_EQ(reason_of(std::string(1'000'000, '[')), "depth");
  std::string many = "[0";
  for (std::uint32_t i = 0; i < limits::json_values_max; ++i) many += ",0";
  EXPECT_EQ(reason_of(many + "]"), "values");
  EXPECT_EQ(reason_of(std::string(limits::json_bytes_max + 1, ' ')), "size");
}

TEST(Json, NamesTheByteThatIsWrong) {
  const auto byte_of = [](std::string_view text) {
    const auto value = json::parse(text, Code::document_not_readable);
    return value ? -1 : std::get<std::int64_t>(value.error().params.at(1).value);
  };
  EXPECT_EQ(byte_of("<html>"), 0);
  EXPECT_EQ(byte_of("{\"a\":1,}"), 7);
  EXPECT_EQ(byte_of("[1, 2"), 5);
  EXPECT_EQ(byte_of("\"ab\xFF\""), 3);
  EXPECT_EQ(byte_of("[] x"), 3);
}

TEST(Json, LastOfSeveralNamesWins) {
  const auto value = json::parse(R"({"a":1,"A":2,"a":3})", Code::document_not_readable);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->find("a")->text, "3");
  EXPECT_EQ(value->find("A")->text, "2");
  EXPECT_EQ(value->find("b"), nullptr);
}

TEST(Json, NamesMatchWithoutCaseAsTheLiveDecoderDoes) {
  const auto value = json::parse("{\"Item\xC5\xBF\":1}", Code::document_not_readable);  // long s
  ASSERT_TRUE(value);
  EXPECT_NE(value->find_any_case("items"), nullptr);
  EXPECT_EQ(value->find_any_case("item"), nullptr);
}

TEST(JsonWriter, EscapesAndRepairs) {
  JsonWriter out;
  out.begin_object()
      .key("a\"\\\n\x01")
      .string("x\xFFy")
      .key("b")
      .begin_array()
      .number(-5)
      .null()
      .end_array();
  out.end_object();
  EXPECT_EQ(out.take(), "{\"a\\\"\\\\\\n\\u0001\":\"x\xEF\xBF\xBDy\",\"b\":[-5,null]}");
}

}  // namespace
}  // namespace sfluv
