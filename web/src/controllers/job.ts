// SPDX-License-Identifier: MIT
// One workflow on the screen: its steps, whose they are, and the next thing to do with each.

import type { Field } from "../field_types.js";
import type { Issue, Outcome, OutboxRecord, Workflow, WorkflowOutcome, WorkflowStep } from "../types.js";
import { may, outboxList, type OutboxList, type RecordRow } from "./outbox_list.js";
import type { KeptDraft } from "./step_form.js";
import { controllerOf, held, type Watched } from "./watched.js";

/** What a person can do with a step, or why nothing. */
export type StepKind =
  | "claimable" | "to_start" | "fill"
  | "wished"          // a claim is asked for as soon as there is a connection
  | "queued"          // a submission of it is on this device and not delivered
  | "locked" | "of_other" | "closed"
  | "done" | "payout_failed" | "payout_asked" | "paid_out";

export type JobAction = "claim" | "start" | "payoutRequest";

export interface JobState {
  phase: "loading" | "shown" | "missing";
  workflow: Workflow | null;
  /** Where it was read, and when: the copy of the last read is as good as its age. */
  from: "server" | "device" | null;
  readAtMs: number;
  /** Why there is none, or why it could not be read anew. */
  issue: Issue | null;
  /** `row`: what is on this device for it. `foreseen`: why the server would refuse a claim, as far as one can know here. */
  steps: { step: WorkflowStep; kind: StepKind; row: RecordRow | null; foreseen: Issue | null }[];
  /** From here on work on it may be lost, because the next occurrence begins; `null`: never. */
  deadlineMs: number | null;
  /** What is under way, and of which step. */
  acting: { action: JobAction | "unclaim"; stepId: string } | null;
  /** The answer to the last action that was not made. */
  refused: { action: JobAction | "unclaim"; stepId: string; issue: Issue } | null;
  /** What giving a series back did: times given free, and times that stay. */
  released: { stepId: string; released: number; kept: number } | "queued" | null;
}

export interface Job extends Watched<JobState> {
  readonly workflowId: string;
  /** The whole queue; `row` of a step is of it. */
  readonly outbox: OutboxList;
  /** Reads again; what is shown stays until the answer is there. */
  refresh(): Promise<void>;
  claim(stepId: string): Promise<boolean>;
  start(stepId: string): Promise<boolean>;
  /** Asks for a failed payout again; only worth asking now, so never queued. */
  payoutRequest(stepId: string): Promise<boolean>;
  /** Claims or starts as a record of the outbox, for when there is no connection. */
  wish(action: "claim" | "start", stepId: string): Promise<boolean>;
  /** Gives all coming times of a recurring step back; queued where there is no connection. */
  unclaim(stepId: string): Promise<void>;
}

export interface JobOptions {
  field: Pick<Field, "account" | "workflows" | "outbox" | "drafts" | "photos" | "predict" | "deadline">;
  workflowId: string;
}

const isOpenWorkflow = ({ status }: Workflow): boolean => status === "approved" || status === "in_progress";
const isDone = ({ status }: WorkflowStep): boolean => status === "completed" || status === "paid_out";

/** What is on this device for a step: the newest of each kind that was not given up. */
export interface StepRecords {
  complete?: OutboxRecord | undefined;
  start?: OutboxRecord | undefined;
  claim?: OutboxRecord | undefined;
  /** Its refused answers are being corrected. */
  isRevised?: boolean;
}

export function stepKind(workflow: Workflow, step: WorkflowStep, account: string, { complete, start, claim, isRevised }: StepRecords): StepKind {
  if (complete && !isArrived(complete)) return isRevised ? "fill" : "queued";
  if (isDone(step)) return paidKind(step, account);
  if (complete) return "done"; // delivered, and the copy here is older than that
  if (!isOpenWorkflow(workflow)) return "closed";
  if (step.assigned_improver_id && step.assigned_improver_id !== account) return "of_other";
  const isMine = step.assigned_improver_id === account;
  // A start that is on its way holds up nobody: the step is ours.
  if (isMine && (step.status === "in_progress" || (start && step.status !== "locked"))) return "fill";
  if (step.status === "locked") return "locked";
  return isMine ? "to_start" : claim && !isArrived(claim) ? "wished" : "claimable";
}

const isArrived = ({ state }: OutboxRecord): boolean => state === "delivered" || state === "pruned";

export function paidKind(step: WorkflowStep, account: string): StepKind {
  if (step.status === "paid_out") return "paid_out";
  if (step.assigned_improver_id !== account || !step.payout_error) return "done";
  return step.retry_requested_at && step.retry_requested_at >= (step.payout_last_try_at ?? 0) ? "payout_asked" : "payout_failed";
}

/** What is to be done first: my step in work, my open step, one that can be claimed. */
export function firstToDo(steps: JobState["steps"]): JobState["steps"][number] | undefined {
  const order: StepKind[] = ["fill", "queued", "to_start", "payout_failed", "wished", "claimable"];
  return order.map((kind) => steps.find((one) => one.kind === kind)).find(Boolean) ?? steps[0];
}

