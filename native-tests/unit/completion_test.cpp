// SPDX-License-Identifier: MIT
// What the recorded answers of the live system cannot show: all issues at once, drafts, limits.
// Single rules are covered by vectors/complete_step_test.cpp.
#include "sfluv/completion.h"

#include <chrono>
#include <gtest/gtest.h>

#include "sfluv/api_rules.h"
#include "sfluv/json.h"

#include "photos/memory_meter.h"

namespace sfluv {
namespace {

std::vector<std::string> codes_of(const Verdict& verdict) {
  std::vector<std::string> codes;
  for (const Issue& issue : verdict.issues)
    codes.push_back(std::string{to_string(issue.code)} + " " + issue.path);
  return codes;
}

WorkItem photo_item(std::string id) { return {.id = std::move(id), .requires_photo = true}; }

WorkItem choice_item(std::string id) {
  return {.id = std::move(id),
          .requires_dropdown = true,
          .dropdown_options = {{.value = "done"},
                               {.value = "not_done", .requires_written_response = true}}};
}

TEST(Completion, TellsEverythingAtOnceInTheServersOrder) {
  const std::vector<WorkItem> items{
      photo_item("p"), choice_item("c"), {.id = "t", .requires_written_response = true}};
  const auto request = read_completion_request(
      R"({"step_not_possible_details":"x","items":[{"item_id":"c","dropdown_value":"not_done"},{"item_id":"zz"},
          {"item_id":"p","photo_uploads":[{"data_base64":"***"},{"data_base64":"AAAA","content_type":"text/plain"}]},{"item_id":" "},{"item_id":"c"}]})");
  ASSERT_TRUE(request);
  const Verdict verdict = check_completion({.work_items = items}, *request);
  const std::vector<std::string> expected{"details_without_not_possible /step_not_possible_details",
                                          "item_unknown /items/1/item_id",
                                          "photo_bad_base64 /items/2/photo_uploads/0/data_base64",
                                          "photo_not_image /items/2/photo_uploads/1/content_type",
                                          "item_id_blank /items/3/item_id",
                                          "item_duplicate /items/4/item_id",
                                          "photo_wrong_count /items/2/photo_uploads",
                                          "option_written_missing /items/0/written_response",
                                          "item_missing /items"};
  EXPECT_EQ(codes_of(verdict), expected);
}

TEST(Completion, NotPossibleLooksAtNothingElse) {
  const std::vector<WorkItem> items{photo_item("p")};
  const Verdict refused = check_completion(
      {.work_items = items},
      *read_completion_request(R"({"step_not_possible":true,"items":[{"item_id":"p"}]})"));
  EXPECT_EQ(codes_of(refused),
            (std::vector<std::string>{"not_possible_not_allowed /step_not_possible",
                                      "not_possible_details_required /step_not_possible_details",
                                      "not_possible_with_items /items"}));
  const Verdict accepted = check_completion(
      {.work_items = items, .allow_step_not_possible = true},
      *read_completion_request(
          R"({"step_not_possible":true,"step_not_possible_details":" gate locked "})"));
  EXPECT_TRUE(accepted.accepted());
  EXPECT_EQ(accepted.step_not_possible_details, "gate locked");
}

TEST(Completion, LoneSurrogatesBecomeReplacementCharacters) {
  const auto request = read_completion_request(
      R"({"items":[{"item_id":"t","written_response":"a\ud800b\udc00c\ud83d\ude00d\\ud800"}]})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->items[0].written_response,
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD"
            "c\xF0\x9F\x98\x80"
            "d\\ud800");
}

TEST(Completion, BytesThatAreNoUtf8BecomeReplacementCharacters) {
  const auto request = read_completion_request("{\"items\":[{\"item_id\":\"a\xFFz\"}]}");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->items[0].item_id, "a\xEF\xBF\xBDz");
}

