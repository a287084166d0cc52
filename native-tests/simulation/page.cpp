// SPDX-License-Identifier: MIT
#include "simulation/page.h"

#include <algorithm>
#include <utility>

#include "sfluv/digest.h"

namespace sfluv::simulation {
namespace {

const std::string lease_key = "lease", queue_key = "queue";
constexpr std::size_t turns_max = 200;

// What a bad network makes of an answer.
Answer spoil(Answer answer, std::int64_t how) {
  switch (how) {
    case 1: answer.arrives = false; break;
    case 2: answer = {.status = 500}; break;
    case 3: answer = {.status = 200}; break;
    case 4:
      answer.body.resize(answer.body.size() / 2);
      answer.shows_open = false;
      break;
    case 5: answer = {.status = 200, .body = "<html>Sign in to the Wi-Fi</html>"}; break;
    default: break;
  }
  return answer;
}

}  // namespace

Page::Page(World& world, int number)
    : w_(world), number_(number), name_("page " + std::to_string(number)) {
  owner_.fill(static_cast<std::uint8_t>(number + 1));
}

// ---- its life

void Page::open() {
  if (is_alive_) return;
  w_.note(name_, "opens");
  is_alive_ = true;
  is_frozen_ = false;
  ++life_;
  entries_.assign(w_.jobs.size(), {});
  queue_row_ = w_.store.get(queue_key).bytes;
  queue_ =
      outbox::decode_queue(queue_row_).value_or(outbox::Queue{.account = me, .api_base = api_base});
  is_saving_queue_ = is_taking_lease_ = false;
  switches_.clear();
  lease_.reset();
  tick();
}

void Page::crash() {
  if (!is_alive_) return;
  w_.note(name_, "dies");
  ++w_.counts.crashes;
  is_alive_ = false;
  when_thawed_.clear();
  w_.store.page_died(number_);
  for (const Job& job : w_.jobs) w_.check_row(job);
  const std::int64_t long_ms = w_.random.one_in(5) ? 20 * minute : 10 * second;
  const std::int64_t away_ms = second + w_.random.up_to(long_ms);
  w_.time.after(away_ms, [this] { open(); });
}

// Its timers and acknowledgements wait; its requests and its lease do not.
void Page::freeze(std::int64_t for_ms) {
  if (!is_alive_ || is_frozen_) return;
  w_.note(name_, "freezes", for_ms);
  is_frozen_ = true;
  w_.time.after(for_ms, [this, life = life_] {
    if (life == life_) thaw();
  });
}

void Page::thaw() {
  if (!is_alive_ || !is_frozen_) return;
  w_.note(name_, "thaws");
  is_frozen_ = false;
  auto works = std::exchange(when_thawed_, {});
  for (auto& work : works) here(std::move(work));
}

void Page::here(std::function<void()> work) { in_this_life(std::move(work))(); }

std::function<void()> Page::in_this_life(std::function<void()> work) {
  return [this, life = life_, work = std::move(work)] {
    if (!is_alive_ || life != life_) return;
    if (is_frozen_) {
      when_thawed_.push_back(work);
    } else {
      work();
    }
  };
}

// ---- who drives

// What the browser's lock tells: it is let go by crash and close, and kept by a frozen page. Some
// browsers have none.
bool Page::is_alone() const {
  return w_.has_locks && std::ranges::none_of(w_.pages, [this](const auto& page) {
           return page.get() != this && page->is_alive();
         });
}

bool Page::leads() const { return lease_ && lease_->until_ms > w_.device_now_ms(); }

void Page::tick_at(std::int64_t device_ms) {
  const std::int64_t wait_ms =
      std::clamp<std::int64_t>(device_ms - w_.device_now_ms(), 0, 1000 * 24 * hour);
  w_.time.after(wait_ms, in_this_life([this, n = ++tick_] {
                  if (n == tick_) tick();
                }));
}

void Page::tick() {
  if (!is_alive_ || is_frozen_ || is_taking_lease_) return;
  const std::int64_t now_ms = w_.device_now_ms();
  if (leads() && lease_->until_ms - now_ms > outbox::heartbeat_ms) return pump();
  const auto row = outbox::decode_lease(w_.store.get(lease_key).bytes).value_or(outbox::Lease{});
  auto held = lease_ ? outbox::renew(row, owner_, lease_->epoch, now_ms) : std::nullopt;
  if (!held) held = outbox::take(row, owner_, now_ms, is_alone());
  if (held) return write_lease(*held);
  lease_.reset();
  look_at_store();
  wait_for_lease(row.until_ms + second);
}

// Another page drives. It may die, so that what it has begun is looked at when its lease runs out,
// and what is due later is looked at then.
void Page::wait_for_lease(std::int64_t until_ms) {
  const Scene scene = look();
  if (scene.is_busy || scene.next.index) return tick_at(until_ms);
  if (scene.next.wake_at_ms) tick_at(std::max(until_ms, *scene.next.wake_at_ms));
}

void Page::write_lease(const outbox::Lease& lease) {
  is_taking_lease_ = true;
  const Bytes before = w_.store.get(lease_key).bytes;
  lease_row_ = outbox::encode(lease);
  w_.store.write(number_, {{lease_key, {lease_row_, {}}}}, {{lease_key, before}},
                 [this, lease, life = life_](Outcome outcome) {
                   if (!is_alive_ || life != life_) return;
                   here([this, lease, outcome] {
                     is_taking_lease_ = false;
                     if (outcome != Outcome::done) {
                       lease_.reset();
                       return tick_at(w_.device_now_ms() + 5 * second);
                     }
                     if (!lease_ || lease_->epoch != lease.epoch) {
                       w_.note(name_, "drives", static_cast<std::int64_t>(lease.epoch));
                       ++w_.counts.takeovers;
                     }
                     lease_ = lease;
                     tick();
                   });
                 });
}

// The row wins: what another page changed is read anew, and whoever drove it is gone.
void Page::look_at_store() {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    const Bytes& row = w_.store.get(w_.jobs[i].name).bytes;
    const bool is_waiting = entry.written != entry.stored;
    if (!is_waiting && !row.empty() && row != entry.stored) load(i);
  }
}

