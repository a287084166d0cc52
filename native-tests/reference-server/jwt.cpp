// SPDX-License-Identifier: MIT
#include "jwt.h"

#include <algorithm>
#include <span>
#include <vector>

#include "sfluv/base64.h"
#include "sfluv/digest.h"
#include "sfluv/flat_json.h"
#include "sfluv/json_writer.h"

namespace sfluv::server {
namespace {

constexpr std::size_t token_bytes_max = 8192;
constexpr std::size_t hmac_block_bytes = 64;

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// RFC 2104.
Sha256 hmac_sha256(std::string_view secret, std::string_view message) {
  std::array<std::uint8_t, hmac_block_bytes> key{};
  if (secret.size() > key.size()) {
    std::ranges::copy(sha256(bytes_of(secret)), key.begin());
  } else {
    std::ranges::copy(bytes_of(secret), key.begin());
  }
  const auto keyed = [&key](std::uint8_t pad, std::span<const std::uint8_t> data) {
    std::array<std::uint8_t, hmac_block_bytes> padded = key;
    for (std::uint8_t& byte : padded) byte = static_cast<std::uint8_t>(byte ^ pad);
    Sha256Stream stream;
    stream.add(padded);
    stream.add(data);
    return stream.finish();
  };
  return keyed(0x5C, keyed(0x36, bytes_of(message)));
}

std::string to_base64url(std::span<const std::uint8_t> bytes) {
  std::string text = base64::encode(bytes);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string standard{text};
  std::ranges::replace(standard, '-', '+');
  std::ranges::replace(standard, '_', '/');
  standard.append((4 - standard.size() % 4) % 4, '=');
  auto bytes = base64::decode(standard);
  if (!bytes) return std::nullopt;
  return *std::move(bytes);
}

std::optional<FlatJson> object_of_part(std::string_view part) {
  const auto bytes = from_base64url(part);
  if (!bytes) return std::nullopt;
  auto object = read_flat_json({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (!object) return std::nullopt;
  return *std::move(object);
}

template <class T>
const T* find(const FlatJson& object, std::string_view name) {
  const auto member = object.find(name);
  return member == object.end() ? nullptr : std::get_if<T>(&member->second);
}

// Takes the same time wherever the first difference is, so that a signature cannot be guessed
// byte by byte.
bool equal_in_constant_time(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  if (a.size() != b.size()) return false;
  volatile std::uint8_t difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<std::uint8_t>(difference | (a[i] ^ b[i]));
  }
  return difference == 0;
}

}  // namespace

std::string sign_token(std::string_view user_id, std::string_view secret, std::int64_t now_s,
                       std::int64_t ttl_s) {
  JsonWriter claims;
  claims.begin_object().key("sub").string(user_id).key("iat").number(now_s).key("exp").number(
      now_s + ttl_s);
  claims.end_object();
  std::string token = to_base64url(bytes_of(R"({"alg":"HS256","typ":"JWT"})"));
  token += '.';
  token += to_base64url(bytes_of(claims.take()));
  const Sha256 signature = hmac_sha256(secret, token);
  token += '.';
  token += to_base64url(signature);
  return token;
}

std::optional<std::string> verify_token(std::string_view token, std::string_view secret,
                                        std::int64_t now_s) {
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (token.size() > token_bytes_max || first == std::string_view::npos || first == last)
    return std::nullopt;

  const auto signature = from_base64url(token.substr(last + 1));
  if (!signature ||
      !equal_in_constant_time(*signature, hmac_sha256(secret, token.substr(0, last)))) {
    return std::nullopt;
  }
  const auto header = object_of_part(token.substr(0, first));
  const auto claims = object_of_part(token.substr(first + 1, last - first - 1));
  if (!header || !claims) return std::nullopt;

  const auto* const algorithm = find<std::string>(*header, "alg");
  const auto* const user_id = find<std::string>(*claims, "sub");
  const auto* const expires_s = find<std::int64_t>(*claims, "exp");
  if (algorithm == nullptr || *algorithm != "HS256") return std::nullopt;
  if (expires_s == nullptr || *expires_s <= now_s) return std::nullopt;
  if (user_id == nullptr || user_id->empty()) return std::nullopt;
  return *user_id;
}

std::optional<std::string> user_of_header(std::string_view authorization, std::string_view secret,
                                          std::int64_t now_s) {
  // The scheme's name is compared without case (RFC 9110 §11.1).
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() < scheme.size()) return std::nullopt;
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    const char c = authorization[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != scheme[i])
      return std::nullopt;
  }
  return verify_token(authorization.substr(scheme.size()), secret, now_s);
}

}  // namespace sfluv::server
