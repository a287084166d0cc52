// SPDX-License-Identifier: MIT
// The built page on one address and the documented API on another: as in the field, two servers that know nothing of
// each other.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { appAddress } from './app_page.mjs';
import { serveFiles } from './app_server.mjs';
import { openChromium } from './chromium.mjs';
import { improver, startReferenceServer } from './reference_server.mjs';

export const builtApp = fileURLToPath(new URL('../../app/dist/', import.meta.url));

export async function serveApp(directory = builtApp) {
  if (!existsSync(directory)) throw new Error('the page is not built: run `make web`');
  return serveFiles({ '/': directory });
}

/** A server with one ready "Weekly Park Cleanup" and somebody who may claim it. */
export async function startApi(app) {
  const server = await startReferenceServer({ allowOrigin: app.origin });
  const { workflows, tokens } = await server.seed();
  return { ...server, workflow: workflows[0], token: tokens[improver] };
}

/** Two servers, somebody with work to do, and a browser: each group of tests has its own. */
export async function makeWorld(profile, directory, options) {
  const app = await serveApp(directory);
  const api = await startApi(app);
  const world = {
    app,
    api,
    browser: await openChromium({ profile, ...options }),
    open: (token = api.token) => world.browser.page.goto(appAddress(app.origin, { ...api, token })),
    async kill() {
      await world.browser.kill();
      world.browser = await openChromium({ profile, ...options });
    },
    assertClean() {
      assert.deepEqual(world.browser.notes, { csp: [], errors: [] });
      assert.deepEqual(app.violations, []);
    },
    async end() {
      await world.browser.close();
      await api.stop();
      await app.stop();
    },
  };
  return world;
}