void Page::load(std::size_t job) {
  const Row& row = w_.store.get(w_.jobs[job].name);
  Entry& entry = entries_[job];
  entry = {.record = std::nullopt,
           .stored = row.bytes,
           .written = row.bytes,
           .proof = row.proof,
           .is_fresh = true};
  if (row.bytes.empty()) return;
  auto record = outbox::decode(row.bytes);
  if (!record) return w_.fail("I1", "a record cannot be read");
  entry.record = std::move(*record);
  entry.summary = outbox::summarise(*entry.record);
}

// All that a driver looks at: the summaries of its records.
Page::Scene Page::look() const {
  Scene scene;
  Bytes summaries;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (!entries_[i].record) continue;
    scene.is_busy |= outbox::is_under_way(entries_[i].record->state);
    summaries.insert(summaries.end(), entries_[i].summary.begin(), entries_[i].summary.end());
    scene.job_of.push_back(i);
  }
  auto next = outbox::next(queue_, summaries, w_.device_now_ms());
  if (next && next->damaged.empty()) {
    scene.next = std::move(*next);
  } else {
    w_.fail("I1", "a summary cannot be read");
  }
  return scene;
}

void Page::pump() {
  look_at_store();
  for (std::size_t i = 0; i < entries_.size() && is_alive_ && !is_frozen_; ++i) {
    if (!entries_[i].is_fresh || !entries_[i].record) continue;
    entries_[i].is_fresh = false;
    happen(i, outbox::Interrupted{});
  }
  for (std::size_t turn = 0; is_alive_ && !is_frozen_ && w_.failure.empty(); ++turn) {
    if (turn > turns_max) return w_.fail("I8", "the scheduler turns on the spot");
    const Scene scene = look();
    if (scene.is_busy) tick_at(w_.device_now_ms() + outbox::heartbeat_ms);  // keeps the lease
    if (!scene.next.index) {
      if (!scene.is_busy && scene.next.wake_at_ms) tick_at(*scene.next.wake_at_ms);
      return;
    }
    if (scene.is_busy && w_.drives_one_at_a_time) return;
    happen(scene.job_of[*scene.next.index], outbox::Wake{});
  }
}

