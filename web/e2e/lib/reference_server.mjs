// SPDX-License-Identifier: MIT
// The documented API on this machine, with its switches for tests.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { scratchDirectory, start } from './processes.mjs';

const program = fileURLToPath(new URL('../../../build/bin/sfluv-server', import.meta.url));

/** The improver of the documents' examples; the demo data lets her claim. */
export const improver = 'did:privy:improver789';

export async function startReferenceServer({ allowOrigin, port = 0 }) {
  const database = join(scratchDirectory('server'), 'demo.sqlite');
  const process_ = await start(
    program,
    ['--port', String(port), '--test-endpoints', '--db', database, '--allow-origin', allowOrigin],
    { ready: /listening on 127\.0\.0\.1:(\d+)\s+test endpoints also on 127\.0\.0\.1:(\d+)/, stream: 'stdout' },
  );
  const bench = `http://127.0.0.1:${process_.match[2]}/test/`;  // stays open while the API refuses connections

  async function ask(name, body) {
    const response = await fetch(bench + name, body && { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  const server = {
    api: `http://127.0.0.1:${process_.match[1]}`,
    /** Gives `{workflows: [ids], tokens: {user: token}}`. */
    seed: (workflows = 1) => ask('seed', { workflows }),
    fault: (mode, more = {}) => ask('fault', { mode, ...more }),
    reset: () => ask('reset', {}),
    record: workflow => ask(`record?workflow=${encodeURIComponent(workflow)}`),
    requests: () => ask('requests'),
    /** How many completion requests reached the server, and how many had an effect. */
    async completions() {
      const { requests, submissions } = await ask('requests');
      const posts = requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/complete'));
      return { posts: posts.reduce((sum, { count }) => sum + count, 0), submissions };
    },
    stop: process_.stop,
    /** `documents` or `live`: which of them it is from now on. */
    profile: name => ask('profile', { name }),
    /** How payouts go: `ok`, `insufficient`, `fail`. */
    faucet: mode => ask('faucet', { mode }),
  };
  return server;
}
