// SPDX-License-Identifier: MIT
#include "http_world.h"

#include <algorithm>
#include <array>
#include <barrier>
#include <cstddef>
#include <httplib.h>
#include <stdexcept>
#include <thread>
#include <utility>

#include "sfluv/json_writer.h"
#include "sfluv/workflow.h"

namespace sfluv::replay {
namespace {

constexpr int timeout_s = 60;

json::Value tree_of(const std::string& text) {
  return json::parse(text, Code::document_not_readable).value_or(json::Value{});
}

json::Value member_of(const json::Value& object, std::string_view name) {
  const json::Value* const found = object.find(name);
  return found == nullptr ? json::Value{} : *found;
}

Absence absence_of(const json::Value& value) {
  return {.id = text_at(value, "id"),
          .series_id = text_at(value, "series_id"),
          .step_order = integer_at(value, "step_order"),
          .absent_from = integer_at(value, "absent_from"),
          .absent_until = integer_at(value, "absent_until")};
}

std::string absences_result(const json::Value& list, std::int64_t t0_s) {
  JsonWriter out;
  out.begin_array();
  for (const json::Value& one : list.elements) out.raw(absence_json(absence_of(one), t0_s));
  out.end_array();
  return out.take();
}

std::string change_result(const json::Value& answer, std::int64_t t0_s) {
  JsonWriter out;
  out.begin_object();
  if (const json::Value* const absence = answer.find("absence"))
    out.key("absence").raw(absence_json(absence_of(*absence), t0_s));
  out.key("released_count").number(integer_at(answer, "released_count"));
  out.key("skipped_count").number(integer_at(answer, "skipped_count")).end_object();
  return out.take();
}

void write_names(JsonWriter& out, const json::Value& cards, std::int64_t t0_s) {
  out.key("ids").begin_array();
  for (const json::Value& card : cards.elements) {
    out.string(name_of(text_at(card, "id"), text_at(card, "series_id"),
                       integer_at(card, "start_at"), t0_s));
  }
  out.end_array();
}

std::string names_result(const json::Value& list, std::int64_t t0_s) {
  JsonWriter out;
  write_names(out.begin_object(), list, t0_s);
  out.end_object();
  return out.take();
}

// The members of these names, in the order of the recordings.
void write_texts(JsonWriter& out, const json::Value& object,
                 std::initializer_list<std::string_view> names) {
  out.begin_object();
  for (const std::string_view name : names) out.key(name).string(text_at(object, name));
  out.end_object();
}

std::string texts_result(const json::Value& object, std::initializer_list<std::string_view> names) {
  JsonWriter out;
  write_texts(out, object, names);
  return out.take();
}

std::string requests_result(const json::Value& answer) {
  if (answer.kind != json::Kind::array) return texts_result(answer, {"credential_type", "status"});
  JsonWriter out;
  out.begin_array();
  for (const json::Value& one : answer.elements)
    write_texts(out, one, {"credential_type", "status"});
  out.end_array();
  return out.take();
}

std::string proposed_result(const std::string& body) {
  const auto workflow = read_workflow(body);
  return workflow ? created_json(*workflow) : "";
}

std::string vote_result(const std::string& body, std::int64_t t0_s) {
  const auto workflow = read_workflow(body);
  if (!workflow || !workflow->votes) return "";
  JsonWriter out;
  out.begin_object().key("status").string(workflow->status.text);
  out.key("votes").raw(votes_json(*workflow->votes, t0_s)).end_object();
  return out.take();
}

// A page says what an array cannot: the credentials, and how many there are in all.
std::string discovery_result(const json::Value& answer, std::int64_t t0_s) {
  const bool is_page = answer.kind == json::Kind::object;
  JsonWriter out;
  out.begin_object();
  if (is_page) {
    out.key("active_credentials").raw(canonical(member_of(answer, "active_credentials")));
    out.key("total").raw(canonical(member_of(answer, "total")));
  } else {
    out.key("total").number(std::ssize(answer.elements));
  }
  write_names(out, is_page ? member_of(answer, "workflows") : answer, t0_s);
  out.end_object();
  return out.take();
}

std::string workflow_result(const std::string& body) {
  const auto workflow = read_workflow(body);
  if (!workflow) return "";
  JsonWriter out;
  out.begin_object().key("status").string(workflow->status.text);
  out.key("submissions_visible").begin_array();
  for (const Step& step : workflow->steps) {
    if (step.submission) out.number(step.step_order);
  }
  out.end_array().end_object();
  return out.take();
}

// Of the step that the path names.
std::string submission_result(const std::string& path, const std::string& body) {
  const auto workflow = read_workflow(body);
  if (!workflow) return "";
  for (const Step& step : workflow->steps) {
    const bool is_meant = path.find("/steps/" + step.id + "/") != std::string::npos;
    if (is_meant && step.submission) return stored_json(*step.submission);
  }
  return "";
}

}  // namespace

struct HttpWorld::Reply {
  int status = 0;
  std::string body;
  std::string auth_reason;
  std::string path;  ///< with ids instead of symbols
};

// One connection that is kept.
class HttpWorld::Wire {
 public:
  explicit Wire(const std::string& url) : client_(url) {
    client_.set_keep_alive(true);
    client_.set_tcp_nodelay(true);
    client_.set_read_timeout(timeout_s);
    client_.set_write_timeout(timeout_s);
  }

