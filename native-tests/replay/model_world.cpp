// SPDX-License-Identifier: MIT
#include "model_world.h"

#include <algorithm>

#include "sfluv/discovery.h"
#include "sfluv/json_writer.h"
#include "sfluv/visibility.h"

#include "model_answers.h"

namespace sfluv::replay {
namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) parts.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

// What the answer shows, as far as recordings keep it.
std::string result_of(const engine::Applied& applied, const StepRef& step, std::int64_t t0_s) {
  if (!applied.counts) {
    const Workflow* const workflow = applied.series.find(step.workflow_id);
    const Step* const done = workflow == nullptr ? nullptr : workflow->find_step(step.step_id);
    return done != nullptr && done->submission ? stored_json(*done->submission) : "";
  }
  JsonWriter out;
  out.begin_object();
  if (applied.absence) out.key("absence").raw(absence_json(*applied.absence, t0_s));
  out.key("released_count").number(applied.counts->released);
  out.key("skipped_count").number(applied.counts->skipped);
  out.end_object();
  return out.take();
}

}  // namespace

bool ModelWorld::begin(const json::Value& setup, const Profile& profile) {
  Setup made = read_setup(setup);
  now_ = {.profile = profile,
          .t0_s = made.t0_s,
          .payouts = made.payouts,
          .unallocated_funds = made.unallocated_funds,
          .credential_types = made.credential_types};
  for (Person& person : made.people) now_.people[person.name] = std::move(person);
  for (NewWorkflow& one : made.workflows) {
    move_clock(one.workflow.created_at - now_.t0_s);
    Series* series = find_series(one.workflow.series_id);
    if (series == nullptr) {
      series = &now_.series.emplace_back(Series{.id = one.workflow.series_id,
                                                .recurrence = one.workflow.recurrence,
                                                .recurrence_end_at = one.recurrence_end_at,
                                                .definition = one.workflow});
    }
    Workflow& workflow = series->occurrences.emplace_back(std::move(one.workflow));
    Delta delta;
    if (workflow.status == WorkflowStatus::pending && needs_no_vote(workflow))
      approve(*series, workflow, "approve", std::nullopt, profile, now_.now_s, delta);
    keep_up();
  }
  now_.staged_photos = std::move(made.staged_photos);
  return std::ranges::all_of(made.edits, [&](const json::Value* rows) { return edit(*rows); });
}

Electorate ModelWorld::electorate(bool voter_is_looking) const {
  const auto may_vote = [](const auto& person) {
    return person.second.account.is_voter || person.second.account.is_admin;
  };
  return {.voters = std::ranges::count_if(now_.people, may_vote),
          .unallocated_funds = now_.unallocated_funds,
          .voter_is_looking = voter_is_looking};
}

void ModelWorld::keep_up(bool voter_is_looking) {
  const Electorate voters = electorate(voter_is_looking);
  for (Series& series : now_.series) {
    const IdSource source{.entropy = "upkeep" + std::to_string(++now_.ids_used)};
    series = catch_up(std::move(series), now_.profile, now_.now_s, source, voters).series;
  }
}

void ModelWorld::move_clock(std::int64_t at_s) {
  now_.now_s = now_.t0_s + at_s;
  keep_up();
}

void ModelWorld::save(const std::string& symbol, const std::string& place) {
  if (place == "absence.id") now_.saved[symbol] = now_.last_absence_id;
}

std::map<std::string, std::string> ModelWorld::ids() const {
  auto known = generated_ids(now_.series, now_.t0_s);
  known.insert(now_.saved.begin(), now_.saved.end());
  return known;
}

Series* ModelWorld::find_series(std::string_view series_id) {
  const auto found = std::ranges::find(now_.series, series_id, &Series::id);
  return found == now_.series.end() ? nullptr : &*found;
}

