#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The photo worker in a real browser: it ends when it is told to, ends when nobody needs it, and gives its memory back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { serveBench } from './lib/bench.mjs';
import { openChromium } from './lib/chromium.mjs';
import { memoryOf } from './lib/memory.mjs';
import { photoFile } from './lib/photo.mjs';

const photo = photoFile();

describe('the photo worker', { concurrency: 1, timeout: 120_000 }, () => {
  let server, browser, page;

  before(async () => {
    server = await serveBench();
    browser = await openChromium();
    page = browser.page;
    await page.goto(server.origin);
    // The seconds of its clock take 50 ms.
    await page.evaluate(async () => {
      const { createField } = await import('/dist/index.js');
      const clock = { nowMs: () => Date.now(), after: (ms, run) => (timer => () => clearTimeout(timer))(setTimeout(run, ms / 20)) };
      window.field = await createField({ apiBase: location.origin, account: 'photos', autoStart: false, clock });
    });
    await page.evaluate(() => document.body.append(Object.assign(document.createElement('input'), { type: 'file' })));
    await page.setInputFiles('input', photo.path);
    await page.evaluate(() => (window.file = document.querySelector('input').files[0]));
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const prepare = () => page.evaluate(async () => {
    const made = await window.field.preparePhoto(window.file, { photo_aspect_ratio: '' });
    return made.ok ? made.value.sha256 : made.issue.code;
  });
  /** How long it takes to hear that a worker ended that had nothing to do: what others on the machine add. */
  const newsOfAnEnd = async () => {
    const started = new Promise(done => page.once('worker', done));
    await page.evaluate(() => (window.idle = new Worker('/dist/photo/worker.js', { type: 'module' })));
    const worker = await started;
    await worker.evaluate(() => 0);
    const ended = new Promise(done => worker.once('close', () => done(Date.now())));
    return page.evaluate(() => (window.idle.terminate(), Date.now())).then(async began => (await ended) - began);
  };
  const gone = worker => !page.workers().includes(worker);
  const until = async (condition, ms) => {
    const end = performance.now() + ms;
    while (!(await condition())) {
      assert.ok(performance.now() < end, `not within ${ms} ms`);
      await new Promise(done => setTimeout(done, 5));
    }
  };

  test('an abort ends the work within 50 ms, wherever it is; the next photo is made', async context => {
    const whole = await prepare();
    assert.match(whole, /^[0-9a-f]{64}$/);
    const times = [];
    for (const delay of [0, 8, 16]) { // a photo takes some 50
      const news = await newsOfAnEnd();
      const [worker] = page.workers();
      const ended = new Promise(done => worker.once('close', () => done(Date.now())));
      const { aborted, rejected, reason } = await page.evaluate(async delay => {
        const abort = new AbortController();
        const making = window.field.preparePhoto(window.file, { photo_aspect_ratio: '' }, { signal: abort.signal });
        await new Promise(done => setTimeout(done, delay));
        const aborted = Date.now();
        abort.abort(new Error('enough'));
        const reason = await making.then(() => 'made', error => error.message);
        return { aborted, rejected: Date.now(), reason };
      }, delay);
      assert.equal(reason, 'enough');
      times.push({ promise: rejected - aborted, worker: (await ended) - aborted - news });
      assert.equal(await prepare(), whole);
    }
    context.diagnostic(`ms from abort to the promise and to the worker's end: ${JSON.stringify(times)}`);
    for (const what of ['promise', 'worker']) assert.ok(Math.min(...times.map(time => time[what])) <= 50);
  });

  test('an idle worker ends after ten seconds, and its memory goes back', async context => {
    await prepare();
    const [worker] = page.workers();
    const held = memoryOf(browser.pid);
    await until(() => gone(worker), 5000);
    await until(() => memoryOf(browser.pid) < held - 5 * 2 ** 20, 20_000);
    context.diagnostic(`${((held - memoryOf(browser.pid)) / 2 ** 20).toFixed(0)} MiB less`);
  });

  test('a warm-up starts the worker, and it waits for the photo', async () => {
    await page.evaluate(() => window.field.photos.warmUp());
    const [worker] = page.workers();
    assert.ok(worker);
    await new Promise(done => setTimeout(done, 1000)); // twenty seconds of its clock
    assert.ok(page.workers().includes(worker));
    await prepare();
    assert.ok(page.workers().includes(worker));
  });
});
