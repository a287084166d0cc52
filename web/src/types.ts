// SPDX-License-Identifier: MIT
// The documents of the API under the names of its schema reference, and the values of this package.
// Wire names stay as they are on the wire (snake_case); amounts are decimal texts, because the
// documents show amounts that no JavaScript number can hold.

/**
 * An exact amount as decimal digits, e.g. `"100000000000000000000"`: wei as documented, whole tokens in
 * the live system. `toBigInt` calculates with it, `field.formatAmount` shows it.
 */
export type Amount = string;

/** How a server behaves: as documented, or as the live system does where that differs. */
export type ProfileName = "documents" | "live";

/** Seconds since 1970-01-01 UTC. */
export type UnixSeconds = number;

/** A text that the documents list, or one that they do not know yet. */
export type Open<Known extends string> = Known | (string & Record<never, never>);

export type WorkflowStatus =
  | "pending" | "approved" | "rejected" | "expired" | "in_progress"
  | "completed" | "paid_out" | "blocked" | "deleted" | "skipped" | "failed";

export type WorkflowStepStatus = "locked" | "available" | "in_progress" | "completed" | "paid_out";

export type WorkflowRecurrence = "one_time" | "daily" | "weekly" | "monthly";

export type PhotoAspectRatio = "vertical" | "square" | "horizontal";

/** One choice of a dropdown. */
export interface WorkflowDropdownOption {
  value: string;
  label: string;
  /** Choosing this value asks for a written response. */
  requires_written_response: boolean;
  /** Choosing this value asks for at least one photo (sent by the live system only). */
  requires_photo_attachment?: boolean;
  camera_capture_only?: boolean;
  photo_instructions?: string;
  /** Hidden from everybody but managers. */
  notify_emails?: string[];
  notify_email_count?: number;
}

/** One thing that a step asks for. */
export interface WorkflowWorkItem {
  id: string;
  step_id: string;
  item_order: number;
  title: string;
  description: string;
  optional: boolean;
  requires_photo: boolean;
  /** Asks for a photo from the camera; browsers can hint at it but not prove it. */
  camera_capture_only: boolean;
  /** Exactly this many photos, unless `photo_allow_any_count`. */
  photo_required_count: number;
  photo_allow_any_count: boolean;
  photo_aspect_ratio: PhotoAspectRatio;
  requires_written_response: boolean;
  requires_dropdown: boolean;
  dropdown_options: WorkflowDropdownOption[];
  /** Dropdown values that ask for a written response, besides the options' own flag. */
  dropdown_requires_written_response: Record<string, boolean>;
}

/** A photo as it travels inside the body of a completion request. */
export interface WorkflowPhotoUpload {
  file_name: string;
  content_type: string;
  data_base64: string;
}

/** A photo as the server keeps it. */
export interface WorkflowSubmissionPhoto {
  id: string;
  workflow_id: string;
  step_id: string;
  item_id: string;
  submission_id: string;
  file_name: string;
  content_type: string;
  size_bytes: number;
  created_at: UnixSeconds;
}

/** The answer to one work item: as sent (`photo_uploads`) or as stored (`photos`). */
export interface WorkflowStepItemResponse {
  item_id: string;
  photo_ids?: string[];
  photo_uploads?: WorkflowPhotoUpload[];
  photos?: WorkflowSubmissionPhoto[];
  written_response?: string;
  dropdown_value?: string;
}

/** What was submitted for a step; visible to its improver, the supervisor and admins only. */
export interface WorkflowStepSubmission {
  id: string;
  workflow_id: string;
  step_id: string;
  improver_id: string;
  step_not_possible: boolean;
  step_not_possible_details?: string | null;
  item_responses: WorkflowStepItemResponse[];
  submitted_at: UnixSeconds;
  updated_at: UnixSeconds;
}

export interface WorkflowStep {
  id: string;
  workflow_id: string;
  /** Position in the workflow, from 1. */
  step_order: number;
  title: string;
  description: string;
  bounty: Amount;
  /** The improver may say that the step cannot be done. */
  allow_step_not_possible: boolean;
  role_id?: string | null;
  assigned_improver_id?: string | null;
  assigned_improver_name?: string | null;
  status: Open<WorkflowStepStatus>;
  started_at?: UnixSeconds | null;
  completed_at?: UnixSeconds | null;
  payout_error?: string | null;
  payout_last_try_at?: UnixSeconds | null;
  retry_requested_at?: UnixSeconds | null;
  retry_requested_by?: string | null;
  submission?: WorkflowStepSubmission | null;
  work_items: WorkflowWorkItem[];
}