Series* ModelWorld::series_of_workflow(std::string_view workflow_id) {
  const auto found = std::ranges::find_if(
      now_.series, [&](const Series& series) { return series.find(workflow_id) != nullptr; });
  return found == now_.series.end() ? nullptr : &*found;
}

Series* ModelWorld::series_of_absence(std::string_view absence_id) {
  const auto found = std::ranges::find_if(now_.series, [&](const Series& series) {
    return series.find_absence(absence_id) != nullptr;
  });
  return found == now_.series.end() ? nullptr : &*found;
}

Caller ModelWorld::caller(const std::string& actor) const {
  const auto person = now_.people.find(actor);
  if (person == now_.people.end()) return {.id = actor};
  return {.id = actor,
          .name = actor,
          .credentials = person->second.credentials,
          .is_admin = person->second.account.is_admin};
}

std::vector<SubmissionPhoto> ModelWorld::staged_by(const std::string& actor,
                                                   const StepRef& step) const {
  std::vector<SubmissionPhoto> mine;
  for (const StagedPhoto& staged : now_.staged_photos) {
    if (staged.owner == actor && staged.photo.step_id == step.step_id) mine.push_back(staged.photo);
  }
  return mine;
}

engine::Facts ModelWorld::facts(const std::string& actor, const StepRef& step) {
  engine::Facts facts{.caller = caller(actor),
                      .profile = now_.profile,
                      .has_payout_service = now_.payouts != "none",
                      .staged_photos = staged_by(actor, step),
                      .electorate = electorate(true),
                      .proposals = proposal_context(actor),
                      .new_ids = std::to_string(++now_.ids_used)};
  facts.step_is_elsewhere = std::ranges::any_of(now_.series, [&](const Series& series) {
    return std::ranges::any_of(series.occurrences, [&](const Workflow& workflow) {
      return workflow.find_step(step.step_id) != nullptr;
    });
  });
  for (const auto& [name, person] : now_.people) {
    if (!person.account.is_improver) continue;
    facts.improvers.push_back({.id = name, .credentials = person.credentials});
  }
  return facts;
}

PayoutOutcome ModelWorld::transfer(const Payout& payout) const {
  const auto person = now_.people.find(payout.user_id);
  if (person == now_.people.end()) return PayoutOutcome::no_improver;
  if (!person->second.has_wallet) return PayoutOutcome::no_wallet;
  if (now_.payouts == "insufficient") return PayoutOutcome::insufficient_funds;
  return now_.payouts == "ok" ? PayoutOutcome::paid : PayoutOutcome::transfer_failed;
}

Answer ModelWorld::act(const std::string& actor, Series* series, Operation operation,
                       const engine::Action& action, const StepRef& step) {
  const engine::Facts known = facts(actor, step);
  const Series nothing;
  auto applied = engine::apply(series == nullptr ? nothing : *series, known, action, now_.now_s);
  if (!applied) return refused(applied.error().front(), operation, now_.profile);
  *series = applied->series;
  for (auto payout = applied->effects.payout; payout;) {
    const engine::PayoutResult result{.payout = *payout, .outcome = transfer(*payout)};
    auto paid = engine::apply(*series, known, result, now_.now_s);
    if (!paid) break;
    *series = std::move(paid->series);
    payout = paid->effects.payout;
  }
  if (applied->absence) now_.last_absence_id = applied->absence->id;
  const bool creates = std::holds_alternative<engine::CreateAbsence>(action);
  return accepted(creates ? 201 : 200, result_of(*applied, step, now_.t0_s));
}

Answer ModelWorld::act_on_step(const std::string& actor, const std::vector<std::string>& path,
                               const std::string& body) {
  const StepRef step{.workflow_id = path[2], .step_id = path[4]};
  Series* const series = series_of_workflow(step.workflow_id);
  if (path[5] == "claim") return act(actor, series, Operation::claim, engine::Claim{step}, step);
  if (path[5] == "start") return act(actor, series, Operation::start, engine::Start{step}, step);
  if (path[5] == "payout-request")
    return act(actor, series, Operation::payout_request, engine::RequestPayout{step}, step);
  auto request = read_completion_request(body);
  if (!request) return refused(request.error(), Operation::complete, now_.profile);
  return act(actor, series, Operation::complete, engine::Complete{step, *std::move(request)}, step);
}

