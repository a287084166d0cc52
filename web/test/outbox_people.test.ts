// SPDX-License-Identifier: MIT
// What people do with the queue: take back, correct, give up, carry to another phone, pause, sign out.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { loadRules, type Field, type Issue, type Outcome, type OutboxRecord } from "sfluv-field";
import { fixedEntropy, manualClock, memoryLocks, memoryStore, type MemoryStore, type TransportHandler } from "sfluv-field/testing";
import { outboxOf } from "../dist/outbox/outbox.js";
import { storageMeter } from "../dist/store/meter.js";
import { photoStore } from "../dist/store/photos.js";
import { readZip } from "../dist/zip/read.js";
import { zipStream } from "../dist/zip/write.js";
import { benchOf, cleanup, completePath, nativeTests, parkServer, photoOf, stepId, submitCleanup, workflowId, workflowText } from "./fixtures.ts";

const hour = 3_600_000;
const day = 24 * hour;
const codeOf = (outcome: Outcome<unknown> | { ok: false; issue: Issue } | { ok: true }) => (outcome.ok ? "" : outcome.issue.code);
const only = (field: Field): OutboxRecord => {
  assert.equal(field.outbox.records().length, 1, JSON.stringify(field.outbox.records()));
  return field.outbox.records()[0]!;
};
const photosIn = async (store: MemoryStore) => (await store.list("photos")).length;
const posts = (log: readonly string[]) => log.filter((line) => line === `POST ${completePath}`).length;

async function submitted(field: Field, bytes = 1000): Promise<OutboxRecord> {
  const outcome = await submitCleanup(field, bytes);
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.value;
}

test("a submission takes the step's draft with it, in one write", async () => {
  const { field, store } = await benchOf(parkServer().handler, { autoStart: false });
  const work = await cleanup(field);
  assert.ok((await field.drafts.save(workflowId, stepId, work.draft)).ok);
  const writes: string[][] = [];
  const { write } = store;
  store.write = (changes, onlyIf) => {
    writes.push(changes.map(({ table, key }) => `${table} ${key.split("/")[0]}`));
    return write(changes, onlyIf);
  };
  assert.ok((await field.outbox.submit(work)).ok);
  assert.ok(writes.some((rows) => rows.some((row) => row.startsWith("records")) && rows.includes("documents draft")), JSON.stringify(writes));
  assert.deepEqual(await field.drafts.list(), []);
  await field.close();
});

test("what does not come back as it was written is not called saved", async () => {
  const { field, store } = await benchOf(parkServer().handler, { autoStart: false });
  const { get } = store;
  store.get = async (table, key) => {
    const row = await get(table, key);
    if (table === "records" && row) row[row.length - 1]! ^= 1;
    return row;
  };
  const outcome = await submitCleanup(field);
  assert.ok(!outcome.ok);
  assert.deepEqual([outcome.issue.code, outcome.issue.params], ["storage_failed", { reason: "damaged" }]);
  assert.deepEqual(field.outbox.records(), []);
  await field.close();
});

test("the browser is asked to keep the data once there is something to lose, and nobody waits for its answer", async () => {
  let asked = 0;
  const manager = { persist: () => { asked += 1; return new Promise(() => {}); } };
  Object.defineProperty(globalThis.navigator, "storage", { value: manager, configurable: true });
  try {
    const { field } = await benchOf(parkServer().handler, { autoStart: false });
    assert.equal(asked, 0);
    await submitted(field);
    assert.equal(asked, 1);
    await field.close();
  } finally {
    Object.defineProperty(globalThis.navigator, "storage", { value: undefined, configurable: true });
  }
});

test("the same step is not queued twice", async () => {
  const { field } = await benchOf(parkServer().handler, { autoStart: false });
  const { id } = await submitted(field);
  const again = await submitCleanup(field);
  assert.ok(!again.ok);
  assert.deepEqual([again.issue.code, again.issue.params["id"]], ["record_already_queued", id]);
  await field.close();
});

