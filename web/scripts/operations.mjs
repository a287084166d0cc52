// SPDX-License-Identifier: MIT
// The table of documented operations in the README, out of native-tests/vectors/operations.json. Run by itself it
// writes the table where it stands; web/test/contract.test.ts and the reference server's tests hold it to be true.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** @type {{ name: string, method: string, path: string, answers: number[], offline: string, typed: string, kept: string }[]} */
export const operations = JSON.parse(readFileSync(new URL("native-tests/vectors/operations.json", root), "utf8"));

/** @param {typeof operations} list */
export function tableOf(list) {
  const code = (text) => (text ? `\`${text}\`` : "");
  const rows = list.map(({ method, path, offline, typed, kept }) =>
    `| \`${method} ${path}\` | ${code(offline)} | ${code(typed)} | ${kept} | yes | yes |`);
  return [
    "| operation | checked offline | typed method | offline | reference server | contract test |",
    "| --- | --- | --- | --- | --- | --- |", ...rows, "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = new URL("README.md", root);
  const text = readFileSync(file, "utf8");
  const table = /^\| operation \| checked offline [^]*?\n(?!\|)/m;
  if (!table.test(text)) throw new Error("operations: the README has no table to replace");
  writeFileSync(file, text.replace(table, () => tableOf(operations)));
}
