#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Our photo path beside the browser's canvas and other libraries, in turns, in one run: the table, build/bench/photos.json,
// and an exit code that says whether a figure that must hold was missed. The base is canvas-high in a worker = 1.00.
// Ours and the canvas run in turns first; then the peers, each beside the canvas again, for fewer rounds: they are slow.
//   node web/bench/photos.mjs [--rounds 9] [--peer-rounds 5] [--no-engines]
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync } from 'node:zlib';

import { serveFiles } from '../e2e/lib/app_server.mjs';
import { bundlePage } from '../e2e/lib/bundle.mjs';
import { engines } from '../e2e/lib/engines.mjs';
import { longestTask } from '../e2e/lib/longest_task.mjs';
import { describeJpeg } from '../e2e/lib/photo.mjs';
import { scratchDirectory } from '../e2e/lib/processes.mjs';
import { memoryOverFile, pixelsMs } from './lib/module.mjs';
import { makeInputs } from './lib/inputs.mjs';
import { compare, pixelsOf, reference } from './lib/quality.mjs';
import { printTable, verdicts } from './lib/report.mjs';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, 'peer-rounds': { type: 'string', default: '5' }, 'no-engines': { type: 'boolean' } },
});
const rounds = Number(options.rounds);
const peerRounds = Number(options['peer-rounds']);
const warmUps = 2;
const edgePx = 1600;
const base = 'canvas-high';
const peers = peerRounds > 0 ? ['image-decoder', 'pica', 'browser-image-compression', 'jsquash'] : [];
const names = [base, 'ours', ...peers];

const here = path => fileURLToPath(new URL(path, import.meta.url));
const median = values => values.toSorted((a, b) => a - b)[values.length >> 1];
const ratio = (times, baseTimes) => median(times) / median(baseTimes);
const rotated = (list, by) => list.map((_, i) => list[(i + by) % list.length]);
const say = text => process.stderr.write(`${text}\n`);

