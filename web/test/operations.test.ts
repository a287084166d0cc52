// SPDX-License-Identifier: MIT
// The operations of the documents by name: lists in both shapes and without a network, changes with the
// reasons of their refusals, predictions from what was read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadRules, toBigInt, type AbsencePeriod, type Field, type Refusal } from "sfluv-field";
import type { TransportHandler } from "sfluv-field/testing";
import { account, benchOf, readPath, stepId, workflowId, workflowText } from "./fixtures.ts";

const seriesId = "series_xyz789";

const absence: AbsencePeriod = {
  id: "absence_1", improver_id: account, series_id: seriesId, step_order: 1,
  absent_from: 1_711_000_000, absent_until: 1_711_200_000, created_at: 1_710_500_000, updated_at: 1_710_500_000,
};
/** A light card as the live system lists it. */
const card = `{"id":"${workflowId}","series_id":"${seriesId}","status":"in_progress","recurrence":"weekly","start_at":1710496800,"total_bounty":150,"has_claimed_step":true,"assigned_steps":[{"id":"${stepId}","step_order":1,"title":"Litter","status":"in_progress"}]}`;

const offline = (): never => { throw new TypeError("Failed to fetch"); };
const codesOf = (refusal: Refusal) => refusal.issues.map(({ code }) => code);

/** A field whose server answers `answers.now`; it is an hour after the workflow began. */
async function fieldOf(profile: "documents" | "live" = "documents", credentials?: string[]) {
  const answers: { now: TransportHandler; headers?: Headers; body?: unknown } = { now: offline };
  const bench = await benchOf((request) => {
    answers.headers = request.headers;
    answers.body = request.text && JSON.parse(request.text);
    return answers.now(request);
  }, { profile, ...(credentials && { credentials: () => credentials }) });
  return { ...bench, answers, answer: (text: string, status = 200) => { answers.now = () => ({ status, text }); } };
}

/** Lets the field read the workflow, and my absences: none. */
async function hasRead({ field, answer }: Awaited<ReturnType<typeof fieldOf>>, step: Record<string, unknown> = {}): Promise<void> {
  answer(workflowText(step));
  assert.ok((await field.workflows.get(workflowId)).ok);
  answer("[]");
  assert.ok((await field.absencePeriods.list()).ok);
}

for (const [name, path, call] of [
  ["discover", "/improvers/workflows", (field: Field) => field.workflows.discover()],
  ["unpaid", "/improvers/unpaid-workflows", (field: Field) => field.workflows.unpaid()],
  ["active", "/workflows/active", (field: Field) => field.workflows.active()],
] as const) {
  test(`workflows.${name} reads lists of both shapes, and keeps the last one for a day without network`, async () => {
    const { field, clock, transport, answers, answer } = await fieldOf();
    answer(`[${workflowText()},${card}]`);
    const documented = await call(field);
    assert.ok(documented.ok);
    assert.deepEqual(documented.value.workflows.map(({ steps }) => steps.length), [1, 0]);
    assert.equal(documented.value.workflows[0]!.total_bounty, "150000000000000000000");
    answer(`{"active_credentials":["dpw_certified"],"workflows":[${card}],"total":31,"page":0,"count":20}`);
    const live = await call(field);
    assert.ok(live.ok);
    assert.deepEqual([live.from, live.value.total, live.value.active_credentials], ["server", 31, ["dpw_certified"]]);
    assert.equal(live.value.workflows[0]!.assigned_steps![0]!.status, "in_progress");
    const readAtMs = clock.nowMs();
    await clock.advance(86_400_000);
    for (const other of [offline, () => ({ status: 502, text: "" }), () => ({ status: 200, text: "<html>" })] satisfies TransportHandler[]) {
      answers.now = other;
      const copy = await call(field);
      assert.ok(copy.ok);
      assert.deepEqual([copy.from, copy.readAtMs, copy.value], ["device", readAtMs, live.value]);
    }
    assert.ok(transport.log.every((line) => line === `GET ${path}`));
    await field.close();
  });
}

