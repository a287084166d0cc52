// SPDX-License-Identifier: MIT
// The app without a face: what a view shows and what a person may do, with the real rules and no page.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Field, Workflow, WorkflowStep } from "sfluv-field";
import {
  absencesOf, contactOf, jobOf, moodOf, outboxList, payList, stepForm, stepKind, workList, type StepForm, type Watched,
} from "sfluv-field/controllers";
import { manualClock, memoryTransport } from "sfluv-field/testing";

import { account, benchOf, parkServer, photoOf, readPath, stepId, submitCleanup, workflowId, workflowText, workItem } from "./fixtures.ts";

async function until<State>(controller: Watched<State>, accept: (state: State) => boolean): Promise<State> {
  for (let turn = 0; turn < 2000; turn += 1) {
    if (accept(controller.state)) return controller.state;
    await new Promise((done) => setTimeout(done, 1));
  }
  throw new Error(`never: ${accept}; it is ${JSON.stringify(controller.state)}`);
}

/** A field whose photo worker is a function. */
const withPhotos = (field: Field, prepare: Field["preparePhoto"]): Field => ({ ...field, preparePhoto: prepare });
const madePhoto = async (file: Blob): ReturnType<Field["preparePhoto"]> => ({ ok: true, value: photoOf(1000 + file.size, file.size) });
const camera = (size: number, name = "camera.jpg") => new File([new Uint8Array(size)], name);

async function openForm(items = [workItem()], prepare: Field["preparePhoto"] = madePhoto) {
  const server = parkServer();
  const bench = await benchOf(({ method, path, ...rest }) => method === "GET" && path === readPath
    ? { status: 200, text: workflowText({ work_items: items, allow_step_not_possible: true }) } : server.handler({ method, path, ...rest }), { autoStart: false });
  const field = withPhotos(bench.field, prepare);
  const read = await field.workflows.get(workflowId);
  assert.ok(read.ok);
  const step = read.value.steps[0]!;
  const options = { field, workflow: read.value, step };
  const form = stepForm(options);
  await until(form, ({ phase }) => phase === "filling");
  return { ...bench, field, form, options, again: () => stepForm({ ...options, field: { ...field } }) };
}

const outcome = workItem({
  id: "outcome", item_order: 2, title: "Outcome", requires_photo: false, requires_written_response: false, requires_dropdown: true,
  dropdown_options: [
    { value: "done", label: "Done", requires_written_response: false },
    { value: "partly", label: "Partly", requires_written_response: true },
    { value: "damaged", label: "Damaged", requires_written_response: false, requires_photo_attachment: true, camera_capture_only: true },
  ],
});
const itemOf = (form: StepForm, id = "item_jkl012") => form.state.items.find(({ item }) => item.id === id)!;
const kept = (form: StepForm) => until(form, (state) => state.kept === "kept");

