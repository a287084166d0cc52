// SPDX-License-Identifier: MIT
// What there is to do: what I have begun, what is mine, what I may claim, and why the rest is not for me. What is
// whose is the core's word (`field.discover`), on what this device has read.

import type { Field } from "../field_types.js";
import { isForbidden } from "../issue.js";
import type { Amount, Discovery, Issue, Workflow, WorkflowStep } from "../types.js";
import { firstToDo, stepKind } from "./job.js";
import { controllerOf, held, type Watched } from "./watched.js";

export type WorkGroup = "begun" | "mine" | "open" | "others";

export interface WorkRow {
  group: WorkGroup;
  workflow: Workflow;
  /** What it is about; `""` where only a card was read, or the workflow as a whole is not for me. */
  stepId: string;
  stepTitle: string;
  pays: Amount;
  /** Answers of it were begun on this device. */
  hasDraft: boolean;
  /** Why it is not for me; `null` among the others: not known before it is opened. */
  reason: Issue | null;
}

export interface WorkListState {
  phase: "loading" | "shown";
  rows: WorkRow[];
  /** When the lists were read last, and why they could not be read now. */
  readAtMs: number;
  issue: Issue | null;
  isReading: boolean;
}

export interface WorkList extends Watched<WorkListState> {
  refresh(): Promise<void>;
}

type Parts = Pick<Field, "account" | "workflows" | "outbox" | "drafts" | "discover" | "predict">;

const groups: WorkGroup[] = ["begun", "mine", "open", "others"];

export function workList(field: Parts): WorkList {
  const self = held<WorkListState>({ phase: "loading", rows: [], readAtMs: 0, issue: null, isReading: false });
  const closing = new AbortController();
  /** The server said so: nothing here is for this account. */
  let isNoImprover = false;
  /** Of the lists that were read last; those that the server offered this account by itself. */
  let cards = new Map<string, Workflow>();
  let offered = new Set<string>();

  /** What is known of a workflow: the whole document where it was read, else its card. */
  async function workflowOf(id: string): Promise<{ workflow: Workflow; readAtMs: number } | undefined> {
    const saved = await field.workflows.saved(id);
    if (saved?.ok) return { workflow: saved.value, readAtMs: saved.readAtMs };
    const card = cards.get(id);
    return card && { workflow: card, readAtMs: 0 };
  }

  async function reasonOf({ workflow_id, step_id, code }: Discovery["not_mine"][number]): Promise<Issue> {
    const foreseen = step_id === "" ? undefined : await field.predict.claim(workflow_id, step_id);
    const issue = foreseen?.ok ? foreseen.value.issues.find((one) => one.code === code) : undefined;
    return issue ?? { code, path: "", params: {} };
  }

  function rowOf(workflow: Workflow, group: WorkGroup, drafts: ReadonlySet<string>): WorkRow {
    const steps = workflow.steps.map((step) => ({ step, row: null, foreseen: null, kind: stepKind(workflow, step, field.account, {}) }));
    const first = firstToDo(steps);
    const card = workflow.assigned_steps?.[0] ?? workflow.claimable_step;
    const step = first?.step ?? card;
    const hasDraft = step !== undefined && drafts.has(draftKey(workflow.id, step.id));
    return {
      group: group === "mine" && (first?.kind === "fill" || hasDraft) ? "begun" : group,
      workflow, stepId: step?.id ?? "", stepTitle: step?.title ?? "", pays: first?.step.bounty ?? workflow.total_bounty, hasDraft, reason: null,
    };
  }

  async function show(): Promise<void> {
    if (isNoImprover) return self.set({ phase: "shown", rows: [] });
    const [discovery, saved] = await Promise.all([field.discover(), field.drafts.list().catch(() => [])]);
    if (!discovery.ok) return self.set({ issue: discovery.issue });
    const drafts = new Set(saved.map(({ workflowId, stepId }) => draftKey(workflowId, stepId)));
    const rows: WorkRow[] = [];
    let { readAtMs } = self.state;
    for (const { workflow_id, reason } of discovery.value.listed) {
      const known = await workflowOf(workflow_id);
      if (!known) continue;
      readAtMs = Math.max(readAtMs, known.readAtMs);
      // A card that says nothing of this account is for it when the server offered it.
      const isForOthers = reason === "unread" && !offered.has(workflow_id);
      rows.push(rowOf(known.workflow, isForOthers ? "others" : reason === "claimable" ? "open" : "mine", drafts));
    }
    for (const one of discovery.value.not_mine) {
      const known = rows.some(({ workflow }) => workflow.id === one.workflow_id) ? undefined : await workflowOf(one.workflow_id);
      if (!known) continue;
      const step = known.workflow.steps.find(({ id }: WorkflowStep) => id === one.step_id);
      rows.push({
        ...rowOf(known.workflow, "others", drafts), group: "others", stepId: one.step_id, stepTitle: step?.title ?? "", reason: await reasonOf(one),
      });
    }
    if (closing.signal.aborted) return;
    self.set({ phase: "shown", readAtMs, rows: rows.sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group)) });
  }

  async function refresh(): Promise<void> {
    if (self.state.isReading) return;
    self.set({ isReading: true });
    const { signal } = closing;
    // What is active besides tells why it is not for me; an account that may not read it misses nothing else.
    const read = await Promise.all([field.workflows.discover({ signal }), field.workflows.active({ signal })]).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (!read) return;
    const [listed, active] = read;
    cards = new Map([...(active.ok ? active.value.workflows : []), ...(listed.ok ? listed.value.workflows : [])].map((one) => [one.id, one]));
    isNoImprover = !listed.ok && isForbidden(listed.issue) && active.ok && active.from === "server";
    self.set({ issue: listed.ok || isNoImprover ? null : listed.issue, ...(listed.ok && { readAtMs: listed.readAtMs }) });
    offered = new Set(listed.ok ? listed.value.workflows.map(({ id }) => id) : []);
    await show();
    self.set({ isReading: false });
  }

  field.outbox.addEventListener("change", () => void show(), { signal: closing.signal });
  // What this device has read is there at once, and may be all there is.
  void show().finally(() => void refresh());

  return controllerOf(self, {
    refresh,
  }, () => closing.abort());
}

const draftKey = (workflowId: string, stepId: string): string => JSON.stringify([workflowId, stepId]);
