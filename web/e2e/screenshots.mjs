#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// A picture of every entry of the registry, phone and desktop, light and dark, into build/screenshots; those that the
// README shows into web/docs.
//   node web/e2e/screenshots.mjs [--language en|es|zh-Hant|fil|pseudo] [--only VIEW|readme]
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { serveFiles } from './lib/app_server.mjs';
import { bundlePage } from './lib/bundle.mjs';
import { openChromium } from './lib/chromium.mjs';

const { values } = parseArgs({ options: { language: { type: 'string', default: 'en' }, only: { type: 'string' } } });
const out = fileURLToPath(new URL('../../build/screenshots/', import.meta.url));
const readme = fileURLToPath(new URL('../docs/', import.meta.url));
const shown = { step: 'step/claimable', form: 'step_form/answered', outbox: 'outbox/all_kinds', proposals: 'proposals/shown' };
/** So many photos are drawn in them, however long a busy machine takes for it. */
const photosIn = { form: 2, outbox: 6 };
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

const server = await serveFiles({ '/': await bundlePage('e2e/pages/registry') });
const { page, close } = await openChromium({ args: ['--hide-scrollbars'] });
if (!values.only) rmSync(out, { recursive: true, force: true });
let count = 0;
await page.goto(server.origin);
await page.waitForFunction(() => window.registry);
const entries = await page.evaluate(() => window.registry.entries);
for (const [size, viewport] of Object.entries(sizes)) {
  await page.setViewportSize(viewport);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const { view, state } of entries) {
      if (values.only && view !== values.only) continue;
      await page.evaluate(([view, state, language]) => window.registry.show(view, state, language), [view, state, values.language]);
      mkdirSync(`${out}${view}`, { recursive: true });
      await page.screenshot({ path: `${out}${view}/${state}-${size}-${colorScheme}.png`, fullPage: true });
      count += 1;
    }
  }
}
await page.setViewportSize(sizes.phone);
await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
mkdirSync(readme, { recursive: true });
for (const [name, entry] of values.only && values.only !== 'readme' ? [] : Object.entries(shown)) {
  await page.evaluate(([view, state]) => window.registry.show(view, state, 'en'), entry.split('/'));
  if (photosIn[name]) await page.locator('img').nth(photosIn[name] - 1).waitFor();
  await page.screenshot({ path: `${readme}${name}.png` });
}
console.log(`${count} pictures in build/screenshots`);
await close();
await server.stop();
