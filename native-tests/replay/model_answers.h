// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

#include "sfluv/http_status.h"

#include "world.h"

namespace sfluv::replay {

inline Answer refused(const Issue& issue, Operation operation, const Profile& profile) {
  return {.status = http_status(operation, issue, profile),
          .error_class = std::string{to_string(issue.code)}};
}

inline Answer accepted(int status, std::string result) {
  return {.status = status, .result = std::move(result)};
}

}  // namespace sfluv::replay
