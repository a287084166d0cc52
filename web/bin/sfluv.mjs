#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The facade over stdin and stdout on the wasm build; `build/bin/sfluv` does the same natively, and a
// test holds their outputs equal, apart from "ms".
import { readFileSync, writeFileSync } from "node:fs";
import { loadPhotoModule } from "../dist/photo/module.js";
import { loadRulesModule } from "../dist/rules/load.js";
import { loadProposalRules } from "../dist/rules/proposals.js";

const exitIssue = 1;
const exitUsage = 2;

const usage = `usage: sfluv check-completion    JSON lines on stdin, one verdict a line on stdout
       sfluv check-proposal      the same for workflows to create
       sfluv call CALL           the same for any call of the facade; of two texts the first
                                 stands before a tab
       sfluv probe IN            the header of a photo file
       sfluv photo IN OUT [--edge-px N] [--bytes-max N] [--aspect vertical|square|horizontal]
                                 [--crop-x N] [--crop-y N] [--crop-width N] [--crop-height N]
                                 [--photos-in-request N] [--request-bytes-max N]
                                 [--keep-time] [--keep-fine]    crops in millionths
`;

function usageError(what) {
  process.stderr.write(`sfluv: ${what}\n${usage}`);
  return exitUsage;
}

/** The lines of stdin as bytes: what is no UTF-8 is for the core to judge. */
async function* lines() {
  let rest = [];
  for await (const chunk of process.stdin) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, end)]);
      rest = [];
      from = end + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

function print(text) {
  return new Promise((resolve) => process.stdout.write(`${text}\n`, resolve));
}

/** The calls with one text in, or with two. */
const calls = {
  check_completion: 1, check_proposal: 1, check_rewards_account: 1, code_catalogue: 0, deadline: 1, discover: 1,
  format_amount: 2, parse_amount: 2, predict: 1, read_answer: 2,
};

const inProposals = new Set(["check_proposal", "code_catalogue"]);

async function callFacade(name) {
  if (!Object.hasOwn(calls, name)) return usageError(`no such call: ${name}`);
  const rules = inProposals.has(name) ? (await loadProposalRules()).raw : await loadRulesModule();
  for await (const line of lines()) {
    const tab = calls[name] === 2 ? line.indexOf(9) : -1;
    const texts = tab < 0 ? [line, new Uint8Array()] : [line.subarray(0, tab), line.subarray(tab + 1)];
    await print(rules[name](...texts.slice(0, calls[name]).map((text) => new Uint8Array(text))));
  }
  return 0;
}

function readFile(path) {
  try {
    return new Uint8Array(readFileSync(path));
  } catch {
    return undefined;
  }
}

const isIssue = (reply) => reply.startsWith('{"issue"');

async function probe(path) {
  const bytes = readFile(path);
  if (!bytes) return usageError(`cannot read ${path}`);
  const reply = (await loadPhotoModule()).probe(bytes);
  await print(reply);
  return isIssue(reply) ? exitIssue : 0;
}

const numberOptions = ["--edge-px", "--bytes-max", "--crop-x", "--crop-y", "--crop-width", "--crop-height",
  "--photos-in-request", "--request-bytes-max"];
const flagOptions = ["--keep-time", "--keep-fine"];

/** "--edge-px" is "edge_px". */
const memberOf = (option) => option.slice(2).replaceAll("-", "_");

/** The command line's options are the plan's members; the core judges their values. */
function photoCall(args) {
  const paths = [];
  const members = [];
  for (let i = 0; i < args.length; ++i) {
    if (!args[i].startsWith("--")) {
      paths.push(args[i]);
      continue;
    }
    if (flagOptions.includes(args[i])) {
      members.push(`"${memberOf(args[i])}":true`);
      continue;
    }
    if (i + 1 === args.length) return undefined;
    const [option, value] = [args[i], args[++i]];
    if (option === "--aspect") members.push(`"aspect":${JSON.stringify(value)}`);
    // As text: the native build counts in 64 bits.
    else if (numberOptions.includes(option) && /^\d{1,18}$/.test(value)) members.push(`"${memberOf(option)}":${BigInt(value)}`);
    else return undefined;
  }
  return paths.length === 2 ? { paths, plan: `{${members.join(",")}}` } : undefined;
}

async function photo(args) {
  const call = photoCall(args);
  if (!call) return usageError("photo takes IN, OUT and the options below");
  const bytes = readFile(call.paths[0]);
  if (!bytes) return usageError(`cannot read ${call.paths[0]}`);
  const module = await loadPhotoModule();
  const before = performance.now();
  module.begin(call.plan);
  module.put(bytes);
  const reply = module.finish();
  const ms = performance.now() - before;
  if (isIssue(reply.json)) {
    await print(reply.json);
    return exitIssue;
  }
  try {
    writeFileSync(call.paths[1], reply.jpeg);
  } catch {
    return usageError(`cannot write ${call.paths[1]}`);
  }
  await print(`${reply.json.slice(0, -1)},"ms":${ms.toFixed(1)}}`);
  return 0;
}

async function main([command = "", ...args]) {
  if (command === "check-completion" && args.length === 0) return callFacade("check_completion");
  if (command === "check-proposal" && args.length === 0) return callFacade("check_proposal");
  if (command === "call" && args.length === 1) return callFacade(args[0]);
  if (command === "probe" && args.length === 1) return probe(args[0]);
  if (command === "photo") return photo(args);
  if (command === "--help" || command === "help") {
    process.stdout.write(usage);
    return 0;
  }
  return usageError(command === "" ? "a command is missing" : `unknown command or arguments: ${command}`);
}

process.exitCode = await main(process.argv.slice(2));
