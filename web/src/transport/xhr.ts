// SPDX-License-Identifier: MIT

import type { Clock, RequestPlan, Transport, TransportAnswer } from "../ports.js";
import { refuseForeign } from "./answer.js";
import { answerMsAfter, deadlineOf, stallMsDefault } from "./deadlines.js";

/** XMLHttpRequest: the only sender that tells how far a body is. */
export function byXhr(clock: Clock): Transport {
  return {
    send(plan, { signal, onProgress, ...limits } = {}) {
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const size = plan.body?.size ?? 0;
        const { stallMs = stallMsDefault, answerMs = answerMsAfter(size) } = limits;
        const xhr = new XMLHttpRequest();
        const abort = () => xhr.abort();
        const deadline = deadlineOf(clock, abort);
        const settle = (act: () => void) => () => {
          deadline.clear();
          signal?.removeEventListener("abort", abort);
          act();
        };
        const noAnswer = (what: string) => settle(() => reject(signal?.reason as Error ?? new TypeError(`No answer: ${what}`)));
        xhr.open(plan.method, plan.url);
        plan.headers.forEach((value, name) => xhr.setRequestHeader(name, value));
        xhr.responseType = "text";
        xhr.upload.onprogress = ({ loaded }) => {
          deadline.set(loaded >= size ? answerMs : stallMs);
          onProgress?.(Math.min(loaded, size), size);
        };
        xhr.onload = settle(() => {
          try {
            resolve(answerOf(xhr, plan));
          } catch (error) {
            reject(error as Error);
          }
        });
        xhr.onerror = noAnswer("network");
        xhr.onabort = noAnswer("aborted or too late");
        signal?.addEventListener("abort", abort, { once: true });
        deadline.set(stallMs + answerMs); // until the first progress: small bodies show none
        xhr.send(plan.body);
      });
    },
  };
}

function answerOf(xhr: XMLHttpRequest, plan: RequestPlan): TransportAnswer {
  if (xhr.status === 0) throw new TypeError("No answer: status 0");
  refuseForeign(plan.url, xhr.responseURL);
  return { status: xhr.status, headers: headersOf(xhr), text: xhr.responseText };
}

function headersOf(xhr: XMLHttpRequest): Headers {
  const headers = new Headers();
  for (const line of xhr.getAllResponseHeaders().split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return headers;
}
