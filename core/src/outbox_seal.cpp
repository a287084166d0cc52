// SPDX-License-Identifier: MIT
// From a finished draft to frozen content and a record.
#include <algorithm>
#include <utility>

#include "sfluv/calendar.h"
#include "sfluv/outbox.h"
#include "sfluv/series.h"

#include "outbox_request.h"
#include "outbox_times.h"
#include "text.h"

namespace sfluv::outbox {
namespace {

constexpr std::size_t label_bytes_max = 40;
constexpr std::size_t digest_hex_digits = 12;
constexpr std::size_t tag_hex_digits = 6;

// Readable, since the names appear in mails; ASCII, since servers cut and escape names; never a
// place, a time or a person.
std::string label_of(std::string_view item_title) {
  std::string label;
  for (const char c : text::to_ascii_lower(item_title)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) {
      label += c;
    } else if (!label.empty() && label.back() != '-') {
      label += '-';
    }
    if (label.size() == label_bytes_max) break;
  }
  while (label.ends_with('-')) label.pop_back();
  return label.empty() ? "photo" : label;
}

std::string_view suffix_of(std::string_view content_type) {
  if (content_type == "image/png") return ".png";
  if (content_type == "image/webp") return ".webp";
  return ".jpg";
}

// Names the content and the submission: the server's echo of it is the evidence that it holds this
// very submission. The same photo twice in one item gets an ordinal.
std::string marked_name(const Content& content, std::string_view item_title, const Photo& photo) {
  const std::string stem = label_of(item_title) + '-' +
                           hex(photo.sha256).substr(0, digest_hex_digits) + '-' +
                           hex(content.id).substr(0, tag_hex_digits);
  const auto twins = std::ranges::count_if(content.photos, [&](const Photo& other) {
    return other.item_id == photo.item_id && other.sha256 == photo.sha256;
  });
  const std::string ordinal = twins == 0 ? "" : '-' + std::to_string(twins + 1);
  return stem + ordinal + std::string{suffix_of(photo.content_type)};
}

void fill_in(Content& content, Draft& draft, const Verdict& verdict) {
  content.step_not_possible = verdict.step_not_possible;
  content.step_not_possible_details = verdict.step_not_possible_details;
  for (const StoredResponse& response : verdict.item_responses) {
    content.answers.push_back({.item_id = response.item_id,
                               .photo_ids = response.photo_ids,
                               .written_response = response.written_response,
                               .dropdown_value = response.dropdown_value});
  }
  for (const StoredPhoto& stored : verdict.photos) {
    Draft::Upload& upload = draft.uploads[stored.item_index][stored.upload_index];
    Photo photo{.item_id = stored.item_id,
                .key = std::move(upload.key),
                .file_name = {},
                .content_type = stored.content_type,
                .size_bytes = stored.size_bytes,
                .sha256 = upload.sha256,
                .source = upload.source};
    const auto item = std::ranges::find(draft.work_items, photo.item_id, &WorkItem::id);
    photo.file_name = marked_name(content, item->title, photo);
    content.photos.push_back(std::move(photo));
  }
}

std::optional<Issue> blank(std::string_view text, std::string_view path) {
  if (!text::is_blank(text)) return std::nullopt;
  return Issue{.code = Code::document_not_readable,
               .path = std::string{path},
               .params = {{"reason", "value"}, {"expected", "text"}}};
}

// What can be known here of a request that carries no answers (rulebook C5, C6); the rest the
// server says.
std::vector<Issue> issues_of_request(const Content& content) {
  std::vector<Issue> issues;
  const auto add = [&](std::optional<Issue> issue) {
    if (issue) issues.push_back(std::move(*issue));
  };
  add(blank(content.account, "/account"));
  if (!is_of_series(content.kind)) return issues;
  if (text::is_blank(content.series_id))
    issues.push_back({.code = Code::series_blank, .path = "/series_id", .params = {}});
  if (content.step_order < 1)
    issues.push_back({.code = Code::step_order_invalid,
                      .path = "/step_order",
                      .params = {{"step_order", content.step_order}}});
  if (content.kind == Kind::unclaim) return issues;
  if (content.kind != Kind::absence_create) add(blank(content.absence_id, "/absence_id"));
  if (content.kind == Kind::absence_delete) return issues;
  const auto from = calendar::parse_absence_bound(content.absent_from, calendar::Bound::from);
  const auto until = calendar::parse_absence_bound(content.absent_until, calendar::Bound::until);
  const auto bad_date = [&](std::string_view path, const std::string& value) {
    issues.push_back(
        {.code = Code::date_invalid, .path = std::string{path}, .params = {{"value", value}}});
  };
  if (!from) bad_date("/absent_from", content.absent_from);
  if (!until) bad_date("/absent_until", content.absent_until);
  if (from && until && *until <= *from)
    issues.push_back({.code = Code::range_empty, .path = "/absent_until", .params = {}});
  return issues;
}

// The content as it is frozen, or all that is wrong with it.
std::expected<Content, std::vector<Issue>> freeze(Draft draft) {
  Content content = std::move(draft.content);
  if (content.kind != Kind::complete) {
    auto issues = issues_of_request(content);
    if (!issues.empty()) return std::unexpected(std::move(issues));
  } else {
    const Verdict verdict = check_completion(
        {.work_items = draft.work_items, .allow_step_not_possible = draft.allow_step_not_possible},
        draft.request);
    if (!verdict.accepted()) return std::unexpected(verdict.issues);
    fill_in(content, draft, verdict);
  }
  content.stages_photos = content.stages_photos && !content.photos.empty();
  content.body_bytes = size_of(body_plan(content), content);
  if (!content.stages_photos) return content;
  for (const Photo& photo : content.photos) content.body_bytes += photo.size_bytes;
  return content;
}

// From then on work on this occurrence may be lost (rulebook C7.3).
std::int64_t deadline_ms_of(const Content& content) {
  Workflow workflow;
  workflow.recurrence = content.recurrence;
  workflow.start_at = content.start_at_s;
  const auto seconds = deadline_s(workflow);
  const bool is_known = seconds && *seconds > 0 && content.start_at_s > 0;
  return is_known && !is_of_series(content.kind) ? *seconds * second_ms : 0;
}

// It waits for its first persist, under a new token.
Record begun(Record record, State state, const Inputs& inputs) {
  const std::int64_t now_ms = std::clamp<std::int64_t>(inputs.now_ms, 1, latest_ms);
  record.state = state;
  record.why = Why::none;
  record.due_ms = now_ms;
  record.wait_ms = 0;
  record.pending = Pending::store;
  ++record.revision;
  record.entries.push_back({.at_ms = now_ms, .state = state, .why = {}, .status = 0});
  if (record.entries.size() > entries_max) record.entries.erase(record.entries.begin());
  return record;
}

}  // namespace

