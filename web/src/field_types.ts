// SPDX-License-Identifier: MIT
// What `createField` takes and gives.

import type { Clock, Entropy, Locks, Store, Transport } from "./ports.js";
import type {
  AbsenceChange, AbsenceDates, AbsencePeriod, AbsencePeriodRequest, Amount, Change, CredentialRequest, Discovery, Draft,
  FormattedAmount, Improver, ImproverRequest, Issue, Open, Outcome, OutboxRecord, OutboxWhy, Prediction, PreparePhotoOptions,
  PreparedPhoto, ProfileName, ProposalContext, ProposalDraft, ProposalVerdict, Reading, RewardsAccountVerdict, SavedPhoto,
  StepDemand, SubmitOutcome, UnclaimResult, UnixSeconds, Verdict, VoteChoice, Workflow, WorkflowList, WorkflowOutcome,
  WorkflowStep, WorkflowWorkItem,
} from "./types.js";
import type { WasmSource } from "./wasm/source.js";

/** Where the three modules and the worker come from, when the bundler's own way does not fit. */
export interface FieldAssets {
  rulesWasm?: WasmSource;
  proposalsWasm?: WasmSource;
  photoWasm?: WasmSource;
  /**
   * The photo worker: its address, a way to make one, or one that is ready. A function is best: an
   * aborted photo ends its worker, and an idle worker is ended to give its memory back.
   */
  photoWorker?: URL | string | Worker | (() => Worker);
}

export interface FieldOptions {
  /** Base address of the API, e.g. `https://api.sfluv.com`. */
  apiBase: string;
  /** Who works here: the improver's user id. Queued work belongs to it and is never sent by another. */
  account: string;
  /**
   * How the server behaves. `live` is the live system of today: the token travels as `Access-Token`,
   * amounts are whole tokens, and predictions follow its rules.
   */
  profile?: ProfileName;
  /** The token, asked before each request: `Authorization: Bearer ...`. */
  token?: () => string | Promise<string>;
  /** All headers of the host's own, asked before each request; instead of `token` or beside it. */
  headers?: () => HeadersInit | Promise<HeadersInit>;
  /** What the account may claim steps with, where the host knows it; predictions of claims ask for it. */
  credentials?: () => readonly string[] | undefined;
  assets?: FieldAssets;
  store?: Store;
  transport?: Transport;
  clock?: Clock;
  entropy?: Entropy;
  /** `false`: nothing is sent before `field.outbox.start()`. */
  autoStart?: boolean;
  locks?: Locks;
  /** How long photos stay after their delivery; 7 days by default, 45 at most. */
  retentionMs?: number;
  /** Does sending cost the person? Asked for "Wi-Fi only"; by default what the browser says, if it does. */
  isMetered?: () => boolean | undefined;
}

export interface Field {
  readonly account: string;
  readonly apiBase: string;
  /** Why this browser cannot keep work, found by a self-test at the start; `null` when it can. */
  readonly storageIssue: Issue | null;
  /** Are these answers complete? Synchronous, pure and cheap: call it on every key stroke. */
  checkCompletion(step: StepDemand, draft: Draft): Verdict;
  /** Makes a small, upright, private JPEG of any camera file, in a worker, one at a time. */
  preparePhoto(file: Blob, item: Pick<WorkflowWorkItem, "photo_aspect_ratio">, options?: PreparePhotoOptions): Promise<Outcome<PreparedPhoto>>;
  readonly workflows: Workflows;
  readonly absencePeriods: AbsencePeriods;
  readonly improvers: Improvers;
  readonly credentialRequests: CredentialRequests;
  readonly proposals: Proposals;
  readonly votes: Votes;
  /** Is this an address to be paid to? With its checksum if it is; call it on every key stroke. */
  checkRewardsAccount(address: string): RewardsAccountVerdict;
  /** What the server will say, as far as this device can know: by the server's own rules, without a network. */
  readonly predict: Predict;
  /** What is there for this account among all that this device has read, and why the rest is not. */
  discover(): Promise<Outcome<Discovery>>;
  /** From this second on, work on the workflow may be lost: its next occurrence begins. `null`: never. */
  deadline(workflow: Pick<Workflow, "recurrence" | "start_at">): UnixSeconds | null;
  /** The amount as people read it: `"50000000000000000000"` as documented and `"50"` live are both 50. */
  formatAmount(amount: Amount): FormattedAmount;
  /** What was typed in that unit, with a point before its fraction; `null` when it is no amount. */
  parseAmount(typed: string): Amount | null;
  readonly photos: Photos;
  readonly storage: StorageMeter;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  /** Other accounts of this API with work on this device; it waits for them. */
  otherAccounts(): Promise<{ account: string; undelivered: number }[]>;
  /**
   * Locks the queue in all pages and removes the copies of documents; `undelivered` is what stays and
   * waits for this account. Signing in is `createField` again, with `autoStart`.
   */
  signOut(): Promise<Outcome<{ undelivered: number }>>;
  /** Stops the outbox, ends the worker, closes the store. Nothing that was saved is lost. */
  close(): Promise<void>;
}

