// SPDX-License-Identifier: MIT
#include "sfluv/api_proposal.h"

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
Supervisor supervisor_from(json::Fields& fields, const json::Value& value, const std::string& path) {
  if (value.kind == json::Kind::string) return {.user_id = value.text, .title = {}, .organization = {}};
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

}  // namespace

std::string check_proposal(std::string input) {
  const auto root = json::parse(input, Code::document_not_readable);
  std::string{}.swap(input);
  if (!root) return verdict_reply({root.error()}, "null");
  json::Fields fields{Code::document_not_readable, json::Fields::Names::exact};
  fields.require(*root, json::Kind::object);
  const Context context = context_from(fields, *root);
  const auto request = request_from(*root, fields);
  if (fields.failure()) return verdict_reply({*fields.failure()}, "null");
  if (!request) return verdict_reply({request.error()}, "null");
  auto [issues, workflow] = sfluv::check_proposal(*request, context.proposal, context.profile,
                                                  context.now_s, {.entropy = "<new>"});
  if (!issues.empty()) return verdict_reply(issues, "null");
  if (needs_no_vote(workflow)) {
    approve(workflow, to_string(Choice::approve), std::nullopt, context.profile, context.now_s);
  }
  return verdict_reply(issues, write_workflow(workflow, AmountStyle::decimal_text));
}

}  // namespace api
}  // namespace sfluv
