// SPDX-License-Identifier: MIT
import { css, html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { proposalForm, type ProposalForm } from "sfluv-field/controllers";
import type { Field, Issue, ProposalContext, ProposedItem, ProposedOption, ProposedRole, ProposedStep } from "sfluv-field";

import { ControlledElement, define } from "./element.js";
import { tickIcon, turnIcon } from "./icons.js";
import { tokens, base, controls, forms } from "./theme.js";

/** What a field is called in the page: a JSON Pointer with other strokes. */
const idOf = (place: string): string => `at${place.replaceAll("/", "-")}`;

/** The point in time of a date field, which is one of the person's own clock. */
const instantOf = (local: string): string => (local === "" ? "" : new Date(local).toISOString().replace(".000", ""));
function localOf(instant: string): string {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? "" : new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/**
 * `<sfluv-proposal-form>`: proposes work: roles, steps and what each step asks for, with the costs while typing. Kept on
 * this device at every input, sent when somebody taps and never by itself. Give it `field`, `draftId` and `context`
 * (supervisors, credential types), or a `controller` of your own making. Emits `sfluv-proposed` (`detail.workflow`).
 */
export class ProposalFormElement extends ControlledElement<ProposalForm> {
  static override properties = {
    ...ControlledElement.properties,
    field: { attribute: false },
    draftId: { attribute: "draft-id" },
    context: { attribute: false },
  };
  static override styles = [tokens, base, controls, forms, css`
    .totals {
      position: sticky;
      bottom: 0;
      z-index: 1;
      border-width: 2px;
    }
    .totals strong {
      font-size: 1.25rem;
      font-variant-numeric: tabular-nums;
    }
    input,
    textarea,
    select,
    button {
      scroll-margin-bottom: 160px; /* what is written in is not under the totals */
    }
    .inner {
      padding-inline-start: 14px;
      border-inline-start: 3px solid var(--hair);
    }
  `];

  declare field: Field | undefined;
  declare draftId: string | undefined;
  declare context: ProposalContext | undefined;
  protected readonly inputs = ["field", "draftId", "context"];
  #refusals = 0;

  protected make(): ProposalForm | undefined {
    const { field, draftId, context } = this;
    return field && draftId && context ? proposalForm({ field, draftId, context }) : undefined;
  }

  protected override updated(): void {
    const refusals = this.controller?.state.refusals ?? 0;
    if (refusals > this.#refusals) this.renderRoot.querySelector<HTMLElement>(".summary")?.focus();
    this.#refusals = refusals;
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!(await this.controller?.submit())) return;
    this.announce(this.words.proposal.sent);
    this.emit("proposed", { workflow: this.controller?.state.workflow });
  }

  protected override render() {
    const state = this.controller?.state;
    const { proposal: words, common } = this.words;
    if (!state || state.phase === "loading") return html`<p class="quiet">${common.loading}</p>`;
    if (state.phase === "sent") return html`<p class="notice good" role="status">${words.sent}</p>`;
    const { draft, isUnclear, refused, phase } = state;
    return html`<form class="stack" part="form" novalidate autocomplete="off" @submit=${(event: Event) => void this.#submit(event)}>
      ${this.#summary()}
      ${isUnclear ? html`<p class="notice wait" role="status">${this.sentence({ code: "proposal_unclear", params: {} })}</p>` : nothing}
      ${this.#head()}
      ${this.#group("/roles", words.roles, draft.roles, (...role) => this.#role(...role), words.add_role)}
      ${this.#group("/steps", words.steps, draft.steps, (...step) => this.#step(...step), words.add_step)}
      ${this.#totals()}
      ${refused && refused.code !== "proposal_unclear" ? html`<p class="error" role="alert" data-code=${refused.code}><span>${refused.code === "server_unreachable" ? words.not_sent : this.sentence(refused)}</span></p>` : nothing}
      <button type="submit" class="wide" part="submit" aria-disabled=${phase === "sending"}>
        ${phase === "sending" ? html`${turnIcon} ${words.sending}` : words.submit}</button>
      ${this.#kept()}
    </form>`;
  }

  #head(): TemplateResult {
    const { proposal: words, work } = this.words;
    const { draft } = this.controller!.state;
    const people = this.controller!.context.supervisors.map((one) => (typeof one === "string" ? { user_id: one } : one));
    return html`<div class="card stack">
      ${this.#text("/title", words.work_title, draft.title)}
      ${this.#text("/description", words.description, draft.description, true)}
      ${this.#select("/recurrence", words.recurrence, draft.recurrence, [["one_time", work.once], ["daily", work.daily], ["weekly", work.weekly], ["monthly", work.monthly]])}
      ${this.#input("/start_at", words.start, "datetime-local", localOf(draft.start_at), (value) => this.controller?.set("/start_at", instantOf(value)))}
      ${this.#select("/supervisor/user_id", words.supervisor, draft.supervisor?.user_id ?? "",
        [["", words.no_supervisor], ...people.map(({ user_id, title }): [string, string] => [user_id, title ? `${title} · ${user_id}` : user_id])],
        (user_id) => this.controller?.set("/supervisor", user_id === "" ? null : { user_id, bounty: draft.supervisor?.bounty ?? "0" }))}
      ${draft.supervisor ? this.#pay("/supervisor/bounty", words.supervisor_pay) : nothing}
    </div>`;
  }

  #role(role: ProposedRole, place: string, n: number, isAlone: boolean): TemplateResult {
    const { proposal: words } = this.words;
    const types = this.controller!.context.credential_types;
    const credentials = `${place}/required_credentials`;
    const toggle = (type: string, isWanted: boolean) =>
      this.controller?.set(credentials, types.filter((one) => (one === type ? isWanted : role.required_credentials.includes(one))));
    return this.#card(place, this.say(words.role, { n }), isAlone, html`
      ${this.#text(`${place}/title`, words.role_title, role.title)}
      <fieldset class="stack close" aria-describedby="${idOf(credentials)}-error"><legend class="label">${words.credentials}</legend>
        ${types.length === 0 ? html`<p class="quiet">${words.no_credentials}</p>` : nothing}
        ${types.map((type) => this.#check(`${credentials}/${type}`, type, role.required_credentials.includes(type), (isWanted) => toggle(type, isWanted)))}
        ${this.#error(credentials)}</fieldset>`);
  }

  #step(step: ProposedStep, place: string, n: number, isAlone: boolean): TemplateResult {
    const { proposal: words } = this.words;
    const roles = this.controller!.state.draft.roles.map(({ client_id, title }, index): [string, string] => [client_id, title || this.say(words.role, { n: index + 1 })]);
    return this.#card(place, this.say(words.step, { n }), isAlone, html`
      ${this.#text(`${place}/title`, words.step_title, step.title)}
      ${this.#text(`${place}/description`, words.description, step.description ?? "", true)}
      ${this.#pay(`${place}/bounty`, words.pay)}
      ${this.#select(`${place}/role_client_id`, words.role_of_step, step.role_client_id, [["", words.choose], ...roles])}
      ${this.#flag(`${place}/allow_step_not_possible`, words.not_possible, step.allow_step_not_possible)}
      ${this.#group(`${place}/work_items`, words.items, step.work_items, (...item) => this.#item(...item), words.add_item)}`);
  }

  #item(item: ProposedItem, place: string, n: number, isAlone: boolean): TemplateResult {
    const { proposal: words } = this.words;
    return this.#card(place, this.say(words.item, { n }), isAlone, html`
      ${this.#text(`${place}/title`, words.item_title, item.title)}
      ${this.#text(`${place}/description`, words.item_description, item.description ?? "", true)}
      ${this.#flag(`${place}/optional`, words.optional, item.optional)}
      ${this.#flag(`${place}/requires_photo`, words.asks_photo, item.requires_photo)}
      ${item.requires_photo ? html`<div class="inner stack">
        ${this.#flag(`${place}/camera_capture_only`, words.camera_only, item.camera_capture_only)}
        ${this.#flag(`${place}/photo_allow_any_count`, words.any_count, item.photo_allow_any_count)}
        ${item.photo_allow_any_count ? nothing : this.#input(`${place}/photo_required_count`, words.photo_count, "number", String(item.photo_required_count ?? 1),
          (value) => this.controller?.set(`${place}/photo_required_count`, Number(value) || 1))}
        ${this.#select(`${place}/photo_aspect_ratio`, words.aspect, item.photo_aspect_ratio ?? "square",
          [["square", words.square], ["vertical", words.vertical], ["horizontal", words.horizontal]])}</div>` : nothing}
      ${this.#flag(`${place}/requires_written_response`, words.asks_text, item.requires_written_response)}
      ${this.#flag(`${place}/requires_dropdown`, words.asks_choice, item.requires_dropdown)}
      ${item.requires_dropdown ? html`<div class="inner stack">${this.#group(`${place}/dropdown_options`, words.options, item.dropdown_options ?? [],
        (...option) => this.#option(...option), words.add_option)}</div>` : nothing}
      ${this.#error(place, true)}`);
  }

  #option(option: ProposedOption, place: string, n: number, isAlone: boolean): TemplateResult {
    const { proposal: words } = this.words;
    const mails = `${place}/notify_emails`;
    return this.#card(place, this.say(words.option, { n }), isAlone, html`
      ${this.#text(`${place}/label`, words.option_label, option.label)}
      ${this.#flag(`${place}/requires_written_response`, words.option_text, option.requires_written_response)}
      ${this.#text(mails, words.option_mail, (option.notify_emails ?? []).join("\n"), true, (value) => this.controller?.set(mails, value.split("\n")))}`);
  }

  // ---- the parts that all of it is made of

  /** A list with a button for one more. */
  #group<T>(list: string, title: string, all: readonly T[], show: (one: T, place: string, n: number, isAlone: boolean) => TemplateResult, add: string): TemplateResult {
    return html`<div class="stack"><h3 id="${idOf(list)}-title" tabindex="-1">${title}</h3>
      ${all.map((one, n) => show(one, `${list}/${n}`, n + 1, all.length === 1))}
      ${this.#error(list, true)}
      <div><button type="button" class="plain small" data-add=${list} @click=${() => this.controller?.add(list)}>${add}</button></div></div>`;
  }

  /** One of a list: it may be moved, and taken away. */
  #card(place: string, title: string, isAlone: boolean, inside: TemplateResult): TemplateResult {
    const { proposal: words } = this.words;
    const button = (words_: string, act: () => void) =>
      html`<button type="button" class="plain small" aria-label=${this.say(words.of, { what: words_, title })} @click=${act}>${words_}</button>`;
    return html`<fieldset class="card stack" data-place=${place} id=${idOf(place)} tabindex="-1"><legend class="unseen">${title}</legend>
      <div class="row"><strong>${title}</strong></div>${inside}
      <div class="row">${isAlone ? nothing : html`${button(words.up, () => this.controller?.move(place, -1))} ${button(words.down, () => this.controller?.move(place, 1))}`}
        ${button(words.remove, () => this.controller?.remove(place))}</div></fieldset>`;
  }

  #issueAt(place: string, isExact = false): Issue | undefined {
    return this.controller!.state.issues.find(({ path }) => path === place || (!isExact && path.startsWith(`${place}/`)));
  }

  #error(place: string, isExact = false): TemplateResult {
    const issue = this.#issueAt(place, isExact);
    return html`<p class="error" id="${idOf(place)}-error" ?hidden=${!issue} data-code=${issue?.code ?? nothing}><span>${issue ? this.sentence(issue) : ""}</span></p>`;
  }

  #text(place: string, label: string, value: string, isLong = false, changed = (text: string) => this.controller?.set(place, text)): TemplateResult {
    if (!isLong) return this.#input(place, label, "text", value, changed);
    return html`<div class="field"><label for=${idOf(place)}>${label}</label>
      <textarea id=${idOf(place)} rows="3" dir="auto" .value=${live(value)} aria-invalid=${Boolean(this.#issueAt(place))} aria-describedby="${idOf(place)}-error"
        @input=${(event: Event) => changed((event.target as HTMLTextAreaElement).value)} @blur=${() => this.controller?.leave(place)}></textarea>
      ${this.#error(place)}</div>`;
  }

  #input(place: string, label: string, type: string, value: string, changed: (text: string) => void, mode?: string): TemplateResult {
    return html`<div class="field"><label for=${idOf(place)}>${label}</label>
      <input id=${idOf(place)} type=${type} dir="auto" inputmode=${mode ?? nothing} min=${type === "number" ? "1" : nothing} .value=${live(value)}
        aria-invalid=${Boolean(this.#issueAt(place))} aria-describedby="${idOf(place)}-error"
        @input=${(event: Event) => changed((event.target as HTMLInputElement).value)} @blur=${() => this.controller?.leave(place)} />
      ${this.#error(place)}</div>`;
  }

  #pay(place: string, label: string): TemplateResult {
    const symbol = this.field?.formatAmount("0").symbol ?? "";
    const { text, isTyped } = this.controller!.payOf(place);
    return this.#input(place, symbol ? `${label} (${symbol})` : label, "text", isTyped ? text : this.figures.typed(text),
      (typed) => this.controller?.setPay(place, typed, this.figures.plain(typed)), "decimal");
  }

  #select(place: string, label: string, value: string, options: [string, string][], changed = (one: string) => this.controller?.set(place, one)): TemplateResult {
    return html`<div class="field"><label for=${idOf(place)}>${label}</label>
      <select id=${idOf(place)} aria-invalid=${Boolean(this.#issueAt(place))} aria-describedby="${idOf(place)}-error"
        @change=${(event: Event) => changed((event.target as HTMLSelectElement).value)} @blur=${() => this.controller?.leave(place)}>
        ${options.map(([one, words]) => html`<option value=${one} ?selected=${one === value}>${words}</option>`)}</select>
      ${this.#error(place)}</div>`;
  }

  #flag(place: string, label: string, value: boolean | undefined): TemplateResult {
    return this.#check(place, label, value ?? false, (isOn) => this.controller?.set(place, isOn));
  }

  #check(place: string, label: string, isOn: boolean, changed: (isOn: boolean) => void): TemplateResult {
    return html`<label class="choice ${isOn ? "chosen" : ""}"><input type="checkbox" id=${idOf(place)} .checked=${live(isOn)}
      @change=${(event: Event) => changed((event.target as HTMLInputElement).checked)} /><span dir="auto">${label}</span></label>`;
  }

  #totals(): TemplateResult {
    const { totals, draft } = this.controller!.state;
    const { proposal: words } = this.words;
    if (!totals) return html`<p class="totals card quiet" part="totals">${words.totals_open}</p>`;
    const weekly = draft.recurrence === "one_time" ? nothing
      : html`<span>${this.say(words.weekly, { amount: this.amount(totals.weekly_bounty_requirement, this.field) })}</span>`;
    return html`<p class="totals card row" part="totals"><strong>${this.say(words.total, { amount: this.amount(totals.total_bounty, this.field) })}</strong> ${weekly}</p>`;
  }

  /** What a line of the summary is about: the nearest thing with a name of its own. */
  #nameOf(path: string): string {
    const { proposal: words } = this.words;
    const [, list, index] = path.split("/");
    if (list === "roles" && index !== undefined) return this.say(words.role, { n: Number(index) + 1 });
    if (list === "steps" && index !== undefined) return this.say(words.step, { n: Number(index) + 1 });
    const names: Record<string, string> = {
      title: words.work_title, description: words.description, recurrence: words.recurrence, start_at: words.start, supervisor: words.supervisor,
      roles: words.roles, steps: words.steps,
    };
    return names[list ?? ""] ?? words.title;
  }

  /** To the field, or to the nearest thing around it that there is. */
  #jump(event: Event, path: string): void {
    event.preventDefault();
    for (let place = path; place !== ""; place = place.slice(0, place.lastIndexOf("/"))) {
      const target = this.renderRoot.querySelector<HTMLElement>(`#${CSS.escape(idOf(place))}, #${CSS.escape(idOf(place))}-title`);
      if (!target) continue;
      target.scrollIntoView({ block: "center" });
      return target.focus();
    }
  }

  #summary(): TemplateResult | typeof nothing {
    const { summary } = this.controller!.state;
    if (summary.length === 0) return nothing;
    const { form } = this.words;
    return html`<div class="summary card stack close" part="summary" tabindex="-1" role="group" aria-labelledby="summary-title">
      <h3 id="summary-title">${this.say(form.summary, { count: summary.length })}</h3>
      <ul>${summary.map((issue) => html`<li><a href="#${idOf(issue.path)}" data-code=${issue.code} @click=${(event: Event) => this.#jump(event, issue.path)}>
        <span>${this.say(form.summary_line, { item: this.#nameOf(issue.path), sentence: this.sentence(issue) })}</span></a></li>`)}</ul>
    </div>`;
  }

  #kept(): TemplateResult {
    const { kept, keptIssue } = this.controller!.state;
    const { form } = this.words;
    const words = kept === "not_kept" && keptIssue ? this.say(form.not_kept, { sentence: this.sentence(keptIssue) })
      : kept === "untouched" ? form.untouched : form[kept === "not_kept" ? "keeping" : kept];
    return html`<p class="kept ${kept === "not_kept" ? "error" : "quiet"}" data-kept=${kept}>${kept === "kept" ? tickIcon : nothing}<span>${words}</span></p>`;
  }
}

define("sfluv-proposal-form", ProposalFormElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-proposal-form": ProposalFormElement;
  }
}
