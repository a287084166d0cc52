// SPDX-License-Identifier: MIT
import { css, html, nothing } from "lit";
import type { Contact } from "sfluv-field/controllers";

import { ControlledElement, define } from "./element.js";
import { tokens, base } from "./theme.js";

/** `<sfluv-contact>`: when the server was last heard. Give it the `controller` that `contactOf` made. */
export class ContactElement extends ControlledElement<Contact> {
  static override styles = [tokens, base, css`
    p {
      display: flex;
      align-items: center;
      gap: 8px;
      font-size: 1rem;
      line-height: 1.2;
    }
    .dot {
      flex: none;
      width: 10px;
      height: 10px;
      border: 2px solid var(--wait);
      border-radius: 50%;
    }
    .dot.heard {
      border-color: var(--good);
      background: var(--good);
    }
  `];

  protected readonly inputs = [];

  protected make(): undefined {
    return undefined;
  }

  protected override render() {
    const state = this.controller?.state;
    if (!state) return nothing;
    const { contact } = this.words;
    const isHeard = state.last === "answer" || state.last === "signed_out" || state.last === "policy";
    const text = state.heardMs === null ? contact.never : this.say(contact.heard, { time: this.figures.moment(state.heardMs) });
    return html`<p class="quiet" part="contact"><span class="dot ${isHeard ? "heard" : ""}" aria-hidden="true"></span><span>${text}</span></p>`;
  }
}

define("sfluv-contact", ContactElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-contact": ContactElement;
  }
}
