// SPDX-License-Identifier: MIT
// The exchanges of one record with the server: what is asked when, and what an answer means.
#include "sfluv/outbox.h"

#include <algorithm>
#include <utility>

#include "outbox_machine.h"
#include "outbox_request.h"
#include "text.h"

namespace sfluv::outbox {
namespace {

constexpr std::uint32_t open_readings_needed = 2;
constexpr std::uint32_t denials_max = 2;

// SplitMix64: spreads whatever entropy the caller has over all 64 bits.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// For people, so nothing is read out of it. A page of HTML says nothing to them.
std::string words_of(std::string_view body) {
  const std::string_view words = text::trim(body);
  if (words.starts_with('<')) return {};
  return text::repair_utf8(text::cut_at_character(words, server_text_bytes_max));
}

std::optional<std::int64_t> clipped(std::optional<std::int64_t> retry_after_ms) {
  if (!retry_after_ms) return std::nullopt;
  return std::clamp(*retry_after_ms, backoff_floor_ms, retry_after_max_ms);
}

bool is_success(std::int32_t status) { return status >= 200 && status < 300; }

bool is_not_now(std::int32_t status) {
  return status == 408 || status == 425 || status == 429 || status == 503;
}

Refusal refusal_of(std::int32_t status) {
  if (status == 400 || status == 409 || status == 422) return Refusal::rejected;
  if (status == 413) return Refusal::too_large;
  return status == 404 ? Refusal::none : Refusal::refused;
}

// Rulebook A8.4: an expired session is a 403 without a word, a wanted policy says so in a header,
// and both are nothing like "not assigned".
Why closed_door(const Answered& answered) {
  if (answered.auth_reason == "privacy-policy-required") return Why::policy;
  const bool is_wordless = answered.status == 403 && text::is_blank(answered.body);
  const bool is_signed_out = answered.status == 401 || is_wordless || !answered.auth_reason.empty();
  return is_signed_out ? Why::auth : Why::none;
}

}  // namespace

Machine::Machine(Queue queue, Record record, const Inputs& inputs)
    : q_(std::move(queue)),
      r_(std::move(record)),
      in_(inputs),
      now_(std::clamp<std::int64_t>(inputs.now_ms, 1, latest_ms)) {
  const Moment due{r_.due_ms, r_.wait_ms};
  if (r_.due_ms != 0 && due.is_too_far(now_)) {
    r_.due_ms = now_ + r_.wait_ms;
    jumped_ = true;
  }
  const Moment quiet{r_.quiet_until_ms, r_.quiet_ms};
  if (quiet.is_too_far(now_)) r_.quiet_until_ms = now_ + r_.quiet_ms;
}

// Full jitter: a fleet that lost the server together does not come back together.
std::int64_t Machine::backoff_ms(std::uint32_t tries, std::uint64_t salt) const {
  const bool is_late = now_ - r_.created_ms > late_after_ms;
  const std::int64_t cap_ms = is_late ? backoff_cap_late_ms : backoff_cap_ms;
  const std::int64_t most_ms = std::min(cap_ms, backoff_first_ms << std::min(tries, 20u));
  const auto revision = static_cast<std::uint64_t>(r_.revision);
  const std::uint64_t random = mixed(in_.entropy ^ mixed(2 * revision + salt));
  const auto jittered_ms =
      static_cast<std::int64_t>(random % (static_cast<std::uint64_t>(most_ms) + 1));
  return std::max(backoff_floor_ms, jittered_ms);
}

std::int64_t Machine::observed_ms() const {
  return std::clamp<std::int64_t>(now_ - r_.tried_ms, 0, observed_max_ms);
}

bool Machine::awaits(Op op) const {
  if (r_.pending != Pending::answer) return false;
  if (op == Op::send) return r_.state == State::sending;
  if (op == Op::stage) return r_.state == State::staging;
  return r_.state == State::probing || r_.state == State::reconciling;
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

void Machine::schedule() {
  if (r_.due_ms != 0) effects_.emplace_back(WakeAt{.at_ms = r_.due_ms});
}

// The server is there and spoke to the point: nothing holds the others back any longer, and those
// that waited for it to come back need not wait out their time.
void Machine::in_contact() {
  if (q_.failures > 0 && may_take_hint(q_, now_)) q_.hint_ms = now_;
  r_.failures = 0;
  q_.failures = 0;
  q_.pause = Why::none;
  q_.until_ms = q_.wait_ms = 0;
  q_.contact_ms = now_;
}

// The next exchange, of whatever record, comes later; a fault that is this record's alone holds the
// others up for a moment only, since their success is a contact. A 5xx says nothing of the others.
void Machine::in_trouble(Why why, std::optional<std::int64_t> wait_ms) {
  ++q_.failures;
  q_.pause = why;
  q_.wait_ms = wait_ms.value_or(backoff_ms(q_.failures, 1));
  if (why == Why::unreadable) q_.wait_ms = std::min(q_.wait_ms, odd_answer_ms);
  q_.until_ms = now_ + q_.wait_ms;
}

// Looks at what the server has: before a send, or to learn what became of one.
void Machine::ask() {
  const bool is_first =
      r_.state == State::queued || r_.state == State::waiting || r_.state == State::staging;
  r_.due_ms = r_.wait_ms = 0;
  r_.tried_ms = now_;
  r_.reading_counts = now_ >= r_.quiet_until_ms;
  enter(is_first ? State::probing : State::reconciling, Why::none);
}

// The next piece of the next photo. Nothing takes effect by it, so it needs no proof; but what is
// up already is written down before more is said.
void Machine::stage() {
  r_.tried_ms = now_;
  r_.due_ms = r_.wait_ms = 0;
  enter(State::staging, Why::none);
}

void Machine::send() {
  if (r_.attempts == 0) r_.probed_open = true;
  ++r_.attempts;
  r_.refusal = Refusal::none;
  r_.tried_ms = now_;
  r_.due_ms = r_.wait_ms = 0;
  enter(State::sending, Why::none);
}

// What was on record as sent has not left this device.
void Machine::unsend() {
  --r_.attempts;
  if (r_.attempts == 0) r_.probed_open = false;
}

void Machine::on(const Wake&) {
  if (is_under_way(r_.state)) return;
  if (!is_due({r_.due_ms, r_.wait_ms}, r_.why, q_, now_)) {
    if (jumped_) is_settled(r_.state) ? settle_again() : enter(r_.state, r_.why);
    return schedule();
  }
  if (is_settled(r_.state)) return on_settled_due();
  if (paused_by(q_, now_) == Why::none) ask();
}

void Machine::on(const Stored& stored) {
  if (r_.pending != Pending::store || stored.token != r_.revision) return;
  if (q_.pause == Why::store) q_.pause = Why::none;
  if (is_under_way(r_.state)) {
    r_.pending = Pending::answer;
    if (r_.state == State::staging) {
      effects_.emplace_back(stage_of(r_));
      return;
    }
    if (r_.state != State::sending) {
      effects_.emplace_back(Read{.path = read_path(r_.content), .answer_ms = read_answer_ms});
      return;
    }
    // A page that was frozen meanwhile may have lost the queue to another one.
    if (observed_ms() > stored_late_ms) return attempt_torn(Why::interrupted, 0, body_bytes_max);
    effects_.emplace_back(send_of(r_));
    return;
  }
  r_.pending = Pending::nothing;
  if (r_.state == State::pruned) remove_photos();
  schedule();
}

// What could not be written down was not begun. A result that could not be written down stays in
// memory and is written again; should the page die first, the older record leads to a reading.
void Machine::on(const StoreFailed& failed) {
  if (r_.pending != Pending::store || failed.token != r_.revision) return;
  q_.pause = Why::store;
  q_.until_ms = now_ + store_wait_ms;
  q_.wait_ms = store_wait_ms;
  r_.pending = is_settled(r_.state) ? Pending::rewrite : Pending::nothing;
  if (r_.state == State::sending) unsend();
  if (is_under_way(r_.state)) {
    r_.state = r_.state == State::reconciling ? State::unknown : State::waiting;
    r_.why = Why::store;
  }
  if (r_.due_ms == 0 || r_.pending == Pending::rewrite) {
    r_.due_ms = now_ + store_wait_ms;
    r_.wait_ms = store_wait_ms;
  }
  schedule();
}

void Machine::on(const Answered& answered) {
  if (!awaits(answered.op)) return refuse();
  status_ = answered.status;
  if (answered.op == Op::stage) return on_staged(answered);
  return answered.op == Op::read ? on_read(answered) : on_sent(answered);
}

void Machine::on(const Unreachable& unreachable) {
  if (!awaits(unreachable.op)) return refuse();
  if (unreachable.op != Op::send) return asking_failed(Why::unreachable);
  in_trouble(Why::unreachable);
  if (!unreachable.is_unsent)
    return attempt_torn(Why::unreachable, observed_ms(), socket_bytes_max);
  unsend();
  wait(State::waiting, Why::unreachable, q_.wait_ms);
}

void Machine::on(const PhotoLost& lost) {
  if (!awaits(Op::send) && !awaits(Op::stage)) return refuse();
  if (r_.state == State::sending) unsend();
  settle(State::quarantined, lost.is_damaged ? Why::photo_damaged : Why::photo_missing);
}

// The body may still be going out, whole, from a page that was only frozen.
void Machine::on(const Interrupted&) {
  if (r_.state == State::sending) return attempt_torn(Why::interrupted, 0, body_bytes_max);
  if (r_.state == State::probing || r_.state == State::staging)
    return wait(State::waiting, Why::interrupted, 0);
  if (r_.state == State::reconciling) return wait(State::unknown, Why::interrupted, 0);
  if (r_.pending == Pending::rewrite) return schedule();
  r_.pending = Pending::nothing;
  if (r_.state == State::pruned) remove_photos();
  schedule();
}

void Machine::asking_failed(Why why, std::optional<std::int64_t> wait_ms) {
  const bool is_this_alone = why == Why::server_error || why == Why::no_staging;
  if (!is_this_alone) in_trouble(why, wait_ms);
  ++r_.failures;
  wait(r_.state == State::reconciling ? State::unknown : State::waiting, why,
       wait_ms.value_or(backoff_ms(r_.failures, 0)));
}

bool Machine::deliver_if_proved(const Reading& reading) {
  const bool was_open_before_us = r_.probed_open && r_.attempts > 0;
  const bool is_proved = reading.evidence == Evidence::strong ||
                         reading.evidence == Evidence::state || was_open_before_us ||
                         (reading.evidence == Evidence::medium && r_.imported);
  if (!is_proved) return false;
  r_.receipt =
      Receipt{.submission_id = reading.submission_id, .evidence = reading.evidence, .at_ms = now_};
  r_.refusal = Refusal::none;
  r_.server.reset();
  settle(State::delivered, Why::none);
  return true;
}

void Machine::on_read(const Answered& answered) {
  const std::int32_t status = answered.status;
  if (status == 401 || status == 403) {
    const Why door = closed_door(answered);
    if (r_.refusal == Refusal::none)
      r_.server = ServerWords{status, words_of(answered.auth_reason)};
    if (r_.refusal == Refusal::denied) r_.refusal = Refusal::none;
    r_.denials = 0;
    return asking_failed(door == Why::policy ? door : Why::auth);
  }
  if (is_not_now(status)) return asking_failed(Why::server_busy, clipped(answered.retry_after_ms));
  if (status >= 500 && status < 600) return asking_failed(Why::server_error);
  if (status == 404) {
    in_contact();
    return settle(State::needs_user, Why::gone);
  }
  const Reading reading =
      is_success(status) ? read_evidence(r_.content, Op::read, answered.body) : Reading{};
  if (reading.seen == Sight::unreadable) return asking_failed(Why::unreadable);
  in_contact();
  on_seen(reading);
}

void Machine::on_seen(const Reading& reading) {
  switch (reading.seen) {
    case Sight::done:
      if (deliver_if_proved(reading)) return;
      return settle(State::needs_user, Why::conflict);
    case Sight::open: return on_seen_open(false);
    case Sight::locked: return on_seen_open(true);
    case Sight::others: return settle(State::needs_user, Why::not_mine);
    case Sight::closed: return settle(State::needs_user, Why::closed);
    case Sight::missed: return settle(State::needs_user, Why::missed);
    case Sight::absent: return settle(State::needs_user, Why::gone);
    default: return settle(State::needs_user, Why::conflict);
  }
}

// What the server said of these bytes, now that it is known not to hold them.
void Machine::on_refusal_confirmed(Refusal refusal) {
  if (refusal == Refusal::rejected && has_answers(r_.content.kind))
    return settle(State::needs_fix, Why::rejected);
  settle(State::needs_user, refusal == Refusal::too_large ? Why::too_large : Why::refused);
}

// It is ours to do and not done: nothing of ours has taken effect yet.
void Machine::on_seen_open(bool is_locked) {
  if (r_.state == State::probing) {
    if (is_locked) return wait(State::waiting, Why::locked, locked_wait_ms);
    if (r_.attempts == 0 || r_.open_readings >= open_readings_needed)
      return has_photo_to_stage(r_) ? stage() : send();
  }
  // A step that was not open yet is no fault of these bytes.
  if (is_locked) r_.refusal = Refusal::none;
  if (!r_.reading_counts)
    return wait(State::unknown, Why::quiet, std::max(look_ms, r_.quiet_until_ms - now_));
  ++r_.open_readings;
  r_.quiet_ms = second_look_ms;
  r_.quiet_until_ms = now_ + second_look_ms;
  const Refusal refusal = std::exchange(r_.refusal, Refusal::none);
  const bool is_final =
      refusal != Refusal::none && (refusal != Refusal::denied || r_.denials >= denials_max);
  if (is_final) return on_refusal_confirmed(refusal);
  if (r_.open_readings < open_readings_needed)
    return wait(State::unknown, Why::quiet, second_look_ms);
  if (is_locked) return wait(State::waiting, Why::locked, locked_wait_ms);
  wait(State::waiting, r_.fault, backoff_ms(r_.attempts, 0));
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
void Machine::attempt_torn(Why fault, std::int64_t observed_ms, std::int64_t held_bytes_max) {
  const std::uint64_t sent_bytes =
      r_.content.stages_photos ? send_of(r_).body_bytes : r_.content.body_bytes;
  const auto body_bytes =
      static_cast<std::int64_t>(std::min<std::uint64_t>(sent_bytes, body_bytes_max));
  const std::int64_t drain_ms = std::min(body_bytes, held_bytes_max) / drain_bytes_per_ms;
  const std::int64_t quiet_ms = std::max(quiet_min_ms, 2 * observed_ms) + drain_ms;
  // A long quiet period is not waited for in the dark: an early look may find it delivered.
  attempt_ended(fault, quiet_ms, quiet_ms <= 2 * quiet_min_ms ? quiet_ms : quiet_min_ms);
}

// When the last photo is up the step is looked at again: that may have taken a while.
void Machine::on_staged(const Answered& answered) {
  if (answered.status >= 400 && answered.status < 600) return on_stage_refused(answered);
  const Staged staged = is_success(answered.status) ? read_staged(answered.body) : Staged{};
  const bool is_last = r_.piece + 1 >= pieces_of(r_.content.photos[r_.staged.size()]);
  const bool is_odd = !staged.is_readable || (is_last && staged.photo_id.empty());
  r_.piece = staged.photo_id.empty() && !is_odd ? r_.piece + 1 : 0;
  if (is_odd) return asking_failed(Why::unreadable);
  in_contact();
  if (!staged.photo_id.empty()) r_.staged.push_back(staged.photo_id);
  has_photo_to_stage(r_) ? stage() : ask();
}

// A refused photo is a refused submission, after a look at whether the step is ours to do at all.
// Where nobody answers to the path the server has another profile: only its host can mend that, so
// it is tried again, and may be taken back meanwhile.
void Machine::on_stage_refused(const Answered& answered) {
  const std::int32_t status = answered.status;
  r_.server = ServerWords{status, words_of(answered.body)};
  if (const Why door = closed_door(answered); door != Why::none) return asking_failed(door);
  if (is_not_now(status)) return asking_failed(Why::server_busy, clipped(answered.retry_after_ms));
  if (status == 404 || status == 405) return asking_failed(Why::no_staging);
  if (status >= 500) return asking_failed(Why::server_error);
  in_contact();
  r_.refusal = refusal_of(status);
  attempt_ended(Why::server_error, quiet_min_ms, look_ms);
}

void Machine::on_sent(const Answered& answered) {
  const std::int32_t status = answered.status;
  if (status >= 400 && status < 600) return on_refused(answered);
  const Reading reading =
      is_success(status) ? read_evidence(r_.content, Op::send, answered.body) : Reading{};
  // An empty or cut 200 can come from a torn connection.
  if (reading.seen == Sight::unreadable) {
    in_trouble(Why::unreadable);
    return attempt_torn(Why::unreadable, observed_ms(), socket_bytes_max);
  }
  in_contact();
  r_.denials = 0;
  const bool is_shown = reading.seen == Sight::done && reading.evidence != Evidence::blind;
  if (is_shown && deliver_if_proved(reading)) return;
  attempt_ended(Why::none, std::max(quiet_min_ms, 2 * observed_ms()), look_ms);
}

// No refusal is a verdict before the server was read: a hidden copy of the same request, sent by
// the browser, may have been accepted first.
void Machine::on_refused(const Answered& answered) {
  const std::int32_t status = answered.status;
  r_.server = ServerWords{status, words_of(answered.body)};
  const std::int64_t quiet_ms = std::max(quiet_min_ms, 2 * observed_ms());
  if (const Why door = closed_door(answered); door != Why::none) {
    if (!answered.auth_reason.empty()) r_.server->text = words_of(answered.auth_reason);
    if (door == Why::auth) {
      ++r_.denials;
      r_.refusal = Refusal::denied;
    }
    in_trouble(door);
    return attempt_ended(door, quiet_ms, look_ms);
  }
  if (is_not_now(status)) {
    in_trouble(Why::server_busy, clipped(answered.retry_after_ms));
    return attempt_ended(Why::server_busy, quiet_ms, q_.wait_ms);
  }
  if (status >= 500) return attempt_torn(Why::server_error, observed_ms(), socket_bytes_max);
  in_contact();
  r_.denials = 0;
  r_.refusal = refusal_of(status);
  attempt_ended(Why::server_error, quiet_ms, look_ms);
}

Transition Machine::run(const Event& event) {
  event_ = name_of(event);
  std::visit([&](const auto& what) { on(what); }, event);
  return {.queue = std::move(q_),
          .record = std::move(r_),
          .effects = std::move(effects_),
          .refused = std::move(refused_)};
}

void Machine::refuse() {
  refused_ = Issue{
      .code = Code::record_event_refused,
      .path = "",
      .params = {{"event", std::string{event_}}, {"state", std::string{to_string(r_.state)}}}};
}

Transition advance(Queue queue, Record record, const Event& event, const Inputs& inputs) {
  const bool is_ours =
      record.content.account == queue.account && record.content.api_base == queue.api_base;
  if (is_ours) return Machine{std::move(queue), std::move(record), inputs}.run(event);
  return {.queue = std::move(queue),
          .record = std::move(record),
          .effects = {},
          .refused = Issue{.code = Code::record_of_other_account, .path = "", .params = {}}};
}

}  // namespace sfluv::outbox
