// SPDX-License-Identifier: MIT
// Who drives. The lock keeps pages apart; the lease is for the page that was frozen in the middle of its
// work and wakes up when another has taken over: each of its writes is made only while the lease is its
// own, and nothing leaves it without the certainty that nobody can have taken over yet.

import { inTurn } from "../in_turn.js";
import { StoreError, type Clock, type Store, type StoreChange, type StoreExpectation } from "../ports.js";
import type { Bytes, OutboxCore } from "./core.js";
import type { LeaseReply } from "./core_words.js";
import { isSameRow, leaseRow } from "./rows.js";

export interface Tenure {
  /** Was this page the last to drive, too? Then nobody else left anything under way. */
  readonly isContinued: boolean;
  /** Aborts when another page was seen to have taken over, or has stolen the lock. */
  readonly lost: AbortSignal;
  /** As `Store.write`, and only while this page drives. */
  write(changes: StoreChange[], onlyIf: StoreExpectation[]): Promise<void>;
  /** Says that we are still here. Rejects when we are not, or when the store cannot be written. */
  renew(): Promise<void>;
  /** Nobody can have taken over yet. */
  isSure(): boolean;
  end(): Promise<void>;
}

export interface Leases {
  /** `undefined` when another page drives, or was quicker. With `isAlone` nobody else can be driving. */
  take(isAlone: boolean, lockLost: AbortSignal): Promise<Tenure | undefined>;
  /** The row, and whether whoever wrote it has been silent for longer than a living page may be. */
  look(): Promise<{ row: Bytes | null; isStale: boolean }>;
}

export function leasesOf(core: OutboxCore, store: Store, clock: Clock, owner: string): Leases {
  let lastEpoch = 0;
  const read = async () => (await store.get(leaseRow.table, leaseRow.key)) ?? null;

  function tenureOf(held: LeaseReply & { row: Bytes }, isAlone: boolean, lockLost: AbortSignal): Tenure {
    const losing = new AbortController();
    const lose = () => losing.abort();
    lockLost.addEventListener("abort", lose, { once: true });
    if (lockLost.aborted) lose();
    const isContinued = held.epoch === lastEpoch + 1;
    lastEpoch = held.epoch;
    let { row, until_ms: untilMs } = held;
    // One after the other: a heartbeat changes the row that the write behind it expects.
    const one = inTurn();

    async function write(changes: StoreChange[], onlyIf: StoreExpectation[]): Promise<void> {
      losing.signal.throwIfAborted();
      try {
        await store.write(changes, [...onlyIf, { ...leaseRow, bytes: row }]);
      } catch (error) {
        if (error instanceof StoreError && error.reason === "conflict" && !isSameRow(await read(), row)) lose();
        throw error;
      }
    }

    async function replaceRow(type: "renew" | "release"): Promise<void> {
      const next = core.lease(row, owner, { type, epoch: held.epoch });
      await write([{ ...leaseRow, bytes: next.row }], []);
      ({ row, until_ms: untilMs } = next);
    }

    let stopBeating = () => {};
    const beat = () => {
      stopBeating = clock.after(held.heartbeat_ms, () => {
        one(() => replaceRow("renew")).catch(() => {}); // who needs to know asks `isSure`
        if (!losing.signal.aborted) beat();
      });
    };
    beat();

    return {
      isContinued,
      lost: losing.signal,
      write: (changes, onlyIf) => one(() => write(changes, onlyIf)),
      renew: () => one(() => replaceRow("renew")),
      isSure: () => !losing.signal.aborted && clock.nowMs() < untilMs,
      async end() {
        stopBeating();
        lockLost.removeEventListener("abort", lose);
        // Who has the lock next asks no lease.
        if (!isAlone) await one(() => replaceRow("release")).catch(() => {});
      },
    };
  }

  return {
    async take(isAlone, lockLost) {
      const before = await read();
      const held = core.lease(before ?? new Uint8Array(), owner, { type: "take", alone: isAlone });
      if (!held.held) return undefined;
      try {
        await store.write([{ ...leaseRow, bytes: held.row }], [{ ...leaseRow, bytes: before }]);
      } catch (error) {
        if (error instanceof StoreError && error.reason === "conflict") return undefined;
        throw error;
      }
      return tenureOf(held, isAlone, lockLost);
    },
    async look() {
      const row = await read();
      return { row, isStale: core.lease(row ?? new Uint8Array(), owner, { type: "take", alone: false }).held };
    },
  };
}
