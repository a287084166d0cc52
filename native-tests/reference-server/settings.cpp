// SPDX-License-Identifier: MIT
#include "settings.h"

#include <chrono>

namespace sfluv::server {

std::int64_t system_now_s() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch())
      .count();
}

Profile Settings::profile() const {
  const std::lock_guard lock{mutex_};
  return profile_;
}

void Settings::set_profile(const Profile& profile) {
  const std::lock_guard lock{mutex_};
  profile_ = profile;
}

std::int64_t Settings::now_s() const {
  const std::lock_guard lock{mutex_};
  return frozen_at_s_ ? *frozen_at_s_ : clock_();
}

void Settings::freeze_clock(std::int64_t at_s) {
  const std::lock_guard lock{mutex_};
  frozen_at_s_ = at_s;
}

void Settings::reset() {
  const std::lock_guard lock{mutex_};
  profile_ = started_as_;
  frozen_at_s_.reset();
}

}  // namespace sfluv::server
