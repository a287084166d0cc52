// SPDX-License-Identifier: MIT

import type { Entropy } from "../ports.js";

/** The same bytes at each run (mulberry32); anything but unpredictable. */
export function fixedEntropy(seed = 1): Entropy {
  let state = seed >>> 0;
  return (count) => Uint8Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) & 255;
  });
}
