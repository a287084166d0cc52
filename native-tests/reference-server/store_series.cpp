// SPDX-License-Identifier: MIT
// Reads whole series: one statement a table, whatever the number of occurrences.
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "store.h"
#include "store_rows.h"

namespace sfluv::server {
namespace {

Amount amount_from(std::string_view text) {
  const auto amount = Amount::parse(text);
  if (!amount) throw std::runtime_error("the database holds a bad amount");
  return *amount;
}

// Rows find the thing that they belong to by its id. Built when all of its kind are there: a vector
// that grows moves what it holds.
template <class T>
using Index = std::unordered_map<std::string, T*>;

class SeriesReader {
 public:
  SeriesReader(Database& database, std::string_view series_id)
      : database_(database), series_id_(series_id) {}

  std::optional<Series> read() {
    if (!read_series()) return std::nullopt;
    read_workflows();
    read_roles();
    read_steps();
    read_items();
    read_options();
    read_submissions();
    read_claims_and_absences();
    read_votes();
    return std::move(series_);
  }

 private:
  Query rows(Sql sql) {
    Query query = database_.query(sql);
    query.bind(series_id_);
    return query;
  }

  bool read_series() {
    Query row =
        rows("SELECT id, recurrence, recurrence_end_at, definition FROM series WHERE id = ?");
    if (!row.next()) return false;
    series_.id = row.text();
    series_.recurrence = row.text();
    series_.recurrence_end_at = row.maybe_number();
    auto definition = read_workflow(row.text());
    if (!definition) throw std::runtime_error("the database holds a bad definition");
    series_.definition = *std::move(definition);
    return true;
  }

  void read_workflows() {
    Query row = rows(
        "SELECT id, series_id, proposer_id, title, description, recurrence, start_at, status, "
        "is_start_blocked, blocked_by_workflow_id, total_bounty, weekly_bounty_requirement, "
        "budget_weekly_deducted, budget_one_time_deducted, vote_quorum_reached_at, "
        "vote_finalize_at, vote_finalized_at, vote_finalized_by_user_id, vote_decision, "
        "approved_at, supervisor_required, supervisor_user_id, supervisor_bounty, "
        "supervisor_paid_out_at, supervisor_payout_error, supervisor_payout_last_try_at, "
        "supervisor_retry_requested_at, supervisor_retry_requested_by, supervisor_title, "
        "supervisor_organization, recurrence_end_at, created_at, updated_at FROM workflows WHERE "
        "series_id = ? ORDER BY start_at, id");
    while (row.next()) {
      Workflow workflow;
      workflow.id = row.text();
      workflow.series_id = row.text();
      workflow.proposer_id = row.text();
      workflow.title = row.text();
      workflow.description = row.text();
      workflow.recurrence = row.text();
      workflow.start_at = row.number();
      workflow.status = workflow_status_from(row.text());
      workflow.is_start_blocked = row.flag();
      workflow.blocked_by_workflow_id = row.maybe_text();
      workflow.total_bounty = amount_from(row.text());
      workflow.weekly_bounty_requirement = amount_from(row.text());
      workflow.budget_weekly_deducted = amount_from(row.text());
      workflow.budget_one_time_deducted = amount_from(row.text());
      workflow.vote.quorum_reached_at = row.maybe_number();
      workflow.vote.finalize_at = row.maybe_number();
      workflow.vote.finalized_at = row.maybe_number();
      workflow.vote.finalized_by_user_id = row.maybe_text();
      workflow.vote.decision = row.maybe_text();
      workflow.approved_at = row.maybe_number();
      workflow.supervisor_required = row.flag();
      workflow.supervisor_user_id = row.maybe_text();
      workflow.supervisor_bounty = amount_from(row.text());
      workflow.supervisor_paid_out_at = row.maybe_number();
      workflow.supervisor_payout_error = row.maybe_text();
      workflow.supervisor_payout_last_try_at = row.maybe_number();
      workflow.supervisor_retry_requested_at = row.maybe_number();
      workflow.supervisor_retry_requested_by = row.maybe_text();
      workflow.supervisor_title = row.maybe_text();
      workflow.supervisor_organization = row.maybe_text();
      workflow.recurrence_end_at = row.maybe_number();
      workflow.created_at = row.number();
      workflow.updated_at = row.number();
      series_.occurrences.push_back(std::move(workflow));
    }
    for (Workflow& workflow : series_.occurrences) workflows_[workflow.id] = &workflow;
    Query field = rows(
        "SELECT f.workflow_id, f.key, f.value FROM supervisor_data_fields f JOIN workflows w ON "
        "w.id = f.workflow_id WHERE w.series_id = ? ORDER BY f.workflow_id, f.position");
    while (field.next()) {
      Workflow& workflow = *workflows_.at(field.text());
      const std::string key = field.text();
      workflow.supervisor_data_fields.push_back({.key = key, .value = field.text()});
    }
  }

