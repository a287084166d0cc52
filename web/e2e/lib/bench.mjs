// SPDX-License-Identifier: MIT
// The package in a real browser, a real server, and a bad network between them.
import { fileURLToPath } from 'node:url';

import { serveFiles } from './app_server.mjs';
import { startFaultProxy } from './fault_proxy.mjs';
import { improver, startReferenceServer } from './reference_server.mjs';

const here = path => fileURLToPath(new URL(path, import.meta.url));

export const serveBench = () => serveFiles({ '/dist/': here('../../dist/'), '/': here('../bench_page/') });

/** A server with `count` park clean-ups that the improver has claimed and begun, behind a proxy. */
export async function startWorld(origin, count = 1) {
  const server = await startReferenceServer({ allowOrigin: origin });
  const proxy = await startFaultProxy(server.api);
  const { workflows, tokens } = await server.seed(count);
  const ask = async (method, path) => {
    const response = await fetch(server.api + path, { method, headers: { Authorization: `Bearer ${tokens[improver]}` } });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const stepOf = new Map();
  for (const id of workflows) {
    const step = (await ask('GET', `/workflows/${id}`)).steps[0].id;
    stepOf.set(id, step);
    for (const operation of ['claim', 'start']) await ask('POST', `/improvers/workflows/${id}/steps/${step}/${operation}`);
  }
  return {
    sinceMs: Date.now(),
    server, proxy, workflows, tokens, token: tokens[improver],
    /** What the server holds of a workflow's first step. */
    async submission(id) {
      const { workflow } = await server.record(id);
      return workflow.steps[0].submission ?? null;
    },
    /** How many completions of a workflow arrived at the proxy, whole or in part. */
    posts: id => proxy.seen.filter(({ method, path }) => method === 'POST' && path.includes(`/${id}/`) && path.endsWith('/complete')).length,
    stop: async () => {
      await proxy.stop();
      await server.stop();
    },
  };
}

/**
 * A page of the package in a tab of an engine. Its time runs `speed` times as fast, since quiet periods are long; all
 * pages of one bench agree on it.
 */
export async function openPage(engine, app, world, { account = improver, token = world.tokens[account], speed = 20, ...options } = {}) {
  const tab = await engine.tab(`${app.origin}/`);
  await until('the bench', () => tab.run(() => 'bench' in globalThis), 120_000);
  const issue = await tab.run(settings => bench.open(settings), {
    api: world.proxy.url, account, token, speed, sinceMs: world.sinceMs, ...options,
  });
  const page = {
    ...tab,
    issue,
    submit: (workflow, answers = {}) => tab.run((id, more) => bench.submit(id, more), workflow, answers),
    records: () => tab.run(() => bench.records()),
    record: async id => (await page.records()).find(record => record.id === id),
    /** Until a record stands in one of these states. */
    async reaches(id, states, timeoutMs = 60_000) {
      let last;
      await until(`${id} is ${states}`, async () => [states].flat().includes((last = await page.record(id))?.state), timeoutMs).catch(error => {
        throw new Error(`${error.message}; it is ${JSON.stringify(last)}`);
      });
      return last;
    },
  };
  return page;
}

export async function until(what, ask, timeoutMs = 30_000) {
  for (const end = Date.now() + timeoutMs; ; ) {
    const seen = await ask();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
    await new Promise(done => setTimeout(done, 50));
  }
}
