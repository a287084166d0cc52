// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/series.h"
#include "sfluv/workflow.h"

#include "database.h"

/// What the server remembers: users, series of workflows and what was submitted, in tables that a
/// person can read with the sqlite3 shell.
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
/// The first workflow of a series founds it: it becomes what later occurrences are made of.
void add_workflow(Database& database, const Workflow& workflow);

/// The whole series that this workflow is an occurrence of.
[[nodiscard]] std::optional<Series> find_series_of(Database& database,
                                                   std::string_view workflow_id);

/// Stores what an action or the course of time changed: new and removed occurrences, remembered
/// claims, statuses, assignments, times, bounties, submissions. Roles and work items never change.
void store_changes(Database& database, const Series& before, const Series& after,
                   const Delta& delta);

[[nodiscard]] bool has_step(Database& database, std::string_view step_id);

void add_photo(Database& database, const SubmissionPhoto& photo, std::int64_t position,
               std::span<const std::uint8_t> bytes);
[[nodiscard]] std::optional<PhotoRecord> find_photo(Database& database, std::string_view id);
/// All photos of a workflow, with their bytes.
[[nodiscard]] std::vector<PhotoRecord> photos_of_workflow(Database& database,
                                                          std::string_view workflow_id);

[[nodiscard]] std::int64_t count_submissions(Database& database);
void delete_everything(Database& database);

}  // namespace sfluv::server
