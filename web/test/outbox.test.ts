// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutboxRecord } from "sfluv-field";
import {
  account, apiBase, benchOf, completePath, finishedDraft, parkServer, photoOf, reaches, readPath, stagedText, submitCleanup, workflowId, workflowText,
} from "./fixtures.ts";

const hour = 3_600_000;
const posts = (log: readonly string[]) => log.filter((line) => line === `POST ${completePath}`).length;
const states = (records: readonly OutboxRecord[]) => records.map(({ state }) => state);

test("a submission is read, recorded, sent and believed", async () => {
  const server = parkServer();
  const { field, clock, transport } = await benchOf(server.handler);
  const submitted = await submitCleanup(field, 2_000_000);
  assert.ok(submitted.ok, JSON.stringify(submitted));
  assert.equal(submitted.value.state, "queued");
  await reaches({ field, clock }, "delivered");
  const [record] = field.outbox.records();
  assert.equal(record?.state, "delivered", JSON.stringify(record));
  assert.equal(record?.receipt?.evidence, "strong");
  assert.equal(record?.receipt?.submission_id, "submission_mno345");
  assert.deepEqual(transport.log, [`GET ${readPath}`, `GET ${readPath}`, `POST ${completePath}`]);
  assert.equal(server.effects(), 1);
  await field.close();
});

test("the body on the wire is the sealed one: valid JSON, exact length, the photo's bytes in base64", async () => {
  const server = parkServer();
  const { field, clock } = await benchOf(server.handler);
  const submitted = await submitCleanup(field, 1_600_001);
  await reaches({ field, clock }, "delivered");
  assert.ok(submitted.ok);
  const body = server.body()!;
  assert.equal(Buffer.byteLength(body), submitted.value.bytes);
  const { items } = JSON.parse(body) as { items: { photo_uploads: { data_base64: string; file_name: string }[] }[] };
  const upload = items[0]!.photo_uploads[0]!;
  assert.deepEqual(new Uint8Array(Buffer.from(upload.data_base64, "base64")), photoOf(1_600_001).bytes);
  assert.match(upload.file_name, /^before-photo-[0-9a-f]{12}-[0-9a-f]{6}\.jpg$/);
  await field.close();
});

test("live: the photos go ahead in pieces, then the submission with their ids; what arrived is not sent again", async () => {
  const forms: FormData[] = [];
  const pieces: Uint8Array[] = [];
  let lost = 1;
  let completed: string | undefined;
  const { field, clock, transport } = await benchOf(async ({ method, path, headers, bytes, text }) => {
    if (method === "GET") return { status: 200, text: completed ?? workflowText() };
    if (path === completePath) return { status: 200, text: (completed = stagedText(text, String(forms[0]!.get("file_name")))) };
    assert.equal(path, completePath.replace("/complete", "/photos"));
    const form = await new Response(bytes, { headers: { "Content-Type": headers.get("content-type")! } }).formData();
    const index = Number(form.get("chunk_index"));
    forms.push(form);
    pieces[index] = new Uint8Array(await (form.get("chunk") as File).arrayBuffer());
    if (index === 1 && lost-- > 0) throw new TypeError("Failed to fetch");
    const isComplete = pieces.length === Number(form.get("total_chunks"));
    return isComplete ? { status: 201, text: JSON.stringify({ complete: true, photo: { id: "staged_1" } }) }
      : { status: 202, text: JSON.stringify({ complete: false, received_chunks: 1, total_chunks: 3 }) };
  }, { profile: "live" });
  const submitted = await submitCleanup(field, 1_600_001);
  assert.ok(submitted.ok, JSON.stringify(submitted));
  await reaches({ field, clock }, "delivered");
  assert.equal(field.outbox.records()[0]!.receipt?.evidence, "strong");
  assert.deepEqual(Buffer.concat(pieces), Buffer.from(photoOf(1_600_001).bytes));
  assert.deepEqual(forms.map((form) => form.get("chunk_index")), ["0", "1", "1", "2"]);
  assert.equal(new Set(forms.map((form) => form.get("upload_id"))).size, 1);
  assert.equal(forms[0]!.get("item_id"), "item_jkl012");
  assert.equal(posts(transport.log), 1);
  await field.close();
});

