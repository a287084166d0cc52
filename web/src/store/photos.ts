// SPDX-License-Identifier: MIT
// Photos at rest: chunks of bytes and one row of facts, all in one transaction.

import { chunkBytes } from "../base64.js";
import type { Photos } from "../field_types.js";
import type { Entropy, Store, StoreChange } from "../ports.js";
import type { Outcome, PreparedPhoto, SavedPhoto } from "../types.js";
import { refusal } from "../issue.js";
import { bytesOfText, concatBytes, hex, sha256Hex, textOfBytes } from "./bytes.js";
import { storageFailed } from "./self_test.js";

interface PhotoFacts {
  size_bytes: number;
  sha256: string;
  content_type: string;
  chunks: number;
}

export interface PhotoStore extends Omit<Photos, "warmUp"> {
  /** The chunks in order, when all are here; each but the last is a multiple of 3 long. */
  chunks(key: string): Promise<Uint8Array<ArrayBuffer>[] | undefined>;
  /** Are the photo's facts and all its chunks here, and is it this one? */
  holds(key: string, sha256: string, sizeBytes: number): Promise<boolean>;
}

export function photoStore(store: Store, entropy: Entropy): PhotoStore {
  async function facts(key: string): Promise<PhotoFacts | undefined> {
    const row = await store.get("photos", key);
    return row && (JSON.parse(textOfBytes(row)) as PhotoFacts);
  }

  async function chunks(key: string): Promise<Uint8Array<ArrayBuffer>[] | undefined> {
    const known = await facts(key);
    const rows = await store.list("chunks", `${key}/`);
    const whole = known && rows.length === known.chunks
      && rows.reduce((sum, { bytes }) => sum + bytes.length, 0) === known.size_bytes;
    return whole ? rows.map(({ bytes }) => bytes) : undefined;
  }

  async function get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const known = await facts(key);
    const parts = await chunks(key);
    if (!known || !parts) return undefined;
    const bytes = concatBytes(parts);
    return (await sha256Hex(bytes)) === known.sha256 ? bytes : undefined;
  }

  async function remove(key: string): Promise<void> {
    const rows = await store.list("chunks", `${key}/`);
    await store.write([
      ...rows.map(({ key: chunk }): StoreChange => ({ table: "chunks", key: chunk, bytes: null })),
      { table: "photos", key, bytes: null },
    ]);
  }

  async function save(photo: PreparedPhoto): Promise<Outcome<SavedPhoto>> {
    const { bytes, size_bytes, sha256, content_type, width_px, height_px } = photo;
    const key = hex(entropy(16));
    const parts: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += chunkBytes) parts.push(bytes.slice(at, at + chunkBytes));
    const row: PhotoFacts = { size_bytes, sha256, content_type, chunks: parts.length };
    try {
      await store.write([
        ...parts.map((part, n): StoreChange => ({ table: "chunks", key: chunkKey(key, n), bytes: part })),
        { table: "photos", key, bytes: bytesOfText(JSON.stringify(row)) },
      ]);
      // `get` compares the digest of what the disk gives with the digest that the core made.
      if (!(await get(key))) return refusal("storage_failed", { reason: "damaged" });
    } catch (error) {
      return { ok: false, issue: storageFailed(error) };
    }
    return { ok: true, value: { key, content_type, size_bytes, sha256, width_px, height_px } };
  }

  return {
    save, get, remove, chunks,
    async holds(key, sha256, sizeBytes) {
      const known = await facts(key);
      return known?.sha256 === sha256 && known.size_bytes === sizeBytes && (await chunks(key)) !== undefined;
    },
  };
}

// Four digits keep the order of keys: 64 MiB make 86 chunks.
function chunkKey(key: string, n: number): string {
  return `${key}/${String(n).padStart(4, "0")}`;
}
