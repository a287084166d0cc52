// SPDX-License-Identifier: MIT
#include "store.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "schema.h"

namespace sfluv::server {
namespace {

constexpr std::array<std::string_view, 5> role_names = {"improver", "proposer", "supervisor",
                                                        "voter", "admin"};

// The status with this text; an unknown one keeps its text.
template <class Known>
Status<Known> status_from(std::string text, Known last) {
  for (int i = 1; i <= static_cast<int>(last); ++i) {
    if (to_string(static_cast<Known>(i)) == text) return {static_cast<Known>(i)};
  }
  Status<Known> status;
  status.text = std::move(text);
  return status;
}

AspectRatio aspect_ratio_from(std::string_view text) {
  for (const AspectRatio ratio : {AspectRatio::vertical, AspectRatio::horizontal}) {
    if (to_string(ratio) == text) return ratio;
  }
  return AspectRatio::square;
}

Amount amount_from(std::string_view text) {
  const auto amount = Amount::parse(text);
  if (!amount) throw std::runtime_error("the database holds a bad amount");
  return *amount;
}

SubmissionPhoto read_photo(Query& row) {
  SubmissionPhoto photo;
  photo.id = row.text();
  photo.workflow_id = row.text();
  photo.step_id = row.text();
  photo.item_id = row.text();
  photo.submission_id = row.text();
  photo.file_name = row.text();
  photo.content_type = row.text();
  photo.size_bytes = row.number();
  photo.created_at = row.number();
  return photo;
}

std::vector<Role> roles_of(Database& database, std::string_view workflow_id) {
  std::vector<Role> roles;
  Query rows = database.query(
      "SELECT id, title FROM workflow_roles WHERE workflow_id = ? ORDER BY position");
  rows.bind(workflow_id);
  while (rows.next()) {
    Role role{.id = rows.text(),
              .workflow_id = std::string{workflow_id},
              .title = rows.text(),
              .required_credentials = {}};
    Query credentials = database.query(
        "SELECT credential FROM role_credentials WHERE workflow_id = ? AND role_id = ? ORDER BY "
        "rowid");
    credentials.bind(workflow_id).bind(role.id);
    while (credentials.next()) role.required_credentials.push_back(credentials.text());
    roles.push_back(std::move(role));
  }
  return roles;
}

std::vector<DropdownOption> options_of(Database& database, std::string_view item_id) {
  std::vector<DropdownOption> options;
  Query rows = database.query(
      "SELECT value, label, requires_written_response, requires_photo_attachment, "
      "camera_capture_only, "
      "photo_instructions FROM dropdown_options WHERE item_id = ? ORDER BY position");
  rows.bind(item_id);
  while (rows.next()) {
    DropdownOption option;
    option.value = rows.text();
    option.label = rows.text();
    option.requires_written_response = rows.flag();
    option.requires_photo_attachment = rows.flag();
    option.camera_capture_only = rows.flag();
    option.photo_instructions = rows.text();
    Query emails = database.query(
        "SELECT email FROM option_notify_emails WHERE item_id = ? AND option_position = ? ORDER BY "
        "rowid");
    emails.bind(item_id).bind(static_cast<std::int64_t>(options.size()));
    while (emails.next()) option.notify_emails.push_back(emails.text());
    option.notify_email_count = static_cast<std::int64_t>(option.notify_emails.size());
    options.push_back(std::move(option));
  }
  return options;
}

std::vector<WorkItem> items_of(Database& database, std::string_view step_id) {
  std::vector<WorkItem> items;
  Query rows = database.query(
      "SELECT id, item_order, title, description, optional, requires_photo, camera_capture_only, "
      "photo_required_count, photo_allow_any_count, photo_aspect_ratio, requires_written_response, "
      "requires_dropdown FROM work_items WHERE step_id = ? ORDER BY item_order");
  rows.bind(step_id);
  while (rows.next()) {
    WorkItem item;
    item.id = rows.text();
    item.step_id = step_id;
    item.item_order = rows.number();
    item.title = rows.text();
    item.description = rows.text();
    item.optional = rows.flag();
    item.requires_photo = rows.flag();
    item.camera_capture_only = rows.flag();
    item.photo_required_count = rows.number();
    item.photo_allow_any_count = rows.flag();
    item.photo_aspect_ratio = aspect_ratio_from(rows.text());
    item.requires_written_response = rows.flag();
    item.requires_dropdown = rows.flag();
    item.dropdown_options = options_of(database, item.id);
    Query values = database.query(
        "SELECT value FROM item_values_requiring_text WHERE item_id = ? ORDER BY rowid");
    values.bind(item.id);
    while (values.next()) item.values_requiring_text.push_back(values.text());
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<ItemResponse> responses_of(Database& database, std::string_view submission_id) {
  std::vector<ItemResponse> responses;
  Query rows = database.query(
      "SELECT item_id, written_response, dropdown_value FROM item_responses WHERE submission_id = "
      "? "
      "ORDER BY position");
  rows.bind(submission_id);
  while (rows.next()) {
    ItemResponse response;
    response.item_id = rows.text();
    response.written_response = rows.text();
    response.dropdown_value = rows.text();
    responses.push_back(std::move(response));
  }
  Query photos = database.query(
      "SELECT id, workflow_id, step_id, item_id, submission_id, file_name, content_type, "
      "size_bytes, created_at "
      "FROM photos WHERE submission_id = ? ORDER BY position");
  photos.bind(submission_id);
  while (photos.next()) {
    SubmissionPhoto photo = read_photo(photos);
    const auto response = std::ranges::find(responses, photo.item_id, &ItemResponse::item_id);
    if (response == responses.end()) continue;
    response->photo_ids.push_back(photo.id);
    response->photos.push_back(std::move(photo));
  }
  return responses;
}

std::optional<Submission> submission_of(Database& database, std::string_view step_id) {
  Query row = database.query(
      "SELECT id, workflow_id, improver_id, step_not_possible, step_not_possible_details, "
      "submitted_at, "
      "updated_at FROM submissions WHERE step_id = ?");
  row.bind(step_id);
  if (!row.next()) return std::nullopt;
  Submission submission;
  submission.id = row.text();
  submission.workflow_id = row.text();
  submission.step_id = step_id;
  submission.improver_id = row.text();
  submission.step_not_possible = row.flag();
  submission.step_not_possible_details = row.text();
  submission.submitted_at = row.number();
  submission.updated_at = row.number();
  submission.item_responses = responses_of(database, submission.id);
  return submission;
}

std::vector<Step> steps_of(Database& database, std::string_view workflow_id) {
  std::vector<Step> steps;
  Query rows = database.query(
      "SELECT id, step_order, title, description, bounty, allow_step_not_possible, role_id, "
      "assigned_improver_id, assigned_improver_name, status, started_at, completed_at, "
      "payout_error, "
      "payout_last_try_at, retry_requested_at, retry_requested_by FROM steps WHERE workflow_id = ? "
      "ORDER BY step_order");
  rows.bind(workflow_id);
  while (rows.next()) {
    Step step;
    step.id = rows.text();
    step.workflow_id = workflow_id;
    step.step_order = rows.number();
    step.title = rows.text();
    step.description = rows.text();
    step.bounty = amount_from(rows.text());
    step.allow_step_not_possible = rows.flag();
    step.role_id = rows.maybe_text();
    step.assigned_improver_id = rows.maybe_text();
    step.assigned_improver_name = rows.maybe_text();
    step.status = status_from(rows.text(), StepStatus::paid_out);
    step.started_at = rows.maybe_number();
    step.completed_at = rows.maybe_number();
    step.payout_error = rows.maybe_text();
    step.payout_last_try_at = rows.maybe_number();
    step.retry_requested_at = rows.maybe_number();
    step.retry_requested_by = rows.maybe_text();
    step.submission = submission_of(database, step.id);
    step.work_items = items_of(database, step.id);
    steps.push_back(std::move(step));
  }
  return steps;
}

void add_items(Database& database, const Step& step) {
  for (const WorkItem& item : step.work_items) {
    database.query("INSERT INTO work_items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(item.id)
        .bind(step.id)
        .bind(item.item_order)
        .bind(item.title)
        .bind(item.description)
        .bind(item.optional)
        .bind(item.requires_photo)
        .bind(item.camera_capture_only)
        .bind(item.photo_required_count)
        .bind(item.photo_allow_any_count)
        .bind(to_string(item.photo_aspect_ratio))
        .bind(item.requires_written_response)
        .bind(item.requires_dropdown)
        .run();
    std::int64_t position = 0;
    for (const DropdownOption& option : item.dropdown_options) {
      database.query("INSERT INTO dropdown_options VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
          .bind(item.id)
          .bind(position)
          .bind(option.value)
          .bind(option.label)
          .bind(option.requires_written_response)
          .bind(option.requires_photo_attachment)
          .bind(option.camera_capture_only)
          .bind(option.photo_instructions)
          .run();
      for (const std::string& email : option.notify_emails) {
        database.query("INSERT INTO option_notify_emails VALUES (?, ?, ?)")
            .bind(item.id)
            .bind(position)
            .bind(email)
            .run();
      }
      ++position;
    }
    for (const std::string& value : item.values_requiring_text) {
      database.query("INSERT INTO item_values_requiring_text VALUES (?, ?)")
          .bind(item.id)
          .bind(value)
          .run();
    }
  }
}

void add_submission(Database& database, const Submission& submission) {
  database.query("INSERT INTO submissions VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(submission.id)
      .bind(submission.workflow_id)
      .bind(submission.step_id)
      .bind(submission.improver_id)
      .bind(submission.step_not_possible)
      .bind(submission.step_not_possible_details)
      .bind(submission.submitted_at)
      .bind(submission.updated_at)
      .run();
  std::int64_t position = 0;
  for (const ItemResponse& response : submission.item_responses) {
    database.query("INSERT INTO item_responses VALUES (?, ?, ?, ?, ?)")
        .bind(submission.id)
        .bind(response.item_id)
        .bind(position++)
        .bind(response.written_response)
        .bind(response.dropdown_value)
        .run();
  }
}

void update_step(Database& database, const Step& step) {
  database
      .query(
          "UPDATE steps SET bounty = ?, assigned_improver_id = ?, assigned_improver_name = ?, "
          "status = ?, "
          "started_at = ?, completed_at = ?, payout_error = ?, payout_last_try_at = ?, "
          "retry_requested_at = ?, retry_requested_by = ? WHERE id = ?")
      .bind(step.bounty.to_string())
      .bind(step.assigned_improver_id)
      .bind(step.assigned_improver_name)
      .bind(step.status.text)
      .bind(step.started_at)
      .bind(step.completed_at)
      .bind(step.payout_error)
      .bind(step.payout_last_try_at)
      .bind(step.retry_requested_at)
      .bind(step.retry_requested_by)
      .bind(step.id)
      .run();
}

void insert_step(Database& database, const Step& step) {
  database
      .query(
          "INSERT INTO steps (id, workflow_id, step_order, title, description, bounty, "
          "allow_step_not_possible, role_id, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(step.id)
      .bind(step.workflow_id)
      .bind(step.step_order)
      .bind(step.title)
      .bind(step.description)
      .bind(step.bounty.to_string())
      .bind(step.allow_step_not_possible)
      .bind(step.role_id)
      .bind(step.status.text)
      .run();
  update_step(database, step);
  add_items(database, step);
  if (step.submission) add_submission(database, *step.submission);
}

void insert_workflow(Database& database, const Workflow& workflow) {
  database
      .query(
          "INSERT INTO workflows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
          "?, ?, ?, ?, ?)")
      .bind(workflow.id)
      .bind(workflow.series_id)
      .bind(workflow.proposer_id)
      .bind(workflow.title)
      .bind(workflow.description)
      .bind(workflow.recurrence)
      .bind(workflow.start_at)
      .bind(workflow.status.text)
      .bind(workflow.is_start_blocked)
      .bind(workflow.blocked_by_workflow_id)
      .bind(workflow.total_bounty.to_string())
      .bind(workflow.weekly_bounty_requirement.to_string())
      .bind(workflow.supervisor_required)
      .bind(workflow.supervisor_user_id)
      .bind(workflow.supervisor_bounty.to_string())
      .bind(workflow.supervisor_paid_out_at)
      .bind(workflow.supervisor_payout_error)
      .bind(workflow.supervisor_payout_last_try_at)
      .bind(workflow.created_at)
      .bind(workflow.updated_at)
      .run();
  std::int64_t position = 0;
  for (const Role& role : workflow.roles) {
    database.query("INSERT INTO workflow_roles VALUES (?, ?, ?, ?)")
        .bind(workflow.id)
        .bind(role.id)
        .bind(position++)
        .bind(role.title)
        .run();
    for (const std::string& credential : role.required_credentials) {
      database.query("INSERT INTO role_credentials VALUES (?, ?, ?)")
          .bind(workflow.id)
          .bind(role.id)
          .bind(credential)
          .run();
    }
  }
  for (const Step& step : workflow.steps) insert_step(database, step);
}

void update_workflow(Database& database, const Workflow& before, const Workflow& after) {
  database
      .query(
          "UPDATE workflows SET status = ?, is_start_blocked = ?, blocked_by_workflow_id = ?, "
          "total_bounty = ?, weekly_bounty_requirement = ?, supervisor_bounty = ?, "
          "supervisor_paid_out_at = ?, supervisor_payout_error = ?, "
          "supervisor_payout_last_try_at = ?, updated_at = ? WHERE id = ?")
      .bind(after.status.text)
      .bind(after.is_start_blocked)
      .bind(after.blocked_by_workflow_id)
      .bind(after.total_bounty.to_string())
      .bind(after.weekly_bounty_requirement.to_string())
      .bind(after.supervisor_bounty.to_string())
      .bind(after.supervisor_paid_out_at)
      .bind(after.supervisor_payout_error)
      .bind(after.supervisor_payout_last_try_at)
      .bind(after.updated_at)
      .bind(after.id)
      .run();
  for (const Step& step : after.steps) {
    update_step(database, step);
    const Step* const old = before.find_step(step.id);
    if (step.submission && (old == nullptr || !old->submission))
      add_submission(database, *step.submission);
  }
}

std::vector<RememberedClaim> claims_of(Database& database, std::string_view series_id) {
  std::vector<RememberedClaim> claims;
  Query rows = database.query(
      "SELECT step_order, improver_id, improver_name FROM series_claims WHERE series_id = ? ORDER "
      "BY step_order");
  rows.bind(series_id);
  while (rows.next()) {
    claims.push_back(
        {.step_order = rows.number(), .improver_id = rows.text(), .improver_name = rows.text()});
  }
  return claims;
}

void store_claims(Database& database, const Series& series) {
  database.query("DELETE FROM series_claims WHERE series_id = ?").bind(series.id).run();
  for (const RememberedClaim& claim : series.claims) {
    database.query("INSERT INTO series_claims VALUES (?, ?, ?, ?)")
        .bind(series.id)
        .bind(claim.step_order)
        .bind(claim.improver_id)
        .bind(claim.improver_name)
        .run();
  }
}

}  // namespace

bool User::has(UserRole role) const { return std::ranges::find(roles, role) != roles.end(); }

void create_schema(Database& database) { database.run_script(schema); }

std::optional<User> find_user(Database& database, std::string_view id) {
  Query row = database.query("SELECT id, name FROM users WHERE id = ? AND is_active = 1");
  row.bind(id);
  if (!row.next()) return std::nullopt;
  User user{.id = row.text(), .name = row.text(), .roles = {}, .credentials = {}};
  Query roles = database.query("SELECT role FROM user_roles WHERE user_id = ?");
  roles.bind(id);
  while (roles.next()) {
    const auto name = std::ranges::find(role_names, roles.text());
    if (name != role_names.end())
      user.roles.push_back(static_cast<UserRole>(name - role_names.begin()));
  }
  Query credentials = database.query(
      "SELECT credential FROM user_credentials WHERE user_id = ? AND revoked_at IS NULL");
  credentials.bind(id);
  while (credentials.next()) user.credentials.push_back(credentials.text());
  return user;
}

void add_user(Database& database, const User& user) {
  database.query("INSERT INTO users (id, name) VALUES (?, ?)").bind(user.id).bind(user.name).run();
  for (const UserRole role : user.roles) {
    database.query("INSERT INTO user_roles VALUES (?, ?)")
        .bind(user.id)
        .bind(role_names[static_cast<std::size_t>(role)])
        .run();
  }
  for (const std::string& credential : user.credentials) {
    database.query("INSERT INTO user_credentials (user_id, credential) VALUES (?, ?)")
        .bind(user.id)
        .bind(credential)
        .run();
  }
}

std::optional<Workflow> find_workflow(Database& database, std::string_view id) {
  Query row = database.query(
      "SELECT id, series_id, proposer_id, title, description, recurrence, start_at, status, "
      "is_start_blocked, "
      "blocked_by_workflow_id, total_bounty, weekly_bounty_requirement, supervisor_required, "
      "supervisor_user_id, supervisor_bounty, supervisor_paid_out_at, supervisor_payout_error, "
      "supervisor_payout_last_try_at, created_at, updated_at FROM workflows WHERE id = ?");
  row.bind(id);
  if (!row.next()) return std::nullopt;
  Workflow workflow;
  workflow.id = row.text();
  workflow.series_id = row.text();
  workflow.proposer_id = row.text();
  workflow.title = row.text();
  workflow.description = row.text();
  workflow.recurrence = row.text();
  workflow.start_at = row.number();
  workflow.status = status_from(row.text(), WorkflowStatus::failed);
  workflow.is_start_blocked = row.flag();
  workflow.blocked_by_workflow_id = row.maybe_text();
  workflow.total_bounty = amount_from(row.text());
  workflow.weekly_bounty_requirement = amount_from(row.text());
  workflow.supervisor_required = row.flag();
  workflow.supervisor_user_id = row.maybe_text();
  workflow.supervisor_bounty = amount_from(row.text());
  workflow.supervisor_paid_out_at = row.maybe_number();
  workflow.supervisor_payout_error = row.maybe_text();
  workflow.supervisor_payout_last_try_at = row.maybe_number();
  workflow.created_at = row.number();
  workflow.updated_at = row.number();
  workflow.roles = roles_of(database, workflow.id);
  workflow.steps = steps_of(database, workflow.id);
  return workflow;
}

void add_workflow(Database& database, const Workflow& workflow) {
  const std::string definition = write_workflow(workflow, AmountStyle::number);
  database.query("INSERT OR IGNORE INTO series VALUES (?, ?, NULL, ?)")
      .bind(workflow.series_id)
      .bind(workflow.recurrence)
      .bind(definition)
      .run();
  insert_workflow(database, workflow);
}

std::optional<Series> find_series_of(Database& database, std::string_view workflow_id) {
  Query row = database.query(
      "SELECT series.id, series.recurrence, series.recurrence_end_at, series.definition FROM "
      "series JOIN workflows ON workflows.series_id = series.id WHERE workflows.id = ?");
  row.bind(workflow_id);
  if (!row.next()) return std::nullopt;
  Series series;
  series.id = row.text();
  series.recurrence = row.text();
  series.recurrence_end_at = row.maybe_number();
  auto definition = read_workflow(row.text());
  if (!definition) throw std::runtime_error("the database holds a bad definition");
  series.definition = *std::move(definition);
  series.claims = claims_of(database, series.id);
  Query ids = database.query("SELECT id FROM workflows WHERE series_id = ? ORDER BY start_at, id");
  ids.bind(series.id);
  while (ids.next()) {
    if (auto workflow = find_workflow(database, ids.text()))
      series.occurrences.push_back(*std::move(workflow));
  }
  return series;
}

void store_changes(Database& database, const Series& before, const Series& after,
                   const Delta& delta) {
  for (const std::string& id : delta.removed)
    database.query("DELETE FROM workflows WHERE id = ?").bind(id).run();
  for (const std::string& id : delta.changed) {
    const Workflow* const old = before.find(id);
    const Workflow* const now = after.find(id);
    if (now == nullptr) continue;  // changed first, then removed
    if (old == nullptr) {
      insert_workflow(database, *now);
    } else {
      update_workflow(database, *old, *now);
    }
  }
  if (before.claims != after.claims) store_claims(database, after);
}

bool has_step(Database& database, std::string_view step_id) {
  Query row = database.query("SELECT 1 FROM steps WHERE id = ?");
  row.bind(step_id);
  return row.next();
}

void add_photo(Database& database, const SubmissionPhoto& photo, std::int64_t position,
               std::span<const std::uint8_t> bytes) {
  database.query("INSERT INTO photos VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(photo.id)
      .bind(photo.workflow_id)
      .bind(photo.step_id)
      .bind(photo.item_id)
      .bind(photo.submission_id)
      .bind(position)
      .bind(photo.file_name)
      .bind(photo.content_type)
      .bind(photo.size_bytes)
      .bind(photo.created_at)
      .bind_blob(bytes)
      .run();
}

std::optional<PhotoRecord> find_photo(Database& database, std::string_view id) {
  Query row = database.query(
      "SELECT id, workflow_id, step_id, item_id, submission_id, file_name, content_type, "
      "size_bytes, "
      "created_at, bytes FROM photos WHERE id = ?");
  row.bind(id);
  if (!row.next()) return std::nullopt;
  SubmissionPhoto photo = read_photo(row);
  return PhotoRecord{.photo = std::move(photo), .bytes = row.blob()};
}

std::vector<PhotoRecord> photos_of_workflow(Database& database, std::string_view workflow_id) {
  std::vector<PhotoRecord> photos;
  Query rows = database.query(
      "SELECT id, workflow_id, step_id, item_id, submission_id, file_name, content_type, "
      "size_bytes, "
      "created_at, bytes FROM photos WHERE workflow_id = ? ORDER BY submission_id, position");
  rows.bind(workflow_id);
  while (rows.next()) {
    SubmissionPhoto photo = read_photo(rows);
    photos.push_back({.photo = std::move(photo), .bytes = rows.blob()});
  }
  return photos;
}

std::int64_t count_submissions(Database& database) {
  Query row = database.query("SELECT count(*) FROM submissions");
  return row.next() ? row.number() : 0;
}

void delete_everything(Database& database) {
  database.run("DELETE FROM photos");
  database.run("DELETE FROM submissions");
  database.run("DELETE FROM series");
  database.run("DELETE FROM users");
}

}  // namespace sfluv::server