TEST(Completion, WrongTypesNameTheFieldAndTheTypes) {
  const auto request =
      read_completion_request(R"({"items":[{"item_id":"a"},{"photo_uploads":[{"file_name":3}]}]})");
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().path, "/items/1/photo_uploads/0/file_name");
  const std::vector<Param> expected{{"reason", "type"}, {"expected", "string"}, {"got", "number"}};
  EXPECT_EQ(request.error().params, expected);
}

TEST(Completion, ByteLimitIsInclusiveAndAParameter) {
  const std::vector<WorkItem> items{photo_item("p")};
  const auto request = read_completion_request(
      R"({"items":[{"item_id":"p","photo_uploads":[{"content_type":"image/jpeg","data_base64":"AAAAAAAA"}]}]})");
  ASSERT_TRUE(request);
  EXPECT_TRUE(check_completion({.work_items = items}, *request, {.photo_bytes_max = 6}).accepted());
  EXPECT_EQ(codes_of(check_completion({.work_items = items}, *request, {.photo_bytes_max = 5})),
            (std::vector<std::string>{"photo_too_large /items/0/photo_uploads/0/data_base64"}));
}

// U+0000 to U+FFFF, as JSON escapes; surrogates become U+FFFD, which is no white space.
TEST(Completion, TrimsUnicodeWhiteSpaceAndNothingElse) {
  const auto is_white_space = [](int c) {
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
  };
  const std::vector<WorkItem> items{{.id = "i", .requires_written_response = true}};
  static constexpr char digits[] = "0123456789abcdef";
  for (int c = 0; c <= 0xFFFF; ++c) {
    std::string escape = "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) escape += digits[c >> shift & 15];
    const auto request = read_completion_request(
        R"({"items":[{"item_id":"i","written_response":")" + escape + escape + "\"}]}");
    ASSERT_TRUE(request);
    const Verdict verdict = check_completion({.work_items = items}, *request);
    const bool is_blank =
        !verdict.issues.empty() && verdict.issues[0].code == Code::written_missing;
    ASSERT_EQ(is_blank, is_white_space(c)) << std::hex << c;
  }
}

TEST(Completion, ARequestAsAWholeIsBoundedOnlyWhenAskedFor) {
  const std::vector<WorkItem> items{{.id = "a"}, {.id = "b"}};
  const PhotoUpload photo{.content_type = "image/jpeg", .size_bytes = 4};  // 8 characters of base64
  const CompletionRequest request{.items = {{.item_id = "a", .photo_uploads = {photo}},
                                            {.item_id = "b", .photo_uploads = {photo, photo}}}};
  EXPECT_TRUE(check_completion({.work_items = items}, request).accepted());
  EXPECT_TRUE(
      check_completion({.work_items = items}, request, {.request_bytes_max = 24}).accepted());
  const Verdict over = check_completion({.work_items = items}, request, {.request_bytes_max = 23});
  EXPECT_EQ(codes_of(over), std::vector<std::string>{"request_too_large /items"});
  EXPECT_EQ(over.issues[0].params,
            (std::vector<Param>{{"bytes", std::int64_t{24}}, {"bytes_max", std::int64_t{23}}}));
  EXPECT_NE(
      api::check_completion(
          R"({"work_items":[{"id":"a"}],"request_bytes_max":3,"draft":{"items":[{"item_id":"a",
                "photo_uploads":[{"content_type":"image/jpeg","size_bytes":1}]}]}})")
          .find("request_too_large"),
      std::string::npos);
}

TEST(Completion, APhotoAsAFileIsJudgedLikeAnInlineOne) {
  const std::vector<std::uint8_t> jpeg{0xFF, 0xD8, 0xFF, 0xE0};
  const auto judged = [&](std::string type, std::span<const std::uint8_t> bytes) {
    const auto stored = check_photo_file({"i1", "a/b.jpg", std::move(type), bytes}, {4});
    return stored ? stored->file_name + " " + stored->content_type
                  : std::string{to_string(stored.error().code)} + stored.error().path;
  };
  EXPECT_EQ(judged("", jpeg), "b.jpg image/jpeg");
  EXPECT_EQ(judged(" Image/HEIC ", jpeg), "b.jpg image/heic");
  EXPECT_EQ(judged("text/plain", jpeg), "photo_not_image/content_type");
  EXPECT_EQ(judged("", std::span{jpeg}.first(2)), "photo_not_image/content_type");
  EXPECT_EQ(judged("image/jpeg", {}), "photo_zero_bytes/photo");
  EXPECT_EQ(judged("text/plain", std::vector<std::uint8_t>(5)), "photo_too_large/photo");
}

