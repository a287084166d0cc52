// SPDX-License-Identifier: MIT
// What a supporter needs and nobody else minds: no answers, no photos, no titles.

import type { OutboxStatus, StorageReport } from "../field_types.js";
import type { OutboxCore } from "./core.js";
import type { Entry } from "./entries.js";

const journalLinesMax = 50;

interface Facts {
  status: OutboxStatus;
  storage: StorageReport;
  abi: number;
  nowMs: number;
}

export function diagnosticsOf(core: OutboxCore, entries: readonly Entry[], { status, storage, abi, nowMs }: Facts): string {
  const time = (ms: number) => (ms > 0 ? new Date(ms).toISOString() : "never");
  const lines = [
    `sfluv-field, abi ${abi}, ${time(nowMs)}`,
    globalThis.navigator?.userAgent ?? "no browser",
    `storage ${storage.level} used ${storage.usedBytes} B free ${storage.freeBytes} B photos ${storage.ownBytes} B persistent ${storage.isPersistent}`,
    `queue ${status.state} ${status.why} until ${time(status.until_ms)}, server heard ${time(status.contact_ms)}`,
    `undelivered ${status.undelivered}, endangered ${status.endangered.length}, behind ${status.behind.length}, `
      + `paused ${status.user}, wifi only ${status.wifiOnly}, signed out ${status.isLocked}`,
  ];
  for (const { id, view, record, summary } of entries) {
    lines.push(`record ${id} ${view.kind} ${view.state} ${view.why} attempts ${view.attempts} photos ${view.photos} `
      + `body ${view.bytes} B record ${record.length} B summary ${summary.length} B created ${time(view.created_ms)} `
      + `due ${time(view.due_ms)} http ${view.server?.status ?? "-"} receipt ${view.receipt?.evidence ?? "-"}`);
  }
  const journal = entries.flatMap(({ id, record, isStuck }) => {
    const exported = isStuck ? undefined : core.exported(record);
    return exported && !("issue" in exported) ? exported.journal.trimEnd().split("\n").map((line) => `${line} ${id.slice(0, 8)}`) : [];
  });
  return [...lines, ...journal.sort().slice(-journalLinesMax), ""].join("\n");
}
