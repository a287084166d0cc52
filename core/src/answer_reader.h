// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "sfluv/answers.h"
#include "sfluv/json.h"

namespace sfluv {

/// Lists that are a tree already and stand at `path`, in either shape. A workflow by itself is a
/// list of one.
void read_into(WorkflowList& out, json::Fields& fields, const json::Value& answer,
               const std::string& path);
void read_into(AbsenceList& out, json::Fields& fields, const json::Value& answer,
               const std::string& path);

}  // namespace sfluv