// ---- what happens to a record

void Page::happen(std::size_t job, const outbox::Event& event) {
  Entry& entry = entries_[job];
  if (!entry.record) return;
  const Job& known = w_.jobs[job];
  const outbox::State before = entry.record->state;
  const bool is_held = outbox::held_by(queue_.holds) != outbox::Why::none;
  w_.note(name_ + known.name, outbox::name_of(event), static_cast<std::int64_t>(before));
  const bool sets_out = std::holds_alternative<outbox::Wake>(event) && !outbox::is_settled(before);
  if (sets_out) w_.check_order(*this, job);
  auto moved = outbox::advance(std::move(queue_), std::move(*entry.record), event, w_.inputs());
  queue_ = std::move(moved.queue);
  entry.record = std::move(moved.record);
  entry.summary = outbox::summarise(*entry.record);
  note_of_attempt(entry, before, event);
  const bool began = before != entry.record->state && outbox::is_under_way(entry.record->state);
  if (is_held && began && std::holds_alternative<outbox::Wake>(event))
    w_.fail("pause", "an exchange began although the person paused");
  w_.check_state(known, *entry.record, before);
  run(job, moved.effects);
  save_queue();
  if (is_alive_ && lease_) tick_at(w_.device_now_ms());
}

void Page::note_of_attempt(Entry& entry, outbox::State before, const outbox::Event& event) {
  const auto* const unreachable = std::get_if<outbox::Unreachable>(&event);
  const bool was_not_sent = std::holds_alternative<outbox::StoreFailed>(event) ||
                            std::holds_alternative<outbox::PhotoLost>(event) ||
                            (unreachable != nullptr && unreachable->is_unsent);
  const bool is_over =
      before == outbox::State::sending && entry.record->state != outbox::State::sending;
  if (!is_over || was_not_sent) return;
  entry.proof = {.ended_ms = w_.time.now_ms(), .open_ms = {}};
}

void Page::run(std::size_t job, const std::vector<outbox::Effect>& effects) {
  for (const outbox::Effect& effect : effects) {
    if (!w_.is_calm && w_.random.up_to(999) < 5) return crash();
    if (const auto* persisted = std::get_if<outbox::Persist>(&effect))
      persist(job, persisted->token);
    if (std::holds_alternative<outbox::Read>(effect)) read(job);
    if (const auto* sent = std::get_if<outbox::Send>(&effect))
      sent->op == outbox::Op::stage ? stage(job, *sent) : send(job, *sent);
    if (std::holds_alternative<outbox::Remove>(effect)) {
      w_.time.after(second, in_this_life([this, job] { happen(job, outbox::Removed{}); }));
    }
  }
}

void Page::persist(std::size_t job, std::int64_t token) {
  Entry& entry = entries_[job];
  const std::string& key = w_.jobs[job].name;
  Bytes bytes = outbox::encode(*entry.record);
  std::vector<StoreModel::Expected> expected{{key, entry.written}};
  std::vector<StoreModel::Change> changes{{key, {bytes, entry.proof}}};
  if (lease_ && !is_asked_) {  // a driver's write is good while it leads, and makes that longer
    expected.push_back({lease_key, lease_row_});
    lease_->until_ms = w_.device_now_ms() + outbox::lease_ms;
    lease_row_ = outbox::encode(*lease_);
    changes.push_back({lease_key, {lease_row_, {}}});
  }
  entry.written = bytes;
  w_.note(name_ + key, "writes", crc32c(bytes));
  w_.store.write(
      number_, std::move(changes), std::move(expected),
      [this, job, token, bytes, life = life_](Outcome outcome) {
        if (outcome == Outcome::done) w_.jobs[job].is_saved = true;
        w_.check_row(w_.jobs[job]);
        if (!is_alive_ || life != life_) return;
        here([this, job, token, bytes, outcome] { persisted(job, token, bytes, outcome); });
      });
}

