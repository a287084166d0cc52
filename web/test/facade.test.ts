// SPDX-License-Identifier: MIT
// What crosses into the core: a queue of 500 must not travel at every step.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Workflow } from "sfluv-field";
import { fixedEntropy, manualClock, memoryLocks, memoryStore, memoryTransport } from "sfluv-field/testing";

import { outboxOf } from "../dist/outbox/outbox.js";
import { loadRulesModule, type RulesModule } from "../dist/rules/load.js";
import { storageMeter } from "../dist/store/meter.js";
import { photoStore } from "../dist/store/photos.js";
import { serverOf } from "../dist/transport/server.js";
import { account, apiBase, finishedDraft, workflowText } from "./fixtures.ts";

const records = 40;
const summaryBytes = 64;

type Call = { name: string; into: number; outOf: number };
const bytesOf = (values: unknown[]) => values.reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.length : 0), 0);

/** The module, with the bytes noted that go into the calls of the queue and come out of them. */
function watched(rules: RulesModule): { rules: RulesModule; calls: Call[] } {
  const calls: Call[] = [];
  const seen = Object.fromEntries(Object.entries(rules as unknown as Record<string, (...given: unknown[]) => unknown>)
    .filter(([name]) => name.startsWith("outbox_"))
    .map(([name, call]) => [name, (...given: unknown[]) => {
      const reply = call(...given);
      calls.push({ name, into: bytesOf(given), outOf: typeof reply === "object" ? bytesOf(Object.values(reply!)) : 0 });
      return reply;
    }]));
  return { rules: { ...rules, ...seen } as RulesModule, calls };
}

test("no call of the facade carries more than one record, and a summary of 64 bytes a record", async () => {
  const { rules, calls } = watched(await loadRulesModule());
  const [store, clock, entropy] = [memoryStore(), manualClock(), fixedEntropy(3)];
  const storage = storageMeter(store);
  const photos = photoStore(store, entropy, storage);
  const transport = memoryTransport(({ method }) => (method === "GET" ? { status: 200, text: workflowText() } : { status: 500, text: "" }));
  const outbox = outboxOf({
    name: "facade", account, apiBase, rules, store, photos, clock, entropy, storage, locks: memoryLocks(),
    server: serverOf({ apiBase, token: () => "t0k3n" }, transport, clock),
  });
  await outbox.load();
  const workflow = JSON.parse(workflowText()) as Workflow;
  for (let n = 0; n < records; ++n) {
    const draft = await finishedDraft({ photos }, 200);
    draft.items[0]!.written_response = "w".repeat(3_000);
    const made = await outbox.submit({ workflow: { ...workflow, id: `w${n}` }, step: workflow.steps[0]!, draft });
    assert.ok(made.ok, JSON.stringify(made));
  }
  outbox.start();
  await clock.advance(3_600_000);
  const [first, second] = outbox.records();
  await outbox.takeBack(first!.id);
  await outbox.discard(second!.id);
  await new Response(outbox.export()).arrayBuffer();
  await outbox.close();

  const names = new Set(calls.map(({ name }) => name));
  for (const name of ["outbox_queue", "outbox_seal", "outbox_advance", "outbox_next", "outbox_draft", "outbox_export", "outbox_lease"]) {
    assert.ok(names.has(name), name);
  }
  const recordBytes = Math.max(...(await store.list("records")).map(({ bytes }) => bytes.length));
  const queueBytes = 300;
  assert.ok(recordBytes > 3_000 && 2 * recordBytes > recordBytes + summaryBytes * records + queueBytes, "two would be noticed");
  for (const { name, into, outOf } of calls) {
    const record = name === "outbox_next" ? 0 : recordBytes;
    assert.ok(into <= record + summaryBytes * records + queueBytes, `${name}: ${into} bytes`);
    assert.ok(outOf <= record + summaryBytes + queueBytes, `${name}: ${outOf} bytes back`);
  }
});
