// SPDX-License-Identifier: MIT
// What the package needs from the world. Each port has a default for browsers, and one for tests in
// `sfluv-field/testing`; a host may bring its own.

/** Where a row lives. Keys are unique within a table. `previous` holds records as an older version wrote them. */
export type StoreTable = "records" | "summaries" | "previous" | "photos" | "chunks" | "documents" | "meta";

/** One change of a batch; `bytes: null` removes the row. */
export interface StoreChange {
  table: StoreTable;
  key: string;
  bytes: Uint8Array | null;
}

/** A row as it must still be for a batch to take effect; `bytes: null` means that it must be absent. */
export type StoreExpectation = StoreChange;

/**
 * Rows of bytes on this device. Bytes, never Blobs: iOS loses Blobs, private windows refuse them.
 * Every promise rejects with a `StoreError` when the device did not do it.
 */
export interface Store {
  get(table: StoreTable, key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** All rows whose key starts with `prefix`, in the order of their keys. */
  list(table: StoreTable, prefix?: string): Promise<{ key: string; bytes: Uint8Array<ArrayBuffer> }[]>;
  /**
   * Everything or nothing, and durable when it resolves: flushed to the disk, not merely accepted.
   * When a row differs from `onlyIf` nothing is written and the promise rejects with `conflict`.
   */
  write(changes: StoreChange[], onlyIf?: StoreExpectation[]): Promise<void>;
  close(): void;
}

/**
 * Why a store did not do what it was asked. `full` covers all that may be a lack of room, since
 * browsers do not tell; `unavailable` is a database that does not open or open again; `blocked` waits
 * for a page of an older version to close, `outdated` is that older page.
 */
export type StoreErrorReason =
  | "conflict" | "full" | "unavailable" | "blocked" | "outdated" | "closed" | "damaged";

export class StoreError extends Error {
  override readonly name = "StoreError";
  constructor(readonly reason: StoreErrorReason, options?: ErrorOptions) {
    super(`The store answered: ${reason}`, options);
  }
}

/** One request, complete: headers are those that the host gave for it. */
export interface RequestPlan {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: string;
  headers: Headers;
  /** Of known length and type, made of parts; `null` when there is none. Never a stream. */
  body: Blob | null;
}

/** What a server answered, whatever its status. */
export interface TransportAnswer {
  status: number;
  headers: Headers;
  /** The exact text of the body; never parsed outside the core. */
  text: string;
}

export interface TransportOptions {
  /** Bytes handed to the operating system so far: "handing over", never "delivered". */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
  signal?: AbortSignal;
  /** Give up when no byte moved for this long. */
  stallMs?: number;
  /** Give up when no answer came for this long after the last byte that moved. */
  answerMs?: number;
}

/**
 * Sends one request. Rejects when there is no answer, for whatever reason: no reason can be told
 * from another, and an abort recalls nothing. Must have its own deadline.
 */
export interface Transport {
  send(plan: RequestPlan, options?: TransportOptions): Promise<TransportAnswer>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Runs `run` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** One page of this browser at a time. */
export interface Locks {
  /** `false` where the browser has no locks: `alone` always runs, and others must be kept away by the store. */
  readonly areExclusive: boolean;
  /**
   * Runs `work` while nobody else runs under `name` and answers `true`; answers `false` at once when
   * somebody does. With `steal` the name is taken from whoever has it, whose `lost` signal then aborts:
   * a page that was frozen in the middle of its work would keep it for ever.
   */
  alone(name: string, work: (lost: AbortSignal) => Promise<void>, options?: { steal?: boolean }): Promise<boolean>;
}

/** `count` unpredictable bytes. */
export type Entropy = (count: number) => Uint8Array;