void Page::persisted(std::size_t job, std::int64_t token, const Bytes& bytes, Outcome outcome) {
  Entry& entry = entries_[job];
  if (outcome != Outcome::done) {  // whether it still leads is seen anew
    lease_.reset();
    tick_at(w_.device_now_ms() + second);
  }
  if (outcome == Outcome::done) {
    entry.stored = bytes;
    happen(job, outbox::Stored{.token = token});
  } else if (outcome == Outcome::failed && !entry.stored.empty()) {
    entry.written = entry.stored;
    happen(job, outbox::StoreFailed{.token = token});
  } else {  // another page was quicker, or there never was a row: what is in the store counts
    w_.note(name_ + w_.jobs[job].name, "overtaken");
    load(job);
  }
  if (!is_alive_) return;
  // What it has changed it drives, unless another page does; a message to the others may get lost.
  if (outcome == Outcome::done && !lease_) tick_at(w_.device_now_ms());
  for (auto& page : w_.pages) {
    if (page.get() != this && !w_.random.one_in(5)) page->tick_at(w_.device_now_ms() + 1);
  }
}

void Page::save_queue() {
  if (!is_alive_ || is_saving_queue_) return;
  Bytes bytes = outbox::encode(queue_);
  if (bytes == queue_row_) return;
  is_saving_queue_ = true;
  w_.store.write(number_, {{queue_key, {bytes, {}}}}, {{queue_key, queue_row_}},
                 [this, bytes, life = life_](Outcome outcome) {
                   if (!is_alive_ || life != life_) return;
                   here([this, bytes, outcome] {
                     is_saving_queue_ = false;
                     if (outcome == Outcome::failed) return switches_.clear();  // it was told
                     queue_row_ = bytes;
                     if (outcome == Outcome::conflict) look_at_queue();
                     turn_switches();
                   });
                 });
}

void Page::look_at_queue() {
  queue_row_ = w_.store.get(queue_key).bytes;
  queue_ = outbox::decode_queue(queue_row_).value_or(queue_);
}

// Another page may have turned a switch that this one did not hear of, so that the store's row
// counts, and it is written until it is in.
void Page::turn_switches() {
  if (is_saving_queue_ || switches_.empty()) return;
  if (w_.store.get(queue_key).bytes != queue_row_) look_at_queue();
  for (const outbox::HoldSet& set : switches_)
    queue_ = outbox::advance(std::move(queue_), set, w_.inputs());
  if (outbox::encode(queue_) == queue_row_) return switches_.clear();
  save_queue();
}

// ---- the network

void Page::read(std::size_t job) {
  Entry& entry = entries_[job];
  entry.read_began_ms = w_.time.now_ms();
  entry.request = ++w_.requests;
  const std::int64_t takes_ms = w_.random.up_to(300);
  const std::int64_t latency_ms = w_.random.up_to(w_.is_calm ? 200 : 2 * second);
  const std::int64_t spoiled = !w_.is_calm && w_.random.chance(20) ? 1 + w_.random.up_to(4) : 0;
  auto live = answer_to(job, outbox::Op::read, entry.request);
  const std::size_t edition = w_.jobs[job].editions.size() - 1;
  w_.time.after(takes_ms, [this, job, edition, live, spoiled, latency_ms] {
    Answer answer = spoil(serve(job, outbox::Op::read, {}, edition), spoiled);
    w_.time.after(latency_ms, [live, answer] { live(answer); });
  });
}

bool Page::finds_photos(std::size_t job, const outbox::Send& send) {
  const Job& known = w_.jobs[job];
  const bool is_needy = std::ranges::any_of(
      send.body, [](const outbox::Segment& part) { return !part.photo_key.empty(); });
  if (!is_needy || (!known.photos_are_lost && !known.photos_are_damaged)) return true;
  w_.time.after(1, in_this_life([this, job] {
                  const bool is_damaged = w_.jobs[job].photos_are_damaged;
                  happen(job, outbox::PhotoLost{.is_damaged = is_damaged});
                }));
  return false;
}

