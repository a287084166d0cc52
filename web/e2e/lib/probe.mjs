// SPDX-License-Identifier: MIT
// The server that a transport's promises are held against.
import { once } from 'node:events';
import { createServer } from 'node:http';

import { transportProbe } from '../../dist/testing/index.js';

export async function serveProbe(origin) {
  const cors = {
    'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
    'Access-Control-Allow-Headers': 'Content-Type, X-Of-The-Host', 'Access-Control-Expose-Headers': 'X-SFLUV-Auth-Reason',
  };
  async function answer(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.method === 'OPTIONS') return response.writeHead(204, cors).end();
    const said = transportProbe({ method: request.method, path: request.url, headers: request.headers, body: Buffer.concat(chunks) });
    if (said === 'drop') response.destroy();
    else if (said !== 'silence') response.writeHead(said.status, { ...said.headers, ...cors }).end(said.text);
  }
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
