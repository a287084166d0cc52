// SPDX-License-Identifier: MIT
// Photos at rest: chunks of bytes and one row of facts, all in one transaction.

import { chunkBytes } from "../base64.js";
import type { Photos } from "../field_types.js";
import { StoreError, type Entropy, type Store, type StoreChange } from "../ports.js";
import type { Outcome, PreparedPhoto, SavedPhoto } from "../types.js";
import { refusal } from "../issue.js";
import { bytesOfText, concatBytes, hex, sha256Hex, textOfBytes } from "./bytes.js";
import { storageMeter, type OwnedMeter } from "./meter.js";
import { storageFailed } from "./self_test.js";

interface PhotoFacts {
  size_bytes: number;
  sha256: string;
  content_type: string;
  chunks: number;
}

export type PhotoBytes = Pick<PreparedPhoto, "bytes" | "size_bytes" | "sha256"> & { content_type: string };

/** Not on this device, or not the bytes that were saved. */
export type PhotoLoss = "missing" | "damaged";

export interface PhotoStore extends Omit<Photos, "warmUp"> {
  /** The chunks in order, compared with the digest that was sealed, or saved; each but the last is a multiple of 3 long. */
  chunks(key: string, sha256?: string): Promise<Uint8Array<ArrayBuffer>[] | PhotoLoss>;
  /** Keeps a photo under a key that it has already, e.g. on the device that it comes from. */
  keep(key: string, photo: PhotoBytes): Promise<Outcome<void>>;
  /** Is the photo here, whole, and is it this one? */
  holds(key: string, sha256: string, sizeBytes: number): Promise<boolean>;
}

export function photoStore(store: Store, entropy: Entropy, meter: OwnedMeter = storageMeter(store)): PhotoStore {
  async function facts(key: string): Promise<PhotoFacts | undefined> {
    const row = await store.get("photos", key);
    return row && (JSON.parse(textOfBytes(row)) as PhotoFacts);
  }

  async function chunks(key: string, sha256?: string): Promise<Uint8Array<ArrayBuffer>[] | PhotoLoss> {
    const known = await facts(key);
    const rows = await store.list("chunks", `${key}/`);
    if (!known || rows.length !== known.chunks) return "missing";
    const parts = rows.map(({ bytes }) => bytes);
    return (await sha256Hex(concatBytes(parts))) === (sha256 ?? known.sha256) ? parts : "damaged";
  }

  async function get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const parts = await chunks(key);
    return typeof parts === "string" ? undefined : concatBytes(parts);
  }

  async function remove(key: string): Promise<void> {
    await store.write(removalOf(key, (await facts(key))?.chunks ?? 0));
  }

  async function keep(key: string, { bytes, size_bytes, sha256, content_type }: PhotoBytes): Promise<Outcome<void>> {
    if (!(await meter.hasRoomForPhotos())) return refusal("storage_full");
    const parts: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += chunkBytes) parts.push(bytes.slice(at, at + chunkBytes));
    const row: PhotoFacts = { size_bytes, sha256, content_type, chunks: parts.length };
    try {
      await store.write([
        ...parts.map((part, n): StoreChange => ({ table: "chunks", key: chunkKey(key, n), bytes: part })),
        { table: "photos", key, bytes: bytesOfText(JSON.stringify(row)) },
      ]);
      // What the disk gives is compared with the digest that the core made.
      if (typeof (await chunks(key)) === "string") return refusal("storage_failed", { reason: "damaged" });
    } catch (error) {
      if (!(error instanceof StoreError && error.reason === "full")) return { ok: false, issue: storageFailed(error) };
      await meter.sawFull();
      return refusal("storage_full");
    }
    return { ok: true, value: undefined };
  }

  async function save(photo: PreparedPhoto): Promise<Outcome<SavedPhoto>> {
    const { size_bytes, sha256, content_type, width_px, height_px } = photo;
    const key = hex(entropy(16));
    const kept = await keep(key, photo);
    return kept.ok ? { ok: true, value: { key, content_type, size_bytes, sha256, width_px, height_px } } : kept;
  }

  return {
    save, get, remove, chunks, keep,
    async holds(key, sha256, sizeBytes) {
      const known = await facts(key);
      return known?.size_bytes === sizeBytes && typeof (await chunks(key, sha256)) !== "string";
    },
  };
}

function removalOf(key: string, chunks: number): StoreChange[] {
  return [
    ...Array.from({ length: chunks }, (_, n): StoreChange => ({ table: "chunks", key: chunkKey(key, n), bytes: null })),
    { table: "photos", key, bytes: null },
  ];
}

// Four digits keep the order of keys: 64 MiB make 86 chunks.
function chunkKey(key: string, n: number): string {
  return `${key}/${String(n).padStart(4, "0")}`;
}
