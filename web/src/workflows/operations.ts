// SPDX-License-Identifier: MIT
// One operation of the API: a request, and its answer as a value or as issues. An answer is only what
// the core can read: everything else is a fault of the server or a captive portal.

import type { RequestOptions } from "../field_types.js";
import { refusal } from "../issue.js";
import type { Clock, RequestPlan, TransportAnswer } from "../ports.js";
import type { Action, Answers, Rules } from "../rules/load.js";
import type { Server } from "../transport/server.js";
import type { Change, Issue, Reading, Refusal } from "../types.js";
import type { Copies } from "./copies.js";
import type { Foresight } from "./foresight.js";

/** What the rooms of this folder share. */
export interface Parts {
  account: string;
  rules: Rules;
  server: Server;
  copies: Copies;
  clock: Clock;
  foresight: Foresight;
}

export interface Request<Kind extends keyof Answers> {
  method: RequestPlan["method"];
  path: string;
  body?: object;
  /** The body as its exact text, where `JSON.stringify` could not write it. */
  text?: string;
  /** Of the answer. */
  kind: Kind;
  /** What was asked for: for issues, and for the rules, which know why it may be refused. */
  operation: string;
  action?: Action;
  /** What is missing when the answer is 404. */
  what?: "workflow" | "step" | "absence";
}

/** The answer, whatever its status; nothing where there was none. */
export async function ask<Kind extends keyof Answers>(
  { server }: Parts, { method, path, body, text = body && JSON.stringify(body) }: Request<Kind>, { signal }: RequestOptions,
): Promise<TransportAnswer | undefined> {
  const json = text === undefined ? null : new Blob([text], { type: "application/json" });
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
  parts: Parts, request: Request<Kind> & { key: string }, options: RequestOptions,
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
  parts: Parts, request: Request<Kind>, options: RequestOptions,
): Promise<Change<Answers[Kind]>> {
  const answer = await ask(parts, request, options);
  return (answer && done(parts, request, answer)) ?? explain(parts, request, answer);
}

/** The value of an answer that says that it was done. */
export function done<Kind extends keyof Answers>(
  { rules }: Parts, { kind }: Request<Kind>, { status, text }: TransportAnswer,
): { ok: true; value: Answers[Kind] } | undefined {
  const value = isSuccess(status) ? rules.readAnswer(kind, text) : undefined;
  return value?.ok ? value : undefined;
}

/** Why it was not done: as the rules see it from what is known here, else the status. */
export async function explain<Kind extends keyof Answers>(
  { rules, foresight }: Parts, request: Request<Kind>, answer: TransportAnswer | undefined,
): Promise<Refusal> {
  if (!answer) return refused(refusal("server_unreachable").issue);
  const verdict = verdictOf(request, answer);
  if (verdict) return refused(verdict);
  const value = isSuccess(answer.status) ? rules.readAnswer(request.kind, answer.text) : undefined;
  if (value && !value.ok) return refused(value.issue); // a captive portal says 200 too
  const foreseen = request.action && await foresight.predict(request.action);
  if (foreseen?.ok && foreseen.value.status === answer.status) return refused(...foreseen.value.issues);
  return refused(unexplained(request, answer));
}

const isSuccess = (status: number) => status === 200 || status === 201;

export function refused(...issues: Issue[]): Refusal {
  return { ok: false, issue: issues[0]!, issues };
}

/** What an answer says by itself. A lost session shows as 401, or as 403 without a word. */
function verdictOf({ what }: Pick<Request<never>, "what">, { status, text, headers }: TransportAnswer): Issue | undefined {
  if (status === 404 && what) return { code: "not_found", path: "", params: { what } };
  if (status === 403 && headers.get("x-sfluv-auth-reason") === "privacy-policy-required") {
    return { code: "policy_not_accepted", path: "", params: {} };
  }
  if (status === 401 || (status === 403 && text.trim() === "")) return refusal("signed_out", { status }).issue;
  return undefined;
}

function unexplained({ operation }: Pick<Request<never>, "operation">, { status }: TransportAnswer): Issue {
  return refusal("server_refused", { status, operation }).issue;
}
