// SPDX-License-Identifier: MIT
#include "api.h"

#include <algorithm>
#include <cstdio>
#include <exception>

#include "sfluv/completion.h"
#include "sfluv/json_writer.h"

#include "entropy.h"
#include "jwt.h"
#include "visibility.h"

namespace sfluv::server {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view cors_max_age_s = "600";

void answer_json(httplib::Response& response, const std::string& json) {
  response.status = 200;
  response.set_content(json, std::string{json_type});
}

// Not signed in, or without the role: the documents know no 401, and the live system's 403 has no
// body (rulebook A8.4).
void forbid(httplib::Response& response) { response.status = 403; }

void answer_like_a_portal(httplib::Response& response, FaultMode mode) {
  response.status = 200;
  if (mode == FaultMode::html_200)
    response.set_content("<!doctype html><title>Sign in to Wi-Fi</title>", "text/html");
}

Caller caller_from(const User& user) {
  return {.id = user.id,
          .name = user.name,
          .credentials = user.credentials,
          .is_admin = user.has(UserRole::admin)};
}

Account account_of(const User& user) {
  return {.is_improver = user.has(UserRole::improver),
          .is_proposer = user.has(UserRole::proposer),
          .is_voter = user.has(UserRole::voter),
          .is_supervisor = user.has(UserRole::supervisor),
          .is_admin = user.has(UserRole::admin)};
}

Audience audience_of(Endpoint endpoint) {
  const bool reads = endpoint == Endpoint::workflow || endpoint == Endpoint::photo;
  return reads ? Audience::anybody : Audience::improver;
}

// Rulebook A2 check 27. There is no staged upload in the documents, so that no id can be one.
std::vector<Issue> unknown_photo_ids(const engine::Complete& complete,
                                     const engine::Applied& applied) {
  const StepRef& ref = complete.step;
  const auto& submission = applied.series.find(ref.workflow_id)->find_step(ref.step_id)->submission;
  std::vector<Issue> issues;
  for (const ItemResponse& response : submission->item_responses) {
    for (const std::string& id : response.photo_ids) {
      if (std::ranges::find(applied.photos, id, &SubmissionPhoto::id) != applied.photos.end())
        continue;
      // Ids in the request may have white space around them.
      const auto& items = complete.request.items;
      const auto item = std::ranges::find_if(items, [&](const ItemAnswer& answer) {
        return answer.item_id.find(response.item_id) != std::string::npos;
      });
      const std::string path = pointer("/items", static_cast<std::size_t>(item - items.begin()));
      issues.push_back({.code = Code::photo_id_unknown,
                        .path = pointer(path, "photo_ids"),
                        .params = {{"item_id", response.item_id}, {"photo_id", id}}});
    }
  }
  return issues;
}

// A client's words go into a header: nothing but printable ASCII may (RFC 9110 §5.5).
std::string safe_content_type(const std::string& declared) {
  const bool printable = std::ranges::all_of(declared, [](char c) { return c >= ' ' && c <= '~'; });
  return printable && !declared.empty() ? declared : "application/octet-stream";
}

}  // namespace

void answer_issues(httplib::Response& response, int status, std::span<const Issue> issues) {
  JsonWriter out;
  out.begin_object().key("error").string(issues.empty() ? "unknown"
                                                        : to_string(issues.front().code));
  out.key("issues").begin_array();
  for (const Issue& issue : issues) out.issue(issue);
  out.end_array().end_object();
  response.status = status;
  response.set_content(out.take(), std::string{json_type});
}

void answer_error(httplib::Response& response, int status, std::string_view id) {
  JsonWriter out;
  out.begin_object().key("error").string(id).key("issues").begin_array().end_array().end_object();
  response.status = status;
  response.set_content(out.take(), std::string{json_type});
}

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
  response.set_header("Access-Control-Allow-Methods", "GET, POST");
  response.set_header("Access-Control-Allow-Headers", "Authorization, Content-Type");
  response.set_header("Access-Control-Max-Age", std::string{cors_max_age_s});
}

