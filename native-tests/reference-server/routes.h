// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/http_status.h"
#include "sfluv/participation.h"
#include "sfluv/visibility.h"

#include "http_host.h"
#include "services.h"
#include "store.h"

namespace sfluv::server {

/// One request on its way through an endpoint: what came, who sent it, where the answer goes.
struct Visit {
  Exchange& exchange;
  Services& services;
  User user;
  std::vector<std::string> ids;  ///< what stood in the place of each {}

  [[nodiscard]] httplib::Response& response() { return exchange.response; }
};

/// A method and a path of the documented API, for whom it is, and who answers.
struct Endpoint {
  std::string_view method;
  std::string_view path;  ///< "/workflows/{}"
  Audience audience{};
  void (*answer)(Visit&) = nullptr;
  bool Profile::*only_with = nullptr;  ///< a switch without which it does not exist
};

/// Endpoints that belong together: one file in endpoints/.
using Family = std::span<const Endpoint>;

/// All families, in endpoints/families.cpp.
[[nodiscard]] std::span<const Family> families();

/// What a method and a path lead to.
struct Found {
  const Endpoint* endpoint = nullptr;
  std::vector<std::string> ids;
  std::string allowed;  ///< methods of the path, when it is another one's: "GET, POST"
};

/// `path`: decoded, without the query. Of two patterns that match, the one without {} wins. HEAD is
/// GET.
[[nodiscard]] Found find_endpoint(std::string_view method, std::string_view path,
                                  const Profile& profile);

/// Did the body come whole? When it was too large or broken that is answered already.
[[nodiscard]] bool is_whole(Visit& visit, BodySource::Result result);

/// The body, or nothing as above.
[[nodiscard]] std::optional<std::string> read_body(Visit& visit);

/// Answers what the engine or a reader refused.
void refuse(Visit& visit, Operation operation, std::span<const Issue> issues);

/// Answers that there is no such workflow, or none for the one who asks.
void refuse_unknown_workflow(Visit& visit);

/// The one who asks, as somebody who gets to see a workflow.
[[nodiscard]] Viewer viewer_of(Visit& visit);

/// Answers with this workflow of the series as the one who asks may see it.
void answer_workflow(Visit& visit, const Series& series, std::string_view workflow_id,
                     int status = 200);

}  // namespace sfluv::server