  Reply send(const std::string& method, const std::string& path, const std::string& body,
             const httplib::Headers& headers = {}) {
    httplib::Request request;
    request.method = method;
    request.path = path;
    request.headers = headers;
    request.body = body;
    if (!body.empty()) request.set_header("Content-Type", "application/json");
    const auto result = client_.send(request);
    if (!result) throw std::runtime_error("no answer to " + method + " " + path);
    return {.status = result->status,
            .body = result->body,
            .auth_reason = result->get_header_value("X-SFLUV-Auth-Reason"),
            .path = path};
  }

  // A test endpoint, which always answers with JSON.
  json::Value test(const std::string& method, const std::string& name, const std::string& body) {
    const Reply reply = send(method, "/test/" + name, body);
    if (reply.status == 200) return tree_of(reply.body);
    throw std::runtime_error("/test/" + name + " answers " + std::to_string(reply.status) +
                             ": was the server started with --test-endpoints?");
  }

 private:
  httplib::Client client_;
};

HttpWorld::HttpWorld(std::string url) : url_(std::move(url)) {
  wires_.push_back(std::make_unique<Wire>(url_));
}

HttpWorld::~HttpWorld() = default;

bool HttpWorld::begin(const json::Value& setup, const Profile& profile) {
  set_profile(profile);
  t0_s_ = integer_at(setup, "t0");
  ids_.clear();
  saved_.clear();
  return wires_.front()->send("POST", "/test/setup", canonical(setup)).status == 200;
}

void HttpWorld::set_profile(const Profile& profile) {
  JsonWriter out;
  out.begin_object().key("name").string(profile.name);
  for (const Switch& one : profile_switches()) out.key(one.name).boolean(profile.*one.value);
  out.end_object();
  wires_.front()->test("POST", "profile", out.take());
}

void HttpWorld::move_clock(std::int64_t at_s) {
  JsonWriter out;
  out.begin_object().key("at").number(at_s).end_object();
  // Occurrences may have come into being, with ids of their own.
  (void)take_state(wires_.front()->test("POST", "clock", out.take()));
}

const std::string& HttpWorld::token_of(const std::string& actor) {
  std::string& token = tokens_[actor];
  if (token.empty())
    token = text_at(wires_.front()->test("GET", "token?user=" + actor, ""), "token");
  return token;
}

HttpWorld::Reply HttpWorld::send(Wire& wire, const Call& call, const std::string& token) const {
  const std::string body = call.is_literal ? call.body : with_ids(call.body, ids_);
  return wire.send(call.method, with_ids(call.path, ids_), body,
                   {{"Authorization", "Bearer " + token}});
}

std::vector<Answer> HttpWorld::perform(std::span<const Call> calls) {
  while (wires_.size() < calls.size()) wires_.push_back(std::make_unique<Wire>(url_));
  for (const auto& [symbol, id] : saved_) ids_[symbol] = id;
  std::vector<std::string> tokens;
  for (const Call& call : calls) tokens.push_back(token_of(call.actor));
  std::vector<Reply> replies(calls.size());
  if (calls.size() == 1) {
    replies[0] = send(*wires_[0], calls[0], tokens[0]);
  } else {
    std::barrier gate{std::ssize(calls)};
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      threads.emplace_back([&, i] {
        gate.arrive_and_wait();
        replies[i] = send(*wires_[i], calls[i], tokens[i]);
      });
    }
  }
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < calls.size(); ++i) answers.push_back(answer_of(calls[i], replies[i]));
  return answers;
}

