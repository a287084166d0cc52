// SPDX-License-Identifier: MIT

import type { Locks } from "./ports.js";

/** The locks of browsers. Insecure pages and Node have none. */
export function webLocks(): Locks {
  const manager = globalThis.navigator?.locks as LockManager | undefined;
  if (!manager) return { areExclusive: false, alone: (_, work) => work(new AbortController().signal).then(() => true) };
  return {
    areExclusive: true,
    async alone(name, work, { steal = false } = {}) {
      const robbed = new AbortController();
      let working: Promise<void> | undefined;
      const run = async (lock: Lock | null) => {
        if (lock) await (working = work(robbed.signal));
        return lock !== null;
      };
      try {
        return await manager.request(name, steal ? { steal } : { ifAvailable: true }, run) as boolean;
      } catch (error) {
        if (!working) throw error;
        // Either the work failed, which the next line says again, or the lock was taken away in the middle of it.
        robbed.abort();
        await working;
        return true;
      }
    },
  };
}
