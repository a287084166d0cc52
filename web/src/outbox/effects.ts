// SPDX-License-Identifier: MIT
// What the core's queue says, as types (`api_outbox.h`).

import type { Issue, OutboxRecord } from "../types.js";
import type { BodyPart } from "./body.js";

export type Effect =
  | { type: "persist"; token: number }
  | { type: "read"; path: string }
  | { type: "send"; method: "POST"; path: string; body: BodyPart[]; bytes: number; attempt: number }
  | { type: "wake_at"; at_ms: number };

/** Without `now_ms` and `entropy`, which every event gets. */
export type OutboxEvent =
  | { type: "wake" | "retry" | "interrupted" }
  | { type: "stored" | "store_failed"; token: number }
  | { type: "unreachable"; op: "read" | "send" }
  | {
    type: "answered"; op: "read" | "send"; status: number; auth_reason?: string; retry_after_ms?: number;
    /** The exact text of the answer; crosses beside the event, not in it. */
    body: string;
  };

export type AdvanceReply = { effects: Effect[]; view: OutboxRecord } | { issue: Issue };
export type SealReply = AdvanceReply | { issues: Issue[] };
export type NextReply = { index?: number; wake_at_ms?: number };
