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
      : profile_(profile), clock_(std::move(clock)) {}

  [[nodiscard]] Profile profile() const;
  void set_profile(const Profile& profile);

  [[nodiscard]] std::int64_t now_s() const;
  /// The clock stands at this second; nothing: it runs again.
  void freeze_clock(std::optional<std::int64_t> at_s);

 private:
  mutable std::mutex mutex_;
  Profile profile_;
  std::function<std::int64_t()> clock_;
  std::optional<std::int64_t> frozen_at_s_;
};

}  // namespace sfluv::server
