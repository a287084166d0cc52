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

/// The queue of finished submissions as one pure function: what happened goes in, what is to be
/// done comes out. No clock, no randomness, no I/O. Three promises shape it:
///  - nothing is sent before the intention to send it is stored, and no result is believed that the
///    server did not show;
///  - after an attempt whose end is unclear nothing is sent again before a quiet period and two
///    readings that show the step open, because one `fetch` can put ten copies on the wire, late
///    ones among them, and the API has no idempotency key;
///  - nothing is ever thrown away.
namespace sfluv::outbox {

/// Where a record stands. A record that waits is `queued` or `unknown` with a due time and a
/// reason.
enum class State : std::uint8_t {
  queued,       ///< sealed; nothing of the present attempt has left
  probing,      ///< reading the step before sending
  sending,      ///< this attempt is on record; bytes may have left
  unknown,      ///< an attempt was made and its outcome is not known
  reconciling,  ///< reading the step to learn the outcome
  needs_fix,    ///< the server refused these bytes and does not hold them
  needs_user,   ///< only a person can go on; `Why` says what it is
  delivered,    ///< the server was seen to hold the submission; see `Receipt`
};
[[nodiscard]] std::string_view to_string(State state);

/// Why a record waits, or what a person is needed for.
enum class Why : std::uint8_t {
  none,
  unreachable,   ///< no answer: offline, aborted, timed out
  unreadable,    ///< an answer, but not one of this API: a captive portal, a torn connection
  auth,          ///< signed out: 401, or 403 with an empty body
  server_busy,   ///< 408, 425, 429, 503
  server_error,  ///< 5xx
  interrupted,   ///< the page went away while the request was under way
  locked,        ///< the step is not open yet
  quiet,         ///< late copies of an attempt are given time to arrive
  store,         ///< this device could not write it down
  rejected,      ///< needs_fix: the server's words say why
  too_large,     ///< needs_user: 413
  refused,       ///< needs_user: 403 with words although the step is open and ours, or another 4xx
  conflict,      ///< needs_user: completed with other content, or it cannot be told by whom
  not_mine,      ///< needs_user: the step belongs to somebody else
  closed,        ///< needs_user: the workflow is not active any more
  gone,          ///< needs_user: the server does not know the workflow or the step
};
[[nodiscard]] std::string_view to_string(Why why);

/// How the server was seen to hold the submission.
enum class Evidence : std::uint8_t {
  strong,  ///< answers and marked photo names and sizes are equal
  medium,  ///< answers and numbers of photos are equal; the step was seen open before the first
           ///< send
  blind,   ///< completed by this account, content not shown; the step was seen open before
};
[[nodiscard]] std::string_view to_string(Evidence evidence);

/// A photo that waits in the caller's store under `key`.
struct Photo {
  std::string item_id;
  std::string key;
  std::string file_name;  ///< made by `seal`; names the content, so the server's echo is evidence
  std::string content_type;
  std::uint64_t size_bytes = 0;
  Sha256 sha256{};

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
  std::string account;  ///< the improver's id as in `assigned_improver_id`; "" when not known
  std::string api_base;
  std::string workflow_id;
  std::string step_id;
  std::string workflow_title;
  std::string step_title;
  std::string recurrence;
  std::int64_t start_at_s = 0;
  bool step_not_possible = false;
  std::string step_not_possible_details;
  std::vector<Answer> answers;
  std::vector<Photo> photos;
  std::uint64_t body_bytes = 0;

  bool operator==(const Content&) const = default;
};

/// What the next answer has to be judged by: the class of the last refusal.
enum class Refusal : std::uint8_t { none, rejected, refused, too_large };

/// What a step of the machine waits for before it may go on.
enum class Pending : std::uint8_t { nothing, store, answer };

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
inline constexpr std::size_t entries_max = 32;

struct Record {
  Content content;
  State state = State::queued;
  Why why = Why::none;
  Why fault = Why::none;  ///< what the last attempt ended with; kept while readings go on
  Pending pending = Pending::nothing;
  Refusal refusal = Refusal::none;
  std::uint32_t attempts = 0;       ///< sends on record
  std::uint32_t failures = 0;       ///< exchanges in a row that told nothing
  std::uint32_t open_readings = 0;  ///< since the end of the last attempt, after its quiet period
  bool probed_open = false;         ///< the step was seen open before the first attempt
  bool reading_counts = false;      ///< the reading under way began after the quiet period
  std::int64_t revision = 0;        ///< token of the last persist
  std::int64_t created_ms = 0;
  std::int64_t due_ms = 0;          ///< when to go on; 0: not by itself
  std::int64_t wait_ms = 0;         ///< how long the wait until `due_ms` was meant to be
  std::int64_t quiet_until_ms = 0;  ///< readings begun earlier do not count as open
  std::int64_t quiet_ms = 0;        ///< how long the quiet period was meant to be
  std::int64_t tried_ms = 0;        ///< when the last request was recorded
  std::int64_t deadline_ms = 0;     ///< 0: none
  std::optional<ServerWords> server;
  std::optional<Receipt> receipt;
  std::vector<Entry> entries;  ///< the last `entries_max`