Answer HttpWorld::answer_of(const Call& call, const Reply& reply) {
  Answer answer{.status = reply.status};
  if (reply.status < 200 || reply.status > 299) {
    answer.error_class = text_at(tree_of(reply.body), "error");
    if (reply.body.empty() && reply.status == 403)
      answer.error_class = reply.auth_reason.empty() ? "forbidden" : "policy_not_accepted";
    return answer;
  }
  const std::string& path = reply.path;
  const json::Value tree = tree_of(reply.body);
  last_absence_id_ = text_at(member_of(tree, "absence"), "id");
  if (path == "/improvers/workflows/absence-periods" && call.method == "GET") {
    answer.result = absences_result(tree, t0_s_);
  } else if (path.find("absence-periods") != std::string::npos || path.ends_with("/unclaim")) {
    answer.result = change_result(tree, t0_s_);
  } else if (path == "/improvers/workflows") {
    answer.result = discovery_result(tree, t0_s_);
    if (tree.kind == json::Kind::array) answer.unsaid = {"active_credentials"};
  } else if (path == "/improvers/unpaid-workflows" || path == "/workflows/active" ||
             path == "/voters/workflows") {
    answer.result = names_result(tree, t0_s_);
  } else if (path == "/proposers/workflows" && call.method == "GET") {
    answer.result = names_result(tree.find("items") ? *tree.find("items") : tree, t0_s_);
  } else if (path == "/proposers/workflows") {
    answer.result = proposed_result(reply.body);
  } else if (path.ends_with("/votes")) {
    answer.result = vote_result(reply.body, t0_s_);
  } else if (path == "/improvers/request") {
    answer.result = texts_result(tree, {"status", "email"});
  } else if (path == "/improvers/primary-rewards-account") {
    answer.result = texts_result(tree, {"primary_rewards_account"});
  } else if (path == "/improvers/credential-requests") {
    answer.result = requests_result(tree);
  } else if (call.method == "GET") {
    answer.result = workflow_result(reply.body);
  } else {
    answer.result = submission_result(path, reply.body);
  }
  return answer;
}

void HttpWorld::save(const std::string& symbol, const std::string& place) {
  if (place == "absence.id") saved_[symbol] = last_absence_id_;
}

bool HttpWorld::edit(const json::Value& rows) {
  return wires_.front()->send("POST", "/test/edit", canonical(rows)).status == 200;
}

State HttpWorld::state() { return take_state(wires_.front()->test("GET", "state", "")); }

State HttpWorld::take_state(const json::Value& answer) {
  State state;
  for (const json::Member& member : member_of(answer, "state").members)
    state[member.name] = canonical(member.value);
  ids_.clear();
  for (const json::Member& member : member_of(answer, "ids").members)
    ids_[member.name] = member.value.text;
  return state;
}

void HttpWorld::mark() { wires_.front()->test("POST", "mark", ""); }

void HttpWorld::go_back() { wires_.front()->test("POST", "return", ""); }

}  // namespace sfluv::replay
