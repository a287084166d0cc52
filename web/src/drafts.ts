// SPDX-License-Identifier: MIT

import type { Drafts } from "./field_types.js";
import type { Store } from "./ports.js";
import { bytesOfText, textOfBytes } from "./store/bytes.js";
import { storageFailed } from "./store/self_test.js";
import type { Draft } from "./types.js";

export function draftsOf(store: Store): Drafts {
  const keyOf = (workflowId: string, stepId: string) =>
    `draft/${encodeURIComponent(workflowId)}/${encodeURIComponent(stepId)}`;
  return {
    async save(workflowId, stepId, draft) {
      const bytes = bytesOfText(JSON.stringify(draft));
      try {
        await store.write([{ table: "documents", key: keyOf(workflowId, stepId), bytes }]);
        return { ok: true, value: undefined };
      } catch (error) {
        return { ok: false, issue: storageFailed(error) };
      }
    },
    async get(workflowId, stepId) {
      const row = await store.get("documents", keyOf(workflowId, stepId));
      return row && (JSON.parse(textOfBytes(row)) as Draft);
    },
    async remove(workflowId, stepId) {
      await store.write([{ table: "documents", key: keyOf(workflowId, stepId), bytes: null }]);
    },
  };
}
