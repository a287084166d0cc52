// SPDX-License-Identifier: MIT
#include "simulation/outbox_simulation.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <queue>
#include <span>
#include <utility>

#include "sfluv/base64.h"
#include "sfluv/engine.h"
#include "sfluv/outbox_queue.h"

namespace sfluv::simulation {
namespace {

constexpr std::int64_t second = 1'000, minute = 60 * second, hour = 60 * minute;
constexpr std::int64_t faults_last = 3 * hour;    // of virtual time
constexpr std::int64_t settle_within = 6 * hour;  // after the faults: what "bounded" means
constexpr std::int64_t start_unix_ms = 1'700'000'000'000;
constexpr std::size_t events_max = 20'000;
constexpr const char* me = "did:privy:me";
constexpr const char* somebody = "did:privy:somebody";

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits() {
    std::uint64_t x = state_ += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
  }
  std::int64_t up_to(std::int64_t most) {
    return static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(most + 1));
  }
  bool chance(double p) { return static_cast<double>(bits() >> 11) * 0x1p-53 < p; }

 private:
  std::uint64_t state_;
};

struct Response {
  bool arrives = true;  // false: the page sees no answer
  std::int32_t status = 0;
  std::optional<std::int64_t> retry_after_ms;
  std::string body;
  bool shows_open = false;  // a reading that shows the step ours and not completed
};

enum class Kind : std::uint8_t {
  store_done,
  answer,
  copy,
  hint,
  retry,
  pump,
  crash,
  restart,
  clock_jump,
  interfere,
  weather,
  calm
};

// Something that will happen. What belongs to a page dies with it (`page`).
struct Due {
  std::int64_t at = 0;
  std::uint64_t order = 0;
  Kind kind{};
  std::size_t record = 0;
  std::uint64_t page = 0;
  std::int64_t token = 0;  // store_done: of the persist; answer: of the request
  bool ok = false;         // store_done: acknowledged; copy: the page waits for its answer
  outbox::Op op{};
  std::int64_t latency = 0;  // copy: until its answer is there
  std::int64_t spoiled = 0;  // copy: 1 answer lost, 2 500, 3 empty 200, 4 cut, 5 HTML
  Response response{};

  bool operator<(const Due& other) const {
    return std::pair{at, order} > std::pair{other.at, other.order};
  }
};

// One finished draft and all that the world knows of it.
struct Job {
  outbox::Content content;    // as sealed
  CompletionRequest request;  // read from the exact body
  std::vector<outbox::Segment> plan;
  bool exists = true;  // false: its first write was never acknowledged, and is not there
  bool saved = false;  // "saved on this device" was said
  std::optional<outbox::Record> memory;
  std::vector<std::uint8_t> stored;
  struct Write {
    std::int64_t token = 0;
    std::vector<std::uint8_t> bytes;
  };
  std::deque<Write> writes;  // asked for, not acknowledged
  std::int64_t writes_done_at = 0;
  std::int64_t request_no = 0;
  std::int64_t attempt_ended_at = -1;  // true time at which the page learned of the end
  std::int64_t read_began_at = 0;
  std::vector<std::int64_t> open_reads;  // since then: when each began
  std::int64_t wake_at = -1;
  bool accepted = false;  // the server took it at least once
};

class World {
 public:
  explicit World(const Options& options);
  Report run();

 private:
  // The phone.
  void seal_all();
  void seal(std::size_t index);
  void happen(std::size_t index, const outbox::Event& event);
  void do_effects(std::size_t index, std::vector<outbox::Effect> effects);
  void persist(std::size_t index, std::int64_t token);
  void send(std::size_t index, const outbox::Send& effect);
  void read(std::size_t index);
  void store_done(const Due& due);
  void pump();
  void pump_at(std::int64_t when);
  void crash();
  void restart();
  [[nodiscard]] std::int64_t device_now() const { return start_unix_ms + now_ + skew_; }

  // Network and server.
  void copy_arrives(const Due& due);
  [[nodiscard]] Response serve(const Due& due);
  [[nodiscard]] Response complete(Job& job);
  [[nodiscard]] const std::string& document();
  void interfere();
  void change_weather();
  void calm();
  [[nodiscard]] bool holds(const Job& job) const;