describe("a step's form", () => {
  test("keeps every input, and comes back to the item that was worked on", async () => {
    const { form, field, again } = await openForm([workItem(), outcome]);
    form.setText("item_jkl012", "Two bags");
    form.setText("item_jkl012", "Two bags and one bicycle");
    form.setChoice("outcome", "done");
    await kept(form);
    const draft = await field.drafts.get(workflowId, stepId);
    assert.deepEqual(draft?.items.map(({ written_response, dropdown_value }) => written_response ?? dropdown_value), ["Two bags and one bicycle", "done"]);
    const restored = again();
    const state = await until(restored, ({ phase }) => phase === "filling");
    assert.deepEqual([state.restored, state.at, itemOf(restored).answer.text], [true, "outcome", "Two bags and one bicycle"]);
  });

  test("before the camera opens the draft is durable, with the place to come back to", async () => {
    const { form, field } = await openForm([workItem(), outcome]);
    form.setText("item_jkl012", "typed");
    await kept(form);
    await form.beforeCamera("outcome");
    const draft = (await field.drafts.get(workflowId, stepId)) as { at?: string; items: { written_response?: string }[] };
    assert.deepEqual([draft.at, draft.items[0]?.written_response], ["outcome", "typed"]);
  });

  test("a draft that cannot be kept is said, and the answers stay", async () => {
    const { form, store } = await openForm();
    store.failWrites("full", 2);
    form.setText("item_jkl012", "typed");
    const { keptIssue } = await until(form, (state) => state.kept === "not_kept");
    assert.equal(keptIssue?.code, "storage_failed");
    assert.equal(itemOf(form).answer.text, "typed");
  });

  test("words are judged once the field was left, then while typing", async () => {
    const { form } = await openForm();
    form.setText("item_jkl012", " ");
    assert.deepEqual(itemOf(form).issues, {});
    form.leave({ itemId: "item_jkl012", part: "written_response" });
    assert.equal(itemOf(form).issues.written_response?.code, "written_missing");
    form.setText("item_jkl012", "a");
    assert.deepEqual(itemOf(form).issues, {});
  });

  test("a refused submission lists everything with its place, and asks for the focus", async () => {
    const { form, field } = await openForm([workItem(), outcome]);
    assert.equal(await form.submit(), false);
    assert.equal(await form.submit(), false);
    const { summary, refusals } = form.state;
    assert.equal(refusals, 2);
    assert.deepEqual(summary.map(({ place, issue }) => `${place.itemId}/${place.part} ${issue.code}`), [
      "item_jkl012/photo_uploads photo_wrong_count", "item_jkl012/written_response written_missing", "outcome/dropdown_value dropdown_missing",
    ]);
    assert.deepEqual(field.outbox.records(), []);
  });

  test("an option that asks for words or a photo brings their fields, and what was given stays in sight", async () => {
    const { form } = await openForm([outcome]);
    const parts = () => itemOf(form, "outcome").parts;
    assert.deepEqual(parts(), ["dropdown_value"]);
    form.setChoice("outcome", "partly");
    assert.deepEqual([parts(), itemOf(form, "outcome").textForOption], [["dropdown_value", "written_response"], true]);
    form.setText("outcome", "the pond is left");
    form.setChoice("outcome", "damaged");
    assert.deepEqual([parts(), itemOf(form, "outcome").cameraOnly], [["dropdown_value", "photo_uploads", "written_response"], true]);
  });

  test("a photo counts once it is on this device, and replaces the one before it only then", async () => {
    const { form, field } = await openForm();
    await form.addPhotos("item_jkl012", [camera(10)], "camera_app");
    const first = itemOf(form).answer.photos[0]!;
    assert.deepEqual([first.source, first.before?.size_bytes], ["camera_app", 1010]);
    assert.equal((await field.photos.get(first.key))?.length, 1010);
    await form.addPhotos("item_jkl012", [camera(20)], "page_camera");
    const { photos } = itemOf(form).answer;
    assert.deepEqual(photos.map(({ size_bytes, source }) => [size_bytes, source]), [[1020, "page_camera"]]);
    assert.equal(await field.photos.get(first.key), undefined, "its bytes are gone with it");
  });

  test("a file that is no photo changes nothing but the words about it", async () => {
    const prepare: Field["preparePhoto"] = async (file) => file.size === 666
      ? { ok: false, issue: { code: "photo_format_unsupported", path: "", params: { format: "heic" } } } : madePhoto(file);
    const { form } = await openForm([workItem()], prepare);
    await form.addPhotos("item_jkl012", [camera(10)], "files");
    await form.addPhotos("item_jkl012", [camera(666, "IMG.HEIC")], "files");
    assert.deepEqual([itemOf(form).trouble?.name, itemOf(form).trouble?.issue.code], ["IMG.HEIC", "photo_format_unsupported"]);
    assert.equal(itemOf(form).answer.photos.length, 1);
    await form.addPhotos("item_jkl012", [], "files");
    assert.equal(itemOf(form).answer.photos.length, 1, "a cancelled picker takes nothing away");
  });

  test("several photos wait their turn in sight; one of them can be stopped; their order can be changed", async () => {
    let release = () => {};
    const gate = new Promise<void>((done) => (release = done));
    const prepare: Field["preparePhoto"] = async (file) => (await gate, madePhoto(file));
    const { form } = await openForm([workItem({ photo_allow_any_count: true })], prepare);
    const adding = form.addPhotos("item_jkl012", [camera(1), camera(2), camera(3)], "files");
    await until(form, () => itemOf(form).working.some(({ stage }) => stage === "shrinking"));
    assert.deepEqual(itemOf(form).working.map(({ stage }) => stage), ["shrinking", "waiting", "waiting"]);
    form.stopPhoto(itemOf(form).working[1]!.id);
    release();
    await adding;
    const sizes = () => itemOf(form).answer.photos.map(({ size_bytes }) => size_bytes);
    assert.deepEqual(sizes(), [1001, 1003]);
    const [first] = itemOf(form).answer.photos;
    form.movePhoto("item_jkl012", first!.key, 1);
    assert.deepEqual(sizes(), [1003, 1001]);
    form.movePhoto("item_jkl012", first!.key, 1);
    assert.deepEqual(sizes(), [1003, 1001], "there is no place behind the last");
    form.removePhoto("item_jkl012", first!.key);
    assert.deepEqual(sizes(), [1003]);
  });

  test("a photo that is under way when the form is left still reaches the draft", async () => {
    let release = () => {};
    const gate = new Promise<void>((done) => (release = done));
    const { form, field, options } = await openForm([workItem()], async (file) => (await gate, madePhoto(file)));
    const adding = form.addPhotos("item_jkl012", [camera(10)], "camera_app");
    form.close();
    assert.equal(stepForm(options), form, "who comes back finds the same form");
    release();
    await adding;
    await kept(form);
    assert.equal((await field.drafts.get(workflowId, stepId))?.items[0]?.photo_uploads?.length, 1);
  });

  test("not possible sends the reason alone and keeps the answers", async () => {
    const { form } = await openForm();
    form.setText("item_jkl012", "typed");
    form.setNotPossible("");
    assert.equal(await form.submit(), false);
    assert.equal(form.state.notPossibleIssue?.code, "not_possible_details_required");
    form.setNotPossible(null);
    assert.equal(itemOf(form).answer.text, "typed");
    form.setNotPossible("Locked gate");
    assert.equal(await form.submit(), true);
    assert.deepEqual([form.state.record?.photos, form.state.record?.state], [0, "queued"]);
  });

  test("a submission is durable, and its draft is gone", async () => {
    const { form, field } = await openForm();
    form.setText("item_jkl012", "Done");
    await form.addPhotos("item_jkl012", [camera(10)], "camera_app");
    assert.equal(form.state.done, 1);
    assert.equal(await form.submit(), true);
    assert.equal(form.state.phase, "sealed");
    assert.equal(await field.drafts.get(workflowId, stepId), undefined);
    assert.equal(field.outbox.records().length, 1);
  });
});

