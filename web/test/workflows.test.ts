// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TransportHandler } from "sfluv-field/testing";
import { account, benchOf, readPath, stepId, workflowId, workflowText } from "./fixtures.ts";

const claimPath = `/improvers/workflows/${workflowId}/steps/${stepId}/claim`;
const startPath = claimPath.replace("claim", "start");

test("a workflow is read from its exact text, and kept for a day without network", async () => {
  let answer: TransportHandler = () => ({ status: 200, text: workflowText() });
  const { field, clock } = await benchOf((request) => answer(request));
  const fresh = await field.workflows.get(workflowId);
  assert.ok(fresh.ok);
  assert.deepEqual([fresh.from, fresh.value.total_bounty], ["server", "150000000000000000000"]);
  const readAtMs = clock.nowMs();
  await clock.advance(86_400_000);
  // No answer, a fault, a captive portal: none is a verdict about the workflow.
  for (const other of [
    () => { throw new TypeError("Failed to fetch"); },
    () => ({ status: 502, text: "<html>Bad gateway</html>" }),
    () => ({ status: 200, text: "<html>Sign in to the network</html>" }),
    () => ({ status: 200, text: "" }),
  ] satisfies TransportHandler[]) {
    answer = other;
    const copy = await field.workflows.get(workflowId);
    assert.ok(copy.ok);
    assert.deepEqual([copy.from, copy.readAtMs, copy.value], ["device", readAtMs, fresh.value]);
  }
  assert.deepEqual(await field.workflows.saved("other"), undefined);
  await field.close();
});

test("what the server says is said on", async () => {
  let answer: TransportHandler = () => ({ status: 404, text: "not found" });
  const { field } = await benchOf((request) => answer(request));
  const code = async () => {
    const read = await field.workflows.get(workflowId);
    return read.ok ? "" : read.issue.code;
  };
  assert.equal(await code(), "not_found");
  answer = () => ({ status: 403, text: "" });
  assert.equal(await code(), "signed_out");
  answer = () => ({ status: 401, text: "token" });
  assert.equal(await code(), "signed_out");
  answer = () => ({ status: 500, text: "" });
  assert.equal(await code(), "server_refused");
  answer = () => { throw new TypeError("Failed to fetch"); };
  assert.equal(await code(), "server_unreachable");
  answer = () => ({ status: 200, text: "[]" });
  assert.equal(await code(), "document_not_readable");
  await field.close();
});

test("a claim and a start give the workflow after them", async () => {
  const { field, transport } = await benchOf(() => ({ status: 200, text: workflowText() }));
  assert.ok((await field.workflows.claim(workflowId, stepId)).ok);
  assert.ok((await field.workflows.start(workflowId, stepId)).ok);
  assert.deepEqual(transport.log, [`POST ${claimPath}`, `POST ${startPath}`]);
  await field.close();
});

test("a refused claim that is ours already counts; somebody else's does not", async () => {
  let owner = account;
  const { field, transport } = await benchOf(({ method }) => method === "POST"
    ? { status: 409, text: "already claimed" }
    : { status: 200, text: workflowText({ assigned_improver_id: owner, status: "available" }) });
  assert.ok((await field.workflows.claim(workflowId, stepId)).ok);
  assert.deepEqual(transport.log, [`POST ${claimPath}`, `GET ${readPath}`]);
  owner = "did:privy:somebody";
  const refused = await field.workflows.claim(workflowId, stepId);
  assert.ok(!refused.ok);
  assert.deepEqual(refused.issues.map(({ code }) => code), ["step_already_claimed", "role_already_claimed"]);
  // A start is done when the step is under way, not when it is merely ours.
  owner = account;
  assert.ok(!(await field.workflows.start(workflowId, stepId)).ok);
  await field.close();
});

test("a lost answer to a claim is looked up", async () => {
  const { field } = await benchOf(({ method }) => {
    if (method === "POST") throw new TypeError("Failed to fetch");
    return { status: 200, text: workflowText() };
  });
  assert.ok((await field.workflows.claim(workflowId, stepId)).ok);
  await field.close();
});

test("a claim without a network is no claim, whatever the saved copy shows", async () => {
  let isDown = false;
  const { field } = await benchOf(() => {
    if (isDown) throw new TypeError("Failed to fetch");
    return { status: 200, text: workflowText() };
  });
  await field.workflows.get(workflowId);
  isDown = true;
  const claimed = await field.workflows.claim(workflowId, stepId);
  assert.ok(!claimed.ok);
  assert.equal(claimed.issue.code, "server_unreachable");
  await field.close();
});

test("an abort rejects with its reason", async () => {
  const { field } = await benchOf(() => new Promise(() => {}));
  const abort = new AbortController();
  const read = field.workflows.get(workflowId, { signal: abort.signal });
  setTimeout(() => abort.abort(new Error("left the page")), 5);
  await assert.rejects(read, /left the page/);
  await field.close();
});
