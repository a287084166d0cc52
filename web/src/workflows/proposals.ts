// SPDX-License-Identifier: MIT
// Proposing work. A proposal is a draft on this device until somebody taps; it is never queued, because a
// second copy would be voted on and paid like the first. After an unclear end the server's list is read and
// compared before anything is sent again.

import type { ProposalDrafts, Proposals, RequestOptions } from "../field_types.js";
import { refusal } from "../issue.js";
import { StoreError, type Store } from "../ports.js";
import { bytesOfText, textOfBytes } from "../store/bytes.js";
import { storageFailed } from "../store/self_test.js";
import type { Change, Outcome, ProposalContext, ProposalDraft, ProposalVerdict, Reading, Workflow, WorkflowList } from "../types.js";
import { copyKey } from "./copies.js";
import { ask, done, explain, read, refused, type Parts } from "./operations.js";

export const proposalPrefix = "proposal-draft/";

const path = "/proposers/workflows";
const pathOf = (id: string) => `${path}/${encodeURIComponent(id)}`;

/** A row: what was written, and the try whose end is not known. */
interface Kept {
  draft: ProposalDraft;
  /** What was sent, and which ids were there before: a twin among the others is what came of it. */
  attempt?: { sent: string; before: string[] };
}

type Check = (draft: ProposalDraft, context: ProposalContext) => Promise<ProposalVerdict>;

export function proposalsOf(parts: Parts & { store: Store }, check: Check): Proposals {
  const { store, copies } = parts;
  const keyOf = (id: string) => proposalPrefix + encodeURIComponent(id);

  const rowOf = (id: string) => store.get("documents", keyOf(id));
  const keptIn = (row: Uint8Array) => JSON.parse(textOfBytes(row)) as Kept;

  /** `onlyIf`: the row as it was read; another page may have been quicker. */
  async function keep(id: string, value: Kept | null, onlyIf?: Uint8Array): Promise<void> {
    const row = { table: "documents", key: keyOf(id) } as const;
    const bytes = value && bytesOfText(JSON.stringify(value));
    await store.write([{ ...row, bytes }], onlyIf && [{ ...row, bytes: onlyIf }]);
  }

  const drafts: ProposalDrafts = {
    async save(id, draft) {
      return stored(async () => {
        const row = await rowOf(id);
        await keep(id, { ...(row && keptIn(row)), draft }, row);
      });
    },
    async get(id) {
      const row = await rowOf(id);
      return row && keptIn(row).draft;
    },
    async remove(id) {
      await keep(id, null);
    },
    async list() {
      const rows = await store.list("documents", proposalPrefix);
      return rows.map(({ key, bytes }) => {
        const { draft, attempt } = keptIn(bytes);
        return { id: decodeURIComponent(key.slice(proposalPrefix.length)), draft, isUnclear: attempt !== undefined };
      });
    },
  };

  const list = (options: RequestOptions = {}): Promise<Reading<WorkflowList>> => read(parts, {
    method: "GET", path, operation: "proposals", kind: "workflows", key: copyKey.list("proposed"),
  }, options);

  const get = (id: string, options: RequestOptions = {}): Promise<Reading<Workflow>> => read(parts, {
    method: "GET", path: pathOf(id), operation: "proposal", what: "workflow", kind: "workflow", key: copyKey.workflow(id),
  }, options);

  /** What is on the server now; a copy of yesterday would hide what came of the last try. */
  async function present(options: RequestOptions): Promise<Outcome<Workflow[]>> {
    const now = await list(options);
    if (!now.ok) return now;
    return now.from === "server" ? { ok: true, value: now.value.workflows } : refusal("server_unreachable");
  }

  async function propose(id: string, context: ProposalContext, options: RequestOptions = {}): Promise<Change<Workflow>> {
    const row = await rowOf(id).catch(() => undefined);
    if (!row) return refused(refusal("draft_missing").issue);
    const { draft, attempt } = keptIn(row);
    const { accepted, issues, normalized } = await check(draft, context);
    if (!accepted || !normalized) return refused(...issues);
    const sent = gistOf(normalized);
    const now = await present(options);
    if (!now.ok) return refused(now.issue);
    const twin = attempt && now.value.find((one) => !attempt.before.includes(one.id) && gistOf(one) === attempt.sent);
    if (twin && attempt.sent === sent) {
      await stored(() => keep(id, null)); // what stays here by accident is found there again
      return { ok: true, value: twin };
    }
    if (twin) {
      // The first one arrived, and was changed here since: whether this one goes as well is for a person to say.
      await stored(() => keep(id, { draft }));
      return refused(refusal("proposal_arrived", { workflow_id: twin.id }).issue);
    }
    // Before the first byte leaves it is on record that it may have; of two pages one sends.
    const before = now.value.map((one) => one.id);
    const noted = await stored(() => keep(id, { draft, attempt: { sent, before } }, row));
    if (!noted.ok) return refused(noted.issue);
    const request = { method: "POST", path, operation: "proposal", kind: "workflow" } as const;
    const answer = await ask(parts, { ...request, text: proposalBody(draft) }, options);
    const made = answer && done(parts, request, answer);
    if (answer && made) {
      await copies.keep(copyKey.workflow(made.value.id), answer.text);
      await stored(() => keep(id, null));
      return made;
    }
    if (!answer || answer.status >= 500 || answer.status < 400) return refused(refusal("proposal_unclear").issue);
    await stored(() => keep(id, { draft }));
    return explain(parts, request, answer);
  }

  return {
    check,
    drafts,
    propose,
    list,
    get,
    async withdraw(id, options = {}) {
      const request = { method: "DELETE", path: pathOf(id), operation: "withdraw", what: "workflow", kind: "workflow" } as const;
      const answer = await ask(parts, request, options);
      // `{}` says nothing that a captive portal could not say, and a refusal may be of what is gone already.
      if (answer?.status !== 403 && answer?.status !== 404) {
        const now = await get(id, options);
        if (now.ok && now.from === "server" && now.value.status === "deleted") return { ok: true, value: undefined };
      }
      return explain(parts, request, answer);
    },
  };

  async function stored(write: () => Promise<void>): Promise<Outcome<void>> {
    try {
      await write();
      return { ok: true, value: undefined };
    } catch (error) {
      const isTaken = error instanceof StoreError && error.reason === "conflict";
      return isTaken ? refusal("proposal_unclear") : { ok: false, issue: storageFailed(error) };
    }
  }
}

/** The body: amounts are numbers there, longer than JavaScript's own. */
export function proposalBody(draft: ProposalDraft): string {
  // Within a text every quote has a backslash, so that only members match.
  return JSON.stringify(draft).replace(/"bounty":"(\d+)"/g, '"bounty":$1');
}

/** By what one knows it again: all that was proposed of it, and nothing that the server gave it. */
function gistOf({ title, description, recurrence, start_at, total_bounty, supervisor_user_id, roles, steps }: Workflow): string {
  return JSON.stringify([
    title, description, recurrence, start_at, total_bounty, supervisor_user_id ?? null,
    roles.map((role) => [role.title, role.required_credentials]),
    steps.map((step) => [step.title, step.description, step.bounty, step.work_items.map((item) => item.title)]),
  ]);
}
