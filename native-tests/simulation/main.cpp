// SPDX-License-Identifier: MIT
// The simulator and the explorer by themselves, for the wasm build and for mutants; `sfluv
// simulate` and `sfluv explore` are the same.
#include <iostream>
#include <string_view>

#include "simulation/command.h"
#include "simulation/explorer.h"

int main(int count, char** values) {
  using namespace sfluv::simulation;
  const std::span<char* const> arguments{values + 1, static_cast<std::size_t>(count - 1)};
  const std::string_view command = arguments.empty() ? "" : arguments.front();
  std::optional<int> code;
  if (command == "simulate") code = simulate_command(arguments.subspan(1));
  if (command == "explore") code = explore_command(arguments.subspan(1));
  if (code) return *code;
  std::cerr << "usage: sfluv-simulate " << simulate_usage << "\n       sfluv-simulate "
            << explore_usage << '\n';
  return 2;
}
