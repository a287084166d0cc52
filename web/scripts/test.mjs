// SPDX-License-Identifier: MIT
// Runs web/test/*.test.ts and ends with one plain line: "N passed, N failed". Arguments choose files.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../test/", import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(folder).filter((name) => name.endsWith(".test.ts"))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .map((name) => folder + name);

let passed = 0;
let failed = 0;
// The types are tests too: a code that is missing in a test's table does not compile, nor does a page
// that uses the package wrongly.
const web = fileURLToPath(new URL("..", import.meta.url));
for (const project of ["tsconfig.test.json", "app"]) {
  const compiled = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", project], { cwd: web, stdio: "inherit" });
  if (compiled.status === 0) {
    passed += 1;
  } else {
    failed += 1;
    process.exitCode = 1;
  }
}
const stream = run({ files, concurrency: 2, timeout: 300_000 });
// A file and a suite are tests to the runner; a person counts what is inside.
const counts = ({ nesting, details, name }) => details?.type !== "suite" && !(nesting === 0 && files.includes(name));
stream.on("test:pass", (test) => { if (counts(test)) passed += 1; });
stream.on("test:fail", (test) => {
  failed += 1;
  process.exitCode = 1;
});
stream.on("end", () => setImmediate(() => console.log(`${passed} passed, ${failed} failed`)));
stream.compose(spec).pipe(process.stdout);
