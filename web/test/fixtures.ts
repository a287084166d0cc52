// SPDX-License-Identifier: MIT
// "Weekly Park Cleanup" of the documents, and a server that knows just enough of it.

import { createField, type Draft, type Field, type FieldOptions, type PreparedPhoto, type Submission } from "sfluv-field";
import { fixedEntropy, manualClock, memoryStore, memoryTransport, type TransportHandler } from "sfluv-field/testing";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

export const account = "did:privy:improver789";
export const apiBase = "https://api.example.org";
export const workflowId = "workflow_abc123";
export const stepId = "step_ghi789";
export const completePath = `/improvers/workflows/${workflowId}/steps/${stepId}/complete`;
export const readPath = `/workflows/${workflowId}`;

export const nativeTests = new URL("../../native-tests/", import.meta.url);

export function workItem(change: Record<string, unknown> = {}) {
  return {
    id: "item_jkl012", step_id: stepId, item_order: 1, title: "Before Photo", description: "", optional: false,
    requires_photo: true, camera_capture_only: true, photo_required_count: 1, photo_allow_any_count: false,
    photo_aspect_ratio: "square", requires_written_response: true, requires_dropdown: false, dropdown_options: [],
    dropdown_requires_written_response: {}, ...change,
  };
}

/** The exact text of the document; amounts are numbers that JSON.parse would spoil. */
export function workflowText(step: Record<string, unknown> = {}): string {
  const text = JSON.stringify({
    id: workflowId, series_id: "series_xyz789", proposer_id: "did:privy:proposer456", title: "Weekly Park Cleanup",
    description: "Remove litter", recurrence: "weekly", start_at: 1710496800, status: "in_progress",
    is_start_blocked: false, total_bounty: "@total", weekly_bounty_requirement: "@total", supervisor_required: false,
    supervisor_bounty: 0, created_at: 1710410400, updated_at: 1710410400,
    roles: [{ id: "role_def456", workflow_id: workflowId, title: "Park Cleaner", required_credentials: ["dpw_certified"] }],
    steps: [{
      id: stepId, workflow_id: workflowId, step_order: 1, title: "Litter Collection", description: "", bounty: "@bounty",
      allow_step_not_possible: false, role_id: "role_def456", assigned_improver_id: account, status: "in_progress",
      started_at: 1710500000, work_items: [workItem()], ...step,
    }],
  });
  return text.replaceAll('"@total"', "150000000000000000000").replaceAll('"@bounty"', "100000000000000000000");
}

interface SentBody {
  items: { item_id: string; written_response?: string; photo_uploads: { file_name: string; content_type: string; data_base64: string }[] }[];
}

/** The document after the submission in `body` took effect. */
export function completedText(body: string): string {
  const sent = JSON.parse(body) as SentBody;
  return workflowText({
    status: "completed", completed_at: 1710501500,
    submission: {
      id: "submission_mno345", workflow_id: workflowId, step_id: stepId, improver_id: account, step_not_possible: false,
      item_responses: sent.items.map((item) => ({
        item_id: item.item_id, written_response: item.written_response,
        photo_ids: item.photo_uploads.map((_, n) => `photo_${n}`),
        photos: item.photo_uploads.map((photo, n) => ({
          id: `photo_${n}`, workflow_id: workflowId, step_id: stepId, item_id: item.item_id, submission_id: "submission_mno345",
          file_name: photo.file_name, content_type: photo.content_type,
          size_bytes: Buffer.from(photo.data_base64, "base64").length, created_at: 1710501500,
        })),
      })),
      submitted_at: 1710501500, updated_at: 1710501500,
    },
  });
}

/** The same of a submission whose photo of 1,600,001 bytes went ahead as `staged_1`. */
export function stagedText(body: string, fileName: string): string {
  const [item] = (JSON.parse(body) as { items: { item_id: string; written_response: string; photo_ids: string[] }[] }).items;
  return workflowText({
    status: "completed",
    submission: {
      id: "submission_mno345", improver_id: account, step_not_possible: false,
      item_responses: [{
        ...item, photos: item!.photo_ids.map((id) => ({ id, file_name: fileName, size_bytes: 1_600_001 })),
      }],
    },
  });
}

