// SPDX-License-Identifier: MIT
// Whose turn it is, from summaries alone: a queue of 500 is never parsed at every step.
#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <tuple>

#include "sfluv/limits.h"
#include "sfluv/outbox_queue.h"

#include "outbox_bytes.h"
#include "outbox_request.h"
#include "outbox_times.h"

namespace sfluv::outbox {
namespace {

constexpr std::uint8_t summary_version = 2;
constexpr std::uint8_t flag_under_way = 1;
constexpr std::uint8_t flag_holds = 2;
constexpr std::uint8_t flag_series = 4;
constexpr std::size_t checked_bytes = limits::summary_bytes - 4;

struct Summary {
  std::size_t index = 0;
  State state{};
  Why why{};
  std::uint8_t flags = 0;
  std::uint32_t owner = 0;
  std::int64_t order = 0;
  Moment due;
  std::int64_t deadline_ms = 0;
  std::uint64_t chain = 0;
  std::uint64_t series = 0;
  std::uint32_t tie = 0;
  Kind kind{};
  bool is_behind = false;

  [[nodiscard]] bool is_under_way() const { return (flags & flag_under_way) != 0; }
  [[nodiscard]] bool holds_chain() const { return (flags & flag_holds) != 0; }
  [[nodiscard]] bool is_of_series() const { return (flags & flag_series) != 0; }
  [[nodiscard]] auto place() const { return std::tuple{order, tie, index}; }
};

// FNV-1a over texts that are told apart by their ends.
class Hash {
 public:
  Hash& add(std::string_view text) {
    for (const char c : text) byte(static_cast<unsigned char>(c));
    byte(0xFF);  // stands in no UTF-8
    return *this;
  }
  [[nodiscard]] std::uint64_t value() const { return hash_; }

 private:
  void byte(std::uint64_t value) { hash_ = (hash_ ^ value) * 0x100000001B3u; }

  std::uint64_t hash_ = 0xCBF29CE484222325u;
};

std::uint32_t owner_of(std::string_view account, std::string_view api_base) {
  const std::uint64_t hash = Hash{}.add(account).add(api_base).value();
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

// A single workflow is a series of one.
std::uint64_t series_of(const Content& content) {
  return Hash{}.add(content.series_id.empty() ? content.workflow_id : content.series_id).value();
}

std::uint64_t chain_of(const Content& content) {
  if (is_of_series(content.kind))
    return Hash{}.add(content.series_id).add(std::to_string(content.step_order)).value();
  return Hash{}.add(content.workflow_id).add(content.step_id).value();
}

// What is not over holds up what comes after it in its chain, but for a start that failed: nobody
// needs one. What was given up holds while late copies of it may still arrive.
bool holds_chain(const Record& record) {
  switch (record.state) {
    case State::delivered:
    case State::pruned: return false;
    case State::discarded: return record.attempts > 0 && record.quiet_until_ms != 0;
    default: return record.content.kind != Kind::start || !is_settled(record.state);
  }
}

std::optional<Summary> read_summary(std::span<const std::uint8_t> bytes) {
  ByteReader in{bytes};
  const std::uint8_t version = in.u8();
  Summary summary{.state = in.choice<State>(state_count)};
  summary.why = in.choice<Why>(why_count);
  summary.flags = in.u8();
  summary.owner = in.u32();
  summary.order = in.i64();
  summary.due.at_ms = in.i64();
  summary.deadline_ms = in.i64();
  summary.chain = in.u64();
  summary.series = in.u64();
  summary.due.wait_ms = in.u32();
  summary.tie = in.u32();
  summary.kind = in.choice<Kind>(static_cast<std::uint8_t>(Kind::absence_delete) + 1);
  in.u8();   // attempts: for people who look at a dump
  in.u16();  // zero
  const bool is_whole = in.is_sound() && in.u32() == crc32c(bytes.first(checked_bytes));
  if (version != summary_version || !is_whole) return std::nullopt;
  return summary;
}

struct Summaries {
  std::vector<Summary> read;
  std::vector<std::size_t> damaged;
};

Summaries read_summaries(std::span<const std::uint8_t> bytes) {
  Summaries out;
  const std::size_t count = bytes.size() / limits::summary_bytes;
  out.read.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto summary = read_summary(bytes.subspan(i * limits::summary_bytes, limits::summary_bytes));
    if (!summary) {
      out.damaged.push_back(i);
      continue;
    }
    summary->index = i;
    out.read.push_back(*summary);
  }
  return out;
}

// Within a series, in the order of the queue: what stands behind something of its own chain, or on
// either side of something that concerns the whole series, waits for it.
void mark_those_behind(std::vector<Summary>& summaries) {
  std::vector<Summary*> in_order;
  in_order.reserve(summaries.size());
  for (Summary& s : summaries) in_order.push_back(&s);
  std::ranges::sort(in_order, [](const Summary* a, const Summary* b) {
    return a->series != b->series ? a->series < b->series : a->place() < b->place();
  });
  bool any_holds = false, series_holds = false;
  std::vector<std::uint64_t> held_chains;
  for (std::size_t i = 0; i < in_order.size(); ++i) {
    Summary& s = *in_order[i];
    if (i == 0 || in_order[i - 1]->series != s.series) {
      any_holds = series_holds = false;
      held_chains.clear();
    }
    s.is_behind = series_holds || (s.is_of_series() && any_holds) ||
                  std::ranges::find(held_chains, s.chain) != held_chains.end();
    if (!s.holds_chain()) continue;
    any_holds = true;
    series_holds |= s.is_of_series();
    if (!s.is_behind) held_chains.push_back(s.chain);
  }
}

// While the server does not answer, the one tried least recently goes first, so that a record which
// alone makes it fail holds up nobody. Else the soonest deadline that can still be met, then age.
// What needs no server at all goes before.
auto rank_of(const Summary& s, const Queue& queue, std::int64_t now_ms) {
  constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
  const bool needs_server = !is_settled(s.state);
  const bool is_in_time = s.deadline_ms > now_ms;
  std::int64_t first = is_in_time ? s.deadline_ms : never;
  if (queue.failures > 0) first = s.due.at_ms - s.due.wait_ms;
  return std::tuple{needs_server, needs_server ? first : 0, s.place()};
}

bool is_in_danger(const Summary& s, std::int64_t now_ms) {
  const bool is_undone =
      s.state != State::delivered && s.state != State::discarded && s.state != State::pruned;
  return is_undone && s.deadline_ms > now_ms && s.deadline_ms - now_ms <= endangered_ms;
}

void wake_at(Next& next, std::int64_t at_ms) {
  if (!next.wake_at_ms || at_ms < *next.wake_at_ms) next.wake_at_ms = at_ms;
}

}  // namespace

std::vector<std::uint8_t> summarise(const Record& record) {
  // Waits are 45 days at most (limits::retention_ms_max); more would only be trusted less.
  const auto wait_ms = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(record.wait_ms, 0, std::numeric_limits<std::uint32_t>::max()));
  std::uint8_t flags = 0;
  if (is_under_way(record.state)) flags |= flag_under_way;
  if (holds_chain(record)) flags |= flag_holds;
  if (is_of_series(record.content.kind)) flags |= flag_series;
  ByteWriter out;
  out.u8(summary_version);
  out.u8(static_cast<std::uint8_t>(record.state));
  out.u8(static_cast<std::uint8_t>(record.why));
  out.u8(flags);
  out.u32(owner_of(record.content.account, record.content.api_base));
  out.i64(record.order);
  out.i64(record.due_ms);
  out.i64(record.deadline_ms);
  out.u64(chain_of(record.content));
  out.u64(series_of(record.content));
  out.u32(wait_ms);
  out.raw(std::span{record.content.id}.first(4));
  out.u8(static_cast<std::uint8_t>(record.content.kind));
  out.u8(static_cast<std::uint8_t>(std::min(record.attempts, 255u)));
  out.u16(0);
  out.u32(crc32c(out.bytes()));
  return out.take();
}

