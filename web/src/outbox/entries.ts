// SPDX-License-Identifier: MIT
// The queue as this page knows it: records as bytes, and what to show of them.

import type { Store } from "../ports.js";
import { concatBytes } from "../store/bytes.js";
import type { Draft, Issue, OutboxRecord } from "../types.js";
import type { Bytes, OutboxCore, RecordBytes } from "./core.js";
import { isSameRow } from "./rows.js";

export interface Entry extends RecordBytes {
  readonly id: string;
  /** The rows on this device as we know them: no write of ours replaces others. `null`: none yet. */
  stored: RecordBytes | null;
  view: OutboxRecord;
  /** Read from the device, not driven here: should a request be under way, the core must be told who is gone. */
  isFresh: boolean;
  /** The core cannot read it, or makes no headway with it: it stays where it is and is left alone. */
  isStuck: boolean;
}

/** What the scheduler says, in entries. */
export interface Turn {
  entry: Entry | undefined;
  /** When to ask again; `Infinity` when nothing happens by itself. */
  wakeAtMs: number;
  behind: Entry[];
  endangered: Entry[];
  /** Their summaries are of an older version: the core makes them anew at the next event. */
  unread: Entry[];
}

export interface Entries {
  all(): Entry[];
  get(id: string): Entry | undefined;
  add(entry: Entry): void;
  /** Reads what changed on the device since; everything at the start. Gives the ids that came, went or changed. */
  refresh(): Promise<string[]>;
  /** Reads one record anew, because another page changed it. */
  reload(id: string): Promise<Entry | undefined>;
  /** All summaries, packed, in the order of `all`. */
  summaries(): Bytes;
  next(queue: Bytes): Turn;
  /** Back to what is stored: what was not written down was not done. */
  revert(entry: Entry): void;
  /** Keys of the photos that this record names. */
  photosOf(entry: Entry): string[];
}

/** More than these are read in one go. */
const fewMax = 16;

export function entriesOf(store: Store, core: OutboxCore): Entries {
  const byId = new Map<string, Entry>();
  let sorted: Entry[] | undefined;

  function inOrder(): Entry[] {
    return (sorted ??= [...byId.values()].sort((a, b) => a.view.created_ms - b.view.created_ms || (a.id < b.id ? -1 : 1)));
  }

  function put(entry: Entry): void {
    byId.set(entry.id, entry);
    sorted = undefined;
  }

  function fromRows(id: string, rows: RecordBytes): Entry {
    const view = core.view(rows.record);
    const isStuck = "issue" in view;
    return { id, ...rows, stored: rows, view: isStuck ? unreadable(id, view.issue) : view, isFresh: true, isStuck };
  }

  async function rowsOf(table: "records" | "summaries"): Promise<Map<string, Bytes>> {
    return new Map((await store.list(table)).map(({ key, bytes }) => [key, bytes]));
  }

  function adopt(id: string, record: Bytes | undefined, summary: Bytes | undefined): Entry | undefined {
    if (!record) {
      byId.delete(id);
      sorted = undefined;
      return undefined;
    }
    const known = byId.get(id);
    if (known?.stored && isSameRow(known.stored.record, record)) return known; // old news
    const entry = fromRows(id, { record, summary: summary ?? new Uint8Array() });
    put(entry);
    return entry;
  }

  async function reload(id: string): Promise<Entry | undefined> {
    const [record, summary] = await Promise.all([store.get("records", id), store.get("summaries", id)]);
    return adopt(id, record, summary);
  }

  return {
    all: inOrder, reload,
    get: (id) => byId.get(id),
    add: put,
    async refresh() {
      const summaries = await rowsOf("summaries");
      const isNews = (id: string) => !isSameRow(byId.get(id)?.stored?.summary ?? null, summaries.get(id) ?? null);
      const changed = [...new Set([...summaries.keys(), ...byId.keys()])].filter(isNews);
      if (changed.length > fewMax) {
        const records = await rowsOf("records");
        for (const id of changed) adopt(id, records.get(id), summaries.get(id));
      } else {
        for (const id of changed) await reload(id);
      }
      return changed;
    },
    summaries: () => concatBytes(inOrder().map(({ summary }) => summary)),
    next(queue) {
      const known = inOrder().filter(({ isStuck }) => !isStuck);
      const reply = core.next(queue, concatBytes(known.map(({ summary }) => summary)));
      const named = (indices: number[] = []) => indices.map((index) => known[index]!);
      return {
        entry: reply.index === undefined ? undefined : known[reply.index], wakeAtMs: reply.wake_at_ms ?? Infinity,
        behind: named(reply.behind), endangered: named(reply.endangered), unread: named(reply.damaged),
      };
    },
    revert(entry) {
      if (entry.stored) Object.assign(entry, fromRows(entry.id, entry.stored));
    },
    photosOf: ({ record, isStuck }) => (isStuck ? [] : photosOf(core.draft(record))),
  };
}

export function photosOf(draft: Draft): string[] {
  return draft.items.flatMap(({ photo_uploads = [] }) => photo_uploads.map(({ key }) => key));
}

/** Bytes that the core cannot read are shown as what they are, and never removed. */
function unreadable(id: string, issue: Issue): OutboxRecord {
  return {
    id, kind: "", state: "quarantined", why: issue.code, workflow_id: "", step_id: "", workflow_title: "", step_title: "",
    created_ms: 0, due_ms: 0, deadline_ms: 0, attempts: 0, stuck: true, photos: 0, bytes: 0, server: null, receipt: null, may: [],
  };
}
