// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "series_fixture.h"

/// A proposal for the tests of how work comes into being: two steps, 100 and 50, weekly.
namespace sfluv::fixture {

inline constexpr std::int64_t proposed_at = start_at - 2 * day;

inline Caller paula() { return {.id = "paula", .name = "Paula"}; }
inline Caller admin() { return {.id = "adm", .name = "Admin", .is_admin = true}; }

inline ProposalContext context() {
  return {.proposer_id = "paula",
          .supervisors = {{.user_id = "sam", .title = "Lead", .organization = "Parks"},
                          {.user_id = "paula", .title = {}, .organization = {}}},
          .credential_types = {"dpw_certified", "sfluv_verifier"},
          .own_series = {}};
}

inline ProposedStep proposed_step(std::uint64_t bounty) {
  return {.title = "Clean",
          .bounty = Amount{bounty},
          .role_client_id = "role-1",
          .work_items = {{.title = "Photo", .requires_photo = true}}};
}

inline ProposalRequest proposal(std::string recurrence = "weekly") {
  return {
      .title = "Park",
      .description = "Clean the park",
      .recurrence = std::move(recurrence),
      .start_at = "2024-03-15T10:00:00Z",
      .roles = {{.client_id = "", .title = "Cleaner", .required_credentials = {"dpw_certified"}}},
      .steps = {proposed_step(100), proposed_step(50)}};
}

inline ProposalVerdict checked(const ProposalRequest& request,
                               const ProposalContext& by = context(), const Profile& profile = {}) {
  return check_proposal(request, by, profile, proposed_at, {.entropy = "x"});
}

/// "code path" of each issue.
inline std::vector<std::string> named(const std::vector<Issue>& issues) {
  std::vector<std::string> names;
  for (const Issue& issue : issues)
    names.push_back(std::string{to_string(issue.code)} + " " + issue.path);
  return names;
}

/// `voters` people may vote, and there are funds for everything.
inline engine::Facts with_voters(Caller caller, std::int64_t voters, Profile profile = {}) {
  engine::Facts facts = as(std::move(caller), profile);
  facts.electorate = {
      .voters = voters, .unallocated_funds = Amount{1'000'000}, .voter_is_looking = true};
  facts.proposals = context();
  return facts;
}

/// The series of a proposal that waits for votes.
inline Series proposed(std::string recurrence = "weekly", Profile profile = {}) {
  const auto applied = engine::apply({}, with_voters(paula(), 10, profile),
                                     engine::Propose{proposal(std::move(recurrence))}, proposed_at);
  return applied->series;
}

}  // namespace sfluv::fixture
