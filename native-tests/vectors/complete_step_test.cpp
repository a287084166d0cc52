// SPDX-License-Identifier: MIT
// The recorded answers of the live system to POST .../complete: same verdict, same first failure,
// same stored values. complete-step.json is data made by running that system.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "cli/scenario.h"
#include "sfluv/api_rules.h"
#include "sfluv/base64.h"
#include "sfluv/json.h"
#include "sfluv/json_writer.h"
#include "test_files.h"

namespace sfluv {
namespace {

// Where we differ on purpose, and why.
const std::map<std::string, std::string, std::less<>> differences = {
    {"dropdown/map empty, option flag true (only the map counts)",
     "the documents give both flags; we ask for the text when either says so (rulebook A3.12, table D)"},
    {"file-name/181 bytes cutting inside a cjk char", "we cut between characters, so nothing breaks (rulebook A4.7)"},
    {"file-name/cut inside an emoji", "we cut between characters, so nothing breaks (rulebook A4.7)"},
};

// Known to the server alone (check 27): a client accepts these.
constexpr std::string_view server_only = "photo_id_unknown";

std::string repeated(std::string_view arguments) {
  const std::size_t colon = arguments.find(':');
  std::string out;
  for (int n = std::stoi(std::string{arguments.substr(0, colon)}); n > 0; --n) out += arguments.substr(colon + 1);
  return out;
}

std::string encoded_zeros(std::string_view count, bool jpeg_head) {
  std::vector<std::uint8_t> bytes(std::stoul(std::string{count}));
  constexpr std::uint8_t head[] = {0xFF, 0xD8, 0xFF, 0xE0};
  if (jpeg_head) std::copy_n(head, std::min(bytes.size(), sizeof head), bytes.begin());
  return base64::encode(bytes);
}

// "@zeros64:N", "@jpeg64:N", "@repeat:N:text": the macros of the recording.
std::string expanded(const std::string& text) {
  const std::string_view view = text;
  if (view.starts_with("@zeros64:")) return encoded_zeros(view.substr(9), false);
  if (view.starts_with("@jpeg64:")) return encoded_zeros(view.substr(8), true);
  if (view.starts_with("@repeat:")) return repeated(view.substr(8));
  return text;
}

void expand_macros(json::Value& value) {
  if (value.kind == json::Kind::string) value.text = expanded(value.text);
  for (json::Value& element : value.elements) expand_macros(element);
  for (json::Member& member : value.members) expand_macros(member.value);
}

json::Value parsed(std::string_view text) {
  const auto value = json::parse(text, Code::document_not_readable);
  EXPECT_TRUE(value.has_value());
  return value.value_or(json::Value{});
}

std::string input_of(const json::Value& vector) {
  JsonWriter out;
  out.begin_object();
  for (const std::string_view name : {"work_items", "allow_step_not_possible", "request", "request_raw"}) {
    if (const json::Value* value = vector.find(name)) out.key(name).raw(replay::canonical(*value));
  }
  out.end_object();
  return out.take();
}

// What is wrong with our answer to a vector; "" when it agrees.
std::string disagreement(const json::Value& vector, const json::Value& answer) {
  const bool live_accepts = vector.find("accepted")->truth;
  const bool we_accept = answer.find("accepted")->truth;
  const json::Value& issues = *answer.find("issues");
  const std::string first = issues.elements.empty() ? "" : issues.elements[0].find("code")->text;
  if (live_accepts) {
    if (!we_accept) return "refused with " + first;
    const json::Value& stored = *vector.find("stored");
    const json::Value& normalized = *answer.find("normalized");
    for (const std::string_view part : {"item_responses", "photos"}) {
      // Photos that were staged before are the server's; the request holds their ids only.
      if (part == "photos" && vector.find("uploaded_photos") != nullptr) continue;
      if (replay::canonical(*stored.find(part)) != replay::canonical(*normalized.find(part))) {
        return std::string{part} + " " + replay::canonical(*normalized.find(part)) + " instead of " + replay::canonical(*stored.find(part));
      }
    }
    return "";
  }
  const std::string expected = vector.find("error")->find("class")->text;
  if (expected == server_only) return we_accept ? "" : "refused with " + first + " what only the server can refuse";
  if (we_accept) return "accepted instead of " + expected;
  return first == expected ? "" : first + " instead of " + expected;
}

TEST(CompleteStepVectors, AgreeWithTheLiveSystem) {
  json::Value vectors = parsed(read_test_file("vectors/complete-step.json"));
  ASSERT_EQ(vectors.elements.size(), 370u);
  std::size_t differing = 0;
  for (json::Value& vector : vectors.elements) {
    expand_macros(vector);
    const std::string& name = vector.find("name")->text;
    const std::string problem = disagreement(vector, parsed(api::check_completion(input_of(vector))));
    if (differences.contains(name)) {
      EXPECT_NE(problem, "") << name << " agrees: take it off the list";
      ++differing;
    } else {
      EXPECT_EQ(problem, "") << name;
    }
  }
  EXPECT_EQ(differing, differences.size());
}

}  // namespace
}  // namespace sfluv
