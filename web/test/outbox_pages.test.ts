// SPDX-License-Identifier: MIT
// Several pages on one store: who drives, who takes over, and what a page that was frozen may still do.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock, FieldOptions, Locks } from "sfluv-field";
import { fixedEntropy, manualClock, memoryLocks, memoryStore, type ManualClock, type MemoryStore, type TransportHandler } from "sfluv-field/testing";
import { outboxCore } from "../dist/outbox/core.js";
import { queueStateOf } from "../dist/outbox/queue_state.js";
import { loadRulesModule } from "../dist/rules/load.js";
import { apiBase, account, benchOf, completePath, parkServer, submitCleanup, type Bench } from "./fixtures.ts";

const hour = 3_600_000;
const lock = `sfluv-field ${apiBase} ${account} drive`;
const posts = (log: readonly string[]) => log.filter((line) => line === `POST ${completePath}`).length;
const stateOf = ({ field }: Bench) => field.outbox.records()[0]?.state;

/** A clock of a page that can be frozen: what falls due meanwhile runs at the thaw. */
function freezableClock(clock: ManualClock): Clock & { freeze(): void; thaw(): void } {
  let held: (() => void)[] | undefined;
  return {
    nowMs: clock.nowMs,
    after: (ms, run) => clock.after(ms, () => (held ? held.push(run) : run())),
    freeze: () => { held = []; },
    thaw() {
      const due = held ?? [];
      held = undefined;
      for (const run of due) run();
    },
  };
}

interface World {
  clock: ManualClock;
  store: MemoryStore;
  locks: Locks;
}

const worldOf = (locks: Locks = memoryLocks()): World => ({ clock: manualClock(), store: memoryStore(), locks });
let pages = 0;

function pageOf({ clock, store, locks }: World, handler: TransportHandler, more: Partial<FieldOptions> = {}): Promise<Bench> {
  const random = ++pages;
  const entropy = (count: number) => Uint8Array.from({ length: count }, (_, i) => (random * 31 + i * 7 + count) & 255);
  return benchOf(handler, { store: store.again(), clock, locks, entropy, ...more } as Parameters<typeof benchOf>[1]);
}

for (const [kind, locksOf] of [["with locks", memoryLocks], ["without locks", () => noLocks]] as const) {
  test(`${kind}: any page queues, one drives, all show`, async () => {
    const world = worldOf(locksOf());
    const server = parkServer();
    const [one, two] = [await pageOf(world, server.handler, { autoStart: false }), await pageOf(world, server.handler)];
    await submitCleanup(one.field);
    await world.clock.advance(hour);
    assert.deepEqual([stateOf(one), stateOf(two), server.effects()], ["delivered", "delivered", 1]);
    assert.deepEqual([posts(one.transport.log), posts(two.transport.log)], [0, 1]);
    await one.field.close();
    await two.field.close();
  });

  test(`${kind}: both start at the same moment, one sends`, async () => {
    const world = worldOf(locksOf());
    const server = parkServer();
    const both = [await pageOf(world, server.handler, { autoStart: false }), await pageOf(world, server.handler, { autoStart: false })];
    await submitCleanup(both[0]!.field);
    await world.clock.advance(100);
    for (const { field } of both) field.outbox.start();
    await world.clock.advance(hour);
    assert.equal(both.reduce((sum, { transport }) => sum + posts(transport.log), 0), 1);
    assert.equal(server.effects(), 1);
    for (const { field } of both) await field.close();
  });
}

const noLocks: Locks = { areExclusive: false, alone: (_, work) => work(new AbortController().signal).then(() => true) };

/** A page in the middle of a send that the server took, whose answer never comes. */
async function hangingPage(world: World, server: ReturnType<typeof parkServer>, more: Partial<FieldOptions> = {}): Promise<Bench> {
  const page = await pageOf(world, (request) => {
    const answer = server.handler(request);
    return request.method === "POST" ? new Promise(() => {}) : answer;
  }, more);
  await submitCleanup(page.field);
  await world.clock.advance(1_000);
  assert.equal(stateOf(page), "sending");
  return page;
}

test("after a crash the next page drives at once: the lock is free, whatever the lease says", async () => {
  const server = parkServer();
  const world = worldOf();
  const dead = await hangingPage(world, server);
  dead.store.close();
  // The browser gives a dead page's lock away.
  const next = await pageOf({ ...world, locks: memoryLocks() }, server.handler);
  await world.clock.advance(1_000);
  assert.equal(stateOf(next), "unknown");
  await world.clock.advance(hour);
  assert.deepEqual([stateOf(next), posts(next.transport.log), server.effects()], ["delivered", 0, 1]);
  await next.field.close();
});