test("a server that takes no photos ahead is named; what was meant for it can be taken back", async () => {
  const { field, clock, transport } = await benchOf(({ method }) =>
    (method === "GET" ? { status: 200, text: workflowText() } : { status: 404, text: "404 page not found" }), { profile: "live" });
  assert.ok((await submitCleanup(field)).ok);
  await reaches({ field, clock }, "waiting");
  const record = field.outbox.records()[0]!;
  assert.deepEqual([record.why, record.attempts, posts(transport.log)], ["no_staging", 0, 0]);
  assert.ok((await field.outbox.takeBack(record.id)).ok);
  assert.equal((await field.drafts.list()).length, 1);
  await field.close();
});

test("headers are asked anew before each request", async () => {
  const seen: (string | null)[] = [];
  const server = parkServer();
  let n = 0;
  const { field, clock } = await benchOf(
    (request) => { seen.push(request.headers.get("authorization")); return server.handler(request); },
    { token: async () => `token-${++n}` });
  await submitCleanup(field);
  await clock.advance(1_000);
  assert.deepEqual(seen, ["Bearer token-1", "Bearer token-2", "Bearer token-3"]);
  await field.close();
});

test("a lost answer is looked up, not sent again", async () => {
  const server = parkServer({ loseAnswers: 1 });
  const { field, clock, transport } = await benchOf(server.handler);
  await submitCleanup(field);
  await clock.advance(1_000);
  assert.deepEqual(states(field.outbox.records()), ["unknown"]);
  await clock.advance(hour);
  assert.deepEqual(states(field.outbox.records()), ["delivered"]);
  assert.equal(posts(transport.log), 1);
  assert.equal(server.effects(), 1);
  await field.close();
});

test("no network: saved, then delivered when it is back", async () => {
  let isDown = false;
  const server = parkServer({ isDown: () => isDown });
  const { field, clock, transport } = await benchOf(server.handler);
  await field.workflows.get(workflowId);
  isDown = true;
  const submitted = await submitCleanup(field); // the workflow comes from the saved copy
  assert.ok(submitted.ok);
  await clock.advance(10 * 60_000);
  assert.deepEqual(field.outbox.records().map(({ state, why }) => [state, why]), [["waiting", "unreachable"]]);
  assert.equal(posts(transport.log), 0);
  isDown = false;
  await clock.advance(hour);
  assert.deepEqual(states(field.outbox.records()), ["delivered"]);
  assert.equal(server.effects(), 1);
  await field.close();
});

test("a hint wakes what waits for the network", async () => {
  const page = new EventTarget();
  const scope = globalThis as Partial<EventTarget>;
  scope.addEventListener = page.addEventListener.bind(page);
  scope.removeEventListener = page.removeEventListener.bind(page);
  let isDown = false;
  const server = parkServer({ isDown: () => isDown });
  const { field, clock } = await benchOf(server.handler);
  await field.workflows.get(workflowId);
  isDown = true;
  await submitCleanup(field);
  const waitMs = () => field.outbox.records()[0]!.due_ms - clock.nowMs();
  for (let i = 0; i < 600 && waitMs() < 60_000; ++i) await clock.advance(5_000); // waits grow to minutes
  assert.ok(waitMs() >= 60_000, `only ${waitMs()} ms`);
  isDown = false;
  await clock.advance(6_000);
  assert.deepEqual(states(field.outbox.records()), ["waiting"]);
  page.dispatchEvent(new Event("online"));
  await clock.advance(1_000);
  assert.deepEqual(states(field.outbox.records()), ["delivered"]);
  await field.close();
  delete scope.addEventListener;
  delete scope.removeEventListener;
});

test("a page that dies while sending is replaced by one that looks first", async () => {
  const server = parkServer();
  let isHanging = false;
  const first = await benchOf((request) => {
    const answer = server.handler(request);
    if (request.method !== "POST") return answer;
    isHanging = true;
    return new Promise(() => {}); // the server has it, the page never hears of it
  });
  await submitCleanup(first.field);
  await first.clock.advance(1_000);
  assert.ok(isHanging);
  assert.deepEqual(states(first.field.outbox.records()), ["sending"]);
  // The first page is never heard of again: a second one opens the same store.
  first.store.close();
  const second = await benchOf(server.handler, { store: first.store.again(), clock: first.clock, autoStart: false });
  assert.deepEqual(states(second.field.outbox.records()), ["sending"]);
  second.field.outbox.start();
  await second.clock.advance(hour);
  assert.deepEqual(states(second.field.outbox.records()), ["delivered"]);
  assert.equal(posts(second.transport.log), 0);
  assert.equal(server.effects(), 1);
  await second.field.close();
});