  void read_roles() {
    Query row = rows(
        "SELECT r.workflow_id, r.id, r.title FROM workflow_roles r JOIN workflows w ON w.id = "
        "r.workflow_id WHERE w.series_id = ? ORDER BY r.workflow_id, r.position");
    while (row.next()) {
      Workflow& workflow = *workflows_.at(row.text());
      workflow.roles.push_back({.id = row.text(), .workflow_id = workflow.id, .title = row.text()});
    }
    Query credential = rows(
        "SELECT c.workflow_id, c.role_id, c.credential FROM role_credentials c JOIN workflows w ON "
        "w.id = c.workflow_id WHERE w.series_id = ? ORDER BY c.rowid");
    while (credential.next()) {
      Workflow& workflow = *workflows_.at(credential.text());
      const std::string role_id = credential.text();
      for (Role& role : workflow.roles) {
        if (role.id == role_id) role.required_credentials.push_back(credential.text());
      }
    }
  }

  void read_steps() {
    Query row = rows(
        "SELECT s.id, s.workflow_id, s.step_order, s.title, s.description, s.bounty, "
        "s.allow_step_not_possible, s.role_id, s.assigned_improver_id, s.assigned_improver_name, "
        "s.status, s.started_at, s.completed_at, s.payout_error, s.payout_last_try_at, "
        "s.retry_requested_at, s.retry_requested_by FROM steps s JOIN workflows w ON w.id = "
        "s.workflow_id WHERE w.series_id = ? ORDER BY s.workflow_id, s.step_order");
    while (row.next()) {
      Step step;
      step.id = row.text();
      step.workflow_id = row.text();
      step.step_order = row.number();
      step.title = row.text();
      step.description = row.text();
      step.bounty = amount_from(row.text());
      step.allow_step_not_possible = row.flag();
      step.role_id = row.maybe_text();
      step.assigned_improver_id = row.maybe_text();
      step.assigned_improver_name = row.maybe_text();
      step.status = step_status_from(row.text());
      step.started_at = row.maybe_number();
      step.completed_at = row.maybe_number();
      step.payout_error = row.maybe_text();
      step.payout_last_try_at = row.maybe_number();
      step.retry_requested_at = row.maybe_number();
      step.retry_requested_by = row.maybe_text();
      workflows_.at(step.workflow_id)->steps.push_back(std::move(step));
    }
    for (Workflow& workflow : series_.occurrences) {
      for (Step& step : workflow.steps) steps_[step.id] = &step;
    }
  }

  void read_items() {
    Query row = rows(
        "SELECT i.id, i.step_id, i.item_order, i.title, i.description, i.optional, "
        "i.requires_photo, i.camera_capture_only, i.photo_required_count, i.photo_allow_any_count, "
        "i.photo_aspect_ratio, i.requires_written_response, i.requires_dropdown FROM work_items i "
        "JOIN steps s ON s.id = i.step_id JOIN workflows w ON w.id = s.workflow_id WHERE "
        "w.series_id = ? ORDER BY i.step_id, i.item_order");
    while (row.next()) {
      WorkItem item;
      item.id = row.text();
      item.step_id = row.text();
      item.item_order = row.number();
      item.title = row.text();
      item.description = row.text();
      item.optional = row.flag();
      item.requires_photo = row.flag();
      item.camera_capture_only = row.flag();
      item.photo_required_count = row.number();
      item.photo_allow_any_count = row.flag();
      item.photo_aspect_ratio = aspect_ratio_from(row.text());
      item.requires_written_response = row.flag();
      item.requires_dropdown = row.flag();
      steps_.at(item.step_id)->work_items.push_back(std::move(item));
    }
    for (const auto& [id, step] : steps_) {
      for (WorkItem& item : step->work_items) items_[item.id] = &item;
    }
    Query value = rows(
        "SELECT v.item_id, v.value FROM item_values_requiring_text v JOIN work_items i ON i.id = "
        "v.item_id JOIN steps s ON s.id = i.step_id JOIN workflows w ON w.id = s.workflow_id WHERE "
        "w.series_id = ? ORDER BY v.rowid");
    while (value.next()) {
      WorkItem& item = *items_.at(value.text());
      item.values_requiring_text.push_back(value.text());
    }
  }

