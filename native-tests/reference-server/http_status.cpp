// SPDX-License-Identifier: MIT
#include "http_status.h"

#include <algorithm>
#include <array>

namespace sfluv::server {
namespace {

struct Row {
  Code code{};
  int read = 0;
  int claim = 0;
  int start = 0;
  int complete = 0;
};

// 500 where the engine has no such refusal for the operation. What is not listed is something wrong
// in the request's body: 400.
constexpr std::array rows = {
    Row{Code::workflow_not_found, 404, 404, 404, 404},
    Row{Code::step_not_found, 404, 404, 404, 404},
    Row{Code::workflow_not_active, 500, 400, 409, 400},
    Row{Code::step_not_assigned, 500, 500, 403, 403},
    Row{Code::step_already_completed, 500, 500, 409, 400},
    Row{Code::step_not_available_yet, 500, 400, 409, 400},
    Row{Code::step_already_claimed, 500, 409, 500, 500},
    Row{Code::role_already_claimed, 500, 409, 500, 500},
    Row{Code::already_in_workflow, 500, 409, 500, 500},
    Row{Code::step_without_role, 500, 400, 500, 500},
    Row{Code::role_without_credentials, 500, 400, 500, 500},
    Row{Code::missing_credentials, 500, 403, 500, 500},
};

}  // namespace

int status_of(Operation operation, Code code) {
  const auto row = std::ranges::find(rows, code, &Row::code);
  if (row == rows.end()) return 400;
  switch (operation) {
    case Operation::read:
      return row->read;
    case Operation::claim:
      return row->claim;
    case Operation::start:
      return row->start;
    case Operation::complete:
      return row->complete;
  }
  return 500;
}

}  // namespace sfluv::server
