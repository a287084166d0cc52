// SPDX-License-Identifier: MIT
// Takes in what `export.ts` made: the photos first, each compared with its digest, then the record, under
// the same id and with the same marker, so that what was delivered elsewhere is found here.

import type { ImportReport } from "../field_types.js";
import { refusal } from "../issue.js";
import { sha256Hex } from "../store/bytes.js";
import { storageFailed } from "../store/self_test.js";
import type { PhotoStore } from "../store/photos.js";
import type { Issue, Outcome, SubmitOutcome } from "../types.js";
import { readZip, ZipDamaged, type ZipReader } from "../zip/read.js";
import type { OutboxContext } from "./context.js";
import type { ExportedPhoto } from "./core_words.js";
import type { Sealing } from "./sealing.js";

/** `limits.h` record_bytes_max and upload_bytes_max: what cannot be one is not loaded. */
const recordBytesMax = 4 << 20;
const photoBytesMax = 4 << 20;
const recordFile = "record.bin";

type Parts = Pick<OutboxContext, "core" | "entries" | "queue" | "photos"> & Pick<Sealing, "keep">;

export async function importInto(parts: Parts, file: Blob): Promise<Outcome<ImportReport>> {
  const report: ImportReport = { imported: [], alreadyHere: [], refused: [] };
  let zip: ZipReader;
  try {
    zip = await readZip(file);
  } catch {
    return refusal("import_not_readable");
  }
  // Wherever it lies: programs that pack again put a folder around it.
  const names = zip.names.filter((name) => name === recordFile || name.endsWith(`/${recordFile}`));
  if (names.length === 0) return refusal("import_not_readable");
  for (const name of names) {
    try {
      const outcome = await importOne(parts, zip, name.slice(0, -recordFile.length));
      if (typeof outcome === "string") report.alreadyHere.push(outcome);
      else if (outcome.ok) report.imported.push(outcome.value);
      else report.refused.push({ name, issue: outcome.issue });
    } catch (error) {
      report.refused.push({ name, issue: error instanceof ZipDamaged ? refusal("import_not_readable").issue : storageFailed(error) });
    }
  }
  return { ok: true, value: report };
}

/** The id when the record is here already. */
async function importOne(parts: Parts, zip: ZipReader, folder: string): Promise<SubmitOutcome | string> {
  const { core, entries, queue } = parts;
  const record = await zip.bytes(folder + recordFile, recordBytesMax);
  if (!record) throw new ZipDamaged();
  const exported = core.exported(record);
  if ("issue" in exported) return refused(exported.issue);
  const { id } = exported.manifest.record;
  const here = entries.get(id);
  if (here && here.view.state !== "pruned") return id; // of one that was given up only a mark is here
  const { reply, ...made } = core.adopt(queue.bytes, entries.summaries(), record);
  if ("issue" in reply) return refused(reply.issue);
  for (const photo of exported.manifest.photos) {
    const issue = await importPhoto(parts.photos, zip, folder, photo);
    if (issue) return refused(issue);
  }
  return parts.keep(id, made, reply, here);
}

async function importPhoto(photos: PhotoStore, zip: ZipReader, folder: string, photo: ExportedPhoto): Promise<Issue | undefined> {
  const { key, sha256, size_bytes, content_type } = photo;
  if (await photos.holds(key, sha256, size_bytes)) return undefined;
  const bytes = await zip.bytes(folder + photo.file, photoBytesMax);
  const isWhole = bytes?.length === size_bytes && (await sha256Hex(bytes)) === sha256;
  if (!bytes || !isWhole) return refusal("photo_not_stored", { key }).issue;
  const kept = await photos.keep(key, { bytes, size_bytes, sha256, content_type });
  return kept.ok ? undefined : kept.issue;
}

function refused(issue: Issue): SubmitOutcome {
  return { ok: false, issue, issues: [issue] };
}
