// SPDX-License-Identifier: MIT
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { formatOutbox } from "sfluv-field";
import type { OutboxList, RecordRow } from "sfluv-field/controllers";

import { define, SfluvElement } from "./element.js";
import { helpIcon, tickIcon, turnIcon, waitIcon } from "./icons.js";
import { tokens, base, controls } from "./theme.js";

/** `<sfluv-record>`: one submission: what happened, what happens next, what one can do. */
export class RecordElement extends SfluvElement {
  static override properties = {
    ...SfluvElement.properties,
    row: { attribute: false },
    list: { attribute: false },
  };
  static override styles = [tokens, base, controls, css`
    .state {
      display: flex;
      gap: 10px;
      font-weight: 650;
    }
    .help .state {
      color: var(--accent-text);
    }
    .waiting .state {
      color: var(--wait);
    }
    .delivered .state {
      color: var(--good);
    }
    .card.help {
      border-color: var(--accent-text);
    }
    .next {
      font-variant-numeric: tabular-nums;
    }
  `];

  declare row: RecordRow | undefined;
  declare list: OutboxList | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #said = "";

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  protected override updated(_changed: PropertyValues): void {
    const { row } = this;
    const counts = Boolean(row && row.mood === "waiting" && !row.isBusy && row.record.due_ms > 0);
    if (counts && this.isConnected) this.#ticking ??= setInterval(() => this.requestUpdate(), 1000);
    else {
      clearInterval(this.#ticking);
      this.#ticking = undefined;
    }
    this.#tell();
  }

  /** States that a person waits for are said aloud, once. */
  #tell(): void {
    const { row } = this;
    if (!row) return;
    const { state } = row.record;
    if (this.#said !== "" && this.#said !== state && row.mood !== "waiting") {
      this.announce(`${row.record.step_title}: ${formatOutbox(row.record, this.messages).state}`);
    }
    this.#said = state;
  }

  protected override render() {
    const { row } = this;
    if (!row) return nothing;
    const { record, mood } = row;
    const words = formatOutbox(record, this.messages);
    const icon = row.isBusy ? turnIcon : { help: helpIcon, waiting: waitIcon, delivered: tickIcon }[mood];
    const next = this.#next(row);
    return html`<article class="card stack close ${mood}" part="record" data-record=${record.id} data-state=${record.state} data-why=${record.why}>
      <h3>${record.step_title || record.step_id}</h3>
      <p class="state">${icon}<span>${words.state}</span></p>
      ${words.why ? html`<p>${words.why}</p>` : nothing}
      ${next ? html`<p class="next">${next}</p>` : nothing}
      ${row.isAgain && record.state === "sending" ? html`<p>${this.words.outbox.again}</p>` : nothing}
      ${row.progress ? this.#progress(row.progress) : nothing}
      <p class="quiet">${this.#facts(row)}</p>
      ${this.#actions(row)}
    </article>`;
  }

  #progress({ sentBytes, totalBytes }: NonNullable<RecordRow["progress"]>): TemplateResult {
    // Bytes given to the operating system are not bytes that arrived.
    const text = this.say(this.words.outbox.handing_over, { sent: this.figures.size(sentBytes), total: this.figures.size(totalBytes) });
    return html`<p class="next">${text}</p><progress aria-label=${text} max=${totalBytes} .value=${sentBytes}></progress>`;
  }

  #next({ record, mood, isBusy }: RecordRow): string {
    const { outbox } = this.words;
    if (record.receipt) {
      return this.say(outbox.receipt_line, { time: this.figures.moment(record.receipt.at_ms), number: receiptNumber(record.receipt.submission_id) });
    }
    if (mood === "help") return outbox.nothing_lost;
    if (isBusy || record.due_ms === 0) return "";
    const left = record.due_ms - Date.now();
    return left > 0 ? this.say(outbox.next_in, { time: this.figures.countdown(left) }) : outbox.next_now;
  }

  #facts({ record }: RecordRow): string {
    const { outbox } = this.words;
    const facts = [
      record.workflow_title,
      record.photos > 0 ? this.say(outbox.photos, { count: record.photos }) : "",
      this.figures.size(record.bytes),
      this.say(outbox.submitted_at, { time: this.figures.moment(record.created_ms) }),
      record.attempts > 1 ? this.say(outbox.sent_times, { count: record.attempts }) : "",
    ];
    return facts.filter(Boolean).join(" · ");
  }

  #actions({ record, mood, isBusy, asked, refused }: RecordRow): TemplateResult | typeof nothing {
    const { outbox } = this.words;
    const answer = refused ? this.sentence(refused) : asked === "trying" ? outbox.trying
      : asked === "tried" ? this.say(outbox.tried, { time: this.figures.clock(Date.now()) }) : "";
    return html`${mood === "delivered" || isBusy ? nothing : html`<div class="row">
        <button type="button" class="plain small" @click=${() => void this.list?.retry(record.id)}>${outbox.try_now}</button></div>`}
      <p class="quiet" role="status">${answer}</p>`;
  }
}

/** Short enough to be read to somebody over the telephone. */
export const receiptNumber = (submissionId: string): string => submissionId.slice(-6).toUpperCase();

define("sfluv-record", RecordElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-record": RecordElement;
  }
}
