// SPDX-License-Identifier: MIT
import { css, html, nothing } from "lit";
import type { Field, Message } from "sfluv-field";

import { define, SfluvElement } from "./element.js";
import { tokens, base } from "./theme.js";

/** `<sfluv-amount>`: an amount in the unit that people know, and the exact value of the document underneath. */
export class AmountElement extends SfluvElement {
  static override properties = {
    ...SfluvElement.properties,
    value: {},
    field: { attribute: false },
    around: { attribute: false },
  };
  static override styles = [tokens, base, css`
    strong {
      font-size: 1.25rem;
      font-variant-numeric: tabular-nums;
    }
    .exact {
      font-size: 0.9375rem;
      font-variant-numeric: tabular-nums;
      overflow-wrap: anywhere;
    }
  `];

  declare value: string | undefined;
  /** Knows the unit: as documented wei, whole tokens in the live system. */
  declare field: Pick<Field, "formatAmount"> | undefined;
  /** `{amount}` in words around it. */
  declare around: Message | undefined;

  protected override render() {
    if (!this.value) return nothing;
    const amount = this.amount(this.value, this.field);
    const isSame = this.field?.formatAmount(this.value).text === this.value;
    return html`<p><strong>${this.around ? this.say(this.around, { amount }) : amount}</strong></p>
      ${this.field && !isSame ? html`<p class="quiet exact">${this.say(this.words.step.pays_exact, { value: this.value })}</p>` : nothing}`;
  }
}

define("sfluv-amount", AmountElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-amount": AmountElement;
  }
}
