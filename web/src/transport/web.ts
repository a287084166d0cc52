// SPDX-License-Identifier: MIT
// The transport of browsers: `fetch` for reading, XMLHttpRequest for bodies, since only that tells how
// far a body is. Every request ends by our own clock: browsers were seen to wait and to send for ever.

import type { RequestPlan, Transport, TransportAnswer, TransportOptions } from "../ports.js";

const readMsMax = 30_000;
/** No byte moved for this long: the connection is dead. */
const stallMs = 45_000;
/** The server pays out before it answers. */
const answerMs = 120_000;
/** Progress runs ahead of the wire by what the operating system buffers. */
const bufferedBytesMax = 4 << 20;
const slowBytesPerMs = 20;
const blindMsMax = 15 * 60_000;

export function webTransport(): Transport {
  return {
    send: (plan, options = {}) =>
      plan.body && typeof XMLHttpRequest === "function" ? sendByXhr(plan, plan.body, options) : sendByFetch(plan, options),
  };
}

/** How long an answer may take once the last byte was handed over. */
function answerMsAfter(bodyBytes: number): number {
  return answerMs + Math.min(bodyBytes, bufferedBytesMax) / slowBytesPerMs;
}

async function sendByFetch(plan: RequestPlan, { signal }: TransportOptions): Promise<TransportAnswer> {
  const deadline = new AbortController();
  const end = () => deadline.abort();
  // Without progress the whole is bounded: a minute, and the body at a slow phone's pace.
  const ms = plan.body ? Math.min(blindMsMax, 60_000 + plan.body.size / slowBytesPerMs) : readMsMax;
  const timer = setTimeout(end, ms);
  signal?.addEventListener("abort", end, { once: true });
  try {
    signal?.throwIfAborted();
    const response = await fetch(plan.url, {
      method: plan.method, headers: plan.headers, body: plan.body, signal: deadline.signal,
      credentials: "omit", cache: "no-store",
    });
    refuseForeign(plan.url, response.url);
    return { status: response.status, headers: response.headers, text: await response.text() };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

function sendByXhr(plan: RequestPlan, body: Blob, { signal, onProgress }: TransportOptions): Promise<TransportAnswer> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const xhr = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const endIn = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => xhr.abort(), ms);
    };
    const abort = () => xhr.abort();
    const settle = (act: () => void) => () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      act();
    };
    const noAnswer = (what: string) => settle(() => reject(signal?.reason as Error ?? new TypeError(`No answer: ${what}`)));
    xhr.open(plan.method, plan.url);
    plan.headers.forEach((value, name) => xhr.setRequestHeader(name, value));
    xhr.responseType = "text";
    xhr.upload.onprogress = ({ loaded }) => {
      endIn(loaded >= body.size ? answerMsAfter(body.size) : stallMs);
      onProgress?.(Math.min(loaded, body.size), body.size);
    };
    xhr.onload = settle(() => {
      try {
        if (xhr.status === 0) throw new TypeError("No answer: status 0");
        refuseForeign(plan.url, xhr.responseURL);
        resolve({ status: xhr.status, headers: headersOf(xhr), text: xhr.responseText });
      } catch (error) {
        reject(error as Error);
      }
    });
    xhr.onerror = noAnswer("network");
    xhr.onabort = noAnswer("aborted or too late");
    signal?.addEventListener("abort", abort, { once: true });
    endIn(stallMs + answerMsAfter(body.size)); // until the first progress: small bodies show none
    xhr.send(body);
  });
}

/** An answer that another origin gave after a redirect is none of this API's. */
function refuseForeign(asked: string, answered: string): void {
  if (answered && new URL(answered).origin !== new URL(asked).origin) throw new TypeError("No answer: redirected away");
}

function headersOf(xhr: XMLHttpRequest): Headers {
  const headers = new Headers();
  for (const line of xhr.getAllResponseHeaders().split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return headers;
}
