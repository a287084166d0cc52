// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Chance, time and memory of a simulated world. The same seed gives the same world on every
/// machine: each throw is a statement of its own, since compilers choose the order in which they
/// evaluate arguments.
namespace sfluv::simulation {

inline constexpr std::int64_t second = 1'000, minute = 60 * second, hour = 60 * minute;

/// SplitMix64.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    std::uint64_t x = state_ += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
  }
  /// 0 to `most`, both included.
  std::int64_t up_to(std::int64_t most) {
    return static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(most + 1));
  }
  bool chance(std::int64_t percent) { return up_to(99) < percent; }
  bool one_in(std::int64_t n) { return up_to(n - 1) == 0; }

 private:
  std::uint64_t state_;
};

/// What will happen, in the order of time and, within a millisecond, of being planned.
class Timeline {
 public:
  using Action = std::function<void()>;

  void at(std::int64_t when_ms, Action action) {
    queue_.push({std::max(when_ms, now_ms_), order_++, std::move(action)});
  }
  void after(std::int64_t wait_ms, Action action) { at(now_ms_ + wait_ms, std::move(action)); }

  /// False when nothing is left before `end_ms`.
  bool step(std::int64_t end_ms) {
    if (queue_.empty() || queue_.top().when_ms > end_ms) return false;
    Planned next = std::move(const_cast<Planned&>(queue_.top()));
    queue_.pop();
    now_ms_ = next.when_ms;
    ++steps_;
    next.action();
    return true;
  }

  [[nodiscard]] std::int64_t now_ms() const { return now_ms_; }
  [[nodiscard]] std::size_t steps() const { return steps_; }

 private:
  struct Planned {
    std::int64_t when_ms = 0;
    std::uint64_t order = 0;
    Action action;

    bool operator<(const Planned& other) const {
      return std::pair{when_ms, order} > std::pair{other.when_ms, other.order};
    }
  };

  std::priority_queue<Planned> queue_;
  std::int64_t now_ms_ = 0;
  std::uint64_t order_ = 0;
  std::size_t steps_ = 0;
};

/// Everything that happened, as one number, and as lines when somebody wants to read them.
class Trace {
 public:
  explicit Trace(bool keeps_lines) : keeps_lines_(keeps_lines) {}

  void note(std::int64_t now_ms, std::string_view who, std::string_view what,
            std::int64_t number = 0) {
    for (const std::string_view text : {who, what}) {
      for (const char c : text) mix(static_cast<unsigned char>(c));
      mix(0xFF);
    }
    mix(static_cast<std::uint64_t>(number));
    mix(static_cast<std::uint64_t>(now_ms));
    if (keeps_lines_) {
      lines_.push_back(std::to_string(now_ms) + ' ' + std::string{who} + ' ' + std::string{what} +
                       ' ' + std::to_string(number));
    }
  }

  [[nodiscard]] std::uint64_t digest() const { return digest_; }
  [[nodiscard]] std::vector<std::string> take_lines() { return std::move(lines_); }

 private:
  void mix(std::uint64_t x) { digest_ = (digest_ ^ x) * 0x100000001B3u; }

  bool keeps_lines_;
  std::uint64_t digest_ = 0xCBF29CE484222325u;
  std::vector<std::string> lines_;
};

}  // namespace sfluv::simulation
