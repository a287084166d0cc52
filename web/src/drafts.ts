// SPDX-License-Identifier: MIT

import type { Drafts, SavedDraft } from "./field_types.js";
import { inTurn } from "./in_turn.js";
import { refusal } from "./issue.js";
import { StoreError, type Entropy, type Store } from "./ports.js";
import { bytesOfText, hex, textOfBytes } from "./store/bytes.js";
import { storageFailed } from "./store/self_test.js";
import type { Draft, Outcome } from "./types.js";

export const draftPrefix = "draft/";

/** Where the draft of a step lies; a copy has one part more. */
export function draftKey(workflowId: string, stepId: string, copy = ""): string {
  return draftPrefix + [workflowId, stepId, ...(copy ? [copy] : [])].map(encodeURIComponent).join("/");
}

export function draftsOf(store: Store, entropy: Entropy): Drafts {
  /** The rows as this page knows them: another page's draft is never written over unseen. */
  const known = new Map<string, Uint8Array | null>();

  async function read(key: string): Promise<Uint8Array | undefined> {
    const row = await store.get("documents", key);
    known.set(key, row ?? null);
    return row;
  }

  async function write(key: string, draft: Draft): Promise<void> {
    const bytes = bytesOfText(JSON.stringify(draft));
    await store.write([{ table: "documents", key, bytes }], [{ table: "documents", key, bytes: known.get(key) ?? null }]);
    known.set(key, bytes);
  }

  async function save(workflowId: string, stepId: string, draft: Draft): Promise<Outcome<void>> {
    try {
      await write(draftKey(workflowId, stepId), draft);
      return { ok: true, value: undefined };
    } catch (error) {
      if (!(error instanceof StoreError && error.reason === "conflict")) return { ok: false, issue: storageFailed(error) };
    }
    const copy = hex(entropy(8));
    try {
      await write(draftKey(workflowId, stepId, copy), draft);
      return refusal("draft_changed_elsewhere", { copy });
    } catch (error) {
      return { ok: false, issue: storageFailed(error) };
    }
  }

  // People type faster than disks write: a save that overtook another would find its own row changed.
  const one = inTurn();
  return {
    save: (workflowId, stepId, draft) => one(() => save(workflowId, stepId, draft)),
    async get(workflowId, stepId, copy) {
      const row = await read(draftKey(workflowId, stepId, copy));
      return row && (JSON.parse(textOfBytes(row)) as Draft);
    },
    remove: (workflowId, stepId, copy) => one(async () => {
      const key = draftKey(workflowId, stepId, copy);
      const row = { table: "documents", key } as const;
      const bytes = known.get(key);
      try {
        await store.write([{ ...row, bytes: null }], bytes ? [{ ...row, bytes }] : []);
        known.set(key, null);
      } catch (error) {
        if (!(error instanceof StoreError && error.reason === "conflict")) throw error;
        known.delete(key); // another page's, or a record that was taken back meanwhile
      }
    }),
    async list() {
      const rows = await store.list("documents", draftPrefix);
      return rows.map(({ key, bytes }): SavedDraft => {
        const [workflowId = "", stepId = "", copy] = key.slice(draftPrefix.length).split("/").map(decodeURIComponent);
        return { workflowId, stepId, ...(copy !== undefined && { copy }), draft: JSON.parse(textOfBytes(bytes)) as Draft };
      });
    },
  };
}
