// SPDX-License-Identifier: MIT

import type { OutboxChange } from "../field_types.js";
import type { OutboxRecord } from "../types.js";

type Change = { id: string; record: OutboxRecord | null };

/** The `change` events as an iterable. Only the last state of each record is kept for who is slow. */
export function changesOf(outbox: EventTarget, signal?: AbortSignal): AsyncIterable<Change> {
  const waiting = new Map<string, Change>();
  let wake = () => {};
  const hear = (event: Event) => {
    const { id, record } = event as OutboxChange;
    waiting.delete(id);
    waiting.set(id, { id, record });
    wake();
  };
  const end = () => wake();
  outbox.addEventListener("change", hear);
  signal?.addEventListener("abort", end);

  async function* all(): AsyncGenerator<Change, void> {
    try {
      while (!signal?.aborted) {
        const [next] = waiting.values();
        if (next) {
          waiting.delete(next.id);
          yield next;
        } else {
          await new Promise<void>((resolve) => { wake = resolve; });
        }
      }
    } finally {
      outbox.removeEventListener("change", hear);
      signal?.removeEventListener("abort", end);
    }
  }
  return all();
}
