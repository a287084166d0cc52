// SPDX-License-Identifier: MIT
#include "keeping_up.h"

#include <algorithm>
#include <utility>

#include "entropy.h"
#include "store.h"

namespace sfluv::server {
namespace {

bool is_changed(const CaughtUp& caught) {
  return !caught.delta.changed.empty() || !caught.delta.removed.empty();
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
}

CaughtUp caught_up(const Series& series, const Services& services) {
  return catch_up(series, services.settings.profile(), services.settings.now_s(),
                  IdSource{.entropy = random_text()});
}

// Mostly nothing has become due: then a reader does not wait for those who write.
std::optional<Series> current_series(Services& services, Database& database,
                                     std::string_view workflow_id) {
  {
    const Transaction transaction{database, Transaction::Kind::read};
    auto series = find_series_of_workflow(database, workflow_id);
    if (!series || !is_changed(caught_up(*series, services))) return series;
  }
  Transaction transaction{database, Transaction::Kind::write};
  const auto series =
      find_series_of_workflow(database, workflow_id);  // another may have been first
  if (!series) return std::nullopt;
  CaughtUp caught = caught_up(*series, services);
  store_changes(database, *series, caught.series, caught.delta);
  transaction.commit();
  return std::move(caught.series);
}

std::vector<Series> all_current_series(Services& services, Database& database) {
  std::vector<Series> all;
  {
    const Transaction transaction{database, Transaction::Kind::read};
    all = all_series(database);
  }
  const auto is_due = [&](const Series& one) { return is_changed(caught_up(one, services)); };
  if (std::ranges::none_of(all, is_due)) return all;
  Transaction transaction{database, Transaction::Kind::write};
  all = all_series(database);
  for (Series& one : all) {
    CaughtUp caught = caught_up(one, services);
    store_changes(database, one, caught.series, caught.delta);
    one = std::move(caught.series);
  }
  transaction.commit();
  return all;
}

}  // namespace sfluv::server
