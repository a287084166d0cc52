#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Our photo path against the browser's canvas, interleaved in one Chromium.
//   node web/bench/photo.mjs [--photo FILE]
// warm: median of 9 rounds after 2 warm-ups in one page. cold: the first photo of a fresh page, worker and module
// fetched from this machine and compiled inside the time, median of 7 pages for each path. Base: canvas = 1.00.
import { fileURLToPath } from 'node:url';

import { serveFiles } from '../e2e/lib/app_server.mjs';
import { openChromium } from '../e2e/lib/chromium.mjs';
import { photoFile } from '../e2e/lib/photo.mjs';

const rounds = 9;
const warmUps = 2;
const freshPages = 7;
const here = path => fileURLToPath(new URL(path, import.meta.url));
const median = values => values.toSorted((a, b) => a - b)[values.length >> 1];

const photo = await photoFile();
const server = await serveFiles({ '/photo.jpg': photo.path, '/package/': here('../dist/'), '/': here('page/') }, { keep: false });
const browser = await openChromium();
try {
  const fresh = async () => {
    const page = await browser.context.newPage();
    await page.goto(server.origin);
    await page.locator('html[data-ready]').waitFor();
    return page;
  };
  const run = (page, name) => page.evaluate(path => window.measure(path), name);

  const cold = { canvas: [], ours: [] };
  for (let i = 0; i < freshPages; i++)
    for (const name of i % 2 ? ['ours', 'canvas'] : ['canvas', 'ours']) {
      const page = await fresh();
      cold[name].push((await run(page, name)).ms);
      await page.close();
    }

  const page = await fresh();
  const warm = { canvas: [], ours: [] };
  const picture = {};
  for (let i = 0; i < warmUps + rounds; i++)
    for (const name of i % 2 ? ['ours', 'canvas'] : ['canvas', 'ours']) {
      picture[name] = await run(page, name);
      if (i >= warmUps) warm[name].push(picture[name].ms);
    }

  const { info } = photo;
  console.log(`photo: ${photo.name}, ${info.bytes} bytes, ${info.width} x ${info.height} stored, EXIF turn ${info.orientation}`);
  console.log(`Chromium ${browser.version}; warm: median of ${rounds} after ${warmUps}; cold: median of ${freshPages} fresh pages; ms (least to most)\n`);
  console.log('path      warm                   cold                   JPEG bytes  pixels');
  const spread = times => `${median(times).toFixed(0)} (${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)})`.padEnd(21);
  for (const name of ['canvas', 'ours']) {
    const { bytes, width, height } = picture[name];
    console.log(`${name.padEnd(8)}  ${spread(warm[name])}  ${spread(cold[name])}  ${String(bytes).padStart(10)}  ${width} x ${height}`);
  }
  const ratio = times => (median(times.ours) / median(times.canvas)).toFixed(2);
  console.log(`\nours / canvas: warm ${ratio(warm)}, first photo cold ${ratio(cold)} (below 1.00 is faster than the canvas)`);
} finally {
  await browser.close();
  await server.stop();
}
