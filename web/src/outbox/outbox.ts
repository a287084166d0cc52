// SPDX-License-Identifier: MIT
// The queue of finished submissions: seals them, keeps them, drives them.

import type { Outbox, Submission } from "../field_types.js";
import { refusal } from "../issue.js";
import type { Clock, Entropy, Store } from "../ports.js";
import type { RulesModule } from "../rules/load.js";
import { hex } from "../store/bytes.js";
import type { PhotoStore } from "../store/photos.js";
import type { Server } from "../transport/server.js";
import type { Draft, Issue, SubmitOutcome } from "../types.js";
import { drive, type Driver } from "./drive.js";
import type { OutboxEvent, QueueEvent, SealReply } from "./effects.js";
import { entriesOf, type Entry } from "./entries.js";
import { changeEvent, progressEvent } from "./events.js";
import { listenForHints } from "./hints.js";
import { tabsOf, type TabMessage } from "./tabs.js";

/** Another page drives: look again then, in case it goes. */
const otherPageMs = 10_000;
const progressGapMs = 250;
/** A record that is due again and again lets the others have their turn. */
const turnsMax = 8;

export interface OutboxParts {
  name: string;
  account: string;
  apiBase: string;
  rules: RulesModule;
  store: Store;
  photos: PhotoStore;
  server: Server;
  clock: Clock;
  entropy: Entropy;
}

export interface OwnedOutbox extends Outbox {
  load(): Promise<void>;
  close(): Promise<void>;
}

