// SPDX-License-Identifier: MIT
import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { notPossiblePlace, stepForm, type FormItem, type FormPlace, type StepForm } from "sfluv-field/controllers";
import type { Field, Issue, Submission, WorkflowStep } from "sfluv-field";

import { ControlledElement, define } from "./element.js";
import "./photos.js";
import { tickIcon, turnIcon } from "./icons.js";
import { placeId } from "./places.js";
import { tokens, base, controls, forms } from "./theme.js";

/** Above this many options a list takes less room than rows to tap. */
const rowsMax = 6;

const pressEvents = ["pointerdown", "pointerup", "pointercancel"];

const demandOf = (step: WorkflowStep | undefined): string =>
  JSON.stringify([step?.id, step?.allow_step_not_possible, step?.work_items]);

/**
 * `<sfluv-step-form>`: answers to one step, checked while typing and kept on this device at every input.
 * Give it `field`, `workflow` and `step`, or a `controller` of your own making. Emits `sfluv-sealed` (`detail.record`)
 * when the submission is durable, and `sfluv-announce`.
 */
export class StepFormElement extends ControlledElement<StepForm> {
  static override properties = {
    ...ControlledElement.properties,
    field: { attribute: false },
    // The same step read anew is no reason to begin the form anew: somebody may be typing.
    workflow: { attribute: false, hasChanged: (now?: { id: string }, before?: { id: string }) => now?.id !== before?.id },
    step: { attribute: false, hasChanged: (now?: WorkflowStep, before?: WorkflowStep) => demandOf(now) !== demandOf(before) },
  };
  static override styles = [tokens, base, controls, forms, css`
    .item {
      position: relative;
      scroll-margin-top: 16px;
    }
    .number {
      color: var(--soft);
      font-size: 1rem;
      font-weight: 500;
    }
    .send {
      position: relative;
      margin-top: 8px;
    }
  `];

  declare field: Field | undefined;
  declare workflow: Submission["workflow"] | undefined;
  declare step: WorkflowStep | undefined;
  protected readonly inputs = ["field", "workflow", "step"];
  #refusals = 0;
  #isPlaced = false;
  #isPressed = false;
  #press = (event: Event) => (this.#isPressed = event.type === "pointerdown");

  override connectedCallback(): void {
    super.connectedCallback();
    for (const type of pressEvents) addEventListener(type, this.#press, { capture: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const type of pressEvents) removeEventListener(type, this.#press, { capture: true });
  }

  protected make(): StepForm | undefined {
    const { field, workflow, step } = this;
    return field && workflow && step && stepForm({ field, workflow, step });
  }

  protected override updated(): void {
    const state = this.controller?.state;
    if (!state) return;
    if (state.phase === "filling" && !this.#isPlaced) {
      this.#isPlaced = true;
      if (state.restored && state.at !== "") this.#item(state.at)?.scrollIntoView({ block: "start" });
    }
    if (state.refusals > this.#refusals) this.renderRoot.querySelector<HTMLElement>(".summary")?.focus();
    this.#refusals = state.refusals;
  }

  #item(itemId: string): HTMLElement | null {
    return this.renderRoot.querySelector(`[data-item="${CSS.escape(itemId)}"]`);
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!(await this.controller?.submit())) return;
    this.announce(this.words.form.sealed);
    this.emit("sealed", { record: this.controller?.state.record });
  }

  /**
   * A field was left. An error that appears at once would move what is being tapped away from under the finger, and
   * the tap would be lost: it waits for the finger to be up.
   */
  #left(place: FormPlace): void {
    const tell = () => setTimeout(() => this.controller?.leave(place));
    if (this.#isPressed) addEventListener("pointerup", tell, { once: true });
    else tell();
  }

