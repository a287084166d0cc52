// SPDX-License-Identifier: MIT
// What every `Locks` promises.

import type { Locks } from "../../ports.js";
import { expect, expectEqual, expectRejection, type ConformanceTest } from "./expect.js";

/** Two users of the same locks, as two pages are. */
export type LocksMaker = () => Promise<[Locks, Locks]>;

interface Holding {
  /** What `alone` answered. */
  answer: Promise<boolean>;
  lost: AbortSignal;
  release(): void;
}

/** Resolves once the work runs, which goes on until it is released. */
async function hold(locks: Locks, name: string, options?: { steal?: boolean }): Promise<Holding> {
  let release = () => {};
  let answer = Promise.resolve(false);
  const lost = await new Promise<AbortSignal>((isRunning, reject) => {
    answer = locks.alone(name, (signal) => {
      isRunning(signal);
      return new Promise((resolve) => { release = resolve; });
    }, options);
    answer.then(() => reject(new Error("another one holds the lock")), reject);
  });
  return { answer, lost, release: () => release() };
}

const nothing = async () => {};

const promises: Record<string, (one: Locks, other: Locks) => Promise<void>> = {
  async "runs one at a time under a name, and says so at once"(one, other) {
    const held = await hold(one, "a");
    for (const locks of [one, other]) expectEqual(await locks.alone("a", nothing), false, "while it is held");
    expectEqual(await other.alone("b", nothing), true, "under another name");
    held.release();
    expectEqual(await held.answer, true, "of the holder");
    expectEqual(await other.alone("a", nothing), true, "after it was released");
  },

  async "is free again after work that failed, and says why it did"(one, other) {
    const error = await expectRejection(one.alone("a", () => Promise.reject(new Error("mine"))), "failed work");
    expectEqual((error as Error).message, "mine", "message");
    expectEqual(await other.alone("a", nothing), true, "afterwards");
  },

  async "lets itself be stolen: the robbed is told, and the thief is alone"(one, other) {
    const robbed = await hold(one, "a");
    const thief = await hold(other, "a", { steal: true });
    if (!robbed.lost.aborted) await new Promise((resolve) => robbed.lost.addEventListener("abort", resolve, { once: true }));
    expectEqual(await one.alone("a", nothing), false, "while the thief holds it");
    robbed.release();
    expectEqual(await robbed.answer, true, "of the robbed, whose work did run");
    expectEqual(await one.alone("a", nothing), false, "after the robbed ended");
    thief.release();
    expectEqual(await thief.answer, true, "of the thief");
    expect(!thief.lost.aborted, "the thief was not robbed");
  },

  async "steals what nobody holds"(one) {
    expectEqual(await one.alone("a", nothing, { steal: true }), true, "steal");
  },
};

export function locksConformance(make: LocksMaker): ConformanceTest[] {
  return Object.entries(promises).map(([name, check]) => ({ name, run: async () => check(...await make()) }));
}
