#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// build/photos/index.html: pictures side by side at the same bytes, of the canvas, of ours and of pica; below it the
// distances that butteraugli sees (lower is better), of 24 more photos.
//   node web/bench/pages.mjs
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { serveFiles } from '../e2e/lib/app_server.mjs';
import { bundlePage } from '../e2e/lib/bundle.mjs';
import { engines } from '../e2e/lib/engines.mjs';
import { scratchDirectory } from '../e2e/lib/processes.mjs';
import { compare, pixelsOf, reference } from './lib/quality.mjs';

const here = path => fileURLToPath(new URL(path, import.meta.url));
const out = here('../../build/photos/');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const make = (...args) => execFileSync(here('../e2e/make-photo.sh'), args, { encoding: 'utf8' }).trim();
const inputs = scratchDirectory('pages');
const large = make();
const set = make('set');
symlinkSync(large, join(inputs, 'large.jpg'));
const names = readdirSync(set).filter(name => name.endsWith('.jpg'));
for (const name of names) symlinkSync(join(set, name), join(inputs, name));

const server = await serveFiles({ '/files/': inputs, '/': await bundlePage('bench/page') }, { policy: null });
const chromium = await engines.chromium();
const tab = await chromium.tab(`${server.origin}/`);
await tab.page.locator('html[data-ready]').waitFor({ state: 'attached' });
await tab.run(() => window.bench.ready([]));

/** The JPEG of a path, in the folder of the page. */
async function made(path, name, options) {
  const { base64 } = await tab.run((path, name, options) => window.bench.measure(path, name, { withPicture: true, ...options }), path, name, options);
  const bytes = Buffer.from(base64, 'base64');
  const file = `${basename(name, '.jpg')}-${path}.jpg`;
  writeFileSync(out + file, bytes);
  return { file, bytes: bytes.length };
}

/** The best that fits into `bytesMax`. */
async function within(bytesMax, path, name, edgePx) {
  let best;
  for (let low = 0.3, high = 0.98, i = 0; i < 7; i++) {
    const quality = (low + high) / 2;
    const one = await made(path, name, { edgePx, quality });
    if (one.bytes > bytesMax) high = quality;
    else [low, best] = [quality, quality];
  }
  return made(path, name, { edgePx, quality: best });
}

/** Each path at the same bytes, with its figures: those of the canvas, or ours where our best takes fewer. */
async function sideBySide(name, photo, edgePx, paths) {
  let canvas = await made('canvas-high', name, { edgePx });
  const ours = await made('ours', name, { edgePx, bytesMax: canvas.bytes });
  if (ours.bytes < canvas.bytes * 0.98) canvas = await within(ours.bytes, 'canvas-high', name, edgePx);
  const all = { 'canvas-high': canvas, ours };
  if (paths.includes('pica')) all.pica = await within(canvas.bytes, 'pica', name, edgePx);
  const wished = `${basename(name, '.jpg')}-reference.png`;
  execFileSync('convert', [photo, '-auto-orient', '-filter', 'Lanczos', '-resize', `${edgePx}x${edgePx}`, '-depth', '8', '-strip', out + wished]);
  for (const one of Object.values(all)) {
    Object.assign(one, compare(pixelsOf(out + one.file), reference(photo, edgePx)));
    execFileSync('convert', [out + one.file, `${out}x.png`]);
    one.butteraugli = Number(execFileSync('butteraugli', [out + wished, `${out}x.png`], { encoding: 'utf8' }));
  }
  return all;
}

const side = await sideBySide('large.jpg', large, 1600, ['pica']);
const rows = [];
for (const name of names) rows.push([name, await sideBySide(name, join(set, name), 640, [])]);
await chromium.close();
await server.stop();

const figures = ({ bytes, psnr, ssim, butteraugli }) => `${bytes} bytes, ${psnr.toFixed(2)} dB, SSIM ${ssim.toFixed(4)}, butteraugli ${butteraugli.toFixed(2)}`;
const crops = [[430, 560], [760, 1180]];
const figure = (name, one) => `<figure><figcaption>${name}: ${figures(one)}</figcaption>${crops.map(([x, y]) =>
  `<div style="background-image:url(${one.file});background-position:-${2 * x}px -${2 * y}px"></div>`).join('')}</figure>`;
const better = rows.filter(([, { ours, 'canvas-high': canvas }]) => ours.butteraugli <= canvas.butteraugli).length;
const mean = path => rows.reduce((sum, [, all]) => sum + all[path].butteraugli, 0) / rows.length;
const summary = `butteraugli, ${rows.length} photos at the same bytes: ours ${mean('ours').toFixed(3)}, canvas ${mean('canvas-high').toFixed(3)} in the mean; ours no worse in ${better}`;
writeFileSync(`${out}index.html`, `<!doctype html>
<meta charset="utf-8">
<title>Photos side by side</title>
<style>
  body { font: 14px system-ui; margin: 16px; }
  main { display: flex; flex-wrap: wrap; gap: 12px; }
  figure { margin: 0; }
  figure div { width: 400px; height: 400px; margin-top: 8px; background-size: 2400px 3200px; image-rendering: pixelated; }
  td { padding: 0 12px 0 0; font-variant-numeric: tabular-nums; }
</style>
<h1>The same photo at the same bytes</h1>
<p>12 MP, EXIF turn 6, to 1600 pixels; two parts, enlarged twice. ${chromium.version}.</p>
<main>${Object.entries(side).map(([name, one]) => figure(name, one)).join('')}</main>
<h2>More photos, to 640 pixels</h2>
<p>${summary}</p>
<table>${rows.map(([name, all]) => `<tr><td>${name}<td>canvas: ${figures(all['canvas-high'])}<td>ours: ${figures(all.ours)}`).join('\n')}</table>
`);
rmSync(`${out}x.png`);
for (const [name, one] of Object.entries(side)) console.log(name.padEnd(12), figures(one));
console.log(summary);
console.log(`${out}index.html`);
