// SPDX-License-Identifier: MIT
#include "sfluv/outbox.h"

#include <algorithm>
#include <utility>

#include "outbox_evidence.h"
#include "text.h"

namespace sfluv::outbox {
namespace {

constexpr std::int64_t second_ms = 1'000;
constexpr std::int64_t minute_ms = 60 * second_ms;

constexpr std::int64_t hint_gap_ms = 5 * second_ms;    // hints come in bursts
constexpr std::int64_t look_ms = 1 * second_ms;        // a finished answer is checked at once
constexpr std::int64_t quiet_min_ms = 10 * second_ms;  // a slow proxy may still hold a copy
constexpr std::int64_t second_look_ms =
    60 * second_ms;  // a reading may come from a lagging replica
constexpr std::int64_t observed_max_ms = 5 * minute_ms;
constexpr std::int64_t drain_bytes_max = 4 << 20;  // what a socket buffer was seen to hold
constexpr std::int64_t drain_bytes_per_ms = 20;    // a poor uplink: 20 kB/s
constexpr std::int64_t locked_wait_ms = 5 * minute_ms;
constexpr std::int64_t store_wait_ms = 5 * second_ms;
constexpr std::int64_t backoff_first_ms = 2 * second_ms;
constexpr std::int64_t backoff_floor_ms = 1 * second_ms;
constexpr std::int64_t backoff_cap_ms = 5 * minute_ms;
constexpr std::int64_t backoff_cap_late_ms = 30 * minute_ms;
constexpr std::int64_t late_after_ms = 24 * 60 * minute_ms;
constexpr std::int64_t retry_after_max_ms = 60 * minute_ms;
constexpr std::uint32_t open_readings_needed = 2;
constexpr std::int64_t latest_ms = std::int64_t{1} << 52;  // sums with it stay sound

// SplitMix64: spreads whatever entropy the caller has over all 64 bits.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

std::string escaped(std::string_view segment) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : segment) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

// For people, so nothing is read out of it. A page of HTML says nothing to them.
std::string words_of(std::string_view body) {
  const std::string_view words = text::trim(body);
  if (words.starts_with('<')) return {};
  return text::repair_utf8(text::cut_at_character(words, server_text_bytes_max));
}

class Machine {
 public:
  Machine(Record record, const Inputs& inputs)
      : r_(std::move(record)),
        now_(std::clamp<std::int64_t>(inputs.now_ms, 1, latest_ms)),
        entropy_(inputs.entropy) {}

  Transition run(const Event& event) {
    distrust_far_times();
    std::visit([&](const auto& what) { on(what); }, event);
    if (refused_) {
      refused_ = Issue{.code = Code::record_event_refused,
                       .path = "",
                       .params = {{"event", std::string{name_of(event)}},
                                  {"state", std::string{to_string(r_.state)}}}};
    }
    return {
        .record = std::move(r_), .effects = std::move(effects_), .refused = std::move(refused_)};
  }

 private:
  void on(const Wake&);
  void on(const Retry&);
  void on(const Stored& stored);
  void on(const StoreFailed& failed);
  void on(const Answered& answered);
  void on(const Unreachable& unreachable);
  void on(const Interrupted&);

  void on_read(const Answered& answered);
  void on_seen_open(bool is_locked);
  void on_sent(const Answered& answered);
  bool deliver_if_proved(const Reading& reading);

  void enter(State state, Why why);
  void wait(State state, Why why, std::int64_t wait_ms);
  void settle(State state, Why why);
  void ask();
  void send();
  void reading_failed(Why why, std::optional<std::int64_t> wait_ms = {});
  void attempt_ended(Why fault, std::int64_t quiet_ms, std::int64_t wait_ms);
  void attempt_torn(Why fault, std::int64_t observed_ms);

  void distrust_far_times();
  void schedule();
  void refuse() { refused_.emplace(); }
  [[nodiscard]] bool is_under_way() const;
  [[nodiscard]] bool is_hint_welcome() const;
  [[nodiscard]] std::int64_t backoff_ms(std::uint32_t tries) const;
  [[nodiscard]] std::int64_t observed_ms() const;

