// SPDX-License-Identifier: MIT
// What people ask of a record, and what time does to one that is settled.
#include <algorithm>
#include <array>
#include <utility>

#include "sfluv/outbox.h"

#include "outbox_machine.h"

namespace sfluv::outbox {
namespace {

// Until then a late copy of what was given up may still take effect at the server.
bool is_quiet_due(const Record& record) {
  return record.attempts > 0 && record.quiet_until_ms != 0;
}

// When a settled record has something to do again; nothing: never.
Moment settled_due(const Record& record, const Inputs& inputs) {
  if (record.state == State::delivered)
    return {record.settled_ms + inputs.retention_ms, inputs.retention_ms};
  if (record.state != State::discarded) return {};
  if (is_quiet_due(record)) return {record.quiet_until_ms, record.quiet_ms};
  return {record.settled_ms + undo_ms, undo_ms};
}

bool may_take_back(const Record& record) {
  const bool is_over = record.state == State::delivered || record.state == State::discarded ||
                       record.state == State::pruned;
  return record.attempts == 0 && record.content.kind == Kind::complete && !is_over;
}

bool may_revise(const Record& record) {
  return record.state == State::needs_fix ||
         (record.state == State::needs_user && record.why == Why::too_large);
}

}  // namespace

bool is_settled(State state) {
  switch (state) {
    case State::needs_fix:
    case State::needs_user:
    case State::delivered:
    case State::quarantined:
    case State::discarded:
    case State::pruned: return true;
    default: return false;
  }
}

bool is_under_way(State state) {
  return state == State::probing || state == State::staging || state == State::sending ||
         state == State::reconciling;
}

bool may(const Record& record, Action action) {
  const bool is_given_up = record.state == State::discarded || record.state == State::pruned;
  const bool is_over = is_given_up || record.state == State::delivered;
  switch (action) {
    case Action::retry: return !is_over;
    case Action::take_back: return may_take_back(record);
    case Action::revise: return may_revise(record);
    case Action::discard: return !is_over && record.state != State::sending;
    case Action::undo: return record.state == State::discarded;
    default: return record.state == State::delivered;
  }
}

void Machine::settle(State state, Why why) {
  r_.settled_ms = now_;
  r_.state = state;
  r_.why = why;
  settle_again();
}

// What follows by itself, with the time that has passed, is written beside the state.
void Machine::settle_again() {
  const Moment due = settled_due(r_, in_);
  r_.due_ms = due.is_too_far(now_) ? now_ + due.wait_ms : due.at_ms;
  r_.wait_ms = due.wait_ms;
  enter(r_.state, r_.why);
}

void Machine::on(const Asked& asked) {
  if (!may(r_, asked.action)) return refuse();
  switch (asked.action) {
    case Action::retry: return retry();
    case Action::take_back: return take_back();
    case Action::discard: return discard();
    case Action::undo: return undo();
    case Action::prune: return prune();
    default: return refuse();  // revising is `revise`, which brings the new content
  }
}

// As soon as its turn comes, whatever it was waiting for; the same proof is needed as ever. What
// was wrong with a settled one may have been put right at the server.
void Machine::retry() {
  if (const Why why = held_by(q_.holds); why != Why::none) {
    refused_ = Issue{
        .code = Code::queue_paused, .path = "", .params = {{"why", std::string{to_string(why)}}}};
    return;
  }
  if (is_under_way(r_.state)) return;
  if (q_.pause != Why::store) q_.pause = Why::none;
  r_.refusal = Refusal::none;
  const bool may_send = r_.attempts == 0 || r_.state == State::queued || r_.state == State::waiting;
  if (may_send) return wait(State::queued, Why::none, 0);
  wait(State::unknown, is_settled(r_.state) ? Why::none : r_.why, 0);
}

// Back into a draft, which owns the photos from then on.
void Machine::take_back() {
  r_.content.answers.clear();
  forget_photos();
  settle(State::pruned, Why::taken_back);
}

void Machine::discard() {
  r_.state_before = r_.state;
  r_.why_before = r_.why;
  if (r_.state == State::probing || r_.state == State::staging) r_.state_before = State::queued;
  if (r_.state == State::reconciling) r_.state_before = State::unknown;
  if (r_.quiet_until_ms <= now_) r_.quiet_until_ms = 0;
  settle(State::discarded, Why::none);
}

void Machine::undo() {
  if (is_settled(r_.state_before)) return settle(r_.state_before, r_.why_before);
  wait(r_.state_before, r_.why_before, 0);
}

// The photos go when this is written down, and not before.
void Machine::prune() {
  if (r_.state == State::discarded) r_.content.answers.clear();
  settle(State::pruned, Why::none);
}

// Said again until it is done: a page may die in between.
void Machine::remove_photos() {
  if (r_.content.photos.empty()) return;
  Remove remove;
  for (const Photo& photo : r_.content.photos) remove.photo_keys.push_back(photo.key);
  effects_.emplace_back(std::move(remove));
  r_.due_ms = now_ + remove_again_ms;
  r_.wait_ms = remove_again_ms;
}

void Machine::forget_photos() {
  r_.content.photos.clear();
  r_.staged.clear();
  r_.piece = 0;
}

void Machine::on(const Removed&) {
  if (r_.state != State::pruned) return refuse();
  if (r_.content.photos.empty()) return;
  forget_photos();
  settle(State::pruned, r_.why);
}

// A server that lost what it had acknowledged: the content is still here, for as long as it is
// kept.
void Machine::on(const Shown& shown) {
  if (r_.state != State::delivered) return;
  const Sight seen = read_evidence(r_.content, Op::read, shown.body).seen;
  if (seen == Sight::open) settle(State::needs_user, Why::lost);
}

void Machine::on_settled_due() {
  if (r_.pending == Pending::rewrite) return settle_again();
  if (r_.state == State::pruned) return remove_photos();
  if (r_.state == State::delivered || !is_quiet_due(r_)) return prune();
  r_.quiet_until_ms = 0;
  settle_again();
}

}  // namespace sfluv::outbox
