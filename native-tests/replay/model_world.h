// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/engine.h"
#include "sfluv/http_status.h"

#include "setup.h"
#include "world.h"

namespace sfluv::replay {

/// A whole server in memory: the core's rules, and for everything around them the least that a
/// scenario needs: people, a faucet that is a word, a clock that is a number.
class ModelWorld final : public World {
 public:
  bool begin(const json::Value& setup, const Profile& profile) override;
  void set_profile(const Profile& profile) override { now_.profile = profile; }
  void move_clock(std::int64_t at_s) override;
  std::vector<Answer> perform(std::span<const Call> calls) override;
  void save(const std::string& symbol, const std::string& place) override;
  bool edit(const json::Value& rows) override;
  State state() override;
  void mark() override { marked_ = now_; }
  void go_back() override { now_ = marked_; }

 private:
  struct Data {
    Profile profile;
    std::int64_t t0_s = 0;
    std::int64_t now_s = 0;
    std::string payouts;
    std::optional<Amount> unallocated_funds;
    std::vector<account::CredentialType> credential_types;
    std::map<std::string, Person> people;
    std::vector<Series> series;
    std::vector<StagedPhoto> staged_photos;
    std::map<std::string, std::string> saved;
    std::string last_absence_id;
    std::uint64_t ids_used = 0;
  };

  void keep_up(bool voter_is_looking = false);
  [[nodiscard]] Electorate electorate(bool voter_is_looking) const;
  [[nodiscard]] std::map<std::string, std::string> ids() const;
  [[nodiscard]] Caller caller(const std::string& actor) const;
  [[nodiscard]] engine::Facts facts(const std::string& actor, const StepRef& step);
  [[nodiscard]] std::vector<SubmissionPhoto> staged_by(const std::string& actor,
                                                       const StepRef& step) const;
  [[nodiscard]] Series* series_of_workflow(std::string_view workflow_id);
  [[nodiscard]] Series* series_of_absence(std::string_view absence_id);
  [[nodiscard]] Series* find_series(std::string_view series_id);
  [[nodiscard]] PayoutOutcome transfer(const Payout& payout) const;

  Answer perform(const Call& call);
  Answer act(const std::string& actor, Series* series, Operation operation,
             const engine::Action& action, const StepRef& step = {});
  Answer act(const std::string& actor, Series* series, Operation operation,
             const engine::ProposalAction& action);
  Answer act_on_step(const std::string& actor, const std::vector<std::string>& path,
                     const std::string& body);
  Answer unclaim(const std::string& actor, const std::string& body);
  Answer absences(const Call& call, const std::string& absence_id, const std::string& body);
  [[nodiscard]] Answer read_workflow(const std::string& actor, const std::string& id,
                                     Audience audience) const;

  // What proposers, voters and people by themselves do (model_world_people.cpp).
  Answer propose(const std::string& actor, const std::string& body);
  Answer act_as_proposer(const Call& call, const std::string& id, const std::string& body);
  Answer vote(const std::string& actor, const std::string& id, const std::string& body);
  Answer look_as_voter(const std::string& actor, const std::string& id);
  Answer act_on_oneself(const Call& call, std::string_view what, const std::string& body);
  [[nodiscard]] ProposalContext proposal_context(const std::string& actor) const;
  [[nodiscard]] Answer list(const std::string& actor, std::string_view what) const;
  [[nodiscard]] std::string names_json(const std::vector<std::string>& workflow_ids) const;

  Data now_;
  Data marked_;
};

}  // namespace sfluv::replay