  void read_options() {
    Query row = rows(
        "SELECT o.item_id, o.value, o.label, o.requires_written_response, "
        "o.requires_photo_attachment, o.camera_capture_only, o.photo_instructions, "
        "o.notify_email_subject, o.send_pictures_with_email FROM dropdown_options o JOIN "
        "work_items i ON i.id = o.item_id JOIN steps s ON s.id = i.step_id "
        "JOIN workflows w ON w.id = s.workflow_id WHERE w.series_id = ? ORDER BY o.item_id, "
        "o.position");
    while (row.next()) {
      WorkItem& item = *items_.at(row.text());
      DropdownOption option;
      option.value = row.text();
      option.label = row.text();
      option.requires_written_response = row.flag();
      option.requires_photo_attachment = row.flag();
      option.camera_capture_only = row.flag();
      option.photo_instructions = row.text();
      option.notify_email_subject = row.text();
      option.send_pictures_with_email = row.flag();
      item.dropdown_options.push_back(std::move(option));
    }
    Query email = rows(
        "SELECT e.item_id, e.option_position, e.email FROM option_notify_emails e JOIN work_items "
        "i ON i.id = e.item_id JOIN steps s ON s.id = i.step_id JOIN workflows w ON w.id = "
        "s.workflow_id WHERE w.series_id = ? ORDER BY e.rowid");
    while (email.next()) {
      WorkItem& item = *items_.at(email.text());
      DropdownOption& option = item.dropdown_options.at(static_cast<std::size_t>(email.number()));
      option.notify_emails.push_back(email.text());
      ++option.notify_email_count;
    }
  }

  void read_submissions() {
    Query row = rows(
        "SELECT b.id, b.workflow_id, b.step_id, b.improver_id, b.step_not_possible, "
        "b.step_not_possible_details, b.submitted_at, b.updated_at FROM submissions b JOIN steps s "
        "ON s.id = b.step_id JOIN workflows w ON w.id = s.workflow_id WHERE w.series_id = ?");
    while (row.next()) {
      Submission submission;
      submission.id = row.text();
      submission.workflow_id = row.text();
      submission.step_id = row.text();
      submission.improver_id = row.text();
      submission.step_not_possible = row.flag();
      submission.step_not_possible_details = row.text();
      submission.submitted_at = row.number();
      submission.updated_at = row.number();
      Step& step = *steps_.at(submission.step_id);
      step.submission = std::move(submission);
      submissions_[step.submission->id] = &*step.submission;
    }
    if (submissions_.empty()) return;
    read_responses();
    read_photos();
  }

  void read_responses() {
    Query row = rows(
        "SELECT r.submission_id, r.item_id, r.written_response, r.dropdown_value FROM "
        "item_responses r JOIN submissions b ON b.id = r.submission_id JOIN steps s ON s.id = "
        "b.step_id JOIN workflows w ON w.id = s.workflow_id WHERE w.series_id = ? ORDER BY "
        "r.submission_id, r.position");
    while (row.next()) {
      Submission& submission = *submissions_.at(row.text());
      ItemResponse response;
      response.item_id = row.text();
      response.written_response = row.text();
      response.dropdown_value = row.text();
      submission.item_responses.push_back(std::move(response));
    }
  }

  void read_photos() {
    Query row = rows(
        "SELECT p.id, p.workflow_id, p.step_id, p.item_id, p.submission_id, p.file_name, "
        "p.content_type, p.size_bytes, p.created_at FROM photos p JOIN workflows w ON w.id = "
        "p.workflow_id WHERE w.series_id = ? ORDER BY p.submission_id, p.position");
    while (row.next()) {
      SubmissionPhoto photo = read_photo(row);
      for (ItemResponse& response : submissions_.at(photo.submission_id)->item_responses) {
        if (response.item_id != photo.item_id) continue;
        response.photo_ids.push_back(photo.id);
        response.photos.push_back(std::move(photo));
        break;
      }
    }
  }

  void read_claims_and_absences() {
    Query claim = rows(
        "SELECT step_order, improver_id, improver_name FROM series_claims WHERE series_id = ? "
        "ORDER BY step_order");
    while (claim.next()) {
      RememberedClaim remembered;
      remembered.step_order = claim.number();
      remembered.improver_id = claim.text();
      remembered.improver_name = claim.text();
      series_.claims.push_back(std::move(remembered));
    }
    Query row = rows(
        "SELECT id, improver_id, series_id, step_order, absent_from, absent_until, created_at, "
        "updated_at FROM absences WHERE series_id = ? ORDER BY created_at, id");
    while (row.next()) {
      Absence absence;
      absence.id = row.text();
      absence.improver_id = row.text();
      absence.series_id = row.text();
      absence.step_order = row.number();
      absence.absent_from = row.number();
      absence.absent_until = row.number();
      absence.created_at = row.number();
      absence.updated_at = row.number();
      series_.absences.push_back(std::move(absence));
    }
  }

