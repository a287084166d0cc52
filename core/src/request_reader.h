// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "sfluv/json.h"

/// Bodies of requests, with the live decoder's leniencies that concern the text as a whole (rulebook
/// A1.2): bytes that are no UTF-8 and lone surrogates become U+FFFD. Errors are `body_not_decodable`
/// {reason, ...}.
namespace sfluv {

/// As it is sent, or as a form holds it before.
enum class RequestSource : std::uint8_t { body, draft };

[[nodiscard]] Outcome<json::Value> parse_body(std::string_view body, json::Rest rest);

/// The same for a body that is an object and nothing else; what it is instead is noted in `fields`.
[[nodiscard]] Outcome<json::Value> parse_object(std::string_view body, json::Fields& fields);

/// Reads such a body with `read(fields, root)`.
template <class Request>
[[nodiscard]] Outcome<Request> read_request(std::string_view body, auto&& read) {
  json::Fields fields{Code::body_not_decodable, json::Fields::Names::any_case};
  const auto root = parse_object(body, fields);
  if (!root) return std::unexpected(root.error());
  Request request = read(fields, *root);
  if (fields.failure()) return std::unexpected(*fields.failure());
  return request;
}

}  // namespace sfluv
