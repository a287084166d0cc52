// SPDX-License-Identifier: MIT
// The world's own parts: what holds in it at every moment.
#include "simulation/world.h"

#include <algorithm>

#include "simulation/page.h"

namespace sfluv::simulation {

namespace {

using outbox::State;

bool is_over(State state) {
  return state == State::delivered || state == State::pruned || state == State::discarded;
}

bool is_delivered(const outbox::Record& record) {
  return record.state == State::delivered ||
         (record.state == State::pruned && record.receipt.has_value());
}

bool is_one_chain(const outbox::Content& a, const outbox::Content& b) {
  const bool is_of_series = a.kind >= outbox::Kind::unclaim || b.kind >= outbox::Kind::unclaim;
  if (is_of_series) return !a.series_id.empty() && a.series_id == b.series_id;
  return a.workflow_id == b.workflow_id && a.step_id == b.step_id;
}

}  // namespace

World::World(const Options& given)
    : options(given),
      random(given.seed * 3 + static_cast<std::uint64_t>(given.server)),
      trace(given.keep_trace),
      server(given.server, random, start_unix_ms / second - 3600),
      store(time, random) {}

outbox::Inputs World::inputs() {
  const std::int64_t now_ms = device_now_ms();
  const std::uint64_t entropy = random.bits();
  return {.now_ms = now_ms, .entropy = entropy};
}

void World::fail(std::string_view invariant, const std::string& more) {
  if (!failure.empty()) return;
  failure = std::string{invariant} + (more.empty() ? "" : ": " + more);
}

void World::look_at_server() {
  for (Job& job : jobs) {
    for (const Edition& edition : job.editions)
      job.was_done = job.was_done || server.has_done(edition.content);
  }
  if (options.server != ServerKind::documents && server.accepted() > completions_max())
    fail("I2", "a step took effect twice");
}

// Each step can be completed once.
std::size_t World::completions_max() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      jobs, [](const Job& job) { return job.kind == outbox::Kind::complete; }));
}

// I1: what was called saved once can be read from the store for ever, with one of its contents.
void World::check_row(const Job& job) {
  if (!job.is_saved) return;
  const auto stored = outbox::decode(store.get(job.name).bytes);
  if (!stored) return fail("I1", "not in the store");
  const bool is_one_of_ours = std::ranges::any_of(
      job.editions, [&](const Edition& edition) { return edition.content == stored->content; });
  if (is_one_of_ours) return;
  const bool may_be_gone = job.was_taken_back || job.was_given_up || stored->receipt;
  if (stored->state != State::pruned || !may_be_gone) fail("I1", "the content is gone");
}

// I3, I4, I7.
void World::check_state(const Job& job, const outbox::Record& record, State before) {
  const bool is_changed = std::ranges::none_of(
      job.editions, [&](const Edition& edition) { return edition.content == record.content; });
  if (is_changed && record.state != State::pruned) fail("I7", "the content changed");
  if (record.state == before) return;
  if (record.state == State::delivered && !job.was_done) fail("I3", "delivered to nobody");
  // Without a clock nobody can tell how old a reading is that this server shows.
  const bool may_be_misled = clock_jumped && options.server == ServerKind::hostile;
  if (record.state == State::needs_fix && !may_be_misled && server.has_done(record.content))
    fail("I4", "said to be refused, and the server has it");
}

// I5, I6, I7.
void World::check_send(const Job& job, const outbox::Record& record, const Proof& proof,
                       const outbox::Send& send) {
  const auto stored = outbox::decode(store.get(job.name).bytes);
  if (!stored || stored->state != State::sending || stored->attempts != send.attempt)
    fail("I5", "sent without a record of it");
  const auto sealed = std::ranges::find(job.editions, record.content, &Edition::content);
  if (sealed == job.editions.end()) return fail("I7", "the content changed");
  if (record.content.stages_photos) {
    if (record.staged.size() != record.content.photos.size()) fail("I7", "a photo is missing");
  } else if (sealed->plan != send.body || sealed->content.body_bytes != send.body_bytes) {
    return fail("I7", "the body changed");
  }
  if (send.attempt == 1) return;
  if (proof.open_ms.size() < 2) return fail("I6", "sent again without two open readings");
  if (clock_jumped) return;  // a clock that jumps cannot measure a quiet period
  std::size_t counted = 0;
  std::int64_t last_ms = 0;
  for (const std::int64_t began_ms : proof.open_ms) {
    const bool is_counted =
        counted == 0 ? began_ms >= proof.ended_ms + 10 * second : began_ms >= last_ms + 60 * second;
    if (!is_counted) continue;
    ++counted;
    last_ms = began_ms;
  }
  if (counted < 2) fail("I6", "sent again before the quiet period was over");
}

// What sets out stands first in its chain, as far as its page can know; what joins the queue while
// it is on its way, from another page or wanted back, comes after it.
void World::check_order(const Page& page, std::size_t job) {
  const outbox::Record& mine = *page.entries()[job].record;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto& other = page.entries()[i].record;
    if (i == job || !other || other->order >= mine.order) continue;
    if (!is_one_chain(other->content, mine.content) || is_over(other->state)) continue;
    const bool is_spent_start =
        other->content.kind == outbox::Kind::start && outbox::is_settled(other->state);
    if (!is_spent_start) fail("order", "set out before " + jobs[i].name);
  }
}

// I8: after the faults everything is settled, or waits for what others hold back.
void World::check_end() {
  for (const Job& job : jobs) {
    if (!job.is_saved) continue;
    check_row(job);
    const auto stored = outbox::decode(store.get(job.name).bytes);
    if (!stored) return;
    if (is_delivered(*stored)) ++counts.delivered;
    if (outbox::is_settled(stored->state) && !is_delivered(*stored)) ++counts.for_a_person;
    const bool may_look_again =
        stored->why == outbox::Why::locked || stored->state == State::probing;
    const bool is_locked = may_look_again && server.keeps_locked(stored->content);
    const bool is_behind = std::ranges::any_of(jobs, [&](const Job& other) {
      const auto earlier = outbox::decode(store.get(other.name).bytes);
      return earlier && earlier->order < stored->order &&
             is_one_chain(earlier->content, stored->content) && !is_delivered(*earlier);
    });
    if (!outbox::is_settled(stored->state) && !is_locked && !is_behind)
      fail("I8", job.name + " ends " + std::string{outbox::to_string(stored->state)});
    const bool is_noticed = is_delivered(*stored) || is_over(stored->state) || is_behind;
    const bool may_come_late = options.server == ServerKind::hostile;
    if (job.kind == outbox::Kind::complete && !is_noticed && !may_come_late &&
        !server.is_deleted() && !server.hides_who() && server.has_done(stored->content))
      fail("I8", "the server has " + job.name + " and nobody noticed");
  }
}

}  // namespace sfluv::simulation
