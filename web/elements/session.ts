// SPDX-License-Identifier: MIT
import { html, nothing } from "lit";
import type { Contact, ContactState } from "sfluv-field/controllers";

import { ControlledElement, define } from "./element.js";
import { tokens, base, controls } from "./theme.js";

/**
 * `<sfluv-session>`: what stands between the person and the server: no sign-in, one that is over, a policy to accept, a
 * network that wants a sign-in of its own. Work goes on under all of them. Give it the `controller` that `contactOf`
 * made. Emits `sfluv-sign-in` and `sfluv-go-on` (the person has done what was asked).
 */
export class SessionElement extends ControlledElement<Contact> {
  static override properties = { ...ControlledElement.properties, signedOut: { type: Boolean, attribute: "signed-out" } };
  static override styles = [tokens, base, controls];

  declare signedOut: boolean;
  protected readonly inputs = [];

  constructor() {
    super();
    this.signedOut = false;
  }

  protected make(): undefined {
    return undefined;
  }

  protected override render() {
    const last = this.signedOut ? "no_token" : (this.controller?.state.last ?? "nothing");
    const { session: words } = this.words;
    const signIn = [words.sign_in, "sign-in"] as const;
    const goOn = [words.go_on, "go-on"] as const;
    const notices: Partial<Record<ContactState["last"] | "no_token", [string, readonly [string, string]]>> = {
      no_token: [words.signed_out, signIn],
      signed_out: [words.expired, signIn],
      policy: [words.policy, goOn],
      portal: [words.portal, goOn],
    };
    const notice = notices[last];
    this.showNothing(!notice);
    if (!notice) return nothing;
    const [text, [label, event]] = notice;
    return html`<div class="notice wait stack close" role="status" part="notice" data-last=${last}><p>${text}</p>
      <div><button type="button" class="plain small" @click=${() => this.emit(event, {})}>${label}</button></div></div>`;
  }
}

define("sfluv-session", SessionElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-session": SessionElement;
  }
}
