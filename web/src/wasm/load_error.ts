// SPDX-License-Identifier: MIT

import { LoadFailure, type LoadErrorCode, type LoadErrorFacts } from "./load_failure.js";

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

/** With words where it fails. */
export async function explained<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    throw error instanceof LoadFailure ? new SfluvLoadError(error.code, error.facts) : error;
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
