// SPDX-License-Identifier: MIT
// golden/CALL/NAME.in is the input of api::CALL, NAME.out its answer, byte for byte; where a call
// takes two texts, the first one is the first line. web/test runs the same files on the wasm build.
// After a wanted change: SFLUV_UPDATE_GOLDEN=1, then read the diff.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <string>

#include "sfluv/api_account.h"
#include "sfluv/api_engine.h"
#include "sfluv/api_outbox.h"
#include "sfluv/api_proposal.h"
#include "sfluv/api_rules.h"

#include "test_files.h"

namespace sfluv {
namespace {

namespace fs = std::filesystem;

using TwoTexts = std::string (*)(std::string_view, std::string_view);

std::function<std::string(const std::string&)> two_texts(TwoTexts call) {
  return [call](const std::string& input) {
    const std::size_t end = input.find('\n');
    return call(std::string_view{input}.substr(0, end), std::string_view{input}.substr(end + 1));
  };
}

const std::map<std::string, std::function<std::string(const std::string&)>> calls = {
    {"check_completion", [](const std::string& input) { return api::check_completion(input); }},
    {"check_proposal", [](const std::string& input) { return api::check_proposal(input); }},
    {"check_rewards_account",
     [](const std::string& input) { return api::check_rewards_account(input); }},
    {"code_catalogue", [](const std::string&) { return api::code_catalogue(); }},
    {"outbox_seal", [](const std::string& input) { return api::outbox_seal(input).json; }},
    {"deadline", [](const std::string& input) { return api::deadline(input); }},
    {"discover", [](const std::string& input) { return api::discover(input); }},
    {"format_amount", two_texts(&api::format_amount)},
    {"predict", [](const std::string& input) { return api::predict(input); }},
    {"read_answer", two_texts(&api::read_answer)},
};

TEST(Golden, EveryInputGivesItsAnswer) {
  const fs::path root = fs::path{SFLUV_TEST_DATA} / "golden";
  std::size_t files = 0;
  for (const auto& [call, run] : calls) {
    for (const fs::directory_entry& entry : fs::directory_iterator{root / call}) {
      if (entry.path().extension() != ".in") continue;
      ++files;
      const std::string name = "golden/" + call + "/" + entry.path().stem().string();
      const std::string answer = run(read_test_file(name + ".in")) + "\n";
      if (std::getenv("SFLUV_UPDATE_GOLDEN") != nullptr) {
        std::ofstream{root / call / (entry.path().stem().string() + ".out"), std::ios::binary} << answer;
      }
      EXPECT_EQ(answer, read_test_file(name + ".out")) << name;
    }
  }
  EXPECT_GE(files, 20u);
}

}  // namespace
}  // namespace sfluv
