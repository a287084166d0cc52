// SPDX-License-Identifier: MIT
#include "api.h"

#include <algorithm>
#include <cstdio>
#include <exception>

#include "acting.h"
#include "answer.h"
#include "jwt.h"
#include "routes.h"

namespace sfluv::server {
namespace {

constexpr const char* cors_max_age_s = "600";

void answer_like_a_portal(httplib::Response& response, FaultMode mode) {
  response.status = 200;
  if (mode == FaultMode::html_200)
    response.set_content("<!doctype html><title>Sign in to Wi-Fi</title>", "text/html");
}

// An account that has not accepted the policy is told so by a header (rulebook A8.4).
void turn_away(httplib::Response& response, const Issue& issue) {
  if (issue.code == Code::policy_not_accepted)
    response.set_header("X-SFLUV-Auth-Reason", "privacy-policy-required");
  forbid(response);
}

}  // namespace

void Api::handle(Exchange& exchange) {
  const httplib::Request& request = exchange.request;
  httplib::Response& response = exchange.response;
  log_.add(request.method, request.path);
  add_cors_headers(exchange);
  response.set_header("Cache-Control", "no-store");
  if (request.method == "OPTIONS") {  // asked by the browser, not by the page: no fault for it
    response.status = 204;
    return;
  }
  const Fault fault = faults_.take(request.path);
  if (fault.mode == FaultMode::empty_200 || fault.mode == FaultMode::html_200) {
    return answer_like_a_portal(response, fault.mode);
  }
  try {
    respond(exchange);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s %s: %s\n", request.method.c_str(), request.path.c_str(), error.what());
    answer_error(response, 500, "server_error");
  }
  if (fault.mode == FaultMode::delay) faults_.wait(fault.ms);  // what was asked for is done already
  if (fault.mode == FaultMode::commit_then_drop) exchange.drop_answer = true;
  if (fault.mode == FaultMode::commit_then_500) {
    response.status = 500;
    response.body.clear();
    response.headers.erase("Content-Type");
  }
}

void Api::add_cors_headers(Exchange& exchange) const {
  httplib::Response& response = exchange.response;
  response.set_header("Vary", "Origin");
  const std::string origin = exchange.request.get_header_value("Origin");
  if (std::ranges::find(options_.allowed_origins, origin) == options_.allowed_origins.end()) return;
  response.set_header("Access-Control-Allow-Origin", origin);
  response.set_header("Access-Control-Expose-Headers", "Retry-After, X-SFLUV-Auth-Reason");
  if (exchange.request.method != "OPTIONS") return;
  const bool takes_access_token = services_.settings.profile().takes_access_token;
  response.set_header("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
  response.set_header("Access-Control-Allow-Headers",
                      takes_access_token ? "Access-Token, Authorization, Content-Type"
                                         : "Authorization, Content-Type");
  response.set_header("Access-Control-Max-Age", cors_max_age_s);
}

std::optional<User> Api::user_of(const httplib::Request& request) const {
  const std::int64_t now_s = services_.settings.now_s();
  auto id = user_of_header(request.get_header_value("Authorization"), options_.secret, now_s);
  if (!id && services_.settings.profile().takes_access_token)
    id = verify_token(request.get_header_value("Access-Token"), options_.secret, now_s);
  if (!id) return std::nullopt;
  auto database = services_.databases.lease();
  const Transaction transaction{*database, Transaction::Kind::read};
  return find_user(*database, *id);
}

void Api::respond(Exchange& exchange) {
  const httplib::Request& request = exchange.request;
  httplib::Response& response = exchange.response;
  Found found = find_endpoint(request.method, request.path, services_.settings.profile());
  if (found.endpoint == nullptr) {
    if (found.allowed.empty()) return answer_error(response, 404, "path_not_found");
    response.set_header("Allow", found.allowed);
    return answer_error(response, 405, "method_not_allowed");
  }
  auto user = user_of(request);
  const Account account = user ? account_of(*user) : Account{};
  if (const auto issue = check_access(user ? &account : nullptr, found.endpoint->audience))
    return turn_away(response, *issue);
  Visit visit{.exchange = exchange,
              .services = services_,
              .user = *std::move(user),
              .ids = std::move(found.ids)};
  found.endpoint->answer(visit);
}

}  // namespace sfluv::server
