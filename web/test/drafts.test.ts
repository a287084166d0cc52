// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Drafts } from "sfluv-field";
import { fixedEntropy, memoryStore } from "sfluv-field/testing";
import { draftsOf } from "../dist/drafts.js";
import { stepId, workflowId } from "./fixtures.ts";

const draft = (written_response: string) => ({ items: [{ item_id: "a/b", written_response }] });
const textOf = async (drafts: Drafts, copy?: string) => (await drafts.get(workflowId, stepId, copy))?.items[0]?.written_response;

test("a draft survives the page", async () => {
  const store = memoryStore();
  const first = draftsOf(store, fixedEntropy());
  // As fast as they are typed: none waits for the one before.
  const saved = await Promise.all(["half", "half a sen", "half a sentence"].map((text) => first.save(workflowId, stepId, draft(text))));
  assert.ok(saved.every(({ ok }) => ok));
  const second = draftsOf(store.again(), fixedEntropy(2));
  assert.equal(await textOf(second), "half a sentence");
  assert.ok((await second.save(workflowId, stepId, draft("whole"))).ok);
  assert.deepEqual((await second.list()).map(({ copy, ...rest }) => [copy, rest]), [[undefined, { workflowId, stepId, draft: draft("whole") }]]);
  await second.remove(workflowId, stepId);
  assert.equal(await textOf(second), undefined);
  store.failWrites("full");
  const refused = await draftsOf(store, fixedEntropy()).save(workflowId, stepId, draft("x"));
  assert.ok(!refused.ok);
  assert.deepEqual(refused.issue.params, { reason: "full" });
});

test("a draft that two pages change stays as the first saved it; the other's is kept beside it", async () => {
  const store = memoryStore();
  const [one, other] = [draftsOf(store, fixedEntropy(1)), draftsOf(store.again(), fixedEntropy(2))];
  assert.ok((await one.save(workflowId, stepId, draft("before"))).ok);
  assert.equal(await textOf(other), "before");
  assert.ok((await one.save(workflowId, stepId, draft("mine"))).ok);
  const refused = await other.save(workflowId, stepId, draft("hers"));
  assert.ok(!refused.ok);
  assert.equal(refused.issue.code, "draft_changed_elsewhere");
  const copy = String(refused.issue.params["copy"]);
  assert.deepEqual([await textOf(one), await textOf(one, copy)], ["mine", "hers"]);
  assert.deepEqual((await one.list()).map((saved) => saved.copy), [undefined, copy]);
  // Having read it, she may go on; the copy goes when she is done with it.
  await textOf(other);
  assert.ok((await other.save(workflowId, stepId, draft("both"))).ok);
  await other.remove(workflowId, stepId, copy);
  assert.deepEqual((await one.list()).map((saved) => saved.draft), [draft("both")]);
});

test("a page that never read the step writes over no draft of it", async () => {
  const store = memoryStore();
  assert.ok((await draftsOf(store, fixedEntropy(1)).save(workflowId, stepId, draft("mine"))).ok);
  const refused = await draftsOf(store, fixedEntropy(2)).save(workflowId, stepId, draft("hers"));
  assert.equal(refused.ok ? "" : refused.issue.code, "draft_changed_elsewhere");
});

test("a draft that was written elsewhere since it was read here is not removed unseen: a record taken back at once keeps its answers", async () => {
  const store = memoryStore();
  const [form, outbox] = [draftsOf(store, fixedEntropy(1)), draftsOf(store.again(), fixedEntropy(2))];
  assert.ok((await form.save(workflowId, stepId, draft("sealed"))).ok);
  await textOf(outbox);
  assert.ok((await outbox.save(workflowId, stepId, draft("taken back"))).ok);
  await form.remove(workflowId, stepId); // the form tidies up late
  assert.equal(await textOf(form), "taken back");
  await form.remove(workflowId, stepId);
  assert.equal(await textOf(outbox), undefined);
});
