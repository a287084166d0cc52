// SPDX-License-Identifier: MIT

import type { Entropy, Store } from "../ports.js";
import type { PhotoStore } from "../store/photos.js";
import type { OutboxCore } from "./core.js";
import type { Driver } from "./drive.js";
import type { Entries, Entry } from "./entries.js";
import type { QueueState } from "./queue_state.js";

/** What the rooms of the queue share: one page's view of one account's work. */
export interface OutboxContext {
  core: OutboxCore;
  entries: Entries;
  queue: QueueState;
  driver: Driver;
  store: Store;
  photos: PhotoStore;
  entropy: Entropy;
  /** Tells this page of a record as it is now; `undefined` when it is gone. */
  show(id: string, entry: Entry | undefined): void;
  /** Something may be due. */
  kick(): void;
}
