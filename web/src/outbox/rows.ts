// SPDX-License-Identifier: MIT

import type { StoreChange } from "../ports.js";
import { equalBytes } from "../store/bytes.js";

export const queueRow = { table: "meta", key: "queue" } as const;
export const leaseRow = { table: "meta", key: "lease" } as const;
export const settingsRow = { table: "meta", key: "settings" } as const;

/** Everything of one record: what is stored together. */
export function recordRows(id: string, record: Uint8Array, summary: Uint8Array): StoreChange[] {
  return [{ table: "records", key: id, bytes: record }, { table: "summaries", key: id, bytes: summary }];
}

export function isSameRow(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a && b ? equalBytes(a, b) : a === b;
}
