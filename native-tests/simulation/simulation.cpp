// SPDX-License-Identifier: MIT
// The plot of a simulated life: what is handed in, what goes wrong, and when it stops going wrong.
#include "simulation/simulation.h"

#include <algorithm>
#include <utility>

#include "sfluv/base64.h"

#include "simulation/page.h"
#include "simulation/world.h"

namespace sfluv::simulation {
namespace {

constexpr std::int64_t faults_last_ms = 1 * hour;    // of virtual time
constexpr std::int64_t settle_within_ms = 3 * hour;  // after the faults: what "bounded" means
constexpr std::size_t steps_min = 200, steps_max = 30'000;
constexpr int pages = 2;

using outbox::Kind;

class Plot {
 public:
  explicit Plot(const Options& options) : w_(options) {}
  Report run();

 private:
  void live(std::int64_t until_ms);
  bool goes_on();

  // What is handed in.
  void plan_jobs();
  void plan(Kind kind, const Workflow& workflow, std::int64_t step_order);
  void submit(std::size_t job);
  void revise(std::size_t job);
  [[nodiscard]] outbox::Draft draft_for(const Job& job, const outbox::Content& content);
  [[nodiscard]] Edition edition_of(const outbox::Content& content);

  // What goes wrong.
  void plan_faults();
  void within_faults(void (Plot::*what)());
  void change_weather();
  void crash();
  void freeze();
  void fill_store();
  void tear_lease();
  void set_clock();
  void lose_photos();
  void people_act();
  void pause();
  void resume();
  void interfere();
  void calm();

  Page& any_page() { return *w_.pages[static_cast<std::size_t>(w_.random.up_to(pages - 1))]; }
  std::size_t any_job() {
    return static_cast<std::size_t>(w_.random.up_to(std::ssize(w_.jobs) - 1));
  }

