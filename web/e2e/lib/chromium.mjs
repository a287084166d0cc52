// SPDX-License-Identifier: MIT
// The system's Chromium with a profile on disk. We start it ourselves and attach by its debugging port, because then
// its process id is ours to kill, which is the point of the tests.
import { chromium } from 'playwright-core';

import { findOnPath, scratchDirectory, start } from './processes.mjs';

const phone = { width: 390, height: 844 };

export const profileDirectory = () => scratchDirectory('chromium');

export async function openChromium({ profile = profileDirectory(), viewport = phone, args = [] } = {}) {
  const process_ = await start(
    findOnPath('chromium', 'chromium-browser', 'google-chrome'),
    [
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      ...args,
      'about:blank',
    ],
    { ready: /DevTools listening on (ws:\S+)/ },
  );
  const browser = await chromium.connectOverCDP(process_.match[1], { isLocal: true });
  const context = browser.contexts()[0];
  context.setDefaultTimeout(20_000);
  const page = context.pages()[0] ?? (await context.newPage());
  await page.setViewportSize(viewport);
  const notes = watch(page);
  return {
    browser,
    page,
    context,
    profile,
    notes,
    pid: process_.pid,
    version: browser.version(),
    /** What a phone out of memory does: no goodbye to the page, no flush. */
    kill: process_.kill,
    async close() {
      await browser.close().catch(() => {});
      await process_.stop();
    },
  };
}

/** What went wrong in a page without failing a test by itself. */
function watch(page) {
  const notes = { csp: [], errors: [] };
  page.on('console', message => {
    if (/content security policy/i.test(message.text())) notes.csp.push(message.text());
  });
  page.on('pageerror', error => notes.errors.push(String(error)));
  return notes;
}
