// SPDX-License-Identifier: MIT
import { css, html, nothing, type TemplateResult } from "lit";
import { absencesOf, type Absences, type HeldStep } from "sfluv-field/controllers";
import type { AbsencePeriod, Field } from "sfluv-field";

import { ControlledElement, define } from "./element.js";
import { turnIcon } from "./icons.js";
import { tokens, base, controls } from "./theme.js";

const dayMs = 86_400_000;
/** The day of the API, which counts them in UTC, as a date field has it. */
const dayText = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** `<sfluv-absences>`: when I am away from recurring work: enter, change, remove. Give it `field`. */
export class AbsencesElement extends ControlledElement<Absences> {
  static override properties = {
    ...ControlledElement.properties,
    field: { attribute: false },
    changing: { state: true },
    isIncomplete: { state: true },
  };
  static override styles = [tokens, base, controls, css`
    .days {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(12rem, 100%), 1fr));
      gap: 16px;
    }
  `];

  declare field: Field | undefined;
  /** The absence that is being changed; a new one otherwise. */
  declare protected changing: AbsencePeriod | undefined;
  declare protected isIncomplete: boolean;
  protected readonly inputs = ["field"];

  protected make(): Absences | undefined {
    return this.field && absencesOf(this.field);
  }

  /** What stands in the form: nothing while a day is missing or the last is before the first. */
  #given(): { step: HeldStep | undefined; dates: { absent_from: string; absent_until: string } | undefined } {
    const value = (id: string) => this.renderRoot.querySelector<HTMLInputElement>(`#${id}`)?.value ?? "";
    const [absent_from, absent_until] = [value("from"), value("until")];
    const isWhole = absent_from !== "" && absent_until !== "" && absent_from <= absent_until;
    return { step: this.controller?.state.held[Number(value("step"))], dates: isWhole ? { absent_from, absent_until } : undefined };
  }

  #look(): void {
    const { step, dates } = this.#given();
    this.isIncomplete = false;
    if (step && dates && !this.changing) void this.controller?.foresee(step, dates);
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const { step, dates } = this.#given();
    this.isIncomplete = !dates || (!step && !this.changing);
    if (this.isIncomplete || !dates) return;
    if (this.changing) await this.controller?.change(this.changing, dates);
    else await this.controller?.add(step!, dates);
    if (this.controller?.state.issue) return;
    this.changing = undefined;
    this.#tell();
  }

  #tell(): void {
    const done = this.controller?.state.done;
    if (done) this.announce(this.words.absence[done]);
  }

  protected override render() {
    const state = this.controller?.state;
    const { absence: words, step } = this.words;
    if (!state) return nothing;
    if (state.phase === "loading") return html`<p class="quiet">${this.words.common.loading}</p>`;
    const done = state.done && [words[state.done], state.released > 0 ? this.say(step.released, { count: state.released }) : "", state.kept > 0 ? this.say(step.kept, { count: state.kept }) : ""].filter(Boolean).join(" ");
    return html`<div class="stack">
      <p>${words.words}</p>
      ${done ? html`<p class="notice good" role="status">${done}</p>` : nothing}
      ${state.issue ? html`<p class="error" role="alert" data-code=${state.issue.code}><span>${this.sentence(state.issue)}</span></p>` : nothing}
      ${state.absences.length === 0 ? html`<p class="quiet">${words.empty}</p>`
        : html`<ul class="list">${state.absences.map((absence) => html`<li>${this.#absence(absence)}</li>`)}</ul>`}
      ${state.held.length === 0 && !this.changing ? html`<p class="notice">${words.none}</p>` : this.#form()}
    </div>`;
  }

  #titleOf({ series_id, step_order }: AbsencePeriod): string {
    return this.controller?.state.held.find((step) => step.seriesId === series_id && step.stepOrder === step_order)?.title ?? `${series_id} · ${step_order}`;
  }

  #absence(absence: AbsencePeriod): TemplateResult {
    const { absence: words } = this.words;
    // The end is exclusive: the day before it is the last one away.
    const period = this.say(words.period, { from: this.figures.day(absence.absent_from * 1000), until: this.figures.day((absence.absent_until - 1) * 1000) });
    return html`<article class="card stack close" data-absence=${absence.id}><p><strong>${period}</strong></p><p class="quiet">${this.#titleOf(absence)}</p>
      <div class="row">
        <button type="button" class="plain small" @click=${() => (this.changing = absence)}>${words.change}</button>
        <button type="button" class="plain small" @click=${() => void this.controller?.remove(absence).then(() => this.#tell())}>${words.remove}</button></div></article>`;
  }

  #form(): TemplateResult {
    const { absence: words, common } = this.words;
    const { held, foreseen, isSaving } = this.controller!.state;
    const { changing } = this;
    const day = (id: string, label: string, value: string) => html`<div class="field"><label for=${id}>${label}</label>
      <input id=${id} type="date" .value=${value} aria-describedby="dates-error" @change=${() => this.#look()} /></div>`;
    const [issue] = foreseen;
    return html`<form class="card stack" novalidate @submit=${(event: Event) => void this.#save(event)}>
      <h3>${changing ? words.change : words.add}</h3>
      ${changing ? html`<p class="quiet">${this.#titleOf(changing)}</p>`
        : html`<div class="field"><label for="step">${words.step}</label><select id="step" @change=${() => this.#look()}>
            ${held.map(({ title }, n) => html`<option value=${n}>${title}</option>`)}</select></div>`}
      <div class="days">${day("from", words.from, changing ? dayText(changing.absent_from * 1000) : "")}
        ${day("until", words.until, changing ? dayText(changing.absent_until * 1000 - dayMs / 2) : "")}</div>
      <p class="error" id="dates-error" role="alert" ?hidden=${!this.isIncomplete && !issue} data-code=${issue?.code ?? nothing}>
        <span>${this.isIncomplete ? words.dates_wrong : issue ? this.sentence(issue) : ""}</span></p>
      <div class="row"><button type="submit" aria-disabled=${isSaving}>${isSaving ? turnIcon : nothing} ${changing ? words.save : words.add}</button>
        ${changing ? html`<button type="button" class="plain" @click=${() => (this.changing = undefined)}>${common.cancel}</button>` : nothing}</div>
    </form>`;
  }
}

define("sfluv-absences", AbsencesElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-absences": AbsencesElement;
  }
}