std::optional<User> Api::caller_of(const httplib::Request& request) {
  const auto id =
      user_of_header(request.get_header_value("Authorization"), options_.secret, options_.now_s());
  if (!id) return std::nullopt;
  auto database = databases_.lease();
  const Transaction transaction{*database, Transaction::Kind::read};
  return find_user(*database, *id);
}

void Api::respond(Exchange& exchange) {
  const Route route = route_of(exchange.request.path);
  if (route.endpoint == Endpoint::none)
    return answer_error(exchange.response, 404, "path_not_found");
  const std::string& method = exchange.request.method;
  if (method != route.method() && !(method == "HEAD" && route.method() == "GET")) {
    exchange.response.set_header("Allow", std::string{route.method()});
    return answer_error(exchange.response, 405, "method_not_allowed");
  }
  const auto user = caller_of(exchange.request);
  const Account account = user ? account_of(*user) : Account{};
  if (check_access(user ? &account : nullptr, audience_of(route.endpoint)))
    return forbid(exchange.response);
  respond_to_user(exchange, route, *user);
}

void Api::respond_to_user(Exchange& exchange, const Route& route, const User& user) {
  if (route.endpoint == Endpoint::workflow) return get_workflow(exchange, route, user);
  if (route.endpoint == Endpoint::photo) return get_photo(exchange, route, user);
  if (route.endpoint == Endpoint::claim) return act(exchange, Operation::claim, route, user);
  if (route.endpoint == Endpoint::start) return act(exchange, Operation::start, route, user);
  complete(exchange, route, user);
}

// Nobody runs a clock: whoever looks does what has become due (rulebook C2, C7).
Series Api::catch_up_and_store(Database& database, const Series& series, std::int64_t now_s) const {
  CaughtUp caught = catch_up(series, options_.profile, now_s, IdSource{.entropy = random_text()});
  store_changes(database, series, caught.series, caught.delta);
  return std::move(caught.series);
}

// Mostly nothing has become due: then a reader does not wait for those who write.
std::optional<Series> Api::current_series(Database& database, std::string_view workflow_id) const {
  const std::int64_t now_s = options_.now_s();
  {
    const Transaction transaction{database, Transaction::Kind::read};
    auto series = find_series_of(database, workflow_id);
    if (!series) return std::nullopt;
    const CaughtUp caught =
        catch_up(*series, options_.profile, now_s, IdSource{.entropy = random_text()});
    if (caught.delta.changed.empty() && caught.delta.removed.empty()) return series;
  }
  Transaction transaction{database, Transaction::Kind::write};
  auto series = find_series_of(database, workflow_id);  // another reader may have been first
  if (!series) return std::nullopt;
  series = catch_up_and_store(database, *series, now_s);
  transaction.commit();
  return series;
}

void Api::answer_workflow(httplib::Response& response, const User& user, Workflow workflow) const {
  workflow = as_seen_by(caller_from(user), std::move(workflow), options_.profile);
  answer_json(response, write_workflow(workflow, AmountStyle::number));
}

void Api::get_workflow(Exchange& exchange, const Route& route, const User& user) {
  auto database = databases_.lease();
  const auto series = current_series(*database, route.id);
  const Workflow* const workflow = series ? series->find(route.id) : nullptr;
  if (workflow == nullptr) {
    const Issue issue{.code = Code::not_found, .path = "", .params = {{"what", "workflow"}}};
    const int status = http_status(Operation::read, issue.code, options_.profile);
    return answer_issues(exchange.response, status, {&issue, 1});
  }
  answer_workflow(exchange.response, user, *workflow);
}