// A piece of a photo may arrive any number of times, and late.
void Page::stage(std::size_t job, const outbox::Send& send) {
  if (!finds_photos(job, send)) return;
  Entry& entry = entries_[job];
  entry.request = ++w_.requests;
  w_.note(name_ + w_.jobs[job].name, "stages");
  auto live = answer_to(job, outbox::Op::stage, entry.request);
  const std::size_t edition = w_.jobs[job].editions.size() - 1;
  const std::int64_t spoiled = !w_.is_calm && w_.random.chance(20) ? 1 + w_.random.up_to(4) : 0;
  if (!w_.is_calm && w_.random.chance(20)) {
    const std::int64_t late_ms = w_.random.up_to(20 * second);
    w_.time.after(late_ms, [this, job, send, edition] {
      (void)serve(job, outbox::Op::stage, send, edition);
    });
  }
  const std::int64_t takes_ms = w_.random.up_to(2 * second);
  w_.time.after(takes_ms, [this, job, send, edition, live, spoiled] {
    const Answer answer = spoil(serve(job, outbox::Op::stage, send, edition), spoiled);
    w_.time.after(w_.random.up_to(300), [live, answer] { live(answer); });
  });
}

// One request can arrive never, once, or ten times; the page sees the last answer or none.
void Page::send(std::size_t job, const outbox::Send& send) {
  if (!finds_photos(job, send)) return;
  Entry& entry = entries_[job];
  Job& known = w_.jobs[job];
  if (!w_.is_calm && w_.random.one_in(12)) {  // the host gives no headers
    return w_.time.after(1, in_this_life([this, job] {
                           happen(job,
                                  outbox::Unreachable{.op = outbox::Op::send, .is_unsent = true});
                         }));
  }
  w_.check_send(known, *entry.record, entry.proof, send);
  entry.proof.open_ms.clear();
  ++w_.counts.sends;
  w_.note(name_ + known.name, "sends", send.attempt);
  entry.request = ++w_.requests;
  auto live = answer_to(job, outbox::Op::send, entry.request);
  const std::size_t edition = known.editions.size() - 1;
  const auto copy_at = [&](std::int64_t when_ms) {
    w_.time.at(when_ms,
               [this, job, send, edition] { (void)serve(job, outbox::Op::send, send, edition); });
  };
  std::int64_t when_ms = w_.time.now_ms() + w_.random.up_to(2 * second);
  std::int64_t latency_ms = w_.random.up_to(3 * second);
  std::int64_t spoiled = 0;
  if (!w_.is_calm) {
    const bool is_hostile = w_.options.server == ServerKind::hostile;
    const std::int64_t copies = w_.random.chance(25) ? 1 + w_.random.up_to(9) : 0;
    for (std::int64_t i = 0; i < copies; ++i) {
      if (!w_.random.chance(30)) copy_at(when_ms);
      when_ms += w_.random.up_to(second);
    }
    if (w_.random.chance(10)) {
      const std::int64_t late_ms = w_.random.up_to(is_hostile ? hour : 9 * second);
      copy_at(when_ms + late_ms);
    }
    if (w_.random.chance(20)) {  // the last one is lost on its way
      const std::int64_t after_ms = w_.random.up_to(3 * minute);
      return w_.time.at(when_ms + after_ms, [live] { live({.arrives = false}); });
    }
    latency_ms = w_.random.up_to(w_.random.one_in(10) ? 3 * minute : 2 * second);
    if (w_.random.chance(is_hostile ? 60 : 30)) spoiled = 1 + w_.random.up_to(4);
  }
  w_.time.at(when_ms, [this, job, send, edition, live, spoiled, latency_ms] {
    Answer answer = spoil(serve(job, outbox::Op::send, send, edition), spoiled);
    w_.time.after(latency_ms, [live, answer] { live(answer); });
  });
}

