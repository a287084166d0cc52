// SPDX-License-Identifier: MIT
#include "routes.h"

#include <algorithm>
#include <utility>

#include "acting.h"
#include "answer.h"

namespace sfluv::server {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const std::size_t end = path.find('/');
    segments.push_back(path.substr(0, end));
    path.remove_prefix(segments.back().size());
  }
  return segments;
}

bool matches(std::string_view pattern, const std::vector<std::string_view>& path,
             std::vector<std::string>& ids) {
  ids.clear();
  const auto wanted = segments_of(pattern);
  if (wanted.size() != path.size()) return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (wanted[i] == "{}") {
      ids.emplace_back(path[i]);
    } else if (wanted[i] != path[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace

Found find_endpoint(std::string_view method, std::string_view path, const Profile& profile) {
  const auto segments = segments_of(path);
  Found found;
  std::size_t fewest_ids = segments.size() + 1;
  for (const Family& family : families()) {
    for (const Endpoint& endpoint : family) {
      if (endpoint.only_with != nullptr && !(profile.*endpoint.only_with)) continue;
      std::vector<std::string> ids;
      if (!matches(endpoint.path, segments, ids) || ids.size() > fewest_ids) continue;
      if (ids.size() < fewest_ids) found = {};  // a closer match hides the others
      fewest_ids = ids.size();
      if (endpoint.method == method || (method == "HEAD" && endpoint.method == "GET")) {
        found.endpoint = &endpoint;
        found.ids = std::move(ids);
      }
      found.allowed += (found.allowed.empty() ? "" : ", ") + std::string{endpoint.method};
    }
  }
  return found;
}

bool is_whole(Visit& visit, BodySource::Result result) {
  if (result == BodySource::Result::too_large)
    answer_error(visit.response(), 413, "body_too_large");
  if (result == BodySource::Result::broken) answer_error(visit.response(), 400, "body_broken");
  return result == BodySource::Result::whole;
}

std::optional<std::string> read_body(Visit& visit) {
  std::string body;
  if (!is_whole(visit, visit.exchange.body.read(body))) return std::nullopt;
  return body;
}

void refuse(Visit& visit, Operation operation, std::span<const Issue> issues) {
  const Profile profile = visit.services.settings.profile();
  answer_issues(visit.response(), http_status(operation, issues.front(), profile), issues);
}

void refuse_unknown_workflow(Visit& visit) {
  const Issue issue{.code = Code::not_found, .path = "", .params = {{"what", "workflow"}}};
  refuse(visit, Operation::read, {&issue, 1});
}

Viewer viewer_of(Visit& visit) {
  auto database = visit.services.databases.lease();
  return {.caller = caller_from(visit.user), .voters = count_voters(*database)};
}

void answer_workflow(Visit& visit, const Series& series, std::string_view workflow_id, int status) {
  const Workflow seen = as_seen_by(viewer_of(visit), series, *series.find(workflow_id),
                                   visit.services.settings.profile());
  answer_json(visit.response(), write_workflow(seen, AmountStyle::number), status);
}

}  // namespace sfluv::server
