// SPDX-License-Identifier: MIT
// Serves the built page as a careful host would: right types, the strict policy as a header, nothing else.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { once } from 'node:events';

import { contentSecurityPolicy } from '../../app/content_security_policy.mjs';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

const strictPolicy = () => `${contentSecurityPolicy()}; frame-ancestors 'none'; report-uri /csp-report`;

/**
 * `mounts`: address prefix -> directory, the longest prefix first. `keep: false` forbids every cache, for cold measurements.
 * `policy: null` is a host that forbids nothing.
 * `violations` collects what browsers report: a header policy sees workers and service workers too, a listener in the page does not.
 */
export async function serveFiles(mounts, { port = 0, keep = true, policy = strictPolicy() } = {}) {
  const violations = [];

  function cacheControl(path) {
    if (!keep) return 'no-store';
    // Hashed names may be kept for ever; the page and the service worker's script must be asked for anew.
    return path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  }

  function fileAt(path) {
    const [prefix, place] = Object.entries(mounts).find(([prefix]) => path.startsWith(prefix)) ?? [];
    if (!place) return undefined;
    const rest = normalize(`/${path.slice(prefix.length)}`);
    return rest === '/' && extname(place) ? place : join(place, rest.endsWith('/') ? `${rest}index.html` : rest);
  }

  async function answer(request, response) {
    const path = decodeURIComponent(new URL(request.url, 'http://app').pathname);
    if (policy) response.setHeader('Content-Security-Policy', policy);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    if (path === '/csp-report') {
      let report = '';
      for await (const chunk of request) report += chunk;
      violations.push(report);
      return response.writeHead(204).end();
    }
    const file = fileAt(path);
    const bytes = file && (await readFile(file).catch(() => undefined));
    if (!bytes) return response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found');
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Cache-Control': cacheControl(path) });
    response.end(bytes);
  }

  let server;
  const app = {
    violations,
    async start() {
      server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      ({ port } = server.address());  // the same again after a stop: another port would be another origin
      app.origin = `http://127.0.0.1:${port}`;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  await app.start();
  return app;
}
