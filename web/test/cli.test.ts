// SPDX-License-Identifier: MIT
// The command line on the wasm build, and the same on the native build (`make cli`): equal outputs,
// apart from "ms".
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { nativeTests, workItem } from "./fixtures.ts";
import { pngOf } from "./png.ts";

const ours = [process.execPath, fileURLToPath(new URL("../bin/sfluv.mjs", import.meta.url))];
const native = fileURLToPath(new URL("../../build/bin/sfluv", import.meta.url));
const hasNative = existsSync(native);
const work = mkdtempSync(join(tmpdir(), "sfluv-field-cli-"));
after(() => rmSync(work, { recursive: true, force: true }));

interface Ran { status: number | null; stdout: string; stderr: string }

function run([file = "", ...first]: string[], args: string[], input: string | Uint8Array = ""): Ran {
  const { status, stdout, stderr } = spawnSync(file, [...first, ...args], { input, maxBuffer: 1 << 28, timeout: 120_000 });
  return { status, stdout: stdout.toString("latin1"), stderr: stderr.toString("latin1") };
}

const withoutMs = ({ status, stdout }: Ran) => ({ status, stdout: stdout.replace(/,"ms":[\d.]+\}$/m, "}") });

const png = join(work, "in.png");
writeFileSync(png, pngOf(800, 500));
const out = join(work, "out.jpg");

test("check-completion: a verdict a line, as they come", () => {
  const line = JSON.stringify({ work_items: [workItem()], allow_step_not_possible: false, request: { items: [] } });
  const { status, stdout } = run(ours, ["check-completion"], `${line}\n\n{"work`);
  const answers = stdout.trimEnd().split("\n").map((answer) => JSON.parse(answer) as { issues: { code: string }[] });
  assert.equal(status, 0);
  assert.deepEqual(answers.map(({ issues }) => issues[0]?.code), ["item_missing", "document_not_readable", "document_not_readable"]);
});

test("photo: one line with the facts, the picture in OUT", () => {
  const { status, stdout } = run(ours, ["photo", png, out, "--edge-px", "300", "--aspect", "square", "--bytes-max", "30000"]);
  const reply = JSON.parse(stdout) as { out: { bytes: number; width_px: number }; ms: number };
  assert.equal(status, 0);
  assert.equal(reply.out.width_px, 300);
  assert.ok(reply.ms >= 0 && /,"ms":[\d.]+\}\n$/.test(stdout));
  assert.equal(readFileSync(out).length, reply.out.bytes);
});

test("an issue is exit 1, a usage error exit 2 with words on stderr", () => {
  const text = join(work, "text.jpg");
  writeFileSync(text, "no picture");
  for (const args of [["probe", text], ["photo", text, out]]) {
    const { status, stdout } = run(ours, args);
    assert.equal(status, 1);
    assert.equal((JSON.parse(stdout) as { issue: { code: string } }).issue.code, "photo_format_unknown");
  }
  for (const args of [[], ["nonsense"], ["call"], ["call", "constructor"], ["probe"], ["probe", join(work, "none")], ["photo", png], ["photo", png, out, "--edge-px"],
    ["photo", png, out, "--edge-px", "many"], ["photo", png, join(work, "no", "folder.jpg")]]) {
    const { status, stdout, stderr } = run(ours, args);
    assert.deepEqual([status, stdout, stderr.length > 0], [2, "", true], args.join(" "));
  }
  assert.equal(run(ours, ["--help"]).status, 0);
});

describe("equal to the native build", { skip: hasNative ? false : "build/bin/sfluv is not built (make cli)" }, () => {
  const same = (args: string[], input?: string | Uint8Array) =>
    assert.deepEqual(withoutMs(run(ours, args, input)), withoutMs(run([native], args, input)), args.join(" "));

  test("check-completion on the recorded requests", () => {
    const vectors = JSON.parse(readFileSync(new URL("vectors/complete-step.json", nativeTests), "utf8")) as Record<string, unknown>[];
    const lines = vectors.map(({ work_items, allow_step_not_possible, request, request_raw }) =>
      JSON.stringify({ work_items, allow_step_not_possible, request, request_raw }));
    same(["check-completion"], lines.join("\n"));
  });

  test("check-proposal on the recorded requests, under both profiles", () => {
    const vectors = JSON.parse(readFileSync(new URL("vectors/create-workflow.json", nativeTests), "utf8")) as Record<string, unknown>[];
    const known = { now: 1803891600, proposer_id: "prop", supervisors: ["sup", "prop"], credential_types: ["dpw_certified", "sfluv_verifier"] };
    const lines = vectors.flatMap(({ request, request_raw }) => ["documents", "live"].map((profile) =>
      JSON.stringify({ context: { ...known, profile }, request, request_raw })));
    same(["check-proposal"], lines.join("\n"));
  });

  test("check-completion on what is no JSON and no UTF-8", () => {
    same(["check-completion"], Buffer.from('{}\n[]\nnull\n\n{"work_items":[{"id":"\xff\xfe"}]}\n{"a":"\u0000"}\n"\r\n', "latin1"));
  });

  test("every call on thousands of random inputs, as the digests that all builds share", () => {
    const digests = readFileSync(new URL("stream/digests.txt", nativeTests), "utf8").trim().split("\n");
    assert.ok(digests.length >= 6);
    for (const line of digests) {
      const [call = "", count = "", digest] = line.split(" ");
      const inputs = spawnSync(native, ["random-inputs", call, count], { maxBuffer: 1 << 28 }).stdout;
      const { stdout } = spawnSync(ours[0]!, [ours[1]!, "call", call], { input: inputs, maxBuffer: 1 << 28, timeout: 120_000 });
      assert.equal(createHash("sha256").update(stdout).digest("hex"), digest, call);
    }
  });

  test("photo and probe: the same words and the same bytes", () => {
    const jpeg = join(work, "in.jpg");
    run(ours, ["photo", png, jpeg, "--edge-px", "640"]);
    const cut = join(work, "cut.jpg");
    writeFileSync(cut, readFileSync(jpeg).subarray(0, 3000));
    const photos = new URL("photos/", nativeTests);
    const more = existsSync(photos) ? readdirSync(photos).filter((name) => /\.(jpe?g|png|webp|heic|gif|bmp)$/i.test(name)) : [];
    for (const file of [png, jpeg, cut, join(work, "none"), ...more.map((name) => fileURLToPath(new URL(name, photos)))]) {
      same(["probe", file]);
      for (const options of [[], ["--edge-px", "200", "--aspect", "vertical"], ["--bytes-max", "20000"], ["--edge-px", "0"],
        ["--aspect", "round"], ["--edge-px", "999999999999999999"], ["--crop-x", "250000", "--crop-y", "1", "--crop-width", "500000"],
        ["--crop-x", "1000000"], ["--photos-in-request", "6", "--request-bytes-max", "90000"], ["--keep-fine"], ["--keep-time", "--bytes-max", "9000"]]) {
        const [a, b] = [join(work, "a.jpg"), join(work, "b.jpg")];
        const wasm = run(ours, ["photo", file, a, ...options]);
        assert.deepEqual(withoutMs(wasm), withoutMs(run([native], ["photo", file, b, ...options])), `${file} ${options.join(" ")}`);
        if (wasm.status === 0) assert.ok(readFileSync(a).equals(readFileSync(b)), `${file} ${options.join(" ")}`);
      }
    }
  });
});