test("taken back, it is a draft again: nothing is sent, nothing is lost", async () => {
  const server = parkServer();
  const { field, clock, store } = await benchOf(server.handler, { autoStart: false });
  const work = await cleanup(field);
  const sealed = await field.outbox.submit(work);
  assert.ok(sealed.ok);
  const taken = await field.outbox.takeBack(sealed.value.id);
  assert.ok(taken.ok, codeOf(taken));
  assert.deepEqual((await field.drafts.get(workflowId, stepId))?.items[0]?.photo_uploads, work.draft.items[0]?.photo_uploads);
  assert.deepEqual(taken.value, (await field.drafts.list())[0]);
  assert.deepEqual(field.outbox.records(), []);
  field.outbox.start();
  await clock.advance(2 * day);
  assert.equal(server.effects(), 0);
  assert.equal(await photosIn(store), 1);
  assert.ok((await field.outbox.submit({ ...work, draft: taken.value.draft })).ok);
  await field.close();
});

test("a record and the draft made of it change in one write, or neither does", async () => {
  const { field, store } = await benchOf(parkServer().handler, { autoStart: false });
  const { id } = await submitted(field);
  store.failWrites("full", 1);
  assert.equal(codeOf(await field.outbox.takeBack(id)), "storage_failed");
  assert.equal(only(field).state, "queued");
  assert.deepEqual(await field.drafts.list(), []);
  assert.ok((await field.outbox.takeBack(id)).ok);
  await field.close();
});

test("taken back beside a newer draft of the step, both are kept", async () => {
  const { field } = await benchOf(parkServer().handler, { autoStart: false });
  const { id } = await submitted(field);
  const newer = { items: [{ item_id: "item_jkl012", written_response: "newer" }] };
  assert.ok((await field.drafts.save(workflowId, stepId, newer)).ok);
  const taken = await field.outbox.takeBack(id);
  assert.ok(taken.ok);
  assert.ok(taken.value.copy);
  assert.deepEqual(await field.drafts.get(workflowId, stepId), newer);
  assert.equal((await field.drafts.get(workflowId, stepId, taken.value.copy))?.items[0]?.written_response, "Done");
  await field.close();
});

test("what may have left cannot be taken back, but copied", async () => {
  const { field, clock } = await benchOf(parkServer({ loseAnswers: 1 }).handler);
  const { id } = await submitted(field);
  await clock.advance(1_000);
  assert.equal(only(field).state, "unknown");
  assert.equal(codeOf(await field.outbox.takeBack(id)), "record_event_refused");
  assert.deepEqual(await field.drafts.list(), []);
  const copied = await field.outbox.copyAsDraft(id);
  assert.ok(copied.ok);
  assert.equal((await field.drafts.get(workflowId, stepId))?.items[0]?.written_response, "Done");
  assert.equal(only(field).state, "unknown");
  await field.close();
});

/** A server that refuses the first answers for good. */
function strictServer(refusal: string): ReturnType<typeof parkServer> {
  const server = parkServer();
  return {
    ...server,
    handler: (request) => (request.method === "POST" && request.text.includes(refusal) ? { status: 400, text: "too dark" } : server.handler(request)),
  };
}

test("corrected answers go out under the same id, once; photos that nothing uses any more are gone", async () => {
  const server = strictServer("Done");
  const { field, clock, store } = await benchOf(server.handler);
  const { id } = await submitted(field);
  await clock.advance(hour);
  assert.deepEqual([only(field).state, only(field).server?.text], ["needs_fix", "too dark"]);
  const draft = field.outbox.draftOf(id);
  assert.ok(draft.ok);
  const work = await cleanup(field, 2_000); // another photo, kept beside the first
  assert.equal(await photosIn(store), 2);
  work.draft.items[0]!.written_response = "Brighter";
  const revised = await field.outbox.submit(work, { revises: id });
  assert.ok(revised.ok, JSON.stringify(revised));
  assert.equal(revised.value.id, id);
  assert.equal(await photosIn(store), 1);
  await clock.advance(hour);
  assert.equal(only(field).state, "delivered");
  assert.equal(server.effects(), 1);
  assert.match(server.body()!, /Brighter/);
  await field.close();
});

test("who sees that a record was taken back finds the draft, however slow the disk is", async () => {
  const { field, store } = await benchOf(parkServer().handler, { autoStart: false });
  const { id } = await submitted(field);
  const { write } = store;
  store.write = async (...given) => {
    field.outbox.dispatchEvent(new Event("change")); // somebody looks while the disk is busy
    await new Promise((done) => setTimeout(done, 5));
    return write(...given);
  };
  let found: Promise<unknown> | undefined;
  field.outbox.addEventListener("change", () => {
    if (field.outbox.records().length === 0) found ??= field.drafts.get("workflow_abc123", "step_ghi789");
  });
  assert.ok((await field.outbox.takeBack(id)).ok);
  assert.ok(await found, "the draft is there as soon as the record is gone");
  await field.close();
});

