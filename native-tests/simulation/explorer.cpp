// SPDX-License-Identifier: MIT
#include "simulation/explorer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <deque>
#include <functional>
#include <iostream>
#include <memory>
#include <string_view>
#include <utility>

#include "sfluv/outbox_queue.h"

#include "simulation/explorer_state.h"

namespace sfluv::simulation {
namespace {

using namespace graph;

constexpr std::int64_t look_apart_ms = 60 * second, quiet_ms = 10 * second;
constexpr const char* account = "me";

// ---- the record, and what the server shows of it

outbox::Record sealed_record(bool stages_photos) {
  outbox::Draft draft;
  draft.content.id.fill(7);
  draft.content.account = account;
  draft.content.workflow_id = "w";
  draft.content.step_id = "s";
  draft.work_items = {{.id = "i", .requires_written_response = true}};
  draft.request.items = {{.item_id = "i", .written_response = "done"}};
  if (stages_photos) {
    draft.content.stages_photos = true;
    draft.request.items[0].photo_uploads = {{.content_type = "image/jpeg", .size_bytes = 800'000},
                                            {.content_type = "image/jpeg", .size_bytes = 4}};
    draft.uploads = {{{.key = "one", .sha256 = {1}}, {.key = "two", .sha256 = {2}}}};
  }
  return outbox::seal(std::move(draft), 1, {.now_ms = start_ms}).value();
}

std::string submission_of(const outbox::Content& content) {
  std::string photos;
  for (const outbox::Photo& photo : content.photos) {
    photos += photos.empty() ? "" : ",";
    photos += R"({"file_name":")" + photo.file_name + R"(","size_bytes":)" +
              std::to_string(photo.size_bytes) + '}';
  }
  const std::string shown = photos.empty() ? "" : R"(,"photos":[)" + photos + ']';
  return R"({"item_id":"i","written_response":"done")" + shown + '}';
}

std::string workflow_document(std::string_view workflow_status, std::string_view step_status,
                              std::string_view assigned, std::string_view response) {
  std::string text = R"({"id":"w","status":")" + std::string{workflow_status} +
                     R"(","steps":[{"id":"s","bounty":5,"status":")" + std::string{step_status} +
                     R"(","assigned_improver_id":")" + std::string{assigned} + '"';
  if (!response.empty()) {
    text += R"(,"submission":{"id":"x","improver_id":"me","item_responses":[)" +
            std::string{response} + "]}";
  }
  return text + "}]}";
}

struct Answer {
  std::int32_t status = 0;
  std::string_view body = {};
};

// The server's documents of one record, by what it has.
class Documents {
 public:
  explicit Documents(const outbox::Content& content)
      : shown_{workflow_document("in_progress", "available", account, ""),
               workflow_document("in_progress", "completed", account, submission_of(content)),
               workflow_document("in_progress", "completed", account,
                                 R"({"item_id":"i","written_response":"other words"})"),
               workflow_document("in_progress", "available", "somebody", ""),
               workflow_document("expired", "available", account, "")} {}

  /// What it says when nothing comes in between.
  [[nodiscard]] Answer answer(Truth truth) const {
    if (truth == Truth::refused) return {400, "no"};
    if (truth == Truth::piece) return {202, R"({"complete":false})"};
    if (truth == Truth::photo) return {201, R"({"complete":true,"photo":{"id":"p"}})"};
    return {200, shown_[static_cast<std::size_t>(truth)]};
  }

 private:
  std::array<std::string, 5> shown_;
};

// ---- one step further

class Explorer {
 public:
  explicit Explorer(const Exploration& limits)
      : limits_(limits),
        sealed_(sealed_record(limits.stages_photos)),
        documents_(sealed_.content) {}

  Explored run();

 private:
  using Change = std::function<void(State&)>;

  // `what`, done by page `p` (1 and up; 0: nobody's), leads to another state.
  void go(std::string_view what, unsigned p, const Change& change);
  void visit(State state, std::string_view what, unsigned p);
  void expand(const State& state);
  void expand_page(unsigned p);
  void expand_store(unsigned p);
  void expand_request(unsigned p);
  void expand_asked(unsigned p);
  void expand_world();
  void expand_staging();
  void fail(std::string_view invariant) {
    if (failure_.empty()) failure_ = invariant;
  }

  // Event and effects; jitter may be any.
  void happen(State& s, unsigned p, const outbox::Event& event);
  void take_any_jitter(const State& s, const outbox::Queue& queue, const Record& before,
                       const outbox::Event& event, Record& after);
  void run_effects(State& s, Page& page, const std::vector<outbox::Effect>& effects);
  static void note_reading(const State& s, Page& page);
  void check(const State& s, const Page& page, outbox::State before);
  void check_send(const State& s, const Page& page);
  void check_stage(const State& s, const Page& page);
  void answer(State& s, unsigned p, const Answer& answer);
  void unreachable(State& s, unsigned p);
  void unsent(State& s, unsigned p);
  void drop_request(State& s, Page& page);
  [[nodiscard]] Truth serve(State& s) const;
  [[nodiscard]] static Truth serve_piece(State& s, std::size_t photo, Pieces piece);
  void arrive(State& s, unsigned p) const;

  void forget_if_overtaken(State& s, Page& page);
  [[nodiscard]] bool may_drive(const State& s, unsigned p) const;
  void drive(State& s, unsigned p);
  [[nodiscard]] bool is_due(const State& s, unsigned p) const;
  void commit(State& s, unsigned p);
  void acknowledge(State& s, unsigned p);
  [[nodiscard]] std::optional<std::int64_t> next_time(const State& s) const;
  [[nodiscard]] std::size_t tell_way(std::vector<std::string>& trace) const;
  void check_calm(State s);
  [[nodiscard]] bool calm_step(State& s);
  [[nodiscard]] static bool is_at_rest(const State& s);

  struct Way {
    std::uint32_t from = 0;
    std::uint32_t page = 0;
    std::string_view what;  // a literal
  };

  Exploration limits_;
  Record sealed_;
  Documents documents_;
  const State* now_ = nullptr;  // the state that is being expanded
  std::uint32_t now_index_ = 0;
  std::int64_t jitter_ms_ = 0;  // what a jittered wait becomes
  bool was_jittered_ = false;
  Digests seen_;
  Digests calming_;  // from here on it comes to an end by itself
  std::vector<Way> ways_;
  std::deque<std::pair<std::uint32_t, State>> frontier_;
  std::string failure_;
  std::size_t steps_ = 0;
};

void Explorer::go(std::string_view what, unsigned p, const Change& change) {
  // A jittered wait is taken at its shortest and at its longest.
  for (const std::int64_t jitter_ms : {second, 5 * minute}) {
    jitter_ms_ = jitter_ms;
    was_jittered_ = false;
    State next = *now_;
    change(next);
    ++steps_;
    visit(std::move(next), what, p);
    if (!was_jittered_) return;
  }
}

void Explorer::visit(State state, std::string_view what, unsigned p) {
  for (const Page& page : state.pages) {
    if (page.memory.record && page.memory.record->attempts > limits_.attempts_max) return;
  }
  for (Page& page : state.pages) forget_if_overtaken(state, page);
  state.late_pieces = static_cast<Pieces>(state.late_pieces & ~state.uploaded);
  const bool is_new = seen_.insert(digest_of(state)).second;
  if (!is_new && failure_.empty()) return;
  const auto index = static_cast<std::uint32_t>(ways_.size());
  ways_.push_back({now_index_, p, what});
  if (failure_.empty()) frontier_.emplace_back(index, std::move(state));
}

void Explorer::happen(State& s, unsigned p, const outbox::Event& event) {
  Page& page = s.pages[p - 1];
  const Record before = *page.memory.record;
  // A pause of all records only delays this one, so it is left out.
  const outbox::Queue queue{.account = account};
  auto moved = outbox::advance(queue, before, event, {.now_ms = s.now_ms, .entropy = 1});
  if (moved.record.due_ms > s.now_ms) take_any_jitter(s, queue, before, event, moved.record);
  moved.record.entries.clear();
  moved.record.server.reset();
  const auto* const unreachable = std::get_if<outbox::Unreachable>(&event);
  const bool was_not_sent = std::holds_alternative<outbox::StoreFailed>(event) ||
                            (unreachable != nullptr && unreachable->is_unsent);
  const bool is_over = before.state == outbox::State::sending &&
                       moved.record.state != outbox::State::sending && !was_not_sent;
  page.memory.record = std::make_shared<const Record>(std::move(moved.record));
  if (is_over) page.memory.proof = {.counted = 0, .next_ms = s.now_ms + quiet_ms};
  check(s, page, before.state);
  run_effects(s, page, moved.effects);
}

// What depends on the entropy may be anything between its bounds.
void Explorer::take_any_jitter(const State& s, const outbox::Queue& queue, const Record& before,
                               const outbox::Event& event, Record& after) {
  const auto again = outbox::advance(queue, before, event, {.now_ms = s.now_ms, .entropy = 2});
  if (after.due_ms == again.record.due_ms) return;
  was_jittered_ = true;
  after.wait_ms = jitter_ms_;
  after.due_ms = s.now_ms + jitter_ms_;
}

void Explorer::run_effects(State& s, Page& page, const std::vector<outbox::Effect>& effects) {
  for (const outbox::Effect& effect : effects) {
    if (const auto* const persist = std::get_if<outbox::Persist>(&effect)) {
      const Record* const expected =
          page.writes.empty() ? page.stored : page.writes.back().row.record.get();
      page.writes.push_back({page.memory, expected, page.epoch, persist->token});
    }
    const auto* const send = std::get_if<outbox::Send>(&effect);
    if (send == nullptr && !std::holds_alternative<outbox::Read>(effect)) continue;
    const Op op = send == nullptr ? Op::read : send->op;
    drop_request(s, page);
    if (op == Op::stage) check_stage(s, page);
    if (op == Op::send) {
      check_send(s, page);
      if (page.memory.record->attempts == 1) page.memory.proof = {};
    }
    const bool counts = s.now_ms >= page.memory.proof.next_ms;
    page.request = {.stage = Request::Stage::asked, .op = op, .counts = counts};
    if (op != Op::stage) continue;
    page.request.photo = page.memory.record->staged.size();
    const unsigned first = page.request.photo == 0 ? 0 : 2;
    page.request.piece = static_cast<Pieces>(1u << (first + page.memory.record->piece));
  }
}

// What was asked for and has not arrived may arrive later.
void Explorer::drop_request(State& s, Page& page) {
  const bool is_on_its_way = page.request.stage == Request::Stage::asked;
  if (is_on_its_way && page.request.op == Op::send && s.late < limits_.copies_max) ++s.late;
  if (is_on_its_way) s.late_pieces |= page.request.piece;
  page.request = {};
}

// An open reading that counts brings another attempt nearer.
void Explorer::note_reading(const State& s, Page& page) {
  const Request& it = page.request;
  if (it.op != Op::read || it.truth != Truth::open || !it.counts) return;
  page.memory.proof.counted = std::min(2u, page.memory.proof.counted + 1);
  page.memory.proof.next_ms = s.now_ms + look_apart_ms;
}

// I3 and I4.
void Explorer::check(const State& s, const Page& page, outbox::State before) {
  const outbox::State state = page.memory.record->state;
  if (state == before) return;
  if (state == outbox::State::delivered && !s.was_ours) fail("I3 delivered to nobody");
  if (state == outbox::State::needs_fix && s.step == Truth::ours)
    fail("I4 said to be refused, and the server has it");
}

// I5 and I6.
void Explorer::check_send(const State& s, const Page& page) {
  const Record& record = *page.memory.record;
  const bool is_on_record = s.row.record && s.row.record->state == outbox::State::sending &&
                            s.row.record->attempts == record.attempts;
  if (!is_on_record) fail("I5 sent without a record of it");
  if (record.attempts > 1 && page.memory.proof.counted < 2)
    fail("I6 sent again without two open readings after the quiet period");
  if (record.content.stages_photos && record.staged.size() != record.content.photos.size())
    fail("I7 sent without one of its photos");
}

// I5 of what goes up ahead; it may go up again, so I6 has no say.
void Explorer::check_stage(const State& s, const Page& page) {
  const Record& record = *page.memory.record;
  const bool is_on_record = s.row.record && s.row.record->state == outbox::State::staging &&
                            s.row.record->staged == record.staged &&
                            s.row.record->piece == record.piece;
  if (!is_on_record) fail("I5 sent ahead without a record of it");
}

Truth Explorer::serve(State& s) const {
  const bool overwrites = limits_.server == ServerKind::documents && s.step == Truth::ours;
  const bool is_whole = !limits_.stages_photos || s.uploaded == all_pieces;
  if (s.refuses || !is_whole || (s.step != Truth::open && !overwrites)) return Truth::refused;
  s.step = Truth::ours;
  s.was_ours = true;
  return Truth::ours;
}

Truth Explorer::serve_piece(State& s, std::size_t photo, Pieces piece) {
  if (s.step != Truth::open) return Truth::refused;
  s.uploaded |= piece;
  return has_photo(s.uploaded, photo) ? Truth::photo : Truth::piece;
}

void Explorer::arrive(State& s, unsigned p) const {
  Request& it = s.pages[p - 1].request;
  it.stage = Request::Stage::served;
  switch (it.op) {
    case Op::read: it.truth = s.step; break;
    case Op::send: it.truth = serve(s); break;
    case Op::stage: it.truth = serve_piece(s, it.photo, it.piece); break;
  }
}

void Explorer::answer(State& s, unsigned p, const Answer& answer) {
  Page& page = s.pages[p - 1];
  const Op op = page.request.op;
  page.request = {};
  happen(s, p,
         outbox::Answered{.op = op,
                          .status = answer.status,
                          .auth_reason = {},
                          .retry_after_ms = {},
                          .body = answer.body});
}

void Explorer::unreachable(State& s, unsigned p) {
  Page& page = s.pages[p - 1];
  const Op op = page.request.op;
  drop_request(s, page);
  happen(s, p, outbox::Unreachable{.op = op});
}

// The host gave no headers, or the lease was lost: it ended before the first byte.
void Explorer::unsent(State& s, unsigned p) {
  const Op op = std::exchange(s.pages[p - 1].request, {}).op;
  happen(s, p, outbox::Unreachable{.op = op, .is_unsent = true});
}

// ---- who drives

// Every write of a page that lost its lease is refused. It may still hear of the one that makes it
// send; but for that it is as good as opened anew.
void Explorer::forget_if_overtaken(State& s, Page& page) {
  if (page.epoch == 0 || page.epoch == s.lease_epoch) return;
  const bool may_send = page.ack == Ack::done &&
                        page.memory.record->state == outbox::State::sending &&
                        page.writes.front().token == page.memory.record->revision;
  if (may_send) return;
  drop_request(s, page);
  page = {};
}

bool Explorer::may_drive(const State& s, unsigned p) const {
  const bool is_driving = s.pages[p - 1].epoch == s.lease_epoch;
  // A page that died let go of the browser's lock: the other one is alone, whatever the lease says.
  const bool is_alone = s.lease_owner != 0 && s.pages[s.lease_owner - 1].epoch != s.lease_epoch;
  const bool is_free = s.lease_owner == 0 || s.lease_owner == p || is_alone;
  return is_free && !(is_driving && s.lease_owner == p) && s.row.record != nullptr;
}

// The row wins; whoever drove it is gone.
void Explorer::drive(State& s, unsigned p) {
  Page& page = s.pages[p - 1];
  s.lease_owner = p;
  page.epoch = ++s.lease_epoch;
  if (page.stored == s.row.record.get() && page.memory.record) return;
  drop_request(s, page);
  page.writes.clear();
  page.ack = Ack::none;
  page.memory = s.row;
  page.stored = s.row.record.get();
  happen(s, p, outbox::Interrupted{});
}

bool Explorer::is_due(const State& s, unsigned p) const {
  const Page& page = s.pages[p - 1];
  if (page.epoch == 0 || !page.memory.record || !page.writes.empty()) return false;
  const outbox::Queue queue{.account = account};
  const auto next = outbox::next(queue, outbox::summarise(*page.memory.record), s.now_ms);
  return next && next->index.has_value();
}

// ---- all that can happen next

void Explorer::expand(const State& state) {
  now_ = &state;
  for (unsigned p = 1; p <= limits_.pages && failure_.empty(); ++p) {
    expand_page(p);
    expand_store(p);
    expand_request(p);
  }
  if (failure_.empty()) expand_world();
}

void Explorer::expand_page(unsigned p) {
  const Page& page = now_->pages[p - 1];
  if (may_drive(*now_, p)) go("drives", p, [&](State& s) { drive(s, p); });
  if (is_due(*now_, p)) go("wakes it", p, [&](State& s) { happen(s, p, outbox::Wake{}); });
  const bool may_tap = now_->taps < limits_.taps_max && page.memory.record && page.epoch != 0 &&
                       outbox::may(*page.memory.record, outbox::Action::retry);
  if (may_tap) {
    go("is tapped", p, [&](State& s) {
      ++s.taps;
      happen(s, p, outbox::Asked{.action = outbox::Action::retry});
    });
  }
  if (!page.memory.record && page.epoch == 0) return;  // nothing would be lost
  go("dies and opens again", p, [&](State& s) {
    drop_request(s, s.pages[p - 1]);
    s.pages[p - 1] = {};
  });
}

void Explorer::commit(State& s, unsigned p) {
  Page& page = s.pages[p - 1];
  const Write& write = page.writes.front();
  const bool is_leased = write.epoch == 0 || write.epoch == s.lease_epoch;
  const bool is_whole = s.row.record.get() == write.expected && is_leased;
  page.ack = is_whole ? Ack::done : Ack::conflict;
  if (!is_whole) return;
  s.row = write.row;
  if (write.epoch != 0) s.lease_owner = p;  // every write of a driver makes its lease longer
}

void Explorer::acknowledge(State& s, unsigned p) {
  Page& page = s.pages[p - 1];
  const Write write = page.writes.front();
  const Ack ack = std::exchange(page.ack, Ack::none);
  page.writes.erase(page.writes.begin());
  if (ack == Ack::done) {
    page.stored = write.row.record.get();
    return happen(s, p, outbox::Stored{.token = write.token});
  }
  if (ack == Ack::failed) return happen(s, p, outbox::StoreFailed{.token = write.token});
  drop_request(s, page);  // overtaken: what is in the store counts
  page = {};
}

void Explorer::expand_store(unsigned p) {
  const Page& page = now_->pages[p - 1];
  if (page.writes.empty()) return;
  if (page.ack != Ack::none) {
    return go("hears of its write", p, [&](State& s) { acknowledge(s, p); });
  }
  go("writes", p, [&](State& s) { commit(s, p); });
  if (page.stored == nullptr) return;  // the first write is the person's, who sees it fail
  go("cannot write", p, [&](State& s) { s.pages[p - 1].ack = Ack::failed; });
  go("writes and is told that it failed", p, [&](State& s) {
    commit(s, p);
    s.pages[p - 1].ack = Ack::failed;
  });
}

void Explorer::expand_request(unsigned p) {
  const Request& request = now_->pages[p - 1].request;
  if (request.stage == Request::Stage::none) return;
  go("gets no answer", p, [&](State& s) { unreachable(s, p); });
  if (request.stage == Request::Stage::asked) return expand_asked(p);
  go("gets the answer", p, [&](State& s) {
    Page& page = s.pages[p - 1];
    const Truth truth = page.request.truth;
    note_reading(s, page);
    answer(s, p, documents_.answer(truth));
  });
  if (request.op == Op::read) return;
  go("gets an empty 200", p, [&](State& s) { answer(s, p, {200, ""}); });
  go("gets a 500", p, [&](State& s) { answer(s, p, {500, ""}); });
}

// Nothing of it has reached the server.
void Explorer::expand_asked(unsigned p) {
  const Op op = now_->pages[p - 1].request.op;
  const auto answered = [&](std::string_view what, const Answer& said) {
    go(what, p, [&](State& s) { answer(s, p, said); });
  };
  answered("is signed out", {403, ""});
  answered("is told to wait", {503, ""});
  if (op != Op::send) answered("meets a portal", {200, "<html>"});
  if (op != Op::read) go("sends nothing", p, [&](State& s) { unsent(s, p); });
  if (op == Op::stage) {
    answered("is told that no photos go up ahead", {404, ""});
    answered("is told that the photo is too large", {413, "too large"});
    go("finds the photo damaged", p, [&](State& s) {
      s.pages[p - 1].request = {};
      happen(s, p, outbox::PhotoLost{.is_damaged = true});
    });
  }
  go("reaches the server", p, [&](State& s) { arrive(s, p); });
  if (op != Op::send || now_->late == limits_.copies_max) return;
  go("reaches the server twice", p, [&](State& s) {
    ++s.late;
    arrive(s, p);
  });
}

std::optional<std::int64_t> Explorer::next_time(const State& s) const {
  std::optional<std::int64_t> first;
  const auto consider = [&](std::int64_t ms) {
    if (ms > s.now_ms && (!first || ms < *first)) first = ms;
  };
  for (const Page& page : s.pages) {
    if (!page.memory.record) continue;
    const Record& record = *page.memory.record;
    const bool has_more =
        !outbox::is_settled(record.state) || record.pending == outbox::Pending::rewrite;
    if (has_more) consider(record.due_ms);
    consider(record.quiet_until_ms);
    consider(page.memory.proof.next_ms);
    if (record.state == outbox::State::sending) consider(record.tried_ms + stored_late_ms + 1);
  }
  return first;
}

void Explorer::expand_world() {
  if (const auto next = next_time(*now_)) {
    go("time passes", 0, [&](State& s) { s.now_ms = *next; });
  }
  if (now_->lease_owner != 0) {
    go("the driver sleeps until its lease has run out", 0, [&](State& s) {
      s.now_ms += outbox::lease_ms;
      s.lease_owner = 0;
    });
    // Not while its driver is about to hear that it may send: that send would come late, without
    // the record that I5 asks for, and is what the second page's quiet period is for.
    if (now_->pages[now_->lease_owner - 1].writes.empty())
      go("the lease is torn", 0, [&](State& s) { s.lease_owner = 0; });
  }
  if (now_->late > 0) {
    go("a late copy arrives", 0, [&](State& s) {
      --s.late;
      (void)serve(s);
    });
  }
  expand_staging();
  if (now_->was_disturbed || now_->step != Truth::open) return;
  const auto disturbed = [&](std::string_view what, Truth step, bool refuses) {
    go(what, 0, [&](State& s) {
      s.was_disturbed = true;
      s.step = step;
      s.refuses = refuses;
    });
  };
  disturbed("the rules change", Truth::open, true);
  disturbed("somebody else takes the step", Truth::others, false);
  disturbed("the workflow is closed", Truth::closed, false);
  if (limits_.server != ServerKind::documents)
    disturbed("this account completes it elsewhere", Truth::other_words, false);
}

void Explorer::expand_staging() {
  if (now_->late_pieces != 0) {
    go("what went up ahead arrives late", 0, [](State& s) {
      if (s.step == Truth::open) s.uploaded |= s.late_pieces;
      s.late_pieces = 0;
    });
  }
  const bool has_half_a_photo =
      (now_->uploaded & pieces_of_photo[0]) != 0 && !has_photo(now_->uploaded, 0);
  if (!has_half_a_photo || now_->was_disturbed) return;
  go("the server forgets half a photo", 0, [](State& s) {
    s.was_disturbed = true;
    s.uploaded &= static_cast<Pieces>(~pieces_of_photo[0]);
  });
}

// What whoever drives does next when nothing fails any more; false: there is nothing to do.
bool Explorer::calm_step(State& s) {
  const unsigned p = std::max(1u, s.lease_owner);
  Page& page = s.pages[p - 1];
  if (page.ack != Ack::none) {
    acknowledge(s, p);
  } else if (!page.writes.empty()) {
    commit(s, p);
  } else if (page.request.stage == Request::Stage::asked) {
    arrive(s, p);
  } else if (page.request.stage == Request::Stage::served) {
    const Truth truth = page.request.truth;
    note_reading(s, page);
    answer(s, p, documents_.answer(truth));
  } else if (may_drive(s, p)) {
    drive(s, p);
  } else if (is_due(s, p)) {
    happen(s, p, outbox::Wake{});
  } else if (const auto next = next_time(s)) {
    s.now_ms = *next;
  } else {
    return false;
  }
  return true;
}

bool Explorer::is_at_rest(const State& s) {
  if (s.row.record == nullptr) return true;  // it never came to be
  const Page& page = s.pages[std::max(1u, s.lease_owner) - 1];
  return page.memory.record && page.epoch == s.lease_epoch && page.writes.empty() &&
         outbox::is_settled(page.memory.record->state) &&
         page.memory.record->pending == outbox::Pending::nothing;
}

// I8: from here on nothing fails, and it comes to an end by itself.
void Explorer::check_calm(State s) {
  constexpr int steps_max = 200;
  jitter_ms_ = 5 * minute;
  std::vector<Digest> passed;
  for (int step = 0; step < steps_max; ++step) {
    const Digest digest = digest_of(s);
    if (is_at_rest(s) || calming_.contains(digest)) {
      calming_.insert(passed.begin(), passed.end());
      return;
    }
    passed.push_back(digest);
    if (!calm_step(s)) return fail("I8 nothing goes on by itself");
    if (!failure_.empty()) return;
  }
  fail("I8 it does not come to an end");
}

// How the last state was come by.
std::size_t Explorer::tell_way(std::vector<std::string>& trace) const {
  std::size_t at = failure_.empty() ? now_index_ : ways_.size() - 1;
  for (; at != 0; at = ways_[at].from) {
    const std::string who =
        ways_[at].page == 0 ? "" : "page " + std::to_string(ways_[at].page) + ' ';
    trace.push_back(who + std::string{ways_[at].what});
  }
  std::ranges::reverse(trace);
  return trace.size();
}

Explored Explorer::run() {
  State first;
  Page& page = first.pages[0];
  page.memory.record = std::make_shared<const Record>(sealed_);
  page.writes.push_back({page.memory, nullptr, 0, page.memory.record->revision});
  State start = first;
  now_ = &start;
  visit(std::move(first), "submits", 1);
  Explored explored;
  while (!frontier_.empty() && failure_.empty()) {
    if (limits_.states_max > 0 && seen_.size() >= limits_.states_max) break;
    auto [index, state] = std::move(frontier_.front());
    frontier_.pop_front();
    now_index_ = index;
    check_calm(state);
    if (failure_.empty()) expand(state);
  }
  explored.is_complete = frontier_.empty() && failure_.empty();
  explored.states = seen_.size();
  explored.steps = steps_;
  explored.failure = failure_;
  explored.depth = tell_way(explored.trace);
  if (failure_.empty()) explored.trace.clear();
  return explored;
}

std::optional<unsigned> number_from(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Exploration> exploration_from(std::span<char* const> arguments) {
  Exploration limits;
  const std::pair<std::string_view, unsigned*> numbers[] = {{"--attempts", &limits.attempts_max},
                                                            {"--pages", &limits.pages},
                                                            {"--copies", &limits.copies_max},
                                                            {"--taps", &limits.taps_max}};
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (i + 1 == arguments.size()) return std::nullopt;
    const std::string_view name = arguments[i], text = arguments[i + 1];
    if (name == "--server" && (text == "backend" || text == "documents" || text == "live")) {
      limits.server = text == "documents" ? ServerKind::documents : ServerKind::backend;
      limits.stages_photos = text == "live";
      continue;
    }
    const auto found =
        std::ranges::find(numbers, name, &std::pair<std::string_view, unsigned*>::first);
    const auto number = number_from(text);
    if (found == std::end(numbers) || !number) return std::nullopt;
    *found->second = *number;
  }
  if (limits.pages < 1 || limits.pages > pages_max) return std::nullopt;
  return limits;
}

}  // namespace

Explored explore(const Exploration& exploration) { return Explorer{exploration}.run(); }

std::optional<int> explore_command(std::span<char* const> arguments) {
  const auto limits = exploration_from(arguments);
  if (!limits) return std::nullopt;
  const auto began = std::chrono::steady_clock::now();
  const Explored explored = explore(*limits);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  for (const std::string& line : explored.trace) std::cout << line << '\n';
  if (!explored.passed()) std::cout << "broke " << explored.failure << '\n';
  std::cout << explored.states << " states, " << explored.steps << " steps, depth "
            << explored.depth << ", " << static_cast<int>(took.count()) << " s, the frontier is "
            << (explored.is_complete ? "empty" : "not empty") << '\n';
  const bool is_good = explored.passed() && explored.is_complete;
  std::cout << (is_good ? "1 passed, 0 failed\n" : "0 passed, 1 failed\n");
  return is_good ? 0 : 1;
}

}  // namespace sfluv::simulation