  void read_votes() {
    Query ballot = rows(
        "SELECT subject_id, voter_id, choice, cast_at FROM ballots WHERE series_id = ? ORDER BY "
        "rowid");
    while (ballot.next()) {
      Ballot cast;
      cast.subject_id = ballot.text();
      cast.voter_id = ballot.text();
      cast.choice = choice_from(ballot.text()).value_or(Choice::deny);
      cast.cast_at = ballot.number();
      series_.ballots.push_back(std::move(cast));
    }
    Query row = rows(
        "SELECT id, workflow_id, requested_by_user_id, reason, status, quorum_reached_at, "
        "finalize_at, finalized_at, decision, created_at, updated_at FROM deletion_proposals WHERE "
        "series_id = ? ORDER BY rowid");
    while (row.next()) {
      DeletionProposal proposal;
      proposal.id = row.text();
      proposal.workflow_id = row.text();
      proposal.requested_by_user_id = row.text();
      proposal.reason = row.text();
      proposal.status = row.text();
      proposal.vote.quorum_reached_at = row.maybe_number();
      proposal.vote.finalize_at = row.maybe_number();
      proposal.vote.finalized_at = row.maybe_number();
      proposal.vote.decision = row.maybe_text();
      proposal.created_at = row.number();
      proposal.updated_at = row.number();
      series_.deletions.push_back(std::move(proposal));
    }
  }

  Database& database_;
  std::string series_id_;
  Series series_;
  Index<Workflow> workflows_;
  Index<Step> steps_;
  Index<WorkItem> items_;
  Index<Submission> submissions_;
};

std::optional<std::string> text_of(Query row, std::string_view key) {
  row.bind(key);
  return row.next() ? std::optional{row.text()} : std::nullopt;
}

}  // namespace

std::optional<Series> find_series(Database& database, std::string_view series_id) {
  return SeriesReader{database, series_id}.read();
}

std::optional<Series> find_series_of_workflow(Database& database, std::string_view workflow_id) {
  const auto id =
      text_of(database.query("SELECT series_id FROM workflows WHERE id = ?"), workflow_id);
  return id ? find_series(database, *id) : std::nullopt;
}

std::optional<Series> find_series_of_absence(Database& database, std::string_view absence_id) {
  const auto id =
      text_of(database.query("SELECT series_id FROM absences WHERE id = ?"), absence_id);
  return id ? find_series(database, *id) : std::nullopt;
}

std::optional<Series> find_series_of_deletion(Database& database, std::string_view proposal_id) {
  const auto id =
      text_of(database.query("SELECT series_id FROM deletion_proposals WHERE id = ?"), proposal_id);
  return id ? find_series(database, *id) : std::nullopt;
}

std::vector<OwnSeries> find_own_series(Database& database, std::string_view user_id) {
  std::vector<OwnSeries> own;
  Query rows = database.query(
      "SELECT DISTINCT s.id, s.recurrence FROM series s JOIN workflows w ON w.series_id = s.id "
      "WHERE "
      "w.proposer_id = ? AND s.recurrence <> 'one_time'");
  rows.bind(user_id);
  while (rows.next()) {
    OwnSeries series{.id = rows.text(), .recurrence = {}};
    series.recurrence = rows.text();
    own.push_back(std::move(series));
  }
  return own;
}

std::vector<Series> all_series(Database& database) {
  std::vector<std::string> ids;
  {
    Query rows = database.query("SELECT id FROM series ORDER BY rowid");
    while (rows.next()) ids.push_back(rows.text());
  }
  std::vector<Series> all;
  for (const std::string& id : ids) {
    if (auto series = find_series(database, id)) all.push_back(*std::move(series));
  }
  return all;
}

std::optional<Workflow> find_workflow(Database& database, std::string_view id) {
  auto series = find_series_of_workflow(database, id);
  if (!series) return std::nullopt;
  return std::move(*series->find(id));
}

bool has_step(Database& database, std::string_view step_id) {
  Query row = database.query("SELECT 1 FROM steps WHERE id = ?");
  row.bind(step_id);
  return row.next();
}

std::int64_t count_submissions(Database& database) {
  Query row = database.query("SELECT count(*) FROM submissions");
  return row.next() ? row.number() : 0;
}

}  // namespace sfluv::server
