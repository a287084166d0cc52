// SPDX-License-Identifier: MIT
// When each server was last heard, also over restarts: "last contact yesterday" is worth knowing without a network.
const heardKey = (apiBase: string) => `sfluv-field.heard ${apiBase}`;

export function heardBefore(apiBase: string): number | null {
  const kept = Number(localStorage.getItem(heardKey(apiBase)));
  return Number.isFinite(kept) && kept > 0 ? kept : null;
}

export function rememberHeard(apiBase: string, heardMs: number | null): void {
  if (heardMs !== null) localStorage.setItem(heardKey(apiBase), String(heardMs));
}
