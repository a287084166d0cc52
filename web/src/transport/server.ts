// SPDX-License-Identifier: MIT
// Requests to the API of one account: the host's headers, asked anew before each of them.

import type { FieldOptions } from "../field_types.js";
import type { Clock, RequestPlan, Transport, TransportAnswer, TransportOptions } from "../ports.js";

export interface RequestOptions extends TransportOptions {
  /** Asked last of all, when only the sending is left to do; when it rejects nothing is sent. */
  ready?: () => Promise<void>;
}

export interface Server {
  /** Rejects when there is no answer, also when the host gave no headers. */
  request(method: RequestPlan["method"], path: string, body: Blob | null, options?: RequestOptions): Promise<TransportAnswer>;
}

/** A host that asks for a sign-in nobody answers must not hold the queue for ever. */
const headersMsMax = 30_000;

export function serverOf(
  { apiBase, profile, token, headers }: Pick<FieldOptions, "apiBase" | "profile" | "token" | "headers">, transport: Transport,
  clock: Clock,
): Server {
  // A relative address is one of the page's own server.
  const base = new URL(apiBase, globalThis.location?.href).href.replace(/\/+$/, "");
  return {
    async request(method, path, body, { ready, ...options } = {}) {
      const given = await within(headersMsMax, clock, hostHeaders(profile, token, headers));
      if (body) given.set("Content-Type", body.type);
      await ready?.();
      return transport.send({ method, url: base + path, headers: given, body }, options);
    },
  };
}

/** The same server, which tells of each workflow that is read: id and exact text. */
export function readingServer(server: Server, isRead: (workflowId: string, document: string) => void): Server {
  return {
    async request(method, path, body, options) {
      const answer = await server.request(method, path, body, options);
      const id = method === "GET" && answer.status === 200 ? /^\/workflows\/([^/?]+)$/.exec(path)?.[1] : undefined;
      if (id !== undefined) isRead(decodeURIComponent(id), answer.text);
      return answer;
    },
  };
}

async function hostHeaders(
  profile: FieldOptions["profile"], token: FieldOptions["token"], headers: FieldOptions["headers"],
): Promise<Headers> {
  const given = new Headers(await headers?.());
  if (!token) return given;
  // The live system knows no bearer tokens (rulebook D).
  if (profile === "live") given.set("Access-Token", await token());
  else given.set("Authorization", `Bearer ${await token()}`);
  return given;
}

function within<T>(ms: number, clock: Clock, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(new Error("The host gave no headers in time")));
    work.then(resolve, reject).finally(cancel);
  });
}

/** `Retry-After` as seconds or a date; nothing where it is absent or another origin may not read it. */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const value = headers.get("retry-after");
  if (!value) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms)) : undefined;
}
