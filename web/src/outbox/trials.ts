// SPDX-License-Identifier: MIT
// Somebody tapped "Try now" and wants to hear what came of it, whichever page does it.

import type { Clock } from "../ports.js";

/** Another page that was asked and does not answer. */
const answerMsMax = 30_000;

export interface Trials {
  /** Resolves when `over` is said for this record, or for all. */
  wait(id: string): Promise<void>;
  over(id?: string): void;
  ids(): string[];
}

export function trialsOf(clock: Clock): Trials {
  const waiting = new Map<string, (() => void)[]>();

  function over(id: string): void {
    for (const end of waiting.get(id) ?? []) end();
    waiting.delete(id);
  }

  return {
    wait: (id) => new Promise((resolve) => {
      const cancel = clock.after(answerMsMax, () => over(id));
      const end = () => {
        cancel();
        resolve();
      };
      waiting.set(id, [...(waiting.get(id) ?? []), end]);
    }),
    over: (id) => (id === undefined ? [...waiting.keys()] : [id]).forEach(over),
    ids: () => [...waiting.keys()],
  };
}
