// SPDX-License-Identifier: MIT
import { inWorker } from './in_worker.js';

export const prepare = inWorker(() => new Worker(new URL('./jsquash_worker.js', import.meta.url), { type: 'module' }));
