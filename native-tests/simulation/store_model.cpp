// SPDX-License-Identifier: MIT
#include "simulation/store_model.h"

#include <algorithm>
#include <utility>

namespace sfluv::simulation {

void StoreModel::write(int page, std::vector<Change> changes, std::vector<Expected> expected,
                       std::function<void(Outcome)> then) {
  const std::uint64_t number = ++numbers_;
  waiting_.push_back({number, page, std::move(changes), std::move(expected), std::move(then)});
  const std::int64_t takes_ms = 1 + random_.up_to(is_quick ? 10 : 200);
  last_ms_ = std::max(last_ms_, time_.now_ms()) + takes_ms;
  time_.at(last_ms_, [this, number] { commit(number); });
}

const Row& StoreModel::get(const std::string& key) const {
  static const Row none;
  const auto found = rows_.find(key);
  return found == rows_.end() ? none : found->second;
}

bool StoreModel::holds(const std::vector<Expected>& expected) const {
  return std::ranges::all_of(expected,
                             [&](const Expected& row) { return get(row.key).bytes == row.bytes; });
}

void StoreModel::commit(std::uint64_t number) {
  const auto found = std::ranges::find(waiting_, number, &Transaction::number);
  if (found == waiting_.end()) return;  // its page died
  Transaction transaction = std::move(*found);
  waiting_.erase(found);
  Outcome outcome = Outcome::conflict;
  if (holds(transaction.expected)) {
    outcome = refuses ? Outcome::failed : Outcome::done;
    // Said to have failed, and there all the same: the disk knows better than the answer.
    if (!refuses || random_.one_in(10)) {
      for (Change& change : transaction.changes) rows_[change.key] = std::move(change.row);
    }
  }
  transaction.then(outcome);
}

void StoreModel::page_died(int page) {
  bool is_lost = refuses;
  for (Transaction& transaction : waiting_) {
    if (transaction.page != page) continue;
    is_lost = is_lost || random_.one_in(2) || !holds(transaction.expected);
    if (is_lost) continue;
    for (Change& change : transaction.changes) rows_[change.key] = std::move(change.row);
  }
  std::erase_if(waiting_, [&](const Transaction& t) { return t.page == page; });
}

}  // namespace sfluv::simulation
