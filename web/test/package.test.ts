// SPDX-License-Identifier: MIT
// The package as a stranger gets it: packed, installed without a network into an empty folder, used.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const web = fileURLToPath(new URL("..", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "sfluv-field-package-"));
after(() => rmSync(work, { recursive: true, force: true }));

function run(file: string, args: string[], cwd: string, input?: string): string {
  return execFileSync(file, args, { cwd, encoding: "utf8", input, stdio: ["pipe", "pipe", "pipe"] });
}

const [packed] = JSON.parse(run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", work], web)) as
  { filename: string; files: { path: string }[] }[];
const paths = packed!.files.map(({ path }) => path);
const textOf = (path: string) => readFileSync(join(web, path), "utf8");

test("holds what it promises, and nothing of the workshop", () => {
  for (const path of ["package.json", "dist/index.js", "dist/index.d.ts", "dist/photo/worker.js", "dist/testing/index.js",
    "dist/wake_on_sync.js", "dist/wasm/sfluv-rules.js", "dist/wasm/sfluv-rules.wasm", "dist/wasm/sfluv-proposals.wasm", "dist/wasm/sfluv-photo.wasm", "dist/messages/en.js", "bin/sfluv.mjs"]) {
    assert.ok(paths.includes(path), path);
  }
  assert.deepEqual(paths.filter((path) => !/^(dist|bin)\/|^(package\.json|README\.md|LICENSE)$/.test(path)), []);
});

test("the rules with their glue travel in 100 KiB", () => {
  const bytes = ["sfluv-rules.wasm", "sfluv-rules.js"].map((name) => brotliCompressSync(readFileSync(join(web, "dist/wasm", name))).length);
  assert.ok(bytes[0]! + bytes[1]! <= 100 * 1024, `${bytes.join(" + ")} bytes as brotli`);
});

test("what the first photo waits for travels in 48 KiB: the module and its worker, as an app ships them", () => {
  const assets = join(web, "app/dist/assets");
  const worker = readdirSync(assets).find((name) => /^worker-.*\.js$/.test(name));
  assert.ok(worker, "the app has a photo worker");
  const bytes = [join(web, "dist/wasm/sfluv-photo.wasm"), join(assets, worker)].map((file) => brotliCompressSync(readFileSync(file)).length);
  assert.ok(bytes[0]! + bytes[1]! <= 48 * 1024, `${bytes.join(" + ")} bytes as brotli`);
});

test("installs offline into an empty folder and works under Node", () => {
  writeFileSync(join(work, "package.json"), '{"type":"module","private":true}');
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", `./${packed!.filename}`], work);
  assert.deepEqual(readdirSync(join(work, "node_modules")).filter((name) => !name.startsWith(".")), ["sfluv-field"]);
  writeFileSync(join(work, "use.js"), `
    import { createField, formatIssue, loadRules } from "sfluv-field";
    import { en } from "sfluv-field/messages/en";
    import "sfluv-field/messages/es";
    import "sfluv-field/messages/zh-Hant";
    import "sfluv-field/messages/fil";
    import { memoryStore, memoryTransport, storeConformance } from "sfluv-field/testing";
    const promises = storeConformance(async () => { const store = memoryStore(); return { store, again: async () => store.again() }; });
    for (const { run } of promises) await run();
    import { readFileSync } from "node:fs";
    import { fileURLToPath } from "node:url";
    const bytes = readFileSync(fileURLToPath(import.meta.resolve("sfluv-field/wasm/sfluv-rules.wasm")));
    await loadRules(bytes);
    for (const name of ["photo-worker", "wake-on-sync", "wasm/sfluv-photo.wasm", "package.json"]) import.meta.resolve("sfluv-field/" + name);
    let hidden = false;
    try { import.meta.resolve("sfluv-field/dist/field.js"); } catch { hidden = true; }
    const field = await createField({ apiBase: "https://api.example.org", account: "a", store: memoryStore(),
      transport: memoryTransport(() => ({ status: 404 })) });
    const read = await field.workflows.get("w");
    console.log(JSON.stringify({ hidden, issue: formatIssue(read.issue, en), storage: field.storageIssue }));
    await field.close();
  `);
  assert.deepEqual(JSON.parse(run(process.execPath, ["use.js"], work)), {
    hidden: true, issue: "This does not exist any more. Reload the workflow, or go back to the list.", storage: null,
  });
});

test("its command line runs from there", () => {
  const line = '{"work_items":[],"allow_step_not_possible":false,"request":{"items":[]}}\n';
  const out = run(process.execPath, ["node_modules/sfluv-field/bin/sfluv.mjs", "check-completion"], work, line + line);
  const lines = out.trimEnd().split("\n").map((answer) => JSON.parse(answer) as { accepted: boolean });
  assert.deepEqual(lines.map(({ accepted }) => accepted), [true, true]);
});

test("its types hold under a strict compiler", () => {
  writeFileSync(join(work, "use.ts"), `
    import { createField, type Amount, type Field, type IssueCode, type WorkflowStep } from "sfluv-field";
    import { en } from "sfluv-field/messages/en";
    import { manualClock } from "sfluv-field/testing";
    export const field: Promise<Field> = createField({ apiBase: "", account: "", token: () => "t", clock: manualClock() });
    export const bounty = (step: WorkflowStep): Amount => step.bounty;
    export const code: IssueCode = "item_missing";
    export const sentence: string = en.issues[code];
    // @ts-expect-error: a code that does not exist
    export const wrong: IssueCode = "item_mising";
    field.then(({ outbox }) => outbox.addEventListener("change", ({ record }) => console.log(record?.state)));
  `);
  const [, page, proposing] = /## In a page\n\n```ts\n([^]*?)```[^]*?```ts\n([^]*?)```/.exec(textOf("README.md"))!;
  writeFileSync(join(work, "readme.ts"), `
    import type { Draft, ProposalContext, ProposalDraft, Workflow, WorkflowStep } from "sfluv-field";
    declare const session: { accessToken(): Promise<string> }, workflow: Workflow, step: WorkflowStep, draft: Draft, file: File;
    declare const item: WorkflowStep["work_items"][number];
    declare const proposal: ProposalDraft, context: ProposalContext;
    declare function show(): void;
    ${page}
    ${proposing}
  `);
  for (const [module, resolution] of [["NodeNext", "NodeNext"], ["ESNext", "Bundler"]]) {
    run(process.execPath, [join(web, "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--target", "ES2022", "--lib",
      "ES2023,DOM,DOM.Iterable", "--types", "", "--module", module!, "--moduleResolution", resolution!, "use.ts", "readme.ts"], work);
  }
});

test("a bundler finds the modules and the worker by itself", () => {
  writeFileSync(join(work, "index.html"), '<script type="module" src="./app.js"></script>');
  writeFileSync(join(work, "app.js"), `
    import { createField } from "sfluv-field";
    createField({ apiBase: "/", account: "a" }).then((field) => field.preparePhoto(new Blob(), { photo_aspect_ratio: "square" }));
  `);
  const log = run(process.execPath, [join(web, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], work);
  assert.doesNotMatch(log, /error/i);
  const assets = readdirSync(join(work, "dist/assets"));
  for (const name of [/^sfluv-rules-[\w-]+\.wasm$/, /^sfluv-proposals-[\w-]+\.wasm$/, /^sfluv-photo-[\w-]+\.wasm$/, /^worker-[\w-]+\.js$/]) {
    assert.equal(assets.filter((asset) => name.test(asset)).length, 1, `${name} in ${assets.join(" ")}`);
  }
  const worker = readFileSync(join(work, "dist/assets", assets.find((asset) => asset.startsWith("worker-"))!), "utf8");
  assert.ok(worker.includes(assets.find((asset) => asset.startsWith("sfluv-photo-"))!));
});

const scripts = paths.filter((path) => path.startsWith("dist/") && path.endsWith(".js"));

test("makes no code at run time: loads under script-src 'self' 'wasm-unsafe-eval'", () => {
  for (const path of scripts) {
    assert.doesNotMatch(textOf(path), /\beval\s*\(|new Function\b|Function\s*\(\s*["'`]/, path);
  }
});

test("names its worker and its modules in the way that bundlers see", () => {
  assert.match(textOf("dist/photo/client.js"), /new Worker\(new URL\("\.\/worker\.js", import\.meta\.url\), \{ type: "module" \}\)/);
  assert.match(textOf("dist/rules/load.js"), /new URL\("\.\.\/wasm\/sfluv-rules\.wasm", import\.meta\.url\)/);
  assert.match(textOf("dist/rules/proposals.js"), /new URL\("\.\.\/wasm\/sfluv-proposals\.wasm", import\.meta\.url\)/);
  assert.match(textOf("dist/photo/module.js"), /new URL\("\.\.\/wasm\/sfluv-photo\.wasm", import\.meta\.url\)/);
});

test("has no runtime dependency, and a lock file that names no host", () => {
  const manifest = JSON.parse(readFileSync(join(web, "package.json"), "utf8")) as Record<string, Record<string, string>>;
  assert.equal(manifest["dependencies"], undefined);
  for (const version of Object.values(manifest["devDependencies"]!)) assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.doesNotMatch(readFileSync(join(web, "package-lock.json"), "utf8"), /"resolved":/);
});

test("imports nothing but itself; the elements are made with lit and with the package's own doors", () => {
  for (const path of scripts.filter((name) => !name.startsWith("dist/wasm/"))) {
    const allowed = path.startsWith("dist/elements/") ? /^(\.{1,2}\/|lit$|lit\/|sfluv-field(\/|$))/ : /^\.{1,2}\//;
    for (const [, from] of textOf(path).matchAll(/(?:^(?:import|export)\b[^"'`\n]*\bfrom\s*|^import\s*|\bimport\(\s*)["']([^"']+)["']/gm)) {
      assert.match(from!, allowed, `${path} imports ${from}`);
    }
  }
});