export interface RequestOptions {
  /** Rejects the promise with the signal's reason; a request that is under way is not recalled. */
  signal?: AbortSignal;
}

/**
 * Workflows and their steps. Reads answer from the server, or from the copy of the last read where it
 * says nothing to the point (`from: "device"`). Completing a step is `field.outbox.submit`.
 */
export interface Workflows {
  /** GET /workflows/{id}. */
  get(workflowId: string, options?: RequestOptions): Promise<WorkflowOutcome>;
  /** The last copy, without asking the server; also out of a list that held the whole document. */
  saved(workflowId: string): Promise<WorkflowOutcome | undefined>;
  /** GET /improvers/workflows: where this account holds a step, may claim one, or supervises. */
  discover(options?: RequestOptions): Promise<Reading<WorkflowList>>;
  /** GET /improvers/unpaid-workflows: with completed steps of this account that are not paid yet. */
  unpaid(options?: RequestOptions): Promise<Reading<WorkflowList>>;
  /** GET /workflows/active: approved, blocked, in progress, or completed and not yet paid out. */
  active(options?: RequestOptions): Promise<Reading<WorkflowList>>;
  /** POST .../claim. A refused claim that turns out to be ours already counts as made. */
  claim(workflowId: string, stepId: string, options?: RequestOptions): Promise<WorkflowOutcome>;
  /** POST .../start: starts a claimed step. */
  start(workflowId: string, stepId: string, options?: RequestOptions): Promise<WorkflowOutcome>;
  /** POST .../payout-request: asks for a failed payout again. Never queued: it is only worth asking now. */
  payoutRequest(workflowId: string, stepId: string, options?: RequestOptions): Promise<WorkflowOutcome>;
  /** POST /improvers/workflow-series/unclaim: gives back all steps of a series that have not begun. */
  unclaim(seriesId: string, stepOrder: number, options?: RequestOptions): Promise<Change<UnclaimResult>>;
}

/** /improvers/workflows/absence-periods: absences from recurring work. */
export interface AbsencePeriods {
  list(options?: RequestOptions): Promise<Reading<AbsencePeriod[]>>;
  create(request: AbsencePeriodRequest, options?: RequestOptions): Promise<Change<AbsenceChange>>;
  update(absenceId: string, dates: AbsenceDates, options?: RequestOptions): Promise<Change<AbsenceChange>>;
  delete(absenceId: string, options?: RequestOptions): Promise<Change<void>>;
}

export interface Improvers {
  /** POST /improvers/request: asks to become an improver. */
  request(request: ImproverRequest, options?: RequestOptions): Promise<Change<Improver>>;
  /** PUT /improvers/primary-rewards-account: the Ethereum address that bounties are paid to. */
  setPrimaryRewardsAccount(address: string, options?: RequestOptions): Promise<Change<Improver>>;
}