export function jobOf({ field, workflowId }: JobOptions): Job {
  const self = held<JobState>({
    phase: "loading", workflow: null, from: null, readAtMs: 0, issue: null, steps: [], deadlineMs: null, acting: null, refused: null, released: null,
  });
  const closing = new AbortController();
  const outbox = outboxList(field, lookForRevisions);

  /** Refused records whose correction has begun, as their drafts say. */
  const revised = new Set<string>();
  const foreseen = new Map<string, Issue>();

  function stepsOf(workflow: Workflow): JobState["steps"] {
    const rows = outbox.state.rows.filter(({ record, mood }) => record.workflow_id === workflow.id && mood !== "discarded");
    return [...workflow.steps].sort((a, b) => a.step_order - b.step_order).map((step) => {
      const ofStep = rows.filter(({ record }) => record.step_id === step.id).sort((a, b) => b.record.created_ms - a.record.created_ms);
      const newest = (kind: OutboxRecord["kind"]) => ofStep.find(({ record }) => record.kind === kind);
      const [complete, start, claim] = [newest("complete"), newest("start"), newest("claim")];
      const isRevised = complete !== undefined && revised.has(complete.record.id);
      const kind = stepKind(workflow, step, field.account, { complete: complete?.record, start: start?.record, claim: claim?.record, isRevised });
      return { step, kind, row: complete ?? start ?? claim ?? null, foreseen: kind === "claimable" ? (foreseen.get(step.id) ?? null) : null };
    });
  }

  async function lookAhead(): Promise<void> {
    for (const { step, kind } of self.state.steps) {
      const prediction = kind === "claimable" ? await field.predict.claim(workflowId, step.id) : undefined;
      const issue = prediction?.ok && prediction.value.expectation === "refused" ? prediction.value.issues[0] : undefined;
      if (issue) foreseen.set(step.id, issue);
      else foreseen.delete(step.id);
    }
    const { workflow } = self.state;
    if (workflow && foreseen.size > 0 && !closing.signal.aborted) self.set({ steps: stepsOf(workflow) });
  }

  async function lookForRevisions(): Promise<void> {
    const refused = outbox.state.rows.filter((row) => row.record.workflow_id === workflowId && may(row, "revise"));
    for (const { record } of refused) {
      const draft = (await field.drafts.get(workflowId, record.step_id).catch(() => undefined)) as KeptDraft | undefined;
      if (draft?.revises === record.id) revised.add(record.id);
    }
    const { workflow } = self.state;
    if (refused.length > 0 && workflow) self.set({ steps: stepsOf(workflow) });
  }

  function show(outcome: WorkflowOutcome): void {
    if (closing.signal.aborted) return;
    if (!outcome.ok) return self.set({ issue: outcome.issue, phase: self.state.workflow ? "shown" : "missing" });
    const { value: workflow, from, readAtMs } = outcome;
    const deadline = field.deadline(workflow);
    self.set({ phase: "shown", workflow, from, readAtMs, issue: null, steps: stepsOf(workflow), deadlineMs: deadline === null ? null : deadline * 1000 });
    void lookAhead();
    void lookForRevisions();
  }

  async function refresh(): Promise<void> {
    const outcome = await field.workflows.get(workflowId, { signal: closing.signal }).catch((error: unknown) => {
      if (!closing.signal.aborted) throw error;
    });
    if (outcome) show(outcome);
  }

  async function act(action: JobAction, stepId: string): Promise<boolean> {
    if (self.state.acting) return false;
    self.set({ acting: { action, stepId }, refused: null });
    const outcome = await field.workflows[action](workflowId, stepId);
    if (outcome.ok) show(outcome);
    return acted(action, stepId, outcome);
  }

  async function unclaim(stepId: string): Promise<void> {
    const { workflow } = self.state;
    const step = workflow?.steps.find(({ id }) => id === stepId);
    if (!workflow || !step || self.state.acting) return;
    const { series_id } = workflow;
    const { step_order } = step;
    self.set({ acting: { action: "unclaim", stepId }, refused: null, released: null });
    const outcome = await field.workflows.unclaim(series_id, step_order);
    if (outcome.ok) {
      const { released_count: released, skipped_count: kept } = outcome.value;
      self.set({ acting: null, released: { stepId, released, kept } });
      return refresh();
    }
    const isOffline = outcome.issue.code === "server_unreachable";
    const queued = isOffline ? await field.outbox.request({ kind: "unclaim", workflow, series_id, step_order }) : outcome;
    self.set({ acting: null, ...(queued.ok ? { released: "queued" } : { refused: { action: "unclaim", stepId, issue: queued.issue } }) });
  }

  async function wish(action: "claim" | "start", stepId: string): Promise<boolean> {
    const { workflow } = self.state;
    const step = workflow?.steps.find(({ id }) => id === stepId);
    if (!workflow || !step || self.state.acting) return false;
    self.set({ acting: { action, stepId }, refused: null });
    return acted(action, stepId, await field.outbox.request({ kind: action, workflow, step }));
  }

  function acted(action: JobAction, stepId: string, outcome: Outcome<unknown>): boolean {
    self.set({ acting: null, refused: outcome.ok ? null : { action, stepId, issue: outcome.issue } });
    return outcome.ok;
  }

  outbox.watch(() => {
    const { workflow, steps } = self.state;
    if (!workflow) return;
    const now = stepsOf(workflow);
    self.set({ steps: now });
    // Delivered just now: what the server says of the step is news.
    if (now.some(({ row }, n) => row?.mood === "delivered" && steps[n]?.row && steps[n].row.mood !== "delivered")) void refresh();
  });

  // The copy on this device first: it is there at once, and may be all there is.
  void field.workflows.saved(workflowId).then((saved) => {
    if (saved?.ok && self.state.phase === "loading") show(saved);
  }).finally(() => void refresh());

  return controllerOf(self, {
    workflowId,
    outbox,
    refresh,
    claim: (stepId) => act("claim", stepId),
    start: (stepId) => act("start", stepId),
    payoutRequest: (stepId) => act("payoutRequest", stepId),
    wish,
    unclaim,
  }, () => {
    closing.abort();
    outbox.close();
  });
}
