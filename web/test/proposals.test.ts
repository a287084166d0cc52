// SPDX-License-Identifier: MIT
// Proposing and voting: checked while it is written, sent once, looked for before it is sent again.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProposalContext, ProposalDraft } from "sfluv-field";
import type { TransportHandler } from "sfluv-field/testing";
import { benchOf } from "./fixtures.ts";

const context: ProposalContext = { supervisors: ["did:privy:supervisor123"], credential_types: ["dpw_certified"] };

const draft: ProposalDraft = {
  title: "Weekly Park Cleanup", description: 'Say "bounty":"1" and nothing happens', recurrence: "weekly",
  start_at: "2024-03-15T10:00:00Z", supervisor: { user_id: "did:privy:supervisor123", bounty: "50000000000000000000" },
  roles: [{ client_id: "role-1", title: "Park Cleaner", required_credentials: ["dpw_certified"] }],
  steps: [{
    title: "Litter Collection", description: "Collect all visible litter", bounty: "100000000000000000000", role_client_id: "role-1",
    work_items: [{ title: "Before Photo", requires_photo: true, photo_aspect_ratio: "square" }],
  }],
};

/** A server that makes a workflow of what is posted, and may lose the answer. */
function proposersServer() {
  const made: string[] = [];
  const bodies: string[] = [];
  const server = { isDown: false, loses: false, refuses: 0, made, bodies };
  const handler: TransportHandler = ({ method, path, text }) => {
    if (server.isDown) throw new TypeError("Failed to fetch");
    if (method === "GET" && path === "/proposers/workflows") return { status: 200, text: `[${made.join(",")}]` };
    if (method !== "POST") return { status: 404, text: "" };
    bodies.push(text);
    if (server.refuses) return { status: server.refuses, text: "no" };
    const sent = JSON.parse(text) as ProposalDraft;
    const workflow = JSON.stringify({
      id: `workflow_${made.length + 1}`, series_id: "s", status: "pending", title: sent.title, description: sent.description,
      recurrence: sent.recurrence, start_at: 1710496800, total_bounty: "@total", supervisor_user_id: sent.supervisor!.user_id,
      roles: sent.roles.map(({ title, required_credentials }) => ({ id: "r", title, required_credentials })),
      steps: sent.steps.map(({ title, description, work_items }) => ({ id: "st", title, description, bounty: "@bounty", work_items })),
    }).replace('"@total"', "150000000000000000000").replaceAll('"@bounty"', "100000000000000000000");
    made.push(workflow);
    if (server.loses) throw new TypeError("Failed to fetch");
    return { status: 201, text: workflow };
  };
  return { server, handler };
}

async function bench() {
  const { server, handler } = proposersServer();
  const made = await benchOf(handler, { account: "did:privy:proposer456" });
  assert.ok((await made.field.proposals.drafts.save("park", draft)).ok);
  return { server, ...made };
}

test("a proposal is checked while it is written, with its totals", async () => {
  const { field } = await bench();
  const { accepted, normalized } = await field.proposals.check(draft, context);
  assert.ok(accepted && normalized);
  assert.deepEqual([normalized.total_bounty, normalized.weekly_bounty_requirement, normalized.start_at],
    ["150000000000000000000", "150000000000000000000", 1710496800]);
  const daily = await field.proposals.check({ ...draft, recurrence: "daily" }, context);
  assert.equal(daily.normalized!.weekly_bounty_requirement, "1050000000000000000000");
  const wrong = await field.proposals.check({ ...draft, title: " ", steps: [] }, context);
  assert.deepEqual(wrong.issues.map(({ code, path }) => `${code} ${path}`), ["title_blank /title", "steps_missing /steps"]);
  await field.close();
});

test("amounts travel as exact numbers, and texts as they are", async () => {
  const { field, server } = await bench();
  assert.ok((await field.proposals.propose("park", context)).ok);
  assert.match(server.bodies[0]!, /"bounty":50000000000000000000\}/);
  assert.match(server.bodies[0]!, /"bounty":100000000000000000000,/);
  assert.equal((JSON.parse(server.bodies[0]!) as ProposalDraft).description, draft.description);
  assert.deepEqual(await field.proposals.drafts.list(), [], "a draft that was taken is gone");
  await field.close();
});

