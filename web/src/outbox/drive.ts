// SPDX-License-Identifier: MIT
// Runs what the core's queue asks for, in its order, and tells it what came of it. No decision about
// sending, waiting or believing is made here.

import {
  StoreError, type Clock, type Store, type StoreChange, type StoreExpectation, type TransportAnswer,
} from "../ports.js";
import type { PhotoStore } from "../store/photos.js";
import { retryAfterMs, type RequestOptions, type Server } from "../transport/server.js";
import type { Issue } from "../types.js";
import { bodyFromParts, PhotoLost } from "./body.js";
import { isSameSchema, type OutboxCore } from "./core.js";
import type { AdvanceReply, Effect, ExchangeOp, OutboxEvent } from "./core_words.js";
import type { Entry } from "./entries.js";
import type { Tenure } from "./lease.js";
import type { QueueState } from "./queue_state.js";
import { isTombstone } from "./record_states.js";
import { recordRows } from "./rows.js";

export interface Driver {
  core: OutboxCore;
  queue: QueueState;
  store: Store;
  photos: PhotoStore;
  server: Server;
  clock: Clock;
  /** One write of records after the other in this page: each expects what the one before has left. */
  one<T>(work: () => Promise<T>): Promise<T>;
  changed(entry: Entry, isDurable: boolean): void;
  progressed(entry: Entry, sentBytes: number, totalBytes: number): void;
  /** Photos that a draft or another record names. */
  photosInUse(entry: Entry): Promise<ReadonlySet<string>>;
}

/** The page that drives. Any other changes records and stores them, and says nothing to the server. */
export interface Wheel {
  tenure: Tenure;
  /** Aborts when this page is to send no more. */
  signal: AbortSignal;
}

/** What a batch holds besides the record. */
export interface Beside {
  changes: StoreChange[];
  onlyIf: StoreExpectation[];
}

interface How {
  wheel?: Wheel | undefined;
  /** Beside the record that the first event changes, not beside what follows from it. */
  beside?: Beside | undefined;
}

/** What came of an event: all is done, it could not be written down, another page was quicker, or the core refused. */
export type Driven = "done" | "unstored" | "overtaken" | Issue;

export async function drive(driver: Driver, entry: Entry, first: OutboxEvent, { wheel, beside }: How = {}): Promise<Driven> {
  const events = [first];
  let driven: Driven = "done";
  for (let event = events.shift(); event; event = events.shift()) {
    const reply = advance(driver, entry, event);
    if ("issue" in reply) return reply.issue;
    for (const effect of reply.effects) {
      const outcome = await run(driver, entry, effect, { wheel, beside: event === first ? beside : undefined });
      if (outcome === "overtaken") return "overtaken";
      if (outcome?.type === "store_failed") driven = "unstored";
      if (outcome) events.push(outcome);
    }
  }
  return driven;
}

function advance({ core, queue, changed }: Driver, entry: Entry, event: OutboxEvent): AdvanceReply {
  const { reply, ...bytes } = core.advance(queue.bytes, entry.record, event);
  if ("issue" in reply) return reply;
  queue.take(bytes.queue);
  if (bytes.record.length > 0) Object.assign(entry, { record: bytes.record, summary: bytes.summary });
  // What becomes a draft stays in sight until the draft is durable: who sees it gone looks for the draft.
  if (event.type !== "ask" || !isTombstone(reply.view)) entry.view = reply.view;
  changed(entry, false);
  return reply;
}

/** What an effect ends with: the next event, if there is one to be said. */
type Outcome = OutboxEvent | "overtaken" | undefined;

async function run(driver: Driver, entry: Entry, effect: Effect, how: How): Promise<Outcome> {
  const { wheel } = how;
  switch (effect.type) {
    case "persist": return driver.one(() => persist(driver, entry, effect.token, how));
    case "read": return wheel && read(driver, effect, wheel);
    case "send": return wheel && send(driver, entry, effect, wheel);
    case "remove": return remove(driver, entry, effect.photos);
    case "wake_at": return undefined; // the summary says the same to `outbox_next`
  }
}