test("a living page is not robbed, however long its request takes", async () => {
  for (const locks of [memoryLocks(), noLocks]) {
    const server = parkServer();
    const world = worldOf(locks);
    const busy = await hangingPage(world, server);
    const other = await pageOf(world, server.handler);
    await world.clock.advance(5 * 60_000);
    assert.deepEqual([stateOf(busy), stateOf(other)], ["sending", "sending"]);
    assert.deepEqual(other.transport.log, []);
    await other.field.close();
    await busy.field.close();
  }
});

test("a frozen page is robbed after its lease ran out; thawed, it writes and sends nothing", async () => {
  const server = parkServer();
  const world = worldOf();
  const clock = freezableClock(world.clock);
  let answer = (_: { status: number; text: string }) => {};
  const frozen = await pageOf(world, (request) => {
    const now = server.handler(request) as { status: number; text: string };
    return request.method === "POST" ? new Promise((resolve) => { answer = resolve; }) : now;
  }, { clock } as object);
  await submitCleanup(frozen.field);
  await world.clock.advance(1_000);
  clock.freeze();
  const other = await pageOf(world, server.handler);
  await world.clock.advance(25_000);
  assert.deepEqual(other.transport.log, []);
  await world.clock.advance(30_000);
  assert.ok(other.transport.log.length > 0, "took over");
  await world.clock.advance(hour);
  assert.equal(stateOf(other), "delivered");
  const rows = await world.store.list("records");
  const log = [...frozen.transport.log];
  clock.thaw();
  answer({ status: 400, text: "step has already been completed" });
  await world.clock.advance(hour);
  assert.deepEqual(await world.store.list("records"), rows);
  assert.deepEqual(frozen.transport.log, log);
  assert.equal(stateOf(frozen), "delivered"); // as the store has it
  await other.field.close();
  await frozen.field.close();
});

test("a page that was frozen between its note and its send does not send what another page has sent", async () => {
  for (const locks of [memoryLocks(), noLocks]) {
    const server = parkServer();
    const world = worldOf(locks);
    const clock = freezableClock(world.clock);
    let isHeld = false;
    let release = () => {};
    const frozen = await pageOf(world, server.handler, {
      clock, token: () => (isHeld ? new Promise((resolve) => { release = () => resolve("t0k3n"); }) : "t0k3n"),
    } as object);
    frozen.field.outbox.addEventListener("change", ({ record }) => { isHeld = record?.state === "sending"; });
    await submitCleanup(frozen.field);
    await world.clock.advance(1_000);
    assert.equal(stateOf(frozen), "sending");
    clock.freeze();
    const posted = posts(frozen.transport.log);
    assert.equal(posted, 0);
    const other = await pageOf(world, server.handler);
    await world.clock.advance(hour);
    assert.equal(stateOf(other), "delivered");
    // The page goes on where it stood, and only then do its timers run.
    release();
    await world.clock.advance(0);
    clock.thaw();
    await world.clock.advance(hour);
    assert.equal(posts(frozen.transport.log), 0);
    await other.field.close();
    await frozen.field.close();
  }
});

test("nothing leaves a page that cannot say that it still drives", async () => {
  const server = parkServer();
  const world = worldOf();
  const page = await pageOf(world, server.handler, { autoStart: false });
  await submitCleanup(page.field);
  // Every renewal of the lease fails, as on a full disk; all else is written.
  const { write } = page.store;
  page.store.write = (changes, onlyIf) => {
    const isRenewal = changes.length === 1 && changes[0]!.key === "lease" && onlyIf?.[0]?.bytes !== null;
    if (!isRenewal) return write(changes, onlyIf);
    page.store.failWrites("full");
    return write(changes, onlyIf);
  };
  page.field.outbox.start();
  await world.clock.advance(10 * 60_000);
  assert.equal(posts(page.transport.log), 0);
  assert.equal(server.effects(), 0);
  const [record] = page.field.outbox.records();
  assert.deepEqual([record?.attempts, record?.may.includes("take_back")], [0, true]); // nothing was sent, and it is known
  page.store.write = write;
  await world.clock.advance(2 * hour);
  assert.equal(stateOf(page), "delivered");
  await page.field.close();
});

