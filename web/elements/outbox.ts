// SPDX-License-Identifier: MIT
import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { outboxList, type OutboxList, type RecordMood, type RecordRow } from "sfluv-field/controllers";
import type { Field } from "sfluv-field";

import { ControlledElement, define } from "./element.js";
import "./record.js";
import { tokens, base, controls } from "./theme.js";

/**
 * `<sfluv-outbox>`: what is on this device and where it stands. Give it `field`, or a `controller` of your own making.
 * Emits `sfluv-undelivered` (`detail.count`) for badges.
 */
export class OutboxElement extends ControlledElement<OutboxList> {
  static override properties = { ...ControlledElement.properties, field: { attribute: false } };
  static override styles = [tokens, base, controls, css`
    .list {
      display: grid;
      gap: 12px;
    }
    .empty {
      padding-block: 32px;
      text-align: center;
    }
  `];

  declare field: Field | undefined;
  protected readonly inputs = ["field"];

  protected make(): OutboxList | undefined {
    return this.field && outboxList(this.field);
  }

  protected override render() {
    const state = this.controller?.state;
    const { outbox } = this.words;
    if (!state) return nothing;
    const groups: [RecordMood, string][] = [["help", outbox.needs_you], ["waiting", outbox.waiting], ["delivered", outbox.delivered]];
    const waiting = state.rows.filter(({ mood, isBusy }) => mood === "waiting" && !isBusy).length;
    return html`<section class="stack" aria-label=${outbox.title}>
      ${state.rows.length === 0 ? html`<div class="empty stack close"><h3>${outbox.empty}</h3><p class="quiet">${outbox.empty_hint}</p></div>` : nothing}
      ${waiting > 1 ? html`<button type="button" @click=${() => void this.controller?.retryAll()}>${outbox.try_all}</button>` : nothing}
      ${groups.map(([mood, title]) => this.#group(title, state.rows.filter((row) => row.mood === mood)))}
    </section>`;
  }

  #group(title: string, rows: readonly RecordRow[]): TemplateResult | typeof nothing {
    if (rows.length === 0) return nothing;
    return html`<h3>${title} <span class="quiet">${this.figures.count(rows.length)}</span></h3>
      <ul class="list">${repeat(rows, ({ record }) => record.id, (row) => html`<li>
        <sfluv-record .messages=${this.messages} .row=${row} .list=${this.controller} exportparts="record"></sfluv-record></li>`)}</ul>`;
  }
}

define("sfluv-outbox", OutboxElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-outbox": OutboxElement;
  }
}
