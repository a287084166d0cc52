// SPDX-License-Identifier: MIT
#include "faucet.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace sfluv::server {
namespace {

constexpr std::array<std::string_view, 4> names = {"none", "ok", "insufficient", "fail"};
constexpr std::size_t entries_max = 10'000;  // a test server that runs for days must not grow

PayoutOutcome outcome_of(FaucetMode mode) {
  if (mode == FaucetMode::ok) return PayoutOutcome::paid;
  return mode == FaucetMode::insufficient ? PayoutOutcome::insufficient_funds
                                          : PayoutOutcome::transfer_failed;
}

}  // namespace

std::string_view to_string(FaucetMode mode) { return names[static_cast<std::size_t>(mode)]; }

std::optional<FaucetMode> faucet_mode_from(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<FaucetMode>(found - names.begin());
}

bool MemoryFaucet::is_there() const {
  const std::lock_guard lock{mutex_};
  return behaviour_.mode != FaucetMode::none;
}

PayoutOutcome MemoryFaucet::transfer(const Payout& payout) {
  std::unique_lock lock{mutex_};
  const Behaviour behaviour = behaviour_;
  changed_.wait_for(lock, std::chrono::milliseconds{behaviour.delay_ms},
                    [this] { return stopped_; });
  const bool is_paid = std::ranges::any_of(book_, [&](const Entry& entry) {
    return entry.outcome == PayoutOutcome::paid && entry.payout == payout;
  });
  const PayoutOutcome outcome = is_paid ? PayoutOutcome::paid : outcome_of(behaviour.mode);
  if (!is_paid && book_.size() < entries_max) book_.push_back({payout, outcome});
  return outcome;
}

std::optional<Amount> MemoryFaucet::balance() const {
  const std::lock_guard lock{mutex_};
  return behaviour_.balance;
}

void MemoryFaucet::behave(Behaviour behaviour) {
  const std::lock_guard lock{mutex_};
  behaviour_ = behaviour;
}

MemoryFaucet::Behaviour MemoryFaucet::behaviour() const {
  const std::lock_guard lock{mutex_};
  return behaviour_;
}

void MemoryFaucet::forget() {
  const std::lock_guard lock{mutex_};
  book_.clear();
}

void MemoryFaucet::stop() {
  const std::lock_guard lock{mutex_};
  stopped_ = true;
  changed_.notify_all();
}

std::vector<MemoryFaucet::Entry> MemoryFaucet::book() const {
  const std::lock_guard lock{mutex_};
  return book_;
}

}  // namespace sfluv::server
