// SPDX-License-Identifier: MIT
// The body of a request from its plan: known length, valid JSON, never one giant string.

import { base64 } from "../base64.js";
import type { PhotoLoss, PhotoStore } from "../store/photos.js";

export type BodyPart = { text: string } | { photo: string; sha256: string };

/** Why there is no body: a photo is not on this device any more, or is not the one that was sealed. */
export class PhotoLost extends Error {
  constructor(readonly loss: PhotoLoss) {
    super(`A photo is ${loss}`);
  }
}

/** Rejects with `PhotoLost`; then nothing may be sent. */
export async function bodyFromParts(parts: readonly BodyPart[], bytes: number, photos: PhotoStore): Promise<Blob> {
  const blobs: BlobPart[] = [];
  for (const part of parts) {
    if ("text" in part) {
      blobs.push(part.text);
      continue;
    }
    const chunks = await photos.chunks(part.photo, part.sha256);
    if (typeof chunks === "string") throw new PhotoLost(chunks);
    // One Blob a photo, so that its texts can be let go while the next one is made.
    blobs.push(new Blob(chunks.map(base64)));
  }
  const body = new Blob(blobs, { type: "application/json" });
  if (body.size !== bytes) throw new PhotoLost("damaged");
  return body;
}
