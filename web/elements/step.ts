// SPDX-License-Identifier: MIT
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { firstToDo, jobOf, type Job, type JobAction, type JobState, type StepKind } from "sfluv-field/controllers";
import type { Field } from "sfluv-field";

import "./amount.js";
import { ControlledElement, define } from "./element.js";
import { tickIcon, turnIcon } from "./icons.js";
import "./record.js";
import "./step_form.js";
import { tokens, base, controls } from "./theme.js";

type Shown = JobState["steps"][number];

/** Enough to find a connection on the way home. */
const soonMs = 3 * 3_600_000;

/**
 * `<sfluv-step>`: one step of one workflow, whose it is, and the one thing to do with it now: claim, start, answer, wait,
 * or ask for the pay again. Give it `field` and `workflowId` (and `stepId`), or a `controller` of your own making. Emits
 * `sfluv-step-shown` and `sfluv-step-chosen` (`detail.stepId`), `sfluv-open-outbox`, `sfluv-sealed` (`detail.record`), and what
 * records emit.
 */
export class StepElement extends ControlledElement<Job> {
  static override properties = {
    ...ControlledElement.properties,
    field: { attribute: false },
    workflowId: { attribute: "workflow-id" },
    stepId: { attribute: "step-id" },
  };
  static override styles = [tokens, base, controls, css`
    .steps {
      display: grid;
      gap: 8px;
    }
    .steps button {
      justify-content: flex-start;
      width: 100%;
      text-align: start;
    }
    .steps button[aria-current] {
      border-color: var(--ink);
    }
    .steps .order {
      display: grid;
      place-items: center;
      flex: none;
      width: 1.9em;
      height: 1.9em;
      border-radius: 50%;
      background: var(--hair);
      font-size: 0.95em;
    }
    .steps [aria-current] .order {
      background: var(--ink);
      color: var(--paper);
    }
    .saved {
      display: flex;
      gap: 12px;
      font-size: 1.25rem;
      font-weight: 650;
      line-height: 1.3;
    }
    .task {
      display: grid;
      gap: var(--gap);
    }
  `];

  declare field: Field | undefined;
  declare workflowId: string | undefined;
  declare stepId: string | undefined;
  protected readonly inputs = ["field", "workflowId"];
  #filling = "";

