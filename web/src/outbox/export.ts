// SPDX-License-Identifier: MIT
// Records as a file that people can open, supporters can read, and another device can take in:
// a folder for each, with manifest.json, request.json, journal.txt, the photos, record.bin and digests.txt.

import { base64 } from "../base64.js";
import type { Clock } from "../ports.js";
import { bytesOfText, concatBytes, sha256Hex } from "../store/bytes.js";
import type { PhotoStore } from "../store/photos.js";
import { zipStream, type ZipEntry } from "../zip/write.js";
import type { BodyPart } from "./body.js";
import type { OutboxCore } from "./core.js";
import type { Entry } from "./entries.js";

interface Parts {
  core: OutboxCore;
  photos: PhotoStore;
  clock: Clock;
}

type ZipParts = ZipEntry["parts"];

export function exportOf(parts: Parts, entries: readonly Entry[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  async function* all() {
    for (const entry of entries) yield* filesOf(parts, entry);
  }
  return zipStream(all(), parts.clock.nowMs());
}

async function* filesOf({ core, photos }: Parts, { id, record }: Entry): AsyncGenerator<ZipEntry, void> {
  const digests: string[] = [];
  const file = async (name: string, parts: ZipParts): Promise<ZipEntry> => {
    digests.push(`${await sha256Hex(concatBytes(parts))}  ${name}\n`);
    return { name: `${id}/${name}`, parts };
  };
  // First what alone is needed to take the record in again: it is there even if the file is cut short.
  yield await file("record.bin", [new Uint8Array(record)]);
  const exported = core.exported(record);
  if (!("issue" in exported)) {
    yield await file("manifest.json", [bytesOfText(JSON.stringify(exported.manifest, null, 2))]);
    yield await file("journal.txt", [bytesOfText(exported.journal)]);
    for (const { file: name, key, sha256 } of exported.manifest.photos) {
      const chunks = await photos.chunks(key, sha256);
      if (typeof chunks !== "string") yield await file(name, chunks);
    }
    const request = await requestOf(exported.body, photos);
    if (request) yield await file("request.json", request);
  }
  yield { name: `${id}/digests.txt`, parts: [bytesOfText(digests.join(""))] };
}

/** The exact body that is sent; nothing when a photo of it is not here any more. */
async function requestOf(body: readonly BodyPart[], photos: PhotoStore): Promise<ZipParts | undefined> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (const part of body) {
    const chunks = "photo" in part ? await photos.chunks(part.photo, part.sha256) : [];
    if (typeof chunks === "string") return undefined;
    parts.push(...("text" in part ? [bytesOfText(part.text)] : chunks.map((chunk) => bytesOfText(base64(chunk)))));
  }
  return parts;
}
