// SPDX-License-Identifier: MIT
// What every `Clock` promises.

import type { Clock } from "../../ports.js";
import { expect, expectEqual, type ConformanceTest } from "./expect.js";

/** A clock, and how to let its time pass: by waiting, or by turning its hands. */
export type ClockMaker = () => { clock: Clock; pass: (ms: number) => Promise<void> };

const promises: Record<string, (made: ReturnType<ClockMaker>) => Promise<void>> = {
  async "tells milliseconds since 1970 that grow as time passes"({ clock, pass }) {
    const before = clock.nowMs();
    expect(before > Date.UTC(2020) && before < Date.UTC(2200), `${before} is no time of ours in milliseconds`);
    await pass(20);
    const passed = clock.nowMs() - before;
    expect(passed >= 10 && passed < 10_000, `${passed} ms passed instead of 20`);
  },

  async "runs once, later, in the order of time"({ clock, pass }) {
    const ran: string[] = [];
    clock.after(40, () => ran.push("second"));
    clock.after(10, () => ran.push("first"));
    clock.after(0, () => ran.push("at once"));
    expectEqual(ran, [], "before time passed");
    await pass(100);
    expectEqual(ran, ["at once", "first", "second"], "after it passed");
  },

  async "does not run what was cancelled; a late cancel does no harm"({ clock, pass }) {
    let runs = 0;
    const cancel = clock.after(10, () => { runs += 1; });
    clock.after(10, () => { runs += 1; })();
    await pass(50);
    cancel();
    expectEqual(runs, 1, "runs");
  },

  async "waits for more than a timer of 32 bits holds"({ clock, pass }) {
    let runs = 0;
    const cancel = clock.after(2 ** 32, () => { runs += 1; });
    await pass(30);
    cancel();
    expectEqual(runs, 0, "runs after 30 ms instead of 50 days");
  },
};

export function clockConformance(make: ClockMaker): ConformanceTest[] {
  return Object.entries(promises).map(([name, check]) => ({ name, run: () => check(make()) }));
}
