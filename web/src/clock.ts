// SPDX-License-Identifier: MIT

import type { Clock, Entropy } from "./ports.js";

/** `setTimeout` counts in 32 bits; longer waits are made of several. */
const timerMsMax = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    let left = Math.max(0, delayMs);
    let timer: ReturnType<typeof setTimeout>;
    const next = () => {
      const step = Math.min(left, timerMsMax);
      left -= step;
      timer = setTimeout(() => (left > 0 ? next() : run()), step);
    };
    next();
    return () => clearTimeout(timer);
  },
};

export const systemEntropy: Entropy = (count) => crypto.getRandomValues(new Uint8Array(count));

/** A number for one event: 53 bits, what JSON carries exactly. */
export function entropyNumber(entropy: Entropy): number {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = entropy(7);
  return ((((((a & 31) * 256 + b) * 256 + c) * 256 + d) * 256 + e) * 256 + f) * 256 + g;
}