test("without a network nothing is sent, and the draft stays", async () => {
  const { field, server, transport } = await bench();
  assert.ok((await field.proposals.list()).ok, "what was read yesterday tells nothing today");
  server.isDown = true;
  const refused = await field.proposals.propose("park", context);
  assert.ok(!refused.ok);
  assert.equal(refused.issue.code, "server_unreachable");
  assert.deepEqual(transport.log, ["GET /proposers/workflows", "GET /proposers/workflows"]);
  assert.deepEqual((await field.proposals.drafts.list()).map(({ isUnclear }) => isUnclear), [false]);
  assert.ok((await field.signOut()).ok);
  assert.equal((await field.proposals.drafts.list()).length, 1, "a draft is its author's own");
  await field.close();
});

test("after an unclear end the list is compared, and nothing is sent twice", async () => {
  const { field, server, store, clock, transport } = await bench();
  server.loses = true;
  const lost = await field.proposals.propose("park", context);
  assert.ok(!lost.ok);
  assert.equal(lost.issue.code, "proposal_unclear");
  await field.close();
  // Another day, another page of the same device.
  const again = (await benchOf(() => { throw new TypeError("Failed to fetch"); }, { store: store.again(), clock, transport, account: "did:privy:proposer456" })).field;
  assert.deepEqual((await again.proposals.drafts.list()).map(({ isUnclear }) => isUnclear), [true]);
  const found = await again.proposals.propose("park", context);
  assert.ok(found.ok);
  assert.deepEqual([found.value.id, server.bodies.length], ["workflow_1", 1]);
  assert.deepEqual(await again.proposals.drafts.list(), []);
  await again.close();
});

test("what arrived and was changed here since is not sent behind a person's back", async () => {
  const { field, server } = await bench();
  server.loses = true;
  assert.ok(!(await field.proposals.propose("park", context)).ok);
  server.loses = false;
  assert.ok((await field.proposals.drafts.save("park", { ...draft, title: "Daily Park Cleanup" })).ok);
  const arrived = await field.proposals.propose("park", context);
  assert.ok(!arrived.ok);
  assert.deepEqual([arrived.issue, server.bodies.length], [{ code: "proposal_arrived", path: "", params: { workflow_id: "workflow_1" } }, 1]);
  assert.ok((await field.proposals.propose("park", context)).ok, "it is a proposal of its own now");
  assert.equal(server.made.length, 2);
  await field.close();
});

test("of two pages one sends", async () => {
  const { field, server, store, clock, transport } = await bench();
  const other = (await benchOf(() => { throw new TypeError("Failed to fetch"); }, { store: store.again(), clock, transport, account: "did:privy:proposer456" })).field;
  const both = await Promise.all([field.proposals.propose("park", context), other.proposals.propose("park", context)]);
  assert.deepEqual(both.map(({ ok }) => ok).sort(), [false, true]);
  assert.equal(server.bodies.length, 1);
  await other.close();
  await field.close();
});

test("a twin of before is no evidence, and a lost request goes again", async () => {
  const { field, server } = await bench();
  assert.ok((await field.proposals.propose("park", context)).ok);
  assert.ok((await field.proposals.drafts.save("park", draft)).ok);
  server.refuses = 503;
  const unclear = await field.proposals.propose("park", context);
  assert.ok(!unclear.ok && unclear.issue.code === "proposal_unclear");
  server.refuses = 0;
  const made = await field.proposals.propose("park", context);
  assert.ok(made.ok);
  assert.deepEqual([made.value.id, server.made.length], ["workflow_2", 2]);
  await field.close();
});

test("a refusal is clear: the draft stays and may be mended", async () => {
  const { field, server } = await bench();
  server.refuses = 400;
  const refused = await field.proposals.propose("park", context);
  assert.ok(!refused.ok && refused.issue.code === "server_refused");
  assert.deepEqual((await field.proposals.drafts.list()).map(({ isUnclear }) => isUnclear), [false]);
  const missing = await field.proposals.propose("nothing", context);
  assert.ok(!missing.ok && missing.issue.code === "draft_missing");
  await field.close();
});

test("a rewards account shows its checksum, or what is wrong with it", async () => {
  const { field } = await bench();
  const small = field.checkRewardsAccount("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed");
  assert.equal(small.normalized?.primary_rewards_account, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
  assert.equal(field.checkRewardsAccount("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed").issues[0]!.code, "address_checksum_wrong");
  await field.close();
});
