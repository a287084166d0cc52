// SPDX-License-Identifier: MIT
// PROOF.md and FAULTS.md name tests and mutants; a name that no file has any more would be an empty promise.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { mutants as coreMutants } from "../../native-tests/mutants.mts";
import { mutants as webMutants } from "./mutants.ts";

const root = new URL("../../", import.meta.url);
const textOf = (name: string) => readFileSync(new URL(name, root), "utf8");
const pains = textOf("web/PROOF.md");
const faults = textOf("native-tests/FAULTS.md");
const testsIn = (text: string) =>
  [...text.matchAll(/`([\w/.-]+\.(?:mjs|ts|cpp)): ([^`]+)`/g)].map(([, file, name]) => ({ file: file!, name: name! }));

for (const [page, text, atLeast] of [["PROOF.md", pains, 24], ["FAULTS.md", faults, 47]] as const) {
  test(`each test that ${page} names is there`, () => {
    const named = testsIn(text);
    assert.ok(named.length > atLeast);
    for (const { file, name } of named) assert.ok(textOf(file).includes(name), `${file}: ${name}`);
  });
}

test("PROOF.md has all 24 pains, each with a test", () => {
  const rows = pains.split("\n").filter((line) => /^\| P\d+ \|/.test(line));
  assert.deepEqual(rows.map((row) => /^\| (P\d+) /.exec(row)![1]), Array.from({ length: 24 }, (_, n) => `P${n + 1}`));
  for (const row of rows) assert.match(row, /`[\w/.-]+: [^`]+` ?(\([^)]*\))?/);
});

/** The mutants of core and driver with this name, each with: does it run this test? */
function mutantsNamed(name: string): ((test: { file: string; name: string }) => boolean)[] {
  const ofCore = coreMutants.filter((mutant) => mutant.name === name).map(({ tests, explorer }) => {
    const filters = tests.split(":").map((filter) => new RegExp(`^${filter.replace(/^\*\//, "").replaceAll(".", "\\.").replaceAll("*", ".*")}$`));
    return (test: { file: string; name: string }) => {
      const suite = new RegExp(`TEST(?:_P)?\\((\\w+), ${test.name}\\)`).exec(textOf(test.file))?.[1];
      return suite !== undefined && (filters.some((filter) => filter.test(`${suite}.${test.name}`)) || (explorer !== undefined && suite === "OutboxExplorer"));
    };
  });
  const ofWeb = webMutants.filter((mutant) => mutant.name === name).map(({ tests }) =>
    (test: { file: string }) => tests.some((one) => test.file === `web/test/${one}.test.ts`));
  return [...ofCore, ...ofWeb];
}

test("FAULTS.md has all 47 faults and what was found since, each with tests, and with mutants that these are run against", () => {
  const rows = faults.split("\n").filter((line) => /^\| \d+ \|/.test(line));
  assert.deepEqual(rows.map((row) => Number(/^\| (\d+) /.exec(row)![1])), Array.from({ length: 53 }, (_, n) => n + 1));
  for (const row of rows) {
    const cells = row.split(" | ");
    const tests = testsIn(cells[3]!);
    const names = [...cells[4]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
    assert.ok(tests.length > 0 && names.length > 0, row);
    if (cells[0] === "| 47") continue; // all of them
    for (const name of names) {
      assert.ok(mutantsNamed(name).some((runs) => tests.some(runs)), `row ${cells[0]}: no test of it is run against ${name}`);
    }
  }
});

test("each mutant is named by a row of FAULTS.md", () => {
  for (const { name } of [...coreMutants, ...webMutants]) assert.ok(faults.includes(`\`${name}\``), name);
});

test("each mutant fits the source: what it changes stands there once", () => {
  for (const [mutants, folder] of [[coreMutants, "core/"], [webMutants, "web/src/"]] as const) {
    for (const { name, file, from } of mutants) assert.equal(textOf(folder + file).split(from).length, 2, name);
  }
});

test("each mutant has a name of its own, but for what core and driver could both get wrong", () => {
  for (const all of [coreMutants, webMutants]) assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  assert.ok(coreMutants.filter((mutant) => "explorer" in mutant).length >= 10);
});

test("each command that a document or the Makefile itself promises has a recipe", () => {
  const makefile = textOf("Makefile");
  const recipes = new Set([...makefile.matchAll(/^([a-z][a-z -]*):.*\n\t/gm)].flatMap(([, names]) => names!.split(" ")));
  const promised = [...makefile.matchAll(/^\.PHONY: (.*)$/gm)].flatMap(([, names]) => names!.split(" "));
  for (const page of ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "web/PROOF.md", "web/docs/photos.md", "native-tests/FAULTS.md"])
    promised.push(...[...textOf(page).matchAll(/`make ([a-z-]+)/g)].map(([, name]) => name!));
  assert.deepEqual([...new Set(promised)].filter((name) => !recipes.has(name)), []);
});
