// SPDX-License-Identifier: MIT
// The queue of finished work, put together: sealing, keeping, driving, and what people ask of it.

import type { Outbox, OutboxStatus, StorageMeter } from "../field_types.js";
import { inTurn } from "../in_turn.js";
import { refusal } from "../issue.js";
import type { Clock, Entropy, Locks, Store } from "../ports.js";
import type { RulesModule } from "../rules/load.js";
import type { PhotoStore } from "../store/photos.js";
import { storageFailed } from "../store/self_test.js";
import type { Server } from "../transport/server.js";
import type { Outcome } from "../types.js";
import { askingOf } from "./asking.js";
import { changesOf } from "./changes.js";
import type { OutboxContext } from "./context.js";
import { outboxCore } from "./core.js";
import { diagnosticsOf } from "./diagnostics.js";
import { drainOf } from "./drain.js";
import { drive, type Driver } from "./drive.js";
import { entriesOf, type Entry } from "./entries.js";
import { changeEvent, progressEvent } from "./events.js";
import { exportOf } from "./export.js";
import { isMetered } from "./hints.js";
import { importInto } from "./import.js";
import { photosInUse } from "./photos_in_use.js";
import { queueStateOf } from "./queue_state.js";
import { isOver, isTombstone, isUnderWay } from "./record_states.js";
import { sealingOf } from "./sealing.js";
import { settingsOf } from "./settings.js";
import { tabsOf, type TabMessage } from "./tabs.js";
import { trialsOf } from "./trials.js";
import { turnsOf } from "./turns.js";

const progressGapMs = 250;

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
  storage: StorageMeter;
}

export interface OwnedOutbox extends Outbox {
  load(): Promise<void>;
  /** The page read this for its own purposes: the exact text of a workflow. */
  shown(workflowId: string, document: string): void;
  /** Prunes what is delivered, oldest first, until there is room; `true` when something went. */
  makeRoom(hasRoom: () => Promise<boolean>): Promise<boolean>;
  /** Signed out: nothing is sent from any page. Gives how many wait. Rejects with a `StoreError`. */
  lock(): Promise<number>;
  close(): Promise<void>;
}

export function outboxOf(parts: OutboxParts): OwnedOutbox {
  const { store, photos, clock, entropy } = parts;
  const metered = parts.isMetered ?? isMetered;
  const target = new EventTarget();
  const core = outboxCore(parts);
  const entries = entriesOf(store, core);
  const queue = queueStateOf(core, store);
  const settings = settingsOf(store);
  const trials = trialsOf(clock);
  const tabs = tabsOf(parts.name, (message) => void hear(message).catch(() => {})); // the next pass finds out
  let shownStatus: unknown[] = [];
  let progressMs = 0;

  const driver: Driver = {
    core, queue, store, photos, clock,
    server: parts.server,
    one: inTurn(),
    photosInUse: (but) => photosInUse(store, entries, but),
    changed(entry, isDurable) {
      show(entry.id, entry);
      if (isDurable) tabs.tell({ changed: entry.id });
    },
    progressed({ id }, sentBytes, totalBytes) {
      const now = clock.nowMs();
      if (sentBytes < totalBytes && Math.abs(now - progressMs) < progressGapMs) return;
      progressMs = now;
      target.dispatchEvent(progressEvent(id, sentBytes, totalBytes));
      tabs.tell({ progress: id, sentBytes, totalBytes });
    },
  };
  const turns = turnsOf({ ...parts, core, name: `${parts.name} drive` });
  const drain = drainOf({ driver, entries, queue, settings, turns, trials, clock, isMetered: metered, tell: tabs.tell, show });
  const context: OutboxContext = { core, entries, queue, driver, store, photos, entropy, show, kick: drain.kick };
  const { keep, submit, request } = sealingOf(context);
  const { ask, draftOf, takeBack, copyAsDraft } = askingOf(context);

  function show(id: string, entry: Entry | undefined): void {
    target.dispatchEvent(changeEvent(id, entry && !isTombstone(entry.view) ? entry.view : null));
    showStatus();
  }

  function showStatus(): void {
    const now = [queue.bytes, settings.now, undelivered()];
    if (now.every((part, i) => part === shownStatus[i])) return;
    shownStatus = now;
    target.dispatchEvent(new Event("status"));
  }

  const undelivered = () => entries.all().filter(({ view }) => !isOver(view)).length;

  function status(): OutboxStatus {
    const { behind, endangered } = entries.next(queue.bytes);
    const ids = (some: Entry[]) => some.map(({ id }) => id);
    return { ...queue.view(), ...settings.now, undelivered: undelivered(), behind: ids(behind), endangered: ids(endangered) };
  }

  async function hear(message: TabMessage): Promise<void> {
    if ("progress" in message) {
      target.dispatchEvent(progressEvent(message.progress, message.sentBytes, message.totalBytes));
    } else if ("switched" in message) {
      await Promise.all([queue.reload(), settings.load()]);
      showStatus();
      drain.kick();
    } else if ("retry" in message) {
      await ask(message.retry, "retry");
    } else {
      const [entry] = await Promise.all([entries.reload(message.changed), queue.reload()]);
      show(message.changed, entry);
      if (entry && !isUnderWay(entry.view) && entry.view.due_ms > clock.nowMs()) trials.over(entry.id);
      drain.kick();
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

  const records = () => entries.all().map(({ view }) => view).filter((view) => !isTombstone(view));

  const methods: Omit<OwnedOutbox, keyof EventTarget> = {
    submit, request, records, status, draftOf, takeBack, copyAsDraft,
    changes: (signal) => changesOf(target, signal),
    discard: (id) => ask(id, "discard"),
    undo: (id) => ask(id, "undo"),
    prune: (id) => ask(id, "prune"),
    async retry(id) {
      const asked = await ask(id, "retry");
      if (!asked.ok || !drain.isStarted) return asked;
      const tried = trials.wait(id);
      drain.kick(); // looks once more, and says when there is nothing to try
      await tried;
      return { ok: true, value: entries.get(id)?.view ?? asked.value };
    },
    async retryAll() {
      for (const { id, may } of records()) {
        const asked = may.includes("retry") ? await ask(id, "retry") : undefined;
        if (asked?.ok === false && asked.issue.code !== "record_event_refused") return asked;
      }
      return { ok: true, value: undefined };
    },
    export: (ids) => exportOf({ core, photos, clock }, entries.all().filter(({ id, view }) => ids?.includes(id) ?? !isTombstone(view))),
    import: (file) => importInto({ core, entries, queue, photos, keep }, file),
    receipts: () => records().flatMap(({ id, workflow_title, step_title, receipt }) =>
      (receipt ? [{ id, workflow_title, step_title, ...receipt }] : [])),
    diagnostics: async () => diagnosticsOf(core, entries.all(), {
      status: status(), storage: await parts.storage.report(), abi: parts.rules.abi_version(), nowMs: clock.nowMs(),
    }),
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
    async makeRoom(hasRoom) {
      let isAnyGone = false;
      for (const { id, photos: count, may } of records()) {
        if (count === 0 || !may.includes("prune")) continue;
        isAnyGone ||= (await ask(id, "prune")).ok;
        if (await hasRoom()) break;
      }
      return isAnyGone;
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
