// SPDX-License-Identifier: MIT
// What proposers, voters and people by themselves do in the model's world.
#include <algorithm>

#include "sfluv/json_writer.h"

#include "model_answers.h"
#include "model_world.h"

namespace sfluv::replay {
namespace {

std::string text_result(std::initializer_list<std::pair<const char*, std::string>> members) {
  JsonWriter out;
  out.begin_object();
  for (const auto& [name, value] : members) out.key(name).string(value);
  out.end_object();
  return out.take();
}

std::string requests_result(const account::Person& person) {
  JsonWriter out;
  out.begin_array();
  for (const account::CredentialRequest& request : account::credential_requests_of(person))
    out.raw(
        text_result({{"credential_type", request.credential_type}, {"status", request.status}}));
  out.end_array();
  return out.take();
}

}  // namespace

ProposalContext ModelWorld::proposal_context(const std::string& actor) const {
  ProposalContext context{.proposer_id = actor};
  for (const auto& [name, person] : now_.people) {
    const bool is_approved = person.supervisor_status == "approved";
    if (person.account.is_supervisor && is_approved)
      context.supervisors.push_back({.user_id = name, .title = {}, .organization = {}});
    if (name != actor) continue;
    context.proposer_is_known = person.proposer_status != "none";
    context.proposer_is_approved = person.proposer_status == "approved";
  }
  for (const account::CredentialType& type : now_.credential_types)
    context.credential_types.push_back(type.value);
  for (const Series& series : now_.series) {
    const bool is_mine = series.definition && series.definition->proposer_id == actor;
    if (is_mine && series.is_recurring())
      context.own_series.push_back({.id = series.id, .recurrence = series.recurrence});
  }
  return context;
}

Answer ModelWorld::act(const std::string& actor, Series* series, Operation operation,
                       const engine::ProposalAction& action) {
  const Series nothing;
  auto applied =
      engine::apply(series == nullptr ? nothing : *series, facts(actor, {}), action, now_.now_s);
  if (!applied) return refused(applied.error().front(), operation, now_.profile);
  *series = std::move(applied->series);
  return accepted(200, "");
}

Answer ModelWorld::propose(const std::string& actor, const std::string& body) {
  auto request = read_proposal_request(body);
  if (!request) return refused(request.error(), Operation::propose, now_.profile);
  Series nothing;
  Series* const linked = find_series(request->series_id);
  const auto applied = engine::apply(linked == nullptr ? nothing : *linked, facts(actor, {}),
                                     engine::Propose{*std::move(request)}, now_.now_s);
  if (!applied) return refused(applied.error().front(), Operation::propose, now_.profile);
  Series& series = linked == nullptr ? now_.series.emplace_back() : *linked;
  series = applied->series;
  return accepted(201, created_json(*series.find(applied->created_id)));
}

Answer ModelWorld::act_as_proposer(const Call& call, const std::string& id,
                                   const std::string& body) {
  if (call.method == "POST") return propose(call.actor, body);
  if (call.method == "DELETE")
    return act(call.actor, series_of_workflow(id), Operation::remove, engine::DeleteProposal{id});
  if (!id.empty()) return read_workflow(call.actor, id, Audience::proposer);
  return list(call.actor, "proposed");
}

Answer ModelWorld::vote(const std::string& actor, const std::string& id, const std::string& body) {
  auto request = read_vote_request(body);
  if (!request) return refused(request.error(), Operation::vote, now_.profile);
  if (choice_from(request->decision)) keep_up(true);
  Series* const series = series_of_workflow(id);
  Answer answer = act(actor, series, Operation::vote, engine::CastVote{id, *std::move(request)});
  if (answer.status != 200) return answer;
  const Workflow& workflow = *series->find(id);
  const WorkflowVotes votes = votes_of(*series, id, workflow.vote, electorate(true).voters, actor);
  JsonWriter out;
  out.begin_object().key("status").string(workflow.status.text);
  out.key("votes").raw(votes_json(votes, now_.t0_s)).end_object();
  return accepted(200, out.take());
}

// The list is taken before the votes are counted (rulebook C8).
Answer ModelWorld::look_as_voter(const std::string& actor, const std::string& id) {
  keep_up(true);
  Answer answer = list(actor, "pending");
  for (Series& series : now_.series) {
    auto applied = engine::apply(series, facts(actor, {}), engine::CountVotes{}, now_.now_s);
    if (applied) series = std::move(applied->series);
  }
  return id.empty() ? answer : read_workflow(actor, id, Audience::voter);
}

Answer ModelWorld::act_on_oneself(const Call& call, std::string_view what,
                                  const std::string& body) {
  Person& person = now_.people.at(call.actor);
  if (call.method == "GET") return accepted(200, requests_result(person.self));
  const auto run = [&](auto action, int status, auto&& show) {
    if (!action) return refused(action.error(), Operation::account, now_.profile);
    person.self.credentials = person.credentials;
    auto applied = account::apply(person.self,
                                  {.profile = now_.profile,
                                   .caller_is_admin = person.account.is_admin,
                                   .credential_types = now_.credential_types,
                                   .new_ids = std::to_string(++now_.ids_used)},
                                  *std::move(action), now_.now_s);
    if (!applied) return refused(applied.error().front(), Operation::account, now_.profile);
    person.self = *std::move(applied);
    return accepted(status, show(person.self));
  };
  if (what == "request") {
    Answer answer = run(account::read_improver_request(body), 201, [](const auto& self) {
      return text_result({{"status", self.improver->status}, {"email", self.improver->email}});
    });
    if (answer.status == 201) person.account.is_improver = person.self.improver->is_approved();
    return answer;
  }
  if (what == "credential-requests") {
    return run(account::read_credential_request_body(body), 201, [](const auto& self) {
      const account::CredentialRequest& made = self.credential_requests.back();
      return text_result({{"credential_type", made.credential_type}, {"status", made.status}});
    });
  }
  Answer answer = run(account::read_rewards_account_request(body), 200, [](const auto& self) {
    return text_result({{"primary_rewards_account", self.improver->primary_rewards_account}});
  });
  if (answer.status == 200) person.has_wallet = true;
  return answer;
}

}  // namespace sfluv::replay
