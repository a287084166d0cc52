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

/** A module could not be loaded: a matter of deployment, not of the person's input. */
export class SfluvLoadError extends Error {
  override readonly name = "SfluvLoadError";
  readonly url: string | undefined;
  readonly status: number | undefined;
  readonly mime: string | undefined;

  constructor(readonly code: LoadErrorCode, facts: LoadErrorFacts = {}) {
    super(explain(code, facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.url = facts.url;
    this.status = facts.status;
    this.mime = facts.mime;
  }
}

function explain(code: LoadErrorCode, { url, status, mime }: LoadErrorFacts): string {
  const what = url ?? "the bytes given";
  switch (code) {
    case "not_reachable": return `No answer for ${what}: is it deployed, and in the offline cache?`;
    case "http_status": return `${what} answered ${status ?? "an error"}: is the file deployed beside the script?`;
    case "not_wasm":
      return `${what} is not WebAssembly but ${mime ?? "something else"}: does the server answer missing files with a page?`;
    case "not_compiled":
      return `The browser did not compile ${what}: a policy without 'wasm-unsafe-eval', or a browser below the floor`;
    case "wrong_version": return `${what} is of another version than the script: clear the cache, or deploy both together`;
    case "worker_failed": return `The photo worker (${what}) did not start`;
  }
}
