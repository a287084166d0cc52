// SPDX-License-Identifier: MIT
// Builds a page of the tests as a host would build its own, into the ignored build folder.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const web = fileURLToPath(new URL('../../', import.meta.url));
const out = fileURLToPath(new URL('../../../build/pages/', import.meta.url));

/** Answers the folder of the built page: `page` is a folder below `web`. */
export async function bundlePage(page) {
  mkdirSync(out, { recursive: true });
  const outDir = mkdtempSync(`${out}${basename(page)}-`);
  await build({
    configFile: false,
    root: `${web}${page}`,
    base: './',
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, target: ['chrome111', 'firefox115', 'safari16.4'], assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    worker: { format: 'es' },
  });
  return outDir;
}
