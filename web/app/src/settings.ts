// SPDX-License-Identifier: MIT
// "More": the connection, who is signed in, the language, room and switches.
import type { Field } from "sfluv-field";
import { baseStyles, controlStyles, icons, rowStyles, SfluvElement, tokenStyles } from "sfluv-field/elements";
import { css, html, nothing, type TemplateResult } from "lit";

import { keep, kept } from "./kept.js";
import { languages } from "./language.js";
import type { Session } from "./session.js";

/** How long photos of delivered work may stay on this device; receipts stay anyway. */
const retentionDays = [1, 7, 30];
export const keptRetentionDays = (): number => kept("retentionDays") ?? 7;

/** What is done seldom, each on a screen of its own. */
const doors = ["proposals", "absences", "credentials", "rewards"] as const;

/** Emits `sfluv-connect`, `sfluv-sign-out`, `sfluv-speak` (`detail.tag`), `sfluv-go` (`detail.screen`) and `sfluv-reopen` (a setting of the field changed). */
export class SettingsScreen extends SfluvElement {
  static override properties = {
    ...SfluvElement.properties,
    field: { attribute: false },
    session: { attribute: false },
    others: { attribute: false },
    undelivered: { type: Number },
  };
  static override styles = [tokenStyles, baseStyles, controlStyles, rowStyles, css`
    :host {
      display: grid;
      gap: 20px;
    }
    .list {
      gap: 8px;
    }
    .low.door {
      padding-block: 12px;
      font-weight: 600;
    }
    details summary {
      display: flex;
      align-items: center;
      justify-content: space-between;
      min-height: 48px;
      cursor: pointer;
    }
    details summary::after {
      content: '';
      width: 10px;
      height: 10px;
      margin-inline-end: 4px;
      border: solid currentColor;
      border-width: 0 2px 2px 0;
      transform: rotate(45deg);
    }
    details[open] summary::after {
      transform: rotate(-135deg);
    }
    details[open] summary {
      margin-bottom: 12px;
    }
  `];

  declare field: Field | undefined;
  declare session: Session;
  declare others: { account: string; undelivered: number }[];
  declare undelivered: number;

  protected override render() {
    const { field, messages } = this;
    const { session: words } = this.words;
    const isOpen = !field || this.session.token === "";
    return html`
      <details class="card" ?open=${isOpen}><summary><h3>${words.title}</h3></summary>
        <sfluv-connection .messages=${messages} .value=${this.session} .account=${this.session.account}></sfluv-connection></details>
      ${this.#account()}
      ${this.others.map(({ account, undelivered }) => html`<p class="notice" data-other=${account}>${this.say(words.wait_for, { count: undelivered, account })}</p>`)}
      ${field ? this.#doors() : nothing}
      ${this.#select("language", words.language, Object.entries(languages), messages.locale, (tag) => this.emit("speak", { tag }))}
      ${field ? html`<sfluv-storage .messages=${messages} .field=${field}></sfluv-storage>
        ${this.#select("retention", words.retention, retentionDays.map((days) => [String(days), this.say(words.days, { count: days })]), String(keptRetentionDays()), (days) => this.#keepFor(Number(days)))}
        <sfluv-sending class="card" .messages=${messages} .field=${field}></sfluv-sending>` : nothing}
      <sfluv-install .messages=${messages} .undelivered=${this.undelivered}></sfluv-install>`;
  }

  #account(): TemplateResult | typeof nothing {
    const { session: words } = this.words;
    if (!this.field || this.session.token === "") return nothing;
    return html`<div class="stack close"><p class="quiet">${this.say(words.signed_in, { account: this.field.account })}</p>
      ${this.undelivered > 0 ? html`<p>${this.say(words.sign_out_pending, { count: this.undelivered })}</p>` : nothing}
      <div><button type="button" class="plain small" @click=${() => this.emit("sign-out", {})}>${words.sign_out}</button></div></div>`;
  }

  #doors(): TemplateResult {
    const { proposals, absence, credentials, rewards } = this.words;
    const names = { proposals: proposals.door, absences: absence.title, credentials: credentials.title, rewards: rewards.title };
    return html`<ul class="list">${doors.map(screen => html`<li><button type="button" class="door low" @click=${() => this.emit("go", { screen })}>
      ${names[screen]} ${icons.nextIcon}</button></li>`)}</ul>`;
  }

  #select(id: string, label: string, options: readonly (readonly [string, string])[], value: string, choose: (value: string) => void): TemplateResult {
    return html`<div class="field"><label for=${id}>${label}</label>
      <select id=${id} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
        ${options.map(([option, name]) => html`<option value=${option} ?selected=${option === value}>${name}</option>`)}</select></div>`;
  }

  #keepFor(days: number): void {
    keep("retentionDays", days);
    this.emit("reopen", {});
  }
}