  bool operator==(const Record&) const = default;
};

/// `delivered`, `needs_fix`, `needs_user`: nothing more happens by itself.
[[nodiscard]] bool is_settled(State state);

enum class Op : std::uint8_t { read, send };

/// What happened. `now_ms` and entropy are `Inputs`.
struct Wake {};   ///< time passed, or a hint that the network may be back
struct Retry {};  ///< the person asks for it now
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
};
struct Interrupted {};  ///< the page that drove this record is gone: said for each record at start

using Event = std::variant<Wake, Retry, Stored, StoreFailed, Answered, Unreachable, Interrupted>;
[[nodiscard]] std::string_view name_of(const Event& event);

/// What is to be done, in this order.
struct Persist {
  std::int64_t token = 0;
};
struct Read {
  std::string path;
};
/// A part of the body: text as it is, or the base64 of the photo under `photo_key`.
struct Segment {
  std::string text;
  std::string photo_key;
};
struct Send {
  std::string path;
  std::vector<Segment> body;
  std::uint64_t body_bytes = 0;
  std::uint32_t attempt = 0;
};
struct WakeAt {
  std::int64_t at_ms = 0;
};

using Effect = std::variant<Persist, Read, Send, WakeAt>;

struct Inputs {
  std::int64_t now_ms = 0;  ///< Unix time; within a session it should run like a monotonic clock
  std::uint64_t entropy = 0;
};

struct Transition {
  Record record;
  std::vector<Effect> effects;
  std::optional<Issue> refused;  ///< record_event_refused {event, state}: the record is unchanged
};

/// One step. An acknowledgement of an older persist changes nothing; an answer that nobody waits
/// for is refused. The caller goes on with `record` whether or not it is to be stored.
[[nodiscard]] Transition advance(Record record, const Event& event, const Inputs& inputs);

/// A finished draft, as `seal` wants it: `uploads` is parallel to the uploads of `request`.
struct Draft {
  Content content;  ///< id, account, api_base, the ids and titles; the rest is filled in by `seal`
  std::vector<WorkItem> work_items;
  bool allow_step_not_possible = false;
  CompletionRequest request;
  struct Upload {
    std::string key;
    Sha256 sha256{};
  };
  std::vector<std::vector<Upload>> uploads;  ///< [item][upload]
};

/// Checks the draft and freezes it into a record that waits for its first persist.
[[nodiscard]] std::expected<Transition, std::vector<Issue>> seal(Draft draft, const Inputs& inputs);

/// The exact body, the same at every call. Its length is `content.body_bytes`.
[[nodiscard]] std::vector<Segment> body_plan(const Content& content);
[[nodiscard]] std::uint64_t body_size(const Content& content);

/// A record as bytes: versioned, length-prefixed, CRC-32C over everything.
[[nodiscard]] std::vector<std::uint8_t> encode(const Record& record);
/// Errors: record_damaged {what}, record_from_newer_version {version, version_max}.
[[nodiscard]] Outcome<Record> decode(std::span<const std::uint8_t> bytes);

/// What the scheduler needs of a record, in limits::summary_bytes bytes (little-endian):
///   0 version  1 state  2 why  3 flags: 1 = a request or a write is under way
///   4 wait_ms (4)  8 id (16)  24 due_ms (8)  32 created_ms (8)  40 revision (8)  48 deadline_ms
///   (8) 56 attempts (4)  60 CRC-32C of the bytes before (4)
[[nodiscard]] std::vector<std::uint8_t> summarise(const Record& record);

/// Which record to drive next: the oldest one that is due, else when the first will be. A due time
/// further away than its wait was meant to be was made by another clock and counts as due.
struct Next {
  std::optional<std::size_t> index;
  std::optional<std::int64_t> wake_at_ms;
  std::vector<std::size_t>
      damaged;  ///< summaries that cannot be read; their records stay where they are
};
[[nodiscard]] Outcome<Next> next(std::span<const std::uint8_t> summaries, std::int64_t now_ms);

/// What people see of a record, as JSON:
/// {"id","state","why","workflow_id","step_id","workflow_title","step_title","created_ms","due_ms",
///  "attempts","photos":n,"bytes":n,"server":{"status","text"}|null,
///  "receipt":{"submission_id","evidence","at_ms"}|null}. `why` is "none" when there is nothing to
/// say, `due_ms` 0 when nothing is scheduled, `bytes` the length of the body.
[[nodiscard]] std::string view(const Record& record);

}  // namespace sfluv::outbox