/** /improvers/credential-requests. */
export interface CredentialRequests {
  list(options?: RequestOptions): Promise<Reading<CredentialRequest[]>>;
  create(credentialType: string, options?: RequestOptions): Promise<Change<CredentialRequest>>;
}

/** A proposal on this device. */
export interface SavedProposal {
  id: string;
  draft: ProposalDraft;
  /** It was sent, and what came of it is not known: the next `propose` looks before it sends. */
  isUnclear: boolean;
}

/** Proposals in work, each under a name of the host's own. */
export interface ProposalDrafts {
  save(id: string, draft: ProposalDraft): Promise<Outcome<void>>;
  get(id: string): Promise<ProposalDraft | undefined>;
  remove(id: string): Promise<void>;
  list(): Promise<SavedProposal[]>;
}

/** /proposers/workflows: proposing work, and what becomes of it. Proposals are never queued. */
export interface Proposals {
  /**
   * May this become work, and at what cost? Cheap: call it on every key stroke. The first call loads the rules of
   * proposals, and rejects with `SfluvLoadError` where they cannot be loaded.
   */
  check(draft: ProposalDraft, context: ProposalContext): Promise<ProposalVerdict>;
  readonly drafts: ProposalDrafts;
  /**
   * Sends the draft of this name, which is gone when it was taken. After an unclear end
   * (`proposal_unclear`) the next call compares the server's list with it and sends nothing that is there.
   */
  propose(draftId: string, context: ProposalContext, options?: RequestOptions): Promise<Change<Workflow>>;
  /** GET: all of this account's, whatever their status. */
  list(options?: RequestOptions): Promise<Reading<WorkflowList>>;
  get(workflowId: string, options?: RequestOptions): Promise<WorkflowOutcome>;
  /** DELETE: only what is still voted on. */
  withdraw(workflowId: string, options?: RequestOptions): Promise<Change<void>>;
}

/** Votes about proposals, on the live system's paths: the documents name none. */
export interface Votes {
  /** GET /voters/workflows: what is to be decided. */
  pending(options?: RequestOptions): Promise<Reading<WorkflowList>>;
  get(workflowId: string, options?: RequestOptions): Promise<WorkflowOutcome>;
  /** POST /workflows/{id}/votes: votes, or votes otherwise; never queued. */
  cast(workflowId: string, decision: VoteChoice, options?: RequestOptions): Promise<WorkflowOutcome>;
}

/** One call for each action; all of them look at what this device has read, and change nothing. */
export interface Predict {
  claim(workflowId: string, stepId: string): Promise<Outcome<Prediction>>;
  start(workflowId: string, stepId: string): Promise<Outcome<Prediction>>;
  complete(workflowId: string, stepId: string, draft: Draft): Promise<Outcome<Prediction>>;
  payoutRequest(workflowId: string, stepId: string): Promise<Outcome<Prediction>>;
  unclaim(seriesId: string, stepOrder: number): Promise<Outcome<Prediction>>;
  createAbsencePeriod(request: AbsencePeriodRequest): Promise<Outcome<Prediction>>;
  updateAbsencePeriod(absenceId: string, dates: AbsenceDates): Promise<Outcome<Prediction>>;
  deleteAbsencePeriod(absenceId: string): Promise<Outcome<Prediction>>;
}

export interface Photos {
  /**
   * Keeps a photo for good: resolves after it was written, flushed, read back and compared. Where room is
   * short, photos of delivered records go first; `storage_full` when that is not enough.
   */
  save(photo: PreparedPhoto): Promise<Outcome<SavedPhoto>>;
  /** The bytes; `undefined` when they are not here or not whole. */
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  remove(key: string): Promise<void>;
  /**
   * Makes the first photo as quick as the later ones: call it when a camera view opens. Rejects with
   * `SfluvLoadError` when the module cannot be loaded.
   */
  warmUp(): Promise<void>;
}