  // The plot.
  void build_server();
  void plan_faults();
  void at(std::int64_t when, Due due);
  void dispatch(const Due& due);
  void check(std::size_t index);
  void check_stored(const Job& job);
  void check_send(const Job& job, const outbox::Send& effect);
  void check_end();
  void fail(const char* invariant, const std::string& more = "");
  void note(std::string_view what, std::size_t index, std::int64_t number);

  Options options_;
  Random random_;
  Report report_;
  std::int64_t now_ = 0, skew_ = 0;
  std::uint64_t order_ = 0, page_ = 1;
  std::priority_queue<Due> queue_;
  std::vector<Job> jobs_;
  Workflow server_;
  bool is_deleted_ = false;
  std::string document_;
  bool document_stale_ = true;
  bool page_alive_ = true, calm_ = false, jumped_ = false;
  bool down_ = false, busy_ = false, signed_out_ = false;
  outbox::Queue page_queue_{.account = me};
  bool hides_photos_ = false, hides_submission_ = false;
  std::int64_t pump_no_ = 0;
  std::size_t pumps_here_ = 0;
};

World::World(const Options& options)
    : options_(options), random_(options.seed * 3 + static_cast<std::uint64_t>(options.server)) {
  report_.digest = 0xCBF29CE484222325u;
  hides_photos_ = random_.chance(0.2);
  hides_submission_ = !hides_photos_ && random_.chance(0.1);
  build_server();
  plan_faults();
}

void World::fail(const char* invariant, const std::string& more) {
  if (report_.failure.empty())
    report_.failure = std::string{invariant} + (more.empty() ? "" : ": " + more);
}

void World::note(std::string_view what, std::size_t index, std::int64_t number) {
  const auto add = [&](std::uint64_t x) { report_.digest = (report_.digest ^ x) * 0x100000001B3u; };
  for (const char c : what) add(static_cast<unsigned char>(c));
  add(index);
  add(static_cast<std::uint64_t>(number));
  add(static_cast<std::uint64_t>(now_));
  if (options_.keep_trace) {
    report_.trace.push_back(std::to_string(now_) + " #" + std::to_string(index) + ' ' +
                            std::string{what} + ' ' + std::to_string(number));
  }
}

void World::at(std::int64_t when, Due due) {
  due.at = std::max(when, now_);
  due.order = order_++;
  queue_.push(std::move(due));
}

// ---- the server
// ----------------------------------------------------------------------------------

void World::build_server() {
  server_.id = "workflow_1";
  server_.title = "Park";
  server_.status = WorkflowStatus::in_progress;
  const std::int64_t steps = 1 + random_.up_to(2);
  for (std::int64_t s = 0; s < steps; ++s) {
    Step step;
    step.id = "step_" + std::to_string(s + 1);
    step.workflow_id = server_.id;
    step.step_order = s + 1;
    step.assigned_improver_id = me;
    step.bounty = Amount{5};
    step.status = s == 0 || random_.chance(0.4) ? StepStatus::available : StepStatus::locked;
    const std::int64_t items = 1 + random_.up_to(1);
    for (std::int64_t i = 0; i < items; ++i) {
      WorkItem item;
      item.id = step.id + "_item_" + std::to_string(i + 1);
      item.title = "Before & after";
      item.requires_photo = random_.chance(0.7);
      item.photo_required_count = 1 + random_.up_to(1);
      item.requires_written_response = !item.requires_photo || random_.chance(0.5);
      step.work_items.push_back(std::move(item));
    }
    server_.steps.push_back(std::move(step));
  }
}

bool World::holds(const Job& job) const {
  const Step* const step = server_.find_step(job.content.step_id);
  if (step == nullptr || !step->submission || step->submission->improver_id != me) return false;
  for (const outbox::Answer& answer : job.content.answers) {
    const auto& held = step->submission->item_responses;
    const auto response = std::ranges::find(held, answer.item_id, &ItemResponse::item_id);
    if (response == held.end() || response->written_response != answer.written_response)
      return false;
    std::vector<std::pair<std::string, std::int64_t>> ours, theirs;
    for (const outbox::Photo& photo : job.content.photos) {
      if (photo.item_id == answer.item_id) {
        ours.emplace_back(photo.file_name, static_cast<std::int64_t>(photo.size_bytes));
      }
    }
    for (const SubmissionPhoto& photo : response->photos)
      theirs.emplace_back(photo.file_name, photo.size_bytes);
    if (ours != theirs) return false;
  }
  return true;
}

