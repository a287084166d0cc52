// SPDX-License-Identifier: MIT
// Firefox by WebDriver BiDi, which it speaks itself. We start it ourselves, because then its process id is ours to kill.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

import { findOnPath, scratchDirectory, start } from './processes.mjs';

const preferences = {
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.tabs.firefox-view': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  // After a kill no question whether to restore the session.
  'browser.sessionstore.resume_from_crash': false,
  'toolkit.startup.max_resumed_crashes': -1,
  // BiDi for content too.
  'remote.active-protocols': 1,
};

export function firefoxProfile() {
  const home = scratchDirectory('firefox');
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
  writeFileSync(join(home, 'user.js'), lines.join(''));
  return home;
}

export async function openFirefox(home = firefoxProfile()) {
  const process_ = await start(
    findOnPath('firefox-esr', 'firefox'),
    ['--headless', '--no-remote', '--profile', home, '--remote-debugging-port', '0', 'about:blank'],
    // Nothing of the user's own profile.
    { ready: /WebDriver BiDi listening on (ws:\/\/\S+)/, env: { ...process.env, HOME: home, MOZ_HEADLESS: '1' }, timeoutMs: 60_000 },
  );
  const browser = await puppeteer.connect({ browserWSEndpoint: `${process_.match[1]}/session`, protocol: 'webDriverBiDi' });
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  return {
    name: 'Firefox',
    version: await browser.version(),
    page,
    newPage: () => browser.newPage(),
    open: address => page.goto(address, { waitUntil: 'load' }),
    run: (source, ...values) => page.evaluate(`(${source})(...${JSON.stringify(values)})`),
    async choose(selector, path) {
      const input = await page.waitForSelector(`pierce/${selector}`);
      await input.uploadFile(path);
    },
    /** What a phone out of memory does: no goodbye to the page, no flush. */
    kill: process_.kill,
    async close() {
      await browser.close().catch(() => {});
      await process_.stop();
    },
  };
}
