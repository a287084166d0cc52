// SPDX-License-Identifier: MIT
// What every element of the package is: words of one language, figures written its way, a headless controller to
// look at. It keeps no state that matters: that is the controller's.
import { LitElement, type CSSResultGroup, type PropertyValues } from "lit";
import { figuresOf, formatIssue, formatText, type Amount, type Field, type Figures, type Issue, type Message, type Plural } from "sfluv-field";
import { en } from "sfluv-field/messages/en";
import type { Language } from "sfluv-field/messages/words";
import type { Watched } from "sfluv-field/controllers";

import { base, controls, tokens } from "./theme.js";

export type { Language };
export type Words = Language["ui"];

export abstract class SfluvElement extends LitElement {
  static override properties: Record<string, object> = { messages: { attribute: false } };
  static override styles: CSSResultGroup = [tokens, base, controls];

  /** The language; English until the host gives another. */
  declare messages: Language;
  #figures: Figures | undefined;

  constructor() {
    super();
    this.messages = en;
  }

  /** Takes no room, also not a gap of the host's layout, while there is nothing to say. */
  protected showNothing(isNothing: boolean): void {
    this.toggleAttribute("hidden", isNothing);
  }

  protected get words(): Words {
    return this.messages.ui;
  }

  /** Dates, sizes and numbers the way of the language. */
  protected get figures(): Figures {
    if (this.#figures?.locale !== this.messages.locale) this.#figures = figuresOf(this.messages.locale);
    return this.#figures!;
  }

  /** An amount in the unit of the field's profile, written the way of the language. */
  protected amount(value: Amount, field: Pick<Field, "formatAmount"> | undefined): string {
    if (!field) return value;
    const { text, symbol } = field.formatAmount(value);
    return `${this.figures.decimal(text)} ${symbol}`;
  }

  /** A sentence with its parameters. */
  protected say(sentence: Message | Plural, params: Record<string, string | number> = {}): string {
    return formatText(sentence, this.messages, params);
  }

  protected sentence(issue: Pick<Issue, "code" | "params">): string {
    return formatIssue(issue, this.messages);
  }

  /** Says a change to those who do not see it; the words go to the one live region of the page. */
  protected announce(text: string): void {
    this.dispatchEvent(new CustomEvent("sfluv-announce", { detail: { text }, bubbles: true, composed: true }));
  }

  protected emit<Detail>(name: string, detail: Detail): void {
    this.dispatchEvent(new CustomEvent(`sfluv-${name}`, { detail, bubbles: true, composed: true }));
  }
}

/**
 * An element that shows a controller: one that the host gives, or one of its own, made of the other properties and
 * ended with it.
 */
export abstract class ControlledElement<Controller extends Watched<unknown>> extends SfluvElement {
  static override properties: Record<string, object> = { ...SfluvElement.properties, controller: { attribute: false } };

  declare controller: Controller | undefined;
  #own: Controller | undefined;
  #followed: Controller | undefined;
  #endFollowing = () => {};

  /** The properties that it takes to make a controller; another value of one makes another controller. */
  protected abstract readonly inputs: readonly string[];
  /** Nothing while one of them is missing. */
  protected abstract make(): Controller | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate(); // it may come back after it was taken out of the page
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#follow(undefined);
    this.#endOwn();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!this.isConnected) return;
    if (this.inputs.some((name) => changed.has(name))) this.#endOwn();
    if (!this.controller) this.controller = this.#own = this.make();
    if (this.#followed !== this.controller) this.#follow(this.controller);
  }

  #follow(controller: Controller | undefined): void {
    this.#endFollowing();
    this.#followed = controller;
    this.#endFollowing = controller?.watch(() => this.requestUpdate()) ?? (() => {});
  }

  #endOwn(): void {
    if (!this.#own) return;
    this.#own.close();
    if (this.controller === this.#own) this.controller = undefined;
    this.#own = undefined;
  }
}

/** Registers an element; a second copy of the package on one page changes nothing. */
export function define(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
