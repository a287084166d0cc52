// SPDX-License-Identifier: MIT
// The transport of browsers: XMLHttpRequest for bodies, since only that tells how far a body is,
// `fetch` for all else.

import { systemClock } from "../clock.js";
import type { Clock, Transport } from "../ports.js";
import { fromFetch } from "./from_fetch.js";
import { byXhr } from "./xhr.js";

export function webTransport(clock: Clock = systemClock): Transport {
  const blind = fromFetch((url, init) => fetch(url, init), clock);
  const told = typeof XMLHttpRequest === "function" ? byXhr(clock) : blind;
  return { send: (plan, options) => (plan.body ? told : blind).send(plan, options) };
}
