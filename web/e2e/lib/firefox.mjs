// SPDX-License-Identifier: MIT
// Firefox by WebDriver BiDi, which it speaks itself.
import { once } from 'node:events';

import puppeteer from 'puppeteer-core';

import { findOnPath, scratchDirectory } from './processes.mjs';

export const firefoxProfile = () => scratchDirectory('firefox');

export async function openFirefox(home = firefoxProfile()) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    protocol: 'webDriverBiDi',
    executablePath: findOnPath('firefox-esr', 'firefox'),
    headless: true,
    userDataDir: home,
    env: { ...process.env, HOME: home },  // nothing of the user's own profile
    extraPrefsFirefox: {
      'app.update.enabled': false,
      'datareporting.policy.dataSubmissionEnabled': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
    },
  });
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  const child = browser.process();
  const killed = () => child?.kill('SIGKILL');
  process.once('exit', killed);
  return {
    name: 'Firefox',
    page,
    newPage: () => browser.newPage(),
    /** What a phone out of memory does. Its helpers see the leader go and end by themselves. */
    async kill() {
      process.off('exit', killed);
      const gone = once(child, 'exit');
      killed();
      await gone;
    },
    version: await browser.version(),
    open: address => page.goto(address, { waitUntil: 'load' }),
    run: (source, ...values) => page.evaluate(`(${source})(...${JSON.stringify(values)})`),
    async choose(selector, path) {
      const input = await page.waitForSelector(`pierce/${selector}`);
      await input.uploadFile(path);
    },
    async close() {
      process.off('exit', killed);
      await browser.close().catch(killed);
    },
  };
}
