// SPDX-License-Identifier: MIT
// MozJPEG and a Lanczos resize, both as wasm.
import decode from '@jsquash/jpeg/decode.js';
import encode from '@jsquash/jpeg/encode.js';
import resize from '@jsquash/resize';

import { answerWith } from './worker_answers.js';

answerWith(async (file, edgePx) => {
  const whole = await decode(await file.arrayBuffer(), { preserveOrientation: true });
  const scale = Math.min(1, edgePx / Math.max(whole.width, whole.height));
  const size = { width: Math.round(whole.width * scale), height: Math.round(whole.height * scale) };
  const small = await resize(whole, { ...size, method: 'lanczos3' });
  return new Blob([await encode(small, { quality: 85 })], { type: 'image/jpeg' });
});
