// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sfluv/completion.h"
#include "sfluv/digest.h"
#include "sfluv/issue.h"

/// The queue of finished work as one pure function: what happened goes in, what is to be done comes
/// out. No clock, no randomness, no I/O. Three promises shape it:
///  - nothing is sent before the intention to send it is stored, and no result is believed that the
///    server did not show;
///  - after an attempt whose end is unclear nothing is sent again before a quiet period and two
///    readings that show it not done, because one `fetch` can put ten copies on the wire, late
///    ones among them, and the API has no idempotency key;
///  - nothing is ever thrown away that was not delivered, unless the person says so twice.
/// Which record goes next, and what pauses all of them: outbox_queue.h.
namespace sfluv::outbox {

/// What a record asks of the server, and what has to be seen when it is read back to know that it
/// is done (outbox_evidence.cpp). A payout request is never queued: repeating it moves money.
enum class Kind : std::uint8_t {
  complete,        ///< the step is done and holds this submission, see `Evidence`
  start,           ///< the step is mine and in progress, or done
  claim,           ///< the step is mine; a wish: somebody else may be quicker
  unclaim,         ///< the step of an occurrence that was mine is not mine any more
  absence_create,  ///< my absences list one of this series, step and dates
  absence_update,  ///< they list this one with the new dates
  absence_delete,  ///< they do not list it any more
};
[[nodiscard]] std::string_view to_string(Kind kind);
[[nodiscard]] std::optional<Kind> kind_from(std::string_view text);

/// Where a record stands. A draft is none yet; it becomes one by `seal`.
enum class State : std::uint8_t {
  queued,       ///< sealed, its turn is next; nothing of the present attempt has left
  probing,      ///< reading before sending
  sending,      ///< this attempt is on record; bytes may have left
  unknown,      ///< an attempt was made and its outcome is not known
  reconciling,  ///< reading to learn the outcome
  needs_fix,    ///< the server refused these bytes and does not hold them
  needs_user,   ///< only a person can go on; `Why` says what it is
  delivered,    ///< the server was seen to hold it; see `Receipt`
  waiting,      ///< as `queued`, but not before `due_ms`; `Why` says why
  quarantined,  ///< what is on this device is not what was sealed: nothing is sent
  discarded,    ///< the person gave it up; can be undone until `due_ms`
  pruned,       ///< what it weighed is gone from this device; a receipt stays
  staging,      ///< its photos go up ahead of it, in pieces that may go up any number of times
};
[[nodiscard]] std::string_view to_string(State state);

/// Why a record waits, what a person is needed for, or what all records wait for.
enum class Why : std::uint8_t {
  none,
  unreachable,    ///< no answer: offline, aborted, timed out
  unreadable,     ///< an answer, but not one of this API: a captive portal, a torn connection
  auth,           ///< signed out: 401, or 403 with an empty body
  server_busy,    ///< 408, 425, 429, 503
  server_error,   ///< 5xx
  interrupted,    ///< the page went away while the request was under way
  locked,         ///< the step is not open yet
  quiet,          ///< late copies of an attempt are given time to arrive
  store,          ///< this device could not write it down
  rejected,       ///< needs_fix: the server's words say why
  too_large,      ///< needs_user: 413, smaller photos will do
  refused,        ///< needs_user: refused although it is open and ours
  conflict,       ///< needs_user: done with other content, or it cannot be told by whom
  not_mine,       ///< needs_user: the step belongs to somebody else
  closed,         ///< needs_user: the workflow is not active any more
  gone,           ///< needs_user: the server does not know it
  policy,         ///< the privacy policy has to be accepted first
  missed,         ///< needs_user: the next occurrence has begun, this one was skipped
  lost,           ///< needs_user: delivered, and later not there any more
  photo_missing,  ///< quarantined
  photo_damaged,  ///< quarantined
  taken_back,     ///< pruned: its content went back into a draft
  user,           ///< the person paused sending
  metered,        ///< sending waits for Wi-Fi
  no_staging,     ///< the server takes no photos ahead: another profile than it was sealed for
};
[[nodiscard]] std::string_view to_string(Why why);

/// How the server was seen to hold it.
enum class Evidence : std::uint8_t {
  strong,  ///< answers and marked photo names and sizes are equal
  medium,  ///< answers and numbers of photos are equal; the step was seen open before the first
           ///< send, or the record came from another device that may have sent it
  blind,   ///< completed by this account, content not shown; the step was seen open before
  state,   ///< what was asked for is what the server shows: claimed, started, released, away
};
[[nodiscard]] std::string_view to_string(Evidence evidence);

/// How a photo came, as the page that asked for it says: browsers do not prove a camera. Never sent.
enum class PhotoSource : std::uint8_t { unknown, camera_app, page_camera, page_frame, files };
[[nodiscard]] std::string_view to_string(PhotoSource source);
/// `unknown` for any other word: no reason to refuse work.
[[nodiscard]] PhotoSource photo_source_from(std::string_view text);

/// A photo that waits in the caller's store under `key`.
struct Photo {
  std::string item_id;
  std::string key;
  std::string file_name;  ///< made by `seal`; names the content, so the server's echo is evidence
  std::string content_type;
  std::uint64_t size_bytes = 0;
  Sha256 sha256{};
  PhotoSource source{};

