// SPDX-License-Identifier: MIT
#include "sfluv/api_proposal.h"

#include "sfluv/json_writer.h"
#include "sfluv/voting.h"

#include "api_reply.h"
#include "document_reader.h"
#include "proposal_reader.h"

namespace sfluv {

void members(const auto& io, Is<Supervisor> auto& supervisor) {
  io("user_id", supervisor.user_id);
  io("title", supervisor.title);
  io("organization", supervisor.organization);
}

void members(const auto& io, Is<OwnSeries> auto& series) {
  io("id", series.id);
  io("recurrence", series.recurrence);
}

namespace api {
namespace {

struct Context {
  ProposalContext proposal;
  std::int64_t now_s = 0;
  Profile profile;
};

// A supervisor may be named by the id alone.
Supervisor supervisor_from(json::Fields& fields, const json::Value& value,
                           const std::string& path) {
  if (value.kind == json::Kind::string)
    return {.user_id = value.text, .title = {}, .organization = {}};
  Supervisor supervisor;
  const DocumentReader reader{fields, value, path};
  members(reader, supervisor);
  return supervisor;
}

Context context_from(json::Fields& fields, const json::Value& root) {
  Context context;
  const json::Value* const given = fields.object(root, "", "context");
  if (given == nullptr) return context;
  const DocumentReader io{fields, *given, "/context"};
  ProposalContext& proposal = context.proposal;
  io("now", context.now_s);
  io("proposer_id", proposal.proposer_id);
  io("credential_types", proposal.credential_types);
  io("own_series", proposal.own_series);
  for (const json::Value& value : fields.array(*given, "/context", "supervisors")) {
    const std::string path = pointer("/context/supervisors", proposal.supervisors.size());
    proposal.supervisors.push_back(supervisor_from(fields, value, path));
  }
  const auto status = fields.optional_string(*given, "/context", "proposer_status");
  proposal.proposer_is_approved = status.value_or("approved") == "approved";
  proposal.proposer_is_known = status != "none";
  context.profile = profile_at(fields, *given, "/context");
  return context;
}

Outcome<ProposalRequest> request_from(const json::Value& root, json::Fields& fields) {
  const json::Value* const raw = root.find("request_raw");
  if (raw != nullptr && raw->kind != json::Kind::null) {
    fields.expect(*raw, json::Kind::string, "/request_raw");
    return read_proposal_request(raw->text);
  }
  if (const json::Value* const draft = root.find("draft"))
    return proposal_request_from(*draft, RequestSource::draft);
  const json::Value* const request = root.find("request");
  return request ? proposal_request_from(*request, RequestSource::body) : ProposalRequest{};
}

std::string reply(const ProposalVerdict& verdict) {
  std::string text = verdict_reply(
      verdict.issues,
      verdict.accepted() ? write_workflow(verdict.workflow, AmountStyle::decimal_text) : "null");
  JsonWriter totals;
  if (verdict.totals) {
    totals.begin_object().key("total_bounty").string(verdict.totals->total_bounty.to_string());
    totals.key("weekly_bounty_requirement");
    totals.string(verdict.totals->weekly_bounty_requirement.to_string()).end_object();
  } else {
    totals.null();
  }
  text.pop_back();
  return text + ",\"totals\":" + totals.take() + "}";
}

}  // namespace

std::string check_proposal(std::string input) {
  const auto root = json::parse(input, Code::document_not_readable);
  std::string{}.swap(input);
  if (!root) return reply({.issues = {root.error()}});
  json::Fields fields{Code::document_not_readable, json::Fields::Names::exact};
  fields.require(*root, json::Kind::object);
  const Context context = context_from(fields, *root);
  const auto request = request_from(*root, fields);
  if (fields.failure()) return reply({.issues = {*fields.failure()}});
  if (!request) return reply({.issues = {request.error()}});
  ProposalVerdict verdict = sfluv::check_proposal(*request, context.proposal, context.profile,
                                                  context.now_s, {.entropy = "<new>"});
  if (verdict.accepted() && needs_no_vote(verdict.workflow)) {
    approve(verdict.workflow, to_string(Choice::approve), std::nullopt, context.profile,
            context.now_s);
  }
  return reply(verdict);
}

}  // namespace api
}  // namespace sfluv
