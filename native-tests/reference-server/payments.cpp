// SPDX-License-Identifier: MIT
#include "payments.h"

#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "sfluv/engine.h"
#include "sfluv/payout.h"

#include "keeping_up.h"
#include "store.h"

namespace sfluv::server {
namespace {

// Takes the wallet into account, which the faucet does not know.
PayoutOutcome transfer(Services& services, const Payout& payout) {
  std::optional<User> user;
  {
    auto database = services.databases.lease();
    const Transaction transaction{*database, Transaction::Kind::read};
    user = find_user(*database, payout.user_id);
  }
  if (!user) return PayoutOutcome::no_improver;
  return user->has_wallet ? services.faucet.transfer(payout) : PayoutOutcome::no_wallet;
}

Series record(Services& services, const std::string& series_id, const Payout& payout,
              PayoutOutcome outcome) {
  auto database = services.databases.lease();
  Transaction transaction{*database, Transaction::Kind::write};
  Series stored = find_series(*database, series_id).value_or(Series{});
  const engine::Facts facts{.profile = services.settings.profile(), .has_payout_service = true};
  auto paid =
      engine::apply(stored, facts, engine::PayoutResult{.payout = payout, .outcome = outcome},
                    services.settings.now_s());
  if (!paid) throw std::logic_error("the end of a payout was refused");
  // What waited for this payout goes on.
  CaughtUp after = caught_up(paid->series, services, *database);
  add(paid->delta, after.delta);
  store_changes(*database, stored, after.series, paid->delta);
  transaction.commit();
  return std::move(after.series);
}

}  // namespace

SeriesLocks::Hold::Hold(SeriesLocks& locks, std::string series_id)
    : locks_(locks), series_id_(std::move(series_id)) {
  std::unique_lock lock{locks_.mutex_};
  locks_.freed_.wait(lock, [this] { return !locks_.held_.contains(series_id_); });
  locks_.held_.insert(series_id_);
}

SeriesLocks::Hold::~Hold() {
  const std::lock_guard lock{locks_.mutex_};
  locks_.held_.erase(series_id_);
  locks_.freed_.notify_all();
}

Series pay_what_is_due(Services& services, const Series& series) {
  const SeriesLocks::Hold hold{services.paying, series.id};
  Series current = series;
  {
    auto database = services.databases.lease();
    const Transaction transaction{*database, Transaction::Kind::read};
    if (auto stored = find_series(*database, series.id)) current = *std::move(stored);
  }
  while (const auto payout = next_payout(current, services.settings.profile()))
    current = record(services, series.id, *payout, transfer(services, *payout));
  return current;
}

void pay_what_was_left(Services& services) {
  if (!services.faucet.is_there()) return;
  std::vector<Series> all;
  {
    auto database = services.databases.lease();
    const Transaction transaction{*database, Transaction::Kind::read};
    all = all_series(*database);
  }
  for (const Series& series : all) pay_what_is_due(services, series);
}

}  // namespace sfluv::server