  /** What was first to do stays on the screen when something else becomes first. */
  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const steps = this.controller?.state.steps ?? [];
    if (steps.length === 0 || steps.some(({ step }) => step.id === this.stepId)) return;
    this.stepId = firstToDo(steps)?.step.id;
    this.emit("step-shown", { stepId: this.stepId });
  }

  protected make(): Job | undefined {
    const { field, workflowId } = this;
    return field && workflowId ? jobOf({ field, workflowId }) : undefined;
  }

  /** The form is gone from the page before it could say so itself: its step is no longer one to fill in. */
  protected override updated(): void {
    const shown = this.controller?.state.steps.find(({ step }) => step.id === this.stepId);
    if (shown?.kind === "queued" && shown.row && this.#filling === shown.step.id) {
      this.announce(this.words.form.sealed);
      this.emit("sealed", { record: shown.row.record });
    }
    this.#filling = shown?.kind === "fill" ? shown.step.id : "";
  }

  async #act(action: JobAction, stepId: string): Promise<void> {
    if (!(await this.controller?.[action](stepId))) return;
    const { claimed, started, retry_asked } = this.words.step;
    this.announce({ claim: claimed, start: started, payoutRequest: retry_asked }[action]);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".task")?.focus();
  }

  protected override render() {
    const state = this.controller?.state;
    if (!state || state.phase === "loading") return html`<p class="quiet">${this.words.common.loading}</p>`;
    const { workflow, steps, issue } = state;
    const trouble = issue ? html`<div class="notice bad stack close" role="alert"><p>${this.sentence(issue)}</p>
      <div><button type="button" class="plain small" @click=${() => void this.controller?.refresh()}>${this.words.common.try_again}</button></div></div>` : nothing;
    if (!workflow) return trouble;
    const shown = steps.find(({ step }) => step.id === this.stepId) ;
    if (!shown) return html`<div class="stack">${trouble}<p>${this.words.step.no_steps}</p></div>`;
    const { step } = shown;
    return html`<article class="stack">
      ${trouble}
      <header class="stack close">
        <p class="quiet">${this.say(this.words.step.place, { workflow: workflow.title, n: step.step_order, of: steps.length })}</p>
        <h2>${step.title}</h2>
        ${step.description ? html`<p>${step.description}</p>` : nothing}
        <sfluv-amount .messages=${this.messages} .field=${this.field} .value=${step.bounty} .around=${this.words.step.pays}></sfluv-amount>
        ${shown.kind === "fill" || shown.kind === "to_start" ? this.#deadline(state.deadlineMs) : nothing}
      </header>
      ${steps.length > 1 && shown.kind !== "fill" ? this.#picker(steps, shown) : nothing}
      <section class="task" tabindex="-1" data-kind=${shown.kind}>${this.#task(shown, state)}${this.#record(shown)}${this.#unclaim(shown, state)}</section>
    </article>`;
  }

  #picker(steps: readonly Shown[], current: Shown): TemplateResult {
    return html`<nav class="steps" aria-label=${this.words.step.steps}>${steps.map((one) => html`
      <button type="button" class="plain small" aria-current=${one === current ? "step" : nothing}
        @click=${() => this.#choose(one.step.id)}>
        <span class="order">${one.step.step_order}</span><span>${one.step.title}<span class="quiet"> · ${this.words.step[`kind_${one.kind}`]}</span></span>
      </button>`)}</nav>`;
  }

  /** Work that arrives after the next occurrence began may not count: said while there is time. */
  #deadline(deadlineMs: number | null): TemplateResult | typeof nothing {
    if (deadlineMs === null) return nothing;
    const { outbox } = this.words;
    const time = this.figures.moment(deadlineMs);
    const left = deadlineMs - Date.now();
    if (left > soonMs) return html`<p class="quiet">${this.say(outbox.deadline, { time })}</p>`;
    return html`<p class="error"><span>${this.say(left > 0 ? outbox.deadline_soon : outbox.deadline_over, { time })}</span></p>`;
  }

  #choose(stepId: string): void {
    this.stepId = stepId;
    this.emit("step-chosen", { stepId });
  }

  #task(shown: Shown, state: JobState): TemplateResult {
    const { step } = shown;
    const { step: words } = this.words;
    const tasks: Record<StepKind, () => TemplateResult> = {
      claimable: () => this.#action("claim", words.claim, words.claim_words, shown, state),
      to_start: () => this.#action("start", words.start, words.start_words, shown, state),
      fill: () => html`<sfluv-step-form .messages=${this.messages} .field=${this.field} .workflow=${state.workflow!} .step=${step}
        @sfluv-sealed=${(event: Event) => event.stopPropagation()} exportparts="form, item, submit, summary"></sfluv-step-form>`,
      wished: () => this.#note(words.wished, "wait"),
      queued: () => this.#queued(shown),
      locked: () => this.#note(words.locked),
      of_other: () => this.#note(this.say(words.of_other, { name: step.assigned_improver_name || words.somebody })),
      closed: () => this.#note(this.sentence({ code: "workflow_not_active", params: { status: state.workflow!.status } })),
      done: () => this.#note(this.#doneWords(shown), "good"),
      payout_failed: () => html`${this.#note(words.payout_failed, "bad")}
        ${this.#action("payoutRequest", words.retry, step.payout_error ? this.say(this.words.pay.failed, { reason: step.payout_error }) : "", shown, state)}`,
      payout_asked: () => this.#note(words.payout_asked, "wait"),
      paid_out: () => this.#note(words.paid_out, "good"),
    };
    return tasks[shown.kind]();
  }

  #doneWords({ step }: Shown): string {
    return step.completed_at ? this.say(this.words.step.done_at, { time: this.figures.moment(step.completed_at * 1000) }) : this.words.step.done;
  }

  /** A recurring step of mine can be given back, behind a question of its own. */
  #unclaim({ step, kind }: Shown, { workflow, released, refused, acting }: JobState): TemplateResult | typeof nothing {
    const { step: words, common, absence } = this.words;
    if (released === "queued") return this.#note(absence.queued, "wait");
    if (released?.stepId === step.id) {
      const kept = released.kept > 0 ? this.say(words.kept, { count: released.kept }) : "";
      return this.#note(`${this.say(words.released, { count: released.released })} ${kept}`, "good");
    }
    if (workflow?.recurrence === "one_time" || (kind !== "to_start" && kind !== "fill")) return nothing;
    const dialog = () => this.renderRoot.querySelector<HTMLDialogElement>("#unclaim");
    const giveBack = () => {
      dialog()?.close();
      void this.controller?.unclaim(step.id);
    };
    return html`<button type="button" class="quiet-button" aria-disabled=${acting?.action === "unclaim"} @click=${() => dialog()?.showModal()}>${words.unclaim}</button>
      ${refused?.action === "unclaim" ? html`<p class="error" role="alert" data-code=${refused.issue.code}><span>${this.sentence(refused.issue)}</span></p>` : nothing}
      <dialog id="unclaim" aria-labelledby="unclaim-title"><div class="stack">
        <h3 id="unclaim-title">${words.unclaim_title}</h3>
        <p>${this.say(words.unclaim_words, { step: step.title })}</p>
        <button type="button" class="danger" @click=${giveBack}>${words.unclaim_yes}</button>
        <button type="button" class="plain" autofocus @click=${() => dialog()?.close()}>${common.cancel}</button>
      </div></dialog>`;
  }

  #note(text: string, mood = ""): TemplateResult {
    return html`<p class="notice ${mood}">${text}</p>`;
  }

  #queued({ row }: Shown): TemplateResult {
    if (row?.mood === "help") return this.#note(this.words.step.queued_help, "bad");
    return html`<p class="saved">${tickIcon}<span>${this.words.step.saved}</span></p>`;
  }

  #record({ row }: Shown): TemplateResult | typeof nothing {
    if (!row) return nothing;
    return html`<sfluv-record .messages=${this.messages} .row=${row} .list=${this.controller!.outbox} exportparts="record"></sfluv-record>
      <button type="button" class="plain" @click=${() => this.emit("open-outbox", { id: row.record.id })}>${this.words.step.see_outbox}</button>`;
  }

  #action(action: JobAction, label: string, text: string, { step, foreseen }: Shown, { acting, refused }: JobState): TemplateResult {
    const isActing = acting?.stepId === step.id;
    const issue = refused?.stepId === step.id ? refused.issue : undefined;
    return html`${text ? html`<p>${text}</p>` : nothing}
      ${foreseen && !issue ? html`<p class="notice wait" data-foreseen=${foreseen.code}>${this.sentence(foreseen)}</p>` : nothing}
      <button type="button" class="wide" aria-disabled=${isActing} @click=${() => void this.#act(action, step.id)}>
        ${isActing ? turnIcon : action === "claim" ? tickIcon : nothing} ${label}</button>
      <p class="error" role="alert" ?hidden=${!issue} data-code=${issue?.code ?? nothing}><span>${issue ? this.sentence(issue) : ""}</span></p>
      ${issue?.code === "server_unreachable" && action !== "payoutRequest" ? this.#later(action, step.id) : nothing}`;
  }

  /** Without a connection: ask as soon as there is one. A claim is then no more than a wish. */
  #later(action: "claim" | "start", stepId: string): TemplateResult {
    const { step: words } = this.words;
    return html`<p>${action === "claim" ? words.claim_later_words : words.start_later_words}</p>
      <button type="button" class="plain" @click=${() => void this.controller?.wish(action, stepId)}>${action === "claim" ? words.claim_later : words.start_later}</button>`;
  }
}

define("sfluv-step", StepElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-step": StepElement;
  }
}
