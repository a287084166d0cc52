// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/profile.h"

#include "scenario.h"

namespace sfluv::replay {

/// What came back from one call, brought into the form of the recording.
struct Answer {
  int status = 0;  ///< 0: none came
  std::string error_class;
  std::string result;  ///< compact JSON as in the recording; "" when there is nothing to compare
  std::vector<std::string> unsaid;  ///< members of a recorded result that this answer cannot show
};

/// Somebody who answers calls: the engine in this process, or a server over HTTP. Times are seconds
/// from the scenario's `t0`, ids in paths and bodies are still symbols.
class World {
 public:
  virtual ~World() = default;

  /// Forgets everything and makes what the scenario begins with. False as in `edit`.
  virtual bool begin(const json::Value& setup, const Profile& profile) = 0;
  /// From now on it behaves like this.
  virtual void set_profile(const Profile& profile) = 0;
  /// Moves the clock, and does what has become due.
  virtual void move_clock(std::int64_t at_s) = 0;
  /// Several calls are sent at the same moment.
  virtual std::vector<Answer> perform(std::span<const Call> calls) = 0;
  /// Binds an id of the last answer to a symbol, e.g. "ab1" to "absence.id".
  virtual void save(const std::string& symbol, const std::string& place) = 0;
  /// Changes stored rows by hand. False when the rows are not known.
  virtual bool edit(const json::Value& rows) = 0;
  /// Does what has become due, then shows all workflows.
  virtual State state() = 0;

  /// Remembers everything that is stored, for `go_back`.
  virtual void mark() = 0;
  virtual void go_back() = 0;
};

}  // namespace sfluv::replay
