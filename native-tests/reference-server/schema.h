// SPDX-License-Identifier: MIT
#pragma once

#include "database.h"

namespace sfluv::server {

/// Raised whenever a table changes; a database of another version is refused, not converted.
inline constexpr std::int64_t schema_version = 2;

/// Times are Unix seconds. Amounts are decimal texts: SQLite's integers end at 2^63, the documents'
/// amounts do not.
inline constexpr Sql schema = R"sql(
PRAGMA user_version = 2;
CREATE TABLE IF NOT EXISTS users (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  is_active INTEGER NOT NULL DEFAULT 1,
  policy_accepted INTEGER NOT NULL DEFAULT 1,
  has_wallet INTEGER NOT NULL DEFAULT 1,
  -- As proposers and supervisors: pending, approved, rejected; 'none' where they never asked.
  proposer_status TEXT NOT NULL,
  supervisor_status TEXT NOT NULL,
  supervisor_title TEXT,
  supervisor_organization TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS user_roles (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('improver', 'proposer', 'supervisor', 'voter', 'admin')),
  PRIMARY KEY (user_id, role)
) STRICT;
CREATE TABLE IF NOT EXISTS user_credentials (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  credential TEXT NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (user_id, credential)
) STRICT;
CREATE TABLE IF NOT EXISTS verified_emails (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  PRIMARY KEY (user_id, email)
) STRICT;
CREATE TABLE IF NOT EXISTS improvers (
  user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  email TEXT NOT NULL,
  primary_rewards_account TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS credential_requests (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  credential_type TEXT NOT NULL,
  status TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  resolved_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS credential_requests_of_user ON credential_requests (user_id);
CREATE TABLE IF NOT EXISTS credential_types (
  value TEXT PRIMARY KEY,
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private'))
) STRICT;
-- A job and all its occurrences. `definition` is the document as it was approved, of which the
-- occurrences to come are made.
CREATE TABLE IF NOT EXISTS series (
  id TEXT PRIMARY KEY,
  recurrence TEXT NOT NULL,
  recurrence_end_at INTEGER,
  definition TEXT NOT NULL
) STRICT;
-- Who takes a step of the occurrences to come: the last one who claimed it (rulebook C3, Effect).
CREATE TABLE IF NOT EXISTS series_claims (
  series_id TEXT NOT NULL REFERENCES series (id) ON DELETE CASCADE,
  step_order INTEGER NOT NULL,
  improver_id TEXT NOT NULL,
  improver_name TEXT NOT NULL,
  PRIMARY KEY (series_id, step_order)
) STRICT;
CREATE TABLE IF NOT EXISTS absences (
  id TEXT PRIMARY KEY,
  improver_id TEXT NOT NULL,
  series_id TEXT NOT NULL REFERENCES series (id) ON DELETE CASCADE,
  step_order INTEGER NOT NULL,
  absent_from INTEGER NOT NULL,
  absent_until INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS absences_of_series ON absences (series_id);
CREATE TABLE IF NOT EXISTS workflows (
  id TEXT PRIMARY KEY,
  series_id TEXT NOT NULL REFERENCES series (id) ON DELETE CASCADE,
  proposer_id TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  recurrence TEXT NOT NULL,
  start_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  is_start_blocked INTEGER NOT NULL,
  blocked_by_workflow_id TEXT,
  total_bounty TEXT NOT NULL,
  weekly_bounty_requirement TEXT NOT NULL,
  budget_weekly_deducted TEXT NOT NULL,
  budget_one_time_deducted TEXT NOT NULL,
  vote_quorum_reached_at INTEGER,
  vote_finalize_at INTEGER,
  vote_finalized_at INTEGER,
  vote_finalized_by_user_id TEXT,
  vote_decision TEXT,
  approved_at INTEGER,
  supervisor_required INTEGER NOT NULL,
  supervisor_user_id TEXT,
  supervisor_bounty TEXT NOT NULL,
  supervisor_paid_out_at INTEGER,
  supervisor_payout_error TEXT,
  supervisor_payout_last_try_at INTEGER,
  supervisor_retry_requested_at INTEGER,
  supervisor_retry_requested_by TEXT,
  supervisor_title TEXT,
  supervisor_organization TEXT,
  recurrence_end_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS workflows_of_series ON workflows (series_id, start_at);
CREATE TABLE IF NOT EXISTS supervisor_data_fields (
  workflow_id TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (workflow_id, position)
) STRICT;
-- Votes about a workflow, or about the deletion proposal of this id (rulebook C8).
CREATE TABLE IF NOT EXISTS ballots (
  series_id TEXT NOT NULL REFERENCES series (id) ON DELETE CASCADE,
  subject_id TEXT NOT NULL,
  voter_id TEXT NOT NULL,
  choice TEXT NOT NULL CHECK (choice IN ('approve', 'deny')),
  cast_at INTEGER NOT NULL,
  PRIMARY KEY (series_id, subject_id, voter_id)
) STRICT;
CREATE TABLE IF NOT EXISTS deletion_proposals (
  id TEXT PRIMARY KEY,
  series_id TEXT NOT NULL REFERENCES series (id) ON DELETE CASCADE,
  workflow_id TEXT NOT NULL,  -- '' for the whole series
  requested_by_user_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  status TEXT NOT NULL,
  quorum_reached_at INTEGER,
  finalize_at INTEGER,
  finalized_at INTEGER,
  decision TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS workflow_roles (
  workflow_id TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  PRIMARY KEY (workflow_id, id)
) STRICT;
CREATE TABLE IF NOT EXISTS role_credentials (
  workflow_id TEXT NOT NULL,
  role_id TEXT NOT NULL,
  credential TEXT NOT NULL,
  PRIMARY KEY (workflow_id, role_id, credential),
  FOREIGN KEY (workflow_id, role_id) REFERENCES workflow_roles (workflow_id, id) ON DELETE CASCADE
) STRICT;
CREATE TABLE IF NOT EXISTS steps (
  id TEXT PRIMARY KEY,
  workflow_id TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
  step_order INTEGER NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  bounty TEXT NOT NULL,
  allow_step_not_possible INTEGER NOT NULL,
  role_id TEXT,
  assigned_improver_id TEXT,
  assigned_improver_name TEXT,
  status TEXT NOT NULL,
  started_at INTEGER,
  completed_at INTEGER,
  payout_error TEXT,
  payout_last_try_at INTEGER,
  retry_requested_at INTEGER,
  retry_requested_by TEXT,
  UNIQUE (workflow_id, step_order)
) STRICT;
CREATE TABLE IF NOT EXISTS work_items (
  id TEXT PRIMARY KEY,
  step_id TEXT NOT NULL REFERENCES steps (id) ON DELETE CASCADE,
  item_order INTEGER NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  optional INTEGER NOT NULL,
  requires_photo INTEGER NOT NULL,
  camera_capture_only INTEGER NOT NULL,
  photo_required_count INTEGER NOT NULL,
  photo_allow_any_count INTEGER NOT NULL,
  photo_aspect_ratio TEXT NOT NULL,
  requires_written_response INTEGER NOT NULL,
  requires_dropdown INTEGER NOT NULL,
  UNIQUE (step_id, item_order)
) STRICT;
CREATE TABLE IF NOT EXISTS dropdown_options (
  item_id TEXT NOT NULL REFERENCES work_items (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  value TEXT NOT NULL,
  label TEXT NOT NULL,
  requires_written_response INTEGER NOT NULL,
  requires_photo_attachment INTEGER NOT NULL,
  camera_capture_only INTEGER NOT NULL,
  photo_instructions TEXT NOT NULL,
  notify_email_subject TEXT NOT NULL,
  send_pictures_with_email INTEGER NOT NULL,
  PRIMARY KEY (item_id, position)
) STRICT;
CREATE TABLE IF NOT EXISTS option_notify_emails (
  item_id TEXT NOT NULL,
  option_position INTEGER NOT NULL,
  email TEXT NOT NULL,
  PRIMARY KEY (item_id, option_position, email),
  FOREIGN KEY (item_id, option_position) REFERENCES dropdown_options (item_id, position)
    ON DELETE CASCADE
) STRICT;
-- dropdown_requires_written_response: the values that are true. The live system decides by this map
-- and not by the options' own flag (rulebook A3.12), so it is kept apart.
CREATE TABLE IF NOT EXISTS item_values_requiring_text (
  item_id TEXT NOT NULL REFERENCES work_items (id) ON DELETE CASCADE,
  value TEXT NOT NULL,
  PRIMARY KEY (item_id, value)
) STRICT;
-- One submission a step, whatever happens (rulebook A5.1).
CREATE TABLE IF NOT EXISTS submissions (
  id TEXT PRIMARY KEY,
  workflow_id TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
  step_id TEXT NOT NULL UNIQUE REFERENCES steps (id) ON DELETE CASCADE,
  improver_id TEXT NOT NULL,
  step_not_possible INTEGER NOT NULL,
  step_not_possible_details TEXT NOT NULL,
  submitted_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS item_responses (
  submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
  item_id TEXT NOT NULL REFERENCES work_items (id),
  position INTEGER NOT NULL,
  written_response TEXT NOT NULL,
  dropdown_value TEXT NOT NULL,
  PRIMARY KEY (submission_id, item_id)
) STRICT;
CREATE TABLE IF NOT EXISTS photos (
  id TEXT PRIMARY KEY,
  workflow_id TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
  step_id TEXT NOT NULL,
  item_id TEXT NOT NULL,
  submission_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  FOREIGN KEY (submission_id, item_id) REFERENCES item_responses (submission_id, item_id)
    ON DELETE CASCADE
) STRICT;
CREATE INDEX IF NOT EXISTS photos_of_submission ON photos (submission_id, position);
CREATE INDEX IF NOT EXISTS photos_of_workflow ON photos (workflow_id);
-- Uploaded ahead (rulebook A7): they wait for the submission that names them.
CREATE TABLE IF NOT EXISTS staged_photos (
  id TEXT PRIMARY KEY,
  workflow_id TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
  step_id TEXT NOT NULL,
  item_id TEXT NOT NULL,
  improver_id TEXT NOT NULL,
  upload_id TEXT UNIQUE,
  file_name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS staged_photos_of_step ON staged_photos (step_id, improver_id);
-- What has come of an upload in pieces; `place` says for which step and item of whom it is.
CREATE TABLE IF NOT EXISTS upload_chunks (
  upload_id TEXT NOT NULL,
  chunk_index INTEGER NOT NULL,
  place TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (upload_id, chunk_index)
) STRICT;
)sql";

}  // namespace sfluv::server
