// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "sfluv/profile.h"

namespace sfluv::server {

/// Seconds since 1970 of the machine's clock.
[[nodiscard]] std::int64_t system_now_s();

/// What tests may turn while the server runs; safe to use from all threads.
class Settings {
 public:
  Settings(Profile profile, std::function<std::int64_t()> clock)
      : started_as_(profile), profile_(profile), clock_(std::move(clock)) {}

  [[nodiscard]] Profile profile() const;
  void set_profile(const Profile& profile);

  [[nodiscard]] std::int64_t now_s() const;
  /// The clock stands at this second.
  void freeze_clock(std::int64_t at_s);

  /// As the server was started: its profile, and a clock that runs.
  void reset();

 private:
  mutable std::mutex mutex_;
  const Profile started_as_;
  Profile profile_;
  std::function<std::int64_t()> clock_;
  std::optional<std::int64_t> frozen_at_s_;
};

}  // namespace sfluv::server
