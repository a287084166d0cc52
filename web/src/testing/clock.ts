// SPDX-License-Identifier: MIT

import type { Clock } from "../ports.js";

export interface ManualClock extends Clock {
  /** Lets time pass and runs what falls due, each at its time; work that it starts is waited for. */
  advance(ms: number): Promise<void>;
}

export function manualClock(startMs = 1_710_500_000_000): ManualClock {
  let nowMs = startMs;
  const timers = new Map<number, { atMs: number; run: () => void }>();
  let nextTimer = 1;
  return {
    nowMs: () => nowMs,
    after(delayMs, run) {
      const timer = nextTimer++;
      timers.set(timer, { atMs: nowMs + Math.max(0, delayMs), run });
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (;;) {
        const due = [...timers].filter(([, { atMs }]) => atMs <= endMs).sort((a, b) => a[1].atMs - b[1].atMs)[0];
        if (!due) break;
        const [timer, { atMs, run }] = due;
        timers.delete(timer);
        nowMs = Math.max(nowMs, atMs);
        run();
        await settle();
      }
      nowMs = endMs;
    },
  };
}

/** Lets all that needs no time come to its end: promises, Blobs, web crypto, messages. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; ++turn) await new Promise((resolve) => setTimeout(resolve, 0));
}
