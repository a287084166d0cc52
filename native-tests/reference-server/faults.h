// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace sfluv::server {

/// What a test wants to go wrong. `refuse` is the listener's business, all others a request's.
enum class FaultMode : std::uint8_t {
  none,
  refuse,            ///< nobody listens: "connection refused"
  commit_then_drop,  ///< done and stored, but the connection dies before the first byte of the
                     ///< answer
  commit_then_500,   ///< done and stored, but the answer says otherwise (rulebook A5.6)
  delay,             ///< done and stored, but the answer takes its time (rulebook A5.6)
  empty_200,         ///< a portal or cache in between answers 200 with nothing; nothing is done
  html_200,          ///< the same with a page
};

[[nodiscard]] std::string_view to_string(FaultMode mode);
[[nodiscard]] std::optional<FaultMode> fault_mode_from_string(std::string_view name);

struct Fault {
  FaultMode mode = FaultMode::none;
  std::int64_t ms = 0;          ///< of a delay
  std::int64_t times = 0;       ///< this many requests, then none; 0: until told otherwise
  std::string path_contains{};  ///< only these requests
};

/// The fault switch; safe to use from all threads.
class Faults {
 public:
  void set(Fault fault);

  /// What shall happen to this request; counts it. Never `refuse`.
  [[nodiscard]] Fault take(std::string_view path);

  /// Waits for the delay, or until another fault is set or the server stops.
  void wait(std::int64_t ms);
  void stop();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Fault fault_;
  std::uint64_t generation_ = 0;
  bool stopped_ = false;
};

}  // namespace sfluv::server
