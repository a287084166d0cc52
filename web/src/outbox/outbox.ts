// SPDX-License-Identifier: MIT
// The queue of finished work: seals it, keeps it, has it driven, and does what people ask of it.

import { draftKey, draftPrefix } from "../drafts.js";
import type { Outbox, OutboxStatus, SavedDraft, Submission, Wish } from "../field_types.js";
import { inTurn } from "../in_turn.js";
import { refusal } from "../issue.js";
import type { Clock, Entropy, Locks, Store } from "../ports.js";
import type { RulesModule } from "../rules/load.js";
import { bytesOfText, hex, textOfBytes } from "../store/bytes.js";
import type { PhotoStore } from "../store/photos.js";
import { storageFailed } from "../store/self_test.js";
import type { Server } from "../transport/server.js";
import type { Draft, Issue, Outcome, OutboxAction, OutboxRecord, SubmitOutcome } from "../types.js";
import { changesOf } from "./changes.js";
import { outboxCore, type RecordBytes } from "./core.js";
import type { SealReply } from "./core_words.js";
import { diagnosticsOf } from "./diagnostics.js";
import { drainOf } from "./drain.js";
import { drive, persist, type Beside, type Driver } from "./drive.js";
import { entriesOf, photosOf, type Entry } from "./entries.js";
import { changeEvent, progressEvent } from "./events.js";
import { exportOf } from "./export.js";
import { isMetered } from "./hints.js";
import { importInto } from "./import.js";
import { queueStateOf } from "./queue_state.js";
import { isOver, isTombstone, isUnderWay } from "./record_states.js";
import { isSameRow } from "./rows.js";
import { settingsOf } from "./settings.js";
import { tabsOf, type TabMessage } from "./tabs.js";
import { trialsOf } from "./trials.js";
import { turnsOf } from "./turns.js";

const progressGapMs = 250;
/** Other pages may be quicker, but not again and again. */
const triesMax = 3;

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
  locks: Locks;
  retentionMs?: number | undefined;
  isMetered?: (() => boolean | undefined) | undefined;
  /** Room on the device, as a line for supporters. */
  room(): Promise<string>;
}

export interface OwnedOutbox extends Outbox {
  load(): Promise<void>;
  /** The page read this for its own purposes: the exact text of a workflow. */
  shown(workflowId: string, document: string): void;
  /** Signed out: nothing is sent from any page. Gives how many wait. */
  lock(): Promise<number>;
  close(): Promise<void>;
}

