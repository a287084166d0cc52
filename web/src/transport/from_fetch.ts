// SPDX-License-Identifier: MIT
// A transport made of a function like `fetch`: a host's own client that signs requests, renews
// sessions, or counts.

import { systemClock } from "../clock.js";
import type { Clock, RequestPlan, Transport, TransportAnswer } from "../ports.js";
import { refuseForeign } from "./answer.js";
import { blindMs, deadlineOf } from "./deadlines.js";

export type FetchLike = (url: string, init: RequestInit) => Promise<Response>;

/** Such a client tells nothing of its progress, so a request is bounded as a whole. */
export function fromFetch(fetchLike: FetchLike, clock: Clock = systemClock): Transport {
  async function exchange({ url, method, headers, body }: RequestPlan, signal: AbortSignal): Promise<TransportAnswer> {
    const response = await fetchLike(url, { method, headers, body, signal, credentials: "omit", cache: "no-store" });
    refuseForeign(url, response.url);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
  return {
    async send(plan, { signal, answerMs } = {}) {
      signal?.throwIfAborted();
      const ending = new AbortController();
      const end = () => ending.abort(signal?.reason);
      const deadline = deadlineOf(clock, end);
      deadline.set(blindMs(plan, answerMs));
      signal?.addEventListener("abort", end, { once: true });
      try {
        // Ended here as well, for clients that pass the signal on to nobody.
        return await Promise.race([exchange(plan, ending.signal), aborted(ending.signal)]);
      } finally {
        deadline.clear();
        signal?.removeEventListener("abort", end);
      }
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }));
}
