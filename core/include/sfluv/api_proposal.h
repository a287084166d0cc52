// SPDX-License-Identifier: MIT
#pragma once

#include <string>

/// A proposal as text in, text out: what a form asks while it is filled in, and the command line.
namespace sfluv::api {

/// In: {"context":{
///        "profile"?:"documents"|"live","now":seconds,"proposer_id":"...",
///        "proposer_status"?:"approved"|"none"|...,
///        "supervisors":["user id" or {"user_id","title","organization"}],   the approved ones
///        "credential_types":["..."],
///        "own_series"?:[{"id","recurrence"}]}      recurring ones of the proposer
/// and one of
///   "request":{...}       a body as it would be sent
///   "request_raw":"..."   the same as its exact text
///   "draft":{...}         the same with bounties as decimal texts}
/// Out: {"accepted":bool,"issues":[{"code","path","params"}],"normalized":{...}|null,
/// "totals":{"total_bounty","weekly_bounty_requirement"}|null}; `normalized` is the workflow as the
/// server would create it, with "<new>" in ids that only the server can give, `totals` what it
/// costs, whatever else is wrong; amounts are decimal texts.
[[nodiscard]] std::string check_proposal(std::string input);

}  // namespace sfluv::api
