// SPDX-License-Identifier: MIT
// Each documented operation (native-tests/vectors/operations.json) through its typed method, against the
// reference server (`make server`), and the table of the README that tells of it.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createField, type Draft, type Field, type OutboxRecord, type ProposalDraft } from "sfluv-field";
import { memoryStore } from "sfluv-field/testing";
import { nativeTests, photoOf, stepId, workflowId } from "./fixtures.ts";
import { operations, tableOf } from "./operations_table.ts";

const program = fileURLToPath(new URL("../../build/native/bin/sfluv-server", import.meta.url));
const skip = existsSync(program) ? false : "no reference server: make server";
const work = mkdtempSync(join(tmpdir(), "sfluv-field-contract-"));
const jane = "did:privy:improver789";
const proposer = "did:privy:proposer456";
const voter = "did:privy:voter001";
let server: ChildProcess | undefined;
let base = "";
let tokens: Record<string, string> = {};
const fields: Field[] = [];

async function bench(name: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${base}/test/${name}`, body ? { method: "POST", body: JSON.stringify(body) } : undefined);
  assert.equal(response.status, 200, name);
  return response.json() as Promise<Record<string, unknown>>;
}

before(async () => {
  if (skip) return;
  server = spawn(program, ["--port", "0", "--db", join(work, "park.db"), "--test-endpoints"], { stdio: ["ignore", "pipe", "inherit"] });
  base = await new Promise<string>((resolve, reject) => {
    server!.on("exit", () => reject(new Error("the server ended")));
    server!.stdout!.on("data", (text: Buffer) => {
      const port = /listening on (127\.0\.0\.1:\d+)/.exec(String(text));
      if (port) resolve(`http://${port[1]}`);
    });
  });
  tokens = (await bench("seed", { workflows: 2 }))["tokens"] as Record<string, string>;
});
after(async () => {
  for (const field of fields) await field.close();
  server?.kill();
  rmSync(work, { recursive: true, force: true });
});

async function fieldOf(account: string): Promise<Field> {
  const field = await createField({ apiBase: base, account, token: () => tokens[account]!, store: memoryStore() });
  fields.push(field);
  return field;
}

function valueOf<T>(outcome: { ok: true; value: T } | { ok: false; issue: unknown }): T {
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.value;
}

/** Seals the answers and waits until the server was seen to hold them. */
async function deliver(field: Field, step: string, draft: Draft): Promise<OutboxRecord> {
  const workflow = valueOf(await field.workflows.get(workflowId));
  const record = valueOf(await field.outbox.submit({ workflow, step: workflow.steps.find(({ id }) => id === step)!, draft }));
  for await (const change of field.outbox.changes(AbortSignal.timeout(20_000))) {
    if (change.id === record.id && change.record?.state === "delivered") return change.record;
    assert.ok(!["needs_user", "needs_fix"].includes(change.record?.state ?? ""), JSON.stringify(change.record));
  }
  throw new Error("not delivered");
}

async function photoAnswer(field: Field, item_id: string, seed: number): Promise<Draft["items"][number]> {
  const { key, content_type, size_bytes, sha256 } = valueOf(await field.photos.save(photoOf(1000, seed)));
  return { item_id, photo_uploads: [{ key, content_type, size_bytes, sha256 }] };
}

test("an improver's operations", { skip }, async () => {
  const field = await fieldOf(jane);
  assert.equal(valueOf(await field.workflows.discover()).workflows.length, 2);
  assert.equal(valueOf(await field.workflows.active()).workflows.length, 2);
  assert.equal(valueOf(await field.workflows.get(workflowId)).title, "Weekly Park Cleanup");
  assert.equal(valueOf(await field.workflows.claim(workflowId, stepId)).steps[0]!.assigned_improver_id, jane);
  assert.equal(valueOf(await field.workflows.start(workflowId, stepId)).steps[0]!.status, "in_progress");
  await bench("faucet", { mode: "insufficient" });
  await deliver(field, stepId, { items: [
    await photoAnswer(field, "item_jkl012", 1), await photoAnswer(field, "item_jkl013", 2),
    { item_id: "item_jkl014", written_response: "Two bags of litter" }, { item_id: "item_jkl015", dropdown_value: "completed_successfully" },
  ] });
  await deliver(field, "step_xyz999", { items: [{ item_id: "item_jkl017", written_response: "Nothing left to do" }] });
  assert.deepEqual(valueOf(await field.workflows.unpaid()).workflows.map(({ id }) => id), [workflowId]);
  await bench("faucet", { mode: "ok" });
  assert.equal(valueOf(await field.workflows.payoutRequest(workflowId, stepId)).steps[0]!.status, "paid_out");

  valueOf(await field.workflows.claim("workflow_demo_2", "step_collect_2"));
  const wish = { series_id: "series_demo_2", step_order: 1, absent_from: "2099-04-01", absent_until: "2099-04-07" };
  const { absence } = valueOf(await field.absencePeriods.create(wish));
  valueOf(await field.absencePeriods.update(absence.id, { absent_from: "2099-05-01", absent_until: "2099-05-02" }));
  assert.deepEqual(valueOf(await field.absencePeriods.list()).map(({ id }) => id), [absence.id]);
  valueOf(await field.absencePeriods.delete(absence.id));
  assert.equal(valueOf(await field.workflows.unclaim("series_demo_2", 1)).released_count, 2);
});