  bool operator==(const Photo&) const = default;
};

/// One item as it is sent: trimmed, and only with input.
struct Answer {
  std::string item_id;
  std::vector<std::string> photo_ids;  ///< staged before, not part of this record
  std::string written_response;
  std::string dropdown_value;

  bool operator==(const Answer&) const = default;
};

/// What is sent and for whom. Frozen by `seal`: the body can be made again from it at any time.
struct Content {
  std::array<std::uint8_t, 16> id{};
  Kind kind = Kind::complete;
  std::uint32_t edition = 1;  ///< grows when the person corrects what was refused
  std::string account;        ///< the improver's id as in `assigned_improver_id`; "" when not known
  std::string api_base;
  std::string workflow_id;  ///< of unclaim: the occurrence that is looked at afterwards
  std::string step_id;
  std::string workflow_title;
  std::string step_title;
  std::string series_id;
  std::string recurrence;
  std::int64_t start_at_s = 0;
  std::int64_t step_order = 0;  ///< unclaim, absences
  std::string absence_id;       ///< absence_update, absence_delete
  std::string absent_from;      ///< as given: a day or an instant
  std::string absent_until;
  bool step_not_possible = false;
  std::string step_not_possible_details;
  std::vector<Answer> answers;
  std::vector<Photo> photos;
  std::uint64_t body_bytes = 0;  ///< all that goes up
  bool stages_photos = false;    ///< they go up ahead, where the server takes them (rulebook A7)

  bool operator==(const Content&) const = default;
};

/// What the next reading has to be judged by: the class of the last refusal.
enum class Refusal : std::uint8_t { none, rejected, refused, too_large, denied };

/// What a step of the machine waits for before it may go on.
enum class Pending : std::uint8_t {
  nothing,
  store,
  answer,
  rewrite,  ///< the last write failed; it is made again at `due_ms`
};

struct Receipt {
  std::string submission_id;
  Evidence evidence{};
  std::int64_t at_ms = 0;

  bool operator==(const Receipt&) const = default;
};

/// One line of the record's own diary.
struct Entry {
  std::int64_t at_ms = 0;
  State state{};
  Why why{};
  std::int32_t status = 0;  ///< of the answer that led here; 0: none

  bool operator==(const Entry&) const = default;
};

/// The last answer that was not what one hopes for.
struct ServerWords {
  std::int32_t status = 0;
  std::string text;  ///< at most `server_text_bytes_max`; "" for HTML

