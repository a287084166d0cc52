// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/account.h"
#include "sfluv/engine.h"
#include "sfluv/series.h"
#include "sfluv/workflow.h"

#include "database.h"

/// What the server remembers: users, series of workflows and what was submitted, in tables that a
/// person can read with the sqlite3 shell.
namespace sfluv::server {

/// Makes the tables, or finds them as this program left them.
void create_schema(Database& database);
void delete_everything(Database& database);

// ---- store_users.cpp

enum class UserRole : std::uint8_t { improver, proposer, supervisor, voter, admin };

struct User {
  std::string id;
  std::string name;
  std::vector<UserRole> roles;
  std::vector<std::string> credentials;  ///< active ones
  bool is_active = true;
  bool policy_accepted = true;
  bool has_wallet = true;
  std::string proposer_status = "approved";  ///< "none": there is no record of them as one
  std::string supervisor_status = "approved";
  std::optional<std::string> supervisor_title;
  std::optional<std::string> supervisor_organization;

  [[nodiscard]] bool has(UserRole role) const;
};

[[nodiscard]] std::optional<User> find_user(Database& database, std::string_view id);
void add_user(Database& database, const User& user);
void add_credential(Database& database, std::string_view user_id, std::string_view credential);
void give_wallet(Database& database, std::string_view user_id);
/// All active improvers, as those whom mail may reach.
[[nodiscard]] std::vector<engine::Recipient> find_improvers(Database& database);
/// Active voters and admins: who may vote.
[[nodiscard]] std::int64_t count_voters(Database& database);
/// Users who were approved as supervisors.
[[nodiscard]] std::vector<Supervisor> find_supervisors(Database& database);

// ---- store_people.cpp

/// A user by what they may do about themselves (account.h).
[[nodiscard]] account::Person find_person(Database& database, std::string_view id);
/// Stores what differs. Whoever is an approved improver gets the role, and with an account to be
/// paid to a wallet.
void store_person(Database& database, const account::Person& before, const account::Person& after);
void add_verified_email(Database& database, std::string_view user_id, std::string_view email);
/// An issuer's verdict on what is pending of this type; no endpoint is documented.
void resolve_credential_request(Database& database, std::string_view user_id,
                                std::string_view credential, std::string_view status,
                                std::int64_t now_s);

[[nodiscard]] std::vector<account::CredentialType> all_credential_types(Database& database);
void add_credential_type(Database& database, const account::CredentialType& type);

// ---- store_series.cpp

[[nodiscard]] std::optional<Series> find_series(Database& database, std::string_view series_id);
/// The whole series that this workflow is an occurrence of.
[[nodiscard]] std::optional<Series> find_series_of_workflow(Database& database,
                                                            std::string_view workflow_id);
[[nodiscard]] std::optional<Series> find_series_of_absence(Database& database,
                                                           std::string_view absence_id);
[[nodiscard]] std::vector<Series> all_series(Database& database);
/// Recurring ones that this user proposed.
[[nodiscard]] std::vector<OwnSeries> find_own_series(Database& database, std::string_view user_id);
[[nodiscard]] std::optional<Series> find_series_of_deletion(Database& database,
                                                            std::string_view proposal_id);
[[nodiscard]] std::optional<Workflow> find_workflow(Database& database, std::string_view id);
[[nodiscard]] bool has_step(Database& database, std::string_view step_id);
[[nodiscard]] std::int64_t count_submissions(Database& database);

// ---- store_changes.cpp

/// The first workflow of a series founds it: it becomes what later occurrences are made of.
void add_workflow(Database& database, const Workflow& workflow,
                  std::optional<std::int64_t> recurrence_end_at = std::nullopt);
/// Stores what an action or the course of time changed: a new series, new and removed occurrences,
/// remembered claims, absences, votes, statuses, assignments, times, bounties, submissions. Roles
/// and work items never change.
void store_changes(Database& database, const Series& before, const Series& after,
                   const Delta& delta);
/// The credentials that the roles of a workflow ask for; nobody but a test changes them.
void replace_role_credentials(Database& database, const Workflow& workflow);

// ---- store_photos.cpp

struct PhotoRecord {
  SubmissionPhoto photo;
  std::string bytes;
};

void add_photo(Database& database, const SubmissionPhoto& photo, std::int64_t position,
               std::span<const std::uint8_t> bytes);
[[nodiscard]] std::optional<PhotoRecord> find_photo(Database& database, std::string_view id);
/// All photos of a workflow, with their bytes.
[[nodiscard]] std::vector<PhotoRecord> photos_of_workflow(Database& database,
                                                          std::string_view workflow_id);

/// A photo uploaded ahead. `upload_id`: of an upload in pieces, else empty.
struct StagedPhoto {
  SubmissionPhoto photo;
  std::string improver_id;
  std::string upload_id;
};
void add_staged_photo(Database& database, const StagedPhoto& staged,
                      std::span<const std::uint8_t> bytes);
[[nodiscard]] std::vector<SubmissionPhoto> staged_photos_of(Database& database,
                                                            std::string_view improver_id,
                                                            std::string_view step_id);
/// The photo that an upload in pieces has become.
[[nodiscard]] std::optional<StagedPhoto> find_upload(Database& database,
                                                     std::string_view upload_id);
/// Makes a staged photo one of its submission.
void adopt_staged_photo(Database& database, const SubmissionPhoto& photo, std::int64_t position);

/// A piece of an upload; one that is there already stays. False when the id belongs to an upload to
/// another place.
[[nodiscard]] bool add_chunk(Database& database, std::string_view upload_id, std::string_view place,
                             std::int64_t index, std::string_view bytes);
struct ChunkSum {
  std::int64_t count = 0;
  std::int64_t bytes = 0;
};
[[nodiscard]] ChunkSum sum_of_chunks(Database& database, std::string_view upload_id);
/// All pieces in their order; they are gone afterwards.
[[nodiscard]] std::string take_chunks(Database& database, std::string_view upload_id);

}  // namespace sfluv::server
