// SPDX-License-Identifier: MIT
// One page of this browser drives at a time.

import type { Clock, Entropy, Locks, Store } from "../ports.js";
import { hex } from "../store/bytes.js";
import type { OutboxCore } from "./core.js";
import { leasesOf, type Tenure } from "./lease.js";
import { isSameRow } from "./rows.js";

/** Another page drives: look again then, in case it goes. */
export const otherPageMs = 10_000;

export interface Turns {
  /** Runs `work` as the one page that drives; `false` when another page does. */
  take(work: (tenure: Tenure) => Promise<void>): Promise<boolean>;
}

interface Parts {
  name: string;
  core: OutboxCore;
  store: Store;
  locks: Locks;
  clock: Clock;
  entropy: Entropy;
}

export function turnsOf({ name, core, store, locks, clock, entropy }: Parts): Turns {
  const leases = leasesOf(core, store, clock, hex(entropy(16)));
  let suspect: { row: Uint8Array | null; sinceMs: number } | undefined;

  /** With the lock, whoever drove before is gone, whatever the lease says. */
  async function alone(work: (tenure: Tenure) => Promise<void>, steal: boolean): Promise<boolean> {
    let didDrive = false;
    const isOurs = await locks.alone(name, async (lost) => {
      const tenure = await leases.take(locks.areExclusive, lost);
      if (!tenure) return;
      suspect = undefined;
      didDrive = true;
      try {
        await work(tenure);
      } finally {
        await tenure.end();
      }
    }, { steal });
    return isOurs && didDrive;
  }

  /**
   * Somebody has the lock. A frozen page keeps it, and its lease runs out; but a page that has just got the
   * lock has not written its lease yet. So it is taken away only from who was silent at two looks in a row.
   */
  async function isHolderFrozen(): Promise<boolean> {
    const { row, isStale } = await leases.look();
    if (!isStale) suspect = undefined;
    else if (!suspect || !isSameRow(suspect.row, row)) suspect = { row, sinceMs: clock.nowMs() };
    return suspect !== undefined && Math.abs(clock.nowMs() - suspect.sinceMs) >= otherPageMs;
  }

  return {
    async take(work) {
      if (await alone(work, false)) return true;
      if (!locks.areExclusive || !(await isHolderFrozen())) return false;
      return alone(work, true);
    },
  };
}
