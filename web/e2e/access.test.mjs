#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Every entry of the registry against axe, in English and in a language twice as long, in the light and in the dark; and
// against what axe does not measure: targets, reflow on a narrow phone and at 200 % text.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { serveFiles } from './lib/app_server.mjs';
import { bundlePage } from './lib/bundle.mjs';
import { openChromium } from './lib/chromium.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('every view in every state', { concurrency: 1 }, () => {
  let server, browser, page, entries;
  before(async () => {
    server = await serveFiles({ '/': await bundlePage('e2e/pages/registry') });
    browser = await openChromium();
    ({ page } = browser);
    await page.goto(server.origin);
    await page.waitForFunction(() => window.registry);
    await page.evaluate(axe);
    entries = await page.evaluate(() => window.registry.entries);
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  const show = (view, state, language) =>
    page.evaluate(([view, state, language]) => window.registry.show(view, state, language), [view, state, language]);

  /** One by one, or all states of a view at a time, which is faster; a dialog makes all else inert and is alone anyway. */
  function* lots(isEach = false) {
    for (const view of new Set(entries.map(({ view }) => view)))
      if (isEach || view === 'camera') for (const { state } of entries.filter(entry => entry.view === view)) yield [view, state];
      else yield [view, undefined];
  }

  for (const language of ['en', 'pseudo'])
    for (const colorScheme of ['light', 'dark'])
      test(`axe finds nothing: ${language}, ${colorScheme}`, { timeout: 240_000 }, async () => {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        let seen = 0;
        const found = [];
        const isEach = language === 'en' && colorScheme === 'light';
        const rules = { 'landmark-unique': { enabled: isEach } };  // a view twice on a page is ours, not the view's
        for (const [view, state] of lots(isEach)) {
          seen += await show(view, state, language);
          const { violations } = await page.evaluate(rules => window.axe.run(document, { resultTypes: ['violations'], rules }), rules);
          for (const { id, nodes } of violations) found.push(`${view} ${state ?? ''}: ${id}: ${nodes.map(({ target, failureSummary }) => `${target.flat().join(' ')} (${failureSummary})`).join('\n  ')}`);
        }
        assert.equal(seen, entries.length);
        assert.deepEqual(found, []);
      });

  for (const { name, width, zoom } of [{ name: 'a narrow phone', width: 320, zoom: 1 }, { name: '200 % text', width: 390, zoom: 2 }])
    test(`${name}: nothing is wider than the screen, what is touched is 44 pixels high, no word is cut off`, async () => {
      await page.setViewportSize({ width, height: 844 });
      await page.evaluate(zoom => (document.documentElement.style.fontSize = `${18 * zoom}px`), zoom);
      const found = [];
      for (const [view, state] of lots()) {
        await show(view, state, 'pseudo');
        found.push(...(await page.evaluate(measure)).map(what => `${view}: ${what}`));
      }
      await page.evaluate(() => (document.documentElement.style.fontSize = ''));
      await page.setViewportSize({ width: 390, height: 844 });
      assert.deepEqual(found, []);
    });
});

/** Run in the page. */
function measure() {
  const found = [];
  const inside = root => [...root.querySelectorAll('*')].flatMap(one => [one, ...(one.shadowRoot ? inside(one.shadowRoot) : [])]);
  const all = inside(document).filter(one => one.checkVisibility());
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) {
    const widest = all.filter(one => one.getBoundingClientRect().right > page.clientWidth + 1).at(-1);
    found.push(`wider than the page: ${widest?.outerHTML.slice(0, 160)}`);
  }
  for (const one of all) {
    if (one.matches('button, input, select, textarea, a[href]')) {
      const box = (one.matches('[type=file], [type=radio], [type=checkbox]') ? (one.closest('label') ?? one) : one).getBoundingClientRect();
      if (box.height < 44 || box.width < 44) found.push(`${Math.round(box.width)} x ${Math.round(box.height)}: ${one.outerHTML.slice(0, 120)}`);
    }
    const hidesText = one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === 'hidden' && !one.matches('.unseen, .picture, .view, h1, main > section > h2');
    if (hidesText && one.textContent.trim()) found.push(`cut off: ${one.outerHTML.slice(0, 120)}`);
  }
  return found;
}
