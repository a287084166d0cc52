// SPDX-License-Identifier: MIT
// What `createField` takes and gives.

import type { Clock, Entropy, Store, Transport } from "./ports.js";
import type {
  Draft, Issue, Outcome, OutboxRecord, PreparePhotoOptions, PreparedPhoto, SavedPhoto, StepDemand, SubmitOutcome,
  Verdict, Workflow, WorkflowOutcome, WorkflowStep, WorkflowWorkItem,
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
  /** The bearer token, asked before each request: `Authorization: Bearer ...`. */
  token?: () => string | Promise<string>;
  /** All headers of the host's own, asked before each request; instead of `token` or beside it. */
  headers?: () => HeadersInit | Promise<HeadersInit>;
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
  readonly photos: Photos;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  /** Stops the outbox, ends the worker, closes the store. Nothing that was saved is lost. */
  close(): Promise<void>;
}

export interface Workflows {
  /** Reads a workflow; without an answer it gives the copy of the last read (`from: "device"`). */
  get(workflowId: string, options?: { signal?: AbortSignal }): Promise<WorkflowOutcome>;
  /** The copy of the last read, without asking the server. */
  saved(workflowId: string): Promise<WorkflowOutcome | undefined>;
  /** Claims a step. A refused claim that turns out to be ours already counts as made. */
  claim(workflowId: string, stepId: string, options?: { signal?: AbortSignal }): Promise<WorkflowOutcome>;
  /** Starts a claimed step. */
  start(workflowId: string, stepId: string, options?: { signal?: AbortSignal }): Promise<WorkflowOutcome>;
}

export interface Photos {
  /** Keeps a photo for good: resolves after it was written, flushed, read back and compared. */
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