/** A server with one effect: what was completed first stays. */
export function parkServer(faults: { loseAnswers?: number; isDown?: () => boolean } = {}) {
  let body: string | undefined;
  let effects = 0;
  let lost = 0;
  const handler: TransportHandler = ({ method, path, text }) => {
    if (faults.isDown?.()) throw new TypeError("Failed to fetch");
    if (method === "GET") return { status: 200, text: body === undefined ? workflowText() : completedText(body) };
    if (path !== completePath) return { status: 404, text: "" };
    if (body !== undefined) return { status: 400, text: "step has already been completed" };
    body = text;
    effects += 1;
    if (lost++ < (faults.loseAnswers ?? 0)) throw new TypeError("Failed to fetch");
    return { status: 200, text: completedText(body) };
  };
  return { handler, body: () => body, effects: () => effects };
}

/** Bytes that stand for a JPEG; nothing between the page and the server looks inside. */
export function photoOf(length: number, seed = 7): PreparedPhoto {
  const bytes = new Uint8Array(fixedEntropy(seed)(length));
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return {
    bytes, sha256, file_name: `photo-${sha256.slice(0, 12)}.jpg`, content_type: "image/jpeg", width_px: 40, height_px: 30,
    size_bytes: length, before: { format: "jpeg", size_bytes: length, width_px: 40, height_px: 30 }, ms: 1,
    toUpload: () => { throw new Error("not asked for here"); },
  };
}

export interface Bench {
  field: Field;
  store: ReturnType<typeof memoryStore>;
  clock: ReturnType<typeof manualClock>;
  transport: ReturnType<typeof memoryTransport>;
}

export async function benchOf(
  handler: TransportHandler, options: Partial<FieldOptions> & { store?: Bench["store"]; clock?: Bench["clock"] } = {},
): Promise<Bench> {
  const store = options.store ?? memoryStore();
  const clock = options.clock ?? manualClock();
  const transport = memoryTransport(handler);
  const field = await createField({
    apiBase, account, token: () => "t0k3n", transport, entropy: fixedEntropy(Number(clock.nowMs() % 1_000_003)),
    ...options, store, clock,
  });
  return { field, store, clock, transport };
}

/** A photo saved and a finished draft that names it. */
export async function finishedDraft(field: { photos: Pick<Field["photos"], "save"> }, bytes = 1000): Promise<Draft> {
  const saved = await field.photos.save(photoOf(bytes));
  if (!saved.ok) throw new Error(`not saved: ${saved.issue.code}`);
  const { key, content_type, size_bytes, sha256 } = saved.value;
  return {
    items: [{ item_id: "item_jkl012", written_response: "Done", photo_uploads: [{ key, content_type, size_bytes, sha256 }] }],
  };
}

export async function cleanup(field: Field, bytes = 1000): Promise<Submission> {
  const read = await field.workflows.get(workflowId);
  if (!read.ok) throw new Error(`no workflow: ${read.issue.code}`);
  return { workflow: read.value, step: read.value.steps[0]!, draft: await finishedDraft(field, bytes) };
}

export async function submitCleanup(field: Field, bytes = 1000) {
  return field.outbox.submit(await cleanup(field, bytes));
}

/** Lets time pass until the field's only record stands so; digests of large photos take turns of their own. */
export async function reaches({ field, clock }: Pick<Bench, "field" | "clock">, state: string): Promise<void> {
  const now = () => field.outbox.records()[0]?.state;
  for (let tries = 0; tries < 100 && now() !== state; ++tries) await clock.advance(1_000);
  if (now() !== state) throw new Error(`${now()} instead of ${state}`);
}

export function readNativeTest(name: string): string | undefined {
  const file = new URL(name, nativeTests);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
