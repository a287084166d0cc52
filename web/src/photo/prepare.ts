// SPDX-License-Identifier: MIT
// One photo through the core, and through the browser where only the browser knows the format.

import { sha256Hex } from "../store/bytes.js";
import { decodeByBrowser } from "./browser.js";
import type { PhotoModule, PhotoReply } from "./module.js";
import type { PhotoPlan } from "./protocol.js";

/** The file could not be read: gone from the device, or in a cloud that does not answer. */
export class UnreadableFile extends Error {}

export interface PreparedReply extends PhotoReply {
  /** What the file was. */
  format: string;
}

/** The core's words about a finished picture (`api_photo.h` prepare_photo). */
export interface PhotoFacts {
  in: { format: string; bytes: number; width_px: number; height_px: number; orientation: number; profile?: string };
  out: { bytes: number; width_px: number; height_px: number; quality: number; sha256: string };
}

interface Refusal {
  issue: { code: string; params: { format?: string } };
}

/** `read` hears of the bytes that were read so far. */
export async function preparePhoto(
  module: PhotoModule, file: Blob, plan: PhotoPlan, read: (bytes: number) => void = () => {},
): Promise<PreparedReply> {
  // The browser's own digest takes a fraction of the module's time, where a page is secure enough for it.
  const hasDigest = globalThis.crypto?.subtle !== undefined;
  const asked = { ...plan, digest: !hasDigest };
  module.begin(JSON.stringify(asked));
  await pour(file, module, read);
  let reply = module.finish();
  let answer = JSON.parse(reply.json) as PhotoFacts | Refusal;
  let format = "issue" in answer ? (answer.issue.params.format ?? "") : answer.in.format;

  if ("issue" in answer && browserMayKnow(answer)) {
    const pixels = await decodeByBrowser(file, format, plan);
    if (pixels) {
      const { data, width, height, before } = pixels;
      const size = { width_px: width, height_px: height };
      reply = module.preparePixels(new Uint8Array(data.buffer), JSON.stringify({ ...asked, ...size }));
      answer = JSON.parse(reply.json) as PhotoFacts | Refusal;
      // The core saw pixels only; what the file was is known here.
      if (!("issue" in answer)) {
        answer.in = { format, bytes: file.size, width_px: before.width, height_px: before.height, orientation: 1 };
      }
    }
  }
  if (!("issue" in answer)) {
    if (hasDigest) answer.out.sha256 = await sha256Hex(reply.jpeg);
    format = answer.in.format;
  }
  return { json: JSON.stringify(answer), jpeg: reply.jpeg, format };
}

/** What phones write besides JPEG, decoded by some browsers only, and what is too large to be held whole. */
function browserMayKnow({ issue }: Refusal): boolean {
  if (issue.code === "photo_too_many_pixels") return true;
  return issue.code === "photo_format_unsupported" && ["webp", "heic", "avif"].includes(issue.params.format ?? "");
}

/** The core reads while the file arrives; what it needs not is not read. */
async function pour(file: Blob, module: PhotoModule, read: (bytes: number) => void): Promise<void> {
  const reader = file.stream().getReader();
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause) => {
      throw new UnreadableFile("The file could not be read", { cause });
    });
    if (done) return;
    if (!module.put(value)) return void reader.cancel().catch(() => {});
    bytes += value.length;
    read(bytes);
  }
}
