// SPDX-License-Identifier: MIT
// The queue as a person needs it: what wants help first, then what waits, then what arrived.

import type { Field, ImportReport, OutboxStatus } from "../field_types.js";
import type { DraftPhoto, Issue, Outcome, OutboxAction, OutboxRecord } from "../types.js";
import { controllerOf, held, type Watched } from "./watched.js";

export type RecordMood = "help" | "waiting" | "delivered" | "discarded";

/** What a person asked of a record last, and how far that is. */
export type Asked = "trying" | "tried" | null;

export interface RecordRow {
  record: OutboxRecord;
  mood: RecordMood;
  /** The queue is at it right now. */
  isBusy: boolean;
  /** Bytes of the present send handed to the operating system, and the photos that are whole in them. */
  progress: { sentBytes: number; totalBytes: number; photosSent: number } | null;
  /** The next occurrence begins soon: after that this one may be worth nothing. */
  isEndangered: boolean;
  /** Waits for an earlier one of its step or series. */
  isBehind: boolean;
  asked: Asked;
  refused: Issue | null;
}

export interface OutboxListState {
  rows: RecordRow[];
  status: OutboxStatus;
  /** What the last import took in. */
  imported: ImportReport | null;
  /** Why the last thing asked of the queue as a whole was not done. */
  refused: Issue | null;
}

/** A step whose draft is to be opened, as the answer to "edit". */
export interface DraftPlace {
  workflowId: string;
  stepId: string;
}

