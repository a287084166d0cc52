#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The elements inside of React, of Vue and of a plain page, each built as a host would build it and used by a person.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { addPhoto, answerTexts, button, claimAndStart, waitForState } from './lib/app_page.mjs';
import { serveFiles } from './lib/app_server.mjs';
import { bundlePage } from './lib/bundle.mjs';
import { openChromium } from './lib/chromium.mjs';
import { photoFile, smallPhoto } from './lib/photo.mjs';
import { improver } from './lib/reference_server.mjs';
import { startApi } from './lib/world.mjs';

describe('the elements in other pages', { concurrency: 1 }, () => {
  let browser, photo;
  before(async () => {
    browser = await openChromium();
    photo = smallPhoto(photoFile().path);
  });
  after(() => browser.close());

  for (const name of ['plain', 'react', 'vue'])
    test(`${name}: claimed, answered, delivered, and the page hears of it`, { timeout: 120_000 }, async () => {
      const app = await serveFiles({ '/': await bundlePage(`examples/${name}`) });
      const api = await startApi(app);
      try {
        const { page } = browser;
        await page.goto(`${app.origin}/?${new URLSearchParams({ api: api.api, account: improver, token: api.token, workflow: api.workflow })}`);
        await claimAndStart(page);
        for (const title of ['Before Photo', 'After Photo']) await addPhoto(page, title, photo);
        await answerTexts(page, { notes: `From ${name}`, outcome: 'completed_successfully' });
        await button(page, 'Submit this step').click();
        await page.locator('#saved').getByText('Saved: Litter Collection').waitFor();
        await waitForState(page, 'delivered');
        const { workflow } = await api.record(api.workflow);
        assert.equal(workflow.steps[0].submission.item_responses[2].written_response, `From ${name}`);
        assert.deepEqual(browser.notes, { csp: [], errors: [] });
      } finally {
        await api.stop();
        await app.stop();
      }
    });
});
