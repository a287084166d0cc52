#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// A season without signal (fault matrix 43): 500 queued records of 6 photos. The start takes less than two seconds, and
// sending them all needs no more memory at the end than at the beginning. RECORDS and PHOTO_BYTES change the size.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage, serveBench, startWorld, until } from './lib/bench.mjs';
import { engines } from './lib/engines.mjs';
import { memoryOf } from './lib/memory.mjs';

const records = Number(process.env.RECORDS || 500);
const photoBytes = Number(process.env.PHOTO_BYTES || 100_000);
const MiB = bytes => `${Math.round(bytes / 2 ** 20)} MiB`;
const median = numbers => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

test(`${records} records of 6 photos: started within 2 s, sent in order, memory flat`, { timeout: 1_800_000 }, async context => {
  const app = await serveBench();
  const engine = await engines.chromium();
  const world = await startWorld(app.origin, records);
  context.after(async () => {
    await engine.close();
    await world.stop();
    await app.stop();
  });

  const first = await openPage(engine, app, world, { autoStart: false, speed: 1 });
  for (const job of world.workflows) await first.submit(job, { photoBytes, morePhotos: 4 });
  await first.close();

  const page = await openPage(engine, app, world, { autoStart: false, speed: 1 });
  const startMs = await page.run(() => bench.startMs);
  assert.equal((await page.records()).length, records);
  assert.ok(startMs < 2_000, `started within ${startMs} ms`);

  const samples = [];
  const sample = async () => samples.push({ heap: await page.run(() => performance.memory.usedJSHeapSize), all: memoryOf(engine.pid()) });
  await sample();
  await page.run(() => bench.field.outbox.start());
  const began = Date.now();
  const order = [];
  await until('everything is delivered', async () => {
    await sample();
    const done = (await page.records()).filter(({ state }) => state === 'delivered').map(({ id }) => id);
    for (const id of done) if (!order.includes(id)) order.push(id);
    return done.length === records;
  }, 1_700_000);
  const seconds = (Date.now() - began) / 1000;

  assert.equal((await world.server.completions()).submissions, records);
  const created = (await page.records()).map(({ id }) => id);
  assert.deepEqual(order, created, 'in the order in which they were made');

  const quarter = n => samples.slice(Math.floor((n * samples.length) / 4), Math.floor(((n + 1) * samples.length) / 4));
  for (const what of ['heap', 'all']) {
    const [early, late] = [1, 3].map(n => median(quarter(n).map(one => one[what])));
    const peak = Math.max(...samples.map(one => one[what]));
    const name = what === 'heap' ? 'JavaScript heap' : 'all processes of the browser';
    console.log(`# ${name}: ${MiB(samples[0][what])} at the start, peak ${MiB(peak)}, second quarter ${MiB(early)}, last quarter ${MiB(late)}`);
    assert.ok(late < 1.25 * early + 2 ** 24, `${name} grows from ${MiB(early)} to ${MiB(late)}`);
  }
  console.log(`# started within ${Math.round(startMs)} ms, ${records} records sent in ${Math.round(seconds)} s`);
});
