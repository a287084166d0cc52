// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "sfluv/engine.h"

namespace sfluv::engine {

/// One action under way: the series it changes, and what comes out besides.
struct Work {
  Applied out;
  const Facts& facts;
  std::int64_t now_s;
  IdSource ids;

  Series& series() { return out.series; }
  void touch(Workflow& workflow) { sfluv::touch(workflow, now_s, out.delta); }
};

[[nodiscard]] inline Work begin(const Series& series, const Facts& facts, std::int64_t now_s) {
  return {
      .out = {.series = series}, .facts = facts, .now_s = now_s, .ids = {.entropy = facts.new_ids}};
}

}  // namespace sfluv::engine
