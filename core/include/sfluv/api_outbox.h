// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The queue as bytes and text: what the wasm module `rules` and the simulator call. No call carries
/// more than one record plus one packed summary a record (limits::summary_bytes), so a queue of 500
/// is never parsed at every step. Records are opaque to every caller.
namespace sfluv::api {

struct OutboxReply {
  std::vector<std::uint8_t> record;   ///< to be stored when `json` asks for it; empty on refusal
  std::vector<std::uint8_t> summary;  ///< limits::summary_bytes bytes, kept beside the record
  std::string json;
};

/// Makes a record out of a finished draft.
/// In: {"id":"32 hex digits of entropy","account":"...","api_base":"https://...","now_ms":n,
///      "workflow":{"id","title","recurrence"?,"start_at"?},
///      "step":{"id","title","allow_step_not_possible","work_items":[...]},
///      "draft":{"step_not_possible","step_not_possible_details",
///               "items":[{"item_id","written_response","dropdown_value","photo_ids",
///                 "photo_uploads":[{"content_type","size_bytes","sha256":"64 hex","key":"..."}]}]}}
/// `key` names the photo in the caller's store; the file name is made here (content marker,
/// offline.md §2.3). Out: {"effects":[{"type":"persist","token":n}],"view":{...}}, or
/// {"issues":[...]} when the draft is not acceptable, or {"issue":{...}}.
[[nodiscard]] OutboxReply outbox_seal(std::string_view input);

/// One step of the queue's state machine for one record.
/// Event: {"type":...,"now_ms":n,"entropy":n, ...}:
///   "wake"                                       time passed, or a hint
///   "retry"                                      the person asks for it now
///   "stored","token":n  "store_failed","token":n what became of a persist effect
///   "answered","op":"read"|"send","status":n,"auth_reason":"..."?,"retry_after_ms":n?
///        with the answer's exact text in `body`
///   "unreachable","op":"read"|"send"             no answer: network error, abort, time-out
///   "interrupted"                                the page that drove this record is gone
/// Out: {"effects":[...],"view":{...}}; effects in the order in which they are to be run:
///   {"type":"persist","token":n}                 store `record` and `summary`, then say "stored"
///   {"type":"read","path":"/workflows/..."}      GET, then say "answered" or "unreachable"
///   {"type":"send","method":"POST","path":"...","body":[{"text":"..."},{"photo":"key"}...],
///        "bytes":n,"attempt":n}                  texts as they are, photos as base64
///   {"type":"wake_at","at_ms":n}                 say "wake" then
/// A send exists only in the answer to the "stored" of the persist that recorded the attempt.
[[nodiscard]] OutboxReply outbox_advance(std::span<const std::uint8_t> record, std::string_view event,
                                         std::string_view body);

/// What to show of a record: {"id","state","why","workflow_id","step_id",...} (outbox.h `View`).
[[nodiscard]] std::string outbox_view(std::span<const std::uint8_t> record);

/// Which record is to be driven next. `summaries`: packed, one after the other.
/// Out: {"index":n} or {"wake_at_ms":n} or {}.
[[nodiscard]] std::string outbox_next(std::span<const std::uint8_t> summaries, std::int64_t now_ms);

}  // namespace sfluv::api
