// SPDX-License-Identifier: MIT
// The photos that paths are measured with, and what of ours a page loads.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { withDisplayP3 } from './display_p3.mjs';

const here = path => fileURLToPath(new URL(path, import.meta.url));
const make = (...args) => execFileSync(here('../../e2e/make-photo.sh'), args, { encoding: 'utf8' }).trim();

/** Into `folder`: A of 12 MP with much detail, C of 48 MP, A with wide colours, A cut off, and a small one. */
export function makeInputs(folder) {
  const a = make();
  const files = Object.fromEntries(['a.jpg', 'c48.jpg', 'a-p3.jpg', 'cut.jpg', 'small.jpg'].map(name => [name, join(folder, name)]));
  symlinkSync(a, files['a.jpg']);
  symlinkSync(make('48'), files['c48.jpg']);
  const bytes = readFileSync(a);
  writeFileSync(files['a-p3.jpg'], withDisplayP3(bytes));
  writeFileSync(files['cut.jpg'], bytes.subarray(0, 1_500_000));
  execFileSync('convert', [a, '-resize', '403x403', '-strip', files['small.jpg']]);
  return { folder, files, shipped };
}

/** KiB of the photo worker with its module, and of the rules with their glue, as the built app ships them. */
function shipped(kibOf) {
  const dist = here('../../dist/');
  const assets = here('../../app/dist/assets/');
  const worker = readdirSync(assets).find(name => /^worker-.*\.js$/.test(name));
  return {
    photo: kibOf(`${dist}wasm/sfluv-photo.wasm`, assets + worker),
    rules: kibOf(`${dist}wasm/sfluv-rules.wasm`, `${dist}wasm/sfluv-rules.js`),
  };
}
