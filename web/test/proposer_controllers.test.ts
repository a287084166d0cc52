// SPDX-License-Identifier: MIT
// What the views of proposers, voters and of one's own account show, and what may be done there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ballotOf, credentialsOf, proposalContextOf, proposalForm, proposalList, rewardsAccountOf, type ProposalForm } from "sfluv-field/controllers";
import type { ProposalContext, ProposalDraft } from "sfluv-field";
import type { TransportHandler } from "sfluv-field/testing";
import { benchOf, workflowText } from "./fixtures.ts";

const context: ProposalContext = { supervisors: ["did:privy:supervisor123"], credential_types: ["dpw_certified"] };
const offline = (): never => { throw new TypeError("Failed to fetch"); };

/** Until the controller shows it: a module may have to be loaded first. */
async function until(what: () => boolean): Promise<void> {
  for (let n = 0; n < 2000 && !what(); n++) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.ok(what(), String(what));
}

async function formOf(handler: TransportHandler = offline) {
  const bench = await benchOf(handler, { account: "did:privy:proposer456" });
  const open = async (): Promise<ProposalForm> => {
    const form = proposalForm({ field: bench.field, draftId: "park", context });
    await until(() => form.state.phase === "filling");
    return form;
  };
  return { ...bench, open };
}

function fill(form: ProposalForm): void {
  form.set("/title", "Weekly Park Cleanup");
  form.set("/description", "Remove litter");
  form.set("/recurrence", "weekly");
  form.set("/start_at", "2024-03-15T10:00:00Z");
  form.set("/roles/0/title", "Park Cleaner");
  form.set("/roles/0/required_credentials", ["dpw_certified"]);
  form.set("/steps/0/title", "Litter Collection");
  form.setPay("/steps/0/bounty", "100");
  form.set("/steps/0/work_items/0/title", "Before Photo");
}

test("a proposal is kept at every input, and there again when it is opened", async () => {
  const { field, open } = await formOf();
  const form = await open();
  assert.equal(form.state.kept, "untouched");
  form.set("/title", "Plant trees");
  form.setPay("/steps/0/bounty", "0.5");
  assert.equal(form.state.kept, "keeping");
  await until(() => form.state.kept === "kept");
  const again = await open();
  assert.deepEqual([again.state.draft.title, again.state.draft.steps[0]!.bounty, again.payOf("/steps/0/bounty")],
    ["Plant trees", "500000000000000000", { text: "0.5", isTyped: false }]);
  await field.close();
});

test("the costs are there while typing, whatever else is missing", async () => {
  const { field, open } = await formOf();
  const form = await open();
  form.set("/recurrence", "daily");
  form.setPay("/steps/0/bounty", "100");
  form.set("/supervisor", { user_id: "did:privy:supervisor123", bounty: "0" });
  form.setPay("/supervisor/bounty", "50");
  await until(() => form.state.totals?.total_bounty === "150000000000000000000");
  assert.deepEqual(form.state.totals, { total_bounty: "150000000000000000000", weekly_bounty_requirement: "1050000000000000000000" });
  form.setPay("/supervisor/bounty", "5o");
  await until(() => form.state.totals === null);
  assert.deepEqual(form.payOf("/supervisor/bounty"), { text: "5o", isTyped: true });
  await field.close();
});

test("an error shows when its field was left, and all of them when it is sent", async () => {
  const { field, open, transport } = await formOf();
  const form = await open();
  const paths = () => form.state.issues.map(({ path }) => path);
  assert.deepEqual(paths(), []);
  form.leave("/title");
  await until(() => paths().join() === "/title");
  form.set("/title", "Plant trees");
  await until(() => paths().length === 0);
  assert.equal(await form.submit(), false);
  assert.deepEqual([form.state.refusals, transport.log.length], [1, 0]);
  assert.ok(form.state.summary.length > 3);
  for (const { path } of form.state.summary) assert.ok(paths().includes(path), path);
  await field.close();
});

test("roles, steps, items and choices come, go and change places", async () => {
  const { field, open } = await formOf();
  const form = await open();
  fill(form);
  form.add("/roles");
  assert.deepEqual(form.state.draft.roles.map(({ client_id }) => client_id), ["role-1", "role-2"]);
  form.remove("/roles/1");
  form.add("/steps");
  form.set("/steps/1/title", "Inspection");
  form.move("/steps/1", -1);
  form.move("/steps/0", -1);
  assert.deepEqual(form.state.draft.steps.map(({ title }) => title), ["Inspection", "Litter Collection"]);
  assert.equal(form.payOf("/steps/1/bounty").text, "100", "what was typed goes with its step");
  form.add("/steps/0/work_items/0/dropdown_options");
  form.set("/steps/0/work_items/0/dropdown_options/0/label", "All clean");
  assert.equal(form.state.draft.steps[0]!.work_items[0]!.dropdown_options![0]!.label, "All clean");
  form.remove("/steps/0");
  assert.equal(form.state.draft.steps.length, 1);
  await field.close();
});

