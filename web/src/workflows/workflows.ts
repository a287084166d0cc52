// SPDX-License-Identifier: MIT
// Workflows and their steps: reading, claiming, starting, asking for a payout again, releasing a series.

import type { RequestOptions, Workflows } from "../field_types.js";
import type { Workflow, WorkflowOutcome, WorkflowStep } from "../types.js";
import { copyKey } from "./copies.js";
import { ask, change, done, explain, read, saved, type Found, type Parts } from "./operations.js";

export function workflowsOf(parts: Parts): Workflows {
  const { account, rules, copies, clock } = parts;

  /** The copy by itself, or the whole document in a list, whichever was read last. */
  async function lastCopy(id: string): Promise<Found<Workflow> | undefined> {
    const [alone, lists] = await Promise.all([saved(parts, "workflow", copyKey.workflow(id)), copies.list(copyKey.list(""))]);
    let last = alone;
    for (const { text, readAtMs } of lists) {
      const list = readAtMs > (last?.readAtMs ?? 0) ? rules.readAnswer("workflows", text) : undefined;
      const workflow = list?.ok ? list.value.workflows.find((one) => one.id === id && one.steps.length > 0) : undefined;
      if (workflow) last = { ok: true, value: workflow, from: "device", readAtMs };
    }
    return last;
  }

  async function get(id: string, options: RequestOptions = {}): Promise<WorkflowOutcome> {
    const request = {
      method: "GET", path: `/workflows/${encodeURIComponent(id)}`, operation: "workflow", what: "workflow",
      kind: "workflow", key: copyKey.workflow(id),
    } as const;
    return read(parts, request, options, () => lastCopy(id));
  }

  /** An unclear or refused answer is no verdict before the workflow was read: it may be done already. */
  async function act(
    operation: "claim" | "start" | "payout-request", id: string, stepId: string, options: RequestOptions,
    isDone: (step: WorkflowStep) => boolean,
  ): Promise<WorkflowOutcome> {
    const path = `/improvers/workflows/${encodeURIComponent(id)}/steps/${encodeURIComponent(stepId)}/${operation}`;
    const type = operation === "payout-request" ? "payout_request" : operation;
    const request = { method: "POST", path, operation, action: { type, workflow_id: id, step_id: stepId }, kind: "workflow" } as const;
    const answer = await ask(parts, request, options);
    const value = answer && done(parts, request, answer);
    if (answer && value) {
      await copies.keep(copyKey.workflow(id), answer.text);
      return { ...value, from: "server", readAtMs: clock.nowMs() };
    }
    const now = await get(id, options);
    const step = now.ok && now.from === "server" ? now.value.steps.find((one) => one.id === stepId) : undefined;
    if (step && isDone(step)) return now;
    return explain(parts, { ...request, what: now.ok ? "step" : "workflow" }, answer);
  }

  const list = (name: "improvers" | "unpaid" | "active", path: string, options: RequestOptions = {}) =>
    read(parts, { method: "GET", path, operation: path.slice(path.lastIndexOf("/") + 1), kind: "workflows", key: copyKey.list(name) }, options);
  const isMine = (step: WorkflowStep) => step.assigned_improver_id === account;
  return {
    get,
    saved: lastCopy,
    discover: (options) => list("improvers", "/improvers/workflows", options),
    unpaid: (options) => list("unpaid", "/improvers/unpaid-workflows", options),
    active: (options) => list("active", "/workflows/active", options),
    claim: (id, stepId, options = {}) => act("claim", id, stepId, options, isMine),
    start: (id, stepId, options = {}) =>
      act("start", id, stepId, options, (step) => isMine(step) && step.status !== "available" && step.status !== "locked"),
    payoutRequest: (id, stepId, options = {}) =>
      act("payout-request", id, stepId, options, (step) => isMine(step) && step.status === "paid_out"),
    unclaim: (series_id, step_order, options = {}) => change(parts, {
      method: "POST", path: "/improvers/workflow-series/unclaim", body: { series_id, step_order }, operation: "unclaim",
      action: { type: "unclaim", series_id, step_order }, kind: "unclaim",
    }, options),
  };
}