const inputs = makeInputs(scratchDirectory('bench'));
const page = await bundlePage('bench/page');
const mounts = { '/files/': inputs.folder, '/': page };
const open = await serveFiles(mounts, { keep: false, policy: null });
const strict = await serveFiles(mounts, { keep: false, policy: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self'" });
const chromium = await engines.chromium();
const tabOf = async (engine, { origin }, files = Object.keys(inputs.files)) => {
  const tab = await engine.tab(`${origin}/`);
  await tab.run(async files => {
    while (!('ready' in document.documentElement.dataset)) await new Promise(done => setTimeout(done, 20));
    await window.bench.ready(files);
  }, files);
  return tab;
};
const measure = (tab, path, file, how = {}) =>
  Promise.race([
    tab.run((path, file, how) => window.bench.measure(path, file, how), path, file, how),
    new Promise((_, fail) => setTimeout(fail, 60_000, new Error(`${path} does not answer`))),
  ]);

/** Each path in turn, `rounds` times; what `work` gives by path. */
async function inTurns(paths, rounds, warmUps, work) {
  const all = Object.fromEntries(paths.map(path => [path, []]));
  for (let round = -warmUps; round < rounds; round++)
    for (const path of rotated(paths, Math.abs(round) % paths.length)) {
      const made = await work(path);
      if (round >= 0) all[path].push(made);
    }
  return all;
}

/** Ours and the canvas, then the peers with the canvas of their own time; ratios to it, and the runs. */
async function race(warmUps, work) {
  const runs = await inTurns([base, 'ours'], rounds, warmUps, work);
  const theirs = peers.length > 0 ? await inTurns([base, ...peers], peerRounds, warmUps, work) : {};
  const ratios = { [base]: 1, ours: ratio(msOf(runs).ours, msOf(runs)[base]) };
  for (const path of peers) ratios[path] = ratio(msOf(theirs)[path], msOf(theirs)[base]);
  return { ratios, runs: { ...theirs, ...runs } };
}

const msOf = runs => Object.fromEntries(Object.entries(runs).map(([path, made]) => [path, made.map(({ ms }) => ms)]));

say('warm');
const tab = await tabOf(chromium, open);
const warm = await race(warmUps, path => measure(tab, path, 'a.jpg'));

say('first photos, cold and after a warm-up');
const inFreshPage = async (path, warmedUp) => {
  const fresh = await tabOf(chromium, open, ['a.jpg', 'small.jpg']);
  try {
    if (warmedUp) await fresh.run(path => window.bench.warmUp(path), path);
    return await measure(fresh, path, 'a.jpg');
  } finally {
    await fresh.close();
  }
};
const cold = await race(0, path => inFreshPage(path, false));
const warmed = await race(0, path => inFreshPage(path, true));

say('main thread');
const chromiumProcess = tab.page.context().browser();
const blocks = await inTurns(names, 3, 0, path => longestTask(chromiumProcess, tab.page, () => measure(tab, path, 'a.jpg')));

say('48 MP, Display P3');
const large = msOf(await inTurns([base, 'ours'], rounds, 1, path => measure(tab, path, 'c48.jpg')));
const wide = msOf(await inTurns(['a.jpg', 'a-p3.jpg'], rounds, 1, file => measure(tab, 'ours', file)));

say('quality, correctness');
const wished = reference(inputs.files['a.jpg'], edgePx);
const pictureOf = async (path, how = {}) => {
  const { base64 } = await measure(tab, path, 'a.jpg', { withPicture: true, ...how });
  const bytes = Buffer.from(base64, 'base64');
  const file = join(inputs.folder, `${path}.jpg`);
  writeFileSync(file, bytes);
  return { bytes, pixels: pixelsOf(file), quality: compare(pixelsOf(file), wished) };
};
const strictTab = await tabOf(chromium, strict);
const within = (ms, work) => Promise.race([work.then(() => true, () => false), new Promise(done => setTimeout(done, ms, false))]);
const paths = {};
let canvasBytes;
for (const path of names) {
  const { bytes, pixels, quality } = await pictureOf(path, canvasBytes ? { bytesMax: canvasBytes } : {});
  if (path === base) canvasBytes = bytes.length;
  paths[path] = {
    warm_ratio: warm.ratios[path],
    warmed_first_ratio: warmed.ratios[path],
    cold_ratio: cold.ratios[path],
    psnr_db: quality?.psnr ?? null,
    ssim: quality?.ssim ?? null,
    bytes: bytes.length,
    block_ms: median(blocks[path]),
    upright: pixels.width < pixels.height && (quality?.psnr ?? 0) > 20,
    gps_gone: !describeJpeg(bytes).gps,
    truncation_caught: !(await within(30_000, measure(tab, path, 'cut.jpg'))),
    strict_csp: await within(20_000, measure(strictTab, path, 'a.jpg')),
  };
}
await chromium.close();

say('memory, size, native');
const brotliKib = (...files) => files.reduce((sum, file) => sum + brotliCompressSync(readFileSync(file)).length, 0) / 1024;
const memory = {};
for (const [megapixels, file] of [['12', 'a.jpg'], ['48', 'c48.jpg']]) memory[megapixels] = await memoryOverFile(inputs.files[file]);
const rgbaMs = await pixelsMs();
const photo = inputs.files['a.jpg'];
const pinned = (program, ...args) => JSON.parse(execFileSync('taskset', ['-c', '0', program, ...args], { encoding: 'utf8' }));
const nativeRace = here('../../build/native/bin/sfluv-photo-race');
const { ours: nativeMs, vips: vipsMs } = pinned(nativeRace, photo, String(rounds));
const encodes = pinned(nativeRace, photo, 'budgets').encodes;
const [inWasm, inNative] = [[], []];
for (let i = 0; i < 3; i++) {
  inWasm.push(...pinned(process.execPath, here('lib/module.mjs'), photo, '5'));
  inNative.push(...pinned(nativeRace, photo, '5', 'alone').ours);
}

const otherEngines = {};
for (const name of options['no-engines'] ? [] : ['firefox', 'webkit']) {
  say(name);
  const engine = await engines[name]();
  try {
    const other = await tabOf(engine, open, ['a.jpg']);
    const times = msOf(await inTurns([base, 'ours'], rounds, warmUps, path => measure(other, path, 'a.jpg')));
    otherEngines[name] = { version: engine.version, warm_ratio: ratio(times.ours, times[base]) };
  } catch (error) {
    otherEngines[name] = { version: engine.version, error: String(error).slice(0, 200) };
  } finally {
    await engine.close();
  }
}
await open.stop();
await strict.stop();

const result = {
  commit: execFileSync('git', ['-C', here('.'), 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim(),
  browser: `Chromium ${chromium.version}`,
  inputs: Object.fromEntries(Object.entries(inputs.files).map(([name, file]) => [name, createHash('sha256').update(readFileSync(file)).digest('hex')])),
  rounds: msOf(warm.runs),
  paths,
  ours_48mp_ratio: ratio(large.ours, large[base]),
  display_p3_ratio: ratio(wide['a-p3.jpg'], wide['a.jpg']),
  rgba_12mp_ms: rgbaMs,
  memory_over_file_mib: memory,
  brotli_kib: inputs.shipped(brotliKib),
  native_vs_vips: vipsMs ? ratio(nativeMs, vipsMs) : null,
  wasm_vs_native: ratio(inWasm, inNative),
  encodes_per_photo: Math.max(...encodes),
  other_engines: otherEngines,
};
mkdirSync(here('../../build/bench'), { recursive: true });
writeFileSync(here('../../build/bench/photos.json'), `${JSON.stringify(result, null, 1)}\n`);
printTable(result, msOf(warm.runs), msOf(cold.runs), msOf(warmed.runs));
const missed = verdicts(result).filter(({ holds }) => !holds);
if (missed.length > 0) {
  console.log(`\nmissed: ${missed.map(({ name }) => name).join(', ')}`);
  process.exitCode = 1;
}
