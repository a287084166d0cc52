// SPDX-License-Identifier: MIT
import { css, html, nothing } from "lit";
import { roomOf, type Room } from "sfluv-field/controllers";
import type { Field } from "sfluv-field";

import { ControlledElement, define } from "./element.js";
import { tokens, base, controls } from "./theme.js";

/** `<sfluv-storage>`: how much room there is for work, and whether the browser has promised to keep it. */
export class StorageElement extends ControlledElement<Room> {
  static override properties = { ...ControlledElement.properties, field: { attribute: false } };
  static override styles = [tokens, base, controls, css`
    .low progress::-webkit-progress-value {
      background: var(--wait);
    }
    .low progress::-moz-progress-bar {
      background: var(--wait);
    }
  `];

  declare field: Field | undefined;
  protected readonly inputs = ["field"];

  protected make(): Room | undefined {
    return this.field && roomOf(this.field);
  }

  protected override render() {
    const { storage: words } = this.words;
    const { report, broken } = this.controller?.state ?? { report: null, broken: null };
    const title = html`<h3>${words.title}</h3>`;
    if (broken) return html`<section class="card stack close">${title}<p class="error"><span>${this.say(words.broken, { sentence: this.sentence(broken) })}</span></p></section>`;
    if (!report) return html`<section class="card stack close">${title}<p class="quiet">${this.words.common.loading}</p></section>`;
    const { level, usedBytes, freeBytes, photosLeft, isPersistent } = report;
    const used = this.say(words.used, { used: this.figures.size(usedBytes), free: this.figures.size(freeBytes) });
    const warning = { ok: "", low: words.low, full: words.full }[level];
    return html`<section class="card stack close ${level}" data-level=${level}>${title}
      <progress aria-label=${used} max=${usedBytes + freeBytes} .value=${usedBytes}></progress>
      <p>${used}</p>
      <p>${this.say(words.photos_left, { count: photosLeft })}</p>
      ${warning ? html`<p class="error"><span>${warning}</span></p>` : nothing}
      <p class="quiet">${isPersistent === true ? words.persistent : isPersistent === false ? words.not_persistent : words.unknown}</p>
    </section>`;
  }
}

define("sfluv-storage", StorageElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-storage": StorageElement;
  }
}
