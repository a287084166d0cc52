// SPDX-License-Identifier: MIT
// One page of this browser drives at a time.

import type { Clock, Entropy, Locks, Store } from "../ports.js";
import { equalBytes, hex } from "../store/bytes.js";
import { leasesOf, type LeaseState, type Tenure } from "./lease.js";

/** Another page drives: look again then, in case it goes. */
export const otherPageMs = 10_000;

export interface Turns {
  /** Runs `work` as the one page that drives; `false` when another page does. */
  take(work: (tenure: Tenure) => Promise<void>): Promise<boolean>;
}

export function turnsOf(name: string, parts: { store: Store; locks: Locks; clock: Clock; entropy: Entropy }): Turns {
  const { locks, clock } = parts;
  const leases = leasesOf(parts.store, clock, hex(parts.entropy(8)));
  let suspect: { row: Uint8Array | null; sinceMs: number } | undefined;

  /** With the lock, whoever drove before is gone, whatever the lease says. */
  async function drive(work: (tenure: Tenure) => Promise<void>, lost: AbortSignal): Promise<boolean> {
    const state = await leases.read();
    if (!locks.areExclusive && !state.isStale) return false;
    const tenure = await leases.take(state, lost);
    if (!tenure) return false;
    try {
      await work(tenure);
    } finally {
      await tenure.end();
    }
    return true;
  }

  async function alone(work: (tenure: Tenure) => Promise<void>, steal: boolean): Promise<boolean> {
    let didDrive = false;
    const isOurs = await locks.alone(name, async (lost) => {
      suspect = undefined;
      didDrive = await drive(work, lost);
    }, { steal });
    return isOurs && didDrive;
  }

  /**
   * Somebody has the lock. A frozen page keeps it, and its lease runs out; but a page that has just got the
   * lock has not written its lease yet. So it is taken away only from who was silent at two looks in a row.
   */
  function isFrozen({ row, isStale }: LeaseState): boolean {
    const isSame = suspect !== undefined && (row && suspect.row ? equalBytes(row, suspect.row) : row === suspect.row);
    if (!isStale) suspect = undefined;
    else if (!isSame) suspect = { row, sinceMs: clock.nowMs() };
    return suspect !== undefined && Math.abs(clock.nowMs() - suspect.sinceMs) >= otherPageMs;
  }

  return {
    async take(work) {
      if (await alone(work, false)) return true;
      if (!locks.areExclusive || !isFrozen(await leases.read())) return false;
      return alone(work, true);
    },
  };
}
