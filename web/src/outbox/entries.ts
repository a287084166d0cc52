// SPDX-License-Identifier: MIT
// The queue as this page knows it: records as bytes, and what to show of them.

import type { Store } from "../ports.js";
import type { Issue, OutboxRecord } from "../types.js";
import { concatBytes, equalBytes } from "../store/bytes.js";
import type { RulesModule } from "../rules/load.js";
import type { NextReply } from "./effects.js";

type Bytes = Uint8Array;

export interface Entry {
  readonly id: string;
  record: Bytes;
  summary: Bytes;
  /** The row on this device as we know it: no write of ours replaces another. `null`: none yet. */
  stored: Bytes | null;
  view: OutboxRecord;
  /** Read from the device, not driven here: whoever drove it is gone, which the core must be told. */
  isFresh: boolean;
  /** The core cannot read it, or makes no headway with it: it stays where it is and is left alone. */
  isStuck: boolean;
}

export interface Entries {
  all(): Entry[];
  get(id: string): Entry | undefined;
  add(entry: Entry): void;
  /** Reads everything anew; for the start. */
  load(): Promise<void>;
  /** Reads one record anew, because another page changed it. */
  reload(id: string): Promise<Entry | undefined>;
  /** Which one is to be driven next, or when; `isLeftOut` takes entries out of the question. */
  next(queue: Bytes, nowMs: number, isLeftOut?: (entry: Entry) => boolean): { entry?: Entry; wakeAtMs?: number };
  /** All summaries, packed. */
  summaries(): Bytes;
}

export function entriesOf(store: Store, rules: RulesModule): Entries {
  const byId = new Map<string, Entry>();

  function entryFromRow(id: string, record: Bytes, summary: Bytes): Entry {
    const view = JSON.parse(rules.outbox_view(record)) as OutboxRecord | { issue: Issue };
    const isStuck = "issue" in view;
    return { id, record, summary, stored: record, view: isStuck ? unreadable(id, view.issue) : view, isFresh: true, isStuck };
  }

  return {
    all: () => [...byId.values()].sort((a, b) => a.view.created_ms - b.view.created_ms || (a.id < b.id ? -1 : 1)),
    get: (id) => byId.get(id),
    add: (entry) => void byId.set(entry.id, entry),
    async load() {
      const summaries = new Map((await store.list("summaries")).map(({ key, bytes }) => [key, bytes]));
      for (const { key, bytes } of await store.list("records")) {
        byId.set(key, entryFromRow(key, bytes, summaries.get(key) ?? new Uint8Array()));
      }
    },
    async reload(id) {
      const [record, summary] = await Promise.all([store.get("records", id), store.get("summaries", id)]);
      if (!record) {
        byId.delete(id);
        return undefined;
      }
      const known = byId.get(id);
      if (known?.stored && equalBytes(known.stored, record)) return known; // old news
      const entry = entryFromRow(id, record, summary ?? new Uint8Array());
      byId.set(id, entry);
      return entry;
    },
    summaries: () => concatBytes([...byId.values()].map(({ summary }) => summary)),
    next(queue, nowMs, isLeftOut = () => false) {
      const driven = [...byId.values()].filter((entry) => !entry.isStuck && !isLeftOut(entry));
      const reply = JSON.parse(rules.outbox_next(queue, concatBytes(driven.map(({ summary }) => summary)), nowMs)) as NextReply;
      const entry = reply.index === undefined ? undefined : driven[reply.index];
      return { ...(entry && { entry }), ...(reply.wake_at_ms !== undefined && { wakeAtMs: reply.wake_at_ms }) };
    },
  };
}

/** Bytes that the core cannot read are shown as what they are, and never removed. */
function unreadable(id: string, issue: Issue): OutboxRecord {
  return {
    id, kind: "", state: "quarantined", why: issue.code, workflow_id: "", step_id: "", workflow_title: "", step_title: "",
    created_ms: 0, due_ms: 0, deadline_ms: 0, attempts: 0, stuck: true, photos: 0, bytes: 0, server: null, receipt: null, may: [],
  };
}
