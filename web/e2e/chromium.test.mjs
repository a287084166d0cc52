#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The main job in a real Chromium, and what may go wrong on the way.
import assert from 'node:assert/strict';
import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { addPhoto, answerTexts, button, claimAndStart, focused, item, keptDraft, queueRow, readyForOffline, savedNote, summary, waitForState } from './lib/app_page.mjs';
import { profileDirectory } from './lib/chromium.mjs';
import { hostileFiles } from './lib/hostile.mjs';
import { describeJpeg, photoFile, smallPhoto } from './lib/photo.mjs';
import { pixelDifference } from './lib/pixels.mjs';
import { scratchDirectory } from './lib/processes.mjs';
import { builtApp, makeWorld } from './lib/world.mjs';

const photo = photoFile();
const answers = { notes: 'Two bags, one bicycle. 三袋垃圾 ✓', outcome: 'partially_completed', remark: 'The pond is left.' };
const step = 'step_ghi789';

/** The step as the server has it, its photos, and each photo's bytes as it hands them out. */
async function recordAt(api) {
  const { workflow, photos } = await api.record(api.workflow);
  const bytes = [];
  for (const { id } of photos) {
    const response = await fetch(`${api.api}/workflow-photos/${id}`, { headers: { Authorization: `Bearer ${api.token}` } });
    assert.equal(response.status, 200);
    bytes.push(Buffer.from(await response.arrayBuffer()));
  }
  return { submission: workflow.steps.find(({ id }) => id === step).submission, photos, bytes };
}

async function fillEverything(page, path = photo.path) {
  await claimAndStart(page);
  const digests = [await addPhoto(page, 'Before Photo', path), await addPhoto(page, 'After Photo', path)];
  await answerTexts(page, answers);
  return digests;
}

const submit = page => button(page, 'Submit this step').click();

