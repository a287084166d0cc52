// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/issue.h"
#include "sfluv/json.h"

/// Recorded conversations of several people with the API, as they stand in their file. Times are
/// seconds from the scenario's `t0`; ids are symbols such as `{wf1.step2}`.
namespace sfluv::replay {

/// One request. `body` is JSON with symbols and macros in its strings, or raw text.
struct Call {
  std::string actor;
  std::string method;
  std::string path;
  std::string body;
  bool is_literal = false;  ///< what looks like a symbol in the body is none
};

/// Each workflow's name and its compact state: [status, step, step, ...].
using State = std::map<std::string, std::string>;

/// What came back then. Of a race there are several answers, in the order of their status.
struct Expected {
  std::vector<int> statuses;
  std::vector<std::string> error_classes;  ///< of those that were refused
  std::optional<json::Value> result;
  std::optional<State> state;  ///< nothing: as after the previous call
  bool state_is_recorded = true;
};

/// A call, several at the same moment, or a change of stored rows by hand.
struct Turn {
  std::vector<Call> calls;
  const json::Value* edit = nullptr;
  std::optional<std::int64_t> at_s;
  std::map<std::string, std::string> save;  ///< symbol -> place in the answer
  Expected expected;
  std::string seed_differs;
};

struct Scenario {
  std::string name;
  std::string topic;
  const json::Value* setup = nullptr;
  std::vector<Turn> turns;
};

/// The file, which owns the trees that scenarios point into. Recorded answers to one request each
/// become scenarios of the topics "completion" and "create workflow".
struct ScenarioFile {
  std::vector<json::Value> documents;
  std::vector<Scenario> scenarios;
};

/// Error: `document_not_readable`.
[[nodiscard]] Outcome<ScenarioFile> read_scenarios(std::string_view text);

/// A value as one line, its members sorted, so that equal values have equal texts.
[[nodiscard]] std::string canonical(const json::Value& value);

/// Members by name with defaults, for trees whose shape is known.
[[nodiscard]] std::string text_at(const json::Value& object, std::string_view name);
[[nodiscard]] std::int64_t integer_at(const json::Value& object, std::string_view name);
[[nodiscard]] bool flag_at(const json::Value& object, std::string_view name);
[[nodiscard]] std::vector<std::string> texts_at(const json::Value& object, std::string_view name);

}  // namespace sfluv::replay
