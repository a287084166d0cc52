// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "scenario.h"

namespace sfluv::replay {

/// What came back from one call, brought into the form of the recording.
struct Answer {
  int status = 0;
  std::string error_class;
  std::string result;     ///< compact JSON as in the recording; "" when there is nothing to compare
  bool is_judged = true;  ///< false: the call is of a later issue and changes nothing here
};

/// Somebody who answers calls: the engine in this process, or a server over HTTP. Times are seconds
/// from the scenario's `t0`, ids in paths and bodies are still symbols.
class Backend {
 public:
  virtual ~Backend() = default;

  /// Moves the clock, and does what has become due.
  virtual void move_clock(std::int64_t at_s) = 0;
  virtual Answer perform(const Call& call) = 0;
  /// Binds an id of the last answer to a symbol, e.g. "ab1" to "absence.id".
  virtual void save(const std::string& symbol, const std::string& place) = 0;
  /// Changes stored rows by hand. False when the rows are not known.
  virtual bool edit(const json::Value& rows) = 0;
  /// Does what has become due, then shows all workflows.
  virtual State state() = 0;
};

}  // namespace sfluv::replay
