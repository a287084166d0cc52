// SPDX-License-Identifier: MIT
import { css, html, nothing } from "lit";

import { define, SfluvElement } from "./element.js";
import { shareIcon } from "./icons.js";
import { tokens, base, controls } from "./theme.js";

/**
 * What there is to say about installing. `ios`: by the share menu only. `ios_pending`: not now, since an installed app
 * has a storage of its own and what waits here would stay behind.
 */
export type InstallState = "nothing" | "offer" | "ios" | "ios_pending";

interface InstallPrompt extends Event {
  prompt(): Promise<void>;
}
let offered: InstallPrompt | undefined;
const offers = new EventTarget();
if (typeof window !== "undefined") {
  // Comes once and early, often before any element is there.
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offered = event as InstallPrompt;
    offers.dispatchEvent(new Event("change"));
  });
  addEventListener("appinstalled", () => {
    offered = undefined;
    offers.dispatchEvent(new Event("change"));
  });
}

export function installState(undelivered: number): InstallState {
  const isInstalled = matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true;
  if (isInstalled) return "nothing";
  const isApple = /iPhone|iPad/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  if (isApple) return undelivered > 0 ? "ios_pending" : "ios";
  return offered ? "offer" : "nothing";
}

/** `<sfluv-install>`: advice to install the page as an app, before the first photo is taken. Emits `sfluv-install-later`. */
export class InstallElement extends SfluvElement {
  static override properties = {
    ...SfluvElement.properties,
    undelivered: { type: Number },
    state: { attribute: false },
  };
  static override styles = [tokens, base, controls, css`
    ol {
      padding-inline-start: 1.4em;
      list-style: decimal;
    }
    li svg {
      display: inline;
      vertical-align: -0.35em;
    }
  `];

  declare undelivered: number;
  /** Found out by itself unless it is given. */
  declare state: InstallState | undefined;
  #look = () => this.requestUpdate();

  constructor() {
    super();
    this.undelivered = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    offers.addEventListener("change", this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    offers.removeEventListener("change", this.#look);
  }

  protected override render() {
    const state = this.state ?? installState(this.undelivered);
    const { install: words } = this.words;
    this.showNothing(state === "nothing");
    if (state === "nothing") return nothing;
    if (state === "ios_pending") return html`<p class="notice wait">${words.weekly}</p>`;
    return html`<section class="card stack close" part="install" aria-label=${words.title}><h3>${words.title}</h3><p>${words.words}</p>
      ${state === "ios" ? html`<ol><li>${words.ios_share} ${shareIcon}</li><li>${words.ios_add}</li></ol>` : nothing}
      <div class="row">
        ${state === "offer" ? html`<button type="button" class="small" @click=${() => void offered?.prompt()}>${words.install}</button>` : nothing}
        <button type="button" class="plain small" @click=${() => this.emit("install-later", {})}>${words.later}</button>
      </div></section>`;
  }
}

define("sfluv-install", InstallElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-install": InstallElement;
  }
}
