// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/payout.h"

namespace sfluv::server {

/// Where bounties are paid from. `transfer` may take as long as it likes.
class Faucet {
 public:
  virtual ~Faucet() = default;
  /// Without one nothing is ever tried (rulebook C9).
  [[nodiscard]] virtual bool is_there() const = 0;
  /// What was paid once is not paid again: asking a second time gives the same answer.
  [[nodiscard]] virtual PayoutOutcome transfer(const Payout& payout) = 0;
  /// What lies in it, promised or not; nothing where that cannot be told.
  [[nodiscard]] virtual std::optional<Amount> balance() const = 0;
};

/// How the faucet in memory behaves; the names are those of the vectors.
enum class FaucetMode : std::uint8_t { none, ok, insufficient, fail };

[[nodiscard]] std::string_view to_string(FaucetMode mode);
[[nodiscard]] std::optional<FaucetMode> faucet_mode_from(std::string_view name);

/// A faucet that pays with a note in its book. Safe to use from all threads.
class MemoryFaucet final : public Faucet {
 public:
  struct Behaviour {
    FaucetMode mode = FaucetMode::ok;
    std::int64_t delay_ms = 0;  ///< of every transfer
    std::optional<Amount> balance = Amount::parse("1000000000000000000000000");  ///< a million
  };
  struct Entry {
    Payout payout;
    PayoutOutcome outcome{};
  };

  [[nodiscard]] bool is_there() const override;
  [[nodiscard]] PayoutOutcome transfer(const Payout& payout) override;
  [[nodiscard]] std::optional<Amount> balance() const override;

  void behave(Behaviour behaviour);
  [[nodiscard]] Behaviour behaviour() const;
  void forget();
  /// From now on no transfer waits.
  void stop();
  /// All tries, the latest last.
  [[nodiscard]] std::vector<Entry> book() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Behaviour behaviour_;
  std::vector<Entry> book_;
  bool stopped_ = false;
};

}  // namespace sfluv::server
