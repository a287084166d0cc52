// SPDX-License-Identifier: MIT
import { html, type PropertyValues } from "lit";

import { define, SfluvElement } from "./element.js";
import { tokens, base, controls } from "./theme.js";

/** Where to work and as whom. The token goes with each request and is stored with no work. */
export interface Connection {
  apiBase: string;
  token: string;
  header: "Authorization" | "Access-Token";
  profile: "documents" | "live";
}

/** `<sfluv-connection>`: asks for the server and the sign-in. Emits `sfluv-connect` (`detail`: a `Connection`). */
export class ConnectionElement extends SfluvElement {
  static override properties = {
    ...SfluvElement.properties,
    value: { attribute: false },
    account: {},
    isIncomplete: { state: true },
  };
  static override styles = [tokens, base, controls];

  declare value: Connection;
  /** Who is signed in, as far as known. */
  declare account: string;
  declare protected isIncomplete: boolean;

  constructor() {
    super();
    this.value = { apiBase: "", token: "", header: "Authorization", profile: "documents" };
    this.account = "";
    this.isIncomplete = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("value")) this.isIncomplete = false;
  }

  #submit(event: Event): void {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(given.get(name) ?? "").trim();
    const value: Connection = {
      apiBase: text("api"), token: text("token"),
      header: text("header") === "Access-Token" ? "Access-Token" : "Authorization",
      profile: text("profile") === "live" ? "live" : "documents",
    };
    this.isIncomplete = value.apiBase === "" || (value.token === "" && this.account === "");
    if (!this.isIncomplete) this.emit("connect", value);
  }

  protected override render() {
    const { session } = this.words;
    const { value } = this;
    const row = (name: string, choice: string, label: string, isChosen: boolean) => html`<label class="choice ${isChosen ? "chosen" : ""}">
      <input type="radio" name=${name} value=${choice} .checked=${isChosen} @change=${() => (this.value = { ...this.value, [name]: choice })} /><span>${label}</span></label>`;
    return html`<form class="stack" novalidate autocomplete="off" @submit=${(event: Event) => this.#submit(event)}>
      <div class="field"><label for="api">${session.api}</label>
        <input id="api" name="api" type="url" inputmode="url" spellcheck="false" autocapitalize="none" placeholder="https://" .value=${value.apiBase} /></div>
      <div class="field"><label for="token">${session.token}</label>
        <input id="token" name="token" type="password" autocomplete="off" spellcheck="false" aria-describedby="token-words" .value=${value.token} />
        <p class="quiet" id="token-words">${session.token_words}</p></div>
      <fieldset class="field"><legend class="label">${session.header}</legend>
        ${row("header", "Authorization", "Authorization: Bearer", value.header === "Authorization")}
        ${row("header", "Access-Token", "Access-Token", value.header === "Access-Token")}</fieldset>
      <fieldset class="field"><legend class="label">${session.profile}</legend>
        ${row("profile", "documents", session.profile_documents, value.profile === "documents")}
        ${row("profile", "live", session.profile_live, value.profile === "live")}</fieldset>
      <p class="error" role="alert" ?hidden=${!this.isIncomplete}><span>${session.incomplete}</span></p>
      <button type="submit" class="wide">${session.open}</button>
    </form>`;
  }
}

define("sfluv-connection", ConnectionElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-connection": ConnectionElement;
  }
}
