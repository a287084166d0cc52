// SPDX-License-Identifier: MIT
// The simulator by itself, for the wasm build; `sfluv simulate` is the same natively.
#include <iostream>

#include "simulation/command.h"

int main(int count, char** values) {
  const std::span<char* const> arguments{values + 1, static_cast<std::size_t>(count - 1)};
  if (const auto code = sfluv::simulation::simulate_command(arguments)) return *code;
  std::cerr << "usage: sfluv-" << sfluv::simulation::simulate_usage << '\n';
  return 2;
}
