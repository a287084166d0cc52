// SPDX-License-Identifier: MIT
// This page's part in the driving: when it looks, whether it is its turn, and in which order it says
// what to whom. Which record is next, and when, is the core's.

import type { Clock } from "../ports.js";
import { drive, type Driver, type Wheel } from "./drive.js";
import type { OutboxEvent } from "./core_words.js";
import type { Entries, Entry, Turn } from "./entries.js";
import { askForSync, listenForHints } from "./hints.js";
import type { Tenure } from "./lease.js";
import type { QueueState } from "./queue_state.js";
import { isUnderWay } from "./record_states.js";
import { isSameRow } from "./rows.js";
import type { SettingsRow } from "./settings.js";
import type { TabMessage } from "./tabs.js";
import type { Trials } from "./trials.js";
import { otherPageMs, type Turns } from "./turns.js";

export interface Drain {
  readonly isStarted: boolean;
  start(): void;
  /** Resolves when the request in flight, if any, has ended. */
  stop(): Promise<void>;
  /** Something may be due: looks, as soon as this page may. */
  kick(): void;
}

interface Parts {
  driver: Driver;
  entries: Entries;
  queue: QueueState;
  settings: SettingsRow;
  turns: Turns;
  trials: Trials;
  clock: Clock;
  isMetered: () => boolean | undefined;
  tell(message: TabMessage): void;
  /** The record is not as this page had it. */
  show(id: string, entry: Entry | undefined): void;
}

export function drainOf({ driver, entries, queue, settings, turns, trials, clock, isMetered, tell, show }: Parts): Drain {
  let isStarted = false;
  let isDue = false;
  let passing: Promise<void> | undefined;
  let stopping = new AbortController();
  let cancelWake = () => {};
  let stopHints = () => {};

  async function driveOne(entry: Entry, event: OutboxEvent, wheel: Wheel): Promise<void> {
    const driven = await drive(driver, entry, event, { wheel });
    if (driven === "overtaken") show(entry.id, await entries.reload(entry.id));
    else if (typeof driven !== "string" && driven.code !== "record_event_refused") entry.isStuck = true; // damaged, or of a newer version
  }

  /** Everything that is due, one after the other. */
  async function pass(tenure: Tenure): Promise<void> {
    const ending = new AbortController();
    const end = () => ending.abort(new DOMException("This page sends no more", "AbortError"));
    for (const signal of [stopping.signal, tenure.lost]) signal.addEventListener("abort", end);
    const wheel: Wheel = { tenure, signal: ending.signal };
    const mayGoOn = () => isStarted && !settings.now.isLocked && !tenure.lost.aborted;
    try {
      await lookAround(tenure);
      while (mayGoOn()) {
        const { orphan, entry, wakeAtMs } = look();
        if (orphan) await greet(orphan, wheel);
        else if (entry) await wake(entry, wheel);
        else return wakeAt(wakeAtMs);
      }
    } finally {
      for (const signal of [stopping.signal, tenure.lost]) signal.removeEventListener("abort", end);
    }
  }

  /** What other pages did meanwhile. */
  async function lookAround({ isContinued }: Tenure): Promise<void> {
    await Promise.all([settings.load(), queue.reload()]);
    for (const id of await entries.refresh()) show(id, entries.get(id));
    if (!isContinued) for (const entry of entries.all()) entry.isFresh ||= isUnderWay(entry.view);
  }

  /** What is to be done, and when. Orphans first: those whose request was another page's, or whose summary is old. */
  function look(): Pick<Turn, "entry" | "wakeAtMs"> & { orphan: Entry | undefined } {
    const isHeld = settings.now.wifiOnly && isMetered() === true;
    if (queue.view().metered !== isHeld) queue.tell({ type: "hold", why: "metered", on: isHeld });
    const { unread, ...turn } = entries.next(queue.bytes);
    const orphan = entries.all().find((one) => one.isFresh && !one.isStuck && (isUnderWay(one.view) || unread.includes(one)));
    return { ...turn, orphan };
  }

  async function greet(entry: Entry, wheel: Wheel): Promise<void> {
    entry.isFresh = false;
    await driveOne(entry, { type: "interrupted" }, wheel);
  }

  async function wake(entry: Entry, wheel: Wheel): Promise<void> {
    const before = entry.summary;
    await driveOne(entry, { type: "wake" }, wheel);
    if (isSameRow(entry.summary, before)) entry.isStuck = true; // it would be named for ever
    trials.over(entry.id);
  }

  function wakeAt(atMs: number): void {
    cancelWake();
    if (atMs !== Infinity) cancelWake = clock.after(Math.max(0, atMs - clock.nowMs()), kick);
  }

  /** Starts a pass, or another one after the present one. */
  function kick(): void {
    if (!isStarted) return;
    isDue = true;
    passing ??= passWhileDue().finally(() => {
      passing = undefined;
      if (isDue) kick(); // asked for between the last look and now
    });
  }

  async function passWhileDue(): Promise<void> {
    while (isDue && isStarted) {
      isDue = false;
      const { orphan, entry, wakeAtMs } = look();
      if (!orphan && !entry) {
        trials.over();
        wakeAt(wakeAtMs);
        continue;
      }
      try {
        if (await turns.take(pass)) {
          trials.over(); // what is not tried by now cannot be tried now
        } else {
          for (const id of trials.ids()) tell({ retry: id });
          wakeAt(clock.nowMs() + otherPageMs);
        }
      } catch {
        // The store is away: nothing is sent while nothing can be noted.
        queue.tell({ type: "store_down" });
        trials.over();
        wakeAt(queue.view().until_ms);
      }
    }
    if (isStarted && entries.all().some(({ view }) => view.due_ms > 0 && view.receipt === null)) askForSync();
  }

  return {
    get isStarted() { return isStarted; },
    kick,
    start() {
      if (isStarted) return;
      isStarted = true;
      stopping = new AbortController();
      stopHints = listenForHints(() => {
        queue.tell({ type: "hint" });
        kick();
      });
      kick();
    },
    async stop() {
      isStarted = false;
      cancelWake();
      stopHints();
      stopping.abort();
      await passing;
      trials.over();
    },
  };
}
