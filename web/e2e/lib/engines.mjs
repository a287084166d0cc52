// SPDX-License-Identifier: MIT
// Three browsers behind one door, for tests that are the same in all of them. A tab is a place where functions run:
// `tab.run(fn, ...values)` waits for what `fn` promises. The first page stays empty, so that all others can be closed.
import { openChromium, profileDirectory } from './chromium.mjs';
import { firefoxProfile, openFirefox } from './firefox.mjs';
import { openWebKit } from './webkit.mjs';

/**
 * Each gives `{name, version, tab(address), kill(), close()}`; `kill` ends every process of it and opens the same
 * profile again.
 */
export const engines = {
  async chromium() {
    const profile = profileDirectory();
    let browser = await openChromium({ profile });
    return {
      name: 'Chromium', version: browser.version,
      pid: () => browser.pid,
      async tab(address) {
        const page = await browser.context.newPage();
        await page.goto(address);
        return {
          page,
          run: (fn, ...values) => page.evaluate(`(${fn})(...${JSON.stringify(values)})`),
          cdp: () => browser.context.newCDPSession(page),
          close: () => page.close(),
        };
      },
      async kill() {
        await browser.kill();
        browser = await openChromium({ profile });
      },
      async setQuota(origin, quotaSize) {
        const cdp = await browser.context.newCDPSession(browser.page);
        await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
      },
      close: () => browser.close(),
    };
  },

  async firefox() {
    const profile = firefoxProfile();
    let browser = await openFirefox(profile);
    return {
      name: 'Firefox', version: browser.version,
      async tab(address) {
        const page = await browser.newPage();
        await page.goto(address, { waitUntil: 'load' });
        return { run: (fn, ...values) => page.evaluate(`(${fn})(...${JSON.stringify(values)})`), close: () => page.close() };
      },
      async kill() {
        await browser.kill();
        browser = await openFirefox(profile);
      },
      close: () => browser.close(),
    };
  },

  /** Its automation session keeps storage while it lasts and not longer, so nothing of it can be killed. */
  async webkit() {
    const browser = await openWebKit();
    return {
      name: 'WebKit', version: browser.version,
      async tab(address) {
        const window = await browser.newWindow();
        await browser.openIn(window, address);
        return { run: (fn, ...values) => browser.runIn(window, fn, ...values), close: () => browser.closeWindow(window) };
      },
      close: () => browser.close(),
    };
  },
};