test("what was never read is an issue without a network, and an empty list is none", async () => {
  const { field, answer } = await fieldOf();
  const nothing = await field.workflows.unpaid();
  assert.ok(!nothing.ok);
  assert.deepEqual(codesOf(nothing), ["server_unreachable"]);
  answer("null"); // what the live system may say for an empty list
  const empty = await field.workflows.unpaid();
  assert.ok(empty.ok);
  assert.deepEqual(empty.value.workflows, []);
  await field.close();
});

test("a whole document in a list opens without a network; a card does not stand for one", async () => {
  const { field, answers, answer } = await fieldOf();
  answer(`[${card}]`);
  await field.workflows.active();
  answers.now = offline;
  assert.ok(!(await field.workflows.get(workflowId)).ok);
  answer(`[${workflowText()}]`);
  await field.workflows.discover();
  answers.now = offline;
  const read = await field.workflows.get(workflowId);
  assert.ok(read.ok);
  assert.deepEqual([read.from, read.value.steps[0]!.bounty], ["device", "100000000000000000000"]);
  assert.deepEqual(await field.workflows.saved(workflowId), read);
  await field.close();
});

test("the token travels as the profile has it", async () => {
  for (const [profile, present, absent] of [["documents", "authorization", "access-token"], ["live", "access-token", "authorization"]] as const) {
    const { field, answers } = await fieldOf(profile);
    await field.workflows.active();
    assert.match(answers.headers!.get(present) ?? "", /t0k3n$/);
    assert.equal(answers.headers!.get(absent), null);
    await field.close();
  }
});

test("an amount is shown in the unit of the profile, and calculated with exactly", async () => {
  const documents = await fieldOf();
  const live = await fieldOf("live");
  assert.deepEqual(documents.field.formatAmount("50000000000000000000"), { text: "50", symbol: "HONEY" });
  assert.deepEqual(live.field.formatAmount("50"), { text: "50", symbol: "SFLUV" });
  assert.equal(String(toBigInt("100000000000000000000") + 1n), "100000000000000000001");
  await documents.field.close();
  await live.field.close();
});

test("the deadline of recurring work is when its next occurrence begins", async () => {
  const rules = await loadRules();
  assert.equal(rules.deadline({ recurrence: "weekly", start_at: 1_710_496_800 }), 1_711_101_600);
  assert.equal(rules.deadline({ recurrence: "one_time", start_at: 1_710_496_800 }), null);
});

test("claims are foretold from what was read, and the fact that is missing is named", async () => {
  const known = await fieldOf("documents", ["dpw_certified"]);
  const free = { assigned_improver_id: null, status: "available" };
  const ask = async (field: Field) => {
    const foretold = await field.predict.claim(workflowId, stepId);
    assert.ok(foretold.ok);
    return foretold.value;
  };
  assert.deepEqual((await ask(known.field)).missing, ["occurrences"]);
  known.answer(workflowText(free));
  await known.field.workflows.get(workflowId);
  assert.deepEqual([(await ask(known.field)).expectation, (await ask(known.field)).missing], ["unknown", ["absences"]]);
  await hasRead(known, free);
  const allowed = await ask(known.field);
  assert.equal(allowed.expectation, "allowed");
  assert.equal(allowed.workflows[0]!.steps[0]!.assigned_improver_id, account);
  assert.equal(allowed.workflows[0]!.steps[0]!.bounty, "100000000000000000000");
  const sent = known.transport.log.length;
  await hasRead(known, { assigned_improver_id: "did:privy:somebody", status: "available" });
  const refused = await ask(known.field);
  assert.deepEqual([refused.expectation, refused.status, refused.issues[0]!.code], ["refused", 409, "step_already_claimed"]);
  assert.equal(known.transport.log.length, sent + 2, "a prediction asks nobody");
  const unknown = await fieldOf();
  await hasRead(unknown, free);
  assert.deepEqual((await ask(unknown.field)).missing, ["credentials"]);
  unknown.answer(`{"active_credentials":["other"],"workflows":[],"total":0}`);
  await unknown.field.workflows.discover();
  assert.equal((await ask(unknown.field)).issues[0]!.code, "missing_credentials");
  await known.field.close();
  await unknown.field.close();
});

