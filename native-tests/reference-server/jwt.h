// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// JSON Web Tokens (RFC 7519), signed with HMAC-SHA-256 and with nothing else: a token that names
/// another algorithm, "none" included, is no token.
namespace sfluv::server {

/// A token for this user, valid from `now_s` for `ttl_s` seconds. Claims: sub, iat, exp.
[[nodiscard]] std::string sign_token(std::string_view user_id, std::string_view secret,
                                     std::int64_t now_s, std::int64_t ttl_s);

/// The user whom the token names, when signature and expiry hold.
[[nodiscard]] std::optional<std::string> verify_token(std::string_view token,
                                                      std::string_view secret, std::int64_t now_s);

/// The user of an `Authorization: Bearer ...` header (seed 001).
[[nodiscard]] std::optional<std::string> user_of_header(std::string_view authorization,
                                                        std::string_view secret,
                                                        std::int64_t now_s);

}  // namespace sfluv::server
