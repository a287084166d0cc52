// SPDX-License-Identifier: MIT
import { css, html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { rewardsAccountOf, type RewardsAccount } from "sfluv-field/controllers";
import type { Field } from "sfluv-field";

import { ControlledElement, define } from "./element.js";
import { tickIcon, turnIcon } from "./icons.js";
import { tokens, base, controls } from "./theme.js";

/** `<sfluv-rewards-account>`: where bounties are paid to; the address shows its checksum while it is typed. Give it `field`. */
export class RewardsAccountElement extends ControlledElement<RewardsAccount> {
  static override properties = { ...ControlledElement.properties, field: { attribute: false } };
  static override styles = [tokens, base, controls, css`
    .checked {
      display: flex;
      gap: 8px;
    }
    .address {
      font-family: ui-monospace, monospace;
      font-size: 1rem;
      overflow-wrap: anywhere;
    }
  `];

  declare field: Field | undefined;
  protected readonly inputs = ["field"];

  protected make(): RewardsAccount | undefined {
    return this.field && rewardsAccountOf(this.field);
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    if (await this.controller?.save()) this.announce(this.words.rewards.saved);
    else this.renderRoot.querySelector<HTMLElement>("#address")?.focus();
  }

  protected override render() {
    const state = this.controller?.state;
    const { rewards: words } = this.words;
    if (!state) return nothing;
    const { typed, address, issue, refused, saved, isSaving } = state;
    const wrong = issue ?? refused;
    return html`<form class="card stack" novalidate autocomplete="off" @submit=${(event: Event) => void this.#save(event)}>
      <p>${words.words}</p>
      <div class="field"><label for="address">${words.address}</label>
        <input id="address" class="address" dir="ltr" spellcheck="false" autocapitalize="off" .value=${live(typed)} aria-invalid=${Boolean(wrong)} aria-describedby="checked address-error"
          @input=${(event: Event) => this.controller?.type((event.target as HTMLInputElement).value)} @blur=${() => this.controller?.leave()} />
        <p id="checked" class="stack close" ?hidden=${!address}><span class="checked quiet">${tickIcon} ${words.checked}</span> <span class="address" data-address>${address ?? ""}</span></p>
        <p class="error" id="address-error" role="alert" ?hidden=${!wrong} data-code=${wrong?.code ?? nothing}><span>${wrong ? this.sentence(wrong) : ""}</span></p></div>
      ${saved ? html`<p class="notice good" role="status">${words.saved}</p>` : nothing}
      <div><button type="submit" aria-disabled=${isSaving}>${isSaving ? turnIcon : nothing} ${words.save}</button></div>
    </form>`;
  }
}

define("sfluv-rewards-account", RewardsAccountElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-rewards-account": RewardsAccountElement;
  }
}
