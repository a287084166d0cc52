// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sfluv/outbox.h"
#include "sfluv/outbox_queue.h"

#include "outbox_evidence.h"
#include "outbox_times.h"

namespace sfluv::outbox {

/// The state machine of one record. What servers answer is in outbox.cpp, what people ask and what
/// time does to settled records in outbox_life.cpp.
class Machine {
 public:
  Machine(Queue queue, Record record, const Inputs& inputs);
  Transition run(const Event& event);

 private:
  void on(const Wake&);
  void on(const Asked& asked);
  void on(const Stored& stored);
  void on(const StoreFailed& failed);
  void on(const Answered& answered);
  void on(const Unreachable& unreachable);
  void on(const PhotoLost& lost);
  void on(const Removed&);
  void on(const Interrupted&);
  void on(const Shown& shown);

  // Exchanges.
  void on_read(const Answered& answered);
  void on_seen(const Reading& reading);
  void on_seen_open(bool is_locked);
  void on_refusal_confirmed(Refusal refusal);
  void on_sent(const Answered& answered);
  void on_refused(const Answered& answered);
  bool deliver_if_proved(const Reading& reading);
  void ask();
  void send();
  void unsend();
  void reading_failed(Why why, std::optional<std::int64_t> wait_ms = {});
  void attempt_ended(Why fault, std::int64_t quiet_ms, std::int64_t wait_ms);
  void attempt_torn(Why fault, std::int64_t observed_ms, std::int64_t held_bytes_max);
  void in_contact();
  void in_trouble(Why why, std::optional<std::int64_t> wait_ms = {});

  // People, and time.
  void retry();
  void take_back();
  void discard();
  void undo();
  void prune();
  void remove_photos();
  void on_settled_due();

  void enter(State state, Why why);
  void wait(State state, Why why, std::int64_t wait_ms);
  void settle(State state, Why why);
  void settle_again();
  void schedule();
  void refuse();
  [[nodiscard]] bool awaits(Op op) const;
  [[nodiscard]] std::int64_t backoff_ms(std::uint32_t tries, std::uint64_t salt) const;
  [[nodiscard]] std::int64_t observed_ms() const;

  Queue q_;
  Record r_;
  Inputs in_;
  std::int64_t now_;
  bool jumped_ = false;      // the clock was set since the due time was written
  std::int32_t status_ = 0;  // of the answer at hand, for the diary
  std::string_view event_;   // its name
  std::vector<Effect> effects_;
  std::optional<Issue> refused_;
};

}  // namespace sfluv::outbox
