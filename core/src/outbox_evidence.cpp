// SPDX-License-Identifier: MIT
#include "outbox_evidence.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sfluv/workflow.h"

#include "text.h"

namespace sfluv::outbox {
namespace {

using NamesAndSizes = std::vector<std::pair<std::string_view, std::int64_t>>;

bool is_done(const Step& step) {
  return step.status == StepStatus::completed || step.status == StepStatus::paid_out;
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

Seen compare(const Content& content, const Submission& submission) {
  if (submission.step_not_possible != content.step_not_possible ||
      text::trim(submission.step_not_possible_details) !=
          text::trim(content.step_not_possible_details)) {
    return Seen::mismatch;
  }
  const auto known = [&](const ItemResponse& response) {
    return is_empty(response) || std::ranges::find(content.answers, response.item_id,
                                                   &Answer::item_id) != content.answers.end();
  };
  if (!std::ranges::all_of(submission.item_responses, known)) return Seen::mismatch;
  bool any_marked = false, any_counted = false;
  for (const Answer& answer : content.answers) {
    const auto response =
        std::ranges::find(submission.item_responses, answer.item_id, &ItemResponse::item_id);
    if (response == submission.item_responses.end()) return Seen::mismatch;
    const Match match = match_answer(content, answer, *response);
    if (match == Match::no) return Seen::mismatch;
    const bool has_photos =
        std::ranges::find(content.photos, answer.item_id, &Photo::item_id) != content.photos.end();
    any_counted |= has_photos && match == Match::counted;
    any_marked |= has_photos && match == Match::marked;
  }
  return any_marked && !any_counted ? Seen::strong : Seen::medium;
}

}  // namespace

Reading read_evidence(const Content& content, std::string_view body) {
  const auto workflow = read_workflow(body);
  if (!workflow || workflow->id != content.workflow_id) return {};
  const Step* const step = workflow->find_step(content.step_id);
  if (step == nullptr) return {.seen = Seen::no_step, .submission_id = {}};
  const auto seen = [](Seen what) { return Reading{.seen = what, .submission_id = {}}; };
  if (!is_ours(content, *step)) return seen(Seen::others);
  if (is_done(*step)) {
    // Without an account nobody vouches that a hidden submission is ours.
    if (!step->submission) return seen(content.account.empty() ? Seen::mismatch : Seen::blind);
    const Submission& submission = *step->submission;
    if (!content.account.empty() && !submission.improver_id.empty() &&
        submission.improver_id != content.account) {
      return seen(Seen::others);
    }
    return {.seen = compare(content, submission), .submission_id = submission.id};
  }
  if (workflow->status == WorkflowStatus::blocked) return seen(Seen::locked);
  if (!workflow->is_active()) return seen(Seen::closed);
  const bool is_open =
      step->status == StepStatus::available || step->status == StepStatus::in_progress;
  return seen(is_open ? Seen::open : Seen::locked);
}

}  // namespace sfluv::outbox
