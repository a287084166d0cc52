// SPDX-License-Identifier: MIT
#include "entropy.h"

#include <array>
#include <stdexcept>
#include <sys/random.h>

#include "sfluv/digest.h"

namespace sfluv::server {

std::string random_text() {
  std::array<std::uint8_t, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error("no entropy");
  }
  return hex(bytes);
}

}  // namespace sfluv::server
