// SPDX-License-Identifier: MIT
#include "simulation/explorer_state.h"

#include <algorithm>
#include <string>

namespace sfluv::simulation::graph {
namespace {

class Key {
 public:
  explicit Key(const State& state) : s_(state) {
    collect(s_.row);
    for (const Page& page : s_.pages) {
      collect(page.memory);
      for (const Write& write : page.writes) collect(write.row);
    }
    std::ranges::sort(times_);
    const auto [first, last] = std::ranges::unique(times_);
    times_.erase(first, last);
    write();
  }

  [[nodiscard]] Digest digest() const {
    Digest digest{.high = 0xCBF29CE484222325u, .low = 0x9E3779B97F4A7C15u};
    for (const char c : text_) {
      digest.high = (digest.high ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
      digest.low = (digest.low + static_cast<unsigned char>(c)) * 0xBF58476D1CE4E5B9u;
      digest.low ^= digest.low >> 29;
    }
    return digest;
  }

 private:
  void collect(std::int64_t ms) {
    if (ms > s_.now_ms) times_.push_back(ms);
  }
  void collect(const Row& row) {
    if (!row.record) return;
    collect(row.record->due_ms);
    collect(row.record->quiet_until_ms);
    collect(row.proof.next_ms);
    collect(late_after(*row.record));
  }
  static std::int64_t late_after(const Record& record) {
    const bool matters = record.state == outbox::State::sending;
    return matters ? record.tried_ms + stored_late_ms + 1 : 0;
  }

  void byte(std::uint64_t value) { text_ += static_cast<char>(value); }
  template <class T>
  void choice(T value) {
    byte(static_cast<std::uint64_t>(value));
  }
  // 0: past, or none; else its place among all that are to come.
  void rank(std::int64_t ms) {
    if (ms <= s_.now_ms) return byte(ms == 0 ? 0 : 1);
    byte(2 + static_cast<std::uint64_t>(std::ranges::lower_bound(times_, ms) - times_.begin()));
  }

  void write(const Row& row) {
    byte(row.record ? 1 : 0);
    if (!row.record) return;
    const Record& r = *row.record;
    choice(r.state);
    choice(r.pending);
    choice(r.refusal);
    byte(r.attempts);
    byte(std::min(r.open_readings, 2u));
    byte(std::min(r.denials, 2u));
    byte(r.probed_open + 2 * r.reading_counts);
    rank(r.due_ms);
    rank(r.quiet_until_ms);
    rank(late_after(r));
    byte(row.proof.counted);
    rank(row.proof.next_ms);
    byte(r.staged.size());
    byte(r.piece);
  }

  void write(const Page& page) {
    byte(page.epoch == 0 ? 0 : page.epoch == s_.lease_epoch ? 1 : 2);
    write(page.memory);
    byte(page.stored == s_.row.record.get());
    choice(page.ack);
    byte(page.writes.size());
    for (const Write& each : page.writes) {
      write(each.row);
      byte(each.expected == s_.row.record.get());
      byte(each.epoch == 0 ? 0 : each.epoch == s_.lease_epoch ? 1 : 2);
      byte(page.memory.record && each.token == page.memory.record->revision);
    }
    choice(page.request.stage);
    choice(page.request.op);
    choice(page.request.truth);
    byte(page.request.counts);
    byte(page.request.piece);
  }

  // The pages are alike: what either could do, the other could.
  void write() {
    write(s_.row);
    const std::size_t at = text_.size();
    std::array<std::string, pages_max> told;
    for (unsigned p = 1; p <= pages_max; ++p) {
      byte(s_.lease_owner == 0 ? 0 : s_.lease_owner == p ? 1 : 2);
      write(s_.pages[p - 1]);
      told[p - 1] = text_.substr(at);
      text_.resize(at);
    }
    std::ranges::sort(told);
    for (const std::string& page : told) text_ += page;
    choice(s_.step);
    byte(s_.refuses + 2 * s_.was_ours + 4 * s_.was_disturbed);
    byte(s_.late);
    byte(s_.taps);
    byte(s_.uploaded);
    byte(s_.late_pieces);
  }

  const State& s_;
  std::vector<std::int64_t> times_;
  std::string text_;
};

}  // namespace

Digest digest_of(const State& state) { return Key{state}.digest(); }

}  // namespace sfluv::simulation::graph
