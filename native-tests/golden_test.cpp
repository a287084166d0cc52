// SPDX-License-Identifier: MIT
// golden/CALL/NAME.in is the input of api::CALL, NAME.out its answer, byte for byte; where a call
// takes two texts, the first one is the first line. web/test runs the same files on the wasm build.
// After a wanted change: SFLUV_UPDATE_GOLDEN=1, then read the diff.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>

#include "facade.h"
#include "test_files.h"

namespace sfluv {
namespace {

namespace fs = std::filesystem;

TEST(Golden, EveryInputGivesItsAnswer) {
  const fs::path root = fs::path{SFLUV_TEST_DATA} / "golden";
  std::size_t files = 0;
  for (const facade::Call& call : facade::calls) {
    for (const fs::directory_entry& entry : fs::directory_iterator{root / call.name}) {
      if (entry.path().extension() != ".in") continue;
      ++files;
      const std::string name =
          "golden/" + std::string{call.name} + "/" + entry.path().stem().string();
      const std::string answer = call.run(read_test_file(name + ".in")) + "\n";
      if (std::getenv("SFLUV_UPDATE_GOLDEN") != nullptr) {
        std::ofstream{root / call.name / (entry.path().stem().string() + ".out"), std::ios::binary}
            << answer;
      }
      EXPECT_EQ(answer, read_test_file(name + ".out")) << name;
    }
  }
  EXPECT_GE(files, 20u);
}

}  // namespace
}  // namespace sfluv
