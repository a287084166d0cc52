// SPDX-License-Identifier: MIT
#include <stdexcept>

#include "schema.h"
#include "store.h"

namespace sfluv::server {
namespace {

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
      database.query("INSERT INTO dropdown_options VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
          .bind(item.id)
          .bind(position)
          .bind(option.value)
          .bind(option.label)
          .bind(option.requires_written_response)
          .bind(option.requires_photo_attachment)
          .bind(option.camera_capture_only)
          .bind(option.photo_instructions)
          .bind(option.notify_email_subject)
          .bind(option.send_pictures_with_email)
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
          "UPDATE steps SET bounty = ?, role_id = ?, assigned_improver_id = ?, "
          "assigned_improver_name = ?, status = ?, started_at = ?, completed_at = ?, payout_error "
          "= ?, payout_last_try_at = ?, "
          "retry_requested_at = ?, retry_requested_by = ? WHERE id = ?")
      .bind(step.bounty.to_string())
      .bind(step.role_id)
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

void add_role_credentials(Database& database, const Role& role) {
  for (const std::string& credential : role.required_credentials) {
    database.query("INSERT INTO role_credentials VALUES (?, ?, ?)")
        .bind(role.workflow_id)
        .bind(role.id)
        .bind(credential)
        .run();
  }
}

// What of a workflow changes in its life.
void update_workflow_row(Database& database, const Workflow& workflow) {
  database
      .query(
          "UPDATE workflows SET status = ?, is_start_blocked = ?, blocked_by_workflow_id = ?, "
          "total_bounty = ?, weekly_bounty_requirement = ?, budget_weekly_deducted = ?, "
          "budget_one_time_deducted = ?, vote_quorum_reached_at = ?, vote_finalize_at = ?, "
          "vote_finalized_at = ?, vote_finalized_by_user_id = ?, vote_decision = ?, approved_at = "
          "?, supervisor_bounty = ?, supervisor_paid_out_at = ?, supervisor_payout_error = ?, "
          "supervisor_payout_last_try_at = ?, supervisor_retry_requested_at = ?, "
          "supervisor_retry_requested_by = ?, updated_at = ? WHERE id = ?")
      .bind(workflow.status.text)
      .bind(workflow.is_start_blocked)
      .bind(workflow.blocked_by_workflow_id)
      .bind(workflow.total_bounty.to_string())
      .bind(workflow.weekly_bounty_requirement.to_string())
      .bind(workflow.budget_weekly_deducted.to_string())
      .bind(workflow.budget_one_time_deducted.to_string())
      .bind(workflow.vote.quorum_reached_at)
      .bind(workflow.vote.finalize_at)
      .bind(workflow.vote.finalized_at)
      .bind(workflow.vote.finalized_by_user_id)
      .bind(workflow.vote.decision)
      .bind(workflow.approved_at)
      .bind(workflow.supervisor_bounty.to_string())
      .bind(workflow.supervisor_paid_out_at)
      .bind(workflow.supervisor_payout_error)
      .bind(workflow.supervisor_payout_last_try_at)
      .bind(workflow.supervisor_retry_requested_at)
      .bind(workflow.supervisor_retry_requested_by)
      .bind(workflow.updated_at)
      .bind(workflow.id)
      .run();
}

void insert_workflow(Database& database, const Workflow& workflow) {
  database
      .query(
          "INSERT INTO workflows (id, series_id, proposer_id, title, description, recurrence, "
          "start_at, status, is_start_blocked, total_bounty, weekly_bounty_requirement, "
          "budget_weekly_deducted, budget_one_time_deducted, supervisor_required, "
          "supervisor_user_id, supervisor_bounty, supervisor_title, supervisor_organization, "
          "recurrence_end_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
          "?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(workflow.id)
      .bind(workflow.series_id)
      .bind(workflow.proposer_id)
      .bind(workflow.title)
      .bind(workflow.description)
      .bind(workflow.recurrence)
      .bind(workflow.start_at)
      .bind(workflow.status.text)
      .bind(workflow.is_start_blocked)
      .bind(workflow.total_bounty.to_string())
      .bind(workflow.weekly_bounty_requirement.to_string())
      .bind(workflow.budget_weekly_deducted.to_string())
      .bind(workflow.budget_one_time_deducted.to_string())
      .bind(workflow.supervisor_required)
      .bind(workflow.supervisor_user_id)
      .bind(workflow.supervisor_bounty.to_string())
      .bind(workflow.supervisor_title)
      .bind(workflow.supervisor_organization)
      .bind(workflow.recurrence_end_at)
      .bind(workflow.created_at)
      .bind(workflow.updated_at)
      .run();
  update_workflow_row(database, workflow);
  std::int64_t position = 0;
  for (const SupervisorDataField& field : workflow.supervisor_data_fields) {
    database.query("INSERT INTO supervisor_data_fields VALUES (?, ?, ?, ?)")
        .bind(workflow.id)
        .bind(position++)
        .bind(field.key)
        .bind(field.value)
        .run();
  }
  position = 0;
  for (const Role& role : workflow.roles) {
    database.query("INSERT INTO workflow_roles VALUES (?, ?, ?, ?)")
        .bind(workflow.id)
        .bind(role.id)
        .bind(position++)
        .bind(role.title)
        .run();
    add_role_credentials(database, role);
  }
  for (const Step& step : workflow.steps) insert_step(database, step);
}

void update_workflow(Database& database, const Workflow& before, const Workflow& after) {
  update_workflow_row(database, after);
  for (const Step& step : after.steps) {
    update_step(database, step);
    const Step* const old = before.find_step(step.id);
    if (step.submission && (old == nullptr || !old->submission))
      add_submission(database, *step.submission);
  }
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

// Few, and each is written again: what an update changed need not be found.
void store_absences(Database& database, const Series& before, const Series& after) {
  for (const Absence& absence : before.absences) {
    if (after.find_absence(absence.id) == nullptr)
      database.query("DELETE FROM absences WHERE id = ?").bind(absence.id).run();
  }
  for (const Absence& absence : after.absences) {
    database.query("INSERT OR REPLACE INTO absences VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(absence.id)
        .bind(absence.improver_id)
        .bind(absence.series_id)
        .bind(absence.step_order)
        .bind(absence.absent_from)
        .bind(absence.absent_until)
        .bind(absence.created_at)
        .bind(absence.updated_at)
        .run();
  }
}

void store_votes(Database& database, const Series& series) {
  database.query("DELETE FROM ballots WHERE series_id = ?").bind(series.id).run();
  for (const Ballot& ballot : series.ballots) {
    database.query("INSERT INTO ballots VALUES (?, ?, ?, ?, ?)")
        .bind(series.id)
        .bind(ballot.subject_id)
        .bind(ballot.voter_id)
        .bind(to_string(ballot.choice))
        .bind(ballot.cast_at)
        .run();
  }
  for (const DeletionProposal& proposal : series.deletions) {
    database
        .query(
            "INSERT OR REPLACE INTO deletion_proposals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(proposal.id)
        .bind(series.id)
        .bind(proposal.workflow_id)
        .bind(proposal.requested_by_user_id)
        .bind(proposal.reason)
        .bind(proposal.status)
        .bind(proposal.vote.quorum_reached_at)
        .bind(proposal.vote.finalize_at)
        .bind(proposal.vote.finalized_at)
        .bind(proposal.vote.decision)
        .bind(proposal.created_at)
        .bind(proposal.updated_at)
        .run();
  }
}

void insert_series(Database& database, const Series& series) {
  const std::string definition =
      write_workflow(series.definition.value_or(Workflow{}), AmountStyle::number);
  database.query("INSERT INTO series VALUES (?, ?, ?, ?)")
      .bind(series.id)
      .bind(series.recurrence)
      .bind(series.recurrence_end_at)
      .bind(definition)
      .run();
}

void update_series(Database& database, const Series& series) {
  const std::string definition = write_workflow(*series.definition, AmountStyle::number);
  database
      .query("UPDATE series SET recurrence = ?, recurrence_end_at = ?, definition = ? WHERE id = ?")
      .bind(series.recurrence)
      .bind(series.recurrence_end_at)
      .bind(definition)
      .bind(series.id)
      .run();
}

}  // namespace

void create_schema(Database& database) {
  Query version = database.query("PRAGMA user_version");
  const std::int64_t found = version.next() ? version.number() : 0;
  if (found != 0 && found != schema_version)
    throw std::runtime_error("the database is of another version of this program");
  version.run();
  database.run_script(schema);
}

void delete_everything(Database& database) {
  database.run("DELETE FROM upload_chunks");
  database.run("DELETE FROM photos");
  database.run("DELETE FROM submissions");
  database.run("DELETE FROM series");
  database.run("DELETE FROM users");
  database.run("DELETE FROM credential_types");
}

void add_workflow(Database& database, const Workflow& workflow,
                  std::optional<std::int64_t> recurrence_end_at) {
  if (!find_series(database, workflow.series_id)) {
    insert_series(database, {.id = workflow.series_id,
                             .recurrence = workflow.recurrence,
                             .recurrence_end_at = recurrence_end_at,
                             .definition = workflow});
  }
  insert_workflow(database, workflow);
}

void store_changes(Database& database, const Series& before, const Series& after,
                   const Delta& delta) {
  if (before.id.empty() && !after.id.empty()) {
    insert_series(database, after);
  } else if (delta.definition) {
    update_series(database, after);
  }
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
  store_absences(database, before, after);
  if (delta.votes) store_votes(database, after);
}

void replace_role_credentials(Database& database, const Workflow& workflow) {
  database.query("DELETE FROM role_credentials WHERE workflow_id = ?").bind(workflow.id).run();
  for (const Role& role : workflow.roles) add_role_credentials(database, role);
}

}  // namespace sfluv::server
