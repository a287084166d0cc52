// SPDX-License-Identifier: MIT
// Reading, claiming and starting. Documents are read by the core from their exact text; the text of
// the last read is kept, so that a step opens where there is no network.

import type { Workflows } from "./field_types.js";
import { refusal } from "./issue.js";
import type { Clock, Store, TransportAnswer } from "./ports.js";
import type { Rules } from "./rules/load.js";
import { bytesOfText, textOfBytes } from "./store/bytes.js";
import type { Server } from "./transport/server.js";
import type { Outcome, Workflow, WorkflowOutcome, WorkflowStep } from "./types.js";

interface Parts {
  account: string;
  rules: Rules;
  server: Server;
  store: Store;
  clock: Clock;
}

type Options = { signal?: AbortSignal };

export function workflowsOf({ account, rules, server, store, clock }: Parts): Workflows {
  // A copy is the time of the read, a line feed, and the document as it came.
  async function keep(id: string, text: string): Promise<void> {
    const bytes = bytesOfText(`${clock.nowMs()}\n${text}`);
    await store.write([{ table: "documents", key: documentKey(id), bytes }]).catch(() => {}); // a copy, not the work
  }

  async function saved(id: string): Promise<WorkflowOutcome | undefined> {
    const row = await store.get("documents", documentKey(id)).catch(() => undefined);
    if (!row) return undefined;
    const text = textOfBytes(row);
    const end = text.indexOf("\n");
    const read = rules.readWorkflow(text.slice(end + 1));
    return read.ok ? { ...read, from: "device", readAtMs: Number(text.slice(0, end)) } : undefined;
  }

  async function ask(method: "GET" | "POST" | "PUT" | "DELETE", path: string, { signal }: Options): Promise<TransportAnswer | undefined> {
    try {
      return await server.request(method, path, null, signal ? { signal } : {});
    } catch {
      signal?.throwIfAborted();
      return undefined;
    }
  }

  async function fromServer(id: string, read: Outcome<Workflow>, text: string): Promise<WorkflowOutcome> {
    if (!read.ok) return read;
    await keep(id, text);
    return { ...read, from: "server", readAtMs: clock.nowMs() };
  }

  async function get(id: string, options: Options = {}): Promise<WorkflowOutcome> {
    const answer = await ask("GET", workflowPath(id), options);
    if (answer?.status === 404) return refusal404("workflow");
    if (answer && isSignedOut(answer)) return refusal("signed_out", { status: answer.status });
    const read = answer?.status === 200 ? rules.readWorkflow(answer.text) : undefined;
    if (answer && read?.ok) return fromServer(id, read, answer.text);
    // No answer, or none of this API: a fault of the server, a captive portal.
    const copy = await saved(id);
    if (copy) return copy;
    if (!answer) return refusal("server_unreachable");
    return read && !read.ok ? read : refused(answer, "get");
  }

  /** An unclear or refused answer is no verdict before the workflow was read: it may be ours already. */
  async function act(
    operation: "claim" | "start", id: string, stepId: string, options: Options, isDone: (step: WorkflowStep) => boolean,
  ): Promise<WorkflowOutcome> {
    const path = `/improvers/workflows/${encodeURIComponent(id)}/steps/${encodeURIComponent(stepId)}/${operation}`;
    const answer = await ask("POST", path, options);
    if (answer?.status === 200) {
      const read = rules.readWorkflow(answer.text);
      if (read.ok) return fromServer(id, read, answer.text);
    }
    const now = await get(id, options);
    const step = now.ok && now.from === "server" ? now.value.steps.find((one) => one.id === stepId) : undefined;
    if (step && isDone(step)) return now;
    if (!answer) return refusal("server_unreachable");
    if (isSignedOut(answer)) return refusal("signed_out", { status: answer.status });
    if (answer.status === 404) return refusal404(now.ok ? "step" : "workflow");
    return refused(answer, operation);
  }

  const isMine = (step: WorkflowStep) => step.assigned_improver_id === account;
  return {
    get,
    saved,
    claim: (id, stepId, options = {}) => act("claim", id, stepId, options, isMine),
    start: (id, stepId, options = {}) =>
      act("start", id, stepId, options, (step) => isMine(step) && step.status !== "available" && step.status !== "locked"),
  };
}

const documentKey = (id: string) => `workflow/${id}`;
const workflowPath = (id: string) => `/workflows/${encodeURIComponent(id)}`;

/** A lost session shows as 401, or as 403 without a word. */
function isSignedOut({ status, text }: TransportAnswer): boolean {
  return status === 401 || (status === 403 && text.trim() === "");
}

function refused({ status }: TransportAnswer, operation: string): ReturnType<typeof refusal> {
  return refusal("server_refused", { status, operation });
}

function refusal404(what: "workflow" | "step"): WorkflowOutcome {
  return { ok: false, issue: { code: "not_found", path: "", params: { what } } };
}