TEST(Completion, DraftsCarrySizesInsteadOfData) {
  const std::string reply = api::check_completion(
      R"({"work_items":[{"id":"p","requires_photo":true}],"draft":{"items":[{"item_id":"p","photo_uploads":[{"file_name":"a.jpg","content_type":"image/jpeg","size_bytes":600000}]}]}})");
  EXPECT_EQ(
      reply,
      R"({"accepted":true,"issues":[],"normalized":{"step_not_possible":false,"step_not_possible_details":null,"item_responses":[{"item_id":"p","photo_ids":["<new>"]}],"photos":[{"item_id":"p","file_name":"a.jpg","content_type":"image/jpeg","size_bytes":600000}]}})");
}

TEST(Completion, FileNamesAreCutBetweenCharacters) {
  std::string trees;
  for (int i = 0; i < 50; ++i) trees += "\xF0\x9F\x8C\xB3";
  EXPECT_EQ(stored_file_name("ab" + trees).size(), 178u);
  EXPECT_EQ(stored_file_name("/"), "photo");
  EXPECT_EQ(stored_file_name("a/b/../c.jpg"), "c.jpg");
  EXPECT_EQ(stored_file_name("a\\b.jpg"), "a\\b.jpg");
}

// Hostile sizes must cost no more than their reading: nothing may be quadratic.
TEST(Completion, ManyItemsAndIdsTakeLinearTime) {
  std::string ids = "\"x0\"";
  for (int i = 1; i < 60'000; ++i) ids += ",\"x" + std::to_string(i) + "\"";
  std::string answers = R"({"item_id":"p","photo_ids":[)" + ids + "]}";
  for (int i = 0; i < 60'000; ++i) answers += R"(,{"item_id":"q)" + std::to_string(i) + "\"}";
  const auto begin = std::chrono::steady_clock::now();
  const std::string reply =
      api::check_completion(R"({"work_items":[{"id":"p"}],"request":{"items":[)" + answers + "]}}");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{20});
  EXPECT_NE(reply.find("item_unknown"), std::string::npos);
}

// A hostile line costs at most its own size and 64 MiB. (One string as long as the whole line costs
// the parser's buffers a little more; the limit on the line bounds that.)
TEST(Completion, HostileLinesStayWithinTheirMemory) {
  std::string many = "\"\"";
  for (int i = 0; i < 110'000; ++i) many += ",\"" + std::string(200, 'y') + "\"";
  for (const std::string& line :
       {"[" + many + "]", std::string(39'000'000, '['), std::string(60'000'000, 'x')}) {
    const std::uint64_t before = test::bytes_held();
    test::reset_peak();
    EXPECT_TRUE(api::check_completion(line).starts_with(R"({"accepted":false)"));
    EXPECT_LE(test::bytes_peak() - before, line.size() + (64u << 20)) << line.substr(0, 40);
  }
}

TEST(Completion, BadInputLinesAnswerWithAnIssue) {
  for (const char* line :
       {"", "{", "[]", "5", "\"x\"", "{\"work_items\":5}", "{\"work_items\":[1]}",
        "{\"request\":[]}", "{\"request_raw\":7}", "{\"draft\":\"x\"}"}) {
    const std::string reply = api::check_completion(line);
    EXPECT_TRUE(reply.starts_with(R"({"accepted":false,"issues":[{"code":")"))
        << line << " -> " << reply;
    EXPECT_TRUE(reply.ends_with(R"("normalized":null})")) << line;
  }
  EXPECT_NE(
      api::check_completion("{\"request_raw\":" + std::string(5000, '[') + "}").find("\"depth\""),
      std::string::npos);
}

}  // namespace
}  // namespace sfluv
