// SPDX-License-Identifier: MIT
import compress from 'browser-image-compression';

import { base64Of } from './worker_answers.js';

export const prepare = async (file, { edgePx }) =>
  base64Of(await compress(file, { maxWidthOrHeight: edgePx, initialQuality: 0.85, fileType: 'image/jpeg', useWebWorker: false }));
