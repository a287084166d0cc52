// SPDX-License-Identifier: MIT
#pragma once

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "test_files.h"

namespace sfluv {

/// One of the documents' curl examples, as it is printed there.
struct SeedExample {
  std::string method = "GET";
  std::string path;
  std::vector<std::string> headers;
  std::string body;
};

/// `name`: of a file in vectors/seed-examples.
inline SeedExample read_seed_example(const std::string& name) {
  std::istringstream text{read_test_file("vectors/seed-examples/" + name + ".curl")};
  const auto between = [&](char quote) {
    std::string value;
    std::getline(text, value, quote);
    std::getline(text, value, quote);
    return value;
  };
  constexpr std::string_view host = "https://api.sfluv.com";
  SeedExample example;
  for (std::string word; text >> word;) {
    if (word == "-X") text >> example.method;
    if (word == "-H") example.headers.push_back(between('"'));
    if (word == "-d") example.body = between('\'');
    if (word.starts_with(host)) example.path = word.substr(host.size());
  }
  return example;
}

/// As printed, the photo of the complete example ends in dots, which no decoder takes.
inline std::string without_dots(std::string body) { return body.erase(body.find("...\""), 3); }

}  // namespace sfluv
