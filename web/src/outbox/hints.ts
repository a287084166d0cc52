// SPDX-License-Identifier: MIT

/** Things that may mean "the network is back". Hints only: they wake the queue and prove nothing. */
export function listenForHints(hint: () => void): () => void {
  const page = globalThis.document as Document | undefined;
  const onVisible = () => {
    if (page?.visibilityState === "visible") hint();
  };
  // Workers and Node have no page; where there are no events there are no hints.
  const scope = typeof globalThis.addEventListener === "function" ? globalThis : undefined;
  scope?.addEventListener("online", hint);
  scope?.addEventListener("pageshow", hint);
  page?.addEventListener("visibilitychange", onVisible);
  return () => {
    scope?.removeEventListener("online", hint);
    scope?.removeEventListener("pageshow", hint);
    page?.removeEventListener("visibilitychange", onVisible);
  };
}
