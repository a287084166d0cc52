// SPDX-License-Identifier: MIT
// Expectations without a test runner: plain async functions that throw.

/** One promise of a port. `run` rejects with what was seen instead. */
export interface ConformanceTest {
  name: string;
  run(): Promise<void>;
}

export function expect(isSo: boolean, what: string): asserts isSo {
  if (!isSo) throw new Error(what);
}

export function expectEqual(seen: unknown, wanted: unknown, what: string): void {
  const [a, b] = [shown(seen), shown(wanted)];
  expect(a === b, `${what}: ${a} instead of ${b}`);
}

/** Rejects unless `work` does; gives what it rejected with. */
export async function expectRejection(work: Promise<unknown>, what: string): Promise<unknown> {
  const seen = await work.then((value) => ({ value }), (error: unknown) => ({ error }));
  if ("value" in seen) throw new Error(`${what}: ${shown(seen.value)} instead of a rejection`);
  return seen.error;
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (part instanceof Uint8Array ? [...part] : part)) ?? "undefined";
}
