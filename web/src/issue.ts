// SPDX-License-Identifier: MIT

import type { HostIssueCode, Issue } from "./types.js";

/** A refusal that the package itself found. */
export function refusal(
  code: HostIssueCode, params: Issue["params"] = {}, path = "",
): { ok: false; issue: Issue } {
  return { ok: false, issue: { code, path, params } };
}
