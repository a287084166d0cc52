// SPDX-License-Identifier: MIT
// What every `Transport` promises, against a server that answers as `transportProbe` says.

import type { RequestPlan, Transport } from "../../ports.js";
import { expect, expectEqual, expectRejection, type ConformanceTest } from "./expect.js";

export interface ProbeRequest {
  method: string;
  /** Path of the address, without what comes before `/probe/`. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array;
}

/** `"drop"` ends the connection without a byte, `"silence"` leaves it open and says nothing. */
export type ProbeAnswer = { status: number; headers: Record<string, string>; text: string } | "drop" | "silence";

/** Digits that no JavaScript number holds, and letters of several bytes. */
const exactText = '{"wei":100000000000000000000,"letters":"ä漢🌲"}';

/** The server of these tests: mount it below any address, e.g. in a handler of `node:http`. */
export function transportProbe({ method, path, headers, body }: ProbeRequest): ProbeAnswer {
  const answer = (status: number, text: string, more: Record<string, string> = {}): ProbeAnswer =>
    ({ status, headers: { "content-type": "application/json", ...more }, text });
  const status = /^\/probe\/status\/(\d+)$/.exec(path)?.[1];
  if (status !== undefined) return answer(Number(status), "in its own words", { "x-sfluv-auth-reason": "policy" });
  switch (path) {
    case "/probe/exact": return answer(200, exactText);
    case "/probe/echo": {
      const { "content-type": type, "content-length": length, "transfer-encoding": coding, "x-of-the-host": host } = headers;
      const sum = body.reduce((total, byte) => (total * 31 + byte) >>> 0, 0);
      return answer(200, JSON.stringify({ method, type, length, coding, host, bytes: body.length, sum }));
    }
    case "/probe/drop": return "drop";
    case "/probe/silence": return "silence";
    default: return answer(404, "no such probe");
  }
}

interface Probed {
  transport: Transport;
  plan(path: string, change?: Partial<Pick<RequestPlan, "method" | "body">>): RequestPlan;
}

function bodyOf(size: number): Blob {
  const half = new Uint8Array(size >> 1).map((_, i) => i % 251);
  return new Blob(["[", half, new Blob([half])], { type: "application/json" });
}

async function sumOf(body: Blob): Promise<number> {
  return new Uint8Array(await body.arrayBuffer()).reduce((total, byte) => (total * 31 + byte) >>> 0, 0);
}

const promises: Record<string, (probed: Probed) => Promise<void>> = {
  async "gives the exact text of an answer"({ transport, plan }) {
    const answer = await transport.send(plan("exact"));
    expectEqual([answer.status, answer.text], [200, exactText], "the answer");
  },

  async "sends method, headers and the body's exact bytes, with their length told"({ transport, plan }) {
    for (const method of ["POST", "PUT"] as const) {
      const body = bodyOf(100_000);
      const { text } = await transport.send(plan("echo", { method, body }));
      expectEqual(JSON.parse(text), {
        method, type: "application/json", length: String(body.size), host: "yes", bytes: body.size, sum: await sumOf(body),
      }, "what arrived");
    }
  },

  async "sends all four methods without a body"({ transport, plan }) {
    for (const method of ["GET", "POST", "PUT", "DELETE"] as const) {
      const seen = JSON.parse((await transport.send(plan("echo", { method }))).text) as { method: string; bytes: number };
      expectEqual([seen.method, seen.bytes], [method, 0], "what arrived");
    }
  },

  async "takes a refusal for an answer, with its words and headers"({ transport, plan }) {
    for (const status of [400, 401, 403, 404, 409, 413, 422, 429, 500, 503]) {
      for (const body of [null, bodyOf(10)]) {
        const answer = await transport.send(plan(`status/${status}`, { method: "POST", body }));
        expectEqual([answer.status, answer.text, answer.headers.get("X-SFLUV-Auth-Reason")],
          [status, "in its own words", "policy"], "the answer");
      }
    }
  },

  async "rejects when there is no answer"({ transport, plan }) {
    await expectRejection(transport.send(plan("drop")), "a dropped connection");
    await expectRejection(transport.send(plan("drop", { method: "POST", body: bodyOf(10) })), "a dropped connection after a body");
  },

  async "ends at once when told to, before and while it waits"({ transport, plan }) {
    for (const body of [null, bodyOf(10)]) {
      await expectRejection(transport.send(plan("echo", { method: "POST", body }), { signal: AbortSignal.abort() }), "an aborted signal");
      const abort = new AbortController();
      const waiting = transport.send(plan("silence", { method: "POST", body }), { signal: abort.signal });
      setTimeout(() => abort.abort(), 50);
      await expectRejection(waiting, "an abort in the middle");
    }
  },

  async "tells progress that only grows, up to the body's size"({ transport, plan }) {
    const body = bodyOf(2_000_000);
    const told: [number, number][] = [];
    await transport.send(plan("echo", { method: "POST", body }), { onProgress: (sent, total) => told.push([sent, total]) });
    expect(told.every(([sent, total]) => total === body.size && sent > 0 && sent <= total), "progress beyond the body");
    expect(told.every(([sent], i) => i === 0 || sent >= told[i - 1]![0]), "progress went back");
  },
};

/** `url` is where `transportProbe` is mounted: `${url}/probe/...`. */
export function transportConformance(transport: Transport, url: string): ConformanceTest[] {
  const plan: Probed["plan"] = (path, { method = "GET", body = null } = {}) => ({
    method, body, url: `${url}/probe/${path}`,
    headers: new Headers({ "X-Of-The-Host": "yes", ...(body && { "Content-Type": body.type }) }),
  });
  return Object.entries(promises).map(([name, check]) => ({ name, run: () => check({ transport, plan }) }));
}
