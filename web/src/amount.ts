// SPDX-License-Identifier: MIT

import type { Amount } from "./types.js";

/** An amount to calculate with; `String(sum)` is an amount again. */
export function toBigInt(amount: Amount): bigint {
  return BigInt(amount);
}
