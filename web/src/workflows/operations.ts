// SPDX-License-Identifier: MIT
// One operation of the API: a request, and its answer as a value or as issues. An answer is only what
// the core can read: everything else is a fault of the server or a captive portal.

import { refusal } from "../issue.js";
import type { Clock, RequestPlan, TransportAnswer } from "../ports.js";
import type { Action, Answers, Rules } from "../rules/load.js";
import type { Server } from "../transport/server.js";
import type { Change, Issue, Outcome, Reading, Refusal } from "../types.js";
import type { Copies } from "./copies.js";
import type { Foresight } from "./foresight.js";

export interface Options {
  /** Rejects the promise with the signal's reason; a request that is under way is not recalled. */
  signal?: AbortSignal;
}

/** What the rooms of this folder share. */
export interface Parts {
  account: string;
  rules: Rules;
  server: Server;
  copies: Copies;
  clock: Clock;
  foresight: Foresight;
}

type Method = RequestPlan["method"];

export interface Request {
  method: Method;
  path: string;
  body?: object;
  /** For issues: what was asked for. */
  operation: string;
  /** What is missing when the answer is 404. */
  what?: "workflow" | "step" | "absence";
  /** The same for the rules, which know why it may be refused. */
  action?: Action;
}

/** The answer, whatever its status; nothing where there was none. */
export async function ask({ server }: Parts, { method, path, body }: Request, { signal }: Options): Promise<TransportAnswer | undefined> {
  const json = body ? new Blob([JSON.stringify(body)], { type: "application/json" }) : null;
  try {
    return await server.request(method, path, json, signal ? { signal } : {});
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** A value that was read. */
export type Found<T> = Extract<Reading<T>, { ok: true }>;

/** A read: the server's answer, or a copy where the server says nothing to the point. */
export async function read<Kind extends keyof Answers>(
  parts: Parts, request: Request & { kind: Kind; key: string }, options: Options,
  copy: () => Promise<Found<Answers[Kind]> | undefined> = () => saved(parts, request.kind, request.key),
): Promise<Reading<Answers[Kind]>> {
  const { rules, copies, clock } = parts;
  const answer = await ask(parts, request, options);
  const verdict = answer && verdictOf(request, answer);
  if (verdict) return refused(verdict);
  const value = answer?.status === 200 ? rules.readAnswer(request.kind, answer.text) : undefined;
  if (answer && value?.ok) {
    await copies.keep(request.key, answer.text);
    return { ...value, from: "server", readAtMs: clock.nowMs() };
  }
  const last = await copy();
  if (last) return last;
  if (!answer) return refused(refusal("server_unreachable").issue);
  return refused(value && !value.ok ? value.issue : unexplained(request, answer));
}

/** The copy of the last read, without asking the server. */
export async function saved<Kind extends keyof Answers>(
  { rules, copies }: Parts, kind: Kind, key: string,
): Promise<Found<Answers[Kind]> | undefined> {
  const copy = await copies.get(key);
  const value = copy && rules.readAnswer(kind, copy.text);
  return value?.ok ? { ...value, from: "device", readAtMs: copy!.readAtMs } : undefined;
}

/** A change: what the server did, or why it did not. */
export async function change<Kind extends keyof Answers>(
  parts: Parts, request: Request & { kind: Kind }, options: Options,
): Promise<Change<Answers[Kind]>> {
  const answer = await ask(parts, request, options);
  const value = answer && done(parts.rules.readAnswer(request.kind, answer.text), answer);
  return value ?? explain(parts, request, answer);
}

/** The reason of a refusal, as the rules see it from what is known here; else its status. */
export async function explain({ foresight }: Parts, request: Request, answer: TransportAnswer | undefined): Promise<Refusal> {
  if (!answer) return refused(refusal("server_unreachable").issue);
  const verdict = verdictOf(request, answer);
  if (verdict) return refused(verdict);
  const foreseen = request.action && await foresight.predict(request.action);
  if (foreseen?.ok && foreseen.value.status === answer.status) return refused(...foreseen.value.issues);
  return refused(unexplained(request, answer));
}

/** The value of an answer that says that it was done. */
export function done<T>(value: Outcome<T>, { status }: TransportAnswer): { ok: true; value: T } | undefined {
  return value.ok && (status === 200 || status === 201) ? value : undefined;
}

export function refused(...issues: Issue[]): Refusal {
  return { ok: false, issue: issues[0]!, issues };
}

/** What an answer says by itself. A lost session shows as 401, or as 403 without a word. */
function verdictOf({ what }: Request, { status, text, headers }: TransportAnswer): Issue | undefined {
  if (status === 404 && what) return { code: "not_found", path: "", params: { what } };
  if (status === 403 && headers.get("x-sfluv-auth-reason") === "privacy-policy-required") {
    return { code: "policy_not_accepted", path: "", params: {} };
  }
  if (status === 401 || (status === 403 && text.trim() === "")) return refusal("signed_out", { status }).issue;
  return undefined;
}

function unexplained({ operation }: Request, { status }: TransportAnswer): Issue {
  return refusal("server_refused", { status, operation }).issue;
}
