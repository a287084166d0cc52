// SPDX-License-Identifier: MIT
// The public API of sfluv-field.

export { createField } from "./field.js";
export type {
  Drafts, Field, FieldAssets, FieldOptions, ImportReport, Outbox, OutboxChange, OutboxEventMap, OutboxProgress, OutboxStatus,
  Photos, QueueView, Receipt, SavedDraft, StorageMeter, StorageReport, Submission, Wish, Workflows,
} from "./field_types.js";
export { loadRules } from "./rules/load.js";
export type { Rules } from "./rules/load.js";
export { SfluvLoadError } from "./wasm/errors.js";
export type { LoadErrorCode } from "./wasm/errors.js";
export type { WasmSource } from "./wasm/source.js";
export { formatIssue, formatOutbox } from "./messages/format.js";
export type { Message, Messages } from "./messages/types.js";
export { databaseName, indexedDbStore } from "./store/indexed_db.js";
export { webTransport } from "./transport/web.js";
export { fromFetch } from "./transport/from_fetch.js";
export type { FetchLike } from "./transport/from_fetch.js";
export { webLocks } from "./locks.js";
export { systemClock } from "./clock.js";
export { StoreError } from "./ports.js";
export type * from "./ports.js";
export type * from "./types.js";