test("what the device does not keep is not called saved, and stays out of the queue", async () => {
  const { field, store } = await benchOf(parkServer().handler);
  const draft = await finishedDraft(field);
  const read = await field.workflows.get(workflowId);
  assert.ok(read.ok);
  store.failWrites("full");
  const submitted = await field.outbox.submit({ workflow: read.value, step: read.value.steps[0]!, draft });
  assert.ok(!submitted.ok);
  assert.equal(submitted.issue.code, "storage_failed");
  assert.deepEqual(field.outbox.records(), []);
  assert.deepEqual(await store.list("records"), []);
  await field.close();
});

test("nothing is sent while the device cannot write it down", async () => {
  const server = parkServer();
  const { field, clock, store, transport } = await benchOf(server.handler, { autoStart: false });
  await submitCleanup(field);
  store.failWrites("full", 3);
  field.outbox.start();
  await clock.advance(1_000);
  assert.equal(posts(transport.log), 0);
  await clock.advance(hour);
  assert.deepEqual(states(field.outbox.records()), ["delivered"]);
  assert.equal(server.effects(), 1);
  await field.close();
});

test("a draft whose photo is gone is refused where it is", async () => {
  const { field } = await benchOf(parkServer().handler);
  const draft = await finishedDraft(field);
  await field.photos.remove(draft.items[0]!.photo_uploads![0]!.key);
  const read = await field.workflows.get(workflowId);
  assert.ok(read.ok);
  const submitted = await field.outbox.submit({ workflow: read.value, step: read.value.steps[0]!, draft });
  assert.ok(!submitted.ok);
  assert.deepEqual([submitted.issue.code, submitted.issue.path], ["photo_not_stored", "/items/0/photo_uploads/0"]);
  await field.close();
});

test("an incomplete draft is refused with all issues", async () => {
  const { field } = await benchOf(parkServer().handler);
  const read = await field.workflows.get(workflowId);
  assert.ok(read.ok);
  const step = read.value.steps[0]!;
  const draft = { items: [{ item_id: "item_jkl012" }] };
  const submitted = await field.outbox.submit({ workflow: read.value, step, draft });
  assert.ok(!submitted.ok);
  assert.deepEqual(submitted.issues, field.checkCompletion(step, draft).issues);
  assert.ok(submitted.issues.length > 0);
  await field.close();
});

test("a refusal is believed after the step was seen open, and retried when asked", async () => {
  let refuses = true;
  const server = parkServer();
  const { field, clock } = await benchOf((request) =>
    refuses && request.method === "POST" ? { status: 400, text: "photo is too dark" } : server.handler(request));
  await submitCleanup(field);
  await clock.advance(hour);
  const [record] = field.outbox.records();
  assert.deepEqual([record?.state, record?.why, record?.server?.text], ["needs_fix", "rejected", "photo is too dark"]);
  refuses = false;
  const retried = await field.outbox.retry(record!.id);
  assert.ok(retried.ok, JSON.stringify(retried));
  await clock.advance(hour);
  assert.deepEqual(states(field.outbox.records()), ["delivered"]);
  await field.close();
});

test("a retry of what is not there, or of what is delivered, is refused", async () => {
  const { field, clock } = await benchOf(parkServer().handler);
  const unknown = await field.outbox.retry("none");
  assert.equal(unknown.ok ? "" : unknown.issue.code, "record_unknown");
  await submitCleanup(field);
  await clock.advance(1_000);
  const delivered = await field.outbox.retry(field.outbox.records()[0]!.id);
  assert.equal(delivered.ok ? "" : delivered.issue.code, "record_event_refused");
  await field.close();
});

