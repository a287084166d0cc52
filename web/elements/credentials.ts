// SPDX-License-Identifier: MIT
import { html, nothing, type TemplateResult } from "lit";
import { credentialsOf, type Credentials } from "sfluv-field/controllers";
import type { CredentialRequest, Field } from "sfluv-field";

import { ControlledElement, define } from "./element.js";
import { turnIcon } from "./icons.js";
import { tokens, base, controls } from "./theme.js";

/**
 * `<sfluv-credentials>`: the credentials that were asked for, and asking for another. Give it `field`, and `types`: the
 * documents name no way to ask which there are.
 */
export class CredentialsElement extends ControlledElement<Credentials> {
  static override properties = { ...ControlledElement.properties, field: { attribute: false }, types: { attribute: false } };
  static override styles = [tokens, base, controls];

  declare field: Field | undefined;
  declare types: readonly string[];
  protected readonly inputs = ["field"];

  constructor() {
    super();
    this.types = [];
  }

  protected make(): Credentials | undefined {
    return this.field && credentialsOf(this.field);
  }

  async #ask(event: Event): Promise<void> {
    event.preventDefault();
    const type = this.renderRoot.querySelector<HTMLSelectElement>("#type")?.value ?? "";
    if (type === "") return;
    await this.controller?.ask(type);
    if (this.controller?.state.asked) this.announce(this.words.credentials.asked);
  }

  protected override render() {
    const state = this.controller?.state;
    const { credentials: words, common } = this.words;
    if (!state) return nothing;
    if (state.phase === "loading") return html`<p class="quiet">${common.loading}</p>`;
    const { requests, issue, refused, asked, isAsking } = state;
    // What waits or was given need not be asked for again.
    const open = this.types.filter((type) => requests.every((one) => one.credential_type !== type || one.status === "rejected"));
    return html`<div class="stack">
      <p>${words.words}</p>
      ${issue ? html`<p class="notice wait" role="status">${this.sentence(issue)}</p>` : nothing}
      ${asked ? html`<p class="notice good" role="status">${words.asked}</p>` : nothing}
      ${requests.length === 0 ? html`<p class="quiet">${words.empty}</p>` : html`<ul class="list">${requests.map((one) => html`<li>${this.#request(one)}</li>`)}</ul>`}
      ${open.length === 0 ? nothing : html`<form class="card stack" novalidate @submit=${(event: Event) => void this.#ask(event)}>
        <div class="field"><label for="type">${words.type}</label><select id="type">${open.map((type) => html`<option value=${type}>${type}</option>`)}</select></div>
        <p class="error" role="alert" ?hidden=${!refused} data-code=${refused?.code ?? nothing}><span>${refused ? this.sentence(refused) : ""}</span></p>
        <div><button type="submit" aria-disabled=${isAsking}>${isAsking ? turnIcon : nothing} ${words.ask}</button></div></form>`}
    </div>`;
  }

  #request({ id, credential_type, status, requested_at }: CredentialRequest): TemplateResult {
    const { credentials: words } = this.words;
    const said: Record<string, string> = { pending: words.pending, approved: words.approved, rejected: words.rejected };
    const at = Date.parse(requested_at);
    return html`<article class="card stack close" data-request=${id} data-status=${status}><strong>${credential_type}</strong><p>${said[status] ?? status}</p>
      ${Number.isNaN(at) ? nothing : html`<p class="quiet">${this.say(words.since, { time: this.figures.moment(at) })}</p>`}</article>`;
  }
}

define("sfluv-credentials", CredentialsElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-credentials": CredentialsElement;
  }
}
