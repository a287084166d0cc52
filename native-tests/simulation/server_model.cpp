// SPDX-License-Identifier: MIT
#include "simulation/server_model.h"

#include <algorithm>
#include <utility>

#include "sfluv/calendar.h"
#include "sfluv/http_status.h"
#include "sfluv/json_writer.h"

namespace sfluv::simulation {
namespace {

constexpr std::int64_t week_s = 7 * 24 * 3600;
constexpr std::int64_t lag_s = 8;

const Profile& profile_of(ServerKind kind) {
  return kind == ServerKind::documents ? documents_profile() : live_profile();
}

Caller caller_of(const char* id) { return {.id = id, .name = id, .credentials = {{"park"}}}; }

std::string body_text(const outbox::Send& send) {
  std::string text;
  for (const outbox::Segment& part : send.body) text += part.text;
  return text;
}

std::string field_of(const std::string& form, const std::string& name) {
  const std::string begin = "name=\"" + name + "\"\r\n\r\n";
  const std::size_t at = form.find(begin) + begin.size();
  return form.substr(at, form.find("\r\n", at) - at);
}

// What the path, the method and the body ask for, as a server reads them.
std::optional<engine::Action> action_of(const outbox::Content& content, const outbox::Send& send,
                                        const CompletionRequest& request) {
  const StepRef step{.workflow_id = content.workflow_id, .step_id = content.step_id};
  if (send.path.ends_with("/complete")) return engine::Complete{.step = step, .request = request};
  if (send.path.ends_with("/claim")) return engine::Claim{.step = step};
  if (send.path.ends_with("/start")) return engine::Start{.step = step};
  if (send.path.ends_with("/unclaim")) {
    auto body = read_unclaim_request(body_text(send));
    if (!body) return std::nullopt;
    return engine::Unclaim{.request = std::move(*body)};
  }
  const std::string id = send.path.substr(send.path.rfind('/') + 1);
  if (send.method == "DELETE") return engine::DeleteAbsence{.absence_id = id};
  auto body = read_absence_request(body_text(send));
  if (!body) return std::nullopt;
  if (send.method == "PUT") return engine::UpdateAbsence{.absence_id = id, .request = *body};
  return engine::CreateAbsence{.request = std::move(*body)};
}

Operation operation_of(outbox::Kind kind) {
  switch (kind) {
    case outbox::Kind::complete: return Operation::complete;
    case outbox::Kind::claim: return Operation::claim;
    case outbox::Kind::start: return Operation::start;
    case outbox::Kind::unclaim: return Operation::unclaim;
    default: return Operation::absence;
  }
}

void write(JsonWriter& out, const Absence& absence) {
  out.begin_object().key("id").string(absence.id).key("series_id").string(absence.series_id);
  out.key("step_order").number(absence.step_order);
  out.key("absent_from").number(absence.absent_from);
  out.key("absent_until").number(absence.absent_until).end_object();
}

bool is_content_of(const Submission& submission, const outbox::Content& content) {
  if (submission.improver_id != me) return false;
  for (const outbox::Answer& answer : content.answers) {
    const auto response =
        std::ranges::find(submission.item_responses, answer.item_id, &ItemResponse::item_id);
    if (response == submission.item_responses.end() ||
        response->written_response != answer.written_response)
      return false;
    std::vector<std::pair<std::string, std::int64_t>> ours, theirs;
    for (const outbox::Photo& photo : content.photos) {
      if (photo.item_id == answer.item_id)
        ours.emplace_back(photo.file_name, static_cast<std::int64_t>(photo.size_bytes));
    }
    for (const SubmissionPhoto& photo : response->photos)
      theirs.emplace_back(photo.file_name, photo.size_bytes);
    if (ours != theirs) return false;
  }
  return true;
}

bool has_dates(const Absence& absence, const outbox::Content& content) {
  using calendar::Bound;
  return absence.absent_from == calendar::parse_absence_bound(content.absent_from, Bound::from) &&
         absence.absent_until == calendar::parse_absence_bound(content.absent_until, Bound::until);
}

}  // namespace

ServerModel::ServerModel(ServerKind kind, Random& random, std::int64_t start_s)
    : kind_(kind), random_(random) {
  hides_photos_ = random_.chance(20);
  hides_submission_ = !hides_photos_ && random_.chance(10);
  now_.park = {.id = "series_1", .recurrence = "weekly"};
  now_.park.occurrences.push_back(make_workflow("workflow_1", start_s, 3));
  now_.park.occurrences.push_back(make_workflow("workflow_2", start_s + week_s, 3));
  for (Workflow& workflow : now_.park.occurrences) {
    workflow.series_id = now_.park.id;
    workflow.recurrence = now_.park.recurrence;
  }
  Workflow& next = now_.park.occurrences[1];
  next.status = WorkflowStatus::approved;
  for (Step& step : next.steps) step.status = StepStatus::locked;
  // The third step is nobody's yet.
  now_.park.occurrences[0].steps[2].assigned_improver_id.reset();
  now_.park.claims = {{.step_order = 1, .improver_id = me, .improver_name = me},
                      {.step_order = 2, .improver_id = me, .improver_name = me}};
  now_.park.absences.push_back({.id = "absence_1",
                                .improver_id = me,
                                .series_id = now_.park.id,
                                .step_order = 1,
                                .absent_from = start_s + 20 * week_s,
                                .absent_until = start_s + 21 * week_s});
  now_.park.definition = now_.park.occurrences[0];
  add_single(start_s);
}

void ServerModel::add_single(std::int64_t start_s) {
  const std::string id = "workflow_" + std::to_string(3 + now_.singles.size());
  now_.singles.push_back({.id = id, .recurrence = "one_time"});
  now_.singles.back().occurrences.push_back(make_workflow(id, start_s, 1));
  before_ = now_;
}

Workflow ServerModel::make_workflow(const std::string& id, std::int64_t start_s,
                                    std::int64_t steps) {
  Workflow workflow{.id = id, .title = "Park", .recurrence = "one_time", .start_at = start_s};
  workflow.status = WorkflowStatus::in_progress;
  workflow.roles = {{.id = "cleaner", .workflow_id = id, .required_credentials = {"park"}},
                    {.id = "judge", .workflow_id = id, .required_credentials = {"park"}}};
  for (std::int64_t s = 1; s <= steps; ++s) {
    Step step{.id = id + "_step_" + std::to_string(s),
              .workflow_id = id,
              .step_order = s,
              .bounty = Amount{5},
              .allow_step_not_possible = true,
              .role_id = "cleaner",
              .assigned_improver_id = me,
              .assigned_improver_name = me};
    const bool is_open = s != 2 || random_.chance(40);
    step.status = is_open ? StepStatus::available : StepStatus::locked;
    WorkItem item{.id = step.id + "_item", .step_id = step.id, .title = "Before & after"};
    item.requires_photo = random_.chance(70);
    item.photo_required_count = 1 + random_.up_to(1);
    item.requires_written_response = !item.requires_photo || random_.chance(50);
    step.work_items.push_back(std::move(item));
    workflow.steps.push_back(std::move(step));
  }
  return workflow;
}

Series& ServerModel::series_of(const outbox::Content& content) {
  const auto found = std::ranges::find(now_.singles, content.workflow_id, &Series::id);
  return found == now_.singles.end() ? now_.park : *found;
}

const Workflow* ServerModel::find_in(const State& state, const std::string& workflow_id) {
  const auto found = std::ranges::find(state.singles, workflow_id, &Series::id);
  return found == state.singles.end() ? state.park.find(workflow_id) : &found->occurrences.front();
}

void ServerModel::change(std::int64_t now_s) {
  before_ = now_;
  changed_s_ = now_s;
}

// Nobody runs a clock: what has become due is made up for when somebody looks.
void ServerModel::keep_up(std::int64_t now_s) {
  const IdSource ids{.entropy = "upkeep" + std::to_string(++ids_)};
  now_.park = catch_up(std::move(now_.park), profile_of(kind_), now_s, ids).series;
}

std::string ServerModel::show(const State& state, const outbox::Content& content) const {
  if (content.kind > outbox::Kind::unclaim) {
    JsonWriter out;
    out.begin_array();
    for (const Absence& absence : state.park.absences) write(out, absence);
    out.end_array();
    return out.take();
  }
  const Workflow* const found = find_in(state, content.workflow_id);
  if (found == nullptr) return {};
  Workflow shown = *found;
  for (Step& step : shown.steps) {
    if (hides_submission_) step.submission.reset();
    if (!step.submission || !hides_photos_) continue;
    for (ItemResponse& response : step.submission->item_responses) response.photos.clear();
  }
  return write_workflow(shown, AmountStyle::number);
}

bool ServerModel::is_done_in(const State& state, const outbox::Content& content) const {
  using outbox::Kind;
  const auto& absences = state.park.absences;
  if (content.kind == Kind::absence_create) {
    return std::ranges::any_of(absences,
                               [&](const Absence& absence) { return has_dates(absence, content); });
  }
  if (content.kind > Kind::unclaim) {
    const auto found = std::ranges::find(absences, content.absence_id, &Absence::id);
    if (content.kind == Kind::absence_delete) return found == absences.end();
    return found != absences.end() && has_dates(*found, content);
  }
  const Workflow* const workflow = find_in(state, content.workflow_id);
  if (workflow == nullptr) return false;
  const Step* const step = content.kind == Kind::unclaim
                               ? workflow->find_step_at(content.step_order)
                               : workflow->find_step(content.step_id);
  const bool is_mine = step->assigned_improver_id == me;
  if (content.kind == Kind::claim) return is_mine;
  if (content.kind == Kind::unclaim) return !is_mine;
  if (content.kind == Kind::start)
    return is_mine && (step->status == StepStatus::in_progress || is_done(*step));
  return is_done(*step) && step->submission && is_content_of(*step->submission, content);
}

bool ServerModel::has_done(const outbox::Content& content) const {
  return is_done_in(now_, content);
}

bool ServerModel::keeps_locked(const outbox::Content& content) const {
  const Workflow* const workflow = find_in(now_, content.workflow_id);
  const Step* const step = workflow == nullptr ? nullptr : workflow->find_step(content.step_id);
  return step != nullptr && step->status == StepStatus::locked;
}

Answer ServerModel::read(const outbox::Content& content, std::int64_t now_s) {
  keep_up(now_s);
  if (is_deleted_) return {.status = 404};
  const bool lags = kind_ == ServerKind::hostile && now_s - changed_s_ < lag_s && random_.one_in(3);
  const State& state = lags ? before_ : now_;
  const Workflow* const workflow = find_in(state, content.workflow_id);
  const bool is_of_list = content.kind > outbox::Kind::unclaim;
  if (workflow == nullptr && !is_of_list) return {.status = 404};
  const bool is_live = is_of_list || content.kind == outbox::Kind::unclaim ||
                       workflow->is_active() || workflow->status == WorkflowStatus::blocked;
  const Step* const step = is_of_list ? nullptr : workflow->find_step(content.step_id);
  const bool is_done_otherwise =
      content.kind == outbox::Kind::complete && step != nullptr && is_done(*step);
  return {.status = 200,
          .body = show(state, content),
          .shows_open = is_live && !is_done_otherwise && !is_done_in(state, content)};
}

Answer ServerModel::send(const outbox::Content& content, const outbox::Send& send,
                         const CompletionRequest& request, std::int64_t now_s) {
  keep_up(now_s);
  if (is_deleted_) return {.status = 404};
  // Ids of photos stand in no body before they are given.
  auto sent = content.stages_photos ? read_completion_request(body_text(send)) : request;
  if (!sent) return {.status = 400, .body = "the body cannot be read"};
  const auto action = action_of(content, send, *sent);
  if (!action) return {.status = 400, .body = "the body cannot be read"};
  Series before = series_of(content);
  Workflow* const workflow = before.find(content.workflow_id);
  Step* const step = workflow == nullptr ? nullptr : workflow->find_step(content.step_id);
  const bool overwrites = kind_ == ServerKind::documents && step != nullptr &&
                          content.kind == outbox::Kind::complete && is_done(*step) &&
                          step->assigned_improver_id == me;
  if (overwrites) {  // nothing in the documents forbids it
    step->status = StepStatus::in_progress;
    step->submission.reset();
    workflow->status = WorkflowStatus::in_progress;
  }
  const engine::Facts facts{.caller = caller_of(me),
                            .profile = profile_of(kind_),
                            .staged_photos = staged_,
                            .new_ids = "made" + std::to_string(++ids_)};
  auto applied = engine::apply(before, facts, *action, now_s);
  if (!applied) {
    const Code code = applied.error().front().code;
    return {.status = http_status(operation_of(content.kind), code, profile_of(kind_)),
            .body = std::string{to_string(code)}};
  }
  change(now_s);
  series_of(content) = std::move(applied->series);
  if (content.kind == outbox::Kind::complete && !overwrites) ++accepted_;
  if (content.kind <= outbox::Kind::start || content.kind == outbox::Kind::claim)
    return {.status = 200, .body = show(now_, content)};
  JsonWriter out;
  out.begin_object();
  if (applied->absence) {
    out.key("absence");
    write(out, *applied->absence);
  }
  if (content.kind == outbox::Kind::unclaim)
    out.key("series_id").string(content.series_id).key("step_order").number(content.step_order);
  if (content.kind == outbox::Kind::absence_delete) out.key("id").string(content.absence_id);
  out.end_object();
  return {.status = content.kind == outbox::Kind::absence_create ? 201 : 200, .body = out.take()};
}

Answer ServerModel::stage(const outbox::Content& content, const outbox::Send& send) {
  const Workflow* const workflow = find_in(now_, content.workflow_id);
  if (is_deleted_ || workflow == nullptr) return {.status = 404};
  const Step& step = *workflow->find_step(content.step_id);
  if (step.assigned_improver_id != me) return {.status = 403, .body = "not assigned"};
  if (!workflow->is_active() || is_done(step) || step.status == StepStatus::locked)
    return {.status = 400, .body = "not active"};
  const std::string& form = send.body.front().text;
  Upload& upload = uploads_[field_of(form, "upload_id")];
  upload.pieces.insert(send.body[1].piece->from);
  if (upload.pieces.size() < std::stoul(field_of(form, "total_chunks")))
    return {.status = 202, .body = R"({"complete":false,"received_chunks":1,"total_chunks":2})"};
  if (upload.photo_id.empty()) {
    upload.photo_id = "staged_" + std::to_string(staged_.size());
    staged_.push_back({.id = upload.photo_id,
                       .workflow_id = content.workflow_id,
                       .step_id = content.step_id,
                       .item_id = field_of(form, "item_id"),
                       .file_name = field_of(form, "file_name"),
                       .content_type = field_of(form, "content_type"),
                       .size_bytes = static_cast<std::int64_t>(send.body[1].piece->to)});
  }
  return {.status = 201,
          .body = R"({"complete":true,"photo":{"id":")" + upload.photo_id + R"("}})"};
}

// Other people, other devices, and the organiser.
void ServerModel::interfere(std::int64_t now_s) {
  const std::int64_t what = random_.up_to(8);
  const bool is_single = random_.one_in(2);
  const std::int64_t which = is_single ? 0 : random_.up_to(2);
  const bool is_rare = random_.one_in(3);
  change(now_s);
  Workflow& workflow =
      is_single ? now_.singles.front().occurrences.front() : now_.park.occurrences.front();
  Step& step = workflow.steps[static_cast<std::size_t>(which)];
  const bool is_over = is_done(step);
  // Not where the server would overwrite: between a reading and a send nobody could know.
  const bool may_differ = !hides_submission_ && kind_ != ServerKind::documents;
  if (what == 0 && !is_over) step.assigned_improver_id = somebody;
  if (what == 1 && !is_over && step.status != StepStatus::locked && may_differ) {
    step.status = StepStatus::completed;  // this account, from another device, other words
    step.assigned_improver_id = me;
    step.submission = Submission{.id = "submission_other",
                                 .workflow_id = workflow.id,
                                 .step_id = step.id,
                                 .improver_id = me,
                                 .step_not_possible = true,
                                 .step_not_possible_details = "rain"};
  }
  if (what == 2 && is_rare) is_deleted_ = true;
  if (what == 3 && workflow.is_active()) workflow.status = WorkflowStatus::expired;
  if (what == 4 && workflow.is_active()) workflow.status = WorkflowStatus::skipped;
  // Somebody else marks another step not possible (live): all are closed, nobody is paid.
  if (what == 5 && !is_single && kind_ != ServerKind::documents) {
    for (Step& each : workflow.steps) {
      if (!is_done(each)) each.status = StepStatus::completed;
      each.bounty = Amount{};
    }
    workflow.status = WorkflowStatus::completed;
    was_closed_by_others_ = true;
  }
  // The rules change after the draft was sealed: a refusal that is real, and can be mended.
  if (what >= 6 && !is_over) step.work_items.front().requires_written_response = true;
}

}  // namespace sfluv::simulation
