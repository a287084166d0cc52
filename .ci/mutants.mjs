// SPDX-License-Identifier: MIT
// Makes mistakes on purpose, one line at a time, in a copy: a test must go red for each mutant of
// native-tests/mutants.mts (the core's queue) and web/test/mutants.ts (driver and stores). Arguments choose
// mutants by a part of their name. Ends with "N passed, N failed".
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { mutants as coreMutants } from "../native-tests/mutants.mts";
import { mutants as webMutants } from "../web/test/mutants.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "sfluv-mutants-"));
process.on("exit", () => rmSync(place, { recursive: true, force: true }));

const copied = (...names) => {
  for (const name of names) cpSync(join(root, name), join(place, name), { recursive: true });
};
const linked = (...names) => {
  for (const name of names) symlinkSync(join(root, name), join(place, name));
};
const run = (command, args, { cwd = place, seconds = 300 } = {}) => spawnSync(command, args, {
  cwd, encoding: "utf8", timeout: seconds * 1000, maxBuffer: 1 << 28, env: { ...process.env, SFLUV_SEEDS: "300" },
});
const lastLines = ({ stdout, stderr }) => `${stdout}\n${stderr}`.trim().split("\n").slice(-3).join(" | ");

/** The queue in C++: its tests, and the explorer by itself where it must see the mistake alone. */
function coreGround() {
  copied("CMakeLists.txt", "CMakePresets.json", "core", "native-tests");
  const configured = run("cmake", ["--preset", "native", "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -w"]);
  if (configured.status !== 0) throw new Error(lastLines(configured));
  const build = () => run("cmake", ["--build", "--preset", "native", "--target", "sfluv-outbox-tests", "sfluv-simulate"], { seconds: 3000 });
  const first = build();
  if (first.status !== 0) throw new Error(lastLines(first));
  return {
    source: (file) => join(place, "core", file),
    compiles: () => {
      const built = build();
      return built.status === 0 ? undefined : lastLines(built);
    },
    killedBy: ({ tests, explorer }) => {
      const tested = run("build/native/bin/sfluv-outbox-tests", [`--gtest_filter=${tests}`, "--gtest_brief=1"], { seconds: 120 });
      const failed = /^\[ {2}FAILED {2}\] (\S+)/m.exec(tested.stdout)?.[1] ?? (tested.status === 0 ? undefined : "a test that dies");
      if (!failed || explorer === undefined) return failed;
      const explored = run("build/native/bin/sfluv-simulate", ["explore", ...explorer.split(" ")]);
      const broken = /^broke (.*)$/m.exec(explored.stdout)?.[1];
      if (!broken) throw new Error("the explorer does not see it");
      return `${failed}; explorer: ${broken}`;
    },
  };
}

/** Driver and stores in TypeScript, with the package's tests. */
function webGround() {
  const web = join(place, "web");
  copied(...["package.json", "tsconfig.base.json", "tsconfig.json", "src", "test", "dist"].map((name) => `web/${name}`));
  linked("web/node_modules", ...(existsSync(join(place, "native-tests")) ? [] : ["native-tests"]));
  return {
    source: (file) => join(web, "src", file),
    compiles: () => {
      const built = run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.json", "--noUnusedLocals", "false", "--noUnusedParameters", "false"], { cwd: web });
      return built.status === 0 ? undefined : built.stdout.split("\n")[0];
    },
    killedBy: ({ tests }) => {
      const files = tests.map((name) => `test/${name}.test.ts`);
      const tested = run(process.execPath, ["--test", "--test-timeout=90000", "--test-force-exit", "--test-reporter=tap", ...files], { cwd: web });
      const failed = /^ *not ok \d+ - (?!.*\.test\.ts)(.*)$/m.exec(tested.stdout)?.[1];
      const hangs = /^# cancelled [1-9]/m.test(tested.stdout) ? "a test that never ends" : undefined;
      return tested.status === 0 ? undefined : failed ?? hangs;
    },
  };
}

/** What became of a mutant: the name of a test that it fails, or why it tells nothing. */
function judge(ground, mutant) {
  const path = ground.source(mutant.file);
  const whole = readFileSync(path, "utf8");
  if (whole.split(mutant.from).length !== 2) return { survives: `"${mutant.from}" is not in ${mutant.file} once` };
  writeFileSync(path, whole.replace(mutant.from, () => mutant.to));
  try {
    const broken = ground.compiles();
    if (broken) return { survives: `does not compile: ${broken}` };
    const killedBy = ground.killedBy(mutant);
    return killedBy ? { killedBy } : { survives: "all tests pass" };
  } catch (error) {
    return { survives: error.message };
  } finally {
    writeFileSync(path, whole);
  }
}

const chosen = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const [makeGround, all] of [[coreGround, coreMutants], [webGround, webMutants]]) {
  const mutants = all.filter(({ name }) => chosen.length === 0 || chosen.some((part) => name.includes(part)));
  if (mutants.length === 0) continue;
  const ground = makeGround();
  for (const mutant of mutants) {
    const { killedBy, survives } = judge(ground, mutant);
    if (killedBy) passed += 1;
    else failed += 1;
    console.log(killedBy ? `killed    ${mutant.name}: ${killedBy}` : `SURVIVES  ${mutant.name}: ${survives}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