test("an account's operations", { skip }, async () => {
  const field = await fieldOf(jane);
  const address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
  assert.equal(valueOf(await field.improvers.setPrimaryRewardsAccount(address.toLowerCase())).primary_rewards_account, address);
  assert.equal(valueOf(await field.credentialRequests.create("sfluv_verifier")).status, "pending");
  assert.equal(valueOf(await field.credentialRequests.list()).length, 1);
  const other = await fieldOf(voter);
  const me = valueOf(await other.improvers.request({ first_name: "Val", last_name: "Voter", email: "voter001@example.org" }));
  assert.equal(me.status, "pending");
});

test("a proposer's and a voter's operations", { skip }, async () => {
  const field = await fieldOf(proposer);
  const draft: ProposalDraft = {
    title: "Plant trees", description: "Ten oaks", recurrence: "weekly", start_at: "2099-03-15T10:00:00Z",
    supervisor: { user_id: "did:privy:supervisor123", bounty: "50000000000000000000" },
    roles: [{ client_id: "r", title: "Planter", required_credentials: ["dpw_certified"] }],
    steps: [{
      title: "Plant", description: "Ten", bounty: "100000000000000000000", role_client_id: "r",
      work_items: [{ title: "How", requires_dropdown: true, dropdown_options: [{ label: "50% done" }] }],
    }],
  };
  const context = { supervisors: ["did:privy:supervisor123"], credential_types: ["dpw_certified"] };
  valueOf(await field.proposals.drafts.save("trees", draft));
  const made = valueOf(await field.proposals.propose("trees", context));
  const foreseen = (await field.proposals.check(draft, context)).normalized!;
  assert.deepEqual([made.total_bounty, made.weekly_bounty_requirement, made.steps[0]!.work_items[0]!.dropdown_options[0]!.value],
    [foreseen.total_bounty, foreseen.weekly_bounty_requirement, "50_done"]);
  assert.deepEqual([made.supervisor_title, made.votes!.total_voters], ["DPW Supervisor", 2]);
  assert.equal(valueOf(await field.proposals.get(made.id)).status, "pending");
  assert.equal(valueOf(await field.proposals.list()).workflows.length, 4, "two of the demo, its paid one's successor, and mine");

  const votes = (await fieldOf(voter)).votes;
  assert.deepEqual(valueOf(await votes.pending()).workflows.map(({ id }) => id), [made.id]);
  assert.equal(valueOf(await votes.cast(made.id, "deny")).votes!.my_decision, "deny");
  assert.equal(valueOf(await votes.get(made.id)).votes!.quorum_reached, true);

  valueOf(await field.proposals.withdraw(made.id));
  const late = await field.proposals.withdraw(made.id);
  assert.ok(late.ok, "what is deleted is deleted");
});

test("every documented operation has been on the wire", { skip }, async () => {
  const { requests } = await bench("requests") as { requests: { method: string; path: string }[] };
  for (const { name, method, path } of operations) {
    const pattern = new RegExp(`^${path.replaceAll("{}", "[^/]+")}$`);
    const isSeen = requests.some((one) => one.method === method && pattern.test(one.path)
      && !operations.some((other) => other.method === method && other.path === one.path && other.path !== path));
    assert.ok(isSeen, name);
  }
});

test("what the table names is there", async () => {
  const field = await createField({ apiBase: "https://api.example.org", account: jane, store: memoryStore(), autoStart: false });
  fields.push(field);
  const memberOf = (path: string) => path.split(".").reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], field);
  for (const { name, typed, offline } of operations) {
    assert.equal(typeof memberOf(typed), "function", `${name}: ${typed}`);
    if (offline) assert.equal(typeof memberOf(offline), "function", `${name}: ${offline}`);
  }
});

test("the table of the README is the one of the list", () => {
  const readme = readFileSync(new URL("../README.md", nativeTests), "utf8");
  assert.ok(readme.includes(tableOf(operations)), "run web/test/operations_table.ts");
});
