// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/engine.h"
#include "sfluv/http_status.h"

#include "database.h"
#include "faults.h"
#include "http_host.h"
#include "request_log.h"
#include "routes.h"
#include "store.h"

namespace sfluv::server {

struct ApiOptions {
  std::string secret;
  std::vector<std::string> allowed_origins;  ///< of pages that may call from another port
  std::function<std::int64_t()> now_s;
  Profile profile;
};

/// The documented endpoints (seeds 000 to 002). Knows HTTP and storage; every decision about work
/// is the engine's.
class Api {
 public:
  Api(ApiOptions options, DatabasePool& databases, Faults& faults, RequestLog& log)
      : options_(std::move(options)), databases_(databases), faults_(faults), log_(log) {}

  void handle(Exchange& exchange);

 private:
  void add_cors_headers(Exchange& exchange) const;
  void respond(Exchange& exchange);
  void respond_to_user(Exchange& exchange, const Route& route, const User& user);
  void get_workflow(Exchange& exchange, const Route& route, const User& user);
  void get_photo(Exchange& exchange, const Route& route, const User& user);
  void act(Exchange& exchange, Operation operation, const Route& route, const User& user);
  void complete(Exchange& exchange, const Route& route, const User& user);
  void run_action(httplib::Response& response, Operation operation, const Route& route,
                  const User& user, const engine::Action& action, std::string_view body);
  [[nodiscard]] std::expected<Series, engine::Refusal> change(Database& database,
                                                              const Route& route, const User& user,
                                                              const engine::Action& action,
                                                              std::string_view body);
  [[nodiscard]] Series catch_up_and_store(Database& database, const Series& series,
                                          std::int64_t now_s) const;
  [[nodiscard]] std::optional<Series> current_series(Database& database,
                                                     std::string_view workflow_id) const;
  void answer_workflow(httplib::Response& response, const User& user, Workflow workflow) const;
  [[nodiscard]] std::optional<User> caller_of(const httplib::Request& request);

  ApiOptions options_;
  DatabasePool& databases_;
  Faults& faults_;
  RequestLog& log_;
};

/// {"error":"<id of the first issue>","issues":[...]}
void answer_issues(httplib::Response& response, int status, std::span<const Issue> issues);
/// {"error":"<id>","issues":[]}, for what is wrong with the request as HTTP.
void answer_error(httplib::Response& response, int status, std::string_view id);

}  // namespace sfluv::server
