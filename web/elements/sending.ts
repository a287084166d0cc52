// SPDX-License-Identifier: MIT
import { css, html, nothing } from "lit";
import { outboxList, type OutboxList } from "sfluv-field/controllers";
import type { Field } from "sfluv-field";

import { ControlledElement, define } from "./element.js";
import { tokens, base, controls } from "./theme.js";

/** `<sfluv-sending>`: the person's switches over the queue, and what a supporter asks for. Give it `field`. */
export class SendingElement extends ControlledElement<OutboxList> {
  static override properties = { ...ControlledElement.properties, field: { attribute: false }, text: { state: true }, isCopied: { state: true } };
  static override styles = [tokens, base, controls, css`
    pre {
      max-height: 16rem;
      margin: 0;
      padding: 14px;
      overflow: auto;
      border: 1px solid var(--hair);
      border-radius: 12px;
      background: var(--paper);
      font-size: 0.875rem;
      white-space: pre-wrap;
    }
    .choice {
      align-items: start;
    }
    .choice input {
      margin-top: 2px;
    }
  `];

  declare field: Field | undefined;
  declare protected text: string | undefined;
  declare protected isCopied: boolean;
  protected readonly inputs = ["field"];

  protected make(): OutboxList | undefined {
    return this.field && outboxList(this.field);
  }

  async #copy(): Promise<void> {
    await navigator.clipboard?.writeText(this.text ?? "").then(() => (this.isCopied = true), () => {}); // it is on the screen all the same
  }

  protected override render() {
    const { sending: words } = this.words;
    if (!this.controller) return nothing;
    const { status, refused } = this.controller.state;
    const toggle = (isOn: boolean, label: string, hint: string, change: (isOn: boolean) => unknown) => html`
      <label class="choice ${isOn ? "chosen" : ""}"><input type="checkbox" .checked=${isOn}
        @change=${(event: Event) => void change((event.target as HTMLInputElement).checked)} />
        <span>${label}<span class="quiet"><br />${hint}</span></span></label>`;
    return html`<section class="stack" aria-label=${words.title}>
      <h3>${words.title}</h3>
      ${toggle(status.user, words.pause, words.pause_hint, (isOn) => (isOn ? this.controller?.pause() : this.controller?.resume()))}
      ${toggle(status.wifiOnly, words.wifi, words.wifi_hint, (isOn) => this.controller?.setWifiOnly(isOn))}
      ${refused ? html`<p class="error" role="alert"><span>${this.sentence(refused)}</span></p>` : nothing}
      <p class="quiet">${words.diagnostics_hint}</p>
      ${this.text === undefined ? html`<button type="button" class="plain" @click=${() => void this.controller?.diagnostics().then((text) => (this.text = text))}>${words.diagnostics}</button>`
        : html`<pre tabindex="0" role="region" aria-label=${words.diagnostics}>${this.text}</pre>
          <button type="button" class="plain" @click=${() => void this.#copy()}>${this.isCopied ? words.copied : words.copy}</button>`}
    </section>`;
  }
}

define("sfluv-sending", SendingElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-sending": SendingElement;
  }
}
