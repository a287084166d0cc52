// SPDX-License-Identifier: MIT
// native-tests/golden/CALL/NAME.in and .out: the answers of the wasm build, byte for byte those of the
// native build. The files are the same; native-tests/golden_test.cpp reads them too.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { loadProposalRules, loadRules } from "sfluv-field";
import { nativeTests } from "./fixtures.ts";

const { raw } = await loadRules();
const proposals = (await loadProposalRules()).raw;
const none = new Uint8Array();

/** The first line, and the rest. */
function twoTexts(input: Uint8Array): [Uint8Array, Uint8Array] {
  const end = input.indexOf(10);
  return [input.subarray(0, end), input.subarray(end + 1)];
}

const calls: Record<string, (input: Uint8Array) => string> = {
  check_completion: (input) => raw.check_completion(input),
  check_proposal: (input) => proposals.check_proposal(input),
  check_rewards_account: (input) => raw.check_rewards_account(input),
  code_catalogue: () => proposals.code_catalogue(),
  outbox_seal: (input) => raw.outbox_seal(none, none, none, input).json,
  deadline: (input) => raw.deadline(input),
  discover: (input) => raw.discover(input),
  format_amount: (input) => raw.format_amount(...twoTexts(input)),
  parse_amount: (input) => raw.parse_amount(...twoTexts(input)),
  predict: (input) => raw.predict(input),
  read_answer: (input) => raw.read_answer(...twoTexts(input)),
};

const golden = new URL("golden/", nativeTests);
for (const call of existsSync(golden) ? readdirSync(golden) : []) {
  const folder = new URL(`${call}/`, golden);
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".in"))) {
    test(`${call}/${file}`, () => {
      const run = calls[call];
      assert.ok(run, `nothing here runs ${call}`);
      const answer = run(new Uint8Array(readFileSync(new URL(file, folder))));
      assert.equal(`${answer}\n`, readFileSync(new URL(file.replace(/in$/, "out"), folder), "utf8"));
    });
  }
}

test("there are golden files", () => {
  assert.ok(existsSync(new URL("check_completion/", golden)));
});