test("each action is foretold", async () => {
  const bench = await fieldOf();
  const { predict } = bench.field;
  await hasRead(bench);
  const foretold = async (prediction: ReturnType<typeof predict.claim>) => {
    const outcome = await prediction;
    assert.ok(outcome.ok);
    return [outcome.value.expectation, ...outcome.value.issues.map(({ code }) => code), ...outcome.value.missing];
  };
  const dates = { absent_from: "2024-04-01", absent_until: "2024-04-07" };
  assert.deepEqual(await foretold(predict.start(workflowId, stepId)), ["allowed"]);
  assert.deepEqual(await foretold(predict.complete(workflowId, stepId, { items: [] })), ["refused", "item_missing"]);
  assert.deepEqual(await foretold(predict.payoutRequest(workflowId, stepId)), ["refused", "no_failed_payout"]);
  assert.deepEqual(await foretold(predict.unclaim(seriesId, 1)), ["unknown", "occurrences"]);
  assert.deepEqual(await foretold(predict.unclaim(seriesId, 0)), ["refused", "step_order_invalid"]);
  assert.deepEqual(await foretold(predict.createAbsencePeriod({ series_id: seriesId, step_order: 1, ...dates })), ["allowed"]);
  assert.deepEqual(await foretold(predict.updateAbsencePeriod("absence_9", dates)), ["refused", "not_found"]);
  assert.deepEqual(await foretold(predict.deleteAbsencePeriod("absence_9")), ["refused", "not_found"]);
  await bench.field.close();
});

test("late work is lost where the server skips it, and the prediction says so", async () => {
  for (const [profile, expected] of [["documents", "allowed"], ["live", "refused"]] as const) {
    const bench = await fieldOf(profile);
    await hasRead(bench);
    await bench.clock.advance(7 * 86_400_000);
    const foretold = await bench.field.predict.start(workflowId, stepId);
    assert.ok(foretold.ok);
    assert.equal(foretold.value.expectation, expected);
    await bench.field.close();
  }
});

test("what is there, and why the rest is not, without asking the server", async () => {
  const bench = await fieldOf("live");
  bench.answer(`{"active_credentials":[],"workflows":[${card}],"total":1}`);
  await bench.field.workflows.discover();
  bench.answer(workflowText({ assigned_improver_id: "did:privy:somebody" }).replaceAll(workflowId, "w2").replace(seriesId, "s2"));
  await bench.field.workflows.get("w2");
  bench.answers.now = offline;
  const found = await bench.field.discover();
  assert.ok(found.ok);
  assert.deepEqual(found.value, {
    listed: [{ workflow_id: workflowId, reason: "mine_active" }],
    not_mine: [{ workflow_id: "w2", step_id: stepId, code: "step_already_claimed" }],
    unpaid: [],
  });
  await bench.field.close();
});

test("a payout is asked for once, at once, and never queued", async () => {
  const bench = await fieldOf();
  const failed = { status: "completed", completed_at: 1, payout_error: "insufficient balance in faucet" };
  await hasRead(bench, failed);
  const path = `/improvers/workflows/${workflowId}/steps/${stepId}/payout-request`;
  bench.answers.now = offline;
  const lost = await bench.field.workflows.payoutRequest(workflowId, stepId);
  assert.ok(!lost.ok);
  assert.deepEqual(codesOf(lost), ["server_unreachable"]);
  await bench.clock.advance(3_600_000);
  assert.deepEqual(bench.transport.log.filter((line) => line.startsWith("POST")), [`POST ${path}`]);
  assert.deepEqual(bench.field.outbox.records(), []);
  // The answer was lost, the transfer was made: the second tap finds it paid.
  bench.answers.now = ({ method }) => method === "POST" ? { status: 409, text: "no failed payout" } : { status: 200, text: workflowText({ status: "paid_out" }) };
  assert.ok((await bench.field.workflows.payoutRequest(workflowId, stepId)).ok);
  bench.answers.now = ({ method }) => method === "POST" ? { status: 409, text: "" } : { status: 200, text: workflowText() };
  const refused = await bench.field.workflows.payoutRequest(workflowId, stepId);
  assert.ok(!refused.ok);
  assert.deepEqual(codesOf(refused), ["no_failed_payout"]);
  bench.answer(workflowText({ ...failed, retry_requested_at: 5 }));
  assert.ok((await bench.field.workflows.payoutRequest(workflowId, stepId)).ok);
  await bench.field.close();
});