  Record r_;
  std::int64_t now_;
  std::uint64_t entropy_;
  bool jumped_ = false;      // the clock was set since the due time was written
  std::int32_t status_ = 0;  // of the answer at hand, for the diary
  std::vector<Effect> effects_;
  std::optional<Issue> refused_;
};

// A due time further away than its wait was meant to be was written by a clock that has been set
// since; a wrong clock may delay by one wait and not by years.
void Machine::distrust_far_times() {
  if (r_.due_ms != 0 && r_.due_ms - r_.wait_ms > now_) {
    r_.due_ms = now_ + r_.wait_ms;
    jumped_ = true;
  }
  if (r_.quiet_until_ms - r_.quiet_ms > now_) r_.quiet_until_ms = now_ + r_.quiet_ms;
}

bool Machine::is_under_way() const {
  return r_.state == State::probing || r_.state == State::sending || r_.state == State::reconciling;
}

// A hint cannot shorten what the server or the quiet period asked for.
bool Machine::is_hint_welcome() const {
  const bool idle = now_ < r_.tried_ms || now_ - r_.tried_ms >= hint_gap_ms;
  switch (r_.why) {
    case Why::unreachable:
    case Why::unreadable:
    case Why::auth:
    case Why::server_error:
    case Why::interrupted:
    case Why::store:
      return idle;
    default:
      return false;
  }
}

// Full jitter: a fleet that lost the server together does not come back together.
std::int64_t Machine::backoff_ms(std::uint32_t tries) const {
  const bool is_late = now_ - r_.created_ms > late_after_ms;
  const std::int64_t cap_ms = is_late ? backoff_cap_late_ms : backoff_cap_ms;
  const std::int64_t most_ms = std::min(cap_ms, backoff_first_ms << std::min(tries, 20u));
  const std::uint64_t random = mixed(entropy_ ^ mixed(static_cast<std::uint64_t>(r_.revision)));
  const auto jittered_ms =
      static_cast<std::int64_t>(random % (static_cast<std::uint64_t>(most_ms) + 1));
  return std::max(backoff_floor_ms, jittered_ms);
}

std::int64_t Machine::observed_ms() const {
  return std::clamp<std::int64_t>(now_ - r_.tried_ms, 0, observed_max_ms);
}

// Every change of state is written down before anything is done about it.
void Machine::enter(State state, Why why) {
  r_.state = state;
  r_.why = why;
  r_.entries.push_back({.at_ms = now_, .state = state, .why = why, .status = status_});
  if (r_.entries.size() > entries_max) r_.entries.erase(r_.entries.begin());
  r_.pending = Pending::store;
  effects_.emplace_back(Persist{.token = ++r_.revision});
}

void Machine::wait(State state, Why why, std::int64_t wait_ms) {
  r_.due_ms = now_ + wait_ms;
  r_.wait_ms = wait_ms;
  enter(state, why);
}

void Machine::settle(State state, Why why) {
  r_.due_ms = r_.wait_ms = 0;
  enter(state, why);
}

void Machine::schedule() {
  if (r_.due_ms != 0) effects_.emplace_back(WakeAt{.at_ms = r_.due_ms});
}

// Looks at the step: before a send, or to learn what became of one.
void Machine::ask() {
  r_.due_ms = r_.wait_ms = 0;
  r_.tried_ms = now_;
  r_.reading_counts = now_ >= r_.quiet_until_ms;
  enter(r_.state == State::queued ? State::probing : State::reconciling, Why::none);
}

void Machine::send() {
  if (r_.attempts == 0) r_.probed_open = true;
  ++r_.attempts;
  r_.refusal = Refusal::none;
  r_.tried_ms = now_;
  r_.due_ms = r_.wait_ms = 0;
  enter(State::sending, Why::none);
}

void Machine::on(const Wake&) {
  if (is_under_way()) return;
  if (r_.due_ms == 0) return;
  if (is_settled(r_.state)) {  // its last write failed
    if (now_ < r_.due_ms) return schedule();
    return settle(r_.state, r_.why);
  }
  if (now_ >= r_.due_ms || is_hint_welcome()) return ask();
  if (jumped_) enter(r_.state, r_.why);
  schedule();
}

void Machine::on(const Retry&) {
  if (is_under_way()) return;
  if (r_.state == State::delivered) {
    if (r_.due_ms == 0) return refuse();
    return settle(r_.state, r_.why);
  }
  if (is_settled(r_.state)) {
    // What was wrong may have been put right at the server; the same proof is needed as ever.
    r_.refusal = Refusal::none;
    r_.state = r_.attempts == 0 ? State::queued : State::unknown;
  }
  ask();
}

void Machine::on(const Stored& stored) {
  if (r_.pending != Pending::store || stored.token != r_.revision) return;
  switch (r_.state) {
    case State::probing:
    case State::reconciling:
      r_.pending = Pending::answer;
      effects_.emplace_back(Read{.path = "/workflows/" + escaped(r_.content.workflow_id)});
      return;
    case State::sending:
      r_.pending = Pending::answer;
      effects_.emplace_back(Send{.path = "/improvers/workflows/" + escaped(r_.content.workflow_id) +
                                         "/steps/" + escaped(r_.content.step_id) + "/complete",
                                 .body = body_plan(r_.content),
                                 .body_bytes = r_.content.body_bytes,
                                 .attempt = r_.attempts});
      return;
    default:
      r_.pending = Pending::nothing;
      return schedule();
  }
}

// What could not be written down was not begun. A result that could not be written down stays in
// memory and is written again; should the page die first, the older record leads to a reading.
void Machine::on(const StoreFailed& failed) {
  if (r_.pending != Pending::store || failed.token != r_.revision) return;
  r_.pending = Pending::nothing;
  if (r_.state == State::sending) {
    --r_.attempts;
    if (r_.attempts == 0) r_.probed_open = false;
  }
  if (is_under_way()) {
    r_.state = r_.state == State::reconciling ? State::unknown : State::queued;
    r_.why = Why::store;
  }
  if (r_.due_ms == 0) {
    r_.due_ms = now_ + store_wait_ms;
    r_.wait_ms = store_wait_ms;
  }
  schedule();
}

void Machine::on(const Answered& answered) {
  const Op awaited = r_.state == State::sending ? Op::send : Op::read;
  if (!is_under_way() || r_.pending != Pending::answer || answered.op != awaited) return refuse();
  status_ = answered.status;
  return answered.op == Op::read ? on_read(answered) : on_sent(answered);
}

void Machine::on(const Unreachable& unreachable) {
  const Op awaited = r_.state == State::sending ? Op::send : Op::read;
  if (!is_under_way() || r_.pending != Pending::answer || unreachable.op != awaited)
    return refuse();
  if (unreachable.op == Op::read) return reading_failed(Why::unreachable);
  attempt_torn(Why::unreachable, observed_ms());
}

void Machine::on(const Interrupted&) {
  if (r_.state == State::sending) return attempt_torn(Why::interrupted, 0);
  if (r_.state == State::probing) return wait(State::queued, Why::interrupted, 0);
  if (r_.state == State::reconciling) return wait(State::unknown, Why::interrupted, 0);
  r_.pending = Pending::nothing;
  schedule();
}

void Machine::reading_failed(Why why, std::optional<std::int64_t> wait_ms) {
  ++r_.failures;
  wait(r_.state == State::probing ? State::queued : State::unknown, why,
       wait_ms.value_or(backoff_ms(r_.failures)));
}

bool Machine::deliver_if_proved(const Reading& reading) {
  const bool was_open_before_us = r_.probed_open && r_.attempts > 0;
  Evidence evidence{};
  switch (reading.seen) {
    case Seen::strong:
      evidence = Evidence::strong;
      break;
    case Seen::medium:
      evidence = Evidence::medium;
      break;
    case Seen::blind:
      evidence = Evidence::blind;
      break;
    default:
      return false;
  }
  if (evidence != Evidence::strong && !was_open_before_us) return false;
  r_.receipt = Receipt{.submission_id = reading.submission_id, .evidence = evidence, .at_ms = now_};
  r_.refusal = Refusal::none;
  settle(State::delivered, Why::none);
  return true;
}

std::optional<std::int64_t> clipped(std::optional<std::int64_t> retry_after_ms) {
  if (!retry_after_ms) return std::nullopt;
  return std::clamp(*retry_after_ms, backoff_floor_ms, retry_after_max_ms);
}

bool is_not_now(std::int32_t status) {
  return status == 408 || status == 425 || status == 429 || status == 503;
}

bool is_success(std::int32_t status) { return status >= 200 && status < 300; }

void Machine::on_read(const Answered& answered) {
  const std::int32_t status = answered.status;
  if (status == 404) return settle(State::needs_user, Why::gone);
  if (status == 401 || status == 403) {
    if (r_.refusal == Refusal::none)
      r_.server = ServerWords{status, words_of(answered.auth_reason)};
    return reading_failed(Why::auth);
  }
  if (is_not_now(status)) return reading_failed(Why::server_busy, clipped(answered.retry_after_ms));
  if (status >= 500 && status < 600) return reading_failed(Why::server_error);
  if (!is_success(status)) return reading_failed(Why::unreadable);

  const Reading reading = read_evidence(r_.content, answered.body);
  if (reading.seen == Seen::unreadable) return reading_failed(Why::unreadable);
  r_.failures = 0;
  if (deliver_if_proved(reading)) return;
  switch (reading.seen) {
    case Seen::open:
      return on_seen_open(false);
    case Seen::locked:
      return on_seen_open(true);
    case Seen::others:
      return settle(State::needs_user, Why::not_mine);
    case Seen::closed:
      return settle(State::needs_user, Why::closed);
    case Seen::no_step:
      return settle(State::needs_user, Why::gone);
    default:
      return settle(State::needs_user, Why::conflict);
  }
}

// The step is ours and not completed: nothing of ours has taken effect yet.
void Machine::on_seen_open(bool is_locked) {
  if (r_.state == State::probing) {
    if (is_locked) return wait(State::queued, Why::locked, locked_wait_ms);
    if (r_.attempts == 0 || r_.open_readings >= open_readings_needed) return send();
  }
  // A late copy carries the same bytes, so what was refused stays refused; but a step that was not
  // open yet is no fault of theirs.
  if (!is_locked) {
    switch (std::exchange(r_.refusal, Refusal::none)) {
      case Refusal::rejected:
        return settle(State::needs_fix, Why::rejected);
      case Refusal::refused:
        return settle(State::needs_user, Why::refused);
      case Refusal::too_large:
        return settle(State::needs_user, Why::too_large);
      case Refusal::none:
        break;
    }
  }
  r_.refusal = Refusal::none;
  if (!r_.reading_counts) {
    return wait(State::unknown, Why::quiet, std::max(look_ms, r_.quiet_until_ms - now_));
  }
  ++r_.open_readings;
  if (r_.open_readings < open_readings_needed) {
    r_.quiet_ms = second_look_ms;
    r_.quiet_until_ms = now_ + second_look_ms;
    return wait(State::unknown, Why::quiet, second_look_ms);
  }
  if (is_locked) return wait(State::queued, Why::locked, locked_wait_ms);
  wait(State::queued, r_.fault, backoff_ms(r_.attempts));
}

// The attempt is over as far as we can see; from here on only readings count.
void Machine::attempt_ended(Why fault, std::int64_t quiet_ms, std::int64_t wait_ms) {
  r_.fault = fault;
  r_.open_readings = 0;
  r_.reading_counts = false;
  r_.quiet_ms = quiet_ms;
  r_.quiet_until_ms = now_ + quiet_ms;
  wait(State::unknown, fault, wait_ms);
}

// No answer, or none that could be read: bytes of ours may still be on their way to the server.
void Machine::attempt_torn(Why fault, std::int64_t observed_ms) {
  const auto held_bytes =
      static_cast<std::int64_t>(std::min<std::uint64_t>(r_.content.body_bytes, drain_bytes_max));
  const std::int64_t quiet_ms =
      std::max(quiet_min_ms, 2 * observed_ms) + held_bytes / drain_bytes_per_ms;
  // A long quiet period is not waited for in the dark: an early look may find it delivered.
  attempt_ended(fault, quiet_ms, quiet_ms <= 2 * quiet_min_ms ? quiet_ms : quiet_min_ms);
}

void Machine::on_sent(const Answered& answered) {
  const std::int32_t status = answered.status;
  if (is_success(status)) {
    const Reading reading = read_evidence(r_.content, answered.body);
    // An empty or cut 200 can come from a torn connection.
    if (reading.seen == Seen::unreadable) return attempt_torn(Why::unreadable, observed_ms());
    r_.failures = 0;
    const bool shows_content = reading.seen == Seen::strong || reading.seen == Seen::medium;
    if (shows_content && deliver_if_proved(reading)) return;
    return attempt_ended(Why::none, std::max(quiet_min_ms, 2 * observed_ms()), look_ms);
  }
  if (status < 400 || status >= 600) return attempt_torn(Why::unreadable, observed_ms());

  // No refusal is a verdict before the step was read: a hidden copy of the same request, sent by
  // the browser, may have been accepted first.
  r_.server = ServerWords{status, words_of(answered.body)};
  const std::int64_t quiet_ms = std::max(quiet_min_ms, 2 * observed_ms());
  const bool is_signed_out = status == 401 || (status == 403 && text::is_blank(answered.body));
  if (is_signed_out || !answered.auth_reason.empty()) {
    if (!answered.auth_reason.empty()) r_.server->text = words_of(answered.auth_reason);
    ++r_.failures;
    return attempt_ended(Why::auth, quiet_ms, backoff_ms(r_.failures));
  }
  if (is_not_now(status)) {
    ++r_.failures;
    return attempt_ended(Why::server_busy, quiet_ms,
                         clipped(answered.retry_after_ms).value_or(backoff_ms(r_.failures)));
  }
  if (status >= 500) return attempt_torn(Why::server_error, observed_ms());
  if (status == 400 || status == 409 || status == 422)
    r_.refusal = Refusal::rejected;
  else if (status == 413)
    r_.refusal = Refusal::too_large;
  else if (status != 404)
    r_.refusal = Refusal::refused;
  attempt_ended(Why::server_error, quiet_ms, look_ms);
}

}  // namespace

bool is_settled(State state) {
  return state == State::delivered || state == State::needs_fix || state == State::needs_user;
}

std::string_view name_of(const Event& event) {
  static constexpr std::string_view names[] = {
      "wake", "retry", "stored", "store_failed", "answered", "unreachable", "interrupted"};
  static_assert(std::size(names) == std::variant_size_v<Event>);
  return names[event.index()];
}

Transition advance(Record record, const Event& event, const Inputs& inputs) {
  return Machine{std::move(record), inputs}.run(event);
}

}  // namespace sfluv::outbox
