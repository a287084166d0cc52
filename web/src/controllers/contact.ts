// SPDX-License-Identifier: MIT
// When the server was last heard: the only honest word about being online. `navigator.onLine` tells of a cable.

import type { Clock, Transport, TransportAnswer } from "../ports.js";
import { systemClock } from "../clock.js";
import { controllerOf, held, type Watched } from "./watched.js";

export interface ContactState {
  /** `null`: never, as far as this device remembers. */
  heardMs: number | null;
  /**
   * What the last request met: an answer of the API, silence, a page of somebody else (a network that wants a
   * sign-in), a session that is over, a policy to be accepted.
   */
  last: "nothing" | "answer" | "silence" | "portal" | "signed_out" | "policy";
}

export interface Contact extends Watched<ContactState>, Transport {
  /** The person has signed in again or accepted the policy: what was said about it is old. */
  forget(): void;
}

/** Whose room of the API an address is in; `""`: everybody's. */
const audienceOf = (url: string): string => /\/(improvers|proposers|voters)\//.exec(`${url}/`)?.[1] ?? "";

/** Looks at each request that goes through `inner`, and changes none. */
export function contactOf(inner: Transport, heardMs: number | null = null, clock: Clock = systemClock): Contact {
  const self = held<ContactState>({ heardMs, last: "nothing" });
  const open = new Set<string>();
  /** A room that was never open to a session which is good elsewhere: the role is missing, and the session is not over. */
  const isOfRole = (audience: string) => audience !== "" && open.size > 0 && !open.has(audience);
  return controllerOf(self, {
    forget: () => self.set({ last: "nothing" }),
    async send(plan, options) {
      try {
        const answer = await inner.send(plan, options);
        const meaning = meaningOf(answer);
        const audience = audienceOf(plan.url);
        if (meaning === "answer" && answer.status < 300) open.add(audience);
        const last = meaning === "signed_out" && isOfRole(audience) ? self.state.last : meaning;
        self.set(last === "portal" ? { last } : { last, heardMs: clock.nowMs() });
        return answer;
      } catch (error) {
        if (!options?.signal?.aborted) self.set({ last: "silence" });
        throw error;
      }
    },
  });
}

function meaningOf({ status, headers, text }: TransportAnswer): ContactState["last"] {
  if (headers.get("x-sfluv-auth-reason") === "privacy-policy-required") return "policy";
  if (status === 401 || (status === 403 && text.trim() === "")) return "signed_out";
  return /^\s*<(!doctype|html)/i.test(text) ? "portal" : "answer";
}
