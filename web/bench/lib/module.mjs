// SPDX-License-Identifier: MIT
// The photo module under Node: its memory, and its time.
//   node module.mjs PHOTO ROUNDS        prints a JSON list of milliseconds
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { loadPhotoModule } from '../../dist/photo/module.js';

function prepare(module, bytes) {
  module.begin('{"digest":false}');
  module.put(bytes);
  const { jpeg, json } = module.finish();
  if (jpeg.length === 0) throw new Error(json);
}

/** MiB that the module's memory is larger than the file, after one photo. */
export async function memoryOverFile(photo) {
  const module = await loadPhotoModule();
  const bytes = readFileSync(photo);
  prepare(module, bytes);
  return (module.memoryBytes() - bytes.length) / 2 ** 20;
}

/** Median milliseconds of 12 MP of RGBA. */
export async function pixelsMs(rounds = 9) {
  const module = await loadPhotoModule();
  const [width_px, height_px] = [4032, 3024];
  const rgba = new Uint8Array(4 * width_px * height_px);
  for (let i = 0, random = 1; i < rgba.length; i++) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    rgba[i] = (i & 3) === 3 ? 255 : ((i >> 7) & 127) + (random >>> 26);
  }
  const plan = JSON.stringify({ width_px, height_px, digest: false });
  return timed(rounds, () => module.preparePixels(rgba, plan)).toSorted((a, b) => a - b)[rounds >> 1];
}

/** Milliseconds of each round, after four to warm up: the third still runs while the engine compiles. */
function timed(rounds, work) {
  return Array.from({ length: rounds + 4 }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  }).slice(4);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [photo, rounds] = process.argv.slice(2);
  const module = await loadPhotoModule();
  const bytes = readFileSync(photo);
  console.log(JSON.stringify(timed(Number(rounds), () => prepare(module, bytes))));
}