export interface WorkflowRole {
  id: string;
  workflow_id: string;
  title: string;
  required_credentials: string[];
}

/** A step as a light card of the live system names it. */
export interface WorkflowStepSummary {
  id: string;
  step_order: number;
  title: string;
  status: Open<WorkflowStepStatus>;
}

/** How somebody votes. */
export type VoteChoice = "approve" | "deny";

export type VoteDecision = VoteChoice | "admin_approve";

/** A vote as one person sees it. */
export interface WorkflowVotes {
  approve: number;
  deny: number;
  votes_cast: number;
  total_voters: number;
  quorum_reached: boolean;
  /** So many votes must be cast before the 24 hours begin. */
  quorum_threshold: number;
  quorum_reached_at?: UnixSeconds | null;
  /** 24 hours after the quorum. */
  finalize_at?: UnixSeconds | null;
  finalized_at?: UnixSeconds | null;
  decision?: Open<VoteDecision> | null;
  my_decision?: VoteChoice | null;
}

/**
 * A workflow. A list may hold cards instead: `roles` and `steps` are
 * empty, and only the whole document that `workflows.get` reads has them.
 */
export interface Workflow {
  id: string;
  series_id: string;
  proposer_id: string;
  title: string;
  description: string;
  recurrence: Open<WorkflowRecurrence>;
  start_at: UnixSeconds;
  status: Open<WorkflowStatus>;
  is_start_blocked: boolean;
  blocked_by_workflow_id?: string | null;
  total_bounty: Amount;
  weekly_bounty_requirement: Amount;
  /** What of the budgets it takes while it is approved: of each week, or once. */
  budget_weekly_deducted?: Amount;
  budget_one_time_deducted?: Amount;
  vote_quorum_reached_at?: UnixSeconds | null;
  vote_finalize_at?: UnixSeconds | null;
  vote_finalized_at?: UnixSeconds | null;
  vote_finalized_by_user_id?: string | null;
  vote_decision?: Open<VoteDecision> | null;
  /** Of a card. */
  approved_at?: UnixSeconds | null;
  supervisor_required: boolean;
  supervisor_user_id?: string | null;
  supervisor_bounty: Amount;
  supervisor_paid_out_at?: UnixSeconds | null;
  supervisor_payout_error?: string | null;
  supervisor_payout_last_try_at?: UnixSeconds | null;
  supervisor_retry_requested_at?: UnixSeconds | null;
  supervisor_retry_requested_by?: string | null;
  supervisor_title?: string | null;
  supervisor_organization?: string | null;
  created_at: UnixSeconds;
  updated_at: UnixSeconds;
  roles: WorkflowRole[];
  steps: WorkflowStep[];
  /** How the vote stands, as this account sees it. */
  votes?: WorkflowVotes | null;
  /** Of a light card of the live system: the steps that are this account's. */
  assigned_steps?: WorkflowStepSummary[];
  /** The same: a step that this account may claim. */
  claimable_step?: WorkflowStepSummary;
}

/** A list of workflows, in whichever shape the server gave it. */
export interface WorkflowList {
  workflows: Workflow[];
  /** What this account may claim steps with; told by the live system only. */
  active_credentials?: string[];
  /** How many there are; the live system may show fewer. */
  total?: number;
}

/** Occurrences that start in `[absent_from, absent_until)` are not this account's. */
export interface AbsencePeriod {
  id: string;
  improver_id: string;
  series_id: string;
  step_order: number;
  absent_from: UnixSeconds;
  absent_until: UnixSeconds;
  created_at: UnixSeconds;
  updated_at: UnixSeconds;
}

/**
 * The bounds of an absence as the API takes them: a day (`"2024-03-20"`, in UTC; the last one is absent
 * as a whole) or a point in time (`"2024-03-20T08:00:00Z"`).
 */
export interface AbsenceDates {
  absent_from: string;
  absent_until: string;
}

export interface AbsencePeriodRequest extends AbsenceDates {
  series_id: string;
  step_order: number;
}

/** An absence, and what it did to the occurrences in it. */
export interface AbsenceChange {
  absence: AbsencePeriod;
  /** Steps that were given back. */
  released_count: number;
  /** Steps that had begun, and stay. */
  skipped_count: number;
}

export interface UnclaimResult {
  series_id: string;
  step_order: number;
  released_count: number;
  skipped_count: number;
}

