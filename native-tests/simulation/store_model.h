// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "simulation/clockwork.h"

namespace sfluv::simulation {

using Bytes = std::vector<std::uint8_t>;

/// What is known of the readings since the end of the last attempt; travels with the row, so that
/// each page is judged by what it can know.
struct Proof {
  std::int64_t ended_ms = -1;         ///< true time at which somebody learned of the end
  std::vector<std::int64_t> open_ms;  ///< when each reading that showed it open began
};

struct Row {
  Bytes bytes;  ///< empty: none
  Proof proof;
};

/// IndexedDB as far as it can be relied on: transactions one after the other, all or nothing, with
/// rows compared before they are replaced; what was acknowledged stays.
class StoreModel {
 public:
  enum class Outcome : std::uint8_t { done, conflict, failed };
  struct Change {
    std::string key;
    Row row;
  };
  struct Expected {
    std::string key;
    Bytes bytes;
  };

  StoreModel(Timeline& time, Random& random) : time_(time), random_(random) {}

  void write(int page, std::vector<Change> changes, std::vector<Expected> expected,
             std::function<void(Outcome)> then);
  [[nodiscard]] const Row& get(const std::string& key) const;
  /// Not by a page: what a fault does to a row.
  void overwrite(const std::string& key, Bytes bytes) { rows_[key].bytes = std::move(bytes); }
  /// Of what a dead page had asked for, any first part was done.
  void page_died(int page);

  bool refuses = false;  ///< full, or the connection is dead
  bool is_quick = false;

 private:
  struct Transaction {
    std::uint64_t number = 0;
    int page = 0;
    std::vector<Change> changes;
    std::vector<Expected> expected;
    std::function<void(Outcome)> then;
  };

  void commit(std::uint64_t number);
  [[nodiscard]] bool holds(const std::vector<Expected>& expected) const;

  Timeline& time_;
  Random& random_;
  std::map<std::string, Row> rows_;
  std::deque<Transaction> waiting_;
  std::int64_t last_ms_ = 0;
  std::uint64_t numbers_ = 0;
};

}  // namespace sfluv::simulation
