// SPDX-License-Identifier: MIT
// The network between a page and its server, as bad as a test wants it: cut at any byte of a request or an answer,
// silence, other people's answers. Bytes pass unchanged, so what the server did is its own word.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * One fault of one request. Positions count from the first byte of the request or answer.
 * - cutRequest: so many bytes reach the server, then both connections end
 * - cutAnswer: the server does its work, so many bytes of its answer reach the page
 * - answer: `{status, headers?, body?}` in the server's place; with `commit` the server does its work first
 * - raw: these bytes in the server's place, then the end
 * - silence: the request is taken and nothing is ever said; with `commit` the server does its work
 * - delayMs: the answer comes late
 * - reset: cuts are RST instead of FIN
 */
const noFault = {};

function headOf(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first, ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const [method, path] = first.split(' ');
  const headers = Object.fromEntries(lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  return { method, path, headers, headBytes: end + 4, bytes: end + 4 + Number(headers['content-length'] ?? 0) };
}

function answerBytes({ status, headers = {}, body = '' }, origin) {
  const all = {
    'Content-Type': 'text/plain', ...headers,
    'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': 'Retry-After, X-SFLUV-Auth-Reason',
    'Content-Length': Buffer.byteLength(body),
  };
  return `HTTP/1.1 ${status} Said\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

/**
 * `decide({method, path, headers, nth})` gives the fault of a request, `nth` counting those of the same method and path
 * from 1; nothing lets it pass. `seen` lists all requests that arrived, whole or in part.
 */
export async function startFaultProxy(target, decide = () => undefined) {
  const upstream = new URL(target);
  const seen = [];
  const sockets = new Set();
  const counts = new Map();
  const proxy = { decide, seen, url: '', stop };

  function faultOf(head) {
    const key = `${head.method} ${head.path}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    seen.push({ method: head.method, path: head.path, nth, bytes: head.bytes });
    return (head.method !== 'OPTIONS' && proxy.decide({ ...head, nth })) || noFault;
  }

  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    void serve(socket).catch(() => socket.destroy());
  });

  async function serve(socket) {
    let rest = Buffer.alloc(0);
    for (;;) {
      let head;
      while (!(head = headOf(rest))) {
        const more = await nextChunk(socket);
        if (!more) return socket.destroy();
        rest = Buffer.concat([rest, more]);
      }
      const fault = faultOf(head);
      rest = await exchange(socket, head, rest, fault);
      if (!rest) return;
    }
  }

  /** Gives what arrived after the request, or nothing when the connection is over. */
  async function exchange(socket, head, first, fault) {
    const cut = () => (fault.reset ? socket.resetAndDestroy() : socket.destroy());
    const reaches = fault.commit || !(fault.answer || fault.raw || fault.silence);
    const limit = Math.min(fault.cutRequest ?? head.bytes, head.bytes);
    const link = reaches && limit > 0 ? await linked() : undefined;
    const answered = link && whole(link);
    let read = first.length;
    link?.write(first.subarray(0, limit));
    let rest = first.subarray(Math.min(read, head.bytes));
    while (read < limit) {
      const more = await nextChunk(socket);
      if (!more) return void link?.destroy(); // the page went away
      link?.write(more.subarray(0, Math.max(0, limit - read)));
      rest = more.subarray(Math.max(0, Math.min(more.length, head.bytes - read)));
      read += more.length;
    }
    if (fault.cutRequest !== undefined) {
      link?.end();
      return void cut();
    }
    const answer = await answered;
    link?.destroy();
    if (fault.silence) return void (await once(socket, 'close'));
    if (fault.raw !== undefined) return void socket.end(fault.raw);
    if (fault.delayMs) await new Promise(done => setTimeout(done, fault.delayMs));
    if (fault.cutAnswer !== undefined) {
      if (fault.cutAnswer > 0) await new Promise(done => socket.write(answer.subarray(0, fault.cutAnswer), done));
      return void (fault.reset ? socket.resetAndDestroy() : socket.end());
    }
    socket.write(fault.answer ? answerBytes(fault.answer, head.headers.origin ?? '*') : answer);
    return rest;
  }

  async function linked() {
    const link = connect(Number(upstream.port), upstream.hostname);
    sockets.add(link);
    link.on('close', () => sockets.delete(link));
    link.on('error', () => {});
    await once(link, 'connect');
    return link;
  }

  async function stop() {
    server.close();
    for (const socket of sockets) socket.destroy();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy.url = `http://127.0.0.1:${server.address().port}`;
  return proxy;
}

/** The next bytes of a socket; nothing when it ends. */
async function nextChunk(socket) {
  for (;;) {
    const chunk = socket.read();
    if (chunk) return chunk;
    if (socket.readableEnded || socket.destroyed) return undefined;
    await new Promise(done => {
      const settle = () => {
        for (const name of ['readable', 'end', 'close']) socket.off(name, settle);
        done();
      };
      for (const name of ['readable', 'end', 'close']) socket.on(name, settle);
    });
  }
}

/** The one answer that comes over a link, whole. */
async function whole(link) {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const head = headOf(bytes);
    if (head && bytes.length >= head.bytes) return bytes.subarray(0, head.bytes);
    const more = await nextChunk(link);
    if (!more) return bytes;
    bytes = Buffer.concat([bytes, more]);
  }
}
