// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <vector>

#include "sfluv/engine.h"

namespace sfluv::server {

/// Where mail goes.
class Mailbox {
 public:
  virtual ~Mailbox() = default;
  virtual void send(const engine::Mail& mail) = 0;
};

/// Mail that is only kept. Safe to use from all threads.
class MemoryMailbox final : public Mailbox {
 public:
  void send(const engine::Mail& mail) override;
  void forget();
  [[nodiscard]] std::vector<engine::Mail> sent() const;

 private:
  mutable std::mutex mutex_;
  std::vector<engine::Mail> sent_;
};

}  // namespace sfluv::server
