// SPDX-License-Identifier: MIT
// What holds for all records: pauses and the person's switches, one row of the store. Whoever drives
// writes it beside its records; the switches are written by any page.

import type { QueueView } from "../field_types.js";
import type { Store, StoreChange, StoreExpectation } from "../ports.js";
import { StoreError } from "../ports.js";
import type { Bytes, OutboxCore } from "./core.js";
import type { QueueEvent } from "./core_words.js";
import { isSameRow, queueRow } from "./rows.js";

export interface QueueState {
  /** What the core goes on with. */
  readonly bytes: Bytes;
  view(): QueueView;
  /** The core's new state; to be stored beside the next record. */
  take(bytes: Bytes): void;
  /** Something that concerns all records happened. */
  tell(event: QueueEvent): void;
  /** A switch of the person's, stored at once and for all pages. Rejects with a `StoreError`. */
  hold(why: "user" | "metered", on: boolean): Promise<void>;
  /** Looks at the row; `true` when another page changed it. Its switches count, our own pauses stay. */
  reload(): Promise<boolean>;
  /** For a batch: nothing when there is nothing new. */
  pending(): { changes: StoreChange[]; onlyIf: StoreExpectation[]; done: () => void };
}

export function queueStateOf(core: OutboxCore, store: Store): QueueState {
  let stored: Bytes | null = null;
  let bytes = core.queue(new Uint8Array(), { type: "open" }).queue;
  let isChanged = false;

  function tell(event: QueueEvent): void {
    take(core.queue(bytes, event).queue);
  }

  function take(now: Bytes): void {
    isChanged ||= !isSameRow(bytes, now);
    bytes = now;
  }

  async function reload(): Promise<boolean> {
    const row = (await store.get(queueRow.table, queueRow.key)) ?? null;
    if (isSameRow(row, stored)) return false;
    stored = row;
    const theirs = core.queue(row ?? new Uint8Array(), { type: "open" });
    if (isChanged) for (const why of ["user", "metered"] as const) tell({ type: "hold", why, on: theirs.view[why] });
    else bytes = theirs.queue;
    return true;
  }

  function pending(): ReturnType<QueueState["pending"]> {
    if (!isChanged) return { changes: [], onlyIf: [], done: () => {} };
    const written = bytes;
    return {
      changes: [{ ...queueRow, bytes: written }],
      onlyIf: [{ ...queueRow, bytes: stored }],
      done() {
        stored = written;
        isChanged = !isSameRow(bytes, written);
      },
    };
  }

  return {
    get bytes() { return bytes; },
    view: () => core.queue(bytes, { type: "open" }).view,
    take, tell, reload, pending,
    async hold(why, on) {
      await reload(); // another page may have turned it unheard
      for (;;) {
        tell({ type: "hold", why, on });
        const { changes, onlyIf, done } = pending();
        try {
          await store.write(changes, onlyIf);
          return done();
        } catch (error) {
          if (!(error instanceof StoreError && error.reason === "conflict")) throw error;
          await reload();
        }
      }
    },
  };
}
