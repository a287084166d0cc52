// SPDX-License-Identifier: MIT
// The address that bounties are paid to: checked while it is typed, shown with its checksum before it is saved.

import type { Field } from "../field_types.js";
import type { Issue } from "../types.js";
import { controllerOf, held, type Watched } from "./watched.js";

export interface RewardsAccountState {
  typed: string;
  /** The address with its checksum, once it is one. */
  address: string | null;
  /** What is wrong, as far as it is time to say so. */
  issue: Issue | null;
  isSaving: boolean;
  refused: Issue | null;
  /** What the server keeps now. */
  saved: string | null;
}

export interface RewardsAccount extends Watched<RewardsAccountState> {
  type(text: string): void;
  /** The field was left: from now on its error is shown while typing. */
  leave(): void;
  save(): Promise<boolean>;
}

export function rewardsAccountOf(field: Pick<Field, "checkRewardsAccount" | "improvers">): RewardsAccount {
  const self = held<RewardsAccountState>({ typed: "", address: null, issue: null, isSaving: false, refused: null, saved: null });
  let isTold = false;

  function update(typed: string): void {
    const { issues, normalized } = field.checkRewardsAccount(typed);
    self.set({ typed, address: normalized?.primary_rewards_account ?? null, issue: isTold ? (issues[0] ?? null) : null });
  }
  const tell = () => {
    isTold = true;
    update(self.state.typed);
  };

  return controllerOf<RewardsAccount>(self, {
    type(text) {
      self.set({ refused: null, saved: null });
      update(text);
    },
    leave() {
      if (self.state.typed !== "") tell();
    },
    async save() {
      tell();
      const { address, isSaving } = self.state;
      if (!address || isSaving) return false;
      self.set({ isSaving: true, refused: null });
      const outcome = await field.improvers.setPrimaryRewardsAccount(address);
      self.set({ isSaving: false, ...(outcome.ok ? { saved: outcome.value.primary_rewards_account } : { refused: outcome.issue }) });
      return outcome.ok;
    },
  });
}
