// SPDX-License-Identifier: MIT
#include "families.h"

#include <array>

namespace sfluv::server {

std::span<const Family> families() {
  static const std::array all{step_endpoints(),   series_endpoints(),   workflow_endpoints(),
                              photo_endpoints(),  proposal_endpoints(), vote_endpoints(),
                              account_endpoints()};
  return all;
}

}  // namespace sfluv::server
