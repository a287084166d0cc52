// SPDX-License-Identifier: MIT
// Claim, start, complete and payout-request (seed 001 "Workflow Steps", rulebook A, C3, C4, C9).
#include <array>
#include <utility>

#include "acting.h"
#include "families.h"

namespace sfluv::server {
namespace {

// The ids of a step's path: workflow, step.
StepRef step_of(const Visit& visit) {
  return {.workflow_id = visit.ids.at(0), .step_id = visit.ids.at(1)};
}

void act_on_step(Visit& visit, Operation operation, engine::Action action,
                 std::string_view body = "") {
  const StepRef step = step_of(visit);
  const auto done = act(
      visit.services, visit.user,
      {.action = std::move(action), .id = step.workflow_id, .step_id = step.step_id, .body = body});
  if (!done) return refuse(visit, operation, done.error());
  answer_workflow(visit, done->series, step.workflow_id);
}

void claim(Visit& visit) { act_on_step(visit, Operation::claim, engine::Claim{step_of(visit)}); }

void start(Visit& visit) { act_on_step(visit, Operation::start, engine::Start{step_of(visit)}); }

void complete(Visit& visit) {
  const auto body = read_body(visit);
  if (!body) return;
  auto request = read_completion_request(*body);
  if (!request) return refuse(visit, Operation::complete, {&request.error(), 1});
  act_on_step(visit, Operation::complete, engine::Complete{step_of(visit), *std::move(request)},
              *body);
}

void request_payout(Visit& visit) {
  act_on_step(visit, Operation::payout_request, engine::RequestPayout{step_of(visit)});
}

constexpr std::array endpoints = {
    Endpoint{"POST", "/improvers/workflows/{}/steps/{}/claim", Audience::improver, claim},
    Endpoint{"POST", "/improvers/workflows/{}/steps/{}/start", Audience::improver, start},
    Endpoint{"POST", "/improvers/workflows/{}/steps/{}/complete", Audience::improver, complete},
    Endpoint{"POST", "/improvers/workflows/{}/steps/{}/payout-request", Audience::improver,
             request_payout},
};

}  // namespace

Family step_endpoints() { return endpoints; }

}  // namespace sfluv::server
