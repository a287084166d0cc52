// SPDX-License-Identifier: MIT
// The table of documented operations in the README, out of native-tests/vectors/operations.json. Run by itself it writes the
// table where it stands; contract.test.ts and the reference server's tests hold it to be true.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

export interface Operation {
  name: string;
  method: string;
  path: string;
  /** The statuses that the documents promise. */
  answers: number[];
  /** The member of a field that foretells the answer without a network. */
  offline: string;
  /** The member that asks for it. */
  typed: string;
  /** What is done with it without a network. */
  kept: "queued" | "drafted" | "last read" | "";
}

export const operations = JSON.parse(readFileSync(new URL("native-tests/vectors/operations.json", root), "utf8")) as Operation[];

export function tableOf(list: readonly Operation[]): string {
  const code = (text: string) => (text ? `\`${text}\`` : "");
  const rows = list.map(({ method, path, offline, typed, kept }) =>
    `| \`${method} ${path}\` | ${code(offline)} | ${code(typed)} | ${kept} | yes | yes |`);
  return [
    "| operation | checked offline | typed method | without a network | reference server | contract test |",
    "| --- | --- | --- | --- | --- | --- |", ...rows, "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = new URL("README.md", root);
  const text = readFileSync(file, "utf8");
  const table = /^\| operation \| checked offline .*\n(\|.*\n)*/m;
  if (!table.test(text)) throw new Error("the README has no table to replace");
  writeFileSync(file, text.replace(table, () => tableOf(operations)));
}
