// SPDX-License-Identifier: MIT
// What others see of a record: people its view, a form its draft, another device its export.
#include <algorithm>
#include <array>

#include "sfluv/calendar.h"
#include "sfluv/json_writer.h"
#include "sfluv/outbox.h"

#include "outbox_request.h"

namespace sfluv::outbox {
namespace {

constexpr std::array<std::string_view, 7> kinds{
    "complete", "start", "claim", "unclaim", "absence_create", "absence_update", "absence_delete"};

// It has failed so often that a person should know.
constexpr std::uint32_t stuck_after = 5;

// Names of enumerators in their order; `to_string` indexes them.
constexpr std::array<std::string_view, 13> states{
    "queued",    "probing", "sending",     "unknown",   "reconciling", "needs_fix", "needs_user",
    "delivered", "waiting", "quarantined", "discarded", "pruned",      "staging"};

constexpr std::array<std::string_view, 26> whys{
    "none",        "unreachable", "unreadable",    "auth",          "server_busy", "server_error",
    "interrupted", "locked",      "quiet",         "store",         "rejected",    "too_large",
    "refused",     "conflict",    "not_mine",      "closed",        "gone",        "policy",
    "missed",      "lost",        "photo_missing", "photo_damaged", "taken_back",  "user",
    "metered",     "no_staging"};

constexpr std::array<std::string_view, 4> evidences{"strong", "medium", "blind", "state"};

constexpr std::array<std::string_view, 5> photo_sources{"unknown", "camera_app", "page_camera",
                                                        "page_frame", "files"};

constexpr std::array<std::string_view, 6> actions{"retry",   "take_back", "revise",
                                                  "discard", "undo",      "prune"};

constexpr std::array<std::string_view, std::variant_size_v<Event>> events{
    "wake",        "ask",        "stored",  "store_failed", "answered",
    "unreachable", "photo_lost", "removed", "interrupted",  "shown"};

void write_server(JsonWriter& out, const Record& record) {
  out.key("server");
  if (!record.server) {
    out.null();
    return;
  }
  out.begin_object().key("status").number(record.server->status);
  out.key("text").string(record.server->text).end_object();
}

void write_receipt(JsonWriter& out, const Record& record) {
  out.key("receipt");
  if (!record.receipt) {
    out.null();
    return;
  }
  out.begin_object().key("submission_id").string(record.receipt->submission_id);
  out.key("evidence").string(to_string(record.receipt->evidence));
  out.key("at_ms").number(record.receipt->at_ms).end_object();
}

// Which step or series, by id and by name.
void write_subject(JsonWriter& out, const Content& content) {
  out.key("workflow_id").string(content.workflow_id).key("step_id").string(content.step_id);
  out.key("workflow_title").string(content.workflow_title);
  out.key("step_title").string(content.step_title);
  if (!is_of_series(content.kind)) return;
  out.key("series_id").string(content.series_id).key("step_order").number(content.step_order);
  out.key("absent_from").string(content.absent_from);
  out.key("absent_until").string(content.absent_until);
}

void write_source(JsonWriter& out, const Photo& photo) {
  if (photo.source != PhotoSource::unknown) out.key("source").string(to_string(photo.source));
}

void write_uploads(JsonWriter& out, const Content& content, const Answer& answer) {
  out.key("photo_uploads").begin_array();
  for (const Photo& photo : content.photos) {
    if (photo.item_id != answer.item_id) continue;
    out.begin_object().key("content_type").string(photo.content_type);
    out.key("size_bytes").number(static_cast<std::int64_t>(photo.size_bytes));
    out.key("sha256").string(hex(photo.sha256)).key("key").string(photo.key);
    write_source(out, photo);
    out.end_object();
  }
  out.end_array();
}

void write_export_photos(JsonWriter& out, const Content& content) {
  out.key("photos").begin_array();
  for (std::size_t i = 0; i < content.photos.size(); ++i) {
    const Photo& photo = content.photos[i];
    out.begin_object().key("file").string("photos/" + std::to_string(i + 1) + '-' +
                                          photo.file_name);
    out.key("key").string(photo.key).key("item_id").string(photo.item_id);
    out.key("content_type").string(photo.content_type);
    out.key("size_bytes").number(static_cast<std::int64_t>(photo.size_bytes));
    out.key("sha256").string(hex(photo.sha256));
    write_source(out, photo);
    out.end_object();
  }
  out.end_array();
}

std::string journal_of(const Record& record) {
  std::string journal;
  for (const Entry& entry : record.entries) {
    journal += calendar::format_instant(entry.at_ms / 1000) + ' ';
    journal += to_string(entry.state);
    if (entry.why != Why::none) journal += ' ' + std::string{to_string(entry.why)};
    if (entry.status != 0) journal += " HTTP " + std::to_string(entry.status);
    journal += '\n';
  }
  return journal;
}

}  // namespace

std::string_view to_string(Kind kind) { return kinds[static_cast<std::size_t>(kind)]; }
std::string_view to_string(State state) { return states[static_cast<std::size_t>(state)]; }
std::string_view to_string(Why why) { return whys[static_cast<std::size_t>(why)]; }
std::string_view to_string(Evidence evidence) {
  return evidences[static_cast<std::size_t>(evidence)];
}
std::string_view to_string(PhotoSource source) {
  return photo_sources[static_cast<std::size_t>(source)];
}
std::string_view to_string(Action action) { return actions[static_cast<std::size_t>(action)]; }

std::string_view name_of(const Event& event) { return events[event.index()]; }

std::optional<Kind> kind_from(std::string_view text) {
  const auto found = std::ranges::find(kinds, text);
  if (found == kinds.end()) return std::nullopt;
  return static_cast<Kind>(found - kinds.begin());
}

PhotoSource photo_source_from(std::string_view text) {
  const auto found = std::ranges::find(photo_sources, text);
  if (found == photo_sources.end()) return PhotoSource::unknown;
  return static_cast<PhotoSource>(found - photo_sources.begin());
}

std::optional<Action> action_from(std::string_view text) {
  const auto found = std::ranges::find(actions, text);
  if (found == actions.end()) return std::nullopt;
  return static_cast<Action>(found - actions.begin());
}

std::string view(const Record& record) {
  JsonWriter out;
  out.begin_object().key("id").string(hex(record.content.id));
  out.key("kind").string(to_string(record.content.kind));
  out.key("state").string(to_string(record.state)).key("why").string(to_string(record.why));
  write_subject(out, record.content);
  out.key("created_ms").number(record.created_ms).key("due_ms").number(record.due_ms);
  out.key("deadline_ms").number(record.deadline_ms);
  out.key("attempts").number(record.attempts);
  out.key("stuck").boolean(std::max(record.attempts, record.failures) >= stuck_after);
  out.key("photos").number(std::ssize(record.content.photos));
  out.key("bytes").number(static_cast<std::int64_t>(record.content.body_bytes));
  write_server(out, record);
  write_receipt(out, record);
  out.key("may").begin_array();
  for (std::size_t i = 0; i < actions.size(); ++i) {
    if (may(record, static_cast<Action>(i))) out.string(actions[i]);
  }
  out.end_array().end_object();
  return out.take();
}

std::string draft_of(const Record& record) {
  const Content& content = record.content;
  JsonWriter out;
  out.begin_object().key("step_not_possible").boolean(content.step_not_possible);
  out.key("step_not_possible_details").string(content.step_not_possible_details);
  out.key("items").begin_array();
  for (const Answer& answer : content.answers) {
    out.begin_object().key("item_id").string(answer.item_id);
    out.key("written_response").string(answer.written_response);
    out.key("dropdown_value").string(answer.dropdown_value);
    out.key("photo_ids").begin_array();
    for (const std::string& id : answer.photo_ids) out.string(id);
    out.end_array();
    write_uploads(out, content, answer);
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

std::string export_of(const Record& record) {
  const Content& content = record.content;
  const Send send = send_of(record);
  JsonWriter out;
  out.begin_object().key("manifest").begin_object().key("format").string("sfluv-field record");
  out.key("version").number(1).key("account").string(content.account);
  out.key("api_base").string(content.api_base).key("edition").number(content.edition);
  out.key("method").string(send.method).key("path").string(send.path);
  out.key("record").raw(view(record));
  write_export_photos(out, content);
  out.end_object();
  write_body(out, send.body);
  out.key("journal").string(journal_of(record)).end_object();
  return out.take();
}

}  // namespace sfluv::outbox
