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
/// and, optionally, "photo_bytes_max":number (rulebook A4.5).
/// Out: {"accepted":bool,"issues":[{"code","path","params"}],"normalized":{...}|null}; `normalized`
/// is what the server would store: {"step_not_possible","step_not_possible_details",
/// "item_responses":[...],"photos":[...]} with "<new>" for ids that only the server can give.
/// By value: a body can be 40 MB, and the text goes as soon as it is read.
[[nodiscard]] std::string check_completion(std::string input);

/// In: a workflow document of the API. Out: {"workflow":{...}} with amounts as decimal texts.
[[nodiscard]] std::string read_workflow(std::string_view document);

/// The catalogue of codes: [{"code","params":[...]}].
[[nodiscard]] std::string code_catalogue();

}  // namespace sfluv::api
