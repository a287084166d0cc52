// SPDX-License-Identifier: MIT
// The body of a completion from its plan: known length, valid JSON, never one giant string.

import { base64 } from "../base64.js";
import type { PhotoStore } from "../store/photos.js";

export type BodyPart = { text: string } | { photo: string };

/** Nothing when a photo is not on this device any more: then nothing may be sent. */
export async function bodyFromParts(parts: readonly BodyPart[], photos: PhotoStore): Promise<Blob | undefined> {
  const blobs: BlobPart[] = [];
  for (const part of parts) {
    if ("text" in part) {
      blobs.push(part.text);
      continue;
    }
    const chunks = await photos.chunks(part.photo);
    if (!chunks) return undefined;
    // One Blob a photo, so that its texts can be let go while the next one is made.
    blobs.push(new Blob(chunks.map(base64)));
  }
  return new Blob(blobs, { type: "application/json" });
}
