// SPDX-License-Identifier: MIT
// Reading workflows: one of them, what I see and may claim, what I am owed, what is under way
// (seeds 000 and 002, rulebook C10).
#include <algorithm>
#include <array>

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

void get_workflow(Visit& visit) {
  const std::string& id = visit.ids.at(0);
  auto database = visit.services.databases.lease();
  const auto series = current_series(visit.services, *database, id);
  if (series) return answer_workflow(visit, *series, id);
  refuse_unknown_workflow(visit);
}

// Seed 002 ActiveWorkflowListItem, open at the end.
JsonWriter& begin_card(JsonWriter& out, const Workflow& workflow) {
  out.begin_object().key("id").string(workflow.id).key("series_id").string(workflow.series_id);
  out.key("proposer_id").string(workflow.proposer_id).key("title").string(workflow.title);
  out.key("description").string(workflow.description);
  out.key("recurrence").string(workflow.recurrence).key("start_at").number(workflow.start_at);
  out.key("status").string(workflow.status.text);
  out.key("is_start_blocked").boolean(workflow.is_start_blocked);
  if (workflow.blocked_by_workflow_id)
    out.key("blocked_by_workflow_id").string(*workflow.blocked_by_workflow_id);
  out.key("total_bounty").amount(workflow.total_bounty);
  out.key("weekly_bounty_requirement").amount(workflow.weekly_bounty_requirement);
  if (workflow.vote.decision) out.key("vote_decision").string(*workflow.vote.decision);
  if (workflow.approved_at) out.key("approved_at").number(*workflow.approved_at);
  out.key("created_at").number(workflow.created_at);
  return out.key("updated_at").number(workflow.updated_at);
}

void write_step_card(JsonWriter& out, const Step& step) {
  out.begin_object().key("id").string(step.id).key("step_order").number(step.step_order);
  out.key("title").string(step.title).key("status").string(step.status.text).end_object();
}

// The live system's card: no steps, but what of them is mine and what I could claim.
void write_improver_card(JsonWriter& out, const User& user, const Workflow& workflow,
                         const Listed& listed) {
  const bool is_manager = workflow.supervisor_user_id == user.id;
  begin_card(out, workflow).key("is_manager").boolean(is_manager);
  out.key("is_manager_eligible").boolean(listed.reason == Listing::supervised && !is_manager);
  out.key("has_claimed_step")
      .boolean(listed.reason == Listing::mine || listed.reason == Listing::mine_active);
  out.key("has_active_claimed_step").boolean(listed.reason == Listing::mine_active);
  out.key("assigned_steps").begin_array();
  for (const Step& step : workflow.steps) {
    if (step.assigned_improver_id == user.id) write_step_card(out, step);
  }
  out.end_array();
  if (const Step* const step = workflow.find_step(listed.claimable_step_id))
    write_step_card(out.key("claimable_step"), *step);
  out.end_object();
}

void answer_page(Visit& visit, const Discovery& discovery, const std::vector<Series>& all) {
  const Page page = page_of(visit, discovery.listed.size(), limits::discovered_max);
  JsonWriter out;
  out.begin_object().key("active_credentials").begin_array();
  for (const std::string& credential : discovery.active_credentials) out.string(credential);
  out.end_array().key("workflows").begin_array();
  for (std::size_t i = page.begin; i < page.end; ++i) {
    const Listed& listed = discovery.listed[i];
    write_improver_card(out, visit.user,
                        *series_in(all, listed.workflow_id).find(listed.workflow_id), listed);
  }
  write_page(out.end_array(), page, discovery.total);
  answer_json(visit.response(), out.end_object().take());
}

void discover_workflows(Visit& visit) {
  auto database = visit.services.databases.lease();
  const auto all = all_current_series(visit.services, *database);
  const Profile profile = visit.services.settings.profile();
  const Discovery discovery =
      discover(all, caller_from(visit.user), profile, visit.services.settings.now_s());
  if (profile.lists_light_cards) return answer_page(visit, discovery, all);
  std::vector<std::string> ids;
  for (const Listed& listed : discovery.listed) ids.push_back(listed.workflow_id);
  answer_workflows(visit, viewer_of(visit), all, ids);
}

void list_unpaid(Visit& visit) {
  auto database = visit.services.databases.lease();
  const auto all = all_current_series(visit.services, *database);
  answer_workflows(visit, viewer_of(visit), all, unpaid_workflows(all, caller_from(visit.user)));
}

void list_active(Visit& visit) {
  auto database = visit.services.databases.lease();
  const auto all = all_current_series(visit.services, *database);
  JsonWriter out;
  out.begin_array();
  for (const std::string& id : active_workflows(all))
    begin_card(out, *series_in(all, id).find(id)).end_object();
  answer_json(visit.response(), out.end_array().take());
}

constexpr std::array endpoints = {
    Endpoint{"GET", "/workflows/{}", Audience::anybody, get_workflow},
    Endpoint{"GET", "/workflows/active", Audience::participant, list_active},
    Endpoint{"GET", "/improvers/workflows", Audience::improver, discover_workflows},
    Endpoint{"GET", "/improvers/unpaid-workflows", Audience::improver, list_unpaid},
};

}  // namespace

Family workflow_endpoints() { return endpoints; }

}  // namespace sfluv::server