test("a series is given back, or the reason is named", async () => {
  const bench = await fieldOf();
  await hasRead(bench);
  bench.answer(`{"series_id":"${seriesId}","step_order":1,"released_count":3,"skipped_count":1}`);
  const given = await bench.field.workflows.unclaim(seriesId, 1);
  assert.ok(given.ok);
  assert.deepEqual([given.value.released_count, given.value.skipped_count], [3, 1]);
  assert.deepEqual(bench.answers.body, { series_id: seriesId, step_order: 1 });
  assert.equal(bench.transport.log.at(-1), "POST /improvers/workflow-series/unclaim");
  bench.answer("step_order", 400);
  const invalid = await bench.field.workflows.unclaim(seriesId, 0);
  assert.ok(!invalid.ok);
  assert.deepEqual(codesOf(invalid), ["step_order_invalid"]);
  // What the device cannot know stays the server's word.
  bench.answer("nothing", 409);
  const refused = await bench.field.workflows.unclaim(seriesId, 1);
  assert.ok(!refused.ok);
  assert.deepEqual(refused.issue, { code: "server_refused", path: "", params: { status: 409, operation: "unclaim" } });
  await bench.field.close();
});

test("absences are made, changed and ended, and the kept list follows", async () => {
  const bench = await fieldOf();
  await hasRead(bench);
  const { absencePeriods } = bench.field;
  const dates = { absent_from: "2024-04-01", absent_until: "2024-04-07" };
  const offlineList = async () => {
    bench.answers.now = offline;
    const list = await absencePeriods.list();
    assert.ok(list.ok);
    assert.equal(list.from, "device");
    return list.value;
  };
  bench.answer(JSON.stringify({ absence, released_count: 1, skipped_count: 0 }), 201);
  const made = await absencePeriods.create({ series_id: seriesId, step_order: 1, ...dates });
  assert.ok(made.ok);
  assert.deepEqual(made.value, { absence, released_count: 1, skipped_count: 0 });
  assert.deepEqual(bench.answers.body, { series_id: seriesId, step_order: 1, ...dates });
  assert.deepEqual(await offlineList(), [absence]);
  const longer = { ...absence, absent_until: 1_711_300_000 };
  bench.answer(JSON.stringify({ absence: longer, released_count: 0, skipped_count: 0 }));
  assert.ok((await absencePeriods.update(absence.id, dates)).ok);
  assert.deepEqual(bench.answers.body, dates);
  assert.deepEqual(await offlineList(), [longer]);
  bench.answer(`{"id":"${absence.id}"}`);
  assert.ok((await absencePeriods.delete(absence.id)).ok);
  assert.deepEqual(await offlineList(), []);
  const path = "/improvers/workflows/absence-periods";
  assert.deepEqual(bench.transport.log.filter((line) => !line.startsWith("GET")),
    [`POST ${path}`, `PUT ${path}/${absence.id}`, `DELETE ${path}/${absence.id}`]);
  await bench.field.close();
});

test("an absence is ended when the server no longer lists it, not when a captive portal says 200", async () => {
  const bench = await fieldOf();
  const { absencePeriods } = bench.field;
  let listed: object[] = [absence];
  let ending: () => { status: number; text: string } = () => ({ status: 200, text: "<html>Sign in</html>" });
  bench.answers.now = ({ method }) => method === "DELETE" ? ending() : { status: 200, text: JSON.stringify(listed) };
  const portal = await absencePeriods.delete(absence.id);
  assert.ok(!portal.ok);
  assert.deepEqual(codesOf(portal), ["document_not_readable"]);
  ending = offline;
  const lost = await absencePeriods.delete(absence.id);
  assert.ok(!lost.ok);
  assert.deepEqual(codesOf(lost), ["server_unreachable"]);
  ending = () => { listed = []; return offline(); };
  assert.ok((await absencePeriods.delete(absence.id)).ok);
  bench.answer("<html>Sign in</html>");
  const change = await bench.field.workflows.unclaim(seriesId, 1);
  assert.ok(!change.ok);
  assert.deepEqual(codesOf(change), ["document_not_readable"]);
  await bench.field.close();
});

