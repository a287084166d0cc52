// SPDX-License-Identifier: MIT
// The recorded answers of the live system to POST .../complete: same verdict, same first failure,
// same stored values. complete-step.json is data made by running that system.
#include <gtest/gtest.h>
#include <string>

#include "sfluv/api_rules.h"
#include "sfluv/json.h"
#include "sfluv/json_writer.h"

#include "replay/completion_vectors.h"
#include "replay/scenario.h"
#include "test_files.h"

namespace sfluv {
namespace {

// Known to the server alone (check 27): a client accepts these.
constexpr std::string_view server_only = "photo_id_unknown";

json::Value parsed(std::string_view text) {
  const auto value = json::parse(text, Code::document_not_readable);
  EXPECT_TRUE(value.has_value());
  return value.value_or(json::Value{});
}

std::string input_of(const json::Value& vector) {
  JsonWriter out;
  out.begin_object();
  for (const std::string_view name :
       {"work_items", "allow_step_not_possible", "request", "request_raw"}) {
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
        return std::string{part} + " " + replay::canonical(*normalized.find(part)) +
               " instead of " + replay::canonical(*stored.find(part));
      }
    }
    return "";
  }
  const std::string expected = vector.find("error")->find("class")->text;
  if (expected == server_only)
    return we_accept ? "" : "refused with " + first + " what only the server can refuse";
  if (we_accept) return "accepted instead of " + expected;
  return first == expected ? "" : first + " instead of " + expected;
}

TEST(CompleteStepVectors, AgreeWithTheLiveSystem) {
  const json::Value vectors = parsed(read_test_file("vectors/complete-step.json"));
  ASSERT_EQ(vectors.elements.size(), 370u);
  std::size_t differing = 0;
  for (const json::Value& recorded : vectors.elements) {
    const json::Value vector = parsed(replay::with_macros(replay::canonical(recorded)));
    const std::string& name = vector.find("name")->text;
    const std::string problem =
        disagreement(vector, parsed(api::check_completion(input_of(vector))));
    if (replay::completion_difference(name).empty()) {
      EXPECT_EQ(problem, "") << name;
    } else {
      EXPECT_NE(problem, "") << name << " agrees: take it off the list";
      ++differing;
    }
  }
  EXPECT_EQ(differing, 3u);
}

}  // namespace
}  // namespace sfluv