  bool operator==(const ServerWords&) const = default;
};

inline constexpr std::size_t server_text_bytes_max = 1'000;
inline constexpr std::size_t entries_max = 50;

struct Record {
  Content content;
  State state = State::queued;
  Why why = Why::none;
  Why fault = Why::none;  ///< what the last attempt ended with; kept while readings go on
  Pending pending = Pending::nothing;
  Refusal refusal = Refusal::none;
  State state_before{};  ///< discarded: what undo goes back to
  Why why_before{};
  std::uint32_t attempts = 0;       ///< sends on record
  std::uint32_t failures = 0;       ///< exchanges in a row that told nothing
  std::uint32_t open_readings = 0;  ///< since the end of the last attempt, after its quiet period
  std::uint32_t denials = 0;        ///< sends in a row answered as if signed out
  bool probed_open = false;         ///< seen not done before the first attempt
  bool reading_counts = false;      ///< the reading under way began after the quiet period
  bool imported = false;            ///< another device may have sent it, or may yet
  std::int64_t order = 0;           ///< place in the queue: creation time, or later than all before
  std::int64_t revision = 0;        ///< token of the last persist
  std::int64_t created_ms = 0;
  std::int64_t due_ms = 0;          ///< when to go on; 0: not by itself
  std::int64_t wait_ms = 0;         ///< how long the wait until `due_ms` was meant to be
  std::int64_t quiet_until_ms = 0;  ///< readings begun earlier do not count as open
  std::int64_t quiet_ms = 0;        ///< how long the quiet period was meant to be
  std::int64_t tried_ms = 0;        ///< when the last request was recorded
  std::int64_t settled_ms = 0;      ///< when the present settled state was entered
  std::int64_t deadline_ms = 0;     ///< the next occurrence begins; 0: none
  std::optional<ServerWords> server;
  std::optional<Receipt> receipt;
  std::vector<Entry> entries;       ///< the last `entries_max`
  std::vector<std::string> staged;  ///< the server's ids of the first photos of the content
  std::uint32_t piece = 0;          ///< of the photo after those, the next to go up

  bool operator==(const Record&) const = default;
};

/// Nothing more is said to the server by itself.
[[nodiscard]] bool is_settled(State state);
/// A read or a send is on its way, or about to be.
[[nodiscard]] bool is_under_way(State state);

enum class Op : std::uint8_t { read, send, stage };

/// What a person may do with a record now.
enum class Action : std::uint8_t {
  retry,      ///< as soon as possible instead of when it is due
  take_back,  ///< back into a draft: nothing was submitted
  revise,     ///< seal it again with other content
  discard,
  undo,   ///< of discard
  prune,  ///< free what a delivered record weighs
};
[[nodiscard]] std::string_view to_string(Action action);
[[nodiscard]] std::optional<Action> action_from(std::string_view text);
[[nodiscard]] bool may(const Record& record, Action action);

/// What happened. `now_ms` and entropy are `Inputs`.
struct Wake {};  ///< `next` named this record
struct Asked {   ///< a person asks; `revise` is asked by `seal`
  Action action{};
};
struct Stored {
  std::int64_t token = 0;
};
struct StoreFailed {
  std::int64_t token = 0;
};
struct Answered {
  Op op{};
  std::int32_t status = 0;
  std::string_view auth_reason;  ///< value of X-SFLUV-Auth-Reason where it is readable
  std::optional<std::int64_t> retry_after_ms;
  std::string_view body;  ///< the exact text; seen during the call only
};
struct Unreachable {
  Op op{};
  bool is_unsent = false;  ///< it ended before the first byte: no headers, no lease, no store
};
/// Said instead of sending when a photo in the store is not the one that was sealed.
struct PhotoLost {
  bool is_damaged = false;  ///< else missing
};
struct Removed {};      ///< the photos of a `Remove` are gone
struct Interrupted {};  ///< whoever drove this record is gone: said once when a driver takes over
/// The page read the workflow for its own purposes: a delivered record looks whether it is there.
struct Shown {
  std::string_view body;
};

using Event = std::variant<Wake, Asked, Stored, StoreFailed, Answered, Unreachable, PhotoLost,
                           Removed, Interrupted, Shown>;
[[nodiscard]] std::string_view name_of(const Event& event);

/// What is to be done, in this order.
struct Persist {
  std::int64_t token = 0;
};
/// Give up when no answer has come after `answer_ms`.
struct Read {
  std::string path;
  std::int64_t answer_ms = 0;
};
/// A part of the body: text as it is, or the photo under `photo_key`, whose bytes must be those
/// that were sealed: all of it as base64, or a piece of it as it is.
struct Segment {
  struct Piece {
    std::uint64_t from = 0;
    std::uint64_t to = 0;

    bool operator==(const Piece&) const = default;
  };
  std::string text;
  std::string photo_key;
  Sha256 sha256{};
  std::optional<Piece> piece = {};

