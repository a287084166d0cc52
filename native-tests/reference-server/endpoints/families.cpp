// SPDX-License-Identifier: MIT
#include "families.h"

#include <array>

namespace sfluv::server {

std::span<const Family> families() {
  static const std::array all{step_endpoints(), series_endpoints(), workflow_endpoints(),
                              photo_endpoints()};
  return all;
}

}  // namespace sfluv::server
