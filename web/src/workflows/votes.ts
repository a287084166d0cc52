// SPDX-License-Identifier: MIT
// Voting. The documents tell what votes do; these paths are the live system's.

import type { RequestOptions, Votes } from "../field_types.js";
import type { WorkflowOutcome } from "../types.js";
import { copyKey } from "./copies.js";
import { ask, done, explain, read, type Parts } from "./operations.js";

const path = "/voters/workflows";

export function votesOf(parts: Parts): Votes {
  const get = (id: string, options: RequestOptions = {}): Promise<WorkflowOutcome> => read(parts, {
    method: "GET", path: `${path}/${encodeURIComponent(id)}`, operation: "vote", what: "workflow", kind: "workflow",
    key: copyKey.workflow(id),
  }, options);

  return {
    pending: (options = {}) => read(parts, {
      method: "GET", path, operation: "votes", kind: "workflows", key: copyKey.list("pending"),
    }, options),
    get,
    async cast(id, decision, options = {}) {
      const request = {
        method: "POST", path: `/workflows/${encodeURIComponent(id)}/votes`, body: { decision }, operation: "vote",
        what: "workflow", kind: "workflow",
      } as const;
      const answer = await ask(parts, request, options);
      const cast = answer && done(parts, request, answer);
      if (answer && cast) {
        await parts.copies.keep(copyKey.workflow(id), answer.text);
        return { ...cast, from: "server", readAtMs: parts.clock.nowMs() };
      }
      const now = await get(id, options);
      if (now.ok && now.from === "server" && now.value.votes?.my_decision === decision) return now;
      return explain(parts, request, answer);
    },
  };
}
