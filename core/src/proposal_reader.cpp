// SPDX-License-Identifier: MIT
#include "proposal_reader.h"

#include <algorithm>

#include "document_reader.h"

namespace sfluv {

void members(const auto& io, Is<ProposedItem> auto& item) { demands(io, item); }

void members(const auto& io, Is<ProposedStep> auto& step) {
  io("title", step.title);
  io("description", step.description);
  io("role_client_id", step.role_client_id);
  io("allow_step_not_possible", step.allow_step_not_possible);
  io("work_items", step.work_items);
}

void members(const auto& io, Is<ProposedRole> auto& role) {
  io("client_id", role.client_id);
  io("title", role.title);
  io("required_credentials", role.required_credentials);
}

void members(const auto& io, Is<ProposedSupervisor> auto& supervisor) {
  io("user_id", supervisor.user_id);
}

void members(const auto& io, Is<ProposalRequest> auto& request) {
  io("title", request.title);
  io("description", request.description);
  io("recurrence", request.recurrence);
  io("start_at", request.start_at);
  io("recurrence_end_at", request.recurrence_end_at);
  io("series_id", request.series_id);
  io("supervisor", request.supervisor);
  io("supervisor_data_fields", request.supervisor_data_fields);
  io("roles", request.roles);
  io("steps", request.steps);
}

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A bounty that is none does not keep the rest of a proposal from being judged.
Bounty bounty_of(const json::Value& owner, RequestSource source) {
  const json::Value* const value = owner.find_any_case("bounty");
  if (value == nullptr || value->kind == json::Kind::null) return Amount{};
  const bool is_text = source == RequestSource::draft && value->kind == json::Kind::string;
  if (!is_text && value->kind != json::Kind::number) return std::unexpected(Code::bounty_invalid);
  if (const auto amount = Amount::parse(value->text)) return *amount;
  const bool is_whole =
      value->text.find_first_of("123456789") == 0 && std::ranges::all_of(value->text, is_digit);
  return std::unexpected(is_whole ? Code::amount_too_large : Code::bounty_invalid);
}

}  // namespace

Outcome<ProposalRequest> proposal_request_from(const json::Value& root, RequestSource source) {
  json::Fields fields{Code::body_not_decodable, json::Fields::Names::any_case};
  ProposalRequest request;
  const DocumentReader reader{fields, root, ""};
  members(reader, request);
  if (request.supervisor) {
    request.supervisor->bounty = bounty_of(*fields.object(root, "", "supervisor"), source);
  }
  const std::vector<json::Value>& steps = fields.array(root, "", "steps");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    request.steps[i].bounty = bounty_of(steps[i], source);
  }
  if (fields.failure()) return std::unexpected(*fields.failure());
  return request;
}

Outcome<ProposalRequest> read_proposal_request(std::string_view body) {
  const auto root = parse_body(body, json::Rest::refused);
  if (!root) return std::unexpected(root.error());
  return proposal_request_from(*root, RequestSource::body);
}

}  // namespace sfluv