export interface ImproverRequest {
  first_name: string;
  last_name: string;
  /** One of the caller's verified addresses. */
  email: string;
}

/** Who works. Times are RFC 3339 texts; what the server did not say is `""`. */
export interface Improver {
  user_id: string;
  first_name: string;
  last_name: string;
  email: string;
  /** The Ethereum address that bounties are paid to. */
  primary_rewards_account: string;
  status: string;
  created_at: string;
  updated_at: string;
}

/** Times are RFC 3339 texts; what the server did not say, such as a resolution to come, is `""`. */
export interface CredentialRequest {
  id: string;
  user_id: string;
  credential_type: string;
  status: Open<"pending" | "approved" | "rejected">;
  requested_at: string;
  resolved_at: string;
}

/** One choice of a proposed dropdown; the server makes its `value` out of the label. */
export interface ProposedOption {
  label: string;
  requires_written_response?: boolean;
  /** Who gets a mail when it is chosen. */
  notify_emails?: string[];
}

export interface ProposedItem {
  title: string;
  description?: string;
  optional?: boolean;
  requires_photo?: boolean;
  camera_capture_only?: boolean;
  photo_required_count?: number;
  photo_allow_any_count?: boolean;
  photo_aspect_ratio?: PhotoAspectRatio;
  requires_written_response?: boolean;
  requires_dropdown?: boolean;
  dropdown_options?: ProposedOption[];
}

export interface ProposedStep {
  title: string;
  description?: string;
  bounty: Amount;
  /** Of one of the roles. */
  role_client_id: string;
  allow_step_not_possible?: boolean;
  work_items: ProposedItem[];
}

export interface ProposedRole {
  /** Any name that the steps call it by. */
  client_id: string;
  title: string;
  required_credentials: string[];
}

/** Work that is being proposed: what POST /proposers/workflows takes, with amounts as decimal texts. */
export interface ProposalDraft {
  title: string;
  description: string;
  recurrence: Open<WorkflowRecurrence>;
  /** `"2024-03-15T10:00:00Z"`, or without zone in UTC. */
  start_at: string;
  /** A recurring series of one's own that it goes on with; refused by the live system. */
  series_id?: string;
  supervisor?: { user_id: string; bounty: Amount } | null;
  roles: ProposedRole[];
  steps: ProposedStep[];
}

/** What a proposal is judged by, as far as the host knows it. */
export interface ProposalContext {
  /** Who may be named as supervisor. */
  supervisors: readonly (string | { user_id: string; title?: string | null; organization?: string | null })[];
  credential_types: readonly string[];
  own_series?: readonly { id: string; recurrence: string }[];
}

export interface ProposalTotals {
  total_bounty: Amount;
  weekly_bounty_requirement: Amount;
}

/** All that is wrong with a proposal, in the order in which the server would find it, or what it becomes. */
export interface ProposalVerdict {
  accepted: boolean;
  issues: Issue[];
  /** What it costs, whatever else is wrong, as soon as all bounties are amounts. */
  totals: ProposalTotals | null;
  /** The workflow as the server would make it, totals included; `"<new>"` stands for ids of its own. */
  normalized: Workflow | null;
}

/** Is this an address to be paid to? With its checksum if it is. */
export interface RewardsAccountVerdict {
  accepted: boolean;
  issues: Issue[];
  normalized: { primary_rewards_account: string } | null;
}

