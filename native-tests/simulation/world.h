// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sfluv/outbox_queue.h"

#include "simulation/clockwork.h"
#include "simulation/server_model.h"
#include "simulation/simulation.h"
#include "simulation/store_model.h"

namespace sfluv::simulation {

class Page;

inline constexpr std::int64_t start_unix_ms = 1'700'000'000'000;

/// What was sealed: once, and again each time the person corrected it.
struct Edition {
  outbox::Content content;
  std::vector<outbox::Segment> plan;
  CompletionRequest request;  ///< read from the exact body
};

/// One thing that is to be done, and all that the world knows of it.
struct Job {
  std::string name;  ///< also the key of its row
  outbox::Kind kind{};
  std::vector<Edition> editions;
  bool is_saved = false;      ///< "saved on this device" was said
  bool was_done = false;      ///< the server had it at some time
  bool was_given_up = false;  ///< discarded by the person, at some time
  bool was_taken_back = false;
  bool photos_are_lost = false, photos_are_damaged = false;

  [[nodiscard]] const Edition& now() const { return editions.back(); }
};

struct World {
  explicit World(const Options& options);

  Options options;
  Random random;
  Timeline time;
  Trace trace;
  ServerModel server;
  StoreModel store;
  std::vector<Job> jobs;
  std::vector<std::unique_ptr<Page>> pages;
  Counts counts;
  std::string failure;
  std::int64_t requests = 0;

  // What the network and the server are like just now.
  bool is_down = false, is_busy = false, is_signed_out = false, wants_policy = false;
  bool is_portal = false;  ///< somebody else's network answers in the server's place
  bool is_calm = false;    ///< no more faults
  std::int64_t skew_ms = 0;
  bool clock_jumped = false;
  bool drives_one_at_a_time = false;
  bool has_locks = false;  ///< pages know when they are alone

  [[nodiscard]] std::int64_t device_now_ms() const {
    return start_unix_ms + time.now_ms() + skew_ms;
  }
  [[nodiscard]] std::int64_t server_now_s() const {
    return (start_unix_ms + time.now_ms()) / second;
  }
  [[nodiscard]] outbox::Inputs inputs();

  void note(std::string_view who, std::string_view what, std::int64_t number = 0) {
    trace.note(time.now_ms(), who, what, number);
  }
  void fail(std::string_view invariant, const std::string& more = "");
  /// After each change at the server: who has what they asked for.
  void look_at_server();
  [[nodiscard]] std::size_t completions_max() const;

  // The invariants, named as in offline work's fault matrix: I1 to I8 (I9 is a test of its own).
  void check_row(const Job& job);
  void check_state(const Job& job, const outbox::Record& record, outbox::State before);
  void check_send(const Job& job, const outbox::Record& record, const Proof& proof,
                  const outbox::Send& send);
  void check_order(const Page& page, std::size_t job);
  void check_end();
};

}  // namespace sfluv::simulation
