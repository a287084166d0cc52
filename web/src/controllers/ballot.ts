// SPDX-License-Identifier: MIT
// One proposal: how its vote stands, what I said, until when I may say otherwise; or, of my own, how to withdraw it.

import type { Field } from "../field_types.js";
import type { Issue, VoteChoice, Workflow } from "../types.js";
import { controllerOf, held, type Watched } from "./watched.js";

export interface BallotState {
  phase: "loading" | "shown" | "missing";
  workflow: Workflow | null;
  /** Why what is shown may be old, or why there is nothing. */
  issue: Issue | null;
  readAtMs: number;
  /** The vote that is on its way. */
  casting: VoteChoice | null;
  isWithdrawing: boolean;
  refused: Issue | null;
}

export interface BallotOptions {
  field: Pick<Field, "votes" | "proposals">;
  workflowId: string;
  /** Who looks: voters and proposers read on paths of their own. */
  as?: "voter" | "proposer";
}

export interface Ballot extends Watched<BallotState> {
  readonly as: "voter" | "proposer";
  refresh(): Promise<void>;
  /** Votes, or votes otherwise; only worth doing now, never queued. */
  cast(choice: VoteChoice): Promise<void>;
  /** Takes one's own proposal back while it is voted on. */
  withdraw(): Promise<boolean>;
}

export function ballotOf({ field, workflowId, as = "voter" }: BallotOptions): Ballot {
  const self = held<BallotState>({
    phase: "loading", workflow: null, issue: null, readAtMs: 0, casting: null, isWithdrawing: false, refused: null,
  });
  const readers = as === "voter" ? field.votes : field.proposals;
  const closing = new AbortController();

  async function refresh(): Promise<void> {
    const { signal } = closing;
    const read = await readers.get(workflowId, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (!read) return;
    if (read.ok) {
      const issue: Issue | null = read.from === "device" ? { code: "server_unreachable", path: "", params: {} } : null;
      self.set({ phase: "shown", workflow: read.value, readAtMs: read.readAtMs, issue });
    } else {
      self.set({ issue: read.issue, ...(self.state.phase === "loading" && { phase: "missing" }) });
    }
  }
  void refresh();

  return controllerOf<Ballot>(self, {
    as,
    refresh,
    async cast(choice) {
      if (self.state.casting) return;
      self.set({ casting: choice, refused: null });
      const outcome = await field.votes.cast(workflowId, choice);
      if (outcome.ok) self.set({ casting: null, workflow: outcome.value, readAtMs: outcome.readAtMs, issue: null });
      else self.set({ casting: null, refused: outcome.issue });
    },
    async withdraw() {
      const { workflow, isWithdrawing } = self.state;
      if (!workflow || isWithdrawing) return false;
      self.set({ isWithdrawing: true, refused: null });
      const outcome = await field.proposals.withdraw(workflowId);
      if (outcome.ok) self.set({ isWithdrawing: false, workflow: { ...workflow, status: "deleted" } });
      else self.set({ isWithdrawing: false, refused: outcome.issue });
      return outcome.ok;
    },
  }, () => closing.abort());
}
