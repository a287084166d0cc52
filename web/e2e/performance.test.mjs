#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The figures that a person feels, on a CPU throttled four times: start, typing, the main thread under a photo, and the
// weight of the first load. Tasks are measured in the time that their thread ran, which other programs of the machine
// cannot lengthen; of the starts the middle one counts.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';

import { addPhoto, claimAndStart, item, keptDraft, readyForOffline } from './lib/app_page.mjs';
import { profileDirectory } from './lib/chromium.mjs';
import { longestTask } from './lib/longest_task.mjs';
import { photoFile } from './lib/photo.mjs';
import { builtApp, makeWorld } from './lib/world.mjs';

const photo = photoFile();

async function throttled(page, rate = 4) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate });
}

describe('figures', { concurrency: 1 }, () => {
  test('the first load is at most 300 KB brotli, wasm included', context => {
    const weigh = path => brotliCompressSync(readFileSync(path)).length;
    const assets = join(builtApp, 'assets');
    const files = readdirSync(assets).filter(name => !name.endsWith('.map'));
    const isFirst = name => /^(index|sfluv-rules)-/.test(name);
    const first = weigh(join(builtApp, 'index.html')) + weigh(join(builtApp, 'floor.js')) + files.filter(isFirst).reduce((sum, name) => sum + weigh(join(assets, name)), 0);
    const whole = first + files.filter(name => !isFirst(name)).reduce((sum, name) => sum + weigh(join(assets, name)), 0);
    context.diagnostic(`first load ${(first / 1000).toFixed(1)} kB brotli; everything, with photos and all languages, ${(whole / 1000).toFixed(1)} kB`);
    assert.ok(first <= 300_000);
  });

  test('throttled 4x: the form is usable within 1.5 s of a cold start without a network', { timeout: 120_000 }, async context => {
    const profile = profileDirectory();
    const world = await makeWorld(profile);
    try {
      await world.open();
      await claimAndStart(world.browser.page);
      await item(world.browser.page, 'Notes').locator('textarea').fill('begun');
      await keptDraft(world.browser.page);
      await readyForOffline(world.browser.page);
      await world.browser.page.waitForTimeout(1000);
      await world.app.stop();
      await world.api.fault('refuse');
      const times = [];
      for (let run = 0; run < 5; run += 1) {
        await world.kill();
        const { page } = world.browser;
        await throttled(page);
        await page.addInitScript(() => {
          const form = () => ['field-app', 'sfluv-step', 'sfluv-step-form'].reduce((root, name) => root?.querySelector(name)?.shadowRoot, document);
          const look = () => (form()?.querySelector('[data-item] textarea') ? (window.usableMs = performance.now()) : requestAnimationFrame(look));
          look();
        });
        // Not looked at from outside before it is there: what a driver puts into the page for that takes a slow CPU a quarter of a second.
        await page.goto(`${world.app.origin}/`, { waitUntil: 'commit' });
        do await page.waitForTimeout(4000);
        while (!(await page.evaluate(() => window.usableMs)));
        times.push(Math.round(await page.evaluate(() => window.usableMs)));
      }
      const middle = times.toSorted((a, b) => a - b)[2];
      context.diagnostic(`usable after ${middle} ms (${times.join(', ')})`);
      assert.ok(middle < 1500, `${times}`);
    } finally {
      await world.end();
    }
  });

  test('throttled 4x: no task over 50 ms while a 12 MP photo is made small; typing answers within 50 ms', { timeout: 120_000 }, async context => {
    const world = await makeWorld();
    try {
      const { page } = world.browser;
      await world.open();
      await claimAndStart(page);
      await addPhoto(page, 'More Photos', photo.path); // the module is there
      await throttled(page);
      // Waited for without a look at the page: looking is a task too, and it would be ours.
      const underPhoto = await longestTask(world.browser.browser, page, async () => {
        await item(page, 'Before Photo').locator('input[type=file]').setInputFiles(photo.path);
        await page.waitForTimeout(8000);
      });
      assert.equal(await item(page, 'Before Photo').locator('[data-sha256] img').count(), 1);
      await item(page, 'Notes').locator('textarea').focus();
      const underKeys = await longestTask(world.browser.browser, page, async () => {
        await page.keyboard.type('Two bags of litter and one bicycle in the pond', { delay: 60 });
      });
      context.diagnostic(`longest task: ${underPhoto.toFixed(1)} ms while a photo is made small, ${underKeys.toFixed(1)} ms while typing`);
      assert.ok(underPhoto <= 50 && underKeys <= 50, `${underPhoto}, ${underKeys}`);
    } finally {
      await world.end();
    }
  });
});
