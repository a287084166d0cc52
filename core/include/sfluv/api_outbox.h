// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The queue as bytes and text: what the wasm module `rules` and the simulator call. No call
/// carries more than one record plus one packed summary a record (limits::summary_bytes), so a
/// queue of 500 is never parsed at every step. Records are opaque to every caller.
namespace sfluv::api {

struct OutboxReply {
  /// What the caller goes on with; to be stored when `json` asks for it. Empty on refusal, which
  /// leaves the caller with what it had.
  std::vector<std::uint8_t> record;
  std::vector<std::uint8_t> summary;  ///< limits::summary_bytes bytes, kept beside the record
  std::string json;
};

/// Makes a record out of a finished draft.
/// In: {"id":"32 hex digits of entropy","account":"...","api_base":"https://...","now_ms":n,
///      "workflow":{"id","title","recurrence"?,"start_at"?},
///      "step":{"id","title","allow_step_not_possible","work_items":[...]},
///      "draft":{"step_not_possible","step_not_possible_details",
///               "items":[{"item_id","written_response","dropdown_value","photo_ids",
///                 "photo_uploads":[{"content_type","size_bytes","sha256":"64
///                 hex","key":"..."}]}]}}
/// `account` is the improver's id as the API shows it in `assigned_improver_id`, "" when not known.
/// `key` names the photo in the caller's store; the file name is made here: it names the content
/// and the submission, so that the server's echo of it is evidence. Out:
/// {"effects":[{"type":"persist","token":n}],"view":{...}}, or
/// {"issues":[...]} when the draft is not acceptable, or {"issue":{...}}.
[[nodiscard]] OutboxReply outbox_seal(std::string_view input);

/// One step of the queue's state machine for one record.
/// Event: {"type":...,"now_ms":n,"entropy":n, ...}:
///   "wake"                                       time passed, or a hint (online, page shown)
///   "retry"                                      the person asks for it now
///   "stored","token":n  "store_failed","token":n what became of a persist effect
///   "answered","op":"read"|"send","status":n,"auth_reason":"..."?,"retry_after_ms":n?
///        with the answer's exact text in `body`
///   "unreachable","op":"read"|"send"             no answer: network error, abort, time-out
///   "interrupted"                                the page that drove this record is gone: said
///        for each record when a driver starts, before anything else
/// Out: {"effects":[...],"view":{...}}; effects in the order in which they are to be run:
///   {"type":"persist","token":n}                 store `record` and `summary`, then say "stored"
///   {"type":"read","path":"/workflows/..."}      GET, then say "answered" or "unreachable"
///   {"type":"send","method":"POST","path":"...","body":[{"text":"..."},{"photo":"key"}...],
///        "bytes":n,"attempt":n}                  texts as they are, photos as base64
///   {"type":"wake_at","at_ms":n}                 say "wake" then
/// A send exists only in the answer to the "stored" of the persist that recorded the attempt. An
/// acknowledgement of an older persist changes nothing; an answer that nobody waits for is refused:
/// {"issue":{"code":"record_event_refused",...}}. `now_ms` is Unix time that, within a session,
/// should run like a monotonic clock (performance.timeOrigin + performance.now()).
[[nodiscard]] OutboxReply outbox_advance(std::span<const std::uint8_t> record,
                                         std::string_view event, std::string_view body);

/// What to show of a record: {"id","state","why","workflow_id","step_id",...} (outbox.h `View`).
[[nodiscard]] std::string outbox_view(std::span<const std::uint8_t> record);

/// Which record is to be driven next. `summaries`: packed, one after the other.
/// Records with a request under way are left alone. Out: {"index":n} or {"wake_at_ms":n} or {}, and
/// "damaged":[n,...] beside it where summaries cannot be read: those records stay where they are.
[[nodiscard]] std::string outbox_next(std::span<const std::uint8_t> summaries, std::int64_t now_ms);

}  // namespace sfluv::api
