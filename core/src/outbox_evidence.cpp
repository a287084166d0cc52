// SPDX-License-Identifier: MIT
#include "outbox_evidence.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sfluv/calendar.h"
#include "sfluv/json.h"
#include "sfluv/series.h"
#include "sfluv/workflow.h"

#include "text.h"

namespace sfluv::outbox {
namespace {

using NamesAndSizes = std::vector<std::pair<std::string_view, std::int64_t>>;

Reading saw(Sight seen) { return {.seen = seen, .evidence = {}, .submission_id = {}}; }

Reading saw_state() {
  return {.seen = Sight::done, .evidence = Evidence::state, .submission_id = {}};
}

// Nobody's step is not ours either: the claim was given back. Without a known account the server's
// own check on sending has to do.
bool is_ours(const Content& content, const Step& step) {
  return content.account.empty() || step.assigned_improver_id == content.account;
}

bool is_empty(const ItemResponse& response) {
  return response.photo_ids.empty() && response.photos.empty() &&
         text::is_blank(response.written_response) && text::is_blank(response.dropdown_value);
}

enum class Match : std::uint8_t { no, counted, marked };

Match match_photos(const Content& content, const Answer& answer, const ItemResponse& response) {
  NamesAndSizes ours;
  for (const Photo& photo : content.photos) {
    if (photo.item_id == answer.item_id) {
      ours.emplace_back(photo.file_name, static_cast<std::int64_t>(photo.size_bytes));
    }
  }
  if (!answer.photo_ids.empty()) {
    // Staged photos got their ids from the server, which gives each of them once.
    std::vector<std::string> sent = answer.photo_ids, held = response.photo_ids;
    std::ranges::sort(sent);
    std::ranges::sort(held);
    return sent == held ? Match::counted : Match::no;
  }
  if (response.photos.empty()) {
    return response.photo_ids.size() == ours.size() ? Match::counted : Match::no;
  }
  NamesAndSizes theirs;
  for (const SubmissionPhoto& photo : response.photos) {
    theirs.emplace_back(photo.file_name, photo.size_bytes);
  }
  std::ranges::sort(ours);
  std::ranges::sort(theirs);
  return ours == theirs ? Match::marked : Match::no;
}

Match match_answer(const Content& content, const Answer& answer, const ItemResponse& response) {
  if (text::trim(answer.written_response) != text::trim(response.written_response) ||
      text::trim(answer.dropdown_value) != text::trim(response.dropdown_value)) {
    return Match::no;
  }
  return match_photos(content, answer, response);
}

// Null: other content. `marked` photos alone are strong: their names say which submission it is.
std::optional<Evidence> compare(const Content& content, const Submission& submission) {
  if (submission.step_not_possible != content.step_not_possible ||
      text::trim(submission.step_not_possible_details) !=
          text::trim(content.step_not_possible_details)) {
    return std::nullopt;
  }
  const auto known = [&](const ItemResponse& response) {
    return is_empty(response) || std::ranges::find(content.answers, response.item_id,
                                                   &Answer::item_id) != content.answers.end();
  };
  if (!std::ranges::all_of(submission.item_responses, known)) return std::nullopt;
  bool any_marked = false, any_counted = false;
  for (const Answer& answer : content.answers) {
    const auto response =
        std::ranges::find(submission.item_responses, answer.item_id, &ItemResponse::item_id);
    if (response == submission.item_responses.end()) return std::nullopt;
    const Match match = match_answer(content, answer, *response);
    if (match == Match::no) return std::nullopt;
    const bool has_photos =
        std::ranges::find(content.photos, answer.item_id, &Photo::item_id) != content.photos.end();
    any_counted |= has_photos && match == Match::counted;
    any_marked |= has_photos && match == Match::marked;
  }
  return any_marked && !any_counted ? Evidence::strong : Evidence::medium;
}

// Somebody who marks another step not possible may complete all steps of the workflow, ours
// included, and sets every bounty to zero (rulebook A6.2).
bool may_be_closed_by_others(const Workflow& workflow, const Step& step) {
  return step.bounty == Amount{} && workflow.steps.size() > 1 &&
         std::ranges::all_of(workflow.steps, is_done);
}

Reading sight_of_done(const Content& content, const Workflow& workflow, const Step& step) {
  if (!step.submission) {
    // Without an account nobody vouches that a hidden submission is ours.
    if (content.account.empty() || may_be_closed_by_others(workflow, step))
      return saw(Sight::mismatch);
    return {.seen = Sight::done, .evidence = Evidence::blind, .submission_id = {}};
  }
  const Submission& submission = *step.submission;
  if (!content.account.empty() && !submission.improver_id.empty() &&
      submission.improver_id != content.account) {
    return saw(Sight::others);
  }
  const auto evidence = compare(content, submission);
  if (!evidence) return saw(Sight::mismatch);
  return {.seen = Sight::done, .evidence = *evidence, .submission_id = submission.id};
}

// May the step be worked on, as far as its workflow and its own status go?
Sight sight_of_open(const Workflow& workflow, const Step& step) {
  if (workflow.status == WorkflowStatus::blocked) return Sight::locked;
  if (workflow.status == WorkflowStatus::skipped) return Sight::missed;
  if (!workflow.is_active()) return Sight::closed;
  const bool is_open =
      step.status == StepStatus::available || step.status == StepStatus::in_progress;
  return is_open ? Sight::open : Sight::locked;
}

Reading sight_of_complete(const Content& content, const Workflow& workflow, const Step& step) {
  if (!is_ours(content, step)) return saw(Sight::others);
  if (is_done(step)) return sight_of_done(content, workflow, step);
  return saw(sight_of_open(workflow, step));
}

// A repeated start is a success for the server, so is one that others see begun.
Reading sight_of_start(const Content& content, const Workflow& workflow, const Step& step) {
  if (!is_ours(content, step)) return saw(Sight::others);
  if (step.status == StepStatus::in_progress || is_done(step)) return saw_state();
  return saw(sight_of_open(workflow, step));
}

Reading sight_of_claim(const Content& content, const Workflow& workflow, const Step& step) {
  if (step.assigned_improver_id == content.account) return saw_state();
  if (step.assigned_improver_id && !step.assigned_improver_id->empty()) return saw(Sight::others);
  return saw(is_done(step) ? Sight::closed : sight_of_open(workflow, step));
}

// Begun and finished occurrences stay with whoever did them; they tell nothing about the series.
Reading sight_of_unclaim(const Content& content, const Workflow& workflow) {
  const Step* const step = workflow.find_step_at(content.step_order);
  if (step == nullptr) return saw(Sight::absent);
  return step->assigned_improver_id == content.account ? saw(Sight::open) : saw_state();
}

Reading read_workflow_evidence(const Content& content, std::string_view body) {
  const auto workflow = read_workflow(body);
  if (!workflow || workflow->id != content.workflow_id) return {};
  if (content.kind == Kind::unclaim) return sight_of_unclaim(content, *workflow);
  const Step* const step = workflow->find_step(content.step_id);
  if (step == nullptr) return saw(Sight::absent);
  if (content.kind == Kind::start) return sight_of_start(content, *workflow, *step);
  if (content.kind == Kind::claim) return sight_of_claim(content, *workflow, *step);
  return sight_of_complete(content, *workflow, *step);
}

// One absence period as the server shows it (seed 000, rulebook C5).
struct Period {
  std::string id;
  std::string series_id;
  std::int64_t step_order = 0;
  std::int64_t from_s = 0;
  std::int64_t until_s = 0;
};

Period period_from(json::Fields& fields, const json::Value& value) {
  return {.id = fields.string(value, "", "id"),
          .series_id = fields.string(value, "", "series_id"),
          .step_order = fields.integer(value, "", "step_order"),
          .from_s = fields.integer(value, "", "absent_from"),
          .until_s = fields.integer(value, "", "absent_until")};
}

bool has_its_dates(const Content& content, const Period& period) {
  return period.from_s ==
             calendar::parse_absence_bound(content.absent_from, calendar::Bound::from) &&
         period.until_s ==
             calendar::parse_absence_bound(content.absent_until, calendar::Bound::until);
}

bool is_same(const Content& content, const Period& period) {
  if (content.kind != Kind::absence_create) return period.id == content.absence_id;
  return period.series_id == content.series_id && period.step_order == content.step_order &&
         has_its_dates(content, period);
}

// Mine, as the server lists them: in an array, or in the one array of an object.
Reading read_absence_list(const Content& content, const json::Value& root, json::Fields& fields) {
  const json::Value* list = &root;
  for (const json::Member& member : root.members) {
    if (member.value.kind == json::Kind::array) list = &member.value;
  }
  if (list->kind != json::Kind::array) return {};
  bool is_there = false, is_as_wanted = false;
  for (const json::Value& element : list->elements) {
    const Period period = period_from(fields, element);
    if (fields.failure()) return {};
    if (!is_same(content, period)) continue;
    is_there = true;
    is_as_wanted = has_its_dates(content, period);
  }
  if (content.kind == Kind::absence_delete) return is_there ? saw(Sight::open) : saw_state();
  if (is_as_wanted) return saw_state();
  return saw(is_there || content.kind == Kind::absence_create ? Sight::open : Sight::absent);
}

// The answer to a send names what it has done: {"absence":{...}}, {"id"}, or the series.
Reading read_series_answer(const Content& content, const json::Value& root, json::Fields& fields) {
  if (content.kind == Kind::unclaim) {
    const bool is_its = fields.string(root, "", "series_id") == content.series_id &&
                        fields.integer(root, "", "step_order") == content.step_order;
    return is_its ? saw_state() : Reading{};
  }
  const json::Value* const absence = fields.object(root, "", "absence");
  const Period period = period_from(fields, absence == nullptr ? root : *absence);
  if (fields.failure() || !is_same(content, period)) return {};
  const bool is_as_wanted = content.kind == Kind::absence_delete || has_its_dates(content, period);
  return is_as_wanted ? saw_state() : saw(Sight::mismatch);
}

}  // namespace

Reading read_evidence(const Content& content, Op op, std::string_view body) {
  const bool is_workflow =
      content.kind < Kind::unclaim || (content.kind == Kind::unclaim && op == Op::read);
  if (is_workflow) return read_workflow_evidence(content, body);
  const auto root = json::parse(body, Code::document_not_readable);
  if (!root) return {};
  json::Fields fields{Code::document_not_readable, json::Fields::Names::exact};
  return op == Op::read ? read_absence_list(content, *root, fields)
                        : read_series_answer(content, *root, fields);
}

}  // namespace sfluv::outbox
