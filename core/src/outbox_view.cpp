// SPDX-License-Identifier: MIT
// What others see of a record: people its view, the scheduler its summary.
#include <algorithm>
#include <array>
#include <limits>

#include "sfluv/json_writer.h"
#include "sfluv/limits.h"
#include "sfluv/outbox.h"

#include "outbox_bytes.h"

namespace sfluv::outbox {
namespace {

constexpr std::uint8_t summary_version = 1;
constexpr std::uint8_t flag_under_way = 1;
constexpr std::size_t checked_bytes = limits::summary_bytes - 4;

struct Summary {
  bool is_under_way = false;
  std::int64_t wait_ms = 0;
  std::int64_t due_ms = 0;
  std::int64_t created_ms = 0;
};

std::optional<Summary> read_summary(std::span<const std::uint8_t> bytes) {
  ByteReader in{bytes};
  const std::uint8_t version = in.u8();
  in.skip(2);  // state, why: for the caller's own lists
  Summary summary{.is_under_way = (in.u8() & flag_under_way) != 0, .wait_ms = in.u32()};
  in.skip(16);  // id
  summary.due_ms = in.i64();
  summary.created_ms = in.i64();
  in.skip(20);  // revision, deadline, attempts
  if (version != summary_version || in.u32() != crc32c(bytes.first(checked_bytes)))
    return std::nullopt;
  return summary;
}

}  // namespace

std::string_view to_string(State state) {
  static constexpr std::array<std::string_view, 8> names{"queued",     "probing",     "sending",
                                                         "unknown",    "reconciling", "needs_fix",
                                                         "needs_user", "delivered"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view to_string(Why why) {
  static constexpr std::array<std::string_view, 17> names{
      "none",        "unreachable", "unreadable", "auth",   "server_busy", "server_error",
      "interrupted", "locked",      "quiet",      "store",  "rejected",    "too_large",
      "refused",     "conflict",    "not_mine",   "closed", "gone"};
  return names[static_cast<std::size_t>(why)];
}

std::string_view to_string(Evidence evidence) {
  static constexpr std::array<std::string_view, 3> names{"strong", "medium", "blind"};
  return names[static_cast<std::size_t>(evidence)];
}

std::vector<std::uint8_t> summarise(const Record& record) {
  // Waits are hours at most; more does not fit and would only mean a due time that is trusted less.
  const auto wait_ms = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(record.wait_ms, 0, std::numeric_limits<std::uint32_t>::max()));
  const bool is_under_way =
      !is_settled(record.state) && record.state != State::queued && record.state != State::unknown;
  ByteWriter out;
  out.u8(summary_version);
  out.u8(static_cast<std::uint8_t>(record.state));
  out.u8(static_cast<std::uint8_t>(record.why));
  out.u8(is_under_way ? flag_under_way : 0);
  out.u32(wait_ms);
  out.raw(record.content.id);
  out.i64(record.due_ms);
  out.i64(record.created_ms);
  out.i64(record.revision);
  out.i64(record.deadline_ms);
  out.u32(record.attempts);
  out.u32(crc32c(out.bytes()));
  return out.take();
}

Outcome<Next> next(std::span<const std::uint8_t> summaries, std::int64_t now_ms) {
  if (summaries.size() % limits::summary_bytes != 0) {
    return std::unexpected(
        Issue{.code = Code::record_damaged, .path = "", .params = {{"what", "summaries"}}});
  }
  Next next;
  std::int64_t oldest_ms = 0;
  for (std::size_t i = 0; i < summaries.size() / limits::summary_bytes; ++i) {
    const auto summary =
        read_summary(summaries.subspan(i * limits::summary_bytes, limits::summary_bytes));
    if (!summary) {
      next.damaged.push_back(i);
      continue;
    }
    if (summary->is_under_way || summary->due_ms == 0) continue;
    const bool is_due = summary->due_ms <= now_ms || summary->due_ms - summary->wait_ms > now_ms;
    if (is_due) {
      if (!next.index || summary->created_ms < oldest_ms) {
        next.index = i;
        oldest_ms = summary->created_ms;
      }
    } else if (!next.wake_at_ms || summary->due_ms < *next.wake_at_ms) {
      next.wake_at_ms = summary->due_ms;
    }
  }
  if (next.index) next.wake_at_ms.reset();
  return next;
}

std::string view(const Record& record) {
  JsonWriter out;
  out.begin_object().key("id").string(hex(record.content.id));
  out.key("state").string(to_string(record.state)).key("why").string(to_string(record.why));
  out.key("workflow_id").string(record.content.workflow_id);
  out.key("step_id").string(record.content.step_id);
  out.key("workflow_title").string(record.content.workflow_title);
  out.key("step_title").string(record.content.step_title);
  out.key("created_ms").number(record.created_ms).key("due_ms").number(record.due_ms);
  out.key("attempts").number(record.attempts);
  out.key("photos").number(std::ssize(record.content.photos));
  out.key("bytes").number(static_cast<std::int64_t>(record.content.body_bytes));
  out.key("server");
  if (record.server) {
    out.begin_object().key("status").number(record.server->status);
    out.key("text").string(record.server->text).end_object();
  } else {
    out.null();
  }
  out.key("receipt");
  if (record.receipt) {
    out.begin_object().key("submission_id").string(record.receipt->submission_id);
    out.key("evidence").string(to_string(record.receipt->evidence));
    out.key("at_ms").number(record.receipt->at_ms).end_object();
  } else {
    out.null();
  }
  out.end_object();
  return out.take();
}

}  // namespace sfluv::outbox
