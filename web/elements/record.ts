// SPDX-License-Identifier: MIT
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { formatOutbox, type DraftPhoto, type OutboxRecord } from "sfluv-field";
import { may, type OutboxList, type RecordRow } from "sfluv-field/controllers";

import { define, SfluvElement } from "./element.js";
import { handOver } from "./hand_over.js";
import { helpIcon, tickIcon, turnIcon, waitIcon } from "./icons.js";
import { tokens, base, controls } from "./theme.js";

const thumbnailsMax = 4;

/**
 * `<sfluv-record>`: one record of the queue: what happened, what happens next, what one can do. Give it a `row` of the
 * `list` that `outboxList` made. Emits `sfluv-edit` (`detail`: the step whose draft is there now) and `sfluv-open-receipt`
 * (`detail.id`).
 */
export class RecordElement extends SfluvElement {
  static override properties = {
    ...SfluvElement.properties,
    row: { attribute: false },
    list: { attribute: false },
    isExporting: { state: true },
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
      border: 2px solid var(--accent-text);
    }
    .next {
      font-variant-numeric: tabular-nums;
    }
    .pictures {
      display: flex;
      gap: 8px;
    }
    .pictures img {
      width: 64px;
      height: 64px;
      border-radius: 10px;
      object-fit: cover;
      background: var(--hair);
    }
    details summary {
      display: flex;
      align-items: center;
      min-height: 48px;
      font-weight: 600;
      cursor: pointer;
    }
    dl {
      display: grid;
      gap: 2px;
      font-size: 1rem;
    }
    dt {
      color: var(--soft);
    }
    dd {
      margin-bottom: 8px;
    }
  `];

  declare row: RecordRow | undefined;
  declare list: OutboxList | undefined;
  declare protected isExporting: boolean;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #said = "";
  #pictures: { id: string; addresses: string[] } = { id: "", addresses: [] };

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
    this.#ticking = undefined;
    this.#dropPictures("");
  }

  #dropPictures(id: string): void {
    for (const address of this.#pictures.addresses) URL.revokeObjectURL(address);
    this.#pictures = { id, addresses: [] };
  }

  protected override willUpdate(): void {
    const { row } = this;
    if (row && row.record.id !== this.#pictures.id && row.record.photos > 0) void this.#loadPictures(row.record.id);
  }

  async #loadPictures(id: string): Promise<void> {
    this.#dropPictures(id);
    for (const { key, content_type } of (this.list?.photosOf(id) ?? []).slice(0, thumbnailsMax) as DraftPhoto[]) {
      const bytes = await this.list?.photoBytes(key);
      if (!bytes || !this.isConnected || this.#pictures.id !== id) continue;
      this.#pictures.addresses.push(URL.createObjectURL(new Blob([bytes], { type: content_type })));
    }
    this.requestUpdate();
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
      this.announce(`${this.#title(row.record)}: ${formatOutbox(row.record, this.messages).state}`);
    }
    this.#said = state;
  }

  protected override render() {
    const { row } = this;
    if (!row) return nothing;
    const { record, mood } = row;
    const words = formatOutbox(record, this.messages);
    const icon = row.isBusy ? turnIcon : { help: helpIcon, waiting: waitIcon, delivered: tickIcon, discarded: waitIcon }[mood];
    const next = this.#next(row);
    return html`<article class="card stack close ${mood}" part="record" data-record=${record.id} data-state=${record.state} data-why=${record.why}>
      <h3>${this.#title(record)}</h3>
      <p class="state">${icon}<span>${words.state}</span></p>
      ${words.why ? html`<p>${words.why}</p>` : nothing}
      ${record.stuck && mood === "waiting" ? html`<p class="error"><span>${this.words.outbox.stuck}</span></p>` : nothing}
      ${next ? html`<p class="next">${next}</p>` : nothing}
      ${row.progress ? this.#progress(row) : nothing}
      ${this.#deadline(row)}
      ${this.#pictures.addresses.length > 0 ? html`<div class="pictures">${this.#pictures.addresses.map((address) => html`<img src=${address} alt="" />`)}</div>` : nothing}
      <p class="quiet">${this.#facts(record)}</p>
      ${this.#actions(row)}
      ${this.#details(row)}
    </article>`;
  }

  #title(record: OutboxRecord): string {
    const step = record.step_title || record.workflow_title;
    if (record.kind === "complete") return step || this.words.outbox.unreadable;
    const { kinds } = this.words;
    const period = record.absent_from && record.absent_until ? `${record.absent_from} – ${record.absent_until}` : "";
    const kind = (Object.hasOwn(kinds, record.kind) ? kinds[record.kind as keyof typeof kinds] : undefined) ?? "{step}";
    return this.say(kind, { step, period });
  }

  #progress({ progress, record }: RecordRow): TemplateResult {
    // Bytes given to the operating system are not bytes that arrived.
    const { sentBytes, totalBytes, photosSent } = progress!;
    const { outbox } = this.words;
    const text = this.say(outbox.handing_over, { sent: this.figures.size(sentBytes), total: this.figures.size(totalBytes) });
    const photos = record.photos > 1 ? this.say(outbox.handing_photo, { n: Math.min(photosSent + 1, record.photos), of: record.photos }) : "";
    return html`${record.attempts > 1 ? html`<p>${outbox.again}</p>` : nothing}
      <p class="next">${photos} ${text}</p><progress aria-label=${text} max=${totalBytes} .value=${sentBytes}></progress>`;
  }

  #deadline({ record, mood, isEndangered }: RecordRow): TemplateResult | typeof nothing {
    if (record.deadline_ms === 0 || mood === "delivered" || mood === "discarded") return nothing;
    const { outbox } = this.words;
    const time = this.figures.moment(record.deadline_ms);
    if (record.deadline_ms <= Date.now()) return html`<p class="error"><span>${this.say(outbox.deadline_over, { time })}</span></p>`;
    return isEndangered ? html`<p class="error"><span>${this.say(outbox.deadline_soon, { time })}</span></p>`
      : html`<p class="quiet">${this.say(outbox.deadline, { time })}</p>`;
  }

  #next({ record, mood, isBusy, isBehind }: RecordRow): string {
    const { outbox } = this.words;
    if (record.receipt) {
      return this.say(outbox.receipt_line, { time: this.figures.moment(record.receipt.at_ms), number: receiptNumber(record) });
    }
    if (mood === "help") return outbox.nothing_lost;
    if (mood === "discarded") return this.say(outbox.undo_until, { time: this.figures.moment(record.due_ms) });
    if (isBusy) return "";
    if (isBehind) return outbox.behind;
    if (record.due_ms === 0) return "";
    const left = record.due_ms - Date.now();
    return left > 0 ? this.say(outbox.next_in, { time: this.figures.countdown(left) }) : outbox.next_now;
  }

  #facts(record: OutboxRecord): string {
    const { outbox } = this.words;
    const facts = [
      record.step_title ? record.workflow_title : "",
      record.photos > 0 ? this.say(outbox.photos, { count: record.photos }) : "",
      record.bytes > 0 ? this.figures.size(record.bytes) : "",
      this.say(outbox.submitted_at, { time: this.figures.moment(record.created_ms) }),
      record.attempts > 1 ? this.say(outbox.sent_times, { count: record.attempts }) : "",
    ];
    return facts.filter(Boolean).join(" · ");
  }

  #actions(row: RecordRow): TemplateResult {
    const { outbox, common } = this.words;
    const { record, asked, refused } = row;
    const { id } = record;
    const isEditable = may(row, "take_back") || may(row, "revise");
    // Never an action that is silently missing: what cannot be edited now says why.
    const isUnclear = row.mood === "waiting" && !isEditable && record.attempts > 0 && record.kind === "complete";
    const answer = refused ? this.sentence(refused) : asked === "trying" ? outbox.trying
      : asked === "tried" ? this.say(outbox.tried, { time: this.figures.clock(Date.now()) }) : "";
    return html`<div class="row">
        ${may(row, "revise") && record.kind === "complete" ? html`<button type="button" class="small" @click=${() => void this.#edit(id)}>${outbox.correct}</button>` : nothing}
        ${may(row, "retry") && row.mood !== "discarded" ? html`<button type="button" class="plain small" @click=${() => void this.list?.retry(id)}>${outbox.try_now}</button>` : nothing}
        ${may(row, "take_back") && record.kind === "complete" ? html`<button type="button" class="plain small" @click=${() => void this.#edit(id)}>${outbox.take_back}</button>` : nothing}
        ${may(row, "undo") ? html`<button type="button" class="plain small" @click=${() => void this.list?.undo(id)}>${outbox.undo}</button>` : nothing}
        ${record.receipt ? html`<button type="button" class="plain small" @click=${() => this.emit("open-receipt", { id })}>${outbox.receipt}</button>` : nothing}
        ${may(row, "discard") ? html`<button type="button" class="quiet-button small" @click=${() => this.#dialog()?.showModal()}>${outbox.discard}</button>` : nothing}
      </div>
      ${isUnclear ? html`<p class="quiet">${outbox.edit_later}</p>` : nothing}
      <p class="quiet answer" role="status">${answer}</p>
      ${may(row, "discard") ? html`<dialog aria-labelledby="discard-title"><div class="stack">
          <h3 id="discard-title">${outbox.discard_title}</h3>
          <p>${record.attempts === 0 || record.state === "needs_fix" ? outbox.never_received : outbox.perhaps_received}</p>
          <p>${outbox.discard_words}</p>
          <button type="button" class="danger" @click=${() => this.#discard(id)}>${outbox.discard_yes}</button>
          <button type="button" class="plain" autofocus @click=${() => this.#dialog()?.close()}>${common.cancel}</button>
        </div></dialog>` : nothing}`;
  }

  #details(row: RecordRow): TemplateResult {
    const { outbox } = this.words;
    const { record } = row;
    const facts: [string, string][] = [
      [outbox.detail_record, record.id], [outbox.detail_workflow, record.workflow_id], [outbox.detail_step, record.step_id],
      [outbox.detail_state, record.why === "none" ? record.state : `${record.state}, ${record.why}`],
      [outbox.detail_server, record.server ? `${record.server.status} ${record.server.text}` : ""],
    ];
    return html`<details><summary>${outbox.details}</summary>
      <dl>${facts.filter(([, value]) => value !== "").map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      <button type="button" class="plain small" aria-disabled=${this.isExporting} @click=${() => void this.#export(record.id)}>${outbox.export}</button>
    </details>`;
  }

  #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  #discard(id: string): void {
    this.#dialog()?.close();
    void this.list?.discard(id);
  }

  async #edit(id: string): Promise<void> {
    const place = await this.list?.edit(id);
    if (place) this.emit("edit", place);
  }

  async #export(id: string): Promise<void> {
    if (this.isExporting || !this.list) return;
    this.isExporting = true;
    await handOver(this.list.export([id]), `sfluv-report-${id.slice(0, 8)}.zip`).finally(() => (this.isExporting = false));
  }
}

/** Short enough to be read to somebody over the telephone. */
export const receiptNumber = ({ receipt }: OutboxRecord): string => (receipt?.submission_id ?? "").slice(-6).toUpperCase();

define("sfluv-record", RecordElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-record": RecordElement;
  }
}
