// SPDX-License-Identifier: MIT
import { html, nothing, type TemplateResult } from "lit";
import { payList, type PayList, type PayRow } from "sfluv-field/controllers";
import type { Field } from "sfluv-field";

import "./amount.js";
import { ControlledElement, define } from "./element.js";
import { turnIcon } from "./icons.js";
import { tokens, base, controls } from "./theme.js";

/** `<sfluv-pay>`: finished and not paid yet, and asking again where it failed. Give it `field`. */
export class PayElement extends ControlledElement<PayList> {
  static override properties = { ...ControlledElement.properties, field: { attribute: false } };
  static override styles = [tokens, base, controls];

  declare field: Field | undefined;
  protected readonly inputs = ["field"];

  protected make(): PayList | undefined {
    return this.field && payList(this.field);
  }

  protected override render() {
    const state = this.controller?.state;
    const { pay, work } = this.words;
    if (!state) return nothing;
    if (state.phase === "loading") return html`<p class="quiet">${this.words.common.loading}</p>`;
    return html`<div class="stack">
      ${state.issue ? html`<p class="notice wait" role="status">${this.sentence(state.issue)}</p>` : nothing}
      ${state.readAtMs > 0 ? html`<p class="quiet">${this.say(work.as_of, { time: this.figures.moment(state.readAtMs) })}</p>` : nothing}
      ${state.rows.length === 0 ? html`<div class="empty stack close"><h3>${pay.empty}</h3><p class="quiet">${pay.empty_hint}</p></div>`
        : html`<section class="card stack close"><p class="quiet">${pay.total}</p>
            <sfluv-amount .messages=${this.messages} .field=${this.field} .value=${state.total}></sfluv-amount></section>
          <h3>${pay.waiting}</h3><ul class="list">${state.rows.map((row) => html`<li>${this.#row(row)}</li>`)}</ul>`}
    </div>`;
  }

  #row({ workflow, step, kind, isAsking, refused }: PayRow): TemplateResult {
    const { pay, step: words } = this.words;
    const failed = kind === "payout_failed";
    return html`<article class="card stack close" data-step=${step.id} data-kind=${kind}>
      <h3>${step.title}</h3>
      <p class="quiet">${workflow.title}${step.completed_at ? ` · ${this.figures.moment(step.completed_at * 1000)}` : ""}</p>
      <p><strong>${this.amount(step.bounty, this.field)}</strong></p>
      ${failed ? html`<p class="error"><span>${this.say(pay.failed, { reason: step.payout_error ?? "" })}</span></p>` : nothing}
      ${kind === "payout_asked" ? html`<p>${words.payout_asked}</p>` : nothing}
      ${step.payout_last_try_at ? html`<p class="quiet">${this.say(pay.last_try, { time: this.figures.moment(step.payout_last_try_at * 1000) })}</p>` : nothing}
      ${failed ? html`<div><button type="button" class="plain small" aria-disabled=${isAsking} @click=${() => void this.controller?.retry(workflow.id, step.id)}>
        ${isAsking ? turnIcon : nothing} ${words.retry}</button></div>` : nothing}
      ${refused ? html`<p class="error" role="alert"><span>${this.sentence(refused)}</span></p>` : nothing}
    </article>`;
  }
}

define("sfluv-pay", PayElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-pay": PayElement;
  }
}
