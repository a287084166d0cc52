// SPDX-License-Identifier: MIT
#include "routes.h"

#include <vector>

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

Endpoint endpoint_of_action(std::string_view name) {
  if (name == "claim") return Endpoint::claim;
  if (name == "start") return Endpoint::start;
  if (name == "complete") return Endpoint::complete;
  return Endpoint::none;
}

}  // namespace

std::string_view Route::method() const {
  return endpoint == Endpoint::workflow || endpoint == Endpoint::photo ? "GET" : "POST";
}

Route route_of(std::string_view path) {
  const auto segments = segments_of(path);
  if (segments.size() == 2 && segments[0] == "workflows") {
    return {.endpoint = Endpoint::workflow, .id = std::string{segments[1]}, .step_id = {}};
  }
  if (segments.size() == 2 && segments[0] == "workflow-photos") {
    return {.endpoint = Endpoint::photo, .id = std::string{segments[1]}, .step_id = {}};
  }
  if (segments.size() == 6 && segments[0] == "improvers" && segments[1] == "workflows" &&
      segments[3] == "steps") {
    return {.endpoint = endpoint_of_action(segments[5]),
            .id = std::string{segments[2]},
            .step_id = std::string{segments[4]}};
  }
  return {};
}

}  // namespace sfluv::server
