// SPDX-License-Identifier: MIT
#include "keeping_up.h"

#include <algorithm>
#include <utility>

#include "entropy.h"
#include "store.h"

namespace sfluv::server {
namespace {

bool is_changed(const CaughtUp& caught) {
  const Delta& delta = caught.delta;
  return !delta.changed.empty() || !delta.removed.empty() || delta.votes;
}

bool is_voted_on(const Series& series) {
  return std::ranges::any_of(
             series.occurrences,
             [](const Workflow& one) { return one.status == WorkflowStatus::pending; }) ||
         std::ranges::any_of(series.deletions,
                             [](const DeletionProposal& one) { return one.status == "pending"; });
}

}  // namespace

void add(Delta& sum, const Delta& more) {
  const auto unite = [](std::vector<std::string>& ids, const std::vector<std::string>& others) {
    for (const std::string& id : others) {
      if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    }
  };
  unite(sum.changed, more.changed);
  unite(sum.removed, more.removed);
  sum.definition |= more.definition;
  sum.votes |= more.votes;
}

Electorate electorate_of(const Series& series, const Services& services, Database& database,
                         Onlooker onlooker) {
  Electorate electorate{.voter_is_looking = onlooker == Onlooker::voter};
  if (!is_voted_on(series)) return electorate;
  electorate.voters = count_voters(database);
  if (const auto balance = services.faucet.balance())
    electorate.unallocated_funds = unallocated_funds(*balance, all_series(database));
  return electorate;
}

CaughtUp caught_up(const Series& series, const Services& services, Database& database,
                   Onlooker onlooker) {
  return catch_up(series, services.settings.profile(), services.settings.now_s(),
                  IdSource{.entropy = random_text()},
                  electorate_of(series, services, database, onlooker));
}

// Mostly nothing has become due: then a reader does not wait for those who write.
std::optional<Series> current_series(Services& services, Database& database,
                                     std::string_view workflow_id) {
  {
    const Transaction transaction{database, Transaction::Kind::read};
    auto series = find_series_of_workflow(database, workflow_id);
    if (!series || !is_changed(caught_up(*series, services, database))) return series;
  }
  Transaction transaction{database, Transaction::Kind::write};
  const auto series =
      find_series_of_workflow(database, workflow_id);  // another may have been first
  if (!series) return std::nullopt;
  CaughtUp caught = caught_up(*series, services, database);
  store_changes(database, *series, caught.series, caught.delta);
  transaction.commit();
  return std::move(caught.series);
}

std::vector<Series> all_current_series(Services& services, Database& database, Onlooker onlooker) {
  std::vector<Series> all;
  {
    const Transaction transaction{database, Transaction::Kind::read};
    all = all_series(database);
    const auto is_due = [&](const Series& one) {
      return is_changed(caught_up(one, services, database, onlooker));
    };
    if (std::ranges::none_of(all, is_due)) return all;
  }
  Transaction transaction{database, Transaction::Kind::write};
  all = all_series(database);
  for (Series& one : all) {
    CaughtUp caught = caught_up(one, services, database, onlooker);
    store_changes(database, one, caught.series, caught.delta);
    one = std::move(caught.series);
  }
  transaction.commit();
  return all;
}

}  // namespace sfluv::server
