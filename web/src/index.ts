// SPDX-License-Identifier: MIT
// The public API of sfluv-field.

export { createField } from "./field.js";
export { toBigInt } from "./amount.js";
export type {
  AbsencePeriods, CredentialRequests, Drafts, Field, FieldAssets, FieldOptions, Improvers, Outbox, OutboxChange,
  OutboxEventMap, OutboxProgress, Photos, Predict, RequestOptions, Submission, Workflows,
} from "./field_types.js";
export { loadRules } from "./rules/load.js";
export type { Action, Answers, Knowledge, Rules } from "./rules/load.js";
export { SfluvLoadError } from "./wasm/errors.js";
export type { LoadErrorCode } from "./wasm/errors.js";
export type { WasmSource } from "./wasm/source.js";
export { formatIssue, formatOutbox } from "./messages/format.js";
export type { Message, Messages } from "./messages/types.js";
export { indexedDbStore } from "./store/indexed_db.js";
export { webTransport } from "./transport/web.js";
export { StoreError } from "./ports.js";
export type * from "./ports.js";
export type * from "./types.js";
