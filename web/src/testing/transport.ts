// SPDX-License-Identifier: MIT

import type { RequestPlan, Transport } from "../ports.js";
import { textOfBytes } from "../store/bytes.js";

/** Answers a request, or throws (or never settles) where a network would give no answer. */
export type TransportHandler = (request: {
  method: string;
  /** Path and query of the address. */
  path: string;
  headers: Headers;
  /** The body; empty when there is none. */
  bytes: Uint8Array<ArrayBuffer>;
  /** The same as text. */
  text: string;
}) => Answer | Promise<Answer>;

interface Answer {
  status: number;
  headers?: HeadersInit;
  text?: string;
}

export interface MemoryTransport extends Transport {
  /** All requests so far, as `"POST /improvers/..."`. */
  readonly log: string[];
}

export function memoryTransport(handler: TransportHandler): MemoryTransport {
  const log: string[] = [];
  return {
    log,
    async send(plan: RequestPlan, { signal, onProgress } = {}) {
      signal?.throwIfAborted();
      const { pathname, search } = new URL(plan.url);
      const path = pathname + search;
      log.push(`${plan.method} ${path}`);
      const bytes = new Uint8Array(plan.body ? await plan.body.arrayBuffer() : []);
      if (bytes.length > 0) onProgress?.(bytes.length, bytes.length);
      const aborted = new Promise<never>((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      });
      aborted.catch(() => {}); // it may come when nobody waits any more
      const answer = await Promise.race([handler({ method: plan.method, path, headers: plan.headers, bytes, text: textOfBytes(bytes) }), aborted]);
      return { status: answer.status, headers: new Headers(answer.headers), text: answer.text ?? "" };
    },
  };
}
