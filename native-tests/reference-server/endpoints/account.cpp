// SPDX-License-Identifier: MIT
// What somebody may do about themselves: become an improver, name a rewards account, ask for
// credentials (seed 000, rulebook C11 to C13). The documents print none of these answers: they have
// the live system's members, with its times as texts.
#include "sfluv/account.h"

#include <array>
#include <expected>
#include <utility>

#include "sfluv/calendar.h"
#include "sfluv/json_writer.h"

#include "answer.h"
#include "entropy.h"
#include "families.h"

namespace sfluv::server {
namespace {

std::expected<account::Person, engine::Refusal> change(Visit& visit,
                                                       const account::Action& action) {
  auto database = visit.services.databases.lease();
  Transaction transaction{*database, Transaction::Kind::write};
  const account::Person before = find_person(*database, visit.user.id);
  auto after = account::apply(before,
                              {.profile = visit.services.settings.profile(),
                               .caller_is_admin = visit.user.has(UserRole::admin),
                               .credential_types = all_credential_types(*database),
                               .new_ids = random_text()},
                              action, visit.services.settings.now_s());
  if (!after) return after;
  store_person(*database, before, *after);
  transaction.commit();
  return after;
}

// The body as an action, and the person afterwards; nothing when that is answered already.
template <class Request>
std::optional<account::Person> act_on_oneself(Visit& visit,
                                              Outcome<Request> (*read)(std::string_view)) {
  const auto body = read_body(visit);
  if (!body) return std::nullopt;
  auto request = read(*body);
  if (!request) {
    refuse(visit, Operation::account, {&request.error(), 1});
    return std::nullopt;
  }
  auto person = change(visit, *std::move(request));
  if (person) return *std::move(person);
  refuse(visit, Operation::account, person.error());
  return std::nullopt;
}

void answer_improver(Visit& visit, const account::Person& person, int status) {
  const account::Improver& improver = *person.improver;
  JsonWriter out;
  out.begin_object().key("user_id").string(person.id);
  out.key("first_name").string(improver.first_name).key("last_name").string(improver.last_name);
  out.key("email").string(improver.email);
  out.key("primary_rewards_account").string(improver.primary_rewards_account);
  out.key("status").string(improver.status);
  out.key("created_at").string(calendar::format_instant(improver.created_at));
  out.key("updated_at").string(calendar::format_instant(improver.updated_at)).end_object();
  answer_json(visit.response(), out.take(), status);
}

void write(JsonWriter& out, const account::Person& person,
           const account::CredentialRequest& request) {
  out.begin_object().key("id").string(request.id).key("user_id").string(person.id);
  out.key("credential_type").string(request.credential_type).key("status").string(request.status);
  out.key("requested_at").string(calendar::format_instant(request.requested_at));
  out.key("resolved_at");
  request.resolved_at ? out.string(calendar::format_instant(*request.resolved_at)) : out.null();
  out.end_object();
}

void request_improver(Visit& visit) {
  if (const auto person = act_on_oneself(visit, account::read_improver_request))
    answer_improver(visit, *person, 201);
}

void set_rewards_account(Visit& visit) {
  if (const auto person = act_on_oneself(visit, account::read_rewards_account_request))
    answer_improver(visit, *person, 200);
}

void request_credential(Visit& visit) {
  const auto person = act_on_oneself(visit, account::read_credential_request_body);
  if (!person) return;
  JsonWriter out;
  write(out, *person, person->credential_requests.back());
  answer_json(visit.response(), out.take(), 201);
}

void list_credential_requests(Visit& visit) {
  auto database = visit.services.databases.lease();
  const Transaction transaction{*database, Transaction::Kind::read};
  const account::Person person = find_person(*database, visit.user.id);
  JsonWriter out;
  out.begin_array();
  for (const account::CredentialRequest& request : account::credential_requests_of(person))
    write(out, person, request);
  out.end_array();
  answer_json(visit.response(), out.take());
}

constexpr std::array endpoints = {
    Endpoint{"POST", "/improvers/request", Audience::anybody, request_improver},
    Endpoint{"PUT", "/improvers/primary-rewards-account", Audience::improver, set_rewards_account},
    Endpoint{"GET", "/improvers/credential-requests", Audience::improver, list_credential_requests},
    Endpoint{"POST", "/improvers/credential-requests", Audience::improver, request_credential},
};

}  // namespace

Family account_endpoints() { return endpoints; }

}  // namespace sfluv::server
