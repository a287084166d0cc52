// SPDX-License-Identifier: MIT
// Runs what the core's queue asks for, in its order, and tells it what came of it. No decision about
// sending, waiting or believing is made here.

import { entropyNumber } from "../clock.js";
import { StoreError, type Clock, type Entropy, type Store } from "../ports.js";
import type { RulesModule } from "../rules/load.js";
import type { PhotoStore } from "../store/photos.js";
import { retryAfterMs, type Server } from "../transport/server.js";
import type { Issue } from "../types.js";
import { bodyFromParts } from "./body.js";
import type { AdvanceReply, Effect, OutboxEvent } from "./effects.js";
import type { Entry } from "./entries.js";

export interface Driver {
  rules: RulesModule;
  /** Pauses of all records; opaque bytes, replaced by each step. */
  queue: { bytes: Uint8Array };
  store: Store;
  photos: PhotoStore;
  server: Server;
  clock: Clock;
  entropy: Entropy;
  signal(): AbortSignal;
  changed(entry: Entry, isDurable: boolean): void;
  progressed(entry: Entry, sentBytes: number, totalBytes: number): void;
}

/** What `drive` ended with: nothing more to do, the core's refusal, or another page's change. */
export type Driven = "done" | "overtaken" | Issue;

/** `isTaken` is called with the core's first answer, before any of its effects is run. */
export async function drive(
  driver: Driver, entry: Entry, first: OutboxEvent, isTaken?: (refusal?: Issue) => void,
): Promise<Driven> {
  const events = [first];
  for (let event = events.shift(); event; event = events.shift()) {
    const reply = advance(driver, entry, event);
    const refusal = "issue" in reply ? reply.issue : undefined;
    if (event === first) isTaken?.(refusal);
    if ("issue" in reply) return reply.issue;
    for (const effect of reply.effects) {
      const outcome = await run(driver, entry, effect);
      if (outcome === "overtaken") return "overtaken";
      if (outcome) events.push(outcome);
    }
  }
  return "done";
}

function advance(driver: Driver, entry: Entry, event: OutboxEvent): AdvanceReply {
  const { body = "", ...facts } = event as OutboxEvent & { body?: string };
  const input = JSON.stringify({ ...facts, now_ms: driver.clock.nowMs(), entropy: entropyNumber(driver.entropy) });
  const { queue, record, summary, json } = driver.rules.outbox_advance(driver.queue.bytes, entry.record, input, body);
  const reply = JSON.parse(json) as AdvanceReply;
  if ("issue" in reply) return reply;
  driver.queue.bytes = queue;
  if (record.length > 0) Object.assign(entry, { record, summary });
  entry.view = reply.view;
  driver.changed(entry, false);
  return reply;
}

function run(driver: Driver, entry: Entry, effect: Effect): Promise<OutboxEvent | "overtaken" | undefined> {
  switch (effect.type) {
    case "persist": return persist(driver, entry, effect.token);
    case "read": return read(driver, effect.path);
    case "send": return send(driver, entry, effect);
    case "remove": return remove(driver, effect.photos);
    case "wake_at": return Promise.resolve(undefined); // the summary says the same to `outbox_next`
  }
}

export async function persist(driver: Driver, entry: Entry, token: number): Promise<OutboxEvent | "overtaken"> {
  const { id, record, summary, stored } = entry;
  try {
    await driver.store.write(
      [{ table: "records", key: id, bytes: record }, { table: "summaries", key: id, bytes: summary }],
      [{ table: "records", key: id, bytes: stored }]);
  } catch (error) {
    if (error instanceof StoreError && error.reason === "conflict") return "overtaken";
    return { type: "store_failed", token };
  }
  entry.stored = record;
  driver.changed(entry, true);
  return { type: "stored", token };
}

async function read(driver: Driver, path: string): Promise<OutboxEvent> {
  return exchange(driver, "read", () => driver.server.request("GET", path, null, { signal: driver.signal() }));
}

async function send(driver: Driver, entry: Entry, effect: Effect & { type: "send" }): Promise<OutboxEvent> {
  const body = effect.body.length > 0 ? await bodyFromParts(effect.body, driver.photos) : null;
  // A body that is not what was sealed is not sent.
  if (body === undefined) return { type: "photo_lost", damaged: false };
  if (body && body.size !== effect.bytes) return { type: "photo_lost", damaged: true };
  return exchange(driver, "send", () => driver.server.request(effect.method, effect.path, body, {
    signal: driver.signal(),
    onProgress: (sent, total) => driver.progressed(entry, sent, total),
  }));
}

async function remove(driver: Driver, photos: readonly string[]): Promise<OutboxEvent> {
  for (const key of photos) await driver.photos.remove(key);
  return { type: "removed" };
}

async function exchange(driver: Driver, op: "read" | "send", ask: () => ReturnType<Server["request"]>): Promise<OutboxEvent> {
  let answer;
  try {
    answer = await ask();
  } catch {
    return { type: "unreachable", op }; // why is not to be known: no two causes can be told apart
  }
  const { status, headers, text } = answer;
  const authReason = headers.get("x-sfluv-auth-reason");
  const retryAfter = retryAfterMs(headers, driver.clock.nowMs());
  return {
    type: "answered", op, status, body: text,
    ...(authReason !== null && { auth_reason: authReason }),
    ...(retryAfter !== undefined && { retry_after_ms: retryAfter }),
  };
}
