// SPDX-License-Identifier: MIT
// Users by what they may do about themselves: improvers, rewards accounts, credential requests.
#include <ranges>

#include "store.h"

namespace sfluv::server {
namespace {

std::optional<account::Improver> find_improver(Database& database, std::string_view user_id) {
  Query row = database.query(
      "SELECT first_name, last_name, email, primary_rewards_account, status, created_at, "
      "updated_at "
      "FROM improvers WHERE user_id = ?");
  row.bind(user_id);
  if (!row.next()) return std::nullopt;
  account::Improver improver;
  improver.first_name = row.text();
  improver.last_name = row.text();
  improver.email = row.text();
  improver.primary_rewards_account = row.text();
  improver.status = row.text();
  improver.created_at = row.number();
  improver.updated_at = row.number();
  return improver;
}

void store_improver(Database& database, std::string_view user_id,
                    const account::Improver& improver) {
  database.query("INSERT OR REPLACE INTO improvers VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(user_id)
      .bind(improver.first_name)
      .bind(improver.last_name)
      .bind(improver.email)
      .bind(improver.primary_rewards_account)
      .bind(improver.status)
      .bind(improver.created_at)
      .bind(improver.updated_at)
      .run();
  if (improver.is_approved())
    database.query("INSERT OR IGNORE INTO user_roles VALUES (?, 'improver')").bind(user_id).run();
  if (!improver.primary_rewards_account.empty()) give_wallet(database, user_id);
}

void store_request(Database& database, std::string_view user_id,
                   const account::CredentialRequest& request) {
  database.query("INSERT OR REPLACE INTO credential_requests VALUES (?, ?, ?, ?, ?, ?)")
      .bind(request.id)
      .bind(user_id)
      .bind(request.credential_type)
      .bind(request.status)
      .bind(request.requested_at)
      .bind(request.resolved_at)
      .run();
}

}  // namespace

account::Person find_person(Database& database, std::string_view id) {
  account::Person person{.id = std::string{id}, .improver = find_improver(database, id)};
  if (const auto user = find_user(database, id)) person.credentials = user->credentials;
  Query email =
      database.query("SELECT email FROM verified_emails WHERE user_id = ? ORDER BY email");
  email.bind(id);
  while (email.next()) person.verified_emails.push_back(email.text());
  Query row = database.query(
      "SELECT id, credential_type, status, requested_at, resolved_at FROM credential_requests "
      "WHERE "
      "user_id = ? ORDER BY rowid");
  row.bind(id);
  while (row.next()) {
    account::CredentialRequest& request = person.credential_requests.emplace_back();
    request.id = row.text();
    request.credential_type = row.text();
    request.status = row.text();
    request.requested_at = row.number();
    request.resolved_at = row.maybe_number();
  }
  return person;
}

void store_person(Database& database, const account::Person& before, const account::Person& after) {
  if (after.improver) store_improver(database, after.id, *after.improver);
  // Requests are only ever added; an issuer's verdict is another matter.
  for (const account::CredentialRequest& request :
       after.credential_requests | std::views::drop(std::ssize(before.credential_requests)))
    store_request(database, after.id, request);
}

void add_verified_email(Database& database, std::string_view user_id, std::string_view email) {
  database.query("INSERT OR IGNORE INTO verified_emails VALUES (?, ?)")
      .bind(user_id)
      .bind(email)
      .run();
}

void resolve_credential_request(Database& database, std::string_view user_id,
                                std::string_view credential, std::string_view status,
                                std::int64_t now_s) {
  database
      .query(
          "UPDATE credential_requests SET status = ?, resolved_at = ? WHERE user_id = ? AND "
          "credential_type = ? AND status = 'pending'")
      .bind(status)
      .bind(now_s)
      .bind(user_id)
      .bind(credential)
      .run();
}

std::vector<account::CredentialType> all_credential_types(Database& database) {
  std::vector<account::CredentialType> types;
  Query rows = database.query("SELECT value, visibility FROM credential_types ORDER BY value");
  while (rows.next()) {
    account::CredentialType& type = types.emplace_back();
    type.value = rows.text();
    type.visibility = account::visibility_from(rows.text()).value_or(account::Visibility::closed);
  }
  return types;
}

void add_credential_type(Database& database, const account::CredentialType& type) {
  database.query("INSERT OR REPLACE INTO credential_types VALUES (?, ?)")
      .bind(type.value)
      .bind(account::to_string(type.visibility))
      .run();
}

}  // namespace sfluv::server
