// SPDX-License-Identifier: MIT
// Voting, and what voters get to see (rulebook C8). The documents tell what votes do; these paths
// are the live system's.
#include <array>
#include <utility>

#include "sfluv/discovery.h"

#include "acting.h"
#include "answer.h"
#include "families.h"
#include "keeping_up.h"
#include "lists.h"

namespace sfluv::server {
namespace {

// A voter who looks makes the live system count: of all that is pending.
std::vector<Series> count_as_voter(Visit& visit) {
  auto database = visit.services.databases.lease();
  return all_current_series(visit.services, *database, Onlooker::voter);
}

Viewer voter_of(Visit& visit) {
  Viewer viewer = viewer_of(visit);
  viewer.as_voter = true;
  return viewer;
}

void vote(Visit& visit) {
  const auto body = read_body(visit);
  if (!body) return;
  auto request = read_vote_request(*body);
  if (!request) return refuse(visit, Operation::vote, {&request.error(), 1});
  if (choice_from(request->decision)) (void)count_as_voter(visit);
  const std::string& id = visit.ids.at(0);
  const auto done = act(visit.services, visit.user,
                        {.action = engine::CastVote{id, *std::move(request)}, .id = id});
  if (!done) return refuse(visit, Operation::vote, done.error());
  answer_workflow(visit, done->series, id);
}

// The list is taken before the votes are counted (rulebook C8).
void count_votes_after(Visit& visit, const std::vector<Series>& all) {
  for (const std::string& id : pending_workflows(all))
    (void)act(visit.services, visit.user, {.action = engine::CountVotes{}, .id = id});
}

void list_pending(Visit& visit) {
  const auto all = count_as_voter(visit);
  answer_workflows(visit, voter_of(visit), all, pending_workflows(all));
  count_votes_after(visit, all);
}

void get_pending(Visit& visit) {
  const std::string& id = visit.ids.at(0);
  count_votes_after(visit, count_as_voter(visit));
  auto database = visit.services.databases.lease();
  const auto series = current_series(visit.services, *database, id);
  if (series) {
    const Workflow seen =
        as_seen_by(voter_of(visit), *series, *series->find(id), visit.services.settings.profile());
    return answer_json(visit.response(), write_workflow(seen, AmountStyle::number));
  }
  refuse_unknown_workflow(visit);
}

constexpr std::array endpoints = {
    Endpoint{"POST", "/workflows/{}/votes", Audience::voter, vote},
    Endpoint{"GET", "/voters/workflows", Audience::voter, list_pending},
    Endpoint{"GET", "/voters/workflows/{}", Audience::voter, get_pending},
};

}  // namespace

Family vote_endpoints() { return endpoints; }

}  // namespace sfluv::server
