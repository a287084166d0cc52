// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The queue as bytes and text: what the wasm module `rules` and the simulator call. No call
/// carries more than one record plus one packed summary a record (limits::summary_bytes), so a
/// queue of 500 is never parsed at every step. Records, queues and leases are opaque to every
/// caller: rows of a store.
///
/// The rows of one account at one server:
///  - `queue`, one: pauses and the person's switches. May be absent or unreadable: it starts anew.
///  - `record` and its `summary`, one of each for everything queued.
///  - `lease`, one: which page drives.
/// A row is only ever replaced by compare-and-swap with what was read of it.
namespace sfluv::api {

struct OutboxReply {
  /// What the caller goes on with; empty where the call does not touch it or refuses, which leaves
  /// the caller with what it had. To be stored when `json` asks for it.
  std::vector<std::uint8_t> queue;
  std::vector<std::uint8_t> record;
  std::vector<std::uint8_t> summary;  ///< limits::summary_bytes bytes, kept beside the record
  std::string json;
};

/// The queue of an account, and what concerns all of its records.
/// Event: {"type":...,"now_ms":n,"account":"...","api_base":"https://...", ...}:
///   "open"                     nothing happened: the queue as it is, or a new one
///   "hint"                     the network may be back: online, page shown, a new record
///   "signed_in"                there is a new token, or the policy was accepted
///   "store_down"  "store_up"   the database is away, is back
///   "hold","why":"user"|"metered","on":true|false   the person's switches: pause, Wi-Fi only
/// `account` is the improver's id as the API shows it in `assigned_improver_id`, "" when not known;
/// a queue of another account or server is replaced by a new one.
/// Out: {"queue":{"state":"running"|"paused","why":"none"|"unreachable"|"unreadable"|"server_busy"|
///   "server_error"|"auth"|"policy"|"store"|"user"|"metered","until_ms":n,"contact_ms":n,
///   "user":bool,"metered":bool}}. `until_ms` is 0 when the pause does not end by itself;
/// `contact_ms` is when the server last said something to the point, 0: never.
/// After "hold" the queue is to be stored at once; else beside the next record.
[[nodiscard]] OutboxReply outbox_queue(std::span<const std::uint8_t> queue, std::string_view event);

/// Makes a record out of a finished draft or wish, or, with the bytes of a record that may be
/// revised, seals that one again with other content.
/// In: {"id":"32 hex digits of entropy","now_ms":n,"kind":"complete", ...}; the kinds and what each
/// reads:
///   "complete"        workflow, step, draft
///   "start" "claim"   workflow, step
///   "unclaim"         workflow (an occurrence in which the step is assigned to this account; it is
///                     what is looked at afterwards), "series_id","step_order"
///   "absence_create"  "series_id","step_order","absent_from","absent_until"
///   "absence_update"  the same, and "absence_id"
///   "absence_delete"  "series_id","step_order","absence_id"
/// with
///   "workflow":{"id","title","series_id"?,"recurrence"?,"start_at"?}
///   "step":{"id","title","allow_step_not_possible"?,"work_items"?:[...]}
///   "draft":{"step_not_possible","step_not_possible_details",
///            "items":[{"item_id","written_response","dropdown_value","photo_ids",
///              "photo_uploads":[{"content_type","size_bytes","sha256":"64 hex","key":"...",
///                "source":"camera_app"|"page_camera"|"page_frame"|"files"?}]}]}
///   "profile":"documents"|"live"   how the server behaves: where it takes photos ahead of a
///        submission, they go ahead
/// Account and server are those of `queue`; all kinds but complete need a known account. `key`
/// names the photo in the caller's store; `source`, how it came, stays in the record, in drafts made
/// of it and in exports, and is never sent; the file name is made here: it names the content and the
/// submission, so that the server's echo of it is evidence. `id` is not read when a record is
/// revised. Out:
///   {"effects":[{"type":"persist","token":n}],"view":{...}}, or
///   {"issues":[...]} when the draft is not acceptable, or {"issue":{...}}; among them
///   record_already_queued {index}: the summary of one of the same kind for the same step.
[[nodiscard]] OutboxReply outbox_seal(std::span<const std::uint8_t> queue,
                                      std::span<const std::uint8_t> summaries,
                                      std::span<const std::uint8_t> record, std::string_view input);

/// Takes in a record of another device, or of an export of this one: same id, same marker, so that
/// what was delivered there is found here. Photos belong in the store, under their keys, first.
/// In: {"now_ms":n}. Out: as `outbox_seal`; {"issue":record_of_other_account} when it is somebody
/// else's.
[[nodiscard]] OutboxReply outbox_import(std::span<const std::uint8_t> queue,
                                        std::span<const std::uint8_t> summaries,
                                        std::span<const std::uint8_t> record,
                                        std::string_view input);

/// One step of the queue's state machine for one record.
/// Event: {"type":...,"now_ms":n,"entropy":n,"retention_ms":n?, ...}:
///   "wake"                                       `outbox_next` named this record
///   "ask","action":"retry"|"take_back"|"discard"|"undo"|"prune"    a person asks; `may` in the
///   view
///        says what is possible
///   "stored","token":n  "store_failed","token":n what became of a persist effect
///   "answered","op":"read"|"send"|"stage","status":n,"auth_reason":"..."?,"retry_after_ms":n?
///        with the answer's exact text in `body`
///   "unreachable","op":"read"|"send"|"stage"     no answer: network error, abort, time-out;
///        with "unsent":true when it ended before the first byte: then no attempt was made
///   "photo_lost","damaged":bool                  said instead of sending: a photo in the store is
///        missing, or is not the one that was sealed
///   "removed"                                    the photos of a remove effect are gone
///   "interrupted"                                the page that drove this record is gone: said
///        once for each record when a driver takes over, before anything else
///   "shown"                                      the page read the workflow for its own purposes:
///        its exact text in `body`
/// Out: {"effects":[...],"view":{...},"queue":{...}}; effects in the order in which they are to be
/// run:
///   {"type":"persist","token":n}                 store `record` and `summary`, and `queue` when it
///        changed, in one transaction; then say "stored" or "store_failed"
///   {"type":"read","path":"/...","answer_ms":n}  GET, then say "answered" or "unreachable"
///   {"type":"send","op":"send"|"stage","method":"POST"|"PUT"|"DELETE","path":"...",
///        "content_type":"...",
///        "body":[{"text":"..."},{"photo":"key","sha256":"64 hex"}...],"bytes":n,"attempt":n,
///        "stall_ms":n,"answer_ms":n}             texts as they are, photos as base64 when their
///        bytes have this digest, else say "photo_lost"; with "from":n,"to":n that piece of the
///        photo as it is; no parts: no body. Give up after `stall_ms` without progress, or
///        `answer_ms` after the last progress
///   {"type":"remove","photos":["key",...]}       not needed by this record any more; delete those
///        that nothing else uses, then say "removed"
///   {"type":"wake_at","at_ms":n}                 ask `outbox_next` again then
/// A send (but for "stage", which may go up any number of times) exists only in the answer to the
/// "stored" of the persist that recorded the attempt. An
/// acknowledgement of an older persist changes nothing; an answer that nobody waits for is refused:
/// {"issue":{"code":"record_event_refused",...}}. `now_ms` is Unix time that, within a session,
/// should run like a monotonic clock (performance.timeOrigin + performance.now()).
///
/// The view: {"id","kind","state","why","workflow_id","step_id","workflow_title","step_title",
///  "created_ms","due_ms","deadline_ms","attempts","stuck":bool,"photos":n,"bytes":n,
///  "server":{"status","text"}|null,"receipt":{"submission_id","evidence","at_ms"}|null,
///  "may":["retry","take_back","revise","discard","undo","prune"]}, with "series_id","step_order",
/// "absent_from","absent_until" after the titles where the kind has them. `why` is "none" when
/// there is nothing to say, `due_ms` 0 when nothing is scheduled (of "discarded": when it is
/// final), `deadline_ms` when the next occurrence begins, 0: none; `stuck`: has failed so often
/// that the person should know; `bytes` the length of the body.
[[nodiscard]] OutboxReply outbox_advance(std::span<const std::uint8_t> queue,
                                         std::span<const std::uint8_t> record,
                                         std::string_view event, std::string_view body);

/// Which record is to be driven next: say "wake" to it. `summaries`: packed, one after the other.
/// Records with a request under way are left alone. Out: {"index":n} or {"wake_at_ms":n} or {}, and
/// beside it, where there are any, lists of indices:
///   "behind"      wait for an earlier one of their step or series
///   "endangered"  not delivered, and the next occurrence begins soon
///   "foreign"     of another account: locked
///   "damaged"     summaries that cannot be read; their records stay where they are
[[nodiscard]] std::string outbox_next(std::span<const std::uint8_t> queue,
                                      std::span<const std::uint8_t> summaries, std::int64_t now_ms);

/// What to show of a record: the view of `outbox_advance`, or {"issue":{...}} when its bytes cannot
/// be read: then it is as good as quarantined, and exportable as bytes.
[[nodiscard]] std::string outbox_view(std::span<const std::uint8_t> record);

/// The content as a draft: for "take back" (asked of the record as it was before), for `revise`,
/// and to begin a new one. Out: what `outbox_seal` reads under "draft".
[[nodiscard]] std::string outbox_draft(std::span<const std::uint8_t> record);

/// What an export file is made of:
/// {"manifest":{"format":"sfluv-field record","version":1,"account","api_base","edition","method",
///   "path","record":{view},"photos":[{"file":"photos/1-NAME.jpg","key","item_id","content_type",
///   "size_bytes","sha256","source"?}]},
///  "body":[{"text"},{"photo","sha256"}...],"journal":"a line for each change\n..."}
/// A zip holds manifest.json (`manifest`), request.json (`body` with the photos in their places),
/// journal.txt, the photos under their `file`, and record.bin, which alone `outbox_import` reads;
/// whoever imports compares each photo with its `size_bytes` and `sha256`.
[[nodiscard]] std::string outbox_export(std::span<const std::uint8_t> record);

/// Which page drives. Event: {"type":"take"|"renew"|"release","owner":"32 hex digits",
/// "epoch":n (renew, release),"alone":true when a lock of the browser's says that nobody else
/// drives, whatever the row says (take),"now_ms":n}. Out: {"held":bool,"epoch":n,"until_ms":n,
/// "heartbeat_ms":n}; with "held":true the row is to be replaced by `record`, and only when that
/// succeeded does this page drive. It renews every `heartbeat_ms` while it has a request under way,
/// makes every write on condition that the row is unchanged, and stops when that fails.
/// "held":false: another page drives until `until_ms` at the latest.
[[nodiscard]] OutboxReply outbox_lease(std::span<const std::uint8_t> lease, std::string_view event);

}  // namespace sfluv::api