export function outboxOf(parts: OutboxParts): OwnedOutbox {
  const { rules, store, clock } = parts;
  const target = new EventTarget();
  const entries = entriesOf(store, rules);
  const tabs = tabsOf(parts.name, (message) => void hear(message));
  const retries = new Map<string, (issue?: Issue) => void>();
  const queue: { bytes: Uint8Array } = { bytes: new Uint8Array() };
  let isStarted = false;
  let sending = new AbortController();
  let passing: Promise<void> | undefined;
  let isPassDue = false;
  let isHinted = false;
  let cancelWake = () => {};
  let stopHints = () => {};
  let lastProgressMs = 0;

  const driver: Driver = {
    ...parts,
    queue,
    signal: () => sending.signal,
    changed(entry, isDurable) {
      target.dispatchEvent(changeEvent(entry.id, entry.view));
      if (isDurable) tabs.tell({ changed: entry.id });
    },
    progressed(entry, sent, total) {
      const now = clock.nowMs();
      if (sent < total && Math.abs(now - lastProgressMs) < progressGapMs) return;
      lastProgressMs = now;
      target.dispatchEvent(progressEvent(entry.id, sent, total));
    },
  };

  async function hear(message: TabMessage): Promise<void> {
    if ("retry" in message) {
      if (passing) retries.set(message.retry, () => {}); // we drive: it is ours to do
      return;
    }
    try {
      const entry = await entries.reload(message.changed);
      target.dispatchEvent(changeEvent(message.changed, entry?.view ?? null));
    } catch {
      // The store is away; the next pass finds out.
    }
  }

  /** One event for one record, and everything that follows from it. */
  async function driveOne(entry: Entry, event: OutboxEvent, isTaken?: (issue?: Issue) => void): Promise<void> {
    const driven = await drive(driver, entry, event, isTaken);
    if (driven === "overtaken") {
      const now = await entries.reload(entry.id);
      target.dispatchEvent(changeEvent(entry.id, now?.view ?? null));
    } else if (driven !== "done" && driven.code !== "record_event_refused") {
      entry.isStuck = true; // damaged, or of a newer version of this package
    }
  }

  async function pass(): Promise<void> {
    for (const entry of entries.all()) {
      if (!isStarted) return;
      if (!entry.isFresh || entry.isStuck) continue;
      entry.isFresh = false;
      await driveOne(entry, { type: "interrupted" });
    }
    if (isHinted) {
      isHinted = false;
      tellQueue({ type: "hint" });
    }
    const turns = new Map<string, number>();
    const isIdle = ({ id }: Entry) => (turns.get(id) ?? 0) >= turnsMax;
    while (isStarted) {
      const [retry] = retries;
      if (retry) {
        retries.delete(retry[0]);
        const entry = entries.get(retry[0]);
        if (entry) await driveOne(entry, { type: "ask", action: "retry" }, retry[1]);
        else retry[1]();
        continue;
      }
      const { entry, wakeAtMs = Infinity } = entries.next(queue.bytes, clock.nowMs(), isIdle);
      if (!entry) return wakeAt(Math.min(wakeAtMs, entries.all().some(isIdle) ? clock.nowMs() + otherPageMs : Infinity));
      turns.set(entry.id, (turns.get(entry.id) ?? 0) + 1);
      await driveOne(entry, entry.isFresh ? { type: "interrupted" } : { type: "wake" });
      entry.isFresh = false;
    }
  }

  function tellQueue(event: QueueEvent): void {
    const { account, apiBase: api_base } = parts;
    queue.bytes = rules.outbox_queue(queue.bytes, JSON.stringify({ ...event, account, api_base, now_ms: clock.nowMs() })).queue;
  }

  function wakeAt(atMs: number): void {
    cancelWake();
    if (atMs !== Infinity) cancelWake = clock.after(Math.max(0, atMs - clock.nowMs()), kick);
  }

  /** Starts a pass, or another one after the present one. */
  function kick(): void {
    if (!isStarted) return;
    isPassDue = true;
    passing ??= passWhileDue().finally(() => {
      passing = undefined;
      if (isPassDue) kick(); // asked for between the last look and now
    });
  }

  /** Nobody here will take them up: whoever waits for one goes on with the record as it is. */
  function giveUpRetries(): string[] {
    const ids = [...retries.keys()];
    for (const isTaken of retries.values()) isTaken();
    retries.clear();
    return ids;
  }

  async function passWhileDue(): Promise<void> {
    while (isPassDue && isStarted) {
      isPassDue = false;
      try {
        if (!(await tabs.alone(pass))) {
          for (const id of giveUpRetries()) tabs.tell({ retry: id });
          wakeAt(clock.nowMs() + otherPageMs);
        }
      } catch {
        giveUpRetries();
        wakeAt(clock.nowMs() + otherPageMs); // the store is away: nothing is sent while nothing can be noted
      }
    }
  }

  function hint(): void {
    isHinted = true;
    kick();
  }

  async function submit(submission: Submission): Promise<SubmitOutcome> {
    const missing = await missingPhotos(parts.photos, submission.draft);
    if (missing[0]) return { ok: false, issue: missing[0], issues: missing };
    const id = hex(parts.entropy(16));
    const { record, summary, json } = rules.outbox_seal(queue.bytes, entries.summaries(), new Uint8Array(), sealInput(parts, id, submission));
    const reply = JSON.parse(json) as SealReply;
    if ("issue" in reply) return { ok: false, issue: reply.issue, issues: [reply.issue] };
    if ("issues" in reply) return { ok: false, issue: reply.issues[0]!, issues: reply.issues };
    const entry: Entry = { id, record, summary, stored: null, view: reply.view, isFresh: false, isStuck: false };
    const persist = reply.effects.find((effect) => effect.type === "persist");
    try {
      await store.write(
        [{ table: "records", key: id, bytes: record }, { table: "summaries", key: id, bytes: summary }],
        [{ table: "records", key: id, bytes: null }]);
    } catch {
      const { issue } = refusal("storage_failed", { reason: "full" });
      return { ok: false, issue, issues: [issue] };
    }
    entry.stored = record;
    entries.add(entry);
    if (persist) await drive(driver, entry, { type: "stored", token: persist.token });
    tabs.tell({ changed: id });
    const { view } = entry;
    kick();
    return { ok: true, value: view };
  }

  tellQueue({ type: "open" });
  const methods: Omit<OwnedOutbox, keyof EventTarget> = {
    submit,
    records: () => entries.all().map(({ view }) => view),
    async retry(id) {
      const entry = entries.get(id);
      if (!entry) return refusal("record_unknown", { id });
      if (!isStarted) return { ok: true, value: entry.view };
      const issue = await new Promise<Issue | undefined>((isTaken) => {
        retries.set(id, isTaken);
        kick();
      });
      return issue ? { ok: false, issue } : { ok: true, value: entries.get(id)?.view ?? entry.view };
    },
    start() {
      if (isStarted) return;
      isStarted = true;
      sending = new AbortController();
      stopHints = listenForHints(hint);
      kick();
    },
    async stop() {
      isStarted = false;
      cancelWake();
      stopHints();
      sending.abort(new DOMException("The outbox was stopped", "AbortError"));
      await passing;
      giveUpRetries();
    },
    load: () => entries.load(),
    async close() {
      await methods.stop();
      tabs.close();
    },
  };
  return Object.assign(target, methods);
}

async function missingPhotos(photos: PhotoStore, draft: Draft): Promise<Issue[]> {
  const missing: Issue[] = [];
  for (const [i, item] of draft.items.entries()) {
    for (const [j, { key, sha256, size_bytes }] of (item.photo_uploads ?? []).entries()) {
      const isHere = await photos.holds(key, sha256, size_bytes).catch(() => false);
      if (!isHere) missing.push(refusal("photo_not_stored", { key }, `/items/${i}/photo_uploads/${j}`).issue);
    }
  }
  return missing;
}

function sealInput(parts: OutboxParts, id: string, { workflow, step, draft }: Submission): string {
  return JSON.stringify({
    id, kind: "complete", now_ms: parts.clock.nowMs(),
    workflow: {
      id: workflow.id, title: workflow.title, series_id: workflow.series_id,
      recurrence: workflow.recurrence, start_at: workflow.start_at,
    },
    step: {
      id: step.id, title: step.title, allow_step_not_possible: step.allow_step_not_possible, work_items: step.work_items,
    },
    draft,
  });
}
