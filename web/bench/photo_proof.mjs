#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The long proof of photos, over a corpus of files of every kind. The last line is "N passed, N failed".
//   node web/bench/photo_proof.mjs DIGESTS...     each a build of sfluv-photo-digests; the first is held against libjpeg-turbo
// One list of digests (native-tests/photos/golden-photos.txt) holds for every build and every browser;
// SFLUV_ACCEPT=1 writes it anew.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadPhotoModule } from '../dist/photo/module.js';
import { serveFiles } from '../e2e/lib/app_server.mjs';
import { engines } from '../e2e/lib/engines.mjs';
import { describeJpeg } from '../e2e/lib/photo.mjs';
import { scratchDirectory } from '../e2e/lib/processes.mjs';
import { compare, pixelsOf, reference } from './lib/quality.mjs';

const here = path => fileURLToPath(new URL(path, import.meta.url));
const corpus = execFileSync(here('../../native-tests/photos/make-corpus.sh'), { encoding: 'utf8' }).trim();
const names = readdirSync(corpus).sort();
const files = names.map(name => join(corpus, name));
const goldenFile = here('../../native-tests/photos/golden-photos.txt');
const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');
const edgePx = 320;

/** By name: `{result, isLane, difference}`. */
function digestsOf(program, ...options) {
  const lines = execFileSync(program, [...options, ...files], { encoding: 'utf8', maxBuffer: 1 << 26 }).trim().split('\n');
  return new Map(lines.map(line => line.split(' ')).map(([result, lane, name, difference]) => [name, { result, isLane: lane === 'lane', difference }]));
}

const proofs = [];
const test = (name, proof) => proofs.push({ name, proof });

const programs = process.argv.slice(2);
const judged = digestsOf(programs[0], '--judge');
const lane = names.filter(name => judged.get(name).isLane);
const results = new Map(names.map(name => [name, judged.get(name).result]));

test('the corpus has at least 60 kinds, and 200 photos that our own lane decodes', () => {
  const kinds = new Set(names.map(name => name.replace(/-(paint|storm|wood|flower|noise)?\.?\w*$/, '')));
  assert.ok(kinds.size >= 60, `${kinds.size} kinds`);
  assert.ok(lane.length >= 200, `${lane.length} photos`);
});

test('planes of every photo of the lane, and of what is made of it, are within 1 of libjpeg-turbo', () => {
  for (const name of lane) assert.match(judged.get(name).difference, /^[01]$/, name);
});

test('the list of digests', () => {
  const list = names.map(name => `${sha256(readFileSync(join(corpus, name)))} ${results.get(name)} ${name}\n`);
  if (process.env.SFLUV_ACCEPT) writeFileSync(goldenFile, list.join(''));
  const golden = readFileSync(goldenFile, 'utf8').trim().split('\n').map(line => line.split(' '));
  const made = new Map(list.map(line => line.trim().split(' ')).map(([file, result, name]) => [name, { file, result }]));
  const others = golden.filter(([file, , name]) => made.get(name)?.file !== file);
  assert.deepEqual(others.map(([, , name]) => name), [], 'other tools made other files: see the versions of imagemagick, exiftool and libjpeg-turbo');
  for (const [, result, name] of golden) assert.equal(made.get(name).result, result, name);
  assert.equal(golden.length, names.length);
});

for (const program of programs.slice(1)) {
  test(`the same from ${program}`, () => {
    for (const [name, { result }] of digestsOf(program)) assert.equal(result, results.get(name), name);
  });
}

/** Runs in a browser: result by name of each file, and whether the browser opens what was made. */
async function inBrowser(names, edgePx) {
  const { loadPhotoModule } = await import('/dist/photo/module.js');
  const module = await loadPhotoModule();
  const results = [];
  for (const name of names) {
    module.begin(JSON.stringify({ edge_px: edgePx }));
    module.put(new Uint8Array(await (await fetch(`/corpus/${name}`)).arrayBuffer()));
    const { json, jpeg } = module.finish();
    const { issue, out } = JSON.parse(json);
    if (issue) {
      results.push([name, issue.code, true]);
      continue;
    }
    const bitmap = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
    results.push([name, out.sha256, bitmap.width === out.width_px && bitmap.height === out.height_px]);
    bitmap.close();
  }
  return results;
}

