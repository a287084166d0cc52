// SPDX-License-Identifier: MIT
// Breaks the driver and the stores on purpose, one line at a time, in a copy: a test must go red for each mutant of
// test/mutants.mjs. Arguments choose mutants by a part of their name. Ends with "N passed, N failed".
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { mutants } from "../test/mutants.mjs";

const web = fileURLToPath(new URL("..", import.meta.url));
const wanted = process.argv.slice(2);
const place = mkdtempSync(join(tmpdir(), "sfluv-mutants-"));
process.on("exit", () => rmSync(place, { recursive: true, force: true }));
const copy = join(place, "web");
for (const name of ["package.json", "tsconfig.base.json", "tsconfig.json", "src", "test", "dist"]) {
  cpSync(join(web, name), join(copy, name), { recursive: true });
}
symlinkSync(join(web, "node_modules"), join(copy, "node_modules"));
symlinkSync(join(web, "../native-tests"), join(place, "native-tests"));

const run = (...args) => spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8", timeout: 300_000 });

/** What became of a mutant: the name of a test that it fails, or why it tells nothing. */
function judge({ file, from, to, tests }) {
  const path = join(copy, "src", file);
  const whole = readFileSync(path, "utf8");
  if (whole.split(from).length !== 2) return { survives: `"${from}" is not in ${file} once` };
  writeFileSync(path, whole.replace(from, () => to));
  try {
    const built = run("node_modules/typescript/bin/tsc", "-p", "tsconfig.json", "--noUnusedLocals", "false", "--noUnusedParameters", "false");
    if (built.status !== 0) return { survives: `does not compile: ${built.stdout.split("\n")[0]}` };
    const tested = run("--test", "--test-timeout=90000", "--test-force-exit", "--test-reporter=tap", ...tests.map((name) => `test/${name}.test.ts`));
    const failed = /^ *not ok \d+ - (?!.*\.test\.ts)(.*)$/m.exec(tested.stdout)?.[1];
    const hangs = /^# cancelled [1-9]/m.test(tested.stdout) ? "a test that never ends" : undefined;
    const killedBy = tested.status === 0 ? undefined : failed ?? hangs;
    return killedBy ? { killedBy } : { survives: "all tests pass" };
  } finally {
    writeFileSync(path, whole);
  }
}

let passed = 0;
let failed = 0;
for (const mutant of mutants.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)))) {
  const { killedBy, survives } = judge(mutant);
  if (killedBy) passed += 1;
  else failed += 1;
  console.log(killedBy ? `killed    ${mutant.name}: ${killedBy}` : `SURVIVES  ${mutant.name}: ${survives}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