export async function persist(
  { core, store, queue, changed }: Driver, entry: Entry, token: number, { wheel, beside = { changes: [], onlyIf: [] } }: How,
): Promise<OutboxEvent | "overtaken"> {
  const write = wheel ? wheel.tenure.write : store.write;
  for (;;) {
    const { id, record, summary, stored } = entry;
    const beforehand = queue.pending();
    try {
      await write(
        [...recordRows(id, record, summary), ...keptBefore(core, entry), ...beforehand.changes, ...beside.changes],
        [{ table: "records", key: id, bytes: stored?.record ?? null }, ...beforehand.onlyIf, ...beside.onlyIf]);
    } catch (error) {
      if (wheel?.tenure.lost.aborted) return "overtaken";
      if (!(error instanceof StoreError && error.reason === "conflict")) return { type: "store_failed", token };
      // Another page moved a switch, which is no reason to stop; or it changed this very record.
      if (await queue.reload().catch(() => false)) continue;
      return "overtaken";
    }
    beforehand.done();
    entry.stored = { record, summary };
    changed(entry, true);
    return { type: "stored", token };
  }
}

/** The record as an older version of this package wrote it stays, one version back, as long as its content does. */
function keptBefore(core: OutboxCore, { id, record, stored }: Entry): StoreChange[] {
  if (!stored || isSameSchema(stored.record, record)) return [];
  const view = core.view(record);
  return "issue" in view || view.state === "pruned" ? [] : [{ table: "previous", key: id, bytes: stored.record }];
}

function read({ server, clock }: Driver, { path, answer_ms }: Effect & { type: "read" }, wheel: Wheel): Promise<Outcome> {
  return exchange(clock, "read", wheel, (options) => server.request("GET", path, null, { ...options, answerMs: answer_ms }));
}

async function send(driver: Driver, entry: Entry, effect: Effect & { type: "send" }, wheel: Wheel): Promise<Outcome> {
  const { op } = effect;
  let body: Blob | null = null;
  try {
    if (effect.body.length > 0) body = await bodyFromParts(effect.body, effect.bytes, driver.photos, effect.content_type);
  } catch (error) {
    if (error instanceof PhotoLost) return { type: "photo_lost", damaged: error.loss === "damaged" };
    return { type: "unreachable", op, unsent: true }; // the store is away
  }
  return exchange(driver.clock, op, wheel, (options) => driver.server.request(effect.method, effect.path, body, {
    ...options, stallMs: effect.stall_ms, answerMs: effect.answer_ms,
    onProgress: (sent, total) => driver.progressed(entry, sent, total),
  }));
}

async function exchange(
  clock: Clock, op: ExchangeOp, { tenure, signal }: Wheel, ask: (options: RequestOptions) => Promise<TransportAnswer>,
): Promise<Outcome> {
  let hasLeft = false;
  // A page that was frozen on the way here must not send what another page has sent meanwhile. From the
  // last look at the clock on, everything happens in one turn.
  const ready = async () => {
    if (op === "send" || !tenure.isSure()) await tenure.renew();
    if (!tenure.isSure()) throw new Error("Another page may drive by now");
    hasLeft = true;
  };
  let answer;
  try {
    answer = await ask({ signal, ready });
  } catch {
    if (tenure.lost.aborted) return "overtaken";
    // Why is not to be known: no two causes can be told apart.
    return { type: "unreachable", op, unsent: !hasLeft };
  }
  const { status, headers, text } = answer;
  const authReason = headers.get("x-sfluv-auth-reason");
  const retryAfter = retryAfterMs(headers, clock.nowMs());
  return {
    type: "answered", op, status, body: text,
    ...(authReason !== null && { auth_reason: authReason }),
    ...(retryAfter !== undefined && { retry_after_ms: retryAfter }),
  };
}

async function remove({ store, photos, photosInUse }: Driver, entry: Entry, keys: readonly string[]): Promise<Outcome> {
  try {
    const used = await photosInUse(entry);
    for (const key of keys) if (!used.has(key)) await photos.remove(key);
    await store.write([{ table: "previous", key: entry.id, bytes: null }]);
  } catch {
    return undefined; // the core asks again
  }
  return { type: "removed" };
}
