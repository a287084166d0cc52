// SPDX-License-Identifier: MIT

import type { Locks } from "../ports.js";

export interface MemoryLocks extends Locks {
  /** Is somebody at work under this name? */
  isHeld(name: string): boolean;
}

/** Locks of one process: give the same ones to all fields that stand for pages of one browser. */
export function memoryLocks(): MemoryLocks {
  const holders = new Map<string, AbortController>();
  return {
    areExclusive: true,
    isHeld: (name) => holders.has(name),
    async alone(name, work, { steal = false } = {}) {
      const before = holders.get(name);
      if (before && !steal) return false;
      const mine = new AbortController();
      holders.set(name, mine);
      before?.abort();
      try {
        await work(mine.signal);
      } finally {
        if (holders.get(name) === mine) holders.delete(name);
      }
      return true;
    },
  };
}