test("a proposal goes when somebody taps, and says so when it is not known whether it went", async () => {
  let loses = true;
  const sent: ProposalDraft[] = [];
  const { field, open } = await formOf(({ method, text }) => {
    if (method === "GET") return { status: 200, text: "[]" };
    sent.push(JSON.parse(text) as ProposalDraft);
    return loses ? offline() : { status: 201, text: workflowText() };
  });
  const form = await open();
  fill(form);
  assert.equal(await form.submit(), false);
  assert.deepEqual([form.state.phase, form.state.isUnclear, form.state.refused?.code], ["filling", true, "proposal_unclear"]);
  loses = false;
  assert.equal(await form.submit(), true);
  assert.deepEqual([form.state.phase, form.state.workflow?.title, sent.length], ["sent", "Weekly Park Cleanup", 2]);
  assert.deepEqual(await field.proposals.drafts.list(), []);
  await field.close();
});

test("a vote is cast once at a time, and a refused one says why", async () => {
  let status = 200;
  const votes = { approve: 1, deny: 0, votes_cast: 1, total_voters: 3, quorum_reached: false, quorum_threshold: 2, my_decision: null as string | null };
  const text = () => workflowText().replace(/\}$/, `,"votes":${JSON.stringify(votes)}}`);
  const { field, transport } = await benchOf(({ method, text: body }) => {
    if (method === "POST" && status === 200) votes.my_decision = (JSON.parse(body) as { decision: string }).decision;
    return { status: method === "GET" ? 200 : status, text: status === 200 || method === "GET" ? text() : "" };
  });
  const ballot = ballotOf({ field, workflowId: "workflow_abc123" });
  await until(() => ballot.state.phase === "shown");
  const casting = ballot.cast("approve");
  await ballot.cast("deny");
  await casting;
  assert.deepEqual([ballot.state.workflow!.votes!.my_decision, ballot.state.refused], ["approve", null]);
  status = 409;
  await ballot.cast("deny");
  assert.equal(ballot.state.refused?.code, "server_refused");
  assert.equal(transport.log.filter((line) => line.startsWith("POST")).length, 2);
  await field.close();
});

test("a vote whose answer was lost is found where it is", async () => {
  const { field } = await benchOf(({ method }) => {
    if (method === "POST") return offline();
    return { status: 200, text: workflowText().replace(/\}$/, `,"votes":{"approve":1,"my_decision":"deny"}}`) };
  });
  const cast = await field.votes.cast("workflow_abc123", "deny");
  assert.ok(cast.ok);
  const other = await field.votes.cast("workflow_abc123", "approve");
  assert.ok(!other.ok && other.issue.code === "server_unreachable");
  await field.close();
});

test("a credential is asked for, and the list tells", async () => {
  const asked: string[] = [];
  const { field } = await benchOf(({ method, text }) => {
    const of = (type: string, n: number) => `{"id":"r${n}","credential_type":"${type}","status":"pending"}`;
    if (method === "GET") return { status: 200, text: `[${asked.map(of).join(",")}]` };
    asked.push((JSON.parse(text) as { credential_type: string }).credential_type);
    return { status: 201, text: of(asked.at(-1)!, asked.length) };
  });
  const credentials = credentialsOf(field);
  await until(() => credentials.state.phase === "shown");
  await credentials.ask("dpw_certified");
  assert.deepEqual([credentials.state.asked, credentials.state.requests.map(({ status }) => status)], ["dpw_certified", ["pending"]]);
  await field.close();
});

