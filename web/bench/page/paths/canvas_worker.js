// SPDX-License-Identifier: MIT
// What a page does without us, done well: the browser's own decoder, its best smoothing, in a worker.
import { answerWith, drawn } from './worker_answers.js';

answerWith(async (file, edgePx, quality) => {
  const bitmap = await createImageBitmap(file);
  return drawn(bitmap, bitmap.width, bitmap.height, edgePx, quality);
});