describe("one workflow on the screen", () => {
  const step = (change: Partial<WorkflowStep>): WorkflowStep => ({ ...(JSON.parse(workflowText()).steps[0] as WorkflowStep), ...change });
  const workflow = (status = "in_progress") => ({ status }) as Workflow;

  test("whose a step is, and what is to be done with it", () => {
    const kind = (change: Partial<WorkflowStep>, status?: string) => stepKind(workflow(status), step(change), account, {});
    assert.equal(kind({}), "fill");
    assert.equal(kind({ status: "available" }), "to_start");
    assert.equal(kind({ status: "available", assigned_improver_id: null }), "claimable");
    assert.equal(kind({ assigned_improver_id: "somebody" }), "of_other");
    assert.equal(kind({ status: "locked" }), "locked");
    assert.equal(kind({}, "skipped"), "closed");
    assert.equal(kind({ status: "completed" }, "paid_out"), "done");
    assert.equal(kind({ status: "paid_out" }), "paid_out");
    assert.equal(kind({ status: "completed", payout_error: "transfer failed", payout_last_try_at: 10 }), "payout_failed");
    assert.equal(kind({ status: "completed", payout_error: "transfer failed", payout_last_try_at: 10, retry_requested_at: 11 }), "payout_asked");
  });

  test("shows the copy on this device at once, then what the server says, and the answer to a refused action", async () => {
    let isDown = false;
    const { field } = await benchOf(({ method }) => {
      if (isDown) throw new TypeError("Failed to fetch");
      return method === "GET" ? { status: 200, text: workflowText({ status: "available", assigned_improver_id: null }) } : { status: 409, text: "taken" };
    }, { autoStart: false });
    const first = jobOf({ field, workflowId });
    await until(first, ({ from }) => from === "server");
    assert.equal(await first.claim(stepId), false);
    assert.equal(first.state.refused?.issue.code, "server_refused");
    isDown = true;
    const offline = jobOf({ field, workflowId });
    assert.equal((await until(offline, ({ phase }) => phase === "shown")).from, "device");
  });

  test("what the server would refuse is said before it is asked, and until when the work counts", async () => {
    const text = workflowText({ status: "available", assigned_improver_id: null });
    const { field } = await benchOf(() => ({ status: 200, text }), { autoStart: false, credentials: () => [] });
    const job = jobOf({ field, workflowId });
    const { steps, deadlineMs } = await until(job, (state) => state.steps[0]?.foreseen !== null && state.steps[0] !== undefined);
    assert.deepEqual([steps[0]?.kind, steps[0]?.foreseen?.code], ["claimable", "missing_credentials"]);
    assert.equal(deadlineMs, (1710496800 + 7 * 86_400) * 1000);
  });

  test("a delivery brings the server's word on the step", async () => {
    const server = parkServer();
    const { field, clock } = await benchOf(server.handler);
    const job = jobOf({ field, workflowId });
    await until(job, ({ phase }) => phase === "shown");
    await submitCleanup(field);
    assert.equal(job.state.steps[0]?.kind, "queued");
    for (let turn = 0; turn < 20 && job.state.steps[0]?.step.status !== "completed"; turn += 1) await clock.advance(5000);
    assert.equal(job.state.steps[0]?.step.status, "completed");
    assert.equal(job.state.steps[0]?.row?.mood, "delivered");
  });
});

