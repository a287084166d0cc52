// SPDX-License-Identifier: MIT
// When I am away from recurring work. Checked before it is asked for, queued where there is no connection.

import type { Field } from "../field_types.js";
import type { AbsenceDates, AbsencePeriod, Change, Issue, Outcome, Prediction } from "../types.js";
import { controllerOf, held, type Watched } from "./watched.js";

/** A recurring step that I hold. */
export interface HeldStep {
  seriesId: string;
  stepOrder: number;
  title: string;
}

export interface AbsencesState {
  phase: "loading" | "shown";
  absences: AbsencePeriod[];
  /** What one can be absent from. */
  held: HeldStep[];
  /** What the server would say to the dates that are being entered. */
  foreseen: Issue[];
  isSaving: boolean;
  issue: Issue | null;
  /** What came of the last change. */
  done: "added" | "changed" | "removed" | "queued" | null;
  /** Times given free by it, and times that stay. */
  released: number;
  kept: number;
}

export interface Absences extends Watched<AbsencesState> {
  refresh(): Promise<void>;
  /** Looks at the dates while they are entered; changes nothing. */
  foresee(step: HeldStep, dates: AbsenceDates): Promise<void>;
  add(step: HeldStep, dates: AbsenceDates): Promise<void>;
  change(absence: AbsencePeriod, dates: AbsenceDates): Promise<void>;
  remove(absence: AbsencePeriod): Promise<void>;
}

type Parts = Pick<Field, "account" | "workflows" | "absencePeriods" | "discover" | "predict" | "outbox">;

export function absencesOf(field: Parts): Absences {
  const self = held<AbsencesState>({
    phase: "loading", absences: [], held: [], foreseen: [], isSaving: false, issue: null, done: null, released: 0, kept: 0,
  });
  const closing = new AbortController();

  async function heldSteps(): Promise<HeldStep[]> {
    const discovery = await field.discover();
    const steps = new Map<string, HeldStep>();
    for (const { workflow_id } of discovery.ok ? discovery.value.listed : []) {
      const saved = await field.workflows.saved(workflow_id);
      if (!saved?.ok || saved.value.recurrence === "one_time") continue;
      const { series_id, title, steps: all } = saved.value;
      for (const step of all.filter(({ assigned_improver_id }) => assigned_improver_id === field.account)) {
        steps.set(`${series_id} ${step.step_order}`, { seriesId: series_id, stepOrder: step.step_order, title: `${title} · ${step.title}` });
      }
    }
    return [...steps.values()];
  }

  async function refresh(): Promise<void> {
    const { signal } = closing;
    const [read, mine] = await Promise.all([field.absencePeriods.list({ signal }).catch(() => undefined), heldSteps()]);
    if (signal.aborted) return;
    self.set({ phase: "shown", held: mine, ...(read?.ok ? { absences: read.value, issue: null } : { issue: read?.issue ?? null }) });
  }

  /** Online now, or a record of the queue where there is no connection. */
  async function make(
    done: "added" | "changed" | "removed", now: Promise<Change<{ released_count: number; skipped_count: number } | void>>, later: () => Promise<Outcome<unknown>>,
  ): Promise<void> {
    if (self.state.isSaving) return;
    self.set({ isSaving: true, issue: null, done: null });
    const outcome = await now;
    if (outcome.ok) {
      self.set({ isSaving: false, done, released: outcome.value?.released_count ?? 0, kept: outcome.value?.skipped_count ?? 0, foreseen: [] });
      return refresh();
    }
    const queued = outcome.issue.code === "server_unreachable" ? await later() : outcome;
    self.set({ isSaving: false, released: 0, kept: 0, ...(queued.ok ? { done: "queued" } : { issue: queued.issue }) });
  }

  const idsOf = ({ series_id, step_order, id }: AbsencePeriod) => ({ series_id, step_order, absence_id: id });
  void refresh();

  return controllerOf(self, {
    refresh,
    async foresee({ seriesId, stepOrder }, dates) {
      const foreseen: Outcome<Prediction> = await field.predict.createAbsencePeriod({ series_id: seriesId, step_order: stepOrder, ...dates });
      self.set({ foreseen: foreseen.ok ? foreseen.value.issues : [foreseen.issue] });
    },
    add({ seriesId, stepOrder }, dates) {
      const request = { series_id: seriesId, step_order: stepOrder, ...dates };
      return make("added", field.absencePeriods.create(request), () => field.outbox.request({ kind: "absence_create", ...request }));
    },
    change(absence, dates) {
      return make("changed", field.absencePeriods.update(absence.id, dates), () => field.outbox.request({ kind: "absence_update", ...idsOf(absence), ...dates }));
    },
    remove(absence) {
      return make("removed", field.absencePeriods.delete(absence.id), () => field.outbox.request({ kind: "absence_delete", ...idsOf(absence) }));
    },
  }, () => closing.abort());
}
