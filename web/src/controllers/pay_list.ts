// SPDX-License-Identifier: MIT
// What I have finished and was not paid for yet, and asking for it again where it failed.

import type { Field } from "../field_types.js";
import type { Amount, Issue, Workflow, WorkflowStep } from "../types.js";
import { paidKind, type StepKind } from "./job.js";
import { controllerOf, held, type Watched } from "./watched.js";

export interface PayRow {
  workflow: Workflow;
  step: WorkflowStep;
  kind: StepKind;
  isAsking: boolean;
  refused: Issue | null;
}

export interface PayListState {
  phase: "loading" | "shown";
  rows: PayRow[];
  total: Amount;
  readAtMs: number;
  issue: Issue | null;
}

export interface PayList extends Watched<PayListState> {
  refresh(): Promise<void>;
  /** Only worth asking now: never queued. */
  retry(workflowId: string, stepId: string): Promise<void>;
}

export function payList(field: Pick<Field, "account" | "workflows" | "discover">): PayList {
  const self = held<PayListState>({ phase: "loading", rows: [], total: "0", readAtMs: 0, issue: null });
  const closing = new AbortController();

  async function show(): Promise<void> {
    const discovery = await field.discover();
    if (!discovery.ok) return self.set({ phase: "shown", issue: discovery.issue });
    const rows: PayRow[] = [];
    for (const id of discovery.value.unpaid) {
      const saved = await field.workflows.saved(id);
      if (!saved?.ok) continue;
      const mine = saved.value.steps.filter((step) => step.status === "completed" && step.assigned_improver_id === field.account);
      rows.push(...mine.map((step) => ({ workflow: saved.value, step, kind: paidKind(step, field.account), isAsking: false, refused: null })));
    }
    if (closing.signal.aborted) return;
    self.set({ phase: "shown", rows, total: String(rows.reduce((sum, { step }) => sum + BigInt(step.bounty), 0n)) });
  }

  function update(workflowId: string, stepId: string, change: Partial<PayRow>): void {
    self.set({ rows: self.state.rows.map((row) => (row.workflow.id === workflowId && row.step.id === stepId ? { ...row, ...change } : row)) });
  }

  async function refresh(): Promise<void> {
    const { signal } = closing;
    const read = await field.workflows.unpaid({ signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (!read) return;
    self.set(read.ok ? { issue: null, readAtMs: read.readAtMs } : { issue: read.issue });
    await show();
  }
  void show().finally(() => void refresh());

  return controllerOf(self, {
    refresh,
    async retry(workflowId, stepId) {
      update(workflowId, stepId, { isAsking: true, refused: null });
      const outcome = await field.workflows.payoutRequest(workflowId, stepId);
      if (outcome.ok) return show();
      update(workflowId, stepId, { isAsking: false, refused: outcome.issue });
    },
  }, () => closing.abort());
}
