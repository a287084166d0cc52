// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/engine.h"

#include "backend.h"

namespace sfluv::replay {

/// A whole server in memory: the core's rules, and for everything around them the least that a
/// scenario needs: people, a faucet that is a word, a clock that is a number. A plain value, so
/// that a call can be tried on a copy.
class ModelWorld final : public Backend {
 public:
  ModelWorld(const json::Value& setup, const Profile& profile);

  void move_clock(std::int64_t at_s) override;
  Answer perform(const Call& call) override;
  void save(const std::string& symbol, const std::string& place) override;
  bool edit(const json::Value& rows) override;
  State state() override;

  Profile profile;

 private:
  struct User {
    Account account;
    std::vector<std::string> credentials;
    bool has_wallet = true;
  };

  void add_user(const std::string& name, const json::Value& value);
  void add_workflow(const json::Value& value);
  void keep_up();

  [[nodiscard]] std::string resolve(std::string_view symbol) const;
  [[nodiscard]] std::string with_ids(std::string_view text) const;
  [[nodiscard]] std::string body_with_ids(const Call& call) const;
  [[nodiscard]] std::string name_of(const Workflow& workflow, const Series& series) const;

  [[nodiscard]] Caller caller(const std::string& actor) const;
  [[nodiscard]] engine::Facts facts(const std::string& actor, const std::string& step_id);
  [[nodiscard]] Series* series_of_workflow(std::string_view workflow_id);
  [[nodiscard]] Series* series_of_absence(std::string_view absence_id);
  [[nodiscard]] Series* find_series(std::string_view series_id);
  [[nodiscard]] bool edit_row(const std::string& name, const json::Value& set);
  [[nodiscard]] bool edit_workflow(Workflow& workflow, const json::Value& set) const;
  [[nodiscard]] static bool edit_step(Step& step, const json::Value& set);
  [[nodiscard]] PayoutOutcome transfer(const Payout& payout) const;

  Answer act(const std::string& actor, Series* series, const engine::Action& action,
             const std::string& step_id, int status_if_done);
  Answer act_on_step(const std::string& actor, const std::vector<std::string>& path,
                     const std::string& body);
  Answer unclaim(const std::string& actor, const std::string& body);
  Answer absences(const Call& call, const std::string& absence_id, const std::string& body);
  Answer set_account(const std::string& actor);
  [[nodiscard]] Answer read_workflow(const std::string& actor, const std::string& id) const;
  [[nodiscard]] Answer list(const std::string& actor, std::string_view path) const;
  [[nodiscard]] std::string absence_json(const Absence& absence) const;
  [[nodiscard]] std::string names_json(const std::vector<std::string>& workflow_ids) const;

  std::int64_t t0_s_ = 0;
  std::int64_t now_s_ = 0;
  std::string payouts_;
  std::map<std::string, User> users_;
  std::vector<Series> series_;
  std::map<std::string, std::string> saved_;
  std::string last_absence_id_;
  std::uint64_t ids_used_ = 0;
};

}  // namespace sfluv::replay
