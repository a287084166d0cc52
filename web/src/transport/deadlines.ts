// SPDX-License-Identifier: MIT
// When a request is given up. Every request ends by our own clock: browsers were seen to wait and to
// send for ever.

import type { Clock, RequestPlan } from "../ports.js";

/** No byte moved for this long: the connection is dead. */
export const stallMsDefault = 45_000;
/** The server pays out before it answers. */
const answerMs = 120_000;
/** Progress runs ahead of the wire by what the operating system buffers. */
const bufferedBytesMax = 4 << 20;
/** A poor uplink: 20 kB/s. */
const slowBytesPerMs = 20;
const readMs = 30_000;
const blindMsMax = 15 * 60_000;

/** How long an answer may take once the last byte was handed over. */
export function answerMsAfter(bodyBytes: number): number {
  return answerMs + Math.min(bodyBytes, bufferedBytesMax) / slowBytesPerMs;
}

/** For requests that tell nothing of their progress: a minute, and the body at a slow phone's pace. */
export function blindMs({ method, body }: RequestPlan, answerMs = readMs): number {
  if (method === "GET") return answerMs;
  return Math.min(blindMsMax, 60_000 + (body?.size ?? 0) / slowBytesPerMs);
}

/** One time that can be set again and again. */
export interface Deadline {
  set(ms: number): void;
  clear(): void;
}

export function deadlineOf(clock: Clock, run: () => void): Deadline {
  let cancel = () => {};
  return {
    set(ms) {
      cancel();
      cancel = clock.after(ms, run);
    },
    clear: () => cancel(),
  };
}
