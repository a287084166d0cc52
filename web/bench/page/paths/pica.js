// SPDX-License-Identifier: MIT
import createPica from 'pica';

import { base64Of } from './worker_answers.js';

const pica = createPica();

export async function prepare(file, { edgePx, quality = 0.85 }) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, edgePx / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
  await pica.resize(bitmap, canvas, { filter: 'lanczos3' });
  return base64Of(await pica.toBlob(canvas, 'image/jpeg', quality));
}
