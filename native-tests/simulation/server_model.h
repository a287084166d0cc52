// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sfluv/engine.h"
#include "sfluv/outbox.h"

#include "simulation/clockwork.h"
#include "simulation/simulation.h"

namespace sfluv::simulation {

inline constexpr const char* me = "did:privy:me";
inline constexpr const char* somebody = "did:privy:somebody";
inline constexpr const char* api_base = "https://api.example";

struct Answer {
  bool arrives = true;  ///< false: the page sees none
  std::int32_t status = 0;
  std::optional<std::int64_t> retry_after_ms = {};
  std::string auth_reason = {};
  std::string body = {};
  bool shows_open = false;  ///< a reading in which what the record asks for is not done
};

/// The server on the engine of the core: a weekly job of three steps, its next occurrence, and a
/// job of its own.
class ServerModel {
 public:
  ServerModel(ServerKind kind, Random& random, std::int64_t start_s);

  [[nodiscard]] const Workflow& weekly() const { return now_.park.occurrences.front(); }
  [[nodiscard]] const Workflow& next_week() const { return now_.park.occurrences[1]; }
  /// The job of its own that was made last.
  [[nodiscard]] const Workflow& single() const { return now_.singles.back().occurrences.front(); }
  void add_single(std::int64_t start_s);
  [[nodiscard]] const Workflow* find(const std::string& workflow_id) const {
    return find_in(now_, workflow_id);
  }
  [[nodiscard]] const Absence& absence() const { return now_.park.absences.front(); }

  [[nodiscard]] Answer read(const outbox::Content& content, std::int64_t now_s);
  /// `request`: the completion that the exact body was read as.
  [[nodiscard]] Answer send(const outbox::Content& content, const outbox::Send& send,
                            const CompletionRequest& request, std::int64_t now_s);
  void interfere(std::int64_t now_s);

  /// Is what this record asks for the case, with exactly its content?
  [[nodiscard]] bool has_done(const outbox::Content& content) const;
  /// Can a record wait for ever because the server does not open its step?
  [[nodiscard]] bool keeps_locked(const outbox::Content& content) const;
  [[nodiscard]] bool is_deleted() const { return is_deleted_; }
  /// It cannot be told from what is shown who completed a step.
  [[nodiscard]] bool hides_who() const { return hides_submission_ && was_closed_by_others_; }
  /// Counts what took effect; a second effect of one step is somebody's fault.
  [[nodiscard]] std::size_t accepted() const { return accepted_; }

 private:
  struct State {
    Series park;
    std::vector<Series> singles;
  };

  [[nodiscard]] Workflow make_workflow(const std::string& id, std::int64_t start_s,
                                       std::int64_t steps);
  [[nodiscard]] Series& series_of(const outbox::Content& content);
  [[nodiscard]] static const Workflow* find_in(const State& state, const std::string& workflow_id);
  [[nodiscard]] bool is_done_in(const State& state, const outbox::Content& content) const;
  [[nodiscard]] std::string show(const State& state, const outbox::Content& content) const;
  void keep_up(std::int64_t now_s);
  void change(std::int64_t now_s);

  ServerKind kind_;
  Random& random_;
  State now_;
  State before_;  // what a lagging replica still shows
  std::int64_t changed_s_ = 0;
  std::size_t accepted_ = 0;
  std::uint64_t ids_ = 0;
  bool hides_photos_ = false, hides_submission_ = false, is_deleted_ = false;
  bool was_closed_by_others_ = false;
};

}  // namespace sfluv::simulation
