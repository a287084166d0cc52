// SPDX-License-Identifier: MIT
import { css, html, nothing, type TemplateResult } from "lit";
import { ballotOf, type Ballot } from "sfluv-field/controllers";
import type { Field, VoteChoice, Workflow, WorkflowVotes } from "sfluv-field";

import "./amount.js";
import { ControlledElement, define } from "./element.js";
import { turnIcon } from "./icons.js";
import { tokens, base, controls } from "./theme.js";

const choices: readonly VoteChoice[] = ["approve", "deny"];

/**
 * `<sfluv-ballot>`: a proposal: what it asks, how the vote stands, how long it is open; voters vote, its proposer may
 * withdraw it. Give it `field`, `workflow-id` and who looks (`as`: "voter", the default, or "proposer").
 */
export class BallotElement extends ControlledElement<Ballot> {
  static override properties = {
    ...ControlledElement.properties,
    field: { attribute: false },
    workflowId: { attribute: "workflow-id" },
    as: {},
    asksToWithdraw: { state: true },
    nowMs: { state: true },
  };
  static override styles = [tokens, base, controls, css`
    progress {
      width: 100%;
      height: 14px;
      accent-color: var(--accent-text);
    }
    [role="timer"] {
      font-variant-numeric: tabular-nums;
    }
  `];