const std::string& World::document() {
  if (document_stale_) {
    Workflow shown = server_;
    for (Step& step : shown.steps) {
      if (hides_submission_) step.submission.reset();
      if (!step.submission || !hides_photos_) continue;
      for (ItemResponse& response : step.submission->item_responses) response.photos.clear();
    }
    document_ = write_workflow(shown, AmountStyle::number);
    document_stale_ = false;
  }
  return document_;
}

Response World::complete(Job& job) {
  Workflow before = server_;
  Step* const step = before.find_step(job.content.step_id);
  const bool is_done = step->status == StepStatus::completed;
  if (is_done && options_.server == ServerKind::documents && step->assigned_improver_id == me) {
    step->status = StepStatus::in_progress;
    step->submission.reset();
    before.status = WorkflowStatus::in_progress;
  }
  const engine::Complete action{.step = {.workflow_id = before.id, .step_id = job.content.step_id},
                                .request = job.request};
  engine::Facts facts;
  facts.caller.id = me;
  facts.caller.name = "Me";
  facts.new_ids = std::to_string(random_.up_to(1'000'000));
  const std::string id = before.id;
  const Series series{
      .id = before.series_id, .recurrence = before.recurrence, .occurrences = {std::move(before)}};
  auto applied = engine::apply(series, facts, action, (start_unix_ms + now_) / second);
  if (!applied) {
    const Code code = applied.error().front().code;
    if (code == Code::not_assigned)
      return {.status = 403, .body = "step is not assigned to this improver"};
    return {.status = 400, .body = std::string{to_string(code)}};
  }
  if (job.accepted && options_.server != ServerKind::documents) fail("I2", "taken twice");
  server_ = std::move(*applied->series.find(id));
  document_stale_ = true;
  job.accepted = true;
  if (!holds(job)) fail("I2", "the server holds other bytes");
  note("accepted", static_cast<std::size_t>(&job - jobs_.data()), 0);
  return {.status = 200, .body = document()};
}

Response World::serve(const Due& due) {
  if (down_) return {.arrives = false};
  if (busy_) {
    Response response{.status = random_.chance(0.5) ? 503 : 429};
    if (random_.chance(0.5)) response.retry_after_ms = random_.up_to(20 * minute);
    return response;
  }
  if (signed_out_) return {.status = random_.chance(0.8) ? 403 : 401};
  if (is_deleted_) return {.status = 404};
  if (due.op == outbox::Op::read) {
    const Step* const step = server_.find_step(jobs_[due.record].content.step_id);
    return {.status = 200,
            .body = document(),
            .shows_open = step->status != StepStatus::completed && server_.is_active()};
  }
  return complete(jobs_[due.record]);
}

void World::copy_arrives(const Due& due) {
  Response response = serve(due);
  note("arrives", due.record, response.status);
  if (!due.ok) return;  // nobody waits for the answer of this copy
  switch (due.spoiled) {
    case 1:
      response.arrives = false;
      break;
    case 2:
      response = {.status = 500};
      break;
    case 3:
      response = {.status = 200};
      break;
    case 4:
      response.body.resize(response.body.size() / 2);
      response.shows_open = false;
      break;
    case 5:
      response = {.status = 200, .body = "<html>Sign in to the Wi-Fi</html>"};
      break;
    default:
      break;
  }
  Due answer{.kind = Kind::answer,
             .record = due.record,
             .page = due.page,
             .token = due.token,
             .op = due.op};
  answer.response = std::move(response);
  at(now_ + due.latency, std::move(answer));
}

// Other people and other devices.
void World::interfere() {
  Step& step =
      server_.steps[static_cast<std::size_t>(random_.up_to(std::ssize(server_.steps) - 1))];
  const bool is_done = step.status == StepStatus::completed;
  const std::int64_t what = random_.up_to(5);
  note("interfere", 0, what);
  document_stale_ = true;
  if (what == 0 && !is_done) step.assigned_improver_id = somebody;
  // Not where the server would overwrite: between a reading and a send nobody could know.
  const bool may_differ = !hides_submission_ && options_.server != ServerKind::documents;
  if (what == 1 && !is_done && step.status != StepStatus::locked && may_differ) {
    step.status = StepStatus::completed;  // this account, from another device, other words
    step.submission = Submission{.id = "submission_other",
                                 .workflow_id = server_.id,
                                 .step_id = step.id,
                                 .improver_id = me,
                                 .step_not_possible = true,
                                 .step_not_possible_details = "rain"};
  }
  if (what == 2 && random_.chance(0.3)) is_deleted_ = true;
  if (what == 3 && server_.is_active()) server_.status = WorkflowStatus::expired;
  // The rules change after the draft was sealed: a refusal that is real.
  if (what >= 4 && !is_done) step.work_items.front().requires_dropdown = true;
}

