// SPDX-License-Identifier: MIT
#include "model_world.h"

#include <algorithm>

#include "sfluv/discovery.h"
#include "sfluv/http_status.h"
#include "sfluv/json_writer.h"

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

DropdownOption option_of(std::string value, bool requires_text) {
  return {.value = value, .label = value, .requires_written_response = requires_text};
}

// The four kinds of items that recordings use.
WorkItem item_of(std::string_view kind, std::int64_t order, const std::string& step_id) {
  WorkItem item{.id = step_id + ".item" + std::to_string(order),
                .step_id = step_id,
                .item_order = order,
                .title = std::string{kind},
                .optional = kind.starts_with("opt ")};
  if (kind.ends_with("text")) item.requires_written_response = true;
  if (kind.ends_with("photo")) item.requires_photo = true;
  if (kind == "drop") {
    item.requires_dropdown = true;
    item.dropdown_options = {option_of("yes", false), option_of("no", true)};
    item.values_requiring_text = {"no"};
  }
  return item;
}

Step step_of(const json::Value& value, const Workflow& workflow, std::int64_t order) {
  Step step{.id = workflow.id + ".step" + std::to_string(order),
            .workflow_id = workflow.id,
            .step_order = order,
            .bounty = Amount{static_cast<std::uint64_t>(integer_at(value, "bounty"))},
            .allow_step_not_possible = flag_at(value, "allow_step_not_possible"),
            .role_id = workflow.id + ".roles." + text_at(value, "role"),
            .status = StepStatus::locked};
  std::int64_t item_order = 0;
  for (const std::string& kind : texts_at(value, "items")) {
    step.work_items.push_back(item_of(kind, ++item_order, step.id));
  }
  return step;
}

Workflow workflow_of(const json::Value& value, std::int64_t t0_s) {
  Workflow workflow{
      .id = text_at(value, "id"),
      .series_id = text_at(value, "series"),
      .proposer_id = text_at(value, "proposer"),
      .recurrence = text_at(value, "recurrence"),
      .start_at = t0_s + integer_at(value, "start"),
      .status = flag_at(value, "approved") ? WorkflowStatus::approved : WorkflowStatus::pending,
      .supervisor_bounty =
          Amount{static_cast<std::uint64_t>(integer_at(value, "supervisor_bounty"))},
      .created_at = t0_s + integer_at(value, "created")};
  workflow.updated_at = workflow.created_at;
  const std::string supervisor = text_at(value, "supervisor");
  workflow.supervisor_required = !supervisor.empty();
  if (!supervisor.empty()) workflow.supervisor_user_id = supervisor;
  if (const json::Value* const roles = value.find("roles")) {
    for (const json::Member& role : roles->members) {
      workflow.roles.push_back({.id = workflow.id + ".roles." + role.name,
                                .workflow_id = workflow.id,
                                .title = role.name,
                                .required_credentials = texts_at(*roles, role.name)});
    }
  }
  if (const json::Value* const steps = value.find("steps")) {
    for (const json::Value& step : steps->elements) {
      workflow.steps.push_back(
          step_of(step, workflow, static_cast<std::int64_t>(workflow.steps.size()) + 1));
    }
  }
  return workflow;
}

template <class Known>
Known status_named(std::string_view name, Known last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (to_string(static_cast<Known>(i)) == name) return static_cast<Known>(i);
  }
  return Known{};
}

