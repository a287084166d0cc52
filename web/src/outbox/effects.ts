// SPDX-License-Identifier: MIT
// What the core's queue says, as types (`api_outbox.h`).

import type { Issue, Open, OutboxAction, OutboxRecord, OutboxWhy } from "../types.js";
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
  | { type: "unreachable"; op: "read" | "send" }
  | { type: "photo_lost"; damaged: boolean }
  | {
    type: "answered"; op: "read" | "send"; status: number; auth_reason?: string; retry_after_ms?: number;
    /** The exact text of the answer; crosses beside the event, not in it. */
    body: string;
  };

/** What happened to all records of the account. */
export type QueueEvent =
  | { type: "open" | "hint" | "signed_in" | "store_down" | "store_up" }
  | { type: "hold"; why: "user" | "metered"; on: boolean };

export interface QueueView {
  state: "running" | "paused";
  why: Open<OutboxWhy>;
  /** When the pause ends by itself; 0 when it does not. */
  until_ms: number;
  /** When the server last said something to the point; 0: never. */
  contact_ms: number;
  user: boolean;
  metered: boolean;
}

export type QueueReply = { queue: QueueView } | { issue: Issue };
export type AdvanceReply = { effects: Effect[]; view: OutboxRecord; queue: QueueView } | { issue: Issue };
export type SealReply = { effects: Effect[]; view: OutboxRecord } | { issue: Issue } | { issues: Issue[] };
export type NextReply = {
  index?: number; wake_at_ms?: number;
  behind?: number[]; endangered?: number[]; foreign?: number[]; damaged?: number[];
};
