// SPDX-License-Identifier: MIT
// The core's queue behind typed functions: `api_outbox.h` with its texts made and read, and with the
// clock and the entropy that every call wants.

import { entropyNumber } from "../clock.js";
import type { QueueView } from "../field_types.js";
import type { Clock, Entropy } from "../ports.js";
import type { RulesModule } from "../rules/load.js";
import type { Draft, Issue, OutboxRecord } from "../types.js";
import type {
  AdvanceReply, ExportReply, LeaseEvent, LeaseReply, NextReply, OutboxEvent, QueueEvent, QueueReply, SealReply,
} from "./core_words.js";

export type Bytes = Uint8Array;
/** Opaque to all but the core. */
export interface RecordBytes {
  record: Bytes;
  summary: Bytes;
}

export interface OutboxCore {
  queue(queue: Bytes, event: QueueEvent): { queue: Bytes; view: QueueView };
  /** A new record, or with `before` the same one with other content. */
  seal(queue: Bytes, summaries: Bytes, before: Bytes, input: object): RecordBytes & { reply: SealReply };
  adopt(queue: Bytes, summaries: Bytes, record: Bytes): RecordBytes & { reply: SealReply };
  advance(queue: Bytes, record: Bytes, event: OutboxEvent): RecordBytes & { queue: Bytes; reply: AdvanceReply };
  next(queue: Bytes, summaries: Bytes): NextReply;
  view(record: Bytes): OutboxRecord | { issue: Issue };
  draft(record: Bytes): Draft;
  exported(record: Bytes): ExportReply | { issue: Issue };
  lease(row: Bytes, owner: string, event: LeaseEvent): LeaseReply & { row: Bytes };
}

export interface CoreParts {
  account: string;
  apiBase: string;
  rules: RulesModule;
  clock: Clock;
  entropy: Entropy;
  retentionMs?: number | undefined;
}

export function outboxCore({ account, apiBase, rules, clock, entropy, retentionMs }: CoreParts): OutboxCore {
  const owner = { account, api_base: apiBase };
  const inputs = () => ({
    now_ms: Math.round(clock.nowMs()), entropy: entropyNumber(entropy), ...(retentionMs !== undefined && { retention_ms: retentionMs }),
  });
  return {
    queue(queue, event) {
      const reply = rules.outbox_queue(queue, JSON.stringify({ ...event, ...owner, ...inputs() }));
      return { queue: reply.queue, view: (JSON.parse(reply.json) as QueueReply).queue };
    },
    seal(queue, summaries, before, input) {
      const { record, summary, json } = rules.outbox_seal(queue, summaries, before, JSON.stringify({ ...input, ...inputs() }));
      return { record, summary, reply: JSON.parse(json) as SealReply };
    },
    adopt(queue, summaries, bytes) {
      const { record, summary, json } = rules.outbox_import(queue, summaries, bytes, JSON.stringify(inputs()));
      return { record, summary, reply: JSON.parse(json) as SealReply };
    },
    advance(queue, record, event) {
      const { body = "", ...facts } = event as OutboxEvent & { body?: string };
      const { json, ...bytes } = rules.outbox_advance(queue, record, JSON.stringify({ ...facts, ...inputs() }), body);
      return { ...bytes, reply: JSON.parse(json) as AdvanceReply };
    },
    next: (queue, summaries) => JSON.parse(rules.outbox_next(queue, summaries, Math.round(clock.nowMs()))) as NextReply,
    view: (record) => JSON.parse(rules.outbox_view(record)) as OutboxRecord | { issue: Issue },
    draft: (record) => JSON.parse(rules.outbox_draft(record)) as Draft,
    exported: (record) => JSON.parse(rules.outbox_export(record)) as ExportReply | { issue: Issue },
    lease(row, page, event) {
      const reply = rules.outbox_lease(row, JSON.stringify({ ...event, owner: page, ...inputs() }));
      return { row: reply.record, ...(JSON.parse(reply.json) as LeaseReply) };
    },
  };
}

/** Records of one schema begin with the same bytes: four that name the format, two of its version. */
export function isSameSchema(a: Bytes, b: Bytes): boolean {
  return a.subarray(0, 6).every((byte, i) => byte === b[i]);
}