bool is_symbol(std::string_view text) {
  constexpr std::string_view extra = "@._-";
  return !text.empty() && std::ranges::all_of(text, [&](unsigned char c) {
    return std::isalnum(c) != 0 || extra.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

Answer refused(const Issue& issue, Operation operation, const Profile& profile) {
  return {.status = http_status(operation, issue.code, profile),
          .error_class = std::string{to_string(issue.code)},
          .result = ""};
}

Answer accepted(int status, std::string result = "") {
  return {.status = status, .error_class = "", .result = std::move(result)};
}

Answer not_judged() { return {.is_judged = false}; }

Operation operation_of(const engine::Action& action) {
  struct {
    Operation operator()(const engine::Claim&) const { return Operation::claim; }
    Operation operator()(const engine::Start&) const { return Operation::start; }
    Operation operator()(const engine::Complete&) const { return Operation::complete; }
    Operation operator()(const engine::Unclaim&) const { return Operation::unclaim; }
    Operation operator()(const engine::CreateAbsence&) const { return Operation::absence; }
    Operation operator()(const engine::UpdateAbsence&) const { return Operation::absence; }
    Operation operator()(const engine::DeleteAbsence&) const { return Operation::absence; }
    Operation operator()(const engine::RequestPayout&) const { return Operation::payout_request; }
    Operation operator()(const engine::PayoutResult&) const { return Operation::payout_request; }
  } name;
  return std::visit(name, action);
}

}  // namespace

ModelWorld::ModelWorld(const json::Value& setup, const Profile& with_profile)
    : profile(with_profile), t0_s_(integer_at(setup, "t0")), payouts_(text_at(setup, "payouts")) {
  if (const json::Value* const users = setup.find("users")) {
    for (const json::Member& member : users->members) add_user(member.name, member.value);
  }
  std::vector<const json::Value*> workflows;
  if (const json::Value* const list = setup.find("workflows")) {
    for (const json::Value& value : list->elements) workflows.push_back(&value);
  }
  std::ranges::stable_sort(workflows, {},
                           [](const json::Value* v) { return integer_at(*v, "created"); });
  for (const json::Value* const value : workflows) {
    move_clock(integer_at(*value, "created"));
    add_workflow(*value);
    keep_up();
  }
  if (const json::Value* const edits = setup.find("edits")) {
    for (const json::Value& one : edits->elements) {
      if (const json::Value* const rows = one.find("set")) (void)edit(*rows);
    }
  }
}

void ModelWorld::add_user(const std::string& name, const json::Value& value) {
  const auto roles = texts_at(value, "roles");
  const auto has = [&](std::string_view role) {
    return std::ranges::find(roles, role) != roles.end();
  };
  users_[name] = {.account = {.is_active = !flag_at(value, "inactive"),
                              .policy_accepted = !flag_at(value, "policy_not_accepted"),
                              .is_improver = has("improver"),
                              .is_proposer = has("proposer"),
                              .is_voter = has("voter"),
                              .is_supervisor = has("supervisor"),
                              .is_admin = has("admin")},
                  .credentials = texts_at(value, "credentials"),
                  .has_wallet = !flag_at(value, "no_wallet")};
}

void ModelWorld::add_workflow(const json::Value& value) {
  Workflow workflow = workflow_of(value, t0_s_);
  Series* series = find_series(workflow.series_id);
  if (series == nullptr) {
    series = &series_.emplace_back(Series{
        .id = workflow.series_id, .recurrence = workflow.recurrence, .definition = workflow});
    const json::Value* const end = value.find("recurrence_end");
    if (end != nullptr && end->kind == json::Kind::number) {
      series->recurrence_end_at = t0_s_ + integer_at(value, "recurrence_end");
    }
  }
  series->occurrences.push_back(std::move(workflow));
}

void ModelWorld::keep_up() {
  for (Series& series : series_) {
    const IdSource ids{.entropy = "upkeep" + std::to_string(++ids_used_)};
    series = catch_up(std::move(series), profile, now_s_, ids).series;
  }
}

void ModelWorld::move_clock(std::int64_t at_s) {
  now_s_ = t0_s_ + at_s;
  keep_up();
}

void ModelWorld::save(const std::string& symbol, const std::string& place) {
  if (place == "absence.id") saved_[symbol] = last_absence_id_;
}

// "{wf1}", "{wf1.step2.item1}", "{s1}", "{s1@601200.step1}", "{ab1}" without the braces. Ids of
// what a setup made are their symbols; the rest is looked up.
std::string ModelWorld::resolve(std::string_view symbol) const {
  const std::string whole{symbol};
  if (const auto saved = saved_.find(whole); saved != saved_.end()) return saved->second;
  if (symbol.find('@') == std::string_view::npos) return whole;
  const std::size_t dot = std::min(symbol.find('.'), symbol.size());
  const std::string wanted{symbol.substr(0, dot)};
  for (const Series& series : series_) {
    for (const Workflow& workflow : series.occurrences) {
      if (name_of(workflow, series) != wanted) continue;
      if (dot == symbol.size()) return workflow.id;
      for (const Step& step : workflow.steps) {
        const std::string step_name = wanted + ".step" + std::to_string(step.step_order);
        if (step_name == symbol) return step.id;
        for (const WorkItem& item : step.work_items) {
          if (step_name + ".item" + std::to_string(item.item_order) == symbol) return item.id;
        }
      }
    }
  }
  return "unknown-" + whole;
}

std::string ModelWorld::with_ids(std::string_view text) const {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    out += text.substr(0, open);
    text.remove_prefix(open);
    if (text.empty()) break;
    const std::size_t close = text.find('}');
    if (close != std::string_view::npos && is_symbol(text.substr(1, close - 1))) {
      out += resolve(text.substr(1, close - 1));
      text.remove_prefix(close + 1);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

std::string ModelWorld::body_with_ids(const Call& call) const { return with_ids(call.body); }

std::string ModelWorld::name_of(const Workflow& workflow, const Series& series) const {
  const bool is_generated = workflow.id.starts_with("workflow_");
  return is_generated ? series.id + "@" + std::to_string(workflow.start_at - t0_s_) : workflow.id;
}

Series* ModelWorld::find_series(std::string_view series_id) {
  const auto found = std::ranges::find(series_, series_id, &Series::id);
  return found == series_.end() ? nullptr : &*found;
}

Series* ModelWorld::series_of_workflow(std::string_view workflow_id) {
  const auto found = std::ranges::find_if(
      series_, [&](const Series& series) { return series.find(workflow_id) != nullptr; });
  return found == series_.end() ? nullptr : &*found;
}

Series* ModelWorld::series_of_absence(std::string_view absence_id) {
  const auto found = std::ranges::find_if(
      series_, [&](const Series& series) { return series.find_absence(absence_id) != nullptr; });
  return found == series_.end() ? nullptr : &*found;
}

Caller ModelWorld::caller(const std::string& actor) const {
  const auto user = users_.find(actor);
  if (user == users_.end()) return {.id = actor};
  return {.id = actor,
          .name = actor,
          .credentials = user->second.credentials,
          .is_admin = user->second.account.is_admin};
}

engine::Facts ModelWorld::facts(const std::string& actor, const std::string& step_id) {
  engine::Facts facts{.caller = caller(actor),
                      .profile = profile,
                      .has_payout_service = payouts_ != "none",
                      .new_ids = std::to_string(++ids_used_)};
  facts.step_is_elsewhere = std::ranges::any_of(series_, [&](const Series& series) {
    return std::ranges::any_of(series.occurrences, [&](const Workflow& workflow) {
      return workflow.find_step(step_id) != nullptr;
    });
  });
  for (const auto& [name, user] : users_) {
    if (!user.account.is_improver) continue;
    facts.improvers.push_back({.id = name, .credentials = user.credentials});
  }
  return facts;
}

PayoutOutcome ModelWorld::transfer(const Payout& payout) const {
  const auto user = users_.find(payout.user_id);
  if (user == users_.end()) return PayoutOutcome::no_improver;
  if (!user->second.has_wallet) return PayoutOutcome::no_wallet;
  if (payouts_ == "insufficient") return PayoutOutcome::insufficient_funds;
  return payouts_ == "ok" ? PayoutOutcome::paid : PayoutOutcome::transfer_failed;
}

Answer ModelWorld::act(const std::string& actor, Series* series, const engine::Action& action,
                       const std::string& step_id, int status_if_done) {
  const Operation operation = operation_of(action);
  const engine::Facts known = facts(actor, step_id);
  const Series nothing;
  auto applied = engine::apply(series == nullptr ? nothing : *series, known, action, now_s_);
  if (!applied) return refused(applied.error().front(), operation, profile);
  *series = std::move(applied->series);
  for (auto payout = applied->effects.payout; payout;) {
    const engine::PayoutResult result{.payout = *payout, .outcome = transfer(*payout)};
    auto paid = engine::apply(*series, known, result, now_s_);
    if (!paid) break;
    *series = std::move(paid->series);
    payout = paid->effects.payout;
  }
  JsonWriter out;
  out.begin_object();
  if (applied->absence) {
    last_absence_id_ = applied->absence->id;
    out.key("absence").raw(absence_json(*applied->absence));
  }
  if (applied->counts) {
    out.key("released_count").number(applied->counts->released);
    out.key("skipped_count").number(applied->counts->skipped);
  }
  out.end_object();
  return accepted(status_if_done, out.take());
}

Answer ModelWorld::act_on_step(const std::string& actor, const std::vector<std::string>& path,
                               const std::string& body) {
  const StepRef step{.workflow_id = path[2], .step_id = path[4]};
  Series* const series = series_of_workflow(step.workflow_id);
  const auto run = [&](const engine::Action& action) {
    return act(actor, series, action, step.step_id, 200);
  };
  if (path[5] == "claim") return run(engine::Claim{step});
  if (path[5] == "start") return run(engine::Start{step});
  if (path[5] == "payout-request") return run(engine::RequestPayout{step});
  auto request = read_completion_request(body);
  if (!request) return refused(request.error(), Operation::complete, profile);
  return run(engine::Complete{step, *std::move(request)});
}

Answer ModelWorld::unclaim(const std::string& actor, const std::string& body) {
  auto request = read_unclaim_request(body);
  if (!request) return refused(request.error(), Operation::unclaim, profile);
  Series* const series = find_series(request->series_id);
  return act(actor, series, engine::Unclaim{*std::move(request)}, "", 200);
}

Answer ModelWorld::absences(const Call& call, const std::string& absence_id,
                            const std::string& body) {
  if (call.method == "GET") return list(call.actor, "absences");
  if (call.method == "DELETE") {
    Series* const series = series_of_absence(absence_id);
    return act(call.actor, series, engine::DeleteAbsence{absence_id}, "", 200);
  }
  auto request = read_absence_request(body);
  if (!request) return refused(request.error(), Operation::absence, profile);
  if (call.method == "PUT") {
    Series* const series = series_of_absence(absence_id);
    return act(call.actor, series, engine::UpdateAbsence{absence_id, *std::move(request)}, "", 200);
  }
  Series* const series = find_series(request->series_id);
  return act(call.actor, series, engine::CreateAbsence{*std::move(request)}, "", 201);
}

// The endpoint belongs to a later issue; that there is a wallet afterwards matters to payouts.
Answer ModelWorld::set_account(const std::string& actor) {
  if (const auto user = users_.find(actor); user != users_.end()) user->second.has_wallet = true;
  return not_judged();
}

Answer ModelWorld::read_workflow(const std::string& actor, const std::string& id) const {
  for (const Series& series : series_) {
    const Workflow* const workflow = series.find(id);
    if (workflow == nullptr) continue;
    JsonWriter out;
    out.begin_object().key("status").string(workflow->status.text);
    out.key("submissions_visible").begin_array();
    for (const Step& step : workflow->steps) {
      if (step.submission && may_see_submission(caller(actor), *workflow, step, profile)) {
        out.number(step.step_order);
      }
    }
    out.end_array().end_object();
    return accepted(200, out.take());
  }
  return refused({.code = Code::not_found, .path = "", .params = {}}, Operation::read, profile);
}

std::string ModelWorld::absence_json(const Absence& absence) const {
  JsonWriter out;
  out.begin_object().key("series").string(absence.series_id);
  out.key("step_order").number(absence.step_order);
  out.key("from").number(absence.absent_from - t0_s_);
  out.key("until").number(absence.absent_until - t0_s_).end_object();
  return out.take();
}

std::string ModelWorld::names_json(const std::vector<std::string>& workflow_ids) const {
  JsonWriter out;
  out.begin_array();
  for (const std::string& id : workflow_ids) {
    for (const Series& series : series_) {
      if (const Workflow* const workflow = series.find(id)) out.string(name_of(*workflow, series));
    }
  }
  out.end_array();
  return out.take();
}

Answer ModelWorld::list(const std::string& actor, std::string_view path) const {
  JsonWriter out;
  const Caller me = caller(actor);
  if (path == "absences") {
    out.begin_array();
    for (const Absence& absence : absences_of(series_, me)) out.raw(absence_json(absence));
    out.end_array();
    return accepted(200, out.take());
  }
  out.begin_object();
  if (path == "unpaid") {
    out.key("ids").raw(names_json(unpaid_workflows(series_, me)));
  } else if (path == "active") {
    out.key("ids").raw(names_json(active_workflows(series_)));
  } else {
    const Discovery discovery = discover(series_, me, profile, now_s_);
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

Answer ModelWorld::perform(const Call& call) {
  const std::vector<std::string> path = split(with_ids(call.path));
  const auto is = [&](std::size_t i, std::string_view name) {
    return path.size() > i && path[i] == name;
  };
  if (path.size() < 2) return not_judged();
  const auto user = users_.find(call.actor);
  const Account* const account = user == users_.end() ? nullptr : &user->second.account;
  const auto denied = [&](Audience audience) -> std::optional<Answer> {
    const auto issue = check_access(account, audience);
    return issue ? std::optional{refused(*issue, Operation::read, profile)} : std::nullopt;
  };

  if (is(0, "workflows") && is(1, "active")) {
    if (auto answer = denied(Audience::participant)) return *answer;
    return list(call.actor, "active");
  }
  if (is(0, "workflows") && path.size() == 2 && call.method == "GET") {
    if (auto answer = denied(Audience::anybody)) return *answer;
    return read_workflow(call.actor, path[1]);
  }
  if (!is(0, "improvers") || is(1, "request")) return not_judged();
  if (auto answer = denied(Audience::improver)) return *answer;
  if (is(1, "primary-rewards-account")) return set_account(call.actor);
  if (is(1, "unpaid-workflows")) return list(call.actor, "unpaid");
  if (is(1, "workflow-series")) return unclaim(call.actor, body_with_ids(call));
  if (is(2, "absence-periods")) {
    return absences(call, path.size() > 3 ? path[3] : "", body_with_ids(call));
  }
  if (is(1, "workflows") && path.size() == 2) return list(call.actor, "discovery");
  if (is(1, "workflows") && path.size() == 6) {
    return act_on_step(call.actor, path, body_with_ids(call));
  }
  return not_judged();
}

bool ModelWorld::edit_workflow(Workflow& workflow, const json::Value& set) const {
  const std::string status = text_at(set, "status");
  if (!status.empty()) workflow.status = status_named(status, WorkflowStatus::failed);
  for (const std::string_view name : {"blocked_by", "blocked_by_workflow_id"}) {
    const std::string blocker = text_at(set, name);
    if (blocker.empty()) continue;
    workflow.blocked_by_workflow_id = with_ids(blocker);
    workflow.is_start_blocked = true;
  }
  return true;
}

bool ModelWorld::edit_step(Step& step, const json::Value& set) {
  const std::string status = text_at(set, "status");
  if (!status.empty()) step.status = status_named(status, StepStatus::paid_out);
  if (const std::string user = text_at(set, "assigned"); !user.empty()) {
    step.assigned_improver_id = user;
  }
  const json::Value* const role = set.find("role");
  if (role != nullptr && role->kind == json::Kind::null) step.role_id.reset();
  return true;
}

bool ModelWorld::edit_row(const std::string& name, const json::Value& set) {
  const std::string id = resolve(name);
  for (Series& series : series_) {
    for (Workflow& workflow : series.occurrences) {
      if (workflow.id == id) return edit_workflow(workflow, set);
      if (workflow.find_step(id) != nullptr) return edit_step(*workflow.find_step(id), set);
      const auto role = std::ranges::find(workflow.roles, id, &Role::id);
      if (role == workflow.roles.end()) continue;
      role->required_credentials = texts_at(set, "required_credentials");
      return true;
    }
  }
  return false;
}

bool ModelWorld::edit(const json::Value& rows) {
  bool all_known = true;
  for (const json::Member& row : rows.members) {
    if (row.name == "payouts") {
      payouts_ = row.value.text;
    } else if (row.name == "credential") {
      users_[text_at(row.value, "user")].credentials.push_back(text_at(row.value, "type"));
    } else {
      all_known &= edit_row(row.name, row.value);
    }
  }
  return all_known;
}

State ModelWorld::state() {
  keep_up();
  State state;
  for (const Series& series : series_) {
    for (const Workflow& workflow : series.occurrences) {
      JsonWriter out;
      const auto moment = [&](const std::optional<std::int64_t>& at_s) {
        at_s ? out.number(*at_s - t0_s_) : out.null();
      };
      out.begin_array().string(workflow.status.text);
      for (const Step& step : workflow.steps) {
        out.begin_array().string(step.status.text);
        step.assigned_improver_id ? out.string(*step.assigned_improver_id) : out.null();
        moment(step.started_at);
        moment(step.completed_at);
        out.number(step.submission ? 1 : 0);
        if (step.payout_error) out.string(to_string(payout_outcome_from(*step.payout_error)));
        out.end_array();
      }
      out.end_array();
      state[name_of(workflow, series)] = out.take();
    }
  }
  return state;
}

}  // namespace sfluv::replay
