// SPDX-License-Identifier: MIT
// What people ask of a record, from whichever page. It is stored before it counts.

import { draftKey } from "../drafts.js";
import type { SavedDraft } from "../field_types.js";
import { refusal } from "../issue.js";
import { bytesOfText, hex } from "../store/bytes.js";
import { storageFailed } from "../store/self_test.js";
import type { Draft, Outcome, OutboxAction, OutboxRecord } from "../types.js";
import type { OutboxContext } from "./context.js";
import { drive, type Beside } from "./drive.js";
import type { Entry } from "./entries.js";

/** Other pages may be quicker, but not again and again. */
const triesMax = 3;

type Action = Exclude<OutboxAction, "revise">;

export interface Asking {
  ask(id: string, action: Action): Promise<Outcome<OutboxRecord>>;
  draftOf(id: string): Outcome<Draft>;
  takeBack(id: string): Promise<Outcome<SavedDraft>>;
  copyAsDraft(id: string): Promise<Outcome<SavedDraft>>;
}

export function askingOf({ core, entries, driver, store, entropy, show, kick }: OutboxContext): Asking {
  async function ask(id: string, action: Action, beside?: Beside): Promise<Outcome<OutboxRecord>> {
    for (let tries = 0; tries < triesMax; ++tries) {
      const entry = entries.get(id);
      if (!entry) return refusal("record_unknown", { id });
      const driven = await drive(driver, entry, { type: "ask", action }, { beside });
      if (driven === "done") {
        kick();
        return { ok: true, value: entry.view };
      }
      if (driven === "unstored") return notKept(entry);
      if (driven !== "overtaken") return { ok: false, issue: driven };
      show(id, await entries.reload(id));
    }
    return refusal("storage_failed", { reason: "conflict" });
  }

  function notKept(entry: Entry): Outcome<never> {
    entries.revert(entry);
    show(entry.id, entry);
    return refusal("storage_failed", { reason: "full" });
  }

  /** Where a record's answers can lie as a draft: nobody's draft is written over. */
  async function draftPlace({ view }: Entry, draft: Draft): Promise<{ saved: SavedDraft; beside: Beside }> {
    const { workflow_id: workflowId, step_id: stepId } = view;
    const isTaken = (await store.get("documents", draftKey(workflowId, stepId))) !== undefined;
    const copy = isTaken ? hex(entropy(8)) : undefined;
    const row = { table: "documents", key: draftKey(workflowId, stepId, copy) } as const;
    return {
      saved: { workflowId, stepId, ...(copy !== undefined && { copy }), draft },
      beside: { changes: [{ ...row, bytes: bytesOfText(JSON.stringify(draft)) }], onlyIf: [{ ...row, bytes: null }] },
    };
  }

  async function asDraft(id: string, save: (beside: Beside) => Promise<Outcome<unknown>>): Promise<Outcome<SavedDraft>> {
    const entry = entries.get(id);
    if (!entry || entry.isStuck) return refusal("record_unknown", { id });
    const { saved, beside } = await draftPlace(entry, core.draft(entry.record));
    const outcome = await save(beside);
    return outcome.ok ? { ok: true, value: saved } : outcome;
  }

  return {
    ask: (id, action) => orNotKept(ask(id, action)),
    draftOf(id) {
      const entry = entries.get(id);
      return entry && !entry.isStuck ? { ok: true, value: core.draft(entry.record) } : refusal("record_unknown", { id });
    },
    takeBack: (id) => orNotKept(asDraft(id, (beside) => ask(id, "take_back", beside))),
    copyAsDraft: (id) => orNotKept(asDraft(id, async ({ changes, onlyIf }) => {
      await store.write(changes, onlyIf);
      return { ok: true, value: undefined };
    })),
  };
}

async function orNotKept<T>(work: Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work;
  } catch (error) {
    return { ok: false, issue: storageFailed(error) };
  }
}