Answer ModelWorld::unclaim(const std::string& actor, const std::string& body) {
  auto request = read_unclaim_request(body);
  if (!request) return refused(request.error(), Operation::unclaim, now_.profile);
  Series* const series = find_series(request->series_id);
  return act(actor, series, Operation::unclaim, engine::Unclaim{*std::move(request)});
}

Answer ModelWorld::absences(const Call& call, const std::string& absence_id,
                            const std::string& body) {
  const auto run = [&](Series* series, const engine::Action& action) {
    return act(call.actor, series, Operation::absence, action);
  };
  if (call.method == "GET") return list(call.actor, "absences");
  if (call.method == "DELETE")
    return run(series_of_absence(absence_id), engine::DeleteAbsence{absence_id});
  auto request = read_absence_request(body);
  if (!request) return refused(request.error(), Operation::absence, now_.profile);
  if (call.method == "PUT") {
    return run(series_of_absence(absence_id),
               engine::UpdateAbsence{absence_id, *std::move(request)});
  }
  Series* const series = find_series(request->series_id);
  return run(series, engine::CreateAbsence{*std::move(request)});
}

Answer ModelWorld::read_workflow(const std::string& actor, const std::string& id,
                                 Audience audience) const {
  const Viewer viewer{.caller = caller(actor),
                      .as_voter = audience == Audience::voter,
                      .voters = electorate(false).voters};
  for (const Series& series : now_.series) {
    const Workflow* const workflow = series.find(id);
    if (workflow == nullptr) continue;
    if (audience == Audience::proposer && !may_read_as_proposer(viewer.caller, *workflow)) break;
    const Workflow seen = as_seen_by(viewer, series, *workflow, now_.profile);
    JsonWriter out;
    out.begin_object().key("status").string(seen.status.text);
    out.key("submissions_visible").begin_array();
    for (const Step& step : seen.steps) {
      if (step.submission) out.number(step.step_order);
    }
    out.end_array().end_object();
    return accepted(200, out.take());
  }
  return refused({.code = Code::not_found, .path = "", .params = {}}, Operation::read,
                 now_.profile);
}

std::string ModelWorld::names_json(const std::vector<std::string>& workflow_ids) const {
  JsonWriter out;
  out.begin_array();
  for (const std::string& id : workflow_ids) {
    for (const Series& series : now_.series) {
      const Workflow* const workflow = series.find(id);
      if (workflow != nullptr)
        out.string(name_of(workflow->id, series.id, workflow->start_at, now_.t0_s));
    }
  }
  out.end_array();
  return out.take();
}

Answer ModelWorld::list(const std::string& actor, std::string_view what) const {
  JsonWriter out;
  const Caller me = caller(actor);
  if (what == "absences") {
    out.begin_array();
    for (const Absence& absence : absences_of(now_.series, me))
      out.raw(absence_json(absence, now_.t0_s));
    out.end_array();
    return accepted(200, out.take());
  }
  out.begin_object();
  if (what == "unpaid") {
    out.key("ids").raw(names_json(unpaid_workflows(now_.series, me)));
  } else if (what == "active") {
    out.key("ids").raw(names_json(active_workflows(now_.series)));
  } else if (what == "pending") {
    out.key("ids").raw(names_json(pending_workflows(now_.series)));
  } else if (what == "proposed") {
    out.key("ids").raw(names_json(proposed_workflows(now_.series, me, now_.profile)));
  } else {
    const Discovery discovery = discover(now_.series, me, now_.profile, now_.now_s);
    out.key("active_credentials").begin_array();
    for (const std::string& credential : discovery.active_credentials) out.string(credential);
    out.end_array();
    out.key("total").number(static_cast<std::int64_t>(discovery.total));
    std::vector<std::string> ids;
    for (const Listed& listed : discovery.listed) ids.push_back(listed.workflow_id);
    out.key("ids").raw(names_json(ids));
  }
  out.end_object();
  return accepted(200, out.take());
}

