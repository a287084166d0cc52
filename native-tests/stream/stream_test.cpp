// SPDX-License-Identifier: MIT
// Thousands of random inputs a call: what the native build answers, the wasm build answers too,
// byte for byte. Both compare with the digests in stream/digests.txt; web/test does so for the
// shipped module. After a wanted change: SFLUV_UPDATE_GOLDEN=1.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "sfluv/digest.h"

#include "facade.h"
#include "random_inputs.h"
#include "test_files.h"

namespace sfluv::stream {
namespace {

constexpr std::uint64_t inputs_per_call = 3000;

std::string digest_of(std::string_view text) {
  return hex(sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

// The starts of answers that a stream must hold: one of refusals only would prove little.
const std::map<std::string_view, std::vector<std::string>> starts{
    {"check_completion", {R"({"accepted":true)", R"({"accepted":false)"}},
    {"check_proposal", {R"({"accepted":true)", R"({"accepted":false)"}},
    {"check_rewards_account", {R"({"accepted":true)", R"({"accepted":false)"}},
    {"deadline", {R"({"deadline_s":1)", R"({"deadline_s":null)"}},
    {"discover", {R"({"listed":[{)", R"({"listed":[],"not_mine":[{)", R"({"issue")"}},
    {"format_amount", {R"({"text")", R"({"issue")"}},
    {"parse_amount", {R"({"amount":")", R"({"amount":null)", R"({"issue")"}},
    {"predict",
     {R"({"expectation":"allowed")", R"({"expectation":"refused")", R"({"expectation":"unknown")",
      R"({"issue")"}},
    {"read_answer", {R"({"value")", R"({"issue")"}}};

TEST(Stream, EveryBuildAnswersTheSame) {
  std::string digests;
  for (const std::string_view name : calls()) {
    const auto call = std::ranges::find(facade::calls, name, &facade::Call::name);
    std::string answers;
    std::map<std::string, int> seen;
    for (std::uint64_t seed = 0; seed < inputs_per_call; ++seed) {
      const std::string answer = call->run(random_input(name, seed));
      for (const std::string& start : starts.at(name)) seen[start] += answer.starts_with(start);
      answers += answer + "\n";
    }
    for (const std::string& start : starts.at(name)) EXPECT_GT(seen[start], 60) << start;
    digests +=
        std::string{name} + " " + std::to_string(inputs_per_call) + " " + digest_of(answers) + "\n";
  }
  if (std::getenv("SFLUV_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{std::string{SFLUV_TEST_DATA} + "/stream/digests.txt", std::ios::binary}
        << digests;
  }
  EXPECT_EQ(digests, read_test_file("stream/digests.txt"));
}

}  // namespace
}  // namespace sfluv::stream
