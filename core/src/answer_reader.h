// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "sfluv/answers.h"
#include "sfluv/json.h"

namespace sfluv {

/// A list in either shape, found: an array, or what an object holds by that name or as `items`.
/// Where the live system has nothing to list, it may say null.
struct ListOf {
  const std::vector<json::Value>& elements;
  std::string path;
};
[[nodiscard]] ListOf list_of(json::Fields& fields, const json::Value& answer, std::string path,
                             const char* name);

/// Answers that are a tree already and stand at `path`. A workflow by itself is a list of one.
void read_into(WorkflowList& out, json::Fields& fields, const json::Value& answer,
               const std::string& path);
void read_into(AbsenceList& out, json::Fields& fields, const json::Value& answer,
               const std::string& path);
void read_into(AbsenceChange& out, json::Fields& fields, const json::Value& answer);

}  // namespace sfluv
