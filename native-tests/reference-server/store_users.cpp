// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "store.h"

namespace sfluv::server {
namespace {

constexpr std::array<std::string_view, 5> role_names = {"improver", "proposer", "supervisor",
                                                        "voter", "admin"};

std::vector<std::string> credentials_of(Database& database, std::string_view user_id) {
  std::vector<std::string> credentials;
  Query rows = database.query(
      "SELECT credential FROM user_credentials WHERE user_id = ? AND revoked_at IS NULL");
  rows.bind(user_id);
  while (rows.next()) credentials.push_back(rows.text());
  return credentials;
}

}  // namespace

bool User::has(UserRole role) const { return std::ranges::find(roles, role) != roles.end(); }

std::optional<User> find_user(Database& database, std::string_view id) {
  Query row = database.query(
      "SELECT id, name, is_active, policy_accepted, has_wallet, proposer_status, "
      "supervisor_status, supervisor_title, supervisor_organization FROM users WHERE id = ?");
  row.bind(id);
  if (!row.next()) return std::nullopt;
  User user;
  user.id = row.text();
  user.name = row.text();
  user.is_active = row.flag();
  user.policy_accepted = row.flag();
  user.has_wallet = row.flag();
  user.proposer_status = row.text();
  user.supervisor_status = row.text();
  user.supervisor_title = row.maybe_text();
  user.supervisor_organization = row.maybe_text();
  Query roles = database.query("SELECT role FROM user_roles WHERE user_id = ?");
  roles.bind(id);
  while (roles.next()) {
    const auto name = std::ranges::find(role_names, roles.text());
    if (name != role_names.end())
      user.roles.push_back(static_cast<UserRole>(name - role_names.begin()));
  }
  user.credentials = credentials_of(database, id);
  return user;
}

void add_user(Database& database, const User& user) {
  database.query("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(user.id)
      .bind(user.name)
      .bind(user.is_active)
      .bind(user.policy_accepted)
      .bind(user.has_wallet)
      .bind(user.proposer_status)
      .bind(user.supervisor_status)
      .bind(user.supervisor_title)
      .bind(user.supervisor_organization)
      .run();
  for (const UserRole role : user.roles) {
    database.query("INSERT INTO user_roles VALUES (?, ?)")
        .bind(user.id)
        .bind(role_names[static_cast<std::size_t>(role)])
        .run();
  }
  for (const std::string& credential : user.credentials)
    add_credential(database, user.id, credential);
}

void add_credential(Database& database, std::string_view user_id, std::string_view credential) {
  database.query("INSERT OR REPLACE INTO user_credentials (user_id, credential) VALUES (?, ?)")
      .bind(user_id)
      .bind(credential)
      .run();
}

void give_wallet(Database& database, std::string_view user_id) {
  database.query("UPDATE users SET has_wallet = 1 WHERE id = ?").bind(user_id).run();
}

std::vector<engine::Recipient> find_improvers(Database& database) {
  std::vector<engine::Recipient> improvers;
  Query rows = database.query(
      "SELECT id FROM users JOIN user_roles ON user_id = id AND role = 'improver' WHERE is_active "
      "= 1 ORDER BY id");
  while (rows.next()) improvers.push_back({.id = rows.text(), .credentials = {}});
  for (engine::Recipient& improver : improvers)
    improver.credentials = credentials_of(database, improver.id);
  return improvers;
}

std::int64_t count_voters(Database& database) {
  Query row = database.query(
      "SELECT count(DISTINCT id) FROM users JOIN user_roles ON user_id = id AND role IN ('voter', "
      "'admin') WHERE is_active = 1");
  return row.next() ? row.number() : 0;
}

std::vector<Supervisor> find_supervisors(Database& database) {
  std::vector<Supervisor> supervisors;
  Query rows = database.query(
      "SELECT id, supervisor_title, supervisor_organization FROM users JOIN user_roles ON user_id "
      "= id AND role = 'supervisor' WHERE supervisor_status = 'approved' ORDER BY id");
  while (rows.next()) {
    Supervisor supervisor{.user_id = rows.text(), .title = {}, .organization = {}};
    supervisor.title = rows.maybe_text();
    supervisor.organization = rows.maybe_text();
    supervisors.push_back(std::move(supervisor));
  }
  return supervisors;
}

}  // namespace sfluv::server
