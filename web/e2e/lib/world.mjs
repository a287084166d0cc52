// SPDX-License-Identifier: MIT
// The built page on one address and the documented API on another: as in the field, two servers that know nothing of
// each other.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { serveFiles } from './app_server.mjs';
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
