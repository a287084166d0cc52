// SPDX-License-Identifier: MIT
// What the server will say, by its own rules on what this device has read.

import type { Predict } from "../field_types.js";
import type { Clock } from "../ports.js";
import type { Action, Knowledge, Rules } from "../rules/load.js";
import type { Discovery, Outcome, Prediction, ProfileName } from "../types.js";
import { copyKey, type Copies } from "./copies.js";

export interface Foresight {
  predict(action: Action): Promise<Outcome<Prediction>>;
  discover(): Promise<Outcome<Discovery>>;
}

interface Parts {
  account: string;
  profile: ProfileName;
  credentials: (() => readonly string[] | undefined) | undefined;
  rules: Rules;
  copies: Copies;
  clock: Clock;
}

export function foresightOf({ account, profile, credentials, rules, copies, clock }: Parts): Foresight {
  async function knowledge(): Promise<Knowledge> {
    const [known, absences] = await Promise.all([
      copies.list(copyKey.workflow(""), copyKey.list("")), copies.get(copyKey.absencePeriods),
    ]);
    return {
      account, profile, nowMs: clock.nowMs(), credentials: credentials?.(),
      known: known.map(({ text }) => text), absences: absences?.text,
    };
  }
  return {
    predict: async (action) => rules.predict(await knowledge(), action),
    discover: async () => rules.discover(await knowledge()),
  };
}

/** One call for each action. */
export function predictOf({ predict }: Foresight): Predict {
  return {
    claim: (workflow_id, step_id) => predict({ type: "claim", workflow_id, step_id }),
    start: (workflow_id, step_id) => predict({ type: "start", workflow_id, step_id }),
    complete: (workflow_id, step_id, draft) => predict({ type: "complete", workflow_id, step_id, draft }),
    payoutRequest: (workflow_id, step_id) => predict({ type: "payout_request", workflow_id, step_id }),
    unclaim: (series_id, step_order) => predict({ type: "unclaim", series_id, step_order }),
    createAbsencePeriod: (request) => predict({ type: "absence_create", ...request }),
    updateAbsencePeriod: (absence_id, dates) => predict({ type: "absence_update", absence_id, ...dates }),
    deleteAbsencePeriod: (absence_id) => predict({ type: "absence_delete", absence_id }),
  };
}