/** The codes of the core. Adding one is a minor change, renaming one a major change. */
export type CoreIssueCode =
  // A completion request, in the order in which the server looks.
  | "body_not_decodable" | "not_possible_not_allowed" | "not_possible_details_required"
  | "not_possible_with_items" | "details_without_not_possible" | "item_id_blank" | "item_unknown"
  | "item_duplicate" | "photo_data_blank" | "photo_bad_base64" | "photo_zero_bytes" | "photo_too_large"
  | "photo_not_image" | "photo_uploads_and_ids_mixed" | "item_missing" | "photo_none" | "photo_wrong_count"
  | "written_missing" | "dropdown_missing" | "dropdown_unknown_value" | "option_written_missing"
  | "option_photo_missing" | "text_not_storable" | "photo_id_unknown"
  | "request_too_large"
  // Who asks, and whether there is what is asked for.
  | "forbidden" | "policy_not_accepted" | "not_found"
  // The state a step is in.
  | "workflow_not_active" | "step_of_other_workflow" | "not_assigned" | "step_already_completed"
  | "step_not_available_yet" | "already_in_workflow" | "step_already_claimed" | "step_without_role"
  | "step_not_claimable" | "in_absence" | "role_already_claimed" | "role_without_credentials"
  | "missing_credentials" | "no_failed_payout"
  // A series and the absences in it.
  | "date_invalid" | "series_blank" | "step_order_invalid" | "range_empty" | "no_recurring_claim"
  | "absence_overlap" | "absence_not_in_future" | "nothing_releasable" | "replacement_claimed"
  // A proposal, in the order in which the live server looks.
  | "bounty_invalid" | "title_blank" | "description_blank" | "recurrence_invalid" | "start_missing"
  | "recurrence_end_not_allowed" | "recurrence_end_before_start" | "series_not_allowed"
  | "series_unknown" | "series_recurrence_differs" | "roles_missing" | "steps_missing"
  | "role_id_duplicate" | "credential_unknown" | "role_credentials_missing" | "supervisor_blank"
  | "supervisor_data_incomplete" | "supervisor_data_duplicate" | "supervisor_data_without_supervisor"
  | "step_role_blank" | "step_role_unknown" | "item_requires_nothing" | "aspect_ratio_invalid"
  | "options_missing" | "option_label_blank" | "option_label_without_letters"
  | "option_label_duplicate" | "email_invalid" | "subject_too_long" | "proposer_unknown"
  | "proposer_not_approved" | "supervisor_not_approved" | "amount_too_large"
  // What becomes of a proposal.
  | "not_deletable" | "decision_invalid" | "workflow_not_pending" | "funds_insufficient"
  | "deletion_needs_series" | "deletion_already_proposed" | "reason_too_long"
  // Somebody's own account.
  | "fields_missing" | "email_not_verified" | "improver_already_approved" | "address_blank"
  | "address_invalid" | "address_checksum_wrong" | "improver_not_approved" | "credential_type_blank"
  | "credential_type_unknown" | "credential_not_requestable" | "credential_already_active"
  | "credential_request_pending"
  // Texts from elsewhere.
  | "document_not_readable"
  // Photo files.
  | "photo_file_empty" | "photo_file_too_large" | "photo_format_unknown" | "photo_format_unsupported"
  | "photo_truncated" | "photo_damaged" | "photo_too_many_pixels" | "photo_too_complex"
  | "photo_budget_too_small" | "photo_plan_invalid"
  // Records of the outbox.
  | "record_damaged" | "record_from_newer_version" | "record_event_refused"
  | "record_of_other_account" | "record_already_queued" | "queue_paused";

/** What only the package around the core can find out. */
export type HostIssueCode =
  | "server_unreachable"      // no answer, and no saved copy on this device
  | "server_refused"          // { status, operation }: an answer whose reason is not known
  | "signed_out"              // { status }: the session is not accepted any more
  | "storage_failed"          // { reason }: the device did not keep it
  | "storage_full"            // too little room is left for another photo
  | "storage_blocked"         // a page of an older version holds the storage
  | "storage_outdated"        // this page is of an older version than another one
  | "proposal_unclear"        // it may have arrived: the next tap looks before it sends
  | "proposal_arrived"        // { workflow_id }: the try before arrived; the draft was changed since
  | "draft_missing"           // no draft of this name is on this device
  | "draft_changed_elsewhere" // { copy }: another page saved this draft; ours is kept as this copy
  | "photo_not_stored"        // { key }: a photo of the draft is not on this device, or not whole
  | "photo_file_unreadable"   // the browser could not read the file it offered
  | "photo_worker_crashed"    // the photo module stopped on this file; the next photo gets a new one
  | "import_not_readable"     // the file is no export of this app, or not whole
  | "network_not_told"        // the browser does not tell Wi-Fi from mobile data
  | "record_unknown";         // { id }: no record of this id

export type IssueCode = CoreIssueCode | HostIssueCode;

/** What is wrong and where: data for a program or a translator (`./messages/*`), never a sentence. */
export interface Issue {
  code: IssueCode;
  /** JSON Pointer (RFC 6901) into the input, e.g. `/items/0/photo_uploads/1`; `""` is the whole. */
  path: string;
  params: Record<string, string | number>;
}

/** A value, or the one reason why there is none. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; issue: Issue };

/** How a photo came: browsers can hint at a camera but not prove it, so this is what was asked for. */
export type PhotoSource = "camera_app" | "page_camera" | "page_frame" | "files";

