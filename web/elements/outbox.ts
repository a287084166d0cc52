// SPDX-License-Identifier: MIT
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { outboxList, type OutboxList, type RecordMood, type RecordRow } from "sfluv-field/controllers";
import { formatOutbox, type Field } from "sfluv-field";

import { ControlledElement, define } from "./element.js";
import { handOver } from "./hand_over.js";
import "./record.js";
import { tokens, base, controls } from "./theme.js";

/** Reasons that need a person; each record says the others for itself. */
const pausesOfAll: readonly string[] = ["auth", "policy", "store", "metered"];

/**
 * `<sfluv-outbox>`: everything that is on this device and where it stands. Give it `field`, or a `controller` of your own
 * making. Emits what its records emit.
 */
export class OutboxElement extends ControlledElement<OutboxList> {
  static override properties = { ...ControlledElement.properties, field: { attribute: false } };
  static override styles = [tokens, base, controls];

  declare field: Field | undefined;
  protected readonly inputs = ["field"];

  protected make(): OutboxList | undefined {
    return this.field && outboxList(this.field);
  }

  protected override render() {
    const state = this.controller?.state;
    const { outbox } = this.words;
    if (!state) return nothing;
    const titles: Record<RecordMood, string> = { help: outbox.needs_you, waiting: outbox.waiting, delivered: outbox.delivered, discarded: outbox.discarded };
    const waiting = state.rows.filter(({ mood, isBusy }) => mood === "waiting" && !isBusy).length;
    return html`<div class="stack">
      ${this.#pause()}
      ${state.refused ? html`<p class="error" role="alert"><span>${this.sentence(state.refused)}</span></p>` : nothing}
      ${state.rows.length === 0 ? html`<div class="empty stack close"><h3>${outbox.empty}</h3><p class="quiet">${outbox.empty_hint}</p></div>` : nothing}
      ${waiting > 1 ? html`<button type="button" @click=${() => void this.controller?.retryAll()}>${outbox.try_all}</button>` : nothing}
      ${Object.entries(titles).map(([mood, title]) => this.#group(title, state.rows.filter((row) => row.mood === mood)))}
      ${this.#files()}
    </div>`;
  }

  /** Why nothing is sent at all, where that is so. */
  #pause(): TemplateResult | typeof nothing {
    const { status } = this.controller!.state;
    const { outbox } = this.words;
    if (status.user) {
      return html`<div class="notice wait stack close" data-paused="user"><p>${outbox.paused}</p>
        <div><button type="button" class="small" @click=${() => void this.controller?.resume()}>${outbox.resume}</button></div></div>`;
    }
    if (status.state !== "paused" || !pausesOfAll.includes(status.why)) return nothing;
    const { why } = formatOutbox({ state: "waiting", why: status.why, server: null, receipt: null }, this.messages);
    return why ? html`<p class="notice wait" data-paused=${status.why}>${why}</p>` : nothing;
  }

  #group(title: string, rows: readonly RecordRow[]): TemplateResult | typeof nothing {
    if (rows.length === 0) return nothing;
    return html`<h3>${title} <span class="quiet">${this.figures.count(rows.length)}</span></h3>
      <ul class="list">${repeat(rows, ({ record }) => record.id, (row) => html`<li>
        <sfluv-record .messages=${this.messages} .row=${row} .list=${this.controller} exportparts="record"></sfluv-record></li>`)}</ul>`;
  }

  #files(): TemplateResult {
    const { outbox } = this.words;
    const { rows, imported } = this.controller!.state;
    const took = imported && this.say(outbox.imported, { count: imported.imported.length });
    return html`<div class="row">
        ${rows.length > 0 ? html`<button type="button" class="quiet-button small" @click=${() => void this.#export()}>${outbox.export_all}</button>` : nothing}
        <label class="button quiet-button small file">${outbox.import}<input type="file" accept=".zip,application/zip" @change=${(event: Event) => void this.#import(event)} /></label>
        ${this.controller!.state.status.user ? nothing : html`<button type="button" class="quiet-button small" @click=${() => void this.controller?.pause()}>${outbox.pause}</button>`}
      </div>
      <p class="quiet" role="status">${took ?? ""}</p>
      ${imported?.refused.map(({ name, issue }) => html`<p class="error"><span>${name}: ${this.sentence(issue)}</span></p>`) ?? nothing}
      ${imported && imported.alreadyHere.length > 0 ? html`<p class="quiet">${this.say(outbox.already_here, { count: imported.alreadyHere.length })}</p>` : nothing}`;
  }

  async #export(): Promise<void> {
    await handOver(this.controller!.export(), "sfluv-reports.zip");
  }

  async #import(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = "";
    if (file) await this.controller?.import(file);
  }
}

define("sfluv-outbox", OutboxElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-outbox": OutboxElement;
  }
}