Answer Page::serve(std::size_t job, outbox::Op op, const outbox::Send& send, std::size_t edition) {
  if (w_.is_down) return {.arrives = false};
  if (w_.is_portal) return {.status = 200, .body = "<html>Sign in to the Wi-Fi</html>"};
  if (w_.is_busy) {
    Answer answer{.status = w_.random.one_in(2) ? 503 : 429};
    if (w_.random.one_in(2)) answer.retry_after_ms = w_.random.up_to(20 * minute);
    return answer;
  }
  if (w_.is_signed_out) return {.status = w_.random.one_in(5) ? 401 : 403};
  if (w_.wants_policy)
    return {.status = 403, .auth_reason = "privacy-policy-required", .body = "policy"};
  const Edition& sealed = w_.jobs[job].editions[edition];
  if (op == outbox::Op::stage) return w_.server.stage(sealed.content, send);
  Answer answer = op == outbox::Op::read
                      ? w_.server.read(sealed.content, w_.server_now_s())
                      : w_.server.send(sealed.content, send, sealed.request, w_.server_now_s());
  w_.note("server" + w_.jobs[job].name, op == outbox::Op::read ? "shows" : "takes", answer.status);
  w_.look_at_server();
  return answer;
}

std::function<void(const Answer&)> Page::answer_to(std::size_t job, outbox::Op op,
                                                   std::int64_t request) {
  return [this, job, op, request, life = life_](const Answer& answer) {
    if (!is_alive_ || life != life_) return;
    here([this, job, op, request, answer] { answered(job, op, request, answer); });
  };
}

void Page::answered(std::size_t job, outbox::Op op, std::int64_t request, const Answer& answer) {
  Entry& entry = entries_[job];
  if (request != entry.request) return;  // of a request that is over
  entry.request = 0;
  if (!answer.arrives) return happen(job, outbox::Unreachable{.op = op});
  if (answer.shows_open) entry.proof.open_ms.push_back(entry.read_began_ms);
  happen(job, outbox::Answered{.op = op,
                               .status = answer.status,
                               .auth_reason = answer.auth_reason,
                               .retry_after_ms = answer.retry_after_ms,
                               .body = answer.body});
}

// ---- people

void Page::submit(std::size_t job, outbox::Record record) {
  if (!is_alive_ || is_frozen_) return;
  Entry& entry = entries_[job];
  entry.written = entry.stored;
  const std::int64_t token = record.revision;
  entry.record = std::move(record);
  entry.summary = outbox::summarise(*entry.record);
  w_.note(name_ + w_.jobs[job].name, "submitted");
  is_asked_ = true;
  persist(job, token);
  is_asked_ = false;
}

const outbox::Record* Page::look_up(std::size_t job) {
  if (!is_alive_ || is_frozen_) return nullptr;
  look_at_store();
  const auto& record = entries_[job].record;
  return record ? &*record : nullptr;
}

void Page::ask(std::size_t job, outbox::Action action) {
  const outbox::Record* const record = look_up(job);
  if (record == nullptr || !outbox::may(*record, action)) return;
  if (action == outbox::Action::discard) w_.jobs[job].was_given_up = true;
  if (action == outbox::Action::take_back) w_.jobs[job].was_taken_back = true;
  w_.note(name_ + w_.jobs[job].name, outbox::to_string(action));
  is_asked_ = true;
  happen(job, outbox::Asked{.action = action});
  is_asked_ = false;
}

void Page::tell_queue(const outbox::QueueEvent& event) {
  if (!is_alive_ || is_frozen_) return;
  queue_ = outbox::advance(std::move(queue_), event, w_.inputs());
  if (const auto* const set = std::get_if<outbox::HoldSet>(&event)) {
    switches_.push_back(*set);
    turn_switches();
  } else {
    save_queue();
  }
  tick_at(w_.device_now_ms());
}

}  // namespace sfluv::simulation
