// SPDX-License-Identifier: MIT
#include "sfluv/api_engine.h"

#include <algorithm>
#include <utility>

#include "sfluv/discovery.h"
#include "sfluv/engine.h"
#include "sfluv/http_status.h"
#include "sfluv/json_writer.h"

#include "answer_reader.h"
#include "api_reply.h"
#include "completion_reader.h"
#include "document_writer.h"

namespace sfluv::api {
namespace {

using json::Fields;
using json::Kind;
using json::Value;

// What a device knows when it asks.
struct Knowledge {
  engine::Facts facts;
  std::int64_t now_s = 0;
  std::vector<Series> series;  ///< as they were read
  bool absences_are_known = false;
};

Caller caller_from(Fields& fields, const Value& root, WorkflowList& known) {
  Caller caller{.id = "", .name = "", .credentials = std::move(known.active_credentials)};
  if (const Value* const value = fields.object(root, "", "caller")) {
    caller.id = fields.string(*value, "/caller", "id");
    caller.name = fields.string(*value, "/caller", "name");
    if (value->find("credentials") != nullptr) {
      caller.credentials = fields.strings(*value, "/caller", "credentials");
    }
  }
  return caller;
}

Knowledge knowledge_from(Fields& fields, const Value& root) {
  fields.require(root, Kind::object);
  WorkflowList known;
  std::size_t index = 0;
  for (const Value& answer : fields.array(root, "", "known")) {
    read_into(known, fields, answer, pointer("/known", index++));
  }
  std::optional<std::vector<Absence>> absences;
  if (const Value* const answer = root.find("absences"); answer && answer->kind != Kind::null) {
    read_into(absences.emplace(), fields, *answer, "/absences");
  }
  Knowledge knowledge{.facts = {.caller = caller_from(fields, root, known),
                                .profile = profile_at(fields, root, ""),
                                .limits = upload_limits_from(fields, root),
                                .new_ids = "expected"},
                      .now_s = fields.integer(root, "", "now_s"),
                      .series = series_from(std::move(known.workflows), absences)};
  knowledge.absences_are_known = absences.has_value();
  return knowledge;
}

// What time alone has done since it was read. Occurrences that came into being meanwhile were never
// read, and stay out.
CaughtUp brought_up_to_date(const Series& read, const Knowledge& knowledge) {
  CaughtUp now = catch_up(read, knowledge.facts.profile, knowledge.now_s,
                          {.entropy = knowledge.facts.new_ids});
  std::erase_if(now.series.occurrences,
                [&](const Workflow& workflow) { return read.find(workflow.id) == nullptr; });
  return now;
}

// What an action names, whatever it is.
struct Named {
  std::string type;
  StepRef step;
  AbsenceRequest absence;
  std::string absence_id;
};

Named named_by(Fields& fields, const Value& action) {
  const auto text = [&](const char* name) { return fields.string(action, "/action", name); };
  return {.type = text("type"),
          .step = {.workflow_id = text("workflow_id"), .step_id = text("step_id")},
          .absence = {.series_id = text("series_id"),
                      .step_order = fields.integer(action, "/action", "step_order"),
                      .absent_from = text("absent_from"),
                      .absent_until = text("absent_until")},
          .absence_id = text("absence_id")};
}

struct Asked {
  Operation operation{};
  engine::Action action;
};

Outcome<Asked> asked_by(Fields& fields, const Value& value, const Named& named) {
  const std::string& type = named.type;
  if (type == "claim") return Asked{Operation::claim, engine::Claim{named.step}};
  if (type == "start") return Asked{Operation::start, engine::Start{named.step}};
  if (type == "complete") {
    auto request = completion_request_in(fields, value, "/action");
    if (!request) return std::unexpected(request.error());
    return Asked{Operation::complete, engine::Complete{named.step, *std::move(request)}};
  }
  if (type == "payout_request") {
    return Asked{Operation::payout_request, engine::RequestPayout{named.step}};
  }
  if (type == "unclaim") {
    return Asked{Operation::unclaim,
                 engine::Unclaim{{named.absence.series_id, named.absence.step_order}}};
  }
  if (type == "absence_create") {
    return Asked{Operation::absence, engine::CreateAbsence{named.absence}};
  }
  if (type == "absence_update") {
    return Asked{Operation::absence, engine::UpdateAbsence{named.absence_id, named.absence}};
  }
  if (type == "absence_delete") {
    return Asked{Operation::absence, engine::DeleteAbsence{named.absence_id}};
  }
  fields.refuse("/action/type", "an action");
  return Asked{};
}

// The series that the action is about, as it is by now; an empty one when none of it was read.
CaughtUp target_of(const Knowledge& knowledge, const Named& named) {
  for (const Series& series : knowledge.series) {
    if (series.find(named.step.workflow_id) || series.find_absence(named.absence_id) ||
        series.id == named.absence.series_id) {
      return brought_up_to_date(series, knowledge);
    }
  }
  return {.series = {.occurrences_are_known = false,
                     .absences_are_known = knowledge.absences_are_known}};
}

void write_outcome(JsonWriter& out, const CaughtUp& before, const engine::Prediction& prediction) {
  const Series& after = prediction.outcome ? prediction.outcome->series : before.series;
  std::vector<std::string> changed = before.delta.changed;
  if (prediction.outcome)
    std::ranges::copy(prediction.outcome->delta.changed, std::back_inserter(changed));
  const DocumentWriter documents{out, AmountStyle::decimal_text};
  out.key("workflows").begin_array();
  for (const Workflow& workflow : after.occurrences) {
    if (before.series.find(workflow.id) == nullptr) continue;
    if (std::ranges::find(changed, workflow.id) != changed.end()) documents.object(workflow);
  }
  out.end_array();
  if (!prediction.outcome) return;
  documents("absence", prediction.outcome->absence);
  if (const auto& counts = prediction.outcome->counts) {
    documents("released_count", counts->released);
    documents("skipped_count", counts->skipped);
  }
}

std::string reply(const CaughtUp& target, Operation operation, const engine::Prediction& prediction,
                  const Profile& profile) {
  JsonWriter out;
  out.begin_object().key("expectation").string(to_string(prediction.expectation));
  if (!prediction.issues.empty()) {
    const Issue& first = prediction.issues.front();
    out.key("status").number(http_status(operation, first, profile));
  }
  out.key("issues").begin_array();
  for (const Issue& issue : prediction.issues) out.issue(issue);
  out.end_array().key("missing").begin_array();
  for (const Fact fact : prediction.missing) out.string(to_string(fact));
  out.end_array();
  write_outcome(out, target, prediction);
  out.end_object();
  return out.take();
}

std::string reply(const Discovery& found, const std::vector<std::string>& unpaid) {
  JsonWriter out;
  out.begin_object().key("listed").begin_array();
  for (const Listed& one : found.listed) {
    out.begin_object().key("workflow_id").string(one.workflow_id);
    out.key("reason").string(to_string(one.reason)).end_object();
  }
  out.end_array().key("not_mine").begin_array();
  for (const NotMine& one : found.not_mine) {
    out.begin_object().key("workflow_id").string(one.workflow_id);
    out.key("step_id").string(one.step_id).key("code").string(to_string(one.reason)).end_object();
  }
  out.end_array();
  DocumentWriter{out, AmountStyle::decimal_text}("unpaid", unpaid);
  out.end_object();
  return out.take();
}

}  // namespace

std::string predict(std::string_view input) {
  const auto root = json::parse(input, Code::document_not_readable);
  if (!root) return issue_reply(root.error());
  Fields fields{Code::document_not_readable, Fields::Names::exact};
  const Knowledge knowledge = knowledge_from(fields, *root);
  const Value* const given = fields.object(*root, "", "action");
  const Value action = given ? *given : Value{};
  const Named named = named_by(fields, action);
  const auto asked = asked_by(fields, action, named);
  if (fields.failure()) return issue_reply(*fields.failure());
  if (!asked) return issue_reply(asked.error());
  const CaughtUp target = target_of(knowledge, named);
  const engine::Prediction prediction =
      engine::predict(target.series, knowledge.facts, asked->action, knowledge.now_s);
  return reply(target, asked->operation, prediction, knowledge.facts.profile);
}

std::string discover(std::string_view input) {
  const auto root = json::parse(input, Code::document_not_readable);
  if (!root) return issue_reply(root.error());
  Fields fields{Code::document_not_readable, Fields::Names::exact};
  const Knowledge knowledge = knowledge_from(fields, *root);
  if (fields.failure()) return issue_reply(*fields.failure());
  std::vector<Series> series;
  for (const Series& read : knowledge.series) {
    series.push_back(brought_up_to_date(read, knowledge).series);
  }
  const Caller& caller = knowledge.facts.caller;
  const Discovery found = sfluv::discover(series, caller, knowledge.facts.profile, knowledge.now_s);
  return reply(found, unpaid_workflows(series, caller));
}

}  // namespace sfluv::api
