// SPDX-License-Identifier: MIT
// Room on this device, looked at again when something was saved or sent.

import type { Field, StorageReport } from "../field_types.js";
import type { Issue } from "../types.js";
import { controllerOf, held, type Watched } from "./watched.js";

export interface RoomState {
  /** `null`: not asked yet. */
  report: StorageReport | null;
  /** This browser cannot keep work at all. */
  broken: Issue | null;
}

export interface Room extends Watched<RoomState> {
  refresh(): Promise<void>;
}

export function roomOf(field: Pick<Field, "storage" | "storageIssue" | "outbox">): Room {
  const self = held<RoomState>({ report: null, broken: field.storageIssue });
  const closing = new AbortController();
  async function refresh(): Promise<void> {
    const report = await field.storage.report();
    if (!closing.signal.aborted) self.set({ report });
  }
  field.outbox.addEventListener("change", () => void refresh(), { signal: closing.signal });
  void refresh();
  return controllerOf(self, {
    refresh,
  }, () => closing.abort());
}
