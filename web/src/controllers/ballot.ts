// SPDX-License-Identifier: MIT
// Voting about one proposal: how it stands, what I said, until when I may say otherwise.

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
  refused: Issue | null;
}

export interface Ballot extends Watched<BallotState> {
  refresh(): Promise<void>;
  /** Votes, or votes otherwise; only worth doing now, never queued. */
  cast(choice: VoteChoice): Promise<void>;
}

export function ballotOf({ field, workflowId }: { field: Pick<Field, "votes">; workflowId: string }): Ballot {
  const self = held<BallotState>({ phase: "loading", workflow: null, issue: null, readAtMs: 0, casting: null, refused: null });
  const closing = new AbortController();

  async function refresh(): Promise<void> {
    const { signal } = closing;
    const read = await field.votes.get(workflowId, { signal }).catch((error: unknown) => {
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
    refresh,
    async cast(choice) {
      if (self.state.casting) return;
      self.set({ casting: choice, refused: null });
      const outcome = await field.votes.cast(workflowId, choice);
      if (outcome.ok) self.set({ casting: null, workflow: outcome.value, readAtMs: outcome.readAtMs, issue: null });
      else self.set({ casting: null, refused: outcome.issue });
    },
  }, () => closing.abort());
}
