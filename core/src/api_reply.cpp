// SPDX-License-Identifier: MIT
#include "api_reply.h"

#include "sfluv/json_writer.h"

namespace sfluv::api {

Profile profile_at(json::Fields& fields, const json::Value& owner, std::string_view path) {
  const auto name = fields.optional_string(owner, path, "profile");
  const auto profile = profile_from(name.value_or("documents"));
  if (!profile) fields.refuse(pointer(path, "profile"), "documents or live");
  return profile.value_or(Profile{});
}

std::string verdict_reply(const std::vector<Issue>& issues, std::string_view normalized) {
  JsonWriter out;
  out.begin_object().key("accepted").boolean(issues.empty()).key("issues").begin_array();
  for (const Issue& issue : issues) out.issue(issue);
  out.end_array().key("normalized").raw(normalized).end_object();
  return out.take();
}

}  // namespace sfluv::api