describe("the outbox", () => {
  test("what needs a person comes first, and a tap is always answered", async () => {
    let isDown = false;
    const server = parkServer({ isDown: () => isDown });
    const { field, clock } = await benchOf(server.handler, { autoStart: false });
    await submitCleanup(field);
    isDown = true;
    const list = outboxList(field);
    assert.deepEqual([list.state.status.undelivered, list.state.rows[0]?.mood], [1, "waiting"]);
    field.outbox.start();
    await clock.advance(100);
    const retrying = list.retry(list.state.rows[0]!.record.id);
    assert.equal(list.state.rows[0]?.asked, "trying");
    await clock.advance(100);
    await retrying;
    await until(list, ({ rows }) => rows[0]?.asked === "tried");
    isDown = false;
    for (let turn = 0; turn < 60 && list.state.status.undelivered > 0; turn += 1) await clock.advance(60_000);
    assert.deepEqual([list.state.status.undelivered, list.state.rows[0]?.mood, list.state.rows[0]?.asked], [0, "delivered", null]);
    await list.retry("nobody");
  });

  test("states by what they ask of a person", () => {
    assert.deepEqual(["queued", "needs_fix", "needs_user", "delivered"].map((state) => moodOf({ state })), ["waiting", "help", "help", "delivered"]);
  });
});