void World::change_weather() {
  down_ = random_.chance(0.3);
  busy_ = random_.chance(0.1);
  signed_out_ = random_.chance(0.15);
  note("weather", 0, down_ + 2 * busy_ + 4 * signed_out_);
  if (!down_ && !signed_out_ && page_alive_) {
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      at(now_ + random_.up_to(second), {.kind = Kind::hint, .record = i, .page = page_});
    }
  }
  at(now_ + second + random_.up_to(20 * minute), {.kind = Kind::weather});
}

void World::calm() {
  calm_ = true;
  down_ = busy_ = signed_out_ = false;
  note("calm", 0, 0);
  if (!page_alive_) at(now_, {.kind = Kind::restart});
}

// ---- the phone
// -----------------------------------------------------------------------------------

void World::seal_all() {
  for (const Step& step : server_.steps) {
    (void)step;
    jobs_.emplace_back();
  }
  for (std::size_t i = 0; i < jobs_.size() && page_alive_; ++i) seal(i);
  for (Job& job : jobs_) {
    if (job.content.step_id.empty()) job.exists = false;  // the page died before
  }
}

std::string fake_photo(std::uint64_t bytes) {
  return std::string(static_cast<std::size_t>(bytes), 'p');
}

void World::seal(std::size_t index) {
  Job& job = jobs_[index];
  const Step& step = server_.steps[index];
  outbox::Draft draft{.work_items = step.work_items};
  for (std::uint8_t& byte : draft.content.id) byte = static_cast<std::uint8_t>(random_.bits());
  draft.content.account = me;
  draft.content.workflow_id = server_.id;
  draft.content.step_id = step.id;
  for (const WorkItem& item : step.work_items) {
    ItemAnswer& answer = draft.request.items.emplace_back();
    auto& uploads = draft.uploads.emplace_back();
    answer.item_id = item.id;
    if (item.requires_written_response)
      answer.written_response = " done \"" + std::to_string(random_.bits()) + "\"\n";
    for (std::int64_t p = 0; item.requires_photo && p < item.photo_required_count; ++p) {
      PhotoUpload& upload = answer.photo_uploads.emplace_back();
      upload.content_type = "image/jpeg";
      upload.size_bytes = 1 + static_cast<std::uint64_t>(random_.up_to(60));
      auto& added = uploads.emplace_back();
      added.key = "photo-" + std::to_string(p);
      if (random_.chance(0.8)) added.sha256.fill(static_cast<std::uint8_t>(random_.bits()));
    }
  }
  const outbox::Inputs inputs{.now_ms = device_now(), .entropy = random_.bits()};
  auto sealed = outbox::seal(std::move(draft), static_cast<std::int64_t>(index), inputs);
  if (!sealed) return fail("seal", "refused a good draft");
  job.content = sealed->content;
  job.plan = outbox::body_plan(job.content);
  std::string body;
  std::size_t photo = 0;
  for (const outbox::Segment& part : job.plan) {
    if (part.photo_key.empty()) {
      body += part.text;
    } else {
      const std::string bytes = fake_photo(job.content.photos[photo++].size_bytes);
      body += base64::encode({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    }
  }
  if (body.size() != job.content.body_bytes) fail("seal", "the length of the body is wrong");
  auto request = read_completion_request(body);
  if (!request) return fail("seal", "the body is not readable");
  job.request = std::move(*request);
  const std::int64_t token = sealed->revision;
  job.memory = std::move(*sealed);
  ++report_.records;
  do_effects(index, {outbox::Persist{.token = token}});
}

void World::happen(std::size_t index, const outbox::Event& event) {
  Job& job = jobs_[index];
  if (!page_alive_ || !job.exists || !job.memory) return;
  note(outbox::name_of(event), index, static_cast<std::int64_t>(job.memory->state));
  const outbox::State before = job.memory->state;
  auto moved = outbox::advance(
      std::move(page_queue_), std::move(*job.memory), event,
      {.now_ms = device_now(), .entropy = random_.bits(), .retention_ms = 45 * 24 * hour});
  page_queue_ = std::move(moved.queue);
  job.memory = std::move(moved.record);
  if (moved.refused && !std::holds_alternative<outbox::Asked>(event))
    fail("refused an event that fits");
  if (job.memory->state != outbox::State::pruned && job.memory->content != job.content) fail("I7");
  const bool was_sent =
      before == outbox::State::sending && !std::holds_alternative<outbox::StoreFailed>(event);
  if (was_sent && job.memory->state != outbox::State::sending) {
    job.attempt_ended_at = now_;
    job.open_reads.clear();
  }
  check(index);
  do_effects(index, std::move(moved.effects));
  pump_at(now_);
}

void World::do_effects(std::size_t index, std::vector<outbox::Effect> effects) {
  for (const outbox::Effect& effect : effects) {
    if (!calm_ && random_.chance(0.008)) return crash();
    if (const auto* persist_effect = std::get_if<outbox::Persist>(&effect))
      persist(index, persist_effect->token);
    if (std::holds_alternative<outbox::Read>(effect)) read(index);
    if (std::holds_alternative<outbox::Remove>(effect)) happen(index, outbox::Removed{});
    if (const auto* send_effect = std::get_if<outbox::Send>(&effect)) send(index, *send_effect);
  }
}

void World::persist(std::size_t index, std::int64_t token) {
  Job& job = jobs_[index];
  job.writes.push_back({.token = token, .bytes = outbox::encode(*job.memory)});
  const bool fails = !calm_ && job.saved && random_.chance(0.03);
  job.writes_done_at = std::max(job.writes_done_at, now_) + 1 + random_.up_to(calm_ ? 10 : 200);
  at(job.writes_done_at,
     {.kind = Kind::store_done, .record = index, .page = page_, .token = token, .ok = !fails});
}

void World::store_done(const Due& due) {
  Job& job = jobs_[due.record];
  Job::Write write = std::move(job.writes.front());
  job.writes.pop_front();
  if (write.token != due.token) return fail("simulator", "writes out of order");
  if (due.ok || random_.chance(0.2)) job.stored = std::move(write.bytes);
  if (due.ok) job.saved = true;
  check_stored(job);
  if (due.ok) return happen(due.record, outbox::Stored{.token = due.token});
  happen(due.record, outbox::StoreFailed{.token = due.token});
}

void World::read(std::size_t index) {
  Job& job = jobs_[index];
  job.read_began_at = now_;
  Due copy{.kind = Kind::copy,
           .record = index,
           .page = page_,
           .token = ++job.request_no,
           .ok = true,
           .op = outbox::Op::read,
           .latency = random_.up_to(calm_ ? 200 : 2 * second)};
  if (!calm_ && random_.chance(0.2)) copy.spoiled = 1 + random_.up_to(4);
  at(now_ + random_.up_to(300), std::move(copy));
}

void World::send(std::size_t index, const outbox::Send& effect) {
  Job& job = jobs_[index];
  check_send(job, effect);
  job.open_reads.clear();
  ++report_.sends;
  note("send", index, effect.attempt);
  Due copy{.kind = Kind::copy,
           .record = index,
           .page = page_,
           .token = ++job.request_no,
           .ok = false,
           .op = outbox::Op::send};
  if (calm_) {
    copy.ok = true;
    copy.latency = random_.up_to(3 * second);
    return at(now_ + random_.up_to(second), std::move(copy));
  }
  // One request can arrive never, once, or ten times; the page sees the last answer or none.
  const bool is_hostile = options_.server == ServerKind::hostile;
  const std::int64_t copies = random_.chance(0.25) ? 2 + random_.up_to(9) : 1;
  std::int64_t when = now_ + random_.up_to(2 * second);
  for (std::int64_t i = 1; i < copies; ++i) {
    if (!random_.chance(0.3)) at(when, copy);
    when += random_.up_to(second);
  }
  if (random_.chance(0.1))
    at(when + random_.up_to(is_hostile ? hour : 9 * second), copy);  // a late one
  if (random_.chance(0.2)) {  // the last one is lost on its way
    Due lost{.kind = Kind::answer,
             .record = index,
             .page = page_,
             .token = job.request_no,
             .op = outbox::Op::send};
    lost.response.arrives = false;
    return at(when + random_.up_to(3 * minute), std::move(lost));
  }
  copy.ok = true;
  copy.latency = random_.up_to(random_.chance(0.1) ? 3 * minute : 2 * second);
  if (random_.chance(is_hostile ? 0.6 : 0.3)) copy.spoiled = 1 + random_.up_to(4);
  at(when, std::move(copy));
}

void World::pump() {
  std::vector<std::uint8_t> summaries;
  std::vector<std::size_t> index_of;
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    if (!jobs_[i].memory) continue;
    const auto summary = outbox::summarise(*jobs_[i].memory);
    summaries.insert(summaries.end(), summary.begin(), summary.end());
    index_of.push_back(i);
  }
  const auto next = outbox::next(page_queue_, summaries, device_now());
  if (!next || !next->damaged.empty()) return fail("the summaries cannot be read");
  if (next->index) {
    if (++pumps_here_ > 100) return fail("I8", "the scheduler turns on the spot");
    return happen(index_of[*next->index], outbox::Wake{});
  }
  pumps_here_ = 0;
  if (!next->wake_at_ms) return;
  pump_at(now_ + std::max<std::int64_t>(1, *next->wake_at_ms - device_now()));
}

// One alarm at a time, as a driver has it: a new one replaces the old.
void World::pump_at(std::int64_t when) {
  if (page_alive_) at(when, {.kind = Kind::pump, .page = page_, .token = ++pump_no_});
}

void World::crash() {
  if (!page_alive_) return;
  page_alive_ = false;
  ++page_;
  ++report_.crashes;
  note("crash", 0, 0);
  for (Job& job : jobs_) {
    if (!job.memory) continue;
    while (!job.writes.empty() &&
           random_.chance(0.5)) {  // any first part of what was not acknowledged
      job.stored = std::move(job.writes.front().bytes);
      job.writes.pop_front();
    }
    job.writes.clear();
    job.memory.reset();
    check_stored(job);
    if (job.stored.empty() && !job.saved) job.exists = false;
  }
  at(now_ + second + random_.up_to(random_.chance(0.2) ? hour : 10 * second),
     {.kind = Kind::restart});
}

void World::restart() {
  if (page_alive_) return;
  page_alive_ = true;
  page_queue_ = {.account = me};
  note("restart", 0, 0);
  const std::uint64_t page = page_;
  for (Job& job : jobs_) {
    if (!job.exists || job.stored.empty()) continue;
    auto record = outbox::decode(job.stored);
    if (!record) return fail("I1", "the record cannot be read");
    job.memory = std::move(*record);
    job.writes_done_at = now_;
  }
  for (std::size_t i = 0; i < jobs_.size() && page == page_; ++i) happen(i, outbox::Interrupted{});
  pump_at(now_);
}

// ---- the plot
// ------------------------------------------------------------------------------------

void World::plan_faults() {
  for (std::int64_t n = random_.up_to(4); n > 0; --n)
    at(random_.up_to(faults_last), {.kind = Kind::crash});
  if (random_.chance(0.3)) at(random_.up_to(hour), {.kind = Kind::interfere});
  if (random_.chance(0.2)) {
    jumped_ = true;
    at(random_.up_to(hour), {.kind = Kind::clock_jump});
    at(random_.up_to(faults_last), {.kind = Kind::clock_jump});
  }
  at(random_.up_to(10 * minute), {.kind = Kind::weather});
  at(faults_last, {.kind = Kind::calm});
}

// What was called saved once can be read from the store for ever.
void World::check_stored(const Job& job) {
  if (!job.saved) return;
  const auto stored = outbox::decode(job.stored);
  const bool is_whole =
      stored && (stored->state == outbox::State::pruned || stored->content == job.content);
  if (!is_whole) fail("I1", "undelivered content is not in the store");
}

void World::check(std::size_t index) {
  const Job& job = jobs_[index];
  if (!job.memory) return;
  if (job.memory->state == outbox::State::delivered && !job.accepted) fail("I3");
  if (job.memory->state == outbox::State::needs_fix && holds(job)) fail("I4");
}

void World::check_send(const Job& job, const outbox::Send& effect) {
  const auto stored = outbox::decode(job.stored);
  if (!stored || stored->state != outbox::State::sending || stored->attempts != effect.attempt)
    fail("I5");
  const bool same = std::ranges::equal(effect.body, job.plan, [](const auto& a, const auto& b) {
    return a.text == b.text && a.photo_key == b.photo_key;
  });
  if (!same || effect.body_bytes != job.content.body_bytes) fail("I7", "the body changed");
  if (effect.attempt == 1) return;
  const auto& reads = job.open_reads;
  if (reads.size() < 2) return fail("I6", "resend without two open readings");
  if (jumped_) return;  // a clock that jumps cannot measure a quiet period
  std::size_t counted = 0;
  std::int64_t last = 0;
  for (const std::int64_t began : reads) {
    const bool counts =
        counted == 0 ? began >= job.attempt_ended_at + 10 * second : began >= last + 60 * second;
    if (!counts) continue;
    ++counted;
    last = began;
  }
  if (counted < 2) fail("I6", "resend before the quiet period was over");
}

void World::dispatch(const Due& due) {
  const bool of_page = due.kind == Kind::store_done || due.kind == Kind::answer ||
                       due.kind == Kind::hint || due.kind == Kind::retry || due.kind == Kind::pump;
  if (of_page && (!page_alive_ || due.page != page_)) return;
  switch (due.kind) {
    case Kind::store_done:
      return store_done(due);
    case Kind::copy:
      return copy_arrives(due);
    case Kind::hint:
      page_queue_ =
          outbox::advance(std::move(page_queue_), outbox::Hinted{}, {.now_ms = device_now()});
      return pump_at(now_);
    case Kind::retry:
      return happen(due.record, outbox::Asked{.action = outbox::Action::retry});
    case Kind::pump:
      return due.token == pump_no_ ? pump() : void();
    case Kind::crash:
      return calm_ ? void() : crash();
    case Kind::restart:
      return restart();
    case Kind::interfere:
      return interfere();
    case Kind::weather:
      return calm_ ? void() : change_weather();
    case Kind::calm:
      return calm();
    case Kind::clock_jump:
      skew_ += random_.chance(0.5) ? random_.up_to(20 * 365 * 24 * hour) - 10 * 365 * 24 * hour
                                   : random_.up_to(4 * hour) - 2 * hour;
      return note("clock", 0, skew_);
    case Kind::answer:
      break;
  }
  Job& job = jobs_[due.record];
  if (due.token != job.request_no) return;  // of a request that is over
  if (!due.response.arrives) return happen(due.record, outbox::Unreachable{.op = due.op});
  if (due.response.shows_open) job.open_reads.push_back(job.read_began_at);
  happen(due.record, outbox::Answered{.op = due.op,
                                      .status = due.response.status,
                                      .auth_reason = {},
                                      .retry_after_ms = due.response.retry_after_ms,
                                      .body = due.response.body});
}

// After the faults everything is settled, or waits for a step that others hold back.
void World::check_end() {
  for (Job& job : jobs_) {
    if (!job.exists) continue;
    if (!job.memory) return fail("I8", "a record was left behind");
    check_stored(job);
    const bool is_receipt = job.memory->state == outbox::State::pruned && job.memory->receipt;
    const outbox::State state = is_receipt ? outbox::State::delivered : job.memory->state;
    if (state == outbox::State::delivered) ++report_.delivered;
    if (outbox::is_settled(state) && state != outbox::State::delivered) ++report_.needs_person;
    const Step* const step = server_.find_step(job.content.step_id);
    const bool held_back =
        step->status == StepStatus::locked && job.memory->why == outbox::Why::locked;
    if (!outbox::is_settled(state) && !held_back) fail("I8", std::string{outbox::to_string(state)});
    if (state != outbox::State::delivered && !is_deleted_ && holds(job))
      fail("I8", "the server has it and nobody noticed");
  }
}

Report World::run() {
  seal_all();
  for (std::int64_t n = random_.up_to(3); n > 0; --n) {
    at(random_.up_to(faults_last),
       {.kind = Kind::retry,
        .record = static_cast<std::size_t>(random_.up_to(std::ssize(jobs_) - 1)),
        .page = page_});
  }
  while (!queue_.empty() && report_.passed()) {
    const Due due = queue_.top();
    if (due.at > faults_last + settle_within) break;
    queue_.pop();
    now_ = due.at;
    if (++report_.events > events_max) fail("I8", "events without end");
    dispatch(due);
  }
  if (report_.passed()) check_end();
  return std::move(report_);
}

}  // namespace

Report simulate(const Options& options) { return World{options}.run(); }

}  // namespace sfluv::simulation
