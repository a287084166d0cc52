// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

/// The rules as text in, text out: what the command line, the wasm module `rules` and the golden
/// files call. Every answer is one line of JSON; what could not be read answers {"issue":{...}}.
namespace sfluv::api {

/// Grows when an answer changes its shape; the package refuses a module of another version.
inline constexpr int abi_version = 1;

/// In: {"work_items":[...],"allow_step_not_possible":bool} and one of
///   "request":{...}       a body as it would be sent (photos as base64)
///   "request_raw":"..."   the same as its exact text
///   "draft":{...}         the same before sealing: uploads carry "size_bytes", no data
/// and, optionally, "photo_bytes_max":n, "request_bytes_max":n (completion.h `UploadLimits`).
/// Out: {"accepted":bool,"issues":[{"code","path","params"}],"normalized":{...}|null}; `normalized`
/// is what the server would store: {"step_not_possible","step_not_possible_details",
/// "item_responses":[...],"photos":[...]} with "<new>" for ids that only the server can give.
/// By value: a body can be 40 MB, and the text goes as soon as it is read.
[[nodiscard]] std::string check_completion(std::string input);

/// What an operation answered, typed: amounts are decimal texts, and lists, which come in either
/// shape (an array, or a paged object), have one. Out: {"value":...}, by `kind`:
///   "workflow"             a workflow
///   "workflows"            {"workflows":[...],"active_credentials"?:[...],"total"?:n}
///   "absences"             [...]
///   "absence_change"       {"absence":{...},"released_count":n,"skipped_count":n}
///   "unclaim"              {"series_id","step_order","released_count","skipped_count"}
///   "improver"             {"user_id","first_name",...,"primary_rewards_account","status",...}
///   "credential_request"   {"id","user_id","credential_type","status",...}
///   "credential_requests"  [...]
[[nodiscard]] std::string read_answer(std::string_view kind, std::string_view text);

/// In: a workflow document, or its "recurrence" and "start_at". Out: {"deadline_s":n|null}: from
/// this Unix second on, work on it may be lost (series.h).
[[nodiscard]] std::string deadline(std::string_view document);

/// In: digits, and "documents" or "live". Out: {"text":"0.5","symbol":"HONEY"}, the number as
/// people read it (profile.h).
[[nodiscard]] std::string format_amount(std::string_view amount, std::string_view profile);

/// The way back, of what somebody wrote: {"amount":"500000000000000000"|null}.
[[nodiscard]] std::string parse_amount(std::string_view text, std::string_view profile);

/// The catalogue of codes: [{"code","params":[...]}].
[[nodiscard]] std::string code_catalogue();

}  // namespace sfluv::api