test("an address shows its checksum at once, and what is wrong when the field was left", async () => {
  const bodies: string[] = [];
  const { field } = await benchOf(({ text }) => {
    bodies.push(text);
    return { status: 200, text };
  });
  const account = rewardsAccountOf(field);
  account.type("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed");
  assert.equal(account.state.address, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
  account.type("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
  assert.deepEqual([account.state.address, account.state.issue], [null, null]);
  account.leave();
  assert.equal(account.state.issue?.code, "address_checksum_wrong");
  assert.equal(await account.save(), false);
  account.type("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed");
  assert.equal(await account.save(), true);
  assert.equal(account.state.saved, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
  assert.deepEqual(bodies.length, 1);
  await field.close();
});

/** A server where some rooms are closed to this account: an empty 403, as for a session that is over. */
const rooms = (open: readonly string[], lists: Record<string, string> = {}): TransportHandler => ({ path }) => {
  const room = /^\/(proposers|voters)\//.exec(path)?.[1] ?? "everybody";
  return open.includes(room) ? { status: 200, text: lists[room] ?? "[]" } : { status: 403, text: "" };
};

test("who may propose and who may vote is the server's word; a session that is over says nothing about it", async () => {
  const cases: [string[], (boolean | null)[], string | undefined][] = [
    [["everybody", "proposers", "voters"], [true, true], undefined],
    [["everybody", "voters"], [false, true], undefined],
    [["everybody"], [false, false], undefined],
    [[], [null, null], "signed_out"],
  ];
  for (const [open, expected, code] of cases) {
    const { field } = await benchOf(rooms(open));
    const list = proposalList(field);
    await until(() => list.state.phase === "shown" && !list.state.isReading);
    assert.deepEqual([[list.state.mayPropose, list.state.mayVote], list.state.issue?.code], [expected, code], open.join());
    list.close();
    await field.close();
  }
});

test("proposals: what was begun here, what is voted on, what became of mine; also without a network", async () => {
  let isDown = false;
  const voted = workflowText().replace(/\}$/, `,"votes":{"approve":1,"deny":0,"votes_cast":1,"total_voters":3,"quorum_reached":false,"quorum_threshold":2,"my_decision":"approve"}}`);
  const server = rooms(["everybody", "proposers", "voters"], { proposers: `[${workflowText()}]`, voters: `[${voted}]` });
  const { field } = await benchOf((request) => (isDown ? offline() : server(request)));
  await field.proposals.drafts.save("park", { title: "Benches", description: "", recurrence: "weekly", start_at: "", supervisor: null, roles: [], steps: [] });
  const list = proposalList(field);
  await until(() => list.state.rows.length === 3);
  assert.deepEqual(list.state.rows.map(({ group, id, votes }) => [group, id, votes?.my_decision]),
    [["begun", "park", undefined], ["open", "workflow_abc123", "approve"], ["mine", "workflow_abc123", undefined]]);
  list.close();
  isDown = true;
  const again = proposalList(field);
  await until(() => again.state.rows.length === 3 && !again.state.isReading);
  assert.deepEqual([again.state.mayPropose, again.state.mayVote, again.state.issue?.code], [true, true, "server_unreachable"]);
  again.close();
  await field.close();
});

test("a proposal is judged by what other work tells of supervisors and credentials", async () => {
  const whole = workflowText().replace(/\}$/, `,"supervisor_user_id":"did:privy:supervisor123","supervisor_title":"DPW Supervisor"}`);
  const card = whole.replace(/"roles":\[.*?\}\],/, "");
  const { field } = await benchOf(({ path }) =>
    ({ status: 200, text: path === "/workflows/active" ? `[${card}]` : path === "/proposers/workflows" ? "[]" : whole }));
  assert.deepEqual(await proposalContextOf(field),
    { supervisors: [{ user_id: "did:privy:supervisor123", title: "DPW Supervisor", organization: null }], credential_types: ["dpw_certified"] });
  await field.close();
});

test("one's own proposal is withdrawn while it is voted on; what the server refuses is said", async () => {
  let [status, deletions] = [409, 0];
  const { field } = await benchOf(({ method, path }) => {
    assert.ok(path.startsWith("/proposers/"), path);
    if (method === "DELETE") deletions += 1;
    const isGone = status === 200 && deletions > 1;
    const shown = workflowText().replace('"status":"in_progress","is_start', `"status":"${isGone ? "deleted" : "pending"}","is_start`);
    return method === "DELETE" ? { status, text: "{}" } : { status: 200, text: shown };
  });
  const ballot = ballotOf({ field, workflowId: "workflow_abc123", as: "proposer" });
  await until(() => ballot.state.phase === "shown");
  assert.equal(await ballot.withdraw(), false);
  assert.equal(ballot.state.refused?.code, "server_refused");
  status = 200;
  assert.equal(await ballot.withdraw(), true);
  assert.deepEqual([ballot.state.refused, ballot.state.workflow?.status], [null, "deleted"]);
  ballot.close();
  await field.close();
});
