// SPDX-License-Identifier: MIT
#include "mailbox.h"

namespace sfluv::server {
namespace {
constexpr std::size_t mails_max = 10'000;  // a test server that runs for days must not grow
}

void MemoryMailbox::send(const engine::Mail& mail) {
  const std::lock_guard lock{mutex_};
  if (sent_.size() < mails_max) sent_.push_back(mail);
}

void MemoryMailbox::forget() {
  const std::lock_guard lock{mutex_};
  sent_.clear();
}

std::vector<engine::Mail> MemoryMailbox::sent() const {
  const std::lock_guard lock{mutex_};
  return sent_;
}

}  // namespace sfluv::server