export interface OutboxList extends Watched<OutboxListState> {
  /** Always leaves an answer in the row, also when it cannot work. */
  retry(id: string): Promise<void>;
  retryAll(): Promise<void>;
  /** Back to a draft: of one that never left, or of one that the server refused. */
  edit(id: string): Promise<DraftPlace | undefined>;
  discard(id: string): Promise<void>;
  undo(id: string): Promise<void>;
  prune(id: string): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  setWifiOnly(isOn: boolean): Promise<void>;
  /** Photos of a record, to show. */
  photosOf(id: string): DraftPhoto[];
  photoBytes(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  export(ids?: readonly string[]): ReadableStream<Uint8Array<ArrayBuffer>>;
  import(file: Blob): Promise<void>;
  diagnostics(): Promise<string>;
}

const busyStates: readonly string[] = ["probing", "sending", "reconciling"];
const helpStates: readonly string[] = ["needs_fix", "needs_user", "quarantined"];

export function moodOf({ state }: Pick<OutboxRecord, "state">): RecordMood {
  if (state === "delivered" || state === "pruned") return "delivered";
  if (state === "discarded") return "discarded";
  return helpStates.includes(state) ? "help" : "waiting";
}

export const may = ({ record }: RecordRow, action: OutboxAction): boolean => record.may.includes(action);

/** Gone for the person: its answers are a draft again, or it was given up for good. */
const isHidden = ({ state, receipt }: OutboxRecord): boolean => state === "pruned" && receipt === null;

const moods: RecordMood[] = ["help", "waiting", "delivered", "discarded"];
const byNeed = (a: RecordRow, b: RecordRow): number =>
  moods.indexOf(a.mood) - moods.indexOf(b.mood) || Number(b.isEndangered) - Number(a.isEndangered) || b.record.created_ms - a.record.created_ms;

const base64Bytes = (bytes: number): number => 4 * Math.ceil(bytes / 3);

/** `edited`: a record is a draft again, before the person is told so. */
export function outboxList(
  field: Pick<Field, "outbox" | "drafts" | "photos">, edited: (record: OutboxRecord) => Promise<void> | void = () => {},
): OutboxList {
  const { outbox } = field;
  const self = held<OutboxListState>({ rows: [], status: outbox.status(), imported: null, refused: null });
  const closing = new AbortController();
  const { signal } = closing;
  const rows = new Map<string, RecordRow>();

  function show(): void {
    const status = outbox.status();
    const shown = [...rows.values()].map((row) => ({
      ...row, isEndangered: status.endangered.includes(row.record.id), isBehind: status.behind.includes(row.record.id),
    }));
    self.set({ status, rows: shown.sort(byNeed) });
  }

  function rowOf(record: OutboxRecord, before: RecordRow | undefined): RecordRow {
    const isBusy = busyStates.includes(record.state);
    const mood = moodOf(record);
    return {
      record, mood, isBusy, isEndangered: false, isBehind: false,
      progress: record.state === "sending" ? (before?.progress ?? null) : null,
      asked: mood === "waiting" ? (before?.asked ?? null) : null,
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
    if (record && !isHidden(record)) rows.set(id, rowOf(record, rows.get(id)));
    else rows.delete(id);
    show();
  }

  function photosOf(id: string): DraftPhoto[] {
    const draft = outbox.draftOf(id);
    return draft.ok ? draft.value.items.flatMap(({ photo_uploads = [] }) => photo_uploads) : [];
  }

  function progressed(id: string, sentBytes: number, totalBytes: number): void {
    let end = 0;
    const photosSent = photosOf(id).filter(({ size_bytes }) => (end += base64Bytes(size_bytes)) <= sentBytes).length;
    update(id, { progress: { sentBytes, totalBytes, photosSent } });
  }

  /** What was asked of one record; a refusal stays beside it. */
  async function ask<Value>(id: string, question: Promise<Outcome<Value>>): Promise<Value | undefined> {
    update(id, { refused: null });
    const outcome = await question;
    if (outcome.ok) return outcome.value;
    update(id, { refused: outcome.issue });
    return undefined;
  }

  async function askQueue<Value>(question: Promise<Outcome<Value>>): Promise<Value | undefined> {
    const outcome = await question;
    self.set({ refused: outcome.ok ? null : outcome.issue });
    show();
    return outcome.ok ? outcome.value : undefined;
  }

  async function retry(id: string): Promise<void> {
    update(id, { asked: "trying", refused: null });
    outbox.start(); // who taps means it, whatever held the queue back in this page
    const outcome = await outbox.retry(id);
    update(id, outcome.ok ? { asked: moodOf(outcome.value) === "waiting" ? "tried" : null } : { asked: null, refused: outcome.issue });
  }

  /** The refused answers as the step's draft, which says what it corrects. */
  async function revise(record: OutboxRecord): Promise<DraftPlace | undefined> {
    const draft = outbox.draftOf(record.id);
    const saved = draft.ok ? await field.drafts.save(record.workflow_id, record.step_id, { ...draft.value, revises: record.id } as typeof draft.value) : draft;
    if (saved.ok) return { workflowId: record.workflow_id, stepId: record.step_id };
    update(record.id, { refused: saved.issue });
    return undefined;
  }

  outbox.addEventListener("change", ({ id, record }) => follow(id, record), { signal });
  outbox.addEventListener("status", show, { signal });
  outbox.addEventListener("progress", ({ id, sentBytes, totalBytes }) => progressed(id, sentBytes, totalBytes), { signal });
  for (const record of outbox.records()) if (!isHidden(record)) rows.set(record.id, rowOf(record, undefined));
  show();

  return controllerOf(self, {
    retry,
    async retryAll() {
      await Promise.all([...rows.values()].filter((row) => row.mood === "waiting" && !row.isBusy).map(({ record }) => retry(record.id)));
    },
    async edit(id) {
      const row = rows.get(id);
      if (!row) return undefined;
      const place = await (may(row, "take_back") ? ask(id, outbox.takeBack(id)) : revise(row.record));
      if (place) await edited(row.record);
      return place;
    },
    discard: async (id) => void (await ask(id, outbox.discard(id))),
    undo: async (id) => void (await ask(id, outbox.undo(id))),
    prune: async (id) => void (await ask(id, outbox.prune(id))),
    pause: async () => void (await askQueue(outbox.pause())),
    resume: async () => void (await askQueue(outbox.resume())),
    setWifiOnly: async (isOn) => void (await askQueue(outbox.setWifiOnly(isOn))),
    photosOf,
    photoBytes: (key) => field.photos.get(key),
    export: (ids) => outbox.export(ids),
    async import(file) {
      self.set({ imported: (await askQueue(outbox.import(file))) ?? null });
    },
    diagnostics: () => outbox.diagnostics(),
  }, () => closing.abort());
}
