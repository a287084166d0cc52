// SPDX-License-Identifier: MIT
// One workflow, one of its steps: what it asks, whose it is, and the next thing to do with it.
import { formatIssue, type Field, type OutboxRecord, type Workflow, type WorkflowOutcome, type WorkflowStep } from "sfluv-field";
import { en } from "sfluv-field/messages/en";

import { answerForm } from "./answer_form.js";
import { announce, find, h, setText } from "./dom.js";
import { amount, moment } from "./figures.js";
import { isDelivered } from "./queue_view.js";

export interface StepView {
  /** Shows this copy of the workflow; a form in work is only replaced when its step changed. */
  show(workflow: Workflow): Promise<void>;
  /** Something happened to a record: shows it, where it is of this step. */
  refresh(): Promise<void>;
}

export function stepView(field: Field, workflowChanged: (outcome: WorkflowOutcome) => void): StepView {
  const section = find("#step");
  let workflow: Workflow | undefined;
  let stepId = "";
  let shown = "";

  const recordOf = (step: WorkflowStep): OutboxRecord | undefined =>
    field.outbox.records().findLast(record => record.workflow_id === step.workflow_id && record.step_id === step.id);
  const isMine = (step: WorkflowStep): boolean => step.assigned_improver_id === field.account;

  /** What is to be done first: my step in work, my open step, one that can be claimed. */
  function firstToDo(steps: WorkflowStep[]): WorkflowStep | undefined {
    return steps.find(step => isMine(step) && step.status === "in_progress")
      ?? steps.find(step => isMine(step) && step.status === "available")
      ?? steps.find(step => step.status === "available") ?? steps[0];
  }

  async function draw(): Promise<void> {
    if (!workflow) return;
    const steps = [...workflow.steps].sort((a, b) => a.step_order - b.step_order);
    const step = steps.find(({ id }) => id === stepId) ?? firstToDo(steps);
    if (!step) return section.replaceChildren(h("p", {}, "This workflow has no steps."));
    stepId = step.id;
    const record = recordOf(step);
    // The same step in the same state keeps its form, with focus and cursor.
    const now = JSON.stringify([step.id, step.status, step.assigned_improver_id, record?.id, record && isDelivered(record), workflow.status]);
    if (now === shown) return;
    shown = now;
    const body = await bodyOf(workflow, step, record);
    if (now !== shown) return;
    section.replaceChildren(
      h("div", { class: "stack" },
        h("p", { class: "quiet" }, `${workflow.title} · step ${step.step_order} of ${steps.length}`),
        h("h2", {}, step.title),
        step.description !== "" && h("p", {}, step.description),
        h("p", { class: "quiet" }, `Pays ${amount(step.bounty)}`)),
      ...(steps.length > 1 ? [stepPicker(steps, step)] : []),
      body);
  }

  function stepPicker(steps: WorkflowStep[], current: WorkflowStep): HTMLElement {
    return h("nav", { class: "steps", "aria-label": "Steps" }, ...steps.map(step =>
      h("button", { type: "button", "aria-current": step === current && "step", onclick: () => void choose(step.id) },
        `${step.step_order}. ${step.title}`)));
  }

  async function choose(id: string): Promise<void> {
    stepId = id;
    await draw();
    section.focus();
  }

  async function bodyOf(workflow: Workflow, step: WorkflowStep, record: OutboxRecord | undefined): Promise<HTMLElement> {
    if (record && !isDelivered(record)) {
      return note("Saved on this device, not sent yet. It is sent by itself as soon as the server can be reached; see “On this device” below.");
    }
    if (record || step.status === "completed" || step.status === "paid_out") {
      return note(`This step is done${step.completed_at ? `, ${moment(step.completed_at * 1000)}` : ""}.`);
    }
    if (step.assigned_improver_id && !isMine(step)) {
      return note(`${step.assigned_improver_name || "Somebody else"} has claimed this step.`);
    }
    if (step.status === "locked") return note("This step opens when the one before it is done.");
    if (!isMine(step)) return action("Claim this step", "Claiming it means that you will do it.", "claim", step);
    if (step.status === "available") return action("Start now", "It is yours. Start when you are on the spot.", "start", step);
    const draft = await field.drafts.get(workflow.id, step.id);
    return answerForm(field, workflow, step, draft, () => void draw().then(() => section.focus()));
  }

  function note(text: string): HTMLElement {
    return h("p", { class: "notice" }, text);
  }

  function action(label: string, words: string, what: "claim" | "start", step: WorkflowStep): HTMLElement {
    const error = h("p", { class: "error", role: "alert", hidden: true });
    const button = h("button", { type: "button", onclick: () => void run() }, label);
    async function run(): Promise<void> {
      if (button.ariaDisabled === "true") return;
      button.ariaDisabled = "true";
      error.hidden = true;
      const outcome = await field.workflows[what](step.workflow_id, step.id);
      button.ariaDisabled = "false";
      if (outcome.ok) {
        announce(what === "claim" ? "The step is yours." : "Started.");
        return workflowChanged(outcome);
      }
      error.hidden = false;
      setText(error, formatIssue(outcome.issue, en));
    }
    return h("div", { class: "stack" }, h("p", {}, words), button, error);
  }

  return {
    show(next) {
      workflow = next;
      return draw();
    },
    refresh: draw,
  };
}
