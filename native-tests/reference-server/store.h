// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/workflow.h"

#include "database.h"

/// What the server remembers: users, workflows and what was submitted, in tables that a person can
/// read with the sqlite3 shell.
namespace sfluv::server {

enum class UserRole : std::uint8_t { improver, proposer, supervisor, voter, admin };

struct User {
  std::string id;
  std::string name;
  std::vector<UserRole> roles;
  std::vector<std::string> credentials;  ///< active ones

  [[nodiscard]] bool has(UserRole role) const;
};

struct PhotoRecord {
  SubmissionPhoto photo;
  std::string bytes;
};

void create_schema(Database& database);

/// Active users only.
[[nodiscard]] std::optional<User> find_user(Database& database, std::string_view id);
void add_user(Database& database, const User& user);

[[nodiscard]] std::optional<Workflow> find_workflow(Database& database, std::string_view id);
void add_workflow(Database& database, const Workflow& workflow);

/// Stores what an action may have changed: statuses, assignments, times, bounties, submissions.
/// Roles and work items never change.
void update_workflow(Database& database, const Workflow& before, const Workflow& after);

void add_photo(Database& database, const SubmissionPhoto& photo, std::int64_t position,
               std::span<const std::uint8_t> bytes);
[[nodiscard]] std::optional<PhotoRecord> find_photo(Database& database, std::string_view id);
/// All photos of a workflow, with their bytes.
[[nodiscard]] std::vector<PhotoRecord> photos_of_workflow(Database& database,
                                                          std::string_view workflow_id);

[[nodiscard]] std::int64_t count_submissions(Database& database);
void delete_everything(Database& database);

}  // namespace sfluv::server
