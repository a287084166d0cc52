// SPDX-License-Identifier: MIT
// What the core's queue says, as types (`api_outbox.h`).

import type { QueueView } from "../field_types.js";
import type { Issue, OutboxAction, OutboxRecord } from "../types.js";
import type { BodyPart } from "./body.js";

export type Effect =
  | { type: "persist"; token: number }
  | { type: "read"; path: string; answer_ms: number }
  | {
    type: "send"; method: "POST" | "PUT" | "DELETE"; path: string; body: BodyPart[]; bytes: number; attempt: number;
    stall_ms: number; answer_ms: number;
  }
  | { type: "remove"; photos: string[] }
  | { type: "wake_at"; at_ms: number };

/** Without `now_ms` and `entropy`, which every event gets. */
export type OutboxEvent =
  | { type: "wake" | "interrupted" | "removed" }
  | { type: "ask"; action: Exclude<OutboxAction, "revise"> }
  | { type: "stored" | "store_failed"; token: number }
  | { type: "unreachable"; op: "read" | "send"; /** It ended before the first byte. */ unsent: boolean }
  | { type: "photo_lost"; damaged: boolean }
  | {
    type: "answered"; op: "read" | "send"; status: number; auth_reason?: string; retry_after_ms?: number;
    /** The exact text of the answer; crosses beside the event, not in it. */
    body: string;
  }
  | { type: "shown"; body: string };

/** What happened to all records of the account. */
export type QueueEvent =
  | { type: "open" | "hint" | "signed_in" | "store_down" | "store_up" }
  | { type: "hold"; why: "user" | "metered"; on: boolean };

export type LeaseEvent =
  | { type: "take"; /** The browser's lock says that nobody else drives. */ alone: boolean }
  | { type: "renew" | "release"; epoch: number };

export type QueueReply = { queue: QueueView };
export type LeaseReply = { held: boolean; epoch: number; until_ms: number; heartbeat_ms: number };
export type AdvanceReply = { effects: Effect[]; view: OutboxRecord; queue: QueueView } | { issue: Issue };
export type SealReply = { effects: Effect[]; view: OutboxRecord } | { issue: Issue } | { issues: Issue[] };
export interface ExportReply {
  manifest: { record: OutboxRecord; photos: ExportedPhoto[] } & Record<string, unknown>;
  body: BodyPart[];
  journal: string;
}
export interface ExportedPhoto {
  file: string;
  key: string;
  content_type: string;
  size_bytes: number;
  sha256: string;
}
export type NextReply = {
  index?: number; wake_at_ms?: number;
  behind?: number[]; endangered?: number[]; foreign?: number[]; damaged?: number[];
};