test("given up and wanted back, it is delivered; given up for good, its photos go and its mark stays", async () => {
  const server = parkServer();
  const { field, clock, store } = await benchOf(server.handler, { autoStart: false });
  const { id } = await submitted(field);
  const given = await field.outbox.discard(id);
  assert.ok(given.ok);
  assert.ok(given.value.due_ms > clock.nowMs());
  assert.equal(field.outbox.status().undelivered, 0);
  field.outbox.start();
  await clock.advance(hour);
  assert.equal(server.effects(), 0);
  assert.ok((await field.outbox.undo(id)).ok);
  await clock.advance(hour);
  assert.deepEqual([only(field).state, await photosIn(store)], ["delivered", 1]);

  const other = await benchOf(parkServer().handler, { autoStart: false });
  const second = await submitted(other.field);
  assert.ok((await other.field.outbox.discard(second.id)).ok);
  other.field.outbox.start();
  await other.clock.advance(2 * day);
  assert.equal(await photosIn(other.store), 0);
  assert.deepEqual(other.field.outbox.records(), []);
  assert.equal((await other.store.list("records")).length, 1);
  assert.equal(codeOf(await other.field.outbox.undo(second.id)), "record_event_refused");
  await field.close();
  await other.field.close();
});

test("a photo that a draft or another record uses stays when a record goes", async () => {
  const { field, clock, store } = await benchOf(parkServer().handler, { autoStart: false });
  const { id } = await submitted(field);
  assert.ok((await field.outbox.copyAsDraft(id)).ok);
  assert.ok((await field.outbox.discard(id)).ok);
  field.outbox.start();
  await clock.advance(2 * day);
  assert.deepEqual(field.outbox.records(), []);
  assert.equal(await photosIn(store), 1);
  await field.close();
});

test("photos stay for the retention after the delivery, the receipt for good", async () => {
  for (const [options, before, after] of [[{}, 6 * day, 8 * day], [{ retentionMs: 2 * day }, day, 3 * day]] as const) {
    const { field, clock, store } = await benchOf(parkServer().handler, options);
    await submitted(field);
    await clock.advance(before);
    assert.deepEqual([only(field).state, await photosIn(store)], ["delivered", 1]);
    await clock.advance(after - before);
    assert.deepEqual([only(field).state, await photosIn(store), (await store.list("chunks")).length], ["pruned", 0, 0]);
    assert.deepEqual(field.outbox.receipts().map(({ submission_id, evidence, workflow_title }) => [submission_id, evidence, workflow_title]),
      [["submission_mno345", "strong", "Weekly Park Cleanup"]]);
    await field.close();
  }
});

test("room is made by hand from what is delivered, and from nothing else", async () => {
  const { field, clock, store } = await benchOf(parkServer().handler, { autoStart: false });
  const { id } = await submitted(field);
  assert.equal(codeOf(await field.outbox.prune(id)), "record_event_refused");
  field.outbox.start();
  await clock.advance(hour);
  assert.ok((await field.outbox.prune(id)).ok);
  assert.equal(await photosIn(store), 0);
  assert.equal(field.outbox.receipts().length, 1);
  await field.close();
});

test("short of room, photos of what is delivered make way for a new one, and nothing else does", async () => {
  const { field, clock, store } = await benchOf(parkServer().handler);
  const first = await submitted(field);
  await clock.advance(hour);
  const work = await cleanup(field);
  const waiting = await field.outbox.submit({ ...work, workflow: { ...work.workflow, id: "workflow_2" } });
  assert.ok(waiting.ok);
  const MiB = 1 << 20;
  let usage = 990 * MiB;
  const manager = { estimate: async () => ({ usage, quota: 1000 * MiB }) };
  Object.defineProperty(globalThis.navigator, "storage", { value: manager, configurable: true });
  try {
    const write = store.write;
    store.write = async (changes, onlyIf) => { // the browser sees the room at once
      if (changes.some(({ table, bytes }) => table === "photos" && bytes === null)) usage = 100 * MiB;
      return write(changes, onlyIf);
    };
    assert.ok((await field.photos.save(photoOf(500))).ok);
    assert.deepEqual(field.outbox.records().map(({ id, state }) => [id, state]), [[first.id, "pruned"], [waiting.value.id, "waiting"]]);
    usage = 990 * MiB;
    assert.equal(codeOf(await field.photos.save(photoOf(600))), "storage_full");
    assert.equal(await photosIn(store), 2);
  } finally {
    Object.defineProperty(globalThis.navigator, "storage", { value: undefined, configurable: true });
  }
  await field.close();
});

