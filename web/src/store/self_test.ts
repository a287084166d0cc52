// SPDX-License-Identifier: MIT

import { StoreError, type Entropy, type Store } from "../ports.js";
import type { Issue } from "../types.js";
import { equalBytes, hex } from "./bytes.js";

/**
 * Can this browser keep work? Writes what the app writes, reads it back, compares, removes it. Said
 * before anything is captured: a private window or a full disk must not be found out afterwards.
 */
export async function storageIssue(store: Store, entropy: Entropy): Promise<Issue | null> {
  const key = `self-test/${hex(entropy(8))}`; // its own: other pages may start at the same moment
  const bytes = entropy(256);
  try {
    await store.write([{ table: "meta", key, bytes }]);
    const back = await store.get("meta", key);
    if (!back || !equalBytes(back, bytes)) return storageFailed(new StoreError("damaged"));
    await store.write([{ table: "meta", key, bytes: null }]);
    return null;
  } catch (error) {
    return storageFailed(error);
  }
}

export function storageFailed(error: unknown): Issue {
  const reason = error instanceof StoreError ? error.reason : "unavailable";
  if (reason === "blocked" || reason === "outdated") return { code: `storage_${reason}`, path: "", params: {} };
  return { code: "storage_failed", path: "", params: { reason } };
}
