// SPDX-License-Identifier: MIT
import { html, nothing, type TemplateResult } from "lit";
import { proposalList, type ProposalGroup, type ProposalList, type ProposalRow } from "sfluv-field/controllers";
import type { Field } from "sfluv-field";

import { ControlledElement, define } from "./element.js";
import { nextIcon, turnIcon } from "./icons.js";
import { tokens, base, controls, rows } from "./theme.js";

/**
 * `<sfluv-proposals>`: what is to be voted on, what became of one's own proposals, and proposing more. Give it `field`,
 * or a `controller` of your own making. Emits `sfluv-open-proposal` (`detail.draftId`, none for a new one) and
 * `sfluv-open-ballot` (`detail.workflowId`, `detail.as`).
 */
export class ProposalsElement extends ControlledElement<ProposalList> {
  static override properties = { ...ControlledElement.properties, field: { attribute: false } };
  static override styles = [tokens, base, controls, rows];

  declare field: Field | undefined;
  protected readonly inputs = ["field"];

  protected make(): ProposalList | undefined {
    return this.field && proposalList(this.field);
  }

  protected override render() {
    const state = this.controller?.state;
    const { work, proposals: words } = this.words;
    if (!state) return nothing;
    if (state.phase === "loading") return html`<p class="quiet">${this.words.common.loading}</p>`;
    const { mayPropose, mayVote, isReading, issue } = state;
    const isStranger = mayPropose === false && mayVote === false;
    const isEmpty = state.rows.length === 0 && !isStranger && !isReading && !issue;
    return html`<div class="stack">
      <div class="head"><p class="quiet">${state.readAtMs > 0 ? this.say(work.as_of, { time: this.figures.moment(state.readAtMs) }) : ""}</p>
        <button type="button" class="plain small" aria-disabled=${isReading} @click=${() => void this.controller?.refresh()}>
          ${isReading ? turnIcon : nothing} ${work.refresh}</button></div>
      ${issue ? html`<p class="notice wait" role="status">${this.sentence(issue)}</p>` : nothing}
      ${isStranger ? html`<p class="notice" data-role="none">${words.no_role}</p>` : nothing}
      ${mayPropose === false ? nothing : html`<button type="button" class="wide" @click=${() => this.emit("open-proposal", {})}>${words.propose}</button>`}
      ${isEmpty ? html`<div class="empty stack close"><h3>${words.empty}</h3><p class="quiet">${words.empty_hint}</p></div>` : nothing}
      ${(["begun", "open", "mine"] as const).map((group) => this.#group(group))}
    </div>`;
  }

  #group(group: ProposalGroup): TemplateResult | typeof nothing {
    const all = this.controller!.state.rows.filter((row) => row.group === group);
    if (all.length === 0) return nothing;
    return html`<h3>${this.words.proposals[group]} <span class="quiet">${this.figures.count(all.length)}</span></h3>
      <ul class="list ${group}">${all.map((row) => html`<li>${this.#row(row)}</li>`)}</ul>`;
  }

  #row(row: ProposalRow): TemplateResult {
    const { work, proposals: words } = this.words;
    const often = { one_time: work.once, daily: work.daily, weekly: work.weekly, monthly: work.monthly }[row.recurrence as "daily"] ?? "";
    return html`<button type="button" class="door" part="proposal" data-proposal=${row.id} data-status=${row.status} @click=${() => this.#open(row)}>
      <span><strong>${row.title.trim() || words.untitled}</strong>
        <span class="quiet">${[often, this.#standing(row)].filter(Boolean).join(" · ")}</span>
        ${row.pays === null ? nothing : html`<br /><span class="pays">${this.amount(row.pays, this.field)}</span>`}</span>
      ${nextIcon}</button>`;
  }

  /** How it stands, in a few words. */
  #standing({ group, status, votes, isUnclear }: ProposalRow): string {
    const { proposals: words, proposal_status: statuses, ballot } = this.words;
    if (group === "begun") return isUnclear ? words.unclear : words.begun_here;
    if (group === "open" && votes?.my_decision) return ballot[`yours_${votes.my_decision}`];
    if (status === "pending" && votes) return this.say(ballot.tally, { approve: this.figures.count(votes.approve), deny: this.figures.count(votes.deny) });
    return statuses[status as keyof typeof statuses] ?? status;
  }

  #open({ group, id }: ProposalRow): void {
    if (group === "begun") this.emit("open-proposal", { draftId: id });
    else this.emit("open-ballot", { workflowId: id, as: group === "open" ? "voter" : "proposer" });
  }
}

define("sfluv-proposals", ProposalsElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-proposals": ProposalsElement;
  }
}