test("a photo that went missing, or is not the sealed one any more, is not sent: quarantined, the others go on", async () => {
  for (const [harm, why] of [
    [(chunk: Uint8Array) => { chunk[9]! ^= 1; return chunk; }, "photo_damaged"],
    [() => null, "photo_missing"],
  ] as const) {
    const server = parkServer();
    const { field, clock, store, transport } = await benchOf(server.handler, { autoStart: false });
    await submitted(field);
    const [row] = await store.list("chunks");
    await store.write([{ table: "chunks", key: row!.key, bytes: harm(row!.bytes) }]);
    field.outbox.start();
    await clock.advance(hour);
    assert.deepEqual([only(field).state, only(field).why, posts(transport.log)], ["quarantined", why, 0]);
    assert.equal(server.effects(), 0);
    await field.close();
  }
});

test("a server that lost what it had acknowledged is noticed when the page reads it", async () => {
  const server = parkServer();
  let isRestored = false;
  const handler: TransportHandler = (request) =>
    isRestored && request.method === "GET" ? { status: 200, text: workflowText() } : server.handler(request);
  const { field, clock, store } = await benchOf(handler);
  await submitted(field);
  await clock.advance(hour);
  assert.equal(only(field).state, "delivered");
  await field.workflows.get(workflowId);
  await clock.advance(1_000);
  assert.equal(only(field).state, "delivered");
  isRestored = true;
  await field.workflows.get(workflowId);
  await clock.advance(1_000);
  assert.deepEqual([only(field).state, only(field).why], ["needs_user", "lost"]);
  assert.equal(await photosIn(store), 1);
  await field.close();
});

async function exported(field: Field, ids?: string[]): Promise<Blob> {
  return new Response(field.outbox.export(ids)).blob();
}

test("carried to another device as a file, it is delivered there, once", async () => {
  const server = parkServer();
  const first = await benchOf(server.handler, { autoStart: false });
  const { id } = await submitted(first.field, 1_000_000);
  const file = await exported(first.field);
  await first.field.close();
  const second = await benchOf(server.handler, { store: memoryStore(), clock: first.clock });
  const report = await second.field.outbox.import(file);
  assert.ok(report.ok, codeOf(report));
  assert.deepEqual(report.value.imported.map((record) => record.id), [id]);
  await second.clock.advance(2 * hour);
  assert.equal(only(second.field).state, "delivered");
  assert.equal(server.effects(), 1);
  assert.equal(await photosIn(second.store), 1);
  const again = await second.field.outbox.import(file);
  assert.ok(again.ok);
  assert.deepEqual([again.value.alreadyHere, again.value.imported], [[id], []]);
  await second.field.close();
});

test("what was delivered before the phone was lost is found, not sent again", async () => {
  const server = parkServer();
  const first = await benchOf(server.handler, { autoStart: false });
  await submitted(first.field);
  const file = await exported(first.field);
  first.field.outbox.start();
  await first.clock.advance(hour);
  assert.equal(only(first.field).state, "delivered");
  await first.field.close();
  const second = await benchOf(server.handler, { store: memoryStore(), clock: first.clock });
  assert.ok((await second.field.outbox.import(file)).ok);
  await second.clock.advance(hour);
  assert.deepEqual([only(second.field).state, posts(second.transport.log)], ["delivered", 0]);
  await second.field.close();
});