std::vector<Answer> ModelWorld::perform(std::span<const Call> calls) {
  std::vector<Answer> answers;
  for (const Call& call : calls) answers.push_back(perform(call));
  return answers;
}

Answer ModelWorld::perform(const Call& call) {
  const auto known = ids();
  const std::vector<std::string> path = split(with_ids(call.path, known));
  const std::string body = call.is_literal ? call.body : with_ids(call.body, known);
  const auto is = [&](std::size_t i, std::string_view name) {
    return path.size() > i && path[i] == name;
  };
  const auto person = now_.people.find(call.actor);
  const Account* const account = person == now_.people.end() ? nullptr : &person->second.account;
  const auto denied = [&](Audience audience) -> std::optional<Answer> {
    const auto issue = check_access(account, audience);
    return issue ? std::optional{refused(*issue, Operation::read, now_.profile)} : std::nullopt;
  };

  if (is(0, "workflows") && is(1, "active")) {
    if (auto answer = denied(Audience::participant)) return *answer;
    return list(call.actor, "active");
  }
  if (is(0, "workflows") && path.size() == 2) {
    if (auto answer = denied(Audience::anybody)) return *answer;
    return read_workflow(call.actor, path[1], Audience::anybody);
  }
  if (is(2, "votes") || is(0, "voters")) {
    if (auto answer = denied(Audience::voter)) return *answer;
    if (is(2, "votes")) return vote(call.actor, path[1], body);
    return look_as_voter(call.actor, path.size() > 2 ? path[2] : "");
  }
  if (is(0, "proposers")) {
    if (auto answer = denied(Audience::proposer)) return *answer;
    return act_as_proposer(call, path.size() > 2 ? path[2] : "", body);
  }
  if (is(1, "request")) {
    if (auto answer = denied(Audience::anybody)) return *answer;
    return act_on_oneself(call, path[1], body);
  }
  if (auto answer = denied(Audience::improver)) return *answer;
  if (is(1, "primary-rewards-account") || is(1, "credential-requests"))
    return act_on_oneself(call, path[1], body);
  if (is(1, "unpaid-workflows")) return list(call.actor, "unpaid");
  if (is(1, "workflow-series")) return unclaim(call.actor, body);
  if (is(2, "absence-periods")) return absences(call, path.size() > 3 ? path[3] : "", body);
  if (path.size() == 2) return list(call.actor, "discovery");
  if (path.size() == 6) return act_on_step(call.actor, path, body);
  return {.status = 404, .error_class = "path_not_found"};
}

bool ModelWorld::edit(const json::Value& rows) {
  bool all_known = true;
  for (const json::Member& row : rows.members) {
    if (row.name == "payouts") {
      now_.payouts = row.value.text;
    } else if (row.name == "credential") {
      now_.people[text_at(row.value, "user")].credentials.push_back(text_at(row.value, "type"));
    } else if (row.name == "credential_request") {
      const auto type = text_at(row.value, "type");
      for (auto& request : now_.people[text_at(row.value, "user")].self.credential_requests) {
        if (request.credential_type == type) request.status = text_at(row.value, "status");
      }
    } else if (row.name == "wallet") {
      now_.people[text_at(row.value, "user")].has_wallet = true;
    } else {
      all_known &= edit_row(now_.series, row.name, row.value, ids()).has_value();
    }
  }
  return all_known;
}

State ModelWorld::state() {
  keep_up();
  return state_of(now_.series, now_.t0_s);
}

}  // namespace sfluv::replay