export interface StorageReport {
  /** `low`: warn. `full`: no further photos are taken; answers still are. */
  level: "ok" | "low" | "full";
  /** What the site uses as the browser says, or as we count where it says nothing. */
  usedBytes: number;
  freeBytes: number;
  /** What our photos weigh. */
  ownBytes: number;
  /** Further photos that fit. */
  photosLeft: number;
  /** Has the browser promised not to clear this by itself? `null`: it does not say. */
  isPersistent: boolean | null;
}

/** Room for work on this device. Clearing the site's data, or losing the phone, loses it all the same. */
export interface StorageMeter {
  report(): Promise<StorageReport>;
  /** Asks the browser to keep the data; done by itself with the first submission. */
  askToPersist(): void;
}

/** A draft on this device, or the copy of one that another page had changed meanwhile. */
export interface SavedDraft {
  workflowId: string;
  stepId: string;
  copy?: string;
  draft: Draft;
}

/** Answers in work, one draft a step. Save before the camera opens: phones end pages behind it. */
export interface Drafts {
  /**
   * Keeps the draft. Where another page has saved one that this page has not read, that one stays and this
   * one is kept beside it: `draft_changed_elsewhere` names the copy.
   */
  save(workflowId: string, stepId: string, draft: Draft): Promise<Outcome<void>>;
  get(workflowId: string, stepId: string, copy?: string): Promise<Draft | undefined>;
  /** One that was changed elsewhere since it was read here stays. */
  remove(workflowId: string, stepId: string, copy?: string): Promise<void>;
  /** All drafts of this account, copies too. */
  list(): Promise<SavedDraft[]>;
}

type WorkflowRef = Pick<Workflow, "id" | "title" | "series_id" | "recurrence" | "start_at">;

export interface Submission {
  workflow: WorkflowRef;
  step: Pick<WorkflowStep, "id" | "title" | "allow_step_not_possible" | "work_items">;
  draft: Draft;
}

type StepRef = Pick<WorkflowStep, "id" | "title">;

/**
 * What may be asked of the server later, besides a completion; with what has to be seen when it is read
 * back for the record to become `delivered`. A payout request is none: it is only worth asking now.
 */
export type Wish =
  /** The step is this account's. Until then it is a wish and no work should be done for it: others may be quicker. */
  | { kind: "claim"; workflow: WorkflowRef; step: StepRef }
  /** The step is this account's, and in progress or done. */
  | { kind: "start"; workflow: WorkflowRef; step: StepRef }
  /** In `workflow`, an occurrence in which the step is this account's, it is not any more. */
  | { kind: "unclaim"; workflow: WorkflowRef; series_id: string; step_order: number }
  /** The absences of this account have one of this series, step and dates. */
  | { kind: "absence_create"; series_id: string; step_order: number; absent_from: string; absent_until: string }
  /** They have this one with these dates. */
  | {
    kind: "absence_update"; series_id: string; step_order: number; absence_id: string;
    absent_from: string; absent_until: string;
  }
  /** They do not have it any more. */
  | { kind: "absence_delete"; series_id: string; step_order: number; absence_id: string };

/** A record came, went or changed; `record` is `null` when it went. */
export interface OutboxChange extends Event {
  readonly id: string;
  readonly record: OutboxRecord | null;
}

/** Bytes of a send handed to the operating system: "handing over", never "delivered". At most 4 a second. */
export interface OutboxProgress extends Event {
  readonly id: string;
  readonly sentBytes: number;
  readonly totalBytes: number;
}

export interface OutboxEventMap {
  change: OutboxChange;
  progress: OutboxProgress;
  /** Pauses, switches or counts changed: see `status()`. */
  status: Event;
}

/** What holds for all records (`outbox_queue.h` Queue). */
export interface QueueView {
  state: Open<"running" | "paused">;
  why: Open<OutboxWhy>;
  /** When the pause ends by itself; 0 when it does not. */
  until_ms: number;
  /** When the server last said something to the point; 0: never. */
  contact_ms: number;
  /** The person paused sending. */
  user: boolean;
  /** Sending waits for Wi-Fi. */
  metered: boolean;
}

