// SPDX-License-Identifier: MIT
#include "sfluv/api_account.h"

#include "sfluv/address.h"
#include "sfluv/json_writer.h"

#include "api_reply.h"

namespace sfluv::api {

std::string check_rewards_account(std::string_view input) {
  constexpr const char* name = "primary_rewards_account";
  const auto root = json::parse(input, Code::document_not_readable);
  if (!root) return verdict_reply({root.error()}, "null");
  json::Fields fields{Code::document_not_readable, json::Fields::Names::exact};
  fields.require(*root, json::Kind::object);
  const std::string account = fields.string(*root, "", name);
  const Profile profile = profile_at(fields, *root, "");
  if (fields.failure()) return verdict_reply({*fields.failure()}, "null");
  auto address = normalized_address(account, profile);
  if (!address) {
    address.error().path = pointer("", name);
    return verdict_reply({address.error()}, "null");
  }
  JsonWriter out;
  out.begin_object().key(name).string(*address).end_object();
  return verdict_reply({}, out.take());
}

}  // namespace sfluv::api
