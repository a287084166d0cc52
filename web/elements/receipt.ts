// SPDX-License-Identifier: MIT
import { css, html, nothing } from "lit";
import { formatOutbox, type OutboxRecord } from "sfluv-field";

import { define, SfluvElement } from "./element.js";
import { tickIcon } from "./icons.js";
import { receiptNumber } from "./record.js";
import { tokens, base, controls } from "./theme.js";

/** `<sfluv-receipt>`: the proof of one delivery, to keep or to print. Give it a delivered `record` and the `account`. */
export class ReceiptElement extends SfluvElement {
  static override properties = { ...SfluvElement.properties, record: { attribute: false }, account: {} };
  static override styles = [tokens, base, controls, css`
    .number {
      font-size: 2.5rem;
      font-weight: 700;
      letter-spacing: 0.06em;
      font-variant-numeric: tabular-nums;
      line-height: 1.1;
    }
    .state {
      display: flex;
      gap: 10px;
      color: var(--good);
      font-weight: 650;
    }
    dl {
      display: grid;
      gap: 2px;
    }
    dt {
      color: var(--soft);
      font-size: 1rem;
    }
    dd {
      margin-bottom: 10px;
    }
    @media print {
      button {
        display: none;
      }
      .card {
        border: 0;
      }
    }
  `];

  declare record: OutboxRecord | undefined;
  declare account: string;

  constructor() {
    super();
    this.account = "";
  }

  protected override render() {
    const { record } = this;
    if (!record?.receipt) return nothing;
    const { receipt: words } = this.words;
    const { submission_id, at_ms } = record.receipt;
    const facts: [string, string][] = [
      [words.workflow, record.workflow_title], [words.step, record.step_title],
      [words.photos, record.photos > 0 ? this.figures.count(record.photos) : ""], [words.account, this.account],
      [words.submitted, this.figures.moment(record.created_ms, 0)], [words.submission, submission_id],
    ];
    return html`<section class="card stack" part="receipt" aria-label=${words.title}>
      <div class="stack close">
        <p class="state">${tickIcon}<span>${this.say(words.delivered, { time: this.figures.moment(at_ms, 0) })}</span></p>
        <p class="quiet">${words.number}</p>
        <p class="number">${receiptNumber(record)}</p>
        <p>${formatOutbox(record, this.messages).why}</p>
      </div>
      <dl>${facts.filter(([, value]) => value !== "").map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      <button type="button" class="plain" @click=${() => print()}>${words.print}</button>
    </section>`;
  }
}

define("sfluv-receipt", ReceiptElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-receipt": ReceiptElement;
  }
}