void Api::get_photo(Exchange& exchange, const Route& route, const User& user) {
  auto database = databases_.lease();
  const Transaction transaction{*database, Transaction::Kind::read};
  const auto photo = find_photo(*database, route.id);
  const auto workflow = photo ? find_workflow(*database, photo->photo.workflow_id) : std::nullopt;
  const Step* const step = workflow ? workflow->find_step(photo->photo.step_id) : nullptr;
  if (step == nullptr) return answer_error(exchange.response, 404, "photo_not_found");
  if (!may_see_submission(caller_from(user), *workflow, *step, options_.profile))
    return forbid(exchange.response);
  // The type is what a client said; a browser must neither guess another nor run what it finds.
  exchange.response.set_header("X-Content-Type-Options", "nosniff");
  exchange.response.set_header("Content-Security-Policy", "default-src 'none'; sandbox");
  exchange.response.status = 200;
  exchange.response.set_content(photo->bytes, safe_content_type(photo->photo.content_type));
}

void Api::act(Exchange& exchange, Operation operation, const Route& route, const User& user) {
  const StepRef step{.workflow_id = route.id, .step_id = route.step_id};
  const engine::Action action =
      operation == Operation::claim ? engine::Action{engine::Claim{step}} : engine::Start{step};
  run_action(exchange.response, operation, route, user, action, "");
}

void Api::complete(Exchange& exchange, const Route& route, const User& user) {
  std::string body;
  switch (exchange.body.read(body)) {
    case BodySource::Result::whole:
      break;
    case BodySource::Result::too_large:
      return answer_error(exchange.response, 413, "body_too_large");
    case BodySource::Result::broken:
      return answer_error(exchange.response, 400, "body_broken");
  }
  auto request = read_completion_request(body);
  if (!request) return answer_issues(exchange.response, 400, {&request.error(), 1});
  const engine::Complete action{.step = {.workflow_id = route.id, .step_id = route.step_id},
                                .request = *std::move(request)};
  run_action(exchange.response, Operation::complete, route, user, action, body);
}

void Api::run_action(httplib::Response& response, Operation operation, const Route& route,
                     const User& user, const engine::Action& action, std::string_view body) {
  auto database = databases_.lease();
  Transaction transaction{*database, Transaction::Kind::write};
  const auto series = change(*database, route, user, action, body);
  if (!series) {
    const Code code = series.error().front().code;
    return answer_issues(response, http_status(operation, code, options_.profile), series.error());
  }
  transaction.commit();
  answer_workflow(response, user, *series->find(route.id));
}

// The series afterwards, as it is stored now. A refusal stores nothing: what became due meanwhile
// is done by whoever looks next.
std::expected<Series, engine::Refusal> Api::change(Database& database, const Route& route,
                                                   const User& user, const engine::Action& action,
                                                   std::string_view body) {
  const std::int64_t now_s = options_.now_s();
  Series series;
  if (auto stored = find_series_of(database, route.id))
    series = catch_up_and_store(database, *stored, now_s);
  const engine::Facts facts{.caller = caller_from(user),
                            .profile = options_.profile,
                            .step_is_elsewhere = has_step(database, route.step_id),
                            .new_ids = random_text()};
  auto applied = engine::apply(series, facts, action, now_s);
  if (!applied) return std::unexpected(std::move(applied.error()));
  if (const auto* complete = std::get_if<engine::Complete>(&action)) {
    auto issues = unknown_photo_ids(*complete, *applied);
    if (!issues.empty()) return std::unexpected(std::move(issues));
  }
  const auto bytes = completion_photo_bytes(body, applied->photo_sources);
  if (!bytes) return std::unexpected(engine::Refusal{bytes.error()});
  store_changes(database, series, applied->series, applied->delta);
  for (std::size_t i = 0; i < bytes->size(); ++i) {
    add_photo(database, applied->photos[i], static_cast<std::int64_t>(i), (*bytes)[i]);
  }
  return catch_up_and_store(database, applied->series, now_s);
}

}  // namespace sfluv::server
