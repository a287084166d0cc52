// SPDX-License-Identifier: MIT
// Absences from recurring work.

import type { AbsencePeriods, RequestOptions } from "../field_types.js";
import type { AbsencePeriod } from "../types.js";
import { copyKey } from "./copies.js";
import { ask, change, done, explain, read, saved, type Parts } from "./operations.js";

const path = "/improvers/workflows/absence-periods";
const pathOf = (id: string) => `${path}/${encodeURIComponent(id)}`;

export function absencePeriodsOf(parts: Parts): AbsencePeriods {
  /** The kept list as the change left it. */
  async function keep(id: string, now: AbsencePeriod | undefined): Promise<void> {
    const list = await saved(parts, "absences", copyKey.absencePeriods);
    if (!list) return;
    const absences = list.value.filter((absence) => absence.id !== id).concat(now ?? []);
    await parts.copies.keep(copyKey.absencePeriods, JSON.stringify(absences));
  }

  const list: AbsencePeriods["list"] = (options = {}) => read(parts, {
    method: "GET", path, operation: "absence-periods", kind: "absences", key: copyKey.absencePeriods,
  }, options);

  async function isGone(id: string, options: RequestOptions): Promise<boolean> {
    const now = await list(options);
    return now.ok && now.from === "server" && now.value.every((absence) => absence.id !== id);
  }

  return {
    list,
    async create(request, options = {}) {
      const made = await change(parts, {
        method: "POST", path, body: request, operation: "absence-periods", kind: "absence_change",
        action: { type: "absence_create", ...request },
      }, options);
      if (made.ok) await keep(made.value.absence.id, made.value.absence);
      return made;
    },
    async update(absence_id, dates, options = {}) {
      const made = await change(parts, {
        method: "PUT", path: pathOf(absence_id), body: dates, operation: "absence-periods", what: "absence",
        kind: "absence_change", action: { type: "absence_update", absence_id, ...dates },
      }, options);
      if (made.ok) await keep(absence_id, made.value.absence);
      return made;
    },
    async delete(absence_id, options = {}) {
      const request = {
        method: "DELETE", path: pathOf(absence_id), operation: "absence-periods", what: "absence",
        action: { type: "absence_delete", absence_id }, kind: "absence_change",
      } as const;
      const answer = await ask(parts, request, options);
      let isDone = answer !== undefined && done(parts, request, answer) !== undefined;
      // The answer was lost, or is none of this API: the list tells.
      if (!isDone && (!answer || answer.status === 200)) isDone = await isGone(absence_id, options);
      if (!isDone) return explain(parts, request, answer);
      await keep(absence_id, undefined);
      return { ok: true, value: undefined };
    },
  };
}