  /** Where the line of the summary leads: the field itself, its item in sight. */
  #jump(event: Event, place: FormPlace): void {
    event.preventDefault();
    const photos = this.#item(place.itemId)?.querySelector("sfluv-photos");
    const target = place.part === "photo_uploads" && photos ? photos : this.renderRoot.querySelector<HTMLElement>(`#${placeId(place)}`);
    this.#item(place.itemId)?.scrollIntoView({ block: "start" });
    target?.focus();
  }

  protected override render() {
    const state = this.controller?.state;
    if (!state || state.phase === "loading") return html`<p class="quiet">${this.words.common.loading}</p>`;
    const isImpossible = state.notPossible !== null;
    return html`<form class="stack" part="form" novalidate autocomplete="off" @submit=${(event: Event) => void this.#submit(event)}>
      ${this.#summary()}
      ${state.restored && state.kept === "untouched" ? html`<p class="notice good">${this.words.form.restored}</p>` : nothing}
      ${isImpossible ? this.#impossible() : this.#items(state.items)}
      <div class="send stack">
        <button type="submit" class="wide" part="submit" aria-disabled=${state.phase === "sealing"}>
          ${state.phase === "sealing" ? html`${turnIcon} ${this.words.form.sealing}` : isImpossible ? this.words.form.impossible_submit : this.words.form.submit}
        </button>
        ${this.#kept()}
        ${this.controller?.step.allow_step_not_possible && !isImpossible ? this.#impossibleDoor() : nothing}
      </div>
    </form>`;
  }

  #items(items: readonly FormItem[]): TemplateResult {
    const asksPhotos = items.some(({ parts }) => parts.includes("photo_uploads"));
    return html`
      ${asksPhotos ? html`<p class="quiet">${this.words.form.photo_words}</p>` : nothing}
      ${repeat(items, ({ item }) => item.id, (item, n) => this.#itemCard(item, n + 1, items.length))}`;
  }

  #itemCard(form: FormItem, n: number, of: number): TemplateResult {
    const { item } = form;
    const note = item.optional ? ` · ${this.words.common.optional}` : "";
    return html`<fieldset class="item card stack" part="item" data-item=${item.id}>
      <legend class="unseen">${item.title}</legend>
      <div class="stack close">
        <p class="number">${this.say(this.words.form.item_of, { n, of })}${note}</p>
        <h3>${item.title}</h3>
        ${item.description ? html`<p>${item.description}</p>` : nothing}
      </div>
      ${form.parts.map((part) => part === "dropdown_value" ? this.#choice(form) : part === "photo_uploads" ? this.#photos(form) : this.#text(form))}
    </fieldset>`;
  }

  #photos(form: FormItem): TemplateResult {
    return html`<sfluv-photos .messages=${this.messages} .form=${this.controller} .item=${form} exportparts="photo, photo-add"></sfluv-photos>`;
  }

  #choice({ item, answer, issues }: FormItem): TemplateResult {
    const id = placeId({ itemId: item.id, part: "dropdown_value" });
    const choose = (value: string) => this.controller?.setChoice(item.id, value);
    const error = this.#error(id, issues.dropdown_value);
    const isOpen = item.optional || !item.requires_dropdown;
    if (item.dropdown_options.length > rowsMax) {
      return html`<div class="field"><label for=${id}>${this.words.form.choice}</label>
        <select id=${id} .value=${answer.choice} aria-invalid=${Boolean(issues.dropdown_value)} aria-describedby="${id}-error"
          @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
          <option value="" ?selected=${answer.choice === ""}>${isOpen ? this.words.form.no_answer : this.words.form.choice}</option>
          ${item.dropdown_options.map(({ value, label }) => html`<option value=${value} ?selected=${value === answer.choice}>${label}</option>`)}
        </select>${error}</div>`;
    }
    const row = (value: string, label: string, rowId: string) => html`<label class="choice ${value === answer.choice ? "chosen" : ""}" part="choice">
      <input type="radio" id=${rowId} name=${id} value=${value} .checked=${value === answer.choice} aria-describedby="${id}-error"
        @change=${() => choose(value)} /><span dir="auto">${label}</span></label>`;
    return html`<div class="field" role="radiogroup" aria-label=${item.title} aria-invalid=${Boolean(issues.dropdown_value)} aria-describedby="${id}-error">
      ${item.dropdown_options.map(({ value, label }, n) => row(value, label, n === 0 ? id : `${id}-${n}`))}
      ${isOpen && answer.choice !== "" ? row("", this.words.form.no_answer, `${id}-none`) : nothing}
      ${error}</div>`;
  }

  #text({ item, answer, issues, textForOption }: FormItem): TemplateResult {
    const place: FormPlace = { itemId: item.id, part: "written_response" };
    const option = item.dropdown_options.find(({ value }) => value === answer.choice)?.label ?? answer.choice;
    const label = textForOption ? this.say(this.words.form.text_option, { option })
      : item.requires_written_response ? this.words.form.text_asked : this.words.form.text_free;
    return this.#words(place, label, answer.text, issues.written_response, (text) => this.controller?.setText(item.id, text));
  }

  #words(place: FormPlace, label: string, text: string, issue: Issue | null | undefined, changed: (text: string) => void): TemplateResult {
    const id = placeId(place);
    return html`<div class="field"><label for=${id}>${label}</label>
      <textarea id=${id} rows="3" dir="auto" .value=${text} aria-invalid=${Boolean(issue)} aria-describedby="${id}-error"
        @input=${(event: Event) => changed((event.target as HTMLTextAreaElement).value)} @blur=${() => this.#left(place)}></textarea>
      ${this.#error(id, issue)}</div>`;
  }

  #error(id: string, issue: Issue | null | undefined): TemplateResult {
    return html`<p class="error" id="${id}-error" ?hidden=${!issue} data-code=${issue?.code ?? nothing}><span>${issue ? this.sentence(issue) : ""}</span></p>`;
  }

  #summary(): TemplateResult | typeof nothing {
    const { summary, items } = this.controller!.state;
    if (summary.length === 0) return nothing;
    const titleOf = ({ itemId }: FormPlace) => items.find(({ item }) => item.id === itemId)?.item.title ?? this.words.form.impossible_why;
    return html`<div class="summary card stack close" part="summary" tabindex="-1" role="group" aria-labelledby="summary-title">
      <h3 id="summary-title">${this.say(this.words.form.summary, { count: summary.length })}</h3>
      <ul>${summary.map(({ place, issue }) => html`<li><a href="#${placeId(place)}" data-code=${issue.code}
        @click=${(event: Event) => this.#jump(event, place)}><span>${this.say(this.words.form.summary_line, { item: titleOf(place), sentence: this.sentence(issue) })}</span></a></li>`)}</ul>
    </div>`;
  }

  #kept(): TemplateResult {
    const { kept, keptIssue, done, required, notPossible } = this.controller!.state;
    const words = kept === "not_kept" && keptIssue ? this.say(this.words.form.not_kept, { sentence: this.sentence(keptIssue) })
      : kept === "untouched" ? this.words.form.untouched : this.words.form[kept === "not_kept" ? "keeping" : kept];
    return html`<div class="row">
      <p class="kept ${kept === "not_kept" ? "error" : "quiet"}" data-kept=${kept}>${kept === "kept" ? tickIcon : nothing}<span>${words}</span></p>
      ${notPossible === null && required > 0 ? html`<p class="quiet">${this.say(this.words.form.progress, { done, required })}</p>` : nothing}
    </div>`;
  }

  // A door of its own: nobody goes through it by a slip of a gloved thumb.
  #impossibleDoor(): TemplateResult {
    const { form } = this.words;
    const dialog = () => this.renderRoot.querySelector<HTMLDialogElement>("#impossible")!;
    const confirm = () => {
      dialog().close();
      this.controller?.setNotPossible("");
      this.announce(form.impossible_chosen);
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#${placeId(notPossiblePlace)}`)?.focus());
    };
    return html`<button type="button" class="quiet-button" @click=${() => dialog().showModal()}>${form.cannot_do}</button>
      <dialog id="impossible" aria-labelledby="impossible-title">
        <div class="stack">
          <h3 id="impossible-title">${form.impossible_title}</h3>
          <p>${form.impossible_pay}</p>
          <p>${form.impossible_answers}</p>
          <button type="button" class="danger" @click=${confirm}>${form.impossible_confirm}</button>
          <button type="button" class="plain" autofocus @click=${() => dialog().close()}>${this.words.common.cancel}</button>
        </div>
      </dialog>`;
  }

  #impossible(): TemplateResult {
    const { notPossible, notPossibleIssue } = this.controller!.state;
    const { form } = this.words;
    return html`<div class="card stack" data-item="">
      <p class="notice bad">${form.impossible_chosen}</p>
      ${this.#words(notPossiblePlace, form.impossible_why, notPossible ?? "", notPossibleIssue, (text) => this.controller?.setNotPossible(text))}
      <button type="button" class="plain" @click=${() => this.controller?.setNotPossible(null)}>${form.impossible_take_back}</button>
    </div>`;
  }
}

define("sfluv-step-form", StepFormElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-step-form": StepFormElement;
  }
}
