// SPDX-License-Identifier: MIT
import { css, html, nothing, type TemplateResult } from "lit";
import { workList, type WorkGroup, type WorkList, type WorkRow } from "sfluv-field/controllers";
import type { Field, Issue } from "sfluv-field";

import { ControlledElement, define } from "./element.js";
import { nextIcon, turnIcon } from "./icons.js";
import { tokens, base, controls, rows } from "./theme.js";

/**
 * `<sfluv-work-list>`: what there is to do for this account, and why the rest is not. Give it `field`, or a `controller`
 * of your own making. Emits `sfluv-open-step` (`detail.workflowId`, `detail.stepId`).
 */
export class WorkListElement extends ControlledElement<WorkList> {
  static override properties = { ...ControlledElement.properties, field: { attribute: false } };
  static override styles = [tokens, base, controls, rows, css`
    details summary {
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 56px;
      font-size: 1.25rem;
      font-weight: 700;
      cursor: pointer;
    }
  `];

  declare field: Field | undefined;
  protected readonly inputs = ["field"];

  protected make(): WorkList | undefined {
    return this.field && workList(this.field);
  }

  protected override render() {
    const state = this.controller?.state;
    const { work } = this.words;
    if (!state) return nothing;
    if (state.phase === "loading") return html`<p class="quiet">${this.words.common.loading}</p>`;
    const of = (group: WorkGroup) => state.rows.filter((row) => row.group === group);
    const isEmpty = state.rows.every(({ group }) => group === "others");
    const others = of("others");
    return html`<div class="stack">
      <div class="head"><p class="quiet">${state.readAtMs > 0 ? this.say(work.as_of, { time: this.figures.moment(state.readAtMs) }) : ""}</p>
        <button type="button" class="plain small" aria-disabled=${state.isReading} @click=${() => void this.controller?.refresh()}>
          ${state.isReading ? turnIcon : nothing} ${work.refresh}</button></div>
      ${state.issue ? html`<p class="notice wait" role="status">${this.sentence(state.issue)}</p>` : nothing}
      ${isEmpty ? html`<div class="empty stack close"><h3>${work.empty}</h3><p class="quiet">${work.empty_hint}</p></div>` : nothing}
      ${(["begun", "mine", "open"] as const).map((group) => this.#group(group, of(group)))}
      ${others.length > 0 ? html`<details><summary>${work.others}<span class="quiet">${this.figures.count(others.length)}</span></summary>
        <ul class="list">${others.map((row) => html`<li>${row.reason ? this.#other(row, row.reason) : this.#row(row)}</li>`)}</ul></details>` : nothing}
    </div>`;
  }

  #group(group: Exclude<WorkGroup, "others">, rows: readonly WorkRow[]): TemplateResult | typeof nothing {
    if (rows.length === 0) return nothing;
    return html`<h3>${this.words.work[group]} <span class="quiet">${this.figures.count(rows.length)}</span></h3>
      <ul class="list ${group}">${rows.map((row) => html`<li>${this.#row(row)}</li>`)}</ul>`;
  }

  #row(row: WorkRow): TemplateResult {
    const { workflow, stepId } = row;
    return html`<button type="button" class="door work" part="work" data-workflow=${workflow.id} @click=${() => this.emit("open-step", { workflowId: workflow.id, stepId })}>
      <span><strong>${row.stepTitle || workflow.title}</strong>
        <span class="quiet">${this.#facts(row)}</span>
        ${row.hasDraft ? html`<br /><span class="quiet">${this.words.work.draft}</span>` : nothing}
        <br /><span class="pays">${this.amount(row.pays, this.field)}</span></span>
      ${nextIcon}</button>`;
  }

  #facts({ workflow, stepTitle }: WorkRow): string {
    const { work } = this.words;
    const often = { one_time: work.once, daily: work.daily, weekly: work.weekly, monthly: work.monthly }[workflow.recurrence as "daily"] ?? "";
    const starts = workflow.start_at * 1000 > Date.now() ? this.say(work.starts, { time: this.figures.moment(workflow.start_at * 1000) }) : "";
    return [stepTitle ? workflow.title : "", often, starts].filter(Boolean).join(" · ");
  }

  #other(row: WorkRow, reason: Issue): TemplateResult {
    return html`<div class="card stack close" data-workflow=${row.workflow.id} data-code=${reason.code}>
      <p><strong>${row.stepTitle || row.workflow.title}</strong></p>
      <p class="quiet">${this.#facts(row)}</p>
      <p>${this.sentence(reason)}</p></div>`;
  }
}

define("sfluv-work-list", WorkListElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-work-list": WorkListElement;
  }
}