  World w_;
  std::vector<outbox::Content> wishes_;  // of each job, before it is sealed
  std::vector<std::int64_t> submissions_ms_;
};

// ---- what is handed in

// A step that is claimed, begun and done; two more to do; and, for some, the whole series.
void Plot::plan_jobs() {
  const Workflow& weekly = w_.server.weekly();
  plan(Kind::complete, weekly, 1);
  plan(Kind::complete, w_.server.single(), 1);
  if (w_.random.chance(60)) plan(Kind::complete, weekly, 2);
  if (w_.random.chance(40)) {
    plan(Kind::claim, weekly, 3);
    if (w_.random.chance(50)) plan(Kind::start, weekly, 3);
    plan(Kind::complete, weekly, 3);
  }
  const std::int64_t series = w_.random.up_to(5);
  if (series == 0) plan(Kind::unclaim, w_.server.next_week(), 2);
  if (series == 1) plan(Kind::absence_create, w_.server.next_week(), 1);
  if (series == 2) plan(Kind::absence_update, w_.server.next_week(), 1);
  if (series == 3) plan(Kind::absence_delete, w_.server.next_week(), 1);
  if (w_.jobs.size() < 3) plan(Kind::start, weekly, 2);
}

void Plot::plan(Kind kind, const Workflow& workflow, std::int64_t step_order) {
  const Step& step = *workflow.find_step_at(step_order);
  outbox::Content wish{.kind = kind,
                       .account = me,
                       .api_base = api_base,
                       .workflow_id = workflow.id,
                       .step_id = step.id,
                       .series_id = workflow.series_id,
                       .recurrence = workflow.recurrence,
                       .start_at_s = workflow.start_at,
                       .step_order = step_order};
  wish.stages_photos = kind == Kind::complete && w_.server.stages_photos() && w_.random.chance(40);
  for (std::uint8_t& byte : wish.id) byte = static_cast<std::uint8_t>(w_.random.bits());
  if (kind > Kind::unclaim) {
    wish.workflow_id.clear();
    wish.step_id.clear();
    wish.absence_id = w_.server.absence().id;
    wish.absent_from = "2024-06-01";
    wish.absent_until = "2024-06-07";
  }
  if (kind == Kind::absence_create) wish.absence_id.clear();
  if (kind == Kind::absence_delete) wish.absent_from = wish.absent_until = "";
  w_.jobs.push_back({.name = "#" + std::to_string(w_.jobs.size()), .kind = kind});
  wishes_.push_back(std::move(wish));
}

outbox::Draft Plot::draft_for(const Job& job, const outbox::Content& content) {
  outbox::Draft draft{.content = content};
  if (job.kind != Kind::complete) return draft;
  const Workflow& workflow =
      content.workflow_id == w_.server.single().id ? w_.server.single() : w_.server.weekly();
  const Step* const step = workflow.find_step(content.step_id);
  draft.work_items = step->work_items;
  for (const WorkItem& item : step->work_items) {
    ItemAnswer& answer = draft.request.items.emplace_back();
    auto& uploads = draft.uploads.emplace_back();
    answer.item_id = item.id;
    if (item.requires_written_response)
      answer.written_response = " done \"" + std::to_string(w_.random.bits()) + "\"\n";
    for (std::int64_t p = 0; item.requires_photo && p < item.photo_required_count; ++p) {
      PhotoUpload& upload = answer.photo_uploads.emplace_back();
      upload.content_type = "image/jpeg";
      const std::int64_t most = content.stages_photos ? 2'000'000 : 60;
      upload.size_bytes = 1 + static_cast<std::uint64_t>(w_.random.up_to(most));
      auto& added = uploads.emplace_back();
      added.key = "photo-" + std::to_string(p);
      if (w_.random.chance(80)) added.sha256.fill(static_cast<std::uint8_t>(w_.random.bits()));
    }
  }
  return draft;
}

// The body as it goes over the wire, and what a server makes of it.
Edition Plot::edition_of(const outbox::Content& content) {
  Edition edition{.content = content, .plan = outbox::body_plan(content)};
  std::string body;
  std::size_t photo = 0;
  for (const outbox::Segment& part : edition.plan) {
    body += part.text;
    if (part.photo_key.empty()) continue;
    const auto size = static_cast<std::size_t>(content.photos[photo++].size_bytes);
    const std::vector<std::uint8_t> bytes(size, 'p');
    body += base64::encode(bytes);
  }
  if (!content.stages_photos && body.size() != content.body_bytes)
    w_.fail("seal", "the length of the body is wrong");
  if (content.kind != Kind::complete) return edition;
  auto request = read_completion_request(body);
  if (!request) {
    w_.fail("seal", "the body is not readable");
    return edition;
  }
  edition.request = std::move(*request);
  return edition;
}

void Plot::submit(std::size_t job) {
  Page& page = any_page();
  if (!page.is_alive()) return w_.time.after(10 * second, [this, job] { submit(job); });
  const auto order = static_cast<std::int64_t>(++w_.counts.records);
  outbox::Draft draft = draft_for(w_.jobs[job], wishes_[job]);
  const outbox::Inputs inputs = w_.inputs();
  auto sealed = outbox::seal(std::move(draft), order, inputs);
  if (!sealed) return w_.fail("seal", "refused a good draft");
  w_.jobs[job].editions.push_back(edition_of(sealed->content));
  page.submit(job, std::move(*sealed));
}

// The person reads what the server said, and mends it.
void Plot::revise(std::size_t job) {
  Page& page = any_page();
  const outbox::Record* const record = page.look_up(job);
  if (record == nullptr || !outbox::may(*record, outbox::Action::revise)) return;
  outbox::Draft draft = draft_for(w_.jobs[job], wishes_[job]);
  const outbox::Inputs inputs = w_.inputs();
  auto revised = outbox::revise(*record, std::move(draft), inputs);
  if (!revised) return w_.fail("seal", "refused a good correction");
  w_.jobs[job].editions.push_back(edition_of(revised->content));
  page.submit(job, std::move(*revised));
}

// ---- what goes wrong

void Plot::within_faults(void (Plot::*what)()) {
  const std::int64_t when_ms = w_.random.up_to(faults_last_ms);
  w_.time.at(when_ms, [this, what] {
    if (!w_.is_calm) (this->*what)();
  });
}

void Plot::plan_faults() {
  const auto some = [&](std::int64_t most, void (Plot::*what)()) {
    for (std::int64_t n = w_.random.up_to(most); n > 0; --n) within_faults(what);
  };
  some(3, &Plot::crash);
  some(2, &Plot::freeze);
  some(1, &Plot::fill_store);
  some(6, &Plot::people_act);
  if (w_.random.one_in(3)) within_faults(&Plot::interfere);
  if (w_.random.one_in(5)) within_faults(&Plot::tear_lease);
  if (w_.random.one_in(5)) some(2, &Plot::set_clock);
  if (w_.random.one_in(8)) within_faults(&Plot::lose_photos);
  if (w_.random.one_in(5)) within_faults(&Plot::pause);
  w_.time.at(w_.random.up_to(5 * minute), [this] { change_weather(); });
  w_.time.at(faults_last_ms, [this] { calm(); });
}

void Plot::change_weather() {
  if (w_.is_calm) return;
  const std::int64_t sky = w_.random.up_to(99);
  w_.is_down = sky < 25;
  w_.is_portal = sky >= 25 && sky < 32;
  w_.is_busy = sky >= 32 && sky < 42;
  w_.is_signed_out = sky >= 42 && sky < 52;
  w_.wants_policy = sky >= 52 && sky < 57;
  w_.note("weather", "changes", sky);
  if (sky >= 57) {
    for (auto& page : w_.pages) {
      if (w_.random.one_in(2)) page->tell_queue(outbox::Hinted{});
      if (w_.random.one_in(4)) page->tell_queue(outbox::SignedIn{});
    }
  }
  const std::int64_t lasts_ms = second + w_.random.up_to(10 * minute);
  w_.time.after(lasts_ms, [this] { change_weather(); });
}

void Plot::crash() { any_page().crash(); }

void Plot::freeze() {
  Page& page = any_page();
  const std::int64_t longest_ms = w_.random.one_in(2) ? minute : 15 * minute;
  page.freeze(1 + w_.random.up_to(longest_ms));
}

void Plot::fill_store() {
  w_.store.refuses = true;
  w_.note("store", "is full");
  const bool is_noticed = w_.random.one_in(2);
  if (is_noticed) any_page().tell_queue(outbox::StoreDown{});
  const std::int64_t lasts_ms = w_.random.up_to(5 * minute);
  w_.time.after(lasts_ms, [this, is_noticed] {
    w_.store.refuses = false;
    w_.note("store", "has room");
    for (auto& page : w_.pages) {
      if (is_noticed) page->tell_queue(outbox::StoreUp{});
    }
  });
}

// A row that is lost or damaged lets two pages believe that they drive.
void Plot::tear_lease() {
  w_.note("lease", "is torn");
  w_.store.overwrite("lease", w_.random.one_in(2) ? Bytes{} : Bytes{1, 2, 3});
  for (auto& page : w_.pages) page->tick();
}

void Plot::set_clock() {
  w_.clock_jumped = true;
  constexpr std::int64_t ten_years_ms = 10 * 365 * 24 * hour;
  const bool is_far = w_.random.one_in(2);
  const std::int64_t most_ms = is_far ? ten_years_ms : 2 * hour;
  const std::int64_t by_ms = w_.random.up_to(2 * most_ms) - most_ms;
  w_.skew_ms += by_ms;
  w_.note("clock", "is set", by_ms);
}

void Plot::lose_photos() {
  Job& job = w_.jobs[any_job()];
  w_.note(job.name, "loses its photos");
  (w_.random.one_in(2) ? job.photos_are_lost : job.photos_are_damaged) = true;
}

void Plot::people_act() {
  using outbox::Action;
  const std::size_t job = any_job();
  const std::int64_t what = w_.random.up_to(9);
  if (what < 4) any_page().ask(job, Action::retry);
  if (what == 4) any_page().ask(job, Action::take_back);
  if (what == 5 || what == 6) {
    any_page().ask(job, Action::discard);
    const std::int64_t regret_ms = w_.random.up_to(10 * minute);
    if (what == 6) w_.time.after(regret_ms, [this, job] { any_page().ask(job, Action::undo); });
  }
  if (what == 7) any_page().ask(job, Action::prune);
  if (what >= 8) revise(job);
}

void Plot::pause() {
  any_page().tell_queue(outbox::HoldSet{.metered = w_.random.one_in(2), .on = true});
  const std::int64_t lasts_ms = w_.random.up_to(20 * minute);
  w_.time.after(lasts_ms, [this] { resume(); });
}

void Plot::resume() {
  for (const bool metered : {false, true}) {
    for (auto& page : w_.pages) page->tell_queue(outbox::HoldSet{.metered = metered});
  }
}

void Plot::interfere() {
  w_.note("people", "interfere");
  w_.server.interfere(w_.server_now_s());
  w_.look_at_server();
}

// From here on nothing fails; what is right must come about by itself.
void Plot::calm() {
  w_.is_calm = w_.store.is_quick = true;
  w_.is_down = w_.is_busy = w_.is_signed_out = w_.wants_policy = w_.is_portal = false;
  w_.store.refuses = false;
  w_.note("calm", "begins");
  for (auto& page : w_.pages) {
    page->open();
    page->thaw();  // a person who turns a switch has the page in front
  }
  resume();
  for (std::size_t job = 0; job < w_.jobs.size(); ++job) {
    if (w_.random.one_in(2)) w_.time.after(second, [this, job] { revise(job); });
  }
}

// Quiet lives are made longer: another job of its own, and another.
bool Plot::goes_on() {
  if (!w_.failure.empty() || w_.time.steps() >= steps_min) return false;
  w_.server.add_single(w_.server_now_s());
  plan(Kind::complete, w_.server.single(), 1);
  for (auto& page : w_.pages) page->make_room();
  submit(w_.jobs.size() - 1);
  return true;
}

void Plot::live(std::int64_t until_ms) {
  while (w_.failure.empty() && w_.time.step(until_ms)) {
    if (w_.time.steps() > steps_max) w_.fail("I8", "events without end");
  }
}

Report Plot::run() {
  w_.drives_one_at_a_time = w_.random.one_in(2);
  w_.has_locks = w_.random.one_in(2);
  plan_jobs();
  for (int number = 0; number < pages; ++number)
    w_.pages.push_back(std::make_unique<Page>(w_, number));
  for (auto& page : w_.pages) page->open();
  for (std::size_t job = 0; job < w_.jobs.size(); ++job) {
    const std::int64_t when_ms = w_.random.up_to(w_.random.one_in(2) ? second : 10 * minute);
    submissions_ms_.push_back(when_ms);
  }
  std::ranges::sort(submissions_ms_);
  for (std::size_t job = 0; job < w_.jobs.size(); ++job)
    w_.time.at(submissions_ms_[job], [this, job] { submit(job); });
  plan_faults();
  std::int64_t until_ms = faults_last_ms + settle_within_ms;
  live(until_ms);
  while (goes_on()) live(until_ms += 10 * minute);
  if (w_.failure.empty()) w_.check_end();
  w_.counts.events = w_.time.steps();
  return {.failure = std::move(w_.failure),
          .digest = w_.trace.digest(),
          .counts = w_.counts,
          .trace = w_.trace.take_lines()};
}

}  // namespace

Counts& Counts::operator+=(const Counts& other) {
  events += other.events;
  records += other.records;
  sends += other.sends;
  crashes += other.crashes;
  takeovers += other.takeovers;
  delivered += other.delivered;
  for_a_person += other.for_a_person;
  return *this;
}

Report simulate(const Options& options) { return Plot{options}.run(); }

std::string story_of(const Options& options, std::size_t lines_max) {
  Options told = options;
  told.keep_trace = true;
  const Report report = simulate(told);
  std::string story = "seed " + std::to_string(options.seed) + " server " +
                      std::string{server_names[static_cast<std::size_t>(options.server)]} +
                      (report.passed() ? " held" : " broke " + report.failure) + '\n';
  const std::size_t lines = report.trace.size();
  for (std::size_t i = lines > lines_max ? lines - lines_max : 0; i < lines; ++i)
    story += report.trace[i] + '\n';
  return story;
}

}  // namespace sfluv::simulation