/** A photo of a draft, kept by `field.photos.save`; its bytes are named by `key`. */
export interface DraftPhoto {
  key: string;
  content_type: string;
  size_bytes: number;
  /** 64 hex digits: SHA-256 of the exact bytes. */
  sha256: string;
  /** Kept in the record and in exports, never sent. */
  source?: PhotoSource;
}

/** The answers to one work item while they are being given. */
export interface DraftItem {
  item_id: string;
  written_response?: string;
  dropdown_value?: string;
  /** Photos that the server has already. */
  photo_ids?: string[];
  /** Photos on this device. */
  photo_uploads?: DraftPhoto[];
}

/** The answers to a step while they are being given; plain data, safe to keep and to clone. */
export interface Draft {
  step_not_possible?: boolean;
  step_not_possible_details?: string;
  items: DraftItem[];
}

/** What a check of answers needs to know of a step. */
export type StepDemand = Pick<WorkflowStep, "work_items" | "allow_step_not_possible">;

/** What the server would store; `"<new>"` stands for ids that only it can give. */
export interface NormalizedCompletion {
  step_not_possible: boolean;
  step_not_possible_details: string | null;
  item_responses: Pick<WorkflowStepItemResponse, "item_id" | "photo_ids" | "written_response" | "dropdown_value">[];
  photos: Pick<WorkflowSubmissionPhoto, "item_id" | "file_name" | "content_type" | "size_bytes">[];
}

/** All that is wrong with a set of answers, in the order in which the server would find it. */
export interface Verdict {
  accepted: boolean;
  issues: Issue[];
  normalized: NormalizedCompletion | null;
}

/** What a camera file was before it was made small. */
export interface PhotoInfo {
  /** By the first bytes, never by the name: `"jpeg"`, `"png"`, `"heic"`, ... */
  format: string;
  size_bytes: number;
  width_px: number;
  height_px: number;
  /** The name of its colour profile, if it has one. Display P3 becomes sRGB, others are taken as they are. */
  profile?: string;
}

/** A small, upright JPEG without metadata. Nothing of it is stored yet: see `field.photos.save`. */
export interface PreparedPhoto {
  bytes: Uint8Array<ArrayBuffer>;
  file_name: string;
  content_type: "image/jpeg";
  width_px: number;
  height_px: number;
  size_bytes: number;
  sha256: string;
  before: PhotoInfo;
  /** Milliseconds from the call to the answer, the worker's start included. */
  ms: number;
  /** The photo as a part of a completion request, with its bytes as base64. */
  toUpload(): WorkflowPhotoUpload;
}

/** A photo that is on this device for good: a `DraftPhoto` to put into a draft, and its size. */
export interface SavedPhoto extends DraftPhoto {
  width_px: number;
  height_px: number;
}

export interface PreparePhotoOptions {
  /** Rejects the promise with the signal's reason and ends the work at once. */
  signal?: AbortSignal;
  /** Hears how much of a long photo has been read, at most ten times a second. */
  onProgress?: (readBytes: number, totalBytes: number) => void;
  /** Long edge of the result; 1600 by default. A picture is never enlarged. */
  edgePx?: number;
  /** Upper bound of the result in bytes, inclusive; 600 000 by default. */
  bytesMax?: number;
  /** How many photos the request will carry: they share `requestBytesMax`, 2 400 000 by default. */
  photosInRequest?: number;
  requestBytesMax?: number;
  /** The part of the upright picture that a viewfinder showed, from 0 to 1; its centre is cut to the item's ratio. */
  crop?: { x: number; y: number; width: number; height: number };
  /** Keeps the time of capture, and nothing else that the file tells. */
  keepTime?: boolean;
  /** A JPEG that is upright, in ratio, within its bounds and bare of metadata stays byte by byte. */
  keepFine?: boolean;
}

/** Where a queued submission stands (`outbox.h` State). */
export type OutboxState =
  | "queued"       // sealed, its turn is next; nothing of the present attempt has left
  | "waiting"      // the same, but not before `due_ms`; `why` says why
  | "probing"      // reading before sending
  | "staging"      // its photos go up ahead of it, in pieces that may go up any number of times
  | "sending"      // this attempt is on record; bytes may have left
  | "unknown"      // an attempt was made and its outcome is not known
  | "reconciling"  // reading to learn the outcome
  | "needs_fix"    // the server refused these answers and does not hold them
  | "needs_user"   // only a person can go on; `why` says what it is
  | "delivered"    // the server was seen to hold it; see `receipt`
  | "quarantined"  // what is on this device is not what was sealed: nothing is sent
  | "discarded"    // given up; can be undone until `due_ms`
  | "pruned";      // what it weighed is gone from this device; a receipt stays

