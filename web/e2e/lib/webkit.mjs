// SPDX-License-Identifier: MIT
// WebKit (the GTK port's MiniBrowser) by a W3C WebDriver client of a page's length.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';

import { inside } from './inside.mjs';
import { findOnPath, scratchDirectory, start } from './processes.mjs';

const miniBrowsers = ['x86_64', 'aarch64'].flatMap(machine =>
  ['4.1', '4.0', '6.0'].map(api => `/usr/lib/${machine}-linux-gnu/webkit2gtk-${api}/MiniBrowser`),
);

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs one work after the other. */
function inTurn() {
  let last = Promise.resolve();
  return work => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}

const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

export async function openWebKit() {
  const binary = miniBrowsers.find(path => existsSync(path));
  if (!binary) throw new Error('MiniBrowser of webkit2gtk is missing; run ./emsdk-setup.sh --host test');
  const home = scratchDirectory('webkit');
  // Xvfb picks a free display and writes its number to the descriptor we name.
  const screen = await start(findOnPath('Xvfb'), ['-displayfd', '1', '-screen', '0', '800x1000x24', '-nolisten', 'tcp'], {
    ready: /(\d+)\n/,
    stream: 'stdout',
  });
  const port = await freePort();
  const driver = await start(findOnPath('WebKitWebDriver'), [`--port=${port}`, '--host=127.0.0.1'], {
    env: {
      ...process.env,
      HOME: home,
      XDG_RUNTIME_DIR: home,
      DISPLAY: `:${screen.match[1]}`,
      GDK_BACKEND: 'x11',
      LIBGL_ALWAYS_SOFTWARE: '1',
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
      NO_AT_BRIDGE: '1',
    },
  });

  async function call(method, path, body) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value?.error} ${value?.message}`);
    return value;
  }

  async function untilListening() {
    for (let attempt = 0; ; attempt++) {
      try {
        return await call('GET', '/status');
      } catch (error) {
        if (attempt === 50) throw new Error(`WebKitWebDriver does not answer: ${error.message}\n${driver.output}`);
        await new Promise(done => setTimeout(done, 100));
      }
    }
  }
  await untilListening();
  const session = await call('POST', '/session', {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } } },
  });
  const here = `/session/${session.sessionId}`;
  await call('POST', `${here}/timeouts`, { script: 60_000, pageLoad: 30_000 });

  // One window at a time hears the driver.
  const one = inTurn();
  const within = (window, work) => one(async () => {
    await call('POST', `${here}/window`, { handle: window });
    return work();
  });

  const first = await call('GET', `${here}/window`);

  return {
    newWindow: async () => (await within(first, () => call('POST', `${here}/window/new`, { type: 'tab' }))).handle,
    openIn: (window, address) => within(window, () => call('POST', `${here}/url`, { url: address })),
    closeWindow: window => within(window, () => call('DELETE', `${here}/window`)),
    /** Waits for what `source` promises, unlike `run`. */
    async runIn(window, source, ...values) {
      const script = `const done = arguments[1]; Promise.resolve((${source})(...arguments[0])).then(value => done({ value: value ?? null }), error => done({ error: String(error) }));`;
      const { value, error } = await within(window, () => call('POST', `${here}/execute/async`, { script, args: [values] }));
      if (error !== undefined) throw new Error(error);
      return value;
    },
    name: 'WebKit',
    version: session.capabilities.browserVersion,
    open: address => call('POST', `${here}/url`, { url: address }),
    run: (source, ...values) =>
      call('POST', `${here}/execute/sync`, { script: `return (${source})(...arguments)`, args: values }),
    async choose(selector, path) {
      const script = `return (${inside((all, selector) => all(selector)[0])})(...arguments)`;
      const element = await call('POST', `${here}/execute/sync`, { script, args: [selector] });
      await call('POST', `${here}/element/${element[elementKey]}/value`, { text: path });
    },
    async close() {
      await call('DELETE', here).catch(() => {});
      await driver.stop();
      await screen.stop();
    },
  };
}
