// SPDX-License-Identifier: MIT

/**
 * - `not_reachable`: no answer for the address
 * - `http_status`: an answer, but not the file
 * - `not_wasm`: something else than WebAssembly, most often a page of HTML
 * - `not_compiled`: the browser refused it: too old, or a policy without `'wasm-unsafe-eval'`
 * - `wrong_version`: glue and module, or module and package, are of different versions
 * - `worker_failed`: the photo worker's script did not start
 */
export type LoadErrorCode =
  | "not_reachable" | "http_status" | "not_wasm" | "not_compiled" | "wrong_version" | "worker_failed";

export interface LoadErrorFacts {
  url?: string;
  status?: number;
  mime?: string;
  cause?: unknown;
}

/** What stands in the way of a module. Without words, because a worker waits for every byte of its script. */
export class LoadFailure extends Error {
  constructor(readonly code: LoadErrorCode, readonly facts: LoadErrorFacts = {}) {
    super(code, facts.cause === undefined ? undefined : { cause: facts.cause });
  }
}