/** Why a record waits, or what a person is needed for (`outbox.h` Why). */
export type OutboxWhy =
  | "none" | "unreachable" | "unreadable" | "auth" | "server_busy" | "server_error" | "interrupted" | "locked"
  | "quiet" | "store" | "rejected" | "too_large" | "refused" | "conflict" | "not_mine" | "closed" | "gone" | "policy"
  | "missed" | "lost" | "photo_missing" | "photo_damaged" | "taken_back" | "user" | "metered" | "no_staging";

/** How the server was seen to hold a submission (`outbox.h` Evidence). */
export type OutboxEvidence = "strong" | "medium" | "blind" | "state";

/** What a record asks of the server (`outbox.h` Kind). */
export type OutboxKind =
  | "complete" | "start" | "claim" | "unclaim" | "absence_create" | "absence_update" | "absence_delete";

/** What a person may do with a record now (`outbox.h` Action). */
export type OutboxAction = "retry" | "take_back" | "revise" | "discard" | "undo" | "prune";

/** One queued submission as a page shows it. */
export interface OutboxRecord {
  id: string;
  kind: Open<OutboxKind>;
  state: Open<OutboxState>;
  why: Open<OutboxWhy>;
  workflow_id: string;
  step_id: string;
  workflow_title: string;
  step_title: string;
  created_ms: number;
  /** When it goes on by itself; 0 when nothing is scheduled. Of a discarded one: when that is final. */
  due_ms: number;
  /** The next occurrence begins: work on this one may be lost from then on. 0: none. */
  deadline_ms: number;
  /** Sends that are on record. */
  attempts: number;
  /** Has failed so often that the person should know. */
  stuck: boolean;
  /** Photos that travel with it. */
  photos: number;
  /** Length of the body that is sent. */
  bytes: number;
  /** The last answer that was not what one hopes for, in the server's own words. */
  server: { status: number; text: string } | null;
  /** What proves the delivery. */
  receipt: { submission_id: string; evidence: Open<OutboxEvidence>; at_ms: number } | null;
  may: Open<OutboxAction>[];
  /** Of what concerns a series: unclaim and absences. */
  series_id?: string;
  step_order?: number;
  absent_from?: string;
  absent_until?: string;
}

/** The answer of `outbox.submit`: durable, or everything that is wrong (`issue` is the first). */
export type SubmitOutcome =
  | { ok: true; value: OutboxRecord }
  | { ok: false; issue: Issue; issues: Issue[] };

/** Why there is no value; `issue` is the first of the issues. */
export interface Refusal {
  ok: false;
  issue: Issue;
  issues: Issue[];
}

/** What the server did, or everything that spoke against it. */
export type Change<T> = { ok: true; value: T } | Refusal;

/** A value, and where it came from: fresh from the server, or the copy of the last read. */
export type Reading<T> = { ok: true; value: T; from: "server" | "device"; readAtMs: number } | Refusal;

export type WorkflowOutcome = Reading<Workflow>;

/** What a device that has read only a part may lack. */
export type Fact = "occurrences" | "steps" | "credentials" | "absences";

/** What the server will say, as far as this device can know. */
export interface Prediction {
  /** `unknown` lacks the facts in `missing`, and never stands in a person's way. */
  expectation: "allowed" | "refused" | "unknown";
  /** All reasons of `refused`, in the order in which the server looks. */
  issues: Issue[];
  missing: Fact[];
  /** The status that the server will refuse with. */
  status?: number;
  /** The workflows that were read and will change, as they will be. */
  workflows: Workflow[];
  absence?: AbsencePeriod;
  released_count?: number;
  skipped_count?: number;
}

/** What is there for this account among all that this device has read. */
export interface Discovery {
  /** In the order of the server's list; `unread` is a card whose whole document was never read. */
  listed: { workflow_id: string; reason: "mine_active" | "mine" | "claimable" | "supervised" | "unread" }[];
  /** Why the rest is not: the first reason, by step; `step_id` is `""` for a workflow as a whole. */
  not_mine: { workflow_id: string; step_id: string; code: CoreIssueCode }[];
  /** Ids of those that owe this account a bounty, the oldest first. */
  unpaid: string[];
}

/** A number as people read it. */
export interface FormattedAmount {
  /** Without grouping, e.g. `"0.5"`. */
  text: string;
  symbol: string;
}
