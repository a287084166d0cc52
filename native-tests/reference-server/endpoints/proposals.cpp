// SPDX-License-Identifier: MIT
// Proposing work, and what becomes of one's own proposals (seed 002, rulebook B).
#include <array>
#include <utility>

#include "sfluv/discovery.h"
#include "sfluv/json_writer.h"
#include "sfluv/limits.h"

#include "acting.h"
#include "answer.h"
#include "families.h"
#include "keeping_up.h"
#include "lists.h"

namespace sfluv::server {
namespace {

void propose(Visit& visit) {
  const auto body = read_body(visit);
  if (!body) return;
  auto request = read_proposal_request(*body);
  if (!request) return refuse(visit, Operation::propose, {&request.error(), 1});
  const std::string series_id{series_named_in(*request)};
  const auto done =
      act(visit.services, visit.user,
          {.action = engine::Propose{*std::move(request)}, .find = find_series, .id = series_id});
  if (!done) return refuse(visit, Operation::propose, done.error());
  answer_workflow(visit, done->series, done->created_id, 201);
}

void list_proposed(Visit& visit) {
  auto database = visit.services.databases.lease();
  const auto all = all_current_series(visit.services, *database);
  const Viewer viewer = viewer_of(visit);
  const Profile profile = visit.services.settings.profile();
  const auto ids = proposed_workflows(all, viewer.caller, profile);
  if (!profile.lists_light_cards) return answer_workflows(visit, viewer, all, ids);
  const Page page = page_of(visit, ids.size(), limits::discovered_max);
  JsonWriter out;
  out.begin_object().key("items");
  write_workflows(out, visit, viewer, all,
                  std::span{ids}.subspan(page.begin, page.end - page.begin));
  write_page(out, page, ids.size());
  answer_json(visit.response(), out.end_object().take());
}

void get_proposed(Visit& visit) {
  const std::string& id = visit.ids.at(0);
  auto database = visit.services.databases.lease();
  const auto series = current_series(visit.services, *database, id);
  const Workflow* const workflow = series ? series->find(id) : nullptr;
  if (workflow != nullptr && may_read_as_proposer(caller_from(visit.user), *workflow))
    return answer_workflow(visit, *series, id);
  refuse_unknown_workflow(visit);
}

void withdraw(Visit& visit) {
  const std::string& id = visit.ids.at(0);
  const auto done =
      act(visit.services, visit.user, {.action = engine::DeleteProposal{id}, .id = id});
  if (!done) return refuse(visit, Operation::remove, done.error());
  answer_json(visit.response(), "{}");
}

constexpr std::array endpoints = {
    Endpoint{"POST", "/proposers/workflows", Audience::proposer, propose},
    Endpoint{"GET", "/proposers/workflows", Audience::proposer, list_proposed},
    Endpoint{"GET", "/proposers/workflows/{}", Audience::proposer, get_proposed},
    Endpoint{"DELETE", "/proposers/workflows/{}", Audience::proposer, withdraw},
};

}  // namespace

Family proposal_endpoints() { return endpoints; }

}  // namespace sfluv::server
