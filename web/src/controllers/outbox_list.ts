// SPDX-License-Identifier: MIT
// The queue as a person needs it: what wants help first, then what waits, then what arrived.

import type { Field } from "../field_types.js";
import type { Issue, Outcome, OutboxRecord } from "../types.js";
import { held, type Watched } from "./watched.js";

export type RecordMood = "help" | "waiting" | "delivered";

export interface RecordRow {
  record: OutboxRecord;
  mood: RecordMood;
  /** The queue is at it right now. */
  isBusy: boolean;
  /** Bytes of the present send handed to the operating system. A bar never goes back: see `isAgain`. */
  progress: { sentBytes: number; totalBytes: number } | null;
  /** This is not the first send of it. */
  isAgain: boolean;
  /** The answer to what the person asked last, until something else happens. */
  asked: "trying" | "tried" | null;
  refused: Issue | null;
}

export interface OutboxListState {
  rows: RecordRow[];
  /** Not delivered: the number on the badge. */
  undelivered: number;
}

export interface OutboxList extends Watched<OutboxListState> {
  /** Always leaves an answer in the row, also when it cannot work. */
  retry(id: string): Promise<void>;
  retryAll(): Promise<void>;
}

const busyStates: readonly string[] = ["probing", "sending", "reconciling"];

export const moodOf = ({ state }: Pick<OutboxRecord, "state">): RecordMood =>
  state === "delivered" ? "delivered" : state === "needs_fix" || state === "needs_user" ? "help" : "waiting";

const moods: RecordMood[] = ["help", "waiting", "delivered"];
const byNeed = (a: RecordRow, b: RecordRow): number =>
  moods.indexOf(a.mood) - moods.indexOf(b.mood) || b.record.created_ms - a.record.created_ms;

export function outboxList(field: Pick<Field, "outbox">): OutboxList {
  const self = held<OutboxListState>({ rows: [], undelivered: 0 });
  const closing = new AbortController();
  const { signal } = closing;
  const rows = new Map<string, RecordRow>();

  function show(): void {
    const sorted = [...rows.values()].sort(byNeed);
    self.set({ rows: sorted, undelivered: sorted.filter(({ mood }) => mood !== "delivered").length });
  }

  function rowOf(record: OutboxRecord, before: RecordRow | undefined): RecordRow {
    const isBusy = busyStates.includes(record.state);
    const wasTried = before?.asked === "trying" && before.isBusy && !isBusy;
    const mood = moodOf(record);
    return {
      record, mood, isBusy,
      progress: record.state === "sending" ? (before?.progress ?? null) : null,
      isAgain: record.attempts > 1,
      asked: mood !== "waiting" ? null : wasTried ? "tried" : (before?.asked ?? null),
      refused: before?.record.state === record.state ? before.refused : null,
    };
  }

  function update(id: string, change: Partial<RecordRow>): void {
    const row = rows.get(id);
    if (!row) return;
    rows.set(id, { ...row, ...change });
    show();
  }

  function follow(id: string, record: OutboxRecord | null): void {
    if (record) rows.set(id, rowOf(record, rows.get(id)));
    else rows.delete(id);
    show();
  }

  async function retry(id: string): Promise<void> {
    update(id, { asked: "trying", refused: null });
    const outcome: Outcome<OutboxRecord> = await field.outbox.retry(id);
    const row = rows.get(id);
    // Refused because the queue was just about to try by itself: that answers too.
    if (!outcome.ok && !row?.isBusy) update(id, { asked: null, refused: outcome.issue });
  }

  field.outbox.addEventListener("change", ({ id, record }) => follow(id, record), { signal });
  field.outbox.addEventListener("progress", ({ id, sentBytes, totalBytes }) => update(id, { progress: { sentBytes, totalBytes } }), { signal });
  for (const record of field.outbox.records()) rows.set(record.id, rowOf(record, undefined));
  show();

  return {
    get state() {
      return self.state;
    },
    watch: self.watch,
    retry,
    async retryAll() {
      await Promise.all([...rows.values()].filter(({ mood, isBusy }) => mood === "waiting" && !isBusy).map(({ record }) => retry(record.id)));
    },
    close() {
      closing.abort();
      self.close();
    },
  };
}