export interface OutboxStatus extends QueueView {
  /** Everything that is not delivered and not given up: the number for a badge. */
  undelivered: number;
  /** Those whose next occurrence begins soon, by id. */
  endangered: string[];
  /** Those that wait for an earlier one of their step or series, by id. */
  behind: string[];
  wifiOnly: boolean;
  /** Signed out on this device: nothing is sent until somebody signs in. */
  isLocked: boolean;
}

/** A proof of delivery to show. */
export interface Receipt extends NonNullable<OutboxRecord["receipt"]> {
  id: string;
  workflow_title: string;
  step_title: string;
}

export interface ImportReport {
  imported: OutboxRecord[];
  /** Ids of records that are on this device already. */
  alreadyHere: string[];
  refused: { name: string; issue: Issue }[];
}

/** The queue: the only sender of completions. */
export interface Outbox extends EventTarget {
  /**
   * Seals the answers. Resolves when they are durable, read back and compared: "Saved on this device". The
   * step's draft goes in the same moment. With `revises`, a refused record gets these answers instead.
   */
  submit(submission: Submission, options?: { revises?: string }): Promise<SubmitOutcome>;
  /** The same for what has no answers. */
  request(wish: Wish): Promise<SubmitOutcome>;
  /** All records, oldest first, as they stand; cheap. */
  records(): readonly OutboxRecord[];
  status(): OutboxStatus;
  /** Every change from now on, until `signal` aborts. Who is slow gets the last state of each record. */
  changes(signal?: AbortSignal): AsyncIterable<{ id: string; record: OutboxRecord | null }>;
  /** The person asks for a try now. Resolves when it was made, or cannot be made now, with what came of it. */
  retry(id: string): Promise<Outcome<OutboxRecord>>;
  /** The same for all that may be tried; does not wait for the tries. */
  retryAll(): Promise<Outcome<void>>;
  /** The answers in a record, to show or to correct. */
  draftOf(id: string): Outcome<Draft>;
  /** Makes a draft of a record of which nothing has left; the record is gone. */
  takeBack(id: string): Promise<Outcome<SavedDraft>>;
  /** A new draft with the answers and photos of a record, which stays as it is. */
  copyAsDraft(id: string): Promise<Outcome<SavedDraft>>;
  /** Gives a record up; `undo` is possible until its `due_ms`. */
  discard(id: string): Promise<Outcome<OutboxRecord>>;
  undo(id: string): Promise<Outcome<OutboxRecord>>;
  /** Frees what a delivered record weighs; the receipt stays. */
  prune(id: string): Promise<Outcome<OutboxRecord>>;
  /** A ZIP of these records, or of all, with photos, journal and digests; written while it is read. */
  export(ids?: readonly string[]): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Takes in what `export` gave, here or on another device. What was delivered there is found here. */
  import(file: Blob): Promise<Outcome<ImportReport>>;
  receipts(): Receipt[];
  /** For supporters: versions, room, states and journals; no answers, no photos. */
  diagnostics(): Promise<string>;
  /** The person's switch: nothing is sent, from any page, until `resume`. */
  pause(): Promise<Outcome<void>>;
  resume(): Promise<Outcome<void>>;
  /** Refused with `network_not_told` where the browser does not tell Wi-Fi from mobile data. */
  setWifiOnly(isOn: boolean): Promise<Outcome<void>>;
  /** There is a new token, or the policy was accepted: what waited for it goes on. */
  signedIn(): void;
  /** Begins to send what is due, until `stop`; `createField` does it unless told otherwise. */
  start(): void;
  /** Sends nothing new from this page. Resolves when the request in flight, if any, has ended. */
  stop(): Promise<void>;
  addEventListener<K extends keyof OutboxEventMap>(
    type: K, listener: (event: OutboxEventMap[K]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(
    type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof OutboxEventMap>(
    type: K, listener: (event: OutboxEventMap[K]) => void, options?: boolean | EventListenerOptions): void;
  removeEventListener(
    type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | EventListenerOptions): void;
}
