// SPDX-License-Identifier: MIT
#include "answer.h"

#include <utility>

#include "sfluv/json_writer.h"

namespace sfluv::server {

void answer_json(httplib::Response& response, std::string json, int status) {
  response.status = status;
  response.set_content(std::move(json), "application/json");
}

void answer_issues(httplib::Response& response, int status, std::span<const Issue> issues) {
  JsonWriter out;
  out.begin_object().key("error").string(issues.empty() ? "unknown"
                                                        : to_string(issues.front().code));
  out.key("issues").begin_array();
  for (const Issue& issue : issues) out.issue(issue);
  out.end_array().end_object();
  answer_json(response, out.take(), status);
}

void answer_error(httplib::Response& response, int status, std::string_view id) {
  JsonWriter out;
  out.begin_object().key("error").string(id).key("issues").begin_array().end_array().end_object();
  answer_json(response, out.take(), status);
}

void forbid(httplib::Response& response) { response.status = 403; }

}  // namespace sfluv::server
