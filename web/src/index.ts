// SPDX-License-Identifier: MIT
// The public API of sfluv-field.

export { createField } from "./field.js";
export { toBigInt } from "./amount.js";
export type {
  AbsencePeriods, CredentialRequests, Drafts, Field, FieldAssets, FieldOptions, ImportReport, Improvers, Outbox, OutboxChange,
  OutboxEventMap, OutboxProgress, OutboxStatus, Photos, Predict, ProposalDrafts, Proposals, QueueView, Receipt, RequestOptions,
  SavedDraft, SavedProposal, StorageMeter, StorageReport, Submission, Votes, Wish, Workflows,
} from "./field_types.js";
export { loadRules } from "./rules/load.js";
export type { Action, Answers, Knowledge, Rules } from "./rules/load.js";
export { loadProposalRules } from "./rules/proposals.js";
export type { ProposalRules, Proposer } from "./rules/proposals.js";
export { SfluvLoadError } from "./wasm/load_error.js";
export type { LoadErrorCode } from "./wasm/load_failure.js";
export type { WasmSource } from "./wasm/source.js";
export { figuresOf } from "./figures.js";
export type { Figures } from "./figures.js";
export { formatIssue, formatOutbox, formatText } from "./messages/format.js";
export type { Message, Messages, Plural } from "./messages/types.js";
export { databaseName, indexedDbStore } from "./store/indexed_db.js";
export { webTransport } from "./transport/web.js";
export { fromFetch } from "./transport/from_fetch.js";
export type { FetchLike } from "./transport/from_fetch.js";
export { webLocks } from "./locks.js";
export { systemClock } from "./clock.js";
export { StoreError } from "./ports.js";
export type * from "./ports.js";
export type * from "./types.js";