export function outboxOf(parts: OutboxParts): OwnedOutbox {
  const { store, photos, clock, entropy } = parts;
  const target = new EventTarget();
  const core = outboxCore(parts);
  const entries = entriesOf(store, core);
  const queue = queueStateOf(core, store);
  const settings = settingsOf(store);
  const trials = trialsOf(clock);
  const tabs = tabsOf(parts.name, (message) => void hear(message).catch(() => {})); // the next pass finds out
  const metered = parts.isMetered ?? isMetered;
  let lastStatus: unknown[] = [];
  let lastProgressMs = 0;

  const driver: Driver = {
    core, queue, store, photos, clock,
    server: parts.server,
    one: inTurn(),
    changed(entry, isDurable) {
      show(entry.id, entry);
      if (isDurable) tabs.tell({ changed: entry.id });
    },
    progressed({ id }, sentBytes, totalBytes) {
      const now = clock.nowMs();
      if (sentBytes < totalBytes && Math.abs(now - lastProgressMs) < progressGapMs) return;
      lastProgressMs = now;
      target.dispatchEvent(progressEvent(id, sentBytes, totalBytes));
      tabs.tell({ progress: id, sentBytes, totalBytes });
    },
    photosInUse,
  };
  const drain = drainOf({
    driver, entries, queue, settings, trials, clock, isMetered: metered,
    turns: turnsOf({ ...parts, core, name: `${parts.name} drive` }),
    tell: tabs.tell, reloaded: show,
  });

  function show(id: string, entry: Entry | undefined): void {
    target.dispatchEvent(changeEvent(id, entry && !isTombstone(entry.view) ? entry.view : null));
    showStatus();
  }

  function showStatus(): void {
    const now = [queue.bytes, settings.now, undelivered()];
    if (now.every((part, i) => part === lastStatus[i])) return;
    lastStatus = now;
    target.dispatchEvent(new Event("status"));
  }

  function status(): OutboxStatus {
    const { behind, endangered } = entries.next(queue.bytes);
    const ids = (some: Entry[]) => some.map(({ id }) => id);
    return {
      ...queue.view(), ...settings.now, undelivered: undelivered(), behind: ids(behind), endangered: ids(endangered),
    };
  }

  const undelivered = () => entries.all().filter(({ view }) => !isOver(view)).length;

  async function hear(message: TabMessage): Promise<void> {
    if ("progress" in message) {
      target.dispatchEvent(progressEvent(message.progress, message.sentBytes, message.totalBytes));
    } else if ("switched" in message) {
      await Promise.all([queue.reload(), settings.load()]);
      showStatus();
      drain.kick();
    } else if ("retry" in message) {
      if (entries.get(message.retry)) await askNow(message.retry, "retry");
      drain.kick();
    } else {
      const [entry] = await Promise.all([entries.reload(message.changed), queue.reload()]);
      show(message.changed, entry);
      if (entry && !isUnderWay(entry.view) && entry.view.due_ms > clock.nowMs()) trials.over(entry.id);
      if (entry?.view.due_ms) drain.kick();
    }
  }

  async function photosInUse(entry: Entry): Promise<ReadonlySet<string>> {
    const drafts = await store.list("documents", draftPrefix);
    const inDrafts = drafts.flatMap(({ bytes }) => photosOf(JSON.parse(textOfBytes(bytes)) as Draft));
    const inRecords = entries.all().filter((other) => other !== entry).flatMap(entries.photosOf);
    return new Set([...inDrafts, ...inRecords]);
  }

  /** Puts a record that the core has just made into the store and reads it back. */
  async function keep(id: string, made: RecordBytes, reply: SealReply, before: Entry | undefined, beside: Beside): Promise<SubmitOutcome> {
    if ("issue" in reply) return { ok: false, issue: reply.issue, issues: [reply.issue] };
    if ("issues" in reply) return { ok: false, issue: reply.issues[0]!, issues: reply.issues };
    const { record, summary } = made;
    const entry: Entry = { id, record, summary, stored: before?.stored ?? null, view: reply.view, isFresh: false, isStuck: false };
    const token = reply.effects.find((effect) => effect.type === "persist")!.token;
    const stored = await driver.one(() => persist(driver, entry, token, undefined, beside));
    const back = stored === "overtaken" || stored.type !== "stored" ? undefined : await store.get("records", id).catch(() => undefined);
    if (!back || !isSameRow(back, record)) {
      const { issue } = refusal("storage_failed", { reason: back ? "damaged" : "full" });
      return { ok: false, issue, issues: [issue] };
    }
    entries.add(entry);
    await drive(driver, entry, { type: "stored", token });
    drain.kick();
    return { ok: true, value: entry.view };
  }

  async function submit(submission: Submission, { revises }: { revises?: string } = {}): Promise<SubmitOutcome> {
    const { workflow, step, draft } = submission;
    const missing = await missingPhotos(photos, draft);
    if (missing[0]) return { ok: false, issue: missing[0], issues: missing };
    const before = revises === undefined ? undefined : entries.get(revises);
    const beside: Beside = {
      changes: [{ table: "documents", key: draftKey(workflow.id, step.id), bytes: null }], onlyIf: [],
    };
    const dropped = before ? entries.photosOf(before) : [];
    const outcome = await seal({ kind: "complete", ...submission }, revises, beside);
    if (outcome.ok && before) await removeUnused(outcome.value.id, dropped);
    return outcome;
  }

  async function seal(wish: Wish | ({ kind: "complete" } & Submission), revises: string | undefined, beside: Beside): Promise<SubmitOutcome> {
    const before = revises === undefined ? undefined : entries.get(revises);
    if (revises !== undefined && !before) {
      const { issue } = refusal("record_unknown", { id: revises });
      return { ok: false, issue, issues: [issue] };
    }
    const id = before?.id ?? hex(entropy(16));
    const { reply, ...made } = core.seal(queue.bytes, entries.summaries(), before?.record ?? new Uint8Array(), { id, ...sealInput(wish) });
    return keep(id, made, withTwin(reply), before, beside);
  }

  /** The core names a record that asks the same by its place; people know it by its id. */
  function withTwin(reply: SealReply): SealReply {
    const index = "issue" in reply && reply.issue.code === "record_already_queued" ? reply.issue.params["index"] : undefined;
    const twin = entries.all()[Number(index)];
    return "issue" in reply && twin ? { issue: { ...reply.issue, params: { ...reply.issue.params, id: twin.id } } } : reply;
  }

  /** Photos of the answers that were corrected, and are in no others. */
  async function removeUnused(id: string, keys: readonly string[]): Promise<void> {
    const entry = entries.get(id);
    if (!entry) return;
    const used = new Set([...await photosInUse(entry), ...entries.photosOf(entry)]);
    for (const key of keys) if (!used.has(key)) await photos.remove(key);
  }

  /** What a person asks, from whichever page; stored before it counts. */
  async function askNow(id: string, action: Exclude<OutboxAction, "revise">, beside?: Beside): Promise<Outcome<OutboxRecord>> {
    for (let tries = 0; tries < triesMax; ++tries) {
      const entry = entries.get(id);
      if (!entry) break;
      const driven = await drive(driver, entry, { type: "ask", action }, beside && { beside });
      if (driven === "overtaken") {
        show(id, await entries.reload(id));
        continue;
      }
      if (driven === "unstored") return notKept(entry);
      return driven === "done" ? { ok: true, value: entry.view } : { ok: false, issue: driven };
    }
    return entries.get(id) ? refusal("storage_failed", { reason: "conflict" }) : refusal("record_unknown", { id });
  }

  /** What was not written down was not done. */
  function notKept(entry: Entry): Outcome<never> {
    entries.revert(entry);
    show(entry.id, entry);
    return refusal("storage_failed", { reason: "full" });
  }

  async function ask(id: string, action: Exclude<OutboxAction, "revise">, beside?: Beside): Promise<Outcome<OutboxRecord>> {
    try {
      const outcome = await askNow(id, action, beside);
      drain.kick();
      return outcome;
    } catch (error) {
      return { ok: false, issue: storageFailed(error) };
    }
  }

  /** Where a record's answers can lie as a draft: nobody's draft is written over. */
  async function draftPlace({ view }: Entry, draft: Draft): Promise<{ saved: SavedDraft; beside: Beside }> {
    const { workflow_id: workflowId, step_id: stepId } = view;
    const isTaken = (await store.get("documents", draftKey(workflowId, stepId))) !== undefined;
    const copy = isTaken ? hex(entropy(8)) : undefined;
    const row = { table: "documents", key: draftKey(workflowId, stepId, copy) } as const;
    return {
      saved: { workflowId, stepId, ...(copy !== undefined && { copy }), draft },
      beside: { changes: [{ ...row, bytes: bytesOfText(JSON.stringify(draft)) }], onlyIf: [{ ...row, bytes: null }] },
    };
  }

  async function asDraft(id: string, save: (beside: Beside) => Promise<Outcome<unknown>>): Promise<Outcome<SavedDraft>> {
    const entry = entries.get(id);
    if (!entry || entry.isStuck) return refusal("record_unknown", { id });
    try {
      const { saved, beside } = await draftPlace(entry, core.draft(entry.record));
      const outcome = await save(beside);
      return outcome.ok ? { ok: true, value: saved } : outcome;
    } catch (error) {
      return { ok: false, issue: storageFailed(error) };
    }
  }

  async function switched(work: Promise<void>): Promise<Outcome<void>> {
    try {
      await work;
    } catch (error) {
      return { ok: false, issue: storageFailed(error) };
    }
    tabs.tell({ switched: true });
    showStatus();
    drain.kick();
    return { ok: true, value: undefined };
  }

  const methods: Omit<OwnedOutbox, keyof EventTarget> = {
    submit, status,
    request: (wish) => seal(wish, undefined, { changes: [], onlyIf: [] }),
    records: () => entries.all().map(({ view }) => view).filter((view) => !isTombstone(view)),
    changes: (signal) => changesOf(target, signal),
    async retry(id) {
      const asked = await ask(id, "retry");
      if (!asked.ok || !drain.isStarted) return asked;
      const tried = trials.wait(id);
      drain.kick();
      await tried;
      return { ok: true, value: entries.get(id)?.view ?? asked.value };
    },
    draftOf(id) {
      const entry = entries.get(id);
      return entry && !entry.isStuck ? { ok: true, value: core.draft(entry.record) } : refusal("record_unknown", { id });
    },
    takeBack: (id) => asDraft(id, (beside) => ask(id, "take_back", beside)),
    copyAsDraft: (id) => asDraft(id, async ({ changes, onlyIf }) => {
      await store.write(changes, onlyIf);
      return { ok: true, value: undefined };
    }),
    discard: (id) => ask(id, "discard"),
    undo: (id) => ask(id, "undo"),
    prune: (id) => ask(id, "prune"),
    export: (ids) => exportOf({ core, photos, clock }, entries.all().filter(({ id, view }) => ids?.includes(id) ?? !isTombstone(view))),
    import: (file) => importInto({ core, entries, queue, photos, keep }, file),
    receipts: () => methods.records().flatMap(({ id, workflow_title, step_title, receipt }) =>
      (receipt ? [{ id, workflow_title, step_title, ...receipt }] : [])),
    diagnostics: async () => diagnosticsOf(core, entries.all(), status(), await parts.room(), clock.nowMs()),
    pause: () => switched(queue.hold("user", true)),
    resume: () => switched(queue.hold("user", false)),
    async setWifiOnly(isOn) {
      if (isOn && metered() === undefined) return refusal("network_not_told");
      return switched(settings.change({ wifiOnly: isOn }));
    },
    signedIn() {
      queue.tell({ type: "signed_in" });
      drain.kick();
    },
    start() {
      queue.tell({ type: "signed_in" }); // a new page comes with a new token
      drain.start();
      if (settings.now.isLocked) void switched(settings.change({ isLocked: false }));
    },
    stop: drain.stop,
    async load() {
      await Promise.all([entries.refresh(), queue.reload(), settings.load()]);
    },
    shown(workflowId, document) {
      for (const entry of entries.all()) {
        const isOfIt = entry.view.workflow_id === workflowId && entry.view.state === "delivered";
        if (isOfIt) void drive(driver, entry, { type: "shown", body: document }).catch(() => {});
      }
    },
    async lock() {
      await settings.change({ isLocked: true });
      await drain.stop();
      await switched(Promise.resolve());
      return undelivered();
    },
    async close() {
      await drain.stop();
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

/** Only what the core reads: workflows are large. */
function sealInput(asked: Wish | ({ kind: "complete" } & Submission)): object {
  const { workflow, step, ...rest } = asked as { workflow?: Submission["workflow"]; step?: Partial<Submission["step"]> } & object;
  return {
    ...rest,
    ...(workflow && {
      workflow: {
        id: workflow.id, title: workflow.title, series_id: workflow.series_id, recurrence: workflow.recurrence, start_at: workflow.start_at,
      },
    }),
    ...(step && {
      step: { id: step.id, title: step.title, allow_step_not_possible: step.allow_step_not_possible, work_items: step.work_items },
    }),
  };
}
