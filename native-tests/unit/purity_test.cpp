// SPDX-License-Identifier: MIT
// The core takes clock, entropy and bytes as values: none of these words may stand in it.
#include <filesystem>
#include <gtest/gtest.h>
#include <string>

#include "test_files.h"

namespace {

namespace fs = std::filesystem;

TEST(Purity, CoreHasNoIoNoClockNoRandomnessNoExceptions) {
  const fs::path core = fs::path{SFLUV_TEST_DATA} / ".." / "core";
  std::size_t files = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator{core}) {
    const fs::path extension = entry.path().extension();
    if (extension != ".h" && extension != ".cpp") continue;
    ++files;
    const std::string text =
        sfluv::read_test_file("../core/" + fs::relative(entry.path(), core).string());
    for (const char* word :
         {"emscripten", "_clock", "<chrono>", "<random>", "rand(", "<fstream>", "<iostream>",
          "<cstdio>", "getenv", "throw ", "virtual ", "std::function"}) {
      EXPECT_EQ(text.find(word), std::string::npos) << word << " in " << entry.path();
    }
  }
  EXPECT_GT(files, 30u);
}

}  // namespace