Outcome<Next> next(const Queue& queue, std::span<const std::uint8_t> summaries,
                   std::int64_t now_ms) {
  if (summaries.size() % limits::summary_bytes != 0) return damaged("summaries");
  Summaries all = read_summaries(summaries);
  Next next;
  next.damaged = std::move(all.damaged);
  mark_those_behind(all.read);
  const std::uint32_t owner = owner_of(queue.account, queue.api_base);
  const Why pause = paused_by(queue, now_ms);
  const bool is_paused = pause != Why::none;
  const Summary* best = nullptr;
  for (const Summary& s : all.read) {
    if (s.owner != owner) {
      next.foreign.push_back(s.index);
      continue;
    }
    if (is_in_danger(s, now_ms)) next.endangered.push_back(s.index);
    if (s.is_under_way() || s.due.at_ms == 0) continue;
    const bool needs_server = !is_settled(s.state);
    if (needs_server && s.is_behind) {
      next.behind.push_back(s.index);
      continue;
    }
    if (pause == Why::store || (is_paused && needs_server)) continue;
    if (!is_due(s.due, s.why, queue, now_ms)) {
      wake_at(next, s.due.at_ms);
    } else if (best == nullptr || rank_of(s, queue, now_ms) < rank_of(*best, queue, now_ms)) {
      best = &s;
    }
  }
  const bool ends_by_itself = is_paused && held_by(queue.holds) == Why::none;
  if (ends_by_itself) wake_at(next, queue.until_ms);
  if (best != nullptr) {
    next.index = best->index;
    next.wake_at_ms.reset();
  }
  return next;
}

std::int64_t order_after(std::span<const std::uint8_t> summaries, std::int64_t now_ms) {
  std::int64_t order = std::clamp<std::int64_t>(now_ms, 1, latest_ms);
  for (const Summary& s : read_summaries(summaries).read) order = std::max(order, s.order + 1);
  return order;
}

std::optional<std::size_t> find_twin(std::span<const std::uint8_t> summaries,
                                     const Content& content) {
  if (content.kind > Kind::unclaim) return std::nullopt;  // of absences there may be many
  const std::uint32_t owner = owner_of(content.account, content.api_base);
  const std::uint64_t chain = chain_of(content);
  for (const Summary& s : read_summaries(summaries).read) {
    const bool is_twin = s.owner == owner && s.kind == content.kind && s.chain == chain &&
                         s.holds_chain() && s.state != State::discarded;
    if (is_twin) return s.index;
  }
  return std::nullopt;
}

}  // namespace sfluv::outbox
