// SPDX-License-Identifier: MIT
// "Proposals": the list, one that is being written, one that is voted on; each a screen of its own.
import type { Field, ProposalContext, Workflow } from "sfluv-field";
import { proposalContextOf, type ProposalList } from "sfluv-field/controllers";
import { baseStyles, controlStyles, SfluvElement, tokenStyles } from "sfluv-field/elements";
import { html, nothing, type PropertyValues } from "lit";

import { kept } from "./kept.js";
import type { Place } from "./place.js";

/** What other work tells of the server, and what a link told. */
export async function contextOf(field: Field): Promise<ProposalContext> {
  const { supervisors, credential_types } = await proposalContextOf(field);
  const told = kept("told") ?? { supervisors: [], credentials: [] };
  const known = supervisors.map((one) => (typeof one === "string" ? one : one.user_id));
  return {
    supervisors: [...supervisors, ...told.supervisors.filter((id) => !known.includes(id))],
    credential_types: [...new Set([...credential_types, ...told.credentials])].sort(),
  };
}

/** Emits `sfluv-go` (`detail`: the place to go to, with `how`). */
export class ProposalScreens extends SfluvElement {
  static override properties = {
    ...SfluvElement.properties, field: { attribute: false }, place: { attribute: false }, list: { attribute: false },
    context: { state: true }, sent: { state: true },
  };
  static override styles = [tokenStyles, baseStyles, controlStyles];

  declare field: Field;
  declare place: Place;
  declare list: ProposalList | undefined;
  declare protected context: ProposalContext | undefined;
  /** Proposed just now. */
  declare protected sent: string | undefined;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("field")) this.context = undefined;
    if (!changed.has("field") && !changed.has("place")) return;
    if (this.place.screen === "proposals") void this.list?.refresh();
    if (this.place.screen === "proposal" && !this.context) void contextOf(this.field).then((context) => (this.context = context));
  }

  #go(place: Place, how: "push" | "replace" = "push"): void {
    this.emit("go", { ...place, how });
  }

  protected override render() {
    const { field, place, messages } = this;
    const { proposals, proposal, ballot } = this.words;
    if (place.screen === "proposal") {
      return html`<div class="stack"><h2>${proposal.title}</h2>
        <sfluv-proposal-form .messages=${messages} .field=${field} .draftId=${place.draftId} .context=${this.context}
          @sfluv-proposed=${(event: CustomEvent<{ workflow: Workflow }>) => this.#proposed(event.detail.workflow)}></sfluv-proposal-form></div>`;
    }
    if (place.screen === "ballot") {
      return html`<div class="stack"><h2>${place.as === "voter" ? ballot.title : proposals.one}</h2>
        ${this.sent === place.workflowId ? html`<p class="notice good" role="status">${proposal.sent}</p>` : nothing}
        <sfluv-ballot .messages=${messages} .field=${field} .workflowId=${place.workflowId} .as=${place.as}></sfluv-ballot></div>`;
    }
    return html`<div class="stack"><h2>${proposals.title}</h2>
      <sfluv-proposals .messages=${messages} .field=${field} .controller=${this.list}
        @sfluv-open-proposal=${(event: CustomEvent<{ draftId?: string }>) => this.#go({ screen: "proposal", draftId: event.detail.draftId ?? crypto.randomUUID() })}
        @sfluv-open-ballot=${(event: CustomEvent<{ workflowId: string; as: "voter" | "proposer" }>) => this.#go({ screen: "ballot", ...event.detail })}></sfluv-proposals></div>`;
  }

  /** "Back" leads to the list, not to a form that is gone. */
  #proposed({ id: workflowId }: Workflow): void {
    this.sent = workflowId;
    this.#go({ screen: "ballot", workflowId, as: "proposer" }, "replace");
  }
}
