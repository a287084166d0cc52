// SPDX-License-Identifier: MIT
// nlohmann-json judges our parser: the same texts are JSON, and they say the same.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

#include "sfluv/json.h"

#include "dice.h"
#include "test_files.h"

namespace sfluv {
namespace {

// What a text says, token by token; the judge's integers lose the sign of -0.
class Tokens : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::string text;
  bool overflow = false;

  bool null() override { return add("null"); }
  bool boolean(bool value) override { return add(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return add(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& digits) override { return add(digits); }
  bool string(string_t& value) override { return add('"' + value + '"'); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return add("{"); }
  bool key(string_t& name) override { return add('"' + name + "\":"); }
  bool end_object() override { return add("}"); }
  bool start_array(std::size_t) override { return add("["); }
  bool end_array() override { return add("]"); }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception& why) override {
    overflow = why.id == 406;
    return false;
  }

 private:
  bool add(const std::string& token) {
    text += token == "-0" ? "0" : token;
    text += '\n';
    return true;
  }
};

void tell(Tokens& out, const json::Value& value) {
  std::string text = value.text;
  switch (value.kind) {
    case json::Kind::null:
      (void)out.null();
      break;
    case json::Kind::boolean:
      (void)out.boolean(value.truth);
      break;
    case json::Kind::number:
      (void)out.number_float(0, text == "-0" ? "0" : text);
      break;
    case json::Kind::string:
      (void)out.string(text);
      break;
    case json::Kind::array:
      (void)out.start_array(0);
      for (const json::Value& element : value.elements) tell(out, element);
      (void)out.end_array();
      break;
    case json::Kind::object:
      (void)out.start_object(0);
      for (const json::Member& member : value.members) {
        std::string name = member.name;
        (void)out.key(name);
        tell(out, member.value);
      }
      (void)out.end_object();
      break;
  }
}

// The judge skips a byte order mark, takes U+0000 for the end and refuses what no double holds.
bool differs_on_purpose(std::string_view text, const Tokens& judged) {
  return text.starts_with("\xEF\xBB\xBF") || text.find('\0') != std::string_view::npos ||
         judged.overflow;
}

// Whether the text was compared at all.
bool expect_same(const std::string& text) {
  Tokens judged;
  const bool is_json = nlohmann::json::sax_parse(text, &judged);
  if (differs_on_purpose(text, judged)) return false;
  const auto ours = json::parse(text, Code::document_not_readable);
  EXPECT_EQ(ours.has_value(), is_json) << text;
  if (!ours || !is_json) return true;
  Tokens told;
  tell(told, *ours);
  EXPECT_EQ(told.text, judged.text) << text;
  return true;
}

TEST(JsonJudge, AgreesOnEveryPieceOfTheGrammar) {
  for (const char* text : {
           "",
           " ",
           "null",
           "nul",
           "nulll",
           "true",
           "tru",
           "false",
           "{}",
           "[]",
           "[,]",
           "[1,]",
           "{,}",
           "{\"a\"}",
           "{\"a\":}",
           "{\"a\":1,}",
           "{a:1}",
           "[1 2]",
           "[1]]",
           "\t[\n1\r, 2 ]  ",
           "0",
           "-0",
           "-",
           "00",
           "01",
           "-1",
           "+1",
           ".5",
           "1.",
           "1.50",
           "0.0",
           "1e0",
           "1E+0",
           "1e-0",
           "1e",
           "1e+",
           "18446744073709551615",
           "18446744073709551616",
           "-9223372036854775809",
           "0x1",
           "\"\"",
           "\"",
           "\"a",
           "\"\\\"",
           "\"\\\\\\/\\b\\f\\n\\r\\t\"",
           "\"\\x\"",
           "\"\\u00e9\\u20AC\\ud83D\\uDE00\"",
           "\"\\ud800\"",
           "\"\\ud800\\u0041\"",
           "\"\\udc00\"",
           "\"\\ud800\\ud800\"",
           "\"\\u12\"",
           "\"\\u12g4\"",
           "\"\\u0000\"",
           "\"\x1F\"",
           "\"\x7F\"",
           "\"\xC3\xA9\xF0\x9F\x98\x80\"",
           "\"\xC3\"",
           "\"\xED\xA0\x80\"",
           "\"\xC0\x80\"",
           "\"\xF4\x90\x80\x80\"",
           "{\"a\":1,\"a\":[{}]}",
           "//",
           "1 //",
       }) {
    EXPECT_TRUE(expect_same(text)) << text;
  }
}

// One or two bytes of a true document changed, cut out or doubled.
TEST(JsonJudge, AgreesOnMutatedDocuments) {
  Dice dice{1};
  static constexpr std::string_view bytes{"{}[]\",:\\/u0159-+.eE tfn\x80\xC3\xA9\xED\xF0"};
  std::size_t compared = 0;
  for (const char* name :
       {"golden/check_completion/complete_answer.in", "golden/check_completion/unicode_trimmed.in",
        "golden/check_completion/wrong_types.in"}) {
    const std::string document = read_test_file(name);
    for (int round = 0; round < 4000; ++round) {
      std::string text = document;
      for (std::int64_t change = dice.below(2); change >= 0; --change) {
        const auto at =
            static_cast<std::size_t>(dice.below(static_cast<std::int64_t>(text.size())));
        const char byte =
            bytes[static_cast<std::size_t>(dice.below(static_cast<std::int64_t>(bytes.size())))];
        const std::int64_t how = dice.below(3);
        if (how == 0) text[at] = byte;
        if (how == 1) text.erase(at, 1);
        if (how == 2) text.insert(at, 1, byte);
      }
      if (expect_same(text)) ++compared;
      ASSERT_FALSE(HasFailure());
    }
  }
  EXPECT_GT(compared, 11000u);
}

}  // namespace
}  // namespace sfluv
