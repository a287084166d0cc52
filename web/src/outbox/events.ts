// SPDX-License-Identifier: MIT

import type { OutboxChange, OutboxProgress } from "../field_types.js";
import type { OutboxRecord } from "../types.js";

export function changeEvent(id: string, record: OutboxRecord | null): OutboxChange {
  return Object.assign(new Event("change"), { id, record }) as OutboxChange;
}

export function progressEvent(id: string, sentBytes: number, totalBytes: number): OutboxProgress {
  return Object.assign(new Event("progress"), { id, sentBytes, totalBytes }) as OutboxProgress;
}