// Two groups at a time: much of it is waiting for quiet periods.
describe('Chromium', { concurrency: 2 }, () => {
  describe('the main job', { concurrency: 1 }, () => {
    let world, app, api, digests;
    before(async () => {
      world = await makeWorld(profileDirectory());
      ({ app, api } = world);
      await world.open();
    });
    after(() => world.end());
    const page = () => world.browser.page;

    test('the token leaves the address at once', async () => {
      await button(page(), 'Claim this step').waitFor();
      assert.ok(!page().url().includes(api.token));
      assert.match(new URL(page().url()).hash, /^#\/step\/workflow_abc123/);
    });

    test('an incomplete answer shows everything that is wrong, and the summary has the focus', async () => {
      await claimAndStart(page());
      await submit(page());
      const lines = await summary(page());
      assert.equal(lines.length, 4, lines.join('\n'));
      assert.match((await focused(page())).className, /summary/);
      await page().locator('fieldset [aria-invalid=true]').nth(3).waitFor();
      assert.equal(await page().locator('fieldset [aria-invalid=true]').count(), 4);
      await page().locator('.summary a').nth(2).click();
      assert.match((await focused(page())).id, /^text-/);
    });

    test('fits a narrow phone; what is touched is 44 pixels high and has a name', async () => {
      await page().setViewportSize({ width: 320, height: 640 });
      const found = await page().evaluate(() => {
        const inside = root => [...root.querySelectorAll('*')].flatMap(one => [one, ...(one.shadowRoot ? inside(one.shadowRoot) : [])]);
        const controls = inside(document).filter(one => one.matches('button, input, select, textarea, summary, .summary a, nav a') && one.checkVisibility());
        const height = control => (['file', 'radio'].includes(control.type) ? control.closest('label') : control).getBoundingClientRect().height;
        const name = control => control.ariaLabel || control.textContent || control.labels?.[0]?.textContent;
        return {
          overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          low: controls.filter(control => height(control) < 44).map(control => control.outerHTML),
          nameless: controls.filter(control => !name(control)?.trim()).map(control => control.outerHTML),
          controls: controls.length,
        };
      });
      await page().setViewportSize({ width: 390, height: 844 });
      assert.ok(found.controls > 10);
      assert.deepEqual({ ...found, controls: 0 }, { overflow: 0, low: [], nameless: [], controls: 0 });
    });

    test('errors go away while typing', async () => {
      await answerTexts(page(), { ...answers, notes: 'a' });
      assert.equal(await item(page(), 'Notes').locator('.error:visible').count(), 0);
      await item(page(), 'Notes').locator('textarea').fill('');
      assert.equal(await item(page(), 'Notes').locator('.error:visible').count(), 1);
    });

    test('a camera photo becomes small, upright and private', async () => {
      digests = [await addPhoto(page(), 'Before Photo', photo.path), await addPhoto(page(), 'After Photo', photo.path)];
      const words = await item(page(), 'Before Photo').locator('[data-sha256]').textContent();
      assert.match(words, /1600\s×\s1600.*was 4\.7\sMB/s);
    });

    test('a reload restores the draft, photos too', async () => {
      await answerTexts(page(), answers);
      await keptDraft(page());
      await page().reload();
      await button(page(), 'Submit this step').waitFor();
      await item(page(), 'After Photo').locator('[data-sha256] img').waitFor();
      assert.equal(await item(page(), 'Notes').locator('textarea').inputValue(), answers.notes);
      assert.equal(await item(page(), 'Outcome').locator('input:checked').inputValue(), answers.outcome);
      assert.equal(await item(page(), 'After Photo').locator('[data-sha256]').getAttribute('data-sha256'), digests[1]);
    });

    test('the same after the browser was killed', async () => {
      await readyForOffline(page());
      await world.kill();
      await world.open();
      await item(page(), 'Before Photo').locator('[data-sha256] img').waitFor();
      assert.equal(await item(page(), 'Notes').locator('textarea').inputValue(), answers.notes);
    });

    test('with the server unreachable a submission is saved on this device', async () => {
      await api.fault('refuse');
      await submit(page());
      await savedNote(page()).waitFor();
      await queueRow(page()).filter({ hasText: /Saved on this device.*Not sent yet/s }).waitFor();
      assert.match(await page().title(), /^\(1\) /);
    });

    test('"Try now" always gets an answer', async () => {
      await button(page(), 'Try now').click();
      await queueRow(page()).getByText('it has to wait a little longer').waitFor();
    });

    test('killed and opened again without any network, the page and the queue are there', async () => {
      await app.stop();
      await world.kill();
      await world.open('');
      await savedNote(page()).waitFor();
      // It may look for the server first, and once more.
      await queueRow(page()).filter({ hasText: /Saved on this device.*Not sent yet/s }).waitFor();
      assert.match(await page().title(), /^\(1\) /);
      await page().locator('[data-last=no_token]').waitFor();
      assert.deepEqual(await api.completions(), { posts: 0, submissions: 0 });
    });

    test('after signing in one is asked; with the network back it is delivered by itself, once', async () => {
      await world.open();  // from the service worker: the page's own server is still down
      await button(page(), 'Send now').click();
      await queueRow(page()).waitFor();
      await app.start();
      await api.fault('none');
      await waitForState(page(), 'delivered');
      assert.match(await queueRow(page()).textContent(), /receipt [0-9A-F]{6}/);
      assert.equal(await page().title(), 'SFLUV field');
      assert.deepEqual(await api.completions(), { posts: 1, submissions: 1 });
    });

    test('the server holds what was queued: texts, digests, upright pictures without metadata', async () => {
      const { submission, photos, bytes } = await recordAt(api);
      const byItem = Object.fromEntries(submission.item_responses.map(response => [response.item_id, response]));
      assert.equal(byItem.item_jkl014.written_response, answers.notes);
      assert.equal(byItem.item_jkl015.dropdown_value, answers.outcome);
      assert.equal(byItem.item_jkl015.written_response, answers.remark);
      assert.deepEqual(photos.map(({ sha256 }) => sha256), digests);
      for (const [i, [width, height]] of [[1600, 1600], [1600, 1200]].entries()) {
        const made = describeJpeg(bytes[i]);
        assert.deepEqual([made.width, made.height, made.orientation, made.gps, made.metadata], [width, height, 1, false, []]);
        assert.ok(!bytes[i].includes('Exif') && !bytes[i].includes('ExamplePhone'));
        const difference = await pixelDifference(page(), photo.bytes, bytes[i]);
        assert.ok(difference.upright < 6 && difference.turned > 4 * difference.upright, JSON.stringify(difference));
      }
    });

    test('no token stays anywhere on the device', async () => {
      const found = await page().evaluate(async token => {
        const hits = [];
        const look = (place, text) => text.includes(token) && hits.push(place);
        look('localStorage', JSON.stringify(localStorage));
        for (const { name } of await indexedDB.databases()) {
          const database = await new Promise(done => (indexedDB.open(name).onsuccess = event => done(event.target.result)));
          for (const table of database.objectStoreNames)
            for (const row of await new Promise(done => (database.transaction(table).objectStore(table).getAll().onsuccess = event => done(event.target.result)))) {
              const bytes = row instanceof Uint8Array ? row : (row?.bytes ?? row);
              look(`${name}/${table}`, bytes instanceof Uint8Array ? new TextDecoder('latin1').decode(bytes) : JSON.stringify(row));
            }
          database.close();
        }
        for (const name of await caches.keys())
          for (const request of await (await caches.open(name)).keys()) look(`cache ${name}`, request.url);
        return hits;
      }, api.token);
      assert.deepEqual(found, []);
    });

    test('the policy was never broken', () => world.assertClean());
  });

  describe('an answer that tells nothing', { concurrency: true }, () => {
    for (const { mode, posts, what, path } of [
      { mode: 'commit_then_drop', what: 'lost' },
      { mode: 'commit_then_500', what: 'a 500 although it was done', posts: 1 },
      // Small photos: before a second try the queue waits as long as the rest of the first could still be on its way.
      { mode: 'empty_200', what: 'an empty 200 although nothing was done', posts: 2, path: smallPhoto(photo.path) },
    ]) {
      test(`${what} (${mode}): delivered, and done once`, { timeout: 180_000 }, async () => {
        const world = await makeWorld();
        const { api, browser } = world;
        try {
          await world.open();
          const digests = await fillEverything(browser.page, path);
          await api.fault(mode, { path_contains: '/complete', times: 1 });
          await submit(browser.page);
          await waitForState(browser.page, 'delivered', 150_000);
          const { photos } = await recordAt(api);
          assert.deepEqual(photos.map(({ sha256 }) => sha256), digests);
          const seen = await api.completions();
          assert.equal(seen.submissions, 1);
          if (posts) assert.equal(seen.posts, posts);
          world.assertClean();
        } finally {
          await world.end();
        }
      });
    }
  });

  describe('files that are no photo', { concurrency: 1 }, () => {
    let world;
    before(async () => {
      world = await makeWorld();
      await world.open();
      await fillEverything(world.browser.page);
    });
    after(() => world.end());

    for (const { name, path, code } of hostileFiles(photo.bytes)) {
      test(`${name}: ${code}, and the form keeps everything`, async () => {
        const { page } = world.browser;
        await item(page, 'Before Photo').locator('input[type=file]').setInputFiles(path);
        const error = item(page, 'Before Photo').locator('.photo-trouble');
        await error.filter({ hasText: name }).waitFor();
        assert.equal(await error.getAttribute('data-code'), code);
        assert.ok((await error.textContent()).length > name.length + 10);
        assert.equal(await page.locator('[data-sha256]').count(), 2);
        assert.equal(await item(page, 'Notes').locator('textarea').inputValue(), answers.notes);
        assert.equal(await item(page, 'Outcome').locator('input:checked').inputValue(), answers.outcome);
      });
    }

    test('afterwards a good photo still works, and the policy was never broken', async () => {
      await addPhoto(world.browser.page, 'More Photos', photo.path);
      world.assertClean();
    });
  });

  describe('a new version of the page', () => {
    test('waits for consent while answers are given, and keeps them', async () => {
      const directory = scratchDirectory('app');
      cpSync(builtApp, directory, { recursive: true });
      const world = await makeWorld(undefined, directory);
      try {
        const { page } = world.browser;
        await world.open();
        await claimAndStart(page);
        await readyForOffline(page);
        await page.reload();  // the first load is the only one that is not the service worker's
        appendFileSync(join(directory, 'sw.js'), '\n// another build');
        await item(page, 'Notes').locator('textarea').fill(answers.notes);
        await keptDraft(page);
        await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
        await page.locator('#update').waitFor();
        assert.equal(await item(page, 'Notes').locator('textarea').inputValue(), answers.notes);
        assert.equal(await button(page, 'Use it now').count(), 0, 'not while a form is open');
        await button(page, 'Work').click();
        await Promise.all([page.waitForEvent('load'), button(page, 'Use it now').click()]);
        await page.goBack();
        await item(page, 'Notes').waitFor();
        assert.equal(await item(page, 'Notes').locator('textarea').inputValue(), answers.notes);
        assert.equal(await page.locator('#update:visible').count(), 0);
        world.assertClean();
      } finally {
        await world.end();
      }
    });
  });
});
