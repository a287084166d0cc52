// SPDX-License-Identifier: MIT
// Ports in memory, for hosts' tests and ours: no disk, no network, no real time.

export { fixedEntropy } from "./entropy.js";
export { manualClock } from "./clock.js";
export type { ManualClock } from "./clock.js";
export { memoryStore } from "./store.js";
export type { MemoryStore } from "./store.js";
export { memoryTransport } from "./transport.js";
export type { MemoryTransport, TransportHandler } from "./transport.js";