for (const [how, isTold] of [["at once", true], ["at the next write, when the pages cannot talk", false]] as const) {
  test(`a switch that another page moves counts ${how}, and stops nothing half-way`, async () => {
    const server = parkServer();
    const world = worldOf();
    let answer = () => {};
    const driving = await pageOf(world, (request) => {
      const now = server.handler(request);
      return request.method === "POST" ? new Promise((resolve) => { answer = () => resolve(now as { status: number }); }) : now;
    });
    await submitCleanup(driving.field);
    await world.clock.advance(1_000);
    assert.equal(stateOf(driving), "sending");
    const scope = globalThis as { BroadcastChannel?: unknown };
    const channels = scope.BroadcastChannel;
    if (!isTold) delete scope.BroadcastChannel;
    const other = await pageOf(world, server.handler, { autoStart: false });
    scope.BroadcastChannel = channels;
    assert.ok((await other.field.outbox.pause()).ok);
    await world.clock.advance(1_000);
    assert.equal(driving.field.outbox.status().user, isTold);
    answer(); // what was under way is finished and written down
    await world.clock.advance(100);
    assert.deepEqual([stateOf(driving), server.effects(), driving.field.outbox.status().user], ["delivered", 1, true]);
    const third = await pageOf(world, server.handler, { autoStart: false });
    assert.equal(third.field.outbox.status().user, true);
    for (const { field } of [driving, other, third]) await field.close();
  });
}

test("taken back in one page while another reads the step: the first to write wins, and nothing is sent", async () => {
  const server = parkServer();
  const world = worldOf();
  let answer = () => {};
  const driving = await pageOf(world, (request) => {
    const now = server.handler(request);
    const isProbe = request.method === "GET" && driving?.field.outbox.records()[0]?.state === "probing";
    return isProbe ? new Promise((resolve) => { answer = () => resolve(now as { status: number }); }) : now;
  });
  await submitCleanup(driving.field);
  await world.clock.advance(1_000);
  assert.equal(stateOf(driving), "probing");
  const other = await pageOf(world, server.handler, { autoStart: false });
  const taken = await other.field.outbox.takeBack(other.field.outbox.records()[0]!.id);
  assert.ok(taken.ok, JSON.stringify(taken));
  answer();
  await world.clock.advance(hour);
  assert.deepEqual([driving.field.outbox.records(), server.effects(), posts(driving.transport.log)], [[], 0, 0]);
  await driving.field.close();
  await other.field.close();
});

test("a switch turned in a page that did not hear of the other's counts all the same", async () => {
  const { clock, store } = worldOf();
  const core = outboxCore({ account, apiBase, rules: await loadRulesModule(), clock, entropy: fixedEntropy() });
  const [mine, theirs] = [queueStateOf(core, store.again()), queueStateOf(core, store.again())];
  await Promise.all([mine.reload(), theirs.reload()]);
  await theirs.hold("user", true);
  await mine.hold("user", false); // as this page knows it, it is off already
  const later = queueStateOf(core, store.again());
  await later.reload();
  assert.deepEqual([later.view().user, mine.view().user], [false, false]);
});

test("a try asked for in one page is made by the page that drives, and answered", async () => {
  let isDown = false;
  const server = parkServer({ isDown: () => isDown });
  const world = worldOf();
  const one = await pageOf(world, server.handler, { autoStart: false });
  const sealed = await submitCleanup(one.field);
  assert.ok(sealed.ok);
  isDown = true;
  one.field.outbox.start();
  const other = await pageOf(world, server.handler);
  await world.clock.advance(60_000);
  assert.equal(stateOf(other), "waiting");
  isDown = false;
  const retried = other.field.outbox.retry(sealed.value.id);
  await world.clock.advance(1_000);
  const outcome = await retried;
  assert.ok(outcome.ok);
  assert.equal(outcome.value.state, "delivered");
  await one.field.close();
  await other.field.close();
});

test("a page that leaves gives the turn away; one that is robbed in the middle gives up its request", async () => {
  const server = parkServer();
  const world = worldOf();
  const busy = await hangingPage(world, server);
  await busy.field.close();
  assert.equal((world.locks as ReturnType<typeof memoryLocks>).isHeld(lock), false);
  const next = await pageOf(world, server.handler);
  await world.clock.advance(hour);
  assert.equal(stateOf(next), "delivered");
  await next.field.close();
});