std::expected<Record, std::vector<Issue>> seal(Draft draft, std::int64_t order,
                                               const Inputs& inputs) {
  auto content = freeze(std::move(draft));
  if (!content) return std::unexpected(std::move(content.error()));
  Record record{.content = std::move(*content), .order = order, .created_ms = inputs.now_ms};
  record.deadline_ms = deadline_ms_of(record.content);
  return begun(std::move(record), State::queued, inputs);
}

std::expected<Record, std::vector<Issue>> revise(Record record, Draft draft, const Inputs& inputs) {
  auto content = freeze(std::move(draft));
  if (!content) return std::unexpected(std::move(content.error()));
  content->edition = record.content.edition + 1;
  record.content = std::move(*content);
  record.server.reset();
  record.staged.clear();
  record.piece = 0;
  return begun(std::move(record), State::unknown, inputs);
}

Record adopt(Record record, std::int64_t order, const Inputs& inputs) {
  record.order = order;
  record.imported = true;
  if (is_settled(record.state)) {
    record.pending = Pending::store;
    ++record.revision;
    return record;
  }
  // Where it comes from it may have been sent, or may be sent yet: as after a lost answer.
  record.attempts = std::max(record.attempts, 1u);
  record.open_readings = 0;
  record.reading_counts = false;
  record.refusal = Refusal::none;
  record.quiet_ms = import_quiet_ms;
  record.quiet_until_ms = std::clamp<std::int64_t>(inputs.now_ms, 1, latest_ms) + record.quiet_ms;
  return begun(std::move(record), State::unknown, inputs);
}

}  // namespace sfluv::outbox
