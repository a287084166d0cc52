// SPDX-License-Identifier: MIT
import { css, html, nothing } from "lit";
import type { Message } from "sfluv-field";

import { define, SfluvElement } from "./element.js";
import { tokens, base } from "./theme.js";

/** `<sfluv-amount>`: an amount in the unit that people know, and the exact value of the document underneath. */
export class AmountElement extends SfluvElement {
  static override properties = {
    ...SfluvElement.properties,
    value: {},
    decimals: { type: Number },
    unit: {},
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
  declare decimals: number;
  declare unit: string;
  /** `{amount}` in words around it. */
  declare around: Message | undefined;

  constructor() {
    super();
    this.decimals = 18;
    this.unit = "SFLUV";
  }

  protected override render() {
    if (!this.value) return nothing;
    const amount = `${this.figures.amount(this.value, this.decimals)} ${this.unit}`;
    return html`<p><strong>${this.around ? this.say(this.around, { amount }) : amount}</strong></p>
      ${this.decimals > 0 ? html`<p class="quiet exact">${this.say(this.words.step.pays_exact, { value: this.value })}</p>` : nothing}`;
  }
}

define("sfluv-amount", AmountElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-amount": AmountElement;
  }
}