test("a refused absence names every reason, a lost one is not found", async () => {
  const bench = await fieldOf();
  await hasRead(bench);
  bench.answer("invalid dates", 400);
  const refused = await bench.field.absencePeriods.create({ series_id: " ", step_order: 0, absent_from: "soon", absent_until: "2024-04-01" });
  assert.ok(!refused.ok);
  assert.deepEqual(refused.issues.map(({ code, path }) => `${code} ${path}`),
    ["date_invalid /absent_from", "series_blank /series_id", "step_order_invalid /step_order"]);
  bench.answer("", 404);
  const lost = await bench.field.absencePeriods.delete("absence_9");
  assert.ok(!lost.ok);
  assert.deepEqual(lost.issue, { code: "not_found", path: "", params: { what: "absence" } });
  await bench.field.close();
});

test("becoming an improver, the rewards account, credential requests", async () => {
  const bench = await fieldOf();
  const { improvers, credentialRequests } = bench.field;
  bench.answer(`{"user_id":"u","status":"approved","email":"jane@example.org"}`, 201);
  const me = await improvers.request({ first_name: "Jane", last_name: "Smith", email: "jane@example.org" });
  assert.ok(me.ok);
  assert.equal(me.value.status, "approved");
  const address = "0x52908400098527886E0F7030069857D2E4169EE7";
  bench.answer(`{"primary_rewards_account":"${address}"}`);
  const paid = await improvers.setPrimaryRewardsAccount(address);
  assert.ok(paid.ok);
  assert.deepEqual([paid.value.primary_rewards_account, bench.answers.body], [address, { primary_rewards_account: address }]);
  bench.answer(`{"id":"r","credential_type":"dpw_certified","status":"pending"}`, 201);
  const asked = await credentialRequests.create("dpw_certified");
  assert.ok(asked.ok);
  assert.deepEqual([asked.value.status, bench.answers.body], ["pending", { credential_type: "dpw_certified" }]);
  bench.answer(`[{"id":"r","credential_type":"dpw_certified","status":"approved"}]`);
  assert.ok((await credentialRequests.list()).ok);
  bench.answers.now = offline;
  const kept = await credentialRequests.list();
  assert.ok(kept.ok);
  assert.deepEqual([kept.from, kept.value[0]!.status], ["device", "approved"]);
  bench.answer("", 409);
  const twice = await credentialRequests.create("dpw_certified");
  assert.ok(!twice.ok);
  assert.deepEqual(codesOf(twice), ["server_refused"]);
  assert.deepEqual(bench.transport.log, [
    "POST /improvers/request", "PUT /improvers/primary-rewards-account", "POST /improvers/credential-requests",
    "GET /improvers/credential-requests", "GET /improvers/credential-requests", "POST /improvers/credential-requests",
  ]);
  await bench.field.close();
});

test("a session that is over and a policy that is not accepted are told apart", async () => {
  const bench = await fieldOf();
  await hasRead(bench);
  bench.answers.now = () => ({ status: 403, headers: { "X-SFLUV-Auth-Reason": "privacy-policy-required" } });
  const policy = await bench.field.workflows.active();
  assert.ok(!policy.ok);
  assert.deepEqual(codesOf(policy), ["policy_not_accepted"]);
  bench.answer("", 403);
  const over = await bench.field.workflows.unclaim(seriesId, 1);
  assert.ok(!over.ok);
  assert.deepEqual(codesOf(over), ["signed_out"]);
  // A 403 with words is a verdict: this step is somebody else's.
  bench.answers.now = ({ method }) => method === "POST" ? { status: 403, text: "step is not assigned to this improver" }
    : { status: 200, text: workflowText({ assigned_improver_id: "did:privy:somebody", status: "available" }) };
  const other = await bench.field.workflows.start(workflowId, stepId);
  assert.ok(!other.ok);
  assert.deepEqual(codesOf(other), ["not_assigned"]);
  assert.equal(bench.transport.log.at(-1), `GET ${readPath}`);
  await bench.field.close();
});
