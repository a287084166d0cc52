// SPDX-License-Identifier: MIT
// From finished answers, or a wish, to a record on this device: sealed by the core, written, read back.

import { draftKey } from "../drafts.js";
import type { Submission, Wish } from "../field_types.js";
import { refusal } from "../issue.js";
import { hex } from "../store/bytes.js";
import type { PhotoStore } from "../store/photos.js";
import type { Draft, Issue, SubmitOutcome } from "../types.js";
import type { OutboxContext } from "./context.js";
import type { RecordBytes } from "./core.js";
import type { SealReply } from "./core_words.js";
import { drive, persist, type Beside } from "./drive.js";
import type { Entry } from "./entries.js";
import { photosInUse } from "./photos_in_use.js";
import { isSameRow } from "./rows.js";

export interface Sealing {
  submit(submission: Submission, options?: { revises?: string }): Promise<SubmitOutcome>;
  request(wish: Wish): Promise<SubmitOutcome>;
  /** Puts a record that the core has just made into the store, over `before`, and reads it back. */
  keep(id: string, made: RecordBytes, reply: SealReply, before?: Entry, beside?: Beside): Promise<SubmitOutcome>;
}

type Asked = Wish | ({ kind: "complete" } & Submission);

export function sealingOf({ core, entries, queue, driver, store, photos, entropy, kick }: OutboxContext): Sealing {
  async function keep(id: string, made: RecordBytes, reply: SealReply, before?: Entry, beside?: Beside): Promise<SubmitOutcome> {
    if ("issue" in reply) return refused(reply.issue);
    if ("issues" in reply) return { ok: false, issue: reply.issues[0]!, issues: reply.issues };
    const entry: Entry = { ...made, id, stored: before?.stored ?? null, view: reply.view, isFresh: false, isStuck: false };
    const token = reply.effects.find((effect) => effect.type === "persist")!.token;
    const stored = await driver.one(() => persist(driver, entry, token, { beside }));
    if (stored === "overtaken" || stored.type !== "stored") return refused(refusal("storage_failed", { reason: "full" }).issue);
    const back = await store.get("records", id).catch(() => undefined);
    if (!back || !isSameRow(back, made.record)) return refused(refusal("storage_failed", { reason: "damaged" }).issue);
    entries.add(entry);
    await drive(driver, entry, stored);
    kick();
    return { ok: true, value: entry.view };
  }

  function seal(asked: Asked, revises?: string, beside?: Beside): Promise<SubmitOutcome> {
    const before = revises === undefined ? undefined : entries.get(revises);
    if (revises !== undefined && !before) return Promise.resolve(refused(refusal("record_unknown", { id: revises }).issue));
    const id = before?.id ?? hex(entropy(16));
    const { reply, ...made } = core.seal(queue.bytes, entries.summaries(), before?.record ?? new Uint8Array(), { id, ...sealInput(asked) });
    return keep(id, made, withTwin(reply), before, beside);
  }

  /** The core names a record that asks the same by its place; people know it by its id. */
  function withTwin(reply: SealReply): SealReply {
    if (!("issue" in reply) || reply.issue.code !== "record_already_queued") return reply;
    const twin = entries.all()[Number(reply.issue.params["index"])];
    return { issue: { ...reply.issue, params: { ...reply.issue.params, ...(twin && { id: twin.id }) } } };
  }

  /** Photos of answers that were corrected, and that nothing else uses. */
  async function removeUnused(keys: readonly string[]): Promise<void> {
    const used = await photosInUse(store, entries);
    for (const key of keys) if (!used.has(key)) await photos.remove(key);
  }

  return {
    keep,
    request: (wish) => seal(wish),
    async submit(submission, { revises } = {}) {
      const missing = await missingPhotos(photos, submission.draft);
      if (missing[0]) return { ok: false, issue: missing[0], issues: missing };
      const before = revises === undefined ? undefined : entries.get(revises);
      const photosBefore = before ? entries.photosOf(before) : [];
      // The draft goes in the same write: killed in between, the work would be there twice.
      const draft = { table: "documents", key: draftKey(submission.workflow.id, submission.step.id), bytes: null } as const;
      const outcome = await seal({ kind: "complete", ...submission }, revises, { changes: [draft], onlyIf: [] });
      if (outcome.ok) await removeUnused(photosBefore).catch(() => {}); // room only
      return outcome;
    },
  };
}

function refused(issue: Issue): SubmitOutcome {
  return { ok: false, issue, issues: [issue] };
}

async function missingPhotos(photos: PhotoStore, draft: Draft): Promise<Issue[]> {
  const missing: Issue[] = [];
  for (const [i, item] of draft.items.entries()) {
    for (const [j, { key, sha256, size_bytes }] of (item.photo_uploads ?? []).entries()) {
      const isHere = await photos.holds(key, sha256, size_bytes).catch(() => false);
      if (!isHere) missing.push(refusal("photo_not_stored", { key }, `/items/${i}/photo_uploads/${j}`).issue);
    }
  }
  return missing;
}

/** Only what the core reads: workflows are large. */
function sealInput(asked: Asked): object {
  const { workflow, step, ...rest } = asked as Partial<Submission> & { kind: string };
  return {
    ...rest,
    ...(workflow && {
      workflow: {
        id: workflow.id, title: workflow.title, series_id: workflow.series_id, recurrence: workflow.recurrence, start_at: workflow.start_at,
      },
    }),
    ...(step && {
      step: { id: step.id, title: step.title, allow_step_not_possible: step.allow_step_not_possible, work_items: step.work_items },
    }),
  };
}
