// SPDX-License-Identifier: MIT

import type { HostIssueCode, Issue } from "./types.js";

/** A refusal that the package itself found. */
export function refusal(
  code: HostIssueCode, params: Issue["params"] = {}, path = "",
): { ok: false; issue: Issue } {
  return { ok: false, issue: { code, path, params } };
}

/** Did the server refuse the person, not the request? Without a word it may mean the session or a role. */
export const isForbidden = ({ code, params }: Issue): boolean => (code === "signed_out" || code === "server_refused") && params["status"] === 403;
