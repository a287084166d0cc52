// SPDX-License-Identifier: MIT
// From the worker's answer to the public value.

import { base64 } from "../base64.js";
import { refusal } from "../issue.js";
import type { Issue, Outcome, PhotoInfo, PreparedPhoto } from "../types.js";
import type { PhotoFacts } from "./prepare.js";
import type { PrepareAnswer } from "./protocol.js";

export function preparedPhoto(answer: PrepareAnswer, ms: number): Outcome<PreparedPhoto> {
  if (answer.kind === "unreadable") return refusal("photo_file_unreadable");
  if (answer.kind !== "prepared") return refusal("photo_worker_crashed");
  const reply = JSON.parse(answer.reply) as PhotoFacts | { issue: Issue };
  if ("issue" in reply) return { ok: false, issue: reply.issue };
  const { bytes: size_bytes, width_px, height_px, sha256 } = reply.out;
  const before: PhotoInfo = {
    format: answer.format, size_bytes: reply.in.bytes, width_px: reply.in.width_px, height_px: reply.in.height_px,
    ...(reply.in.profile && { profile: reply.in.profile }),
  };
  const bytes = answer.jpeg;
  // Named by content: the name a camera gave can tell time and place.
  const file_name = `photo-${sha256.slice(0, 12)}.jpg`;
  const content_type = "image/jpeg";
  return {
    ok: true,
    value: {
      bytes, file_name, content_type, width_px, height_px, size_bytes, sha256, before, ms,
      toUpload: () => ({ file_name, content_type, data_base64: base64(bytes) }),
    },
  };
}
