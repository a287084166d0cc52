// SPDX-License-Identifier: MIT
#pragma once

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

namespace sfluv {

/// The content of a fixture, named relative to native-tests/.
inline std::string read_test_file(const std::string& name) {
  std::ifstream file{SFLUV_TEST_DATA "/" + name, std::ios::binary};
  EXPECT_TRUE(file) << "no test file " << name;
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace sfluv