  declare field: Field | undefined;
  declare workflowId: string | undefined;
  declare as: "voter" | "proposer";
  declare protected asksToWithdraw: boolean;
  declare protected nowMs: number;
  protected readonly inputs = ["field", "workflowId", "as"];
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.as = "voter";
    this.asksToWithdraw = false;
    this.nowMs = Date.now();
  }

  protected make(): Ballot | undefined {
    const { field, workflowId, as } = this;
    return field && workflowId ? ballotOf({ field, workflowId, as }) : undefined;
  }

  /** The clock runs only while there is something to count. */
  protected override updated(): void {
    const isCounting = this.isConnected && Boolean(this.controller?.state.workflow?.votes?.finalize_at);
    if (isCounting && !this.#ticking) this.#ticking = setInterval(() => (this.nowMs = Date.now()), 1000);
    if (!isCounting) this.#stop();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  #stop(): void {
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  async #cast(choice: VoteChoice): Promise<void> {
    await this.controller?.cast(choice);
    const { refused, workflow } = this.controller?.state ?? {};
    if (!refused && workflow?.votes?.my_decision === choice) this.announce(this.words.ballot[`yours_${choice}`]);
  }

  async #withdraw(): Promise<void> {
    if (await this.controller?.withdraw()) this.announce(this.words.ballot.withdrawn);
    this.asksToWithdraw = false;
  }

  protected override render() {
    const state = this.controller?.state;
    const { common } = this.words;
    if (!state || state.phase === "loading") return html`<p class="quiet">${common.loading}</p>`;
    const { workflow, issue, refused } = state;
    return html`<article class="card stack" part="card">
      ${issue ? html`<p class="notice wait" role="status">${this.sentence(issue)}</p>` : nothing}
      ${workflow ? this.#proposal(workflow) : nothing}
      ${workflow?.votes ? this.#vote(workflow, workflow.votes) : nothing}
      ${refused ? html`<p class="error" role="alert" data-code=${refused.code}><span>${this.sentence(refused)}</span></p>` : nothing}
    </article>`;
  }

  #proposal(workflow: Workflow): TemplateResult {
    const { proposal: words, work } = this.words;
    const often: Record<string, string> = { one_time: work.once, daily: work.daily, weekly: work.weekly, monthly: work.monthly };
    return html`<div class="stack close"><h3>${workflow.title}</h3><p>${workflow.description}</p>
        <p class="quiet">${often[workflow.recurrence] ?? workflow.recurrence} · ${this.say(work.starts, { time: this.figures.moment(workflow.start_at * 1000, this.nowMs) })}</p></div>
      <sfluv-amount .messages=${this.messages} .field=${this.field} .value=${workflow.total_bounty} .around=${words.total}></sfluv-amount>
      ${workflow.recurrence === "one_time" ? nothing : html`<p class="quiet">${this.say(words.weekly, { amount: this.amount(workflow.weekly_bounty_requirement, this.field) })}</p>`}
      <ol class="list">${workflow.steps.map((step, n) => html`<li class="stack close"><strong>${this.say(words.step, { n: n + 1 })} · ${step.title}</strong>
        <span class="quiet">${this.amount(step.bounty, this.field)}</span></li>`)}</ol>`;
  }

  #vote({ status }: Workflow, votes: WorkflowVotes): TemplateResult {
    const { ballot: words } = this.words;
    const missing = Math.max(0, votes.quorum_threshold - votes.votes_cast);
    const decided: Record<string, string> = { approve: words.decided_approve, deny: words.decided_deny, admin_approve: words.decided_admin };
    return html`<div class="stack close" part="vote">
      <p>${this.say(words.tally, { approve: this.figures.count(votes.approve), deny: this.figures.count(votes.deny) })}</p>
      <progress max=${Math.max(1, votes.quorum_threshold)} value=${Math.min(votes.votes_cast, votes.quorum_threshold)} aria-label=${words.quorum}></progress>
      <p class="quiet">${this.say(words.cast, { cast: this.figures.count(votes.votes_cast), total: this.figures.count(votes.total_voters) })}
        ${missing > 0 ? this.say(words.missing, { count: missing }) : words.reached}</p>
      ${status === "pending" ? this.#open(votes) : status === "deleted" ? html`<p class="notice" data-decision="withdrawn">${words.withdrawn}</p>`
        : html`<p class="notice ${votes.decision === "deny" ? "" : "good"}" data-decision=${votes.decision ?? "none"}>${decided[votes.decision ?? ""] ?? words.closed}</p>`}
    </div>`;
  }

  #open(votes: WorkflowVotes): TemplateResult {
    const { ballot: words } = this.words;
    const { state, as } = this.controller!;
    const { casting } = state;
    const mine = votes.my_decision;
    const left = votes.finalize_at ? votes.finalize_at * 1000 - this.nowMs : undefined;
    return html`
      ${as === "proposer" ? this.#withdrawal() : nothing}
      ${left === undefined ? nothing
        : html`<p role="timer">${left > 0 ? this.say(words.countdown, { time: this.figures.countdown(left) }) : words.counting}</p>`}
      ${mine ? html`<p class="notice good" data-mine=${mine}>${words[`yours_${mine}`]}</p>` : nothing}
      ${as === "proposer" ? nothing : html`<div class="row">${choices.map((choice) => html`<button type="button" class=${choice === "approve" ? "" : "plain"} data-choice=${choice}
        aria-pressed=${mine === choice} aria-disabled=${casting !== null} @click=${() => void this.#cast(choice)}>
        ${casting === choice ? turnIcon : nothing} ${words[choice]}</button>`)}</div>`}
      ${mine ? html`<p class="quiet">${words.change}</p>` : nothing}`;
  }

  /** A tap that cannot be undone is asked about first. */
  #withdrawal(): TemplateResult {
    const { ballot: words } = this.words;
    const { isWithdrawing } = this.controller!.state;
    if (!this.asksToWithdraw) return html`<div><button type="button" class="plain small" @click=${() => (this.asksToWithdraw = true)}>${words.withdraw}</button></div>`;
    return html`<div class="notice bad stack close" role="alert"><p>${words.withdraw_ask}</p>
      <div class="row"><button type="button" class="danger small" aria-disabled=${isWithdrawing} @click=${() => void this.#withdraw()}>
        ${isWithdrawing ? turnIcon : nothing} ${words.withdraw_yes}</button>
      <button type="button" class="plain small" @click=${() => (this.asksToWithdraw = false)}>${words.withdraw_no}</button></div></div>`;
  }
}

define("sfluv-ballot", BallotElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-ballot": BallotElement;
  }
}
