// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sfluv/address.h"
#include "sfluv/api_account.h"
#include "sfluv/api_proposal.h"
#include "sfluv/proposal.h"
#include "sfluv/voting.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  (void)sfluv::api::check_proposal(std::string{text});
  (void)sfluv::api::check_rewards_account(text);
  (void)sfluv::read_vote_request(text);
  (void)sfluv::option_value_of(text);
  (void)sfluv::normalized_address(text, sfluv::live_profile());
  const auto request = sfluv::read_proposal_request(text);
  if (!request) return 0;
  // What is taken is read again as it was written.
  const sfluv::ProposalContext context{
      .supervisors = {{.user_id = "sam", .title = {}, .organization = {}}},
      .credential_types = {"c"}};
  const auto verdict = sfluv::check_proposal(*request, context, {}, 0, {.entropy = "x"});
  if (!verdict.accepted()) return 0;
  const std::string document = write_workflow(verdict.workflow, sfluv::AmountStyle::number);
  const auto again = sfluv::read_workflow(document);
  if (!again || write_workflow(*again, sfluv::AmountStyle::number) != document) __builtin_trap();
  return 0;
}