describe("lists", () => {
  const other = workflowText({ status: "available", assigned_improver_id: null }).replaceAll(workflowId, "workflow_other").replaceAll(stepId, "step_other");
  const unpaid = workflowText({ status: "completed", payout_error: "insufficient balance", payout_last_try_at: 1710501600 });
  /** A server with lists, which can go away. */
  function listServer(mine = workflowText()) {
    const state = { isDown: false, mine, refusal: 409 };
    const handler: Parameters<typeof benchOf>[0] = ({ method, path }) => {
      if (state.isDown) throw new TypeError("Failed to fetch");
      if (method === "POST" && path.endsWith("/payout-request")) return state.refusal ? { status: state.refusal, text: "" } : { status: 200, text: state.mine };
      if (method === "POST") return { status: 201, text: "{}" };
      if (path === "/improvers/workflows" || path === "/improvers/unpaid-workflows") return { status: 200, text: `[${state.mine}]` };
      if (path === "/workflows/active") return { status: 200, text: `[${state.mine},${other}]` };
      if (path.endsWith("/absence-periods")) return { status: 200, text: "[]" };
      return { status: 200, text: path.endsWith("workflow_other") ? other : state.mine };
    };
    return { state, handler };
  }

  test("work: what is begun, and why the rest is not mine; the same without a network", async () => {
    const { state, handler } = listServer();
    const { field, clock } = await benchOf(handler, { autoStart: false, credentials: () => [] });
    const list = workList(field);
    const { rows } = await until(list, ({ rows, isReading }) => rows.length > 1 && !isReading);
    assert.deepEqual(rows.map(({ group, workflow, stepTitle }) => [group, workflow.id, stepTitle]), [
      ["begun", workflowId, "Litter Collection"], ["others", "workflow_other", "Litter Collection"],
    ]);
    assert.deepEqual(rows[1]?.reason, { code: "missing_credentials", path: "", params: { credential: "dpw_certified" } });
    const readAtMs = list.state.readAtMs;
    await clock.advance(60_000);
    state.isDown = true;
    await list.refresh();
    assert.deepEqual([list.state.rows.length, list.state.readAtMs], [2, readAtMs], "as old as it is");
  });

  test("work: a card that says nothing of me is mine only when the server offered it, and stays when the queue changes", async () => {
    const cardOf = (id: string) => `{"id":"${id}","series_id":"s_${id}","title":"${id}","status":"approved","recurrence":"weekly","start_at":1710496800}`;
    const { field } = await benchOf(({ path }) => ({
      status: 200, text: `[${path === "/improvers/workflows" ? cardOf("offered") : path === "/workflows/active" ? `${cardOf("offered")},${cardOf("foreign")}` : ""}]`,
    }), { autoStart: false });
    const list = workList(field);
    const expected = [["mine", "offered"], ["others", "foreign"]];
    const groups = () => list.state.rows.map(({ group, workflow }) => [group, workflow.id]);
    await until(list, ({ rows, isReading }) => rows.length > 1 && !isReading);
    assert.deepEqual(groups(), expected);
    field.outbox.dispatchEvent(new Event("change"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(groups(), expected);
  });

  test("work: nothing is shown as mine to who is no improver, and that is no lost session", async () => {
    const { field } = await benchOf(({ path }) =>
      (path.startsWith("/improvers/") ? { status: 403, text: "" } : { status: 200, text: `[${workflowText()}]` }), { autoStart: false });
    const list = workList(field);
    const { rows, issue } = await until(list, ({ phase, isReading }) => phase === "shown" && !isReading);
    assert.deepEqual([rows, issue], [[], null]);
  });

  test("pay: what is due, its sum, and asking again with the answer beside it", async () => {
    const { state, handler } = listServer(unpaid);
    const { field } = await benchOf(handler, { autoStart: false });
    const list = payList(field);
    await until(list, ({ rows }) => rows.length === 1);
    assert.deepEqual([list.state.rows[0]?.kind, list.state.total], ["payout_failed", "100000000000000000000"]);
    await list.retry(workflowId, stepId);
    assert.ok(list.state.rows[0]?.refused);
    state.refusal = 0;
    state.mine = workflowText({ status: "paid_out" });
    await list.retry(workflowId, stepId);
    assert.deepEqual([list.state.rows.length, list.state.total], [0, "0"]);
  });

  test("absence: foreseen while it is entered, and queued where there is no connection", async () => {
    const { state, handler } = listServer(workflowText({ status: "available" }));
    const { field } = await benchOf(handler, { autoStart: false });
    await field.workflows.discover();
    const absences = absencesOf(field);
    const { held } = await until(absences, (now) => now.held.length === 1);
    assert.deepEqual(held[0], { seriesId: "series_xyz789", stepOrder: 1, title: "Weekly Park Cleanup · Litter Collection" });
    await absences.foresee(held[0]!, { absent_from: "2020-01-01", absent_until: "2020-01-03" });
    assert.equal(absences.state.foreseen[0]?.code, "absence_not_in_future");
    state.isDown = true;
    await absences.add(held[0]!, { absent_from: "2030-01-01", absent_until: "2030-01-03" });
    assert.deepEqual([absences.state.done, field.outbox.records().map(({ kind }) => kind)], ["queued", ["absence_create"]]);
  });
});

describe("the last contact", () => {
  const plan = { method: "GET" as const, url: "https://api.example.org/x", headers: new Headers(), body: null };
  test("is an answer of the API, whatever it says; silence and other people's pages are told apart", async () => {
    const answers = [
      { status: 200, text: "{}" }, { status: 403, text: "" }, { status: 403, text: "", headers: { "X-SFLUV-Auth-Reason": "privacy-policy-required" } },
      { status: 403, text: "step is not assigned" }, { status: 200, text: "<!DOCTYPE html><title>Wi-Fi</title>" },
    ];
    const clock = manualClock();
    const contact = contactOf(memoryTransport(() => {
      const next = answers.shift();
      if (!next) throw new TypeError("Failed to fetch");
      return next;
    }), null, clock);
    const seen: string[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      await clock.advance(1000);
      await contact.send(plan).catch(() => {});
      seen.push(contact.state.last);
    }
    assert.deepEqual(seen, ["answer", "signed_out", "policy", "answer", "portal", "silence"]);
    assert.equal(contact.state.heardMs, clock.nowMs() - 2000, "a portal is no contact");
  });

  test("an empty 403 in a room that was never open is of a role; in one that was, the session is over", async () => {
    let status = 200;
    const contact = contactOf(memoryTransport(({ path }) => {
      const said = path.startsWith("/voters/") ? 403 : status;
      return { status: said, text: said === 200 ? "[]" : "" };
    }));
    const ask = async (path: string) => {
      await contact.send({ ...plan, url: `https://api.example.org${path}` });
      return contact.state.last;
    };
    assert.equal(await ask("/voters/workflows"), "signed_out", "nothing was heard before");
    assert.deepEqual([await ask("/workflows/active"), await ask("/voters/workflows"), await ask("/proposers/workflows")], ["answer", "answer", "answer"]);
    status = 403;
    assert.equal(await ask("/proposers/workflows"), "signed_out");
    assert.deepEqual([await ask("/voters/workflows")], ["signed_out"], "it is no news that a role is missing");
  });
});