  bool operator==(const Segment&) const = default;
};
/// Give up when `stall_ms` pass without progress of the upload, or `answer_ms` after its last one.
struct Send {
  Op op = Op::send;  ///< or `stage`, which may be done any number of times
  std::string_view method;
  std::string path;
  std::string content_type = "application/json";
  std::vector<Segment> body;  ///< none: no body
  std::uint64_t body_bytes = 0;
  std::uint32_t attempt = 0;
  std::int64_t stall_ms = 0;
  std::int64_t answer_ms = 0;
};
/// The record needs these photos no longer. Those that a draft or another record uses stay.
struct Remove {
  std::vector<std::string> photo_keys;
};
struct WakeAt {
  std::int64_t at_ms = 0;
};

using Effect = std::variant<Persist, Read, Send, Remove, WakeAt>;

struct Inputs {
  std::int64_t now_ms = 0;  ///< Unix time; within a session it should run like a monotonic clock
  std::uint64_t entropy = 0;
  std::int64_t retention_ms = 7 * 24 * 60 * 60 * std::int64_t{1000};  ///< photos after a receipt
};

/// What the person switched off. Every trigger honours it, a tap included.
struct Holds {
  bool user = false;
  bool metered = false;

  bool operator==(const Holds&) const = default;
};

/// What holds for all records of one account at one server.
struct Queue {
  std::string account;  ///< as in `Content`
  std::string api_base;
  Holds holds;
  Why pause = Why::none;        ///< what the last exchange ended with, as far as it concerns all
  std::uint32_t failures = 0;   ///< exchanges in a row, of whatever record, that told nothing
  std::int64_t until_ms = 0;    ///< end of the pause
  std::int64_t wait_ms = 0;     ///< how long it was meant to be
  std::int64_t hint_ms = 0;     ///< when the last hint was taken
  std::int64_t contact_ms = 0;  ///< when the server last said something to the point

  bool operator==(const Queue&) const = default;
};

struct Transition {
  Queue queue;
  Record record;
  std::vector<Effect> effects;
  std::optional<Issue> refused;  ///< then queue and record are as they were
};

/// One step. An acknowledgement of an older persist changes nothing; an event that does not fit is
/// refused. The caller goes on with `queue` and `record` whether or not they are to be stored.
/// Refused with: record_event_refused {event, state}, record_of_other_account, queue_paused {why}.
[[nodiscard]] Transition advance(Queue queue, Record record, const Event& event,
                                 const Inputs& inputs);

/// A finished draft, as `seal` wants it: `uploads` is parallel to the uploads of `request`.
struct Draft {
  Content content;  ///< kind, id, account, api_base, ids, titles, dates; `seal` fills in the rest
  std::vector<WorkItem> work_items;
  bool allow_step_not_possible = false;
  CompletionRequest request;
  struct Upload {
    std::string key;
    Sha256 sha256{};
    PhotoSource source{};
  };
  std::vector<std::vector<Upload>> uploads;  ///< [item][upload]
};

/// Checks the draft and freezes it into a record that waits for its first persist, the one with the
/// token `revision`. `order` is the place after those that are there (`order_after`).
[[nodiscard]] std::expected<Record, std::vector<Issue>> seal(Draft draft, std::int64_t order,
                                                             const Inputs& inputs);
/// The same for a record that `may` be revised: it keeps its id, its place and its history.
[[nodiscard]] std::expected<Record, std::vector<Issue>> revise(Record record, Draft draft,
                                                               const Inputs& inputs);
/// A record that comes from another device, or from an export of this one.
[[nodiscard]] Record adopt(Record record, std::int64_t order, const Inputs& inputs);

/// The exact body, the same at every call. `staged`: ids of photos that went up ahead.
[[nodiscard]] std::vector<Segment> body_plan(const Content& content,
                                             std::span<const std::string> staged = {});
[[nodiscard]] std::uint64_t size_of(std::span<const Segment> body, const Content& content);

/// A record as bytes: versioned, length-prefixed, CRC-32C over everything.
[[nodiscard]] std::vector<std::uint8_t> encode(const Record& record);
/// Errors: record_damaged {what}, record_from_newer_version {version, version_max}.
[[nodiscard]] Outcome<Record> decode(std::span<const std::uint8_t> bytes);

/// What people see of a record, as JSON (api_outbox.h).
[[nodiscard]] std::string view(const Record& record);
/// Its content as a draft, in the form that `seal` reads under "draft".
[[nodiscard]] std::string draft_of(const Record& record);
/// What an export file holds besides the photos (api_outbox.h).
[[nodiscard]] std::string export_of(const Record& record);

}  // namespace sfluv::outbox
