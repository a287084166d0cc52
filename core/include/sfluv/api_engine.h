// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

/// The engine as text in, text out, for a device that has read a part of what the server knows:
/// what it foretells, it foretells by the server's own rules. Both calls read
///   {"profile"?:"documents"|"live","now_s":n,
///    "caller":{"id","name"?,"credentials"?:[...]},
///    "known":[...]   answers of the API as they came, the oldest first: workflows by themselves
///                    and lists of them in either shape
///    "absences"?:    the answer of GET .../absence-periods, once it was read
/// Credentials that are not given are those of the last list that named them, else not known.
namespace sfluv::api {

/// What will the server say to this? In, besides:
///    "action":{"type", ...}
///        "claim" "start" "payout_request"       "workflow_id","step_id"
///        "complete"                             the same, and the answers as in `check_completion`
///        "unclaim"                              "series_id","step_order"
///        "absence_create"                       the same, "absent_from","absent_until"
///        "absence_update"                       "absence_id","absent_from","absent_until"
///        "absence_delete"                       "absence_id"
///    "photo_bytes_max"?:n,"request_bytes_max"?:n}
/// Out: {"expectation":"allowed"|"refused"|"unknown","status"?:n,"issues":[...],"missing":[
///   "occurrences"|"steps"|"credentials"|"absences",...],"workflows":[...]} and, where the answer
///   would have them, "absence", "released_count","skipped_count". `status` is the one of the first
///   issue; `workflows` are those that were read, as they will be, with amounts as decimal texts.
///   `unknown` lacks the facts in `missing` and never stands in a person's way.
[[nodiscard]] std::string predict(std::string_view input);

/// What is there for the caller, and why the rest is not (discovery.h). Out:
///   {"listed":[{"workflow_id","reason":"mine_active"|"mine"|"claimable"|"supervised"|"unread"}],
///    "not_mine":[{"workflow_id","step_id","code"}],"unpaid":["workflow id",...]}
[[nodiscard]] std::string discover(std::string_view input);

}  // namespace sfluv::api