test("an export of many is one file; a person finds everything in it", async () => {
  const { field } = await benchOf(parkServer().handler, { autoStart: false });
  const { id } = await submitted(field);
  const work = await cleanup(field, 3_000);
  work.draft.items[0]!.photo_uploads![0]!.source = "page_frame";
  const other = await field.outbox.submit({ ...work, workflow: { ...work.workflow, id: "workflow_2" } });
  assert.ok(other.ok);
  const zip = await readZip(await exported(field));
  const names = ["digests.txt", "journal.txt", "manifest.json", "photos/1-", "record.bin", "request.json"];
  for (const folder of [id, other.value.id]) {
    const inside = zip.names.filter((name) => name.startsWith(`${folder}/`)).map((name) => name.slice(folder.length + 1)).sort();
    assert.deepEqual(inside.map((name, i) => name.startsWith(names[i]!)), names.map(() => true), inside.join(" "));
  }
  const text = async (name: string) => new TextDecoder().decode(await zip.bytes(`${id}/${name}`, 1e7));
  const request = JSON.parse(await text("request.json")) as { items: { photo_uploads: { data_base64: string }[] }[] };
  const photo = zip.names.find((name) => name.startsWith(`${id}/photos/`))!;
  const bytes = (await zip.bytes(photo, 1e7))!;
  assert.equal(request.items[0]!.photo_uploads[0]!.data_base64, Buffer.from(bytes).toString("base64"));
  assert.match(await text("journal.txt"), /queued/);
  // How a photo came is in the record and in the file, and is nobody else's business.
  const sources = async (folder: string) => (JSON.parse(new TextDecoder().decode(await zip.bytes(`${folder}/manifest.json`, 1e7))) as
    { photos: { source?: string }[] }).photos.map(({ source }) => source);
  assert.deepEqual([await sources(id), await sources(other.value.id)], [[undefined], ["page_frame"]]);
  assert.doesNotMatch(new TextDecoder().decode(await zip.bytes(`${other.value.id}/request.json`, 1e7)), /source|page_frame/);
  const back = await field.outbox.takeBack(other.value.id);
  assert.equal(back.ok && back.value.draft.items[0]!.photo_uploads![0]!.source, "page_frame");
  assert.ok((await text("digests.txt")).includes(`${createHash("sha256").update(bytes).digest("hex")}  ${photo.slice(id.length + 1)}\n`));
  assert.deepEqual((await readZip(await exported(field, [id]))).names.every((name) => name.startsWith(`${id}/`)), true);
  await field.close();
});

test("a file that is damaged, foreign or somebody else's changes nothing", async () => {
  const server = parkServer();
  const first = await benchOf(server.handler, { autoStart: false });
  await submitted(first.field);
  const file = await exported(first.field);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const other = await benchOf(server.handler, { store: memoryStore(), autoStart: false, account: "did:privy:somebody" });
  const refused = await other.field.outbox.import(file);
  assert.ok(refused.ok);
  assert.deepEqual(refused.value.refused.map(({ issue }) => issue.code), ["record_of_other_account"]);
  const second = await benchOf(server.handler, { store: memoryStore(), autoStart: false });
  assert.equal(codeOf(await second.field.outbox.import(new Blob(["a letter"]))), "import_not_readable");
  const photo = (await readZip(file)).names.find((name) => name.includes("/photos/"))!;
  const at = Buffer.from(bytes).indexOf(photo) + photo.length + 10;
  bytes[at]! ^= 1;
  // A flipped bit, and another picture in a file that is whole.
  async function* swapped() {
    const zip = await readZip(file);
    for (const name of zip.names) yield { name, parts: [name === photo ? photoOf(1000, 8).bytes : (await zip.bytes(name, 1e7))!] };
  }
  for (const [harm, code] of [
    [new Blob([bytes]), "import_not_readable"], [await new Response(zipStream(swapped(), 0)).blob(), "photo_not_stored"],
  ] as const) {
    const harmed = await second.field.outbox.import(harm);
    assert.ok(harmed.ok);
    assert.deepEqual([harmed.value.imported, harmed.value.refused.map(({ issue }) => issue.code)], [[], [code]]);
  }
  for (const { field, store } of [other, second]) {
    assert.deepEqual([field.outbox.records(), await store.list("records")], [[], []]);
    await field.close();
  }
  await first.field.close();
});

