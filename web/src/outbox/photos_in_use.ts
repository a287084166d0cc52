// SPDX-License-Identifier: MIT

import { draftPrefix } from "../drafts.js";
import type { Store } from "../ports.js";
import { textOfBytes } from "../store/bytes.js";
import type { Draft } from "../types.js";
import { photosOf, type Entries, type Entry } from "./entries.js";

/** Keys of the photos that a draft or a record names; those of `but` do not count. */
export async function photosInUse(store: Store, entries: Entries, but?: Entry): Promise<ReadonlySet<string>> {
  const drafts = await store.list("documents", draftPrefix);
  const inDrafts = drafts.flatMap(({ bytes }) => photosOf(JSON.parse(textOfBytes(bytes)) as Draft));
  const inRecords = entries.all().filter((entry) => entry !== but).flatMap(entries.photosOf);
  return new Set([...inDrafts, ...inRecords]);
}
