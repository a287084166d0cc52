// SPDX-License-Identifier: MIT
// WebCodecs: Chromium decodes a JPEG at half its size when it is asked to. It wants to know the size first.
import { answerWith, drawn } from './worker_answers.js';

answerWith(async (file, edgePx) => {
  const data = await file.arrayBuffer();
  const { image } = await decodeAt(data, await storedSize(data), edgePx);
  return drawn(image, image.displayWidth, image.displayHeight, edgePx);
});

function decodeAt(data, { width, height }, edgePx) {
  const half = Math.max(width, height) >= 2 * edgePx;
  const decoder = new ImageDecoder({ data, type: 'image/jpeg', ...(half && { desiredWidth: width >> 1, desiredHeight: height >> 1 }) });
  return decoder.decode();
}

/** Of the frame header. */
function storedSize(data) {
  const view = new DataView(data);
  for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker >= 0xffc0 && marker <= 0xffc2) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
  }
}