test("records of every released schema open and go on; each stays as it was, one version back", async () => {
  const { raw } = await loadRules();
  const released = new URL("fixtures/outbox_records/", nativeTests);
  const files = readdirSync(released, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".record"));
  let writtenAnew = 0;
  for (const name of files) {
    const old = new Uint8Array(readFileSync(new URL(name, released)));
    const { account, api_base, record: { id } } = (JSON.parse(raw.outbox_export(old)) as {
      manifest: { account: string; api_base: string; record: OutboxRecord };
    }).manifest;
    const [store, clock, entropy] = [memoryStore(), manualClock(), fixedEntropy()];
    await store.write([{ table: "records", key: id, bytes: old }, { table: "summaries", key: id, bytes: new Uint8Array(64) }]);
    const outbox = outboxOf({
      name, account, apiBase: api_base, rules: raw, store, clock, entropy, photos: photoStore(store, entropy), locks: memoryLocks(),
      server: { request: async () => ({ status: 503, headers: new Headers(), text: "" }) }, storage: storageMeter(store),
    });
    await outbox.load();
    assert.ok(outbox.records().every(({ may, state }) => may.length > 0 || state === "pruned"), `${name}: ${outbox.records()[0]?.why}`);
    outbox.start();
    await clock.advance(hour);
    const now = (await store.get("records", id))!;
    const isWrittenAnew = Buffer.compare(now, old) !== 0;
    writtenAnew += Number(isWrittenAnew);
    // What is over and done with leaves nothing but its mark.
    const isKept = isWrittenAnew && (JSON.parse(raw.outbox_view(now)) as OutboxRecord).state !== "pruned";
    assert.deepEqual(await store.get("previous", id), isKept ? old : undefined, name);
    await outbox.close();
  }
  assert.ok(writtenAnew > files.length / 2, `${writtenAnew} of ${files.length}`);
});

test("a wish is made when it can be; a claim that somebody else got is told", async () => {
  let document = workflowText({ status: "available", assigned_improver_id: null });
  const handler: TransportHandler = ({ method, path }) => {
    if (method === "GET") return { status: 200, text: document };
    assert.match(path, /\/claim$/);
    document = workflowText({ status: "available" });
    return { status: 200, text: document };
  };
  const { field, clock } = await benchOf(handler);
  const { workflow, step } = await cleanup(field);
  const wished = await field.outbox.request({ kind: "claim", workflow, step });
  assert.ok(wished.ok, JSON.stringify(wished));
  await clock.advance(hour);
  assert.deepEqual([only(field).kind, only(field).state, only(field).receipt?.evidence], ["claim", "delivered", "state"]);
  await field.close();

  const taken = await benchOf(({ method }) => {
    const text = workflowText({ status: "available", assigned_improver_id: "did:privy:quicker" });
    return method === "GET" ? { status: 200, text } : { status: 409, text: "step already claimed" };
  });
  const other = await cleanup(taken.field);
  assert.ok((await taken.field.outbox.request({ kind: "claim", workflow: other.workflow, step: other.step })).ok);
  await taken.clock.advance(hour);
  assert.deepEqual([only(taken.field).state, only(taken.field).why], ["needs_user", "not_mine"]);
  await taken.field.close();
});

test("an absence goes out with its dates and its method", async () => {
  const seen: string[] = [];
  const { field, clock } = await benchOf(({ method, path, text }) => {
    seen.push(`${method} ${path} ${text}`);
    return method === "GET" ? { status: 200, text: "[]" } : { status: 500, text: "" };
  });
  const wished = await field.outbox.request({
    kind: "absence_create", series_id: "series_xyz789", step_order: 1, absent_from: "2027-01-01", absent_until: "2027-01-08",
  });
  assert.ok(wished.ok, JSON.stringify(wished));
  await clock.advance(5_000);
  assert.ok(seen.some((line) => line.startsWith("POST ") && line.includes("2027-01-08")), seen.join("\n"));
  await field.close();
});

test("paused, nothing is sent for whatever reason, from any page; resumed, it goes on", async () => {
  const server = parkServer();
  const first = await benchOf(server.handler);
  assert.ok((await first.field.outbox.pause()).ok);
  const { id } = await submitted(first.field);
  await first.clock.advance(hour);
  assert.equal(codeOf(await first.field.outbox.retry(id)), "queue_paused");
  assert.deepEqual([first.field.outbox.status().state, first.field.outbox.status().why], ["paused", "user"]);
  await first.field.close();
  // Another page, later.
  const second = await benchOf(server.handler, { store: first.store.again(), clock: first.clock });
  await second.clock.advance(hour);
  assert.deepEqual([second.field.outbox.status().user, server.effects()], [true, 0]);
  assert.ok((await second.field.outbox.resume()).ok);
  await second.clock.advance(hour);
  assert.equal(only(second.field).state, "delivered");
  await second.field.close();
});

