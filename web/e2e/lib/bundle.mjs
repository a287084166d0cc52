// SPDX-License-Identifier: MIT
// Builds a page of the tests as a host would build its own, into the ignored build folder.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const pages = fileURLToPath(new URL('../pages/', import.meta.url));
const out = fileURLToPath(new URL('../../../build/pages/', import.meta.url));

/** Answers the folder of the built page `web/e2e/pages/NAME`. */
export async function bundlePage(name) {
  mkdirSync(out, { recursive: true });
  const outDir = mkdtempSync(`${out}${name}-`);
  await build({
    configFile: false,
    root: `${pages}${name}`,
    base: './',
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, target: ['chrome111', 'firefox115', 'safari16.4'], assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    worker: { format: 'es' },
  });
  return outDir;
}
