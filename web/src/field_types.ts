// SPDX-License-Identifier: MIT
// What `createField` takes and gives.

import type { Clock, Entropy, Store, Transport } from "./ports.js";
import type {
  AbsenceChange, AbsenceDates, AbsencePeriod, AbsencePeriodRequest, Amount, Change, CredentialRequest, Discovery, Draft,
  FormattedAmount, Improver, ImproverRequest, Issue, Outcome, OutboxRecord, Prediction, PreparePhotoOptions, PreparedPhoto,
  ProfileName, Reading, SavedPhoto, StepDemand, SubmitOutcome, UnclaimResult, UnixSeconds, Verdict, Workflow,
  WorkflowList, WorkflowOutcome, WorkflowStep, WorkflowWorkItem,
} from "./types.js";
import type { WasmSource } from "./wasm/source.js";

/** Where the two modules and the worker come from, when the bundler's own way does not fit. */
export interface FieldAssets {
  rulesWasm?: WasmSource;
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
  /** What the server will say, as far as this device can know: by the server's own rules, without a network. */
  readonly predict: Predict;
  /** What is there for this account among all that this device has read, and why the rest is not. */
  discover(): Promise<Outcome<Discovery>>;
  /** From this second on, work on the workflow may be lost: its next occurrence begins. `null`: never. */
  deadline(workflow: Pick<Workflow, "recurrence" | "start_at">): UnixSeconds | null;
  /** The amount as people read it: `"50000000000000000000"` as documented and `"50"` live are both 50. */
  formatAmount(amount: Amount): FormattedAmount;
  readonly photos: Photos;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
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
  /** Keeps a photo for good: resolves after it was written, flushed, read back and compared. */
  save(photo: PreparedPhoto): Promise<Outcome<SavedPhoto>>;
  /** The bytes; `undefined` when they are not here or not whole. */
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  remove(key: string): Promise<void>;
}

/** Answers in work, one draft a step. Save before the camera opens: phones end pages behind it. */
export interface Drafts {
  save(workflowId: string, stepId: string, draft: Draft): Promise<Outcome<void>>;
  get(workflowId: string, stepId: string): Promise<Draft | undefined>;
  remove(workflowId: string, stepId: string): Promise<void>;
}

export interface Submission {
  workflow: Pick<Workflow, "id" | "title" | "recurrence" | "start_at">;
  step: Pick<WorkflowStep, "id" | "title" | "allow_step_not_possible" | "work_items">;
  draft: Draft;
}

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
}

/** The queue: the only sender of completions. */
export interface Outbox extends EventTarget {
  /** Seals the answers. Resolves when they are durable: "Saved on this device". Sends nothing itself. */
  submit(submission: Submission): Promise<SubmitOutcome>;
  /** All records, oldest first, as they stand; cheap. */
  records(): readonly OutboxRecord[];
  /** The person asks for a try now. */
  retry(id: string): Promise<Outcome<OutboxRecord>>;
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