for (const engine of ['chromium', 'firefox', 'webkit']) {
  test(`the same from ${engine}, which opens what was made`, async () => {
    const server = await serveFiles({ '/corpus/': corpus, '/dist/': here('../dist/'), '/': here('../e2e/bench_page/') });
    const browser = await engines[engine]();
    try {
      const tab = await browser.tab(`${server.origin}/`);
      for (let at = 0; at < names.length; at += 40) {
        for (const [name, result, opens] of await tab.run(inBrowser, names.slice(at, at + 40), edgePx)) {
          assert.equal(result, results.get(name), name);
          assert.ok(opens, name);
        }
      }
    } finally {
      await browser.close();
      await server.stop();
    }
  });
}

test('no metadata and no planted word leaves, however fine the photo was', async () => {
  const module = await loadPhotoModule();
  let canaries = 0;
  for (const [name, file] of names.map((name, i) => [name, files[i]])) {
    const bytes = readFileSync(file);
    canaries += bytes.includes('CANARY') ? 1 : 0;
    for (const plan of [{}, { keep_fine: true }, { keep_time: true }, { keep_time: true, keep_fine: true, edge_px: 100 }]) {
      module.begin(JSON.stringify(plan));
      module.put(bytes);
      const jpeg = Buffer.from(module.finish().jpeg);
      if (jpeg.length === 0) continue;
      const { gps, metadata, orientation } = describeJpeg(jpeg);
      assert.ok(!jpeg.includes('CANARY') && !jpeg.includes('EP-12') && !gps && orientation === 1, `${name} ${JSON.stringify(plan)}`);
      assert.ok(metadata.length === 0 || (plan.keep_time && metadata.join() === '0xe1'), `${name} ${metadata}`);
    }
  }
  assert.ok(canaries >= 25, `${canaries} files with planted words`);
});

test('as good as libjpeg-turbo with Catmull-Rom at the same bytes, within 0.5 dB', () => {
  const folder = scratchDirectory('proof');
  const [ours, theirs, small] = ['ours.jpg', 'theirs.jpg', 'small.ppm'].map(name => join(folder, name));
  const cli = here('../../build/bin/sfluv');
  for (const name of lane.filter(name => /^(q75|q92|q100|sampling|turn|grey|restart)/.test(name) && /-(paint|storm|wood|flower)\./.test(name))) {
    const file = join(corpus, name);
    execFileSync(cli, ['photo', file, ours, '--edge-px', '240'], { stdio: 'ignore' });
    const budget = readFileSync(ours).length;
    const wished = reference(file, 240);
    const size = `${wished.width}x${wished.height}!`;
    execFileSync('convert', [file, '-auto-orient', '-filter', 'Catrom', '-resize', size, '-depth', '8', '-strip', small]);
    let best;
    for (let low = 1, high = 100; low <= high; ) {
      const quality = (low + high) >> 1;
      execFileSync('cjpeg', ['-quality', String(quality), '-optimize', '-sample', '2x2', '-outfile', theirs, small]);
      if (readFileSync(theirs).length > budget) {
        high = quality - 1;
      } else {
        best = compare(pixelsOf(theirs), wished).psnr;
        low = quality + 1;
      }
    }
    const mine = compare(pixelsOf(ours), wished).psnr;
    assert.ok(mine >= best - 0.5, `${name}: ${mine.toFixed(2)} dB, libjpeg-turbo ${best.toFixed(2)} dB, ${budget} bytes`);
  }
});

let failed = 0;
for (const { name, proof } of proofs) {
  const began = performance.now();
  try {
    await proof();
    console.log(`ok     ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}\n${String(error.message).slice(0, 2000)}`);
  }
}
console.log(`${proofs.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
