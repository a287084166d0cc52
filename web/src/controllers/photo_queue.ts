// SPDX-License-Identifier: MIT
// Camera files on their way to a draft: made small, then written down, one after the other.

import type { Field } from "../field_types.js";
import { refusal } from "../issue.js";
import type { Outcome, WorkflowWorkItem } from "../types.js";
import type { PhotoNote } from "./form_places.js";

export interface PhotoWork {
  id: number;
  name: string;
  sizeBytes: number;
  stage: "waiting" | "shrinking" | "saving";
}

export interface PhotoQueue {
  of(itemId: string): readonly PhotoWork[];
  /** Nothing is saved unless the answer is a photo. */
  make(item: WorkflowWorkItem, file: Blob & { name?: string }): Promise<Outcome<PhotoNote> | "stopped">;
  stop(workId: number): void;
  isIdle(): boolean;
}

export function photoQueue(field: Pick<Field, "preparePhoto" | "photos">, changed: () => void): PhotoQueue {
  const works = new Map<string, PhotoWork[]>();
  const stops = new Map<number, AbortController>();
  let nextId = 1;
  let turn: Promise<unknown> = Promise.resolve();

  function show(itemId: string, work: PhotoWork | undefined, id: number): void {
    const others = (works.get(itemId) ?? []).filter((one) => one.id !== id);
    works.set(itemId, work ? [...others, work].sort((a, b) => a.id - b.id) : others);
    changed();
  }

  async function makeNow(
    item: WorkflowWorkItem, file: Blob, work: PhotoWork, signal: AbortSignal,
  ): Promise<Outcome<PhotoNote> | "stopped"> {
    if (signal.aborted) return "stopped";
    show(item.id, { ...work, stage: "shrinking" }, work.id);
    // The module could not be fetched: offline, before the page was kept for it.
    const prepared = await field.preparePhoto(file, item, { signal }).catch(() => refusal("photo_worker_crashed"));
    if (signal.aborted) return "stopped";
    if (!prepared.ok) return prepared;
    show(item.id, { ...work, stage: "saving" }, work.id);
    const saved = await field.photos.save(prepared.value);
    if (!saved.ok) return saved;
    if (!signal.aborted) return { ok: true, value: { ...saved.value, before: prepared.value.before, ms: prepared.value.ms } };
    await field.photos.remove(saved.value.key);
    return "stopped";
  }

  return {
    of: (itemId) => works.get(itemId) ?? [],
    async make(item, file) {
      const work: PhotoWork = { id: nextId++, name: file.name ?? "", sizeBytes: file.size, stage: "waiting" };
      const stop = new AbortController();
      stops.set(work.id, stop);
      show(item.id, work, work.id);
      const mine = turn.then(() => makeNow(item, file, work, stop.signal));
      turn = mine.catch(() => {});
      try {
        return await mine;
      } finally {
        stops.delete(work.id);
        show(item.id, undefined, work.id);
      }
    },
    stop: (workId) => stops.get(workId)?.abort(new DOMException("The person stopped it", "AbortError")),
    isIdle: () => stops.size === 0,
  };
}
