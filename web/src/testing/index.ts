// SPDX-License-Identifier: MIT
// Ports in memory, for hosts' tests and ours: no disk, no network, no real time. And what every port
// must do, as functions that throw, for hosts that bring their own.

export { fixedEntropy } from "./entropy.js";
export { manualClock } from "./clock.js";
export type { ManualClock } from "./clock.js";
export { memoryLocks } from "./locks.js";
export type { MemoryLocks } from "./locks.js";
export { memoryStore } from "./store.js";
export type { MemoryStore } from "./store.js";
export { memoryTransport } from "./transport.js";
export type { MemoryTransport, TransportHandler } from "./transport.js";
export { clockConformance } from "./conformance/clock.js";
export type { ClockMaker } from "./conformance/clock.js";
export type { ConformanceTest } from "./conformance/expect.js";
export { locksConformance } from "./conformance/locks.js";
export type { LocksMaker } from "./conformance/locks.js";
export { storeConformance } from "./conformance/store.js";
export type { StoreMaker } from "./conformance/store.js";
export { transportConformance, transportProbe } from "./conformance/transport.js";
export type { ProbeAnswer, ProbeRequest } from "./conformance/transport.js";