test("many records are delivered, each once, and a waiting one holds up no other", async () => {
  const server = parkServer();
  const { field, clock, transport } = await benchOf((request) => {
    const other = /step_(\d+)/.exec(request.path)?.[1];
    return other === undefined ? server.handler(request) : { status: 500, text: "" };
  }, { autoStart: false });
  const read = await field.workflows.get(workflowId);
  assert.ok(read.ok);
  const step = read.value.steps[0]!;
  for (let n = 0; n < 3; ++n) { // of workflows that the server has trouble with
    const draft = await finishedDraft(field, 100);
    const submitted = await field.outbox.submit({ workflow: { ...read.value, id: `step_${n}` }, step, draft });
    assert.ok(submitted.ok);
  }
  await submitCleanup(field);
  field.outbox.start();
  await clock.advance(10 * 60_000); // a fault of one makes the others wait for a moment only
  const count = (wanted: string) => states(field.outbox.records()).filter((state) => state === wanted).length;
  assert.equal(count("delivered"), 1);
  assert.equal(posts(transport.log), 1);
  await field.close();
});

test("stop ends the driving; start goes on", async () => {
  const server = parkServer();
  const { field, clock, transport } = await benchOf(server.handler, { autoStart: false });
  await submitCleanup(field);
  await clock.advance(hour);
  assert.equal(posts(transport.log), 0);
  field.outbox.start();
  await clock.advance(1_000);
  assert.deepEqual(states(field.outbox.records()), ["delivered"]);
  await field.outbox.stop();
  await field.close();
});

test("changes and progress are told", async () => {
  const { field, clock } = await benchOf(parkServer().handler);
  const seen: string[] = [];
  let sent = 0;
  field.outbox.addEventListener("change", ({ record }) => seen.push(record!.state));
  field.outbox.addEventListener("progress", ({ sentBytes, totalBytes }) => { sent = sentBytes / totalBytes; });
  await submitCleanup(field);
  await clock.advance(1_000);
  for (const state of ["queued", "probing", "sending", "delivered"]) assert.ok(seen.includes(state), `${state} in ${seen}`);
  assert.equal(sent, 1);
  await field.close();
});

test("two pages on one store deliver once", async () => {
  const server = parkServer();
  const first = await benchOf(server.handler, { autoStart: false });
  await submitCleanup(first.field);
  const second = await benchOf(server.handler, { store: first.store.again(), clock: first.clock, autoStart: false });
  first.field.outbox.start();
  second.field.outbox.start();
  await first.clock.advance(2 * hour);
  assert.equal(server.effects(), 1);
  const log = [...first.transport.log, ...second.transport.log];
  assert.equal(posts(log), 1);
  assert.deepEqual(states(second.field.outbox.records()), ["delivered"]);
  await first.field.close();
  await second.field.close();
});

test("a record that the core cannot read is shown, kept and left alone", async () => {
  const server = parkServer();
  const first = await benchOf(server.handler, { autoStart: false });
  await submitCleanup(first.field);
  await first.field.close();
  const store = first.store.again();
  const [row] = await store.list("records");
  const bytes = row!.bytes.slice();
  bytes[bytes.length >> 1]! ^= 1;
  await store.write([{ table: "records", key: row!.key, bytes }]);
  const second = await benchOf(server.handler, { store, clock: first.clock });
  await second.clock.advance(hour);
  assert.deepEqual(second.field.outbox.records().map(({ why }) => why), ["record_damaged"]);
  assert.deepEqual((await store.get("records", row!.key)), bytes);
  assert.equal(server.effects(), 0);
  await second.field.close();
});

test("an expired session pauses, and goes on after the sign-in", async () => {
  let isSignedOut = true;
  const server = parkServer();
  const { field, clock } = await benchOf((request) =>
    isSignedOut && request.method === "POST" ? { status: 403, text: "" }
    : isSignedOut && field?.outbox.records().length ? { status: 403, text: "" } : server.handler(request));
  await submitCleanup(field);
  await clock.advance(60_000);
  assert.equal(field.outbox.records()[0]?.why, "auth");
  isSignedOut = false;
  await clock.advance(hour);
  assert.deepEqual(states(field.outbox.records()), ["delivered"]);
  await field.close();
});

test("the queue belongs to an account and an API", async () => {
  const { field, store } = await benchOf(parkServer().handler, { autoStart: false });
  const submitted = await submitCleanup(field);
  assert.ok(submitted.ok);
  const text = Buffer.from((await store.get("records", submitted.value.id))!).toString("latin1");
  assert.ok(text.includes(account) && text.includes(apiBase) && text.includes("Weekly Park Cleanup"));
  assert.ok(!workflowText().includes("@"));
  await field.close();
});