test("Wi-Fi only waits for Wi-Fi, and is refused where nobody tells", async () => {
  const server = parkServer();
  let metered: boolean | undefined = true;
  const { field, clock } = await benchOf(server.handler, { isMetered: () => metered });
  assert.ok((await field.outbox.setWifiOnly(true)).ok);
  await submitted(field);
  await clock.advance(hour);
  assert.deepEqual([server.effects(), field.outbox.status().why, field.outbox.status().wifiOnly], [0, "metered", true]);
  metered = false;
  field.outbox.signedIn(); // any reason to look
  await clock.advance(hour);
  assert.equal(only(field).state, "delivered");
  metered = undefined;
  assert.equal(codeOf(await field.outbox.setWifiOnly(true)), "network_not_told");
  assert.ok((await field.outbox.setWifiOnly(false)).ok);
  await field.close();
});

test("signed out: told what waits, kept, locked in all pages; signed in again it goes on", async () => {
  let isDown = false;
  const server = parkServer({ isDown: () => isDown });
  const first = await benchOf(server.handler, { autoStart: false });
  await submitted(first.field);
  assert.ok((await first.field.drafts.save(workflowId, "another", { items: [] })).ok);
  isDown = true;
  // A page that is open all the time, with the old token.
  const second = await benchOf(server.handler, { store: first.store.again(), clock: first.clock });
  await first.clock.advance(10_000);
  const out = await first.field.signOut();
  assert.ok(out.ok);
  assert.equal(out.value.undelivered, 1);
  assert.deepEqual((await first.store.list("documents")).map(({ key }) => key.split("/")[0]), ["draft"]);
  isDown = false;
  await second.clock.advance(hour);
  assert.deepEqual([second.field.outbox.status().isLocked, server.effects()], [true, 0]);
  const third = await benchOf(server.handler, { store: first.store.again(), clock: first.clock });
  await third.clock.advance(hour);
  assert.deepEqual([only(third.field).state, third.field.outbox.status().isLocked], ["delivered", false]);
  for (const { field } of [first, second, third]) await field.close();
});

test("changes as an iterable: all of them, the last state of who is slow, until it is ended", async () => {
  const { field, clock } = await benchOf(parkServer().handler);
  const ending = new AbortController();
  const states: string[] = [];
  const slow = field.outbox.changes(ending.signal);
  const reading = (async () => {
    for await (const { record } of field.outbox.changes(ending.signal)) states.push(record!.state);
  })();
  await submitted(field);
  await clock.advance(1_000);
  for (const state of ["queued", "probing", "sending", "delivered"]) assert.ok(states.includes(state), states.join(" "));
  ending.abort();
  await reading;
  const late: string[] = [];
  const other = await benchOf(parkServer().handler);
  const lateEnding = new AbortController();
  const changes = other.field.outbox.changes(lateEnding.signal);
  await submitted(other.field);
  await other.clock.advance(1_000);
  for await (const { record } of changes) {
    late.push(record!.state);
    break;
  }
  assert.deepEqual(late, ["delivered"]);
  for await (const change of slow) assert.fail(`after the end: ${change.id}`);
  await field.close();
  await other.field.close();
});

test("diagnostics tell states and versions, and nothing that a person wrote", async () => {
  const { field, clock } = await benchOf(parkServer({ loseAnswers: 1 }).handler);
  const { id } = await submitted(field);
  await clock.advance(1_000);
  const text = await field.outbox.diagnostics();
  for (const part of [id, "unknown", "storage ", "attempts 1", "sending"]) assert.ok(text.includes(part), `${part} in\n${text}`);
  for (const part of ["Done", "Weekly Park Cleanup", "Litter", "t0k3n"]) assert.ok(!text.includes(part), part);
  await field.close();
});

test("a try that was asked for is answered when it is over", async () => {
  let isDown = true;
  const server = parkServer({ isDown: () => isDown });
  const { field, clock } = await benchOf(server.handler, { autoStart: false });
  isDown = false;
  const { id } = await submitted(field);
  isDown = true;
  field.outbox.start();
  await clock.advance(60_000);
  let tried: OutboxRecord | undefined;
  const retry = field.outbox.retry(id).then((outcome) => { tried = outcome.ok ? outcome.value : undefined; });
  await clock.advance(100);
  await retry;
  assert.deepEqual([tried?.state, tried?.why], ["waiting", "unreachable"]);
  isDown = false;
  assert.ok((await field.outbox.retryAll()).ok);
  await clock.advance(1_000);
  assert.equal(only(field).state, "delivered");
  assert.ok((await field.outbox.retryAll()).ok);
  await field.close();
});
