// SPDX-License-Identifier: MIT
// What is proposed: what I have begun on this device, what I may vote on, what became of mine. Who proposes and who
// votes is the server's word; nobody has to be told beforehand.

import type { Field } from "../field_types.js";
import { isForbidden } from "../issue.js";
import type { Amount, Issue, ProposalContext, Reading, Workflow, WorkflowList, WorkflowVotes } from "../types.js";
import { controllerOf, held, type Watched } from "./watched.js";

export type ProposalGroup = "begun" | "open" | "mine";

export interface ProposalRow {
  group: ProposalGroup;
  /** Of the draft on this device, else of the workflow. */
  id: string;
  title: string;
  recurrence: string;
  /** `null` of a draft: its form says what it costs. */
  pays: Amount | null;
  /** Of the workflow; `""` of a draft. */
  status: string;
  votes: WorkflowVotes | null;
  /** It was sent, and what came of it is not known. */
  isUnclear: boolean;
}

export interface ProposalListState {
  phase: "loading" | "shown";
  rows: ProposalRow[];
  /** May this account propose, may it vote? `null` until the server has said so. */
  mayPropose: boolean | null;
  mayVote: boolean | null;
  /** When the lists were read last, and why they could not be read now. */
  readAtMs: number;
  issue: Issue | null;
  isReading: boolean;
}

export interface ProposalList extends Watched<ProposalListState> {
  refresh(): Promise<void>;
}

type Parts = Pick<Field, "workflows" | "proposals" | "votes">;
type Lists = Record<"mine" | "open", Reading<WorkflowList>>;

export function proposalList(field: Parts): ProposalList {
  const self = held<ProposalListState>({
    phase: "loading", rows: [], mayPropose: null, mayVote: null, readAtMs: 0, issue: null, isReading: false,
  });
  const closing = new AbortController();

  async function readLists(signal: AbortSignal): Promise<{ lists: Lists; isSignedIn: boolean }> {
    // A missing role and a session that is over are the same empty 403: what anybody may read tells them apart.
    const active = await field.workflows.active({ signal });
    const [mine, open] = await Promise.all([field.proposals.list({ signal }), field.votes.pending({ signal })]);
    return { lists: { mine, open }, isSignedIn: active.ok && active.from === "server" };
  }

  function show(lists: Lists | undefined, isSignedIn: boolean, begun: ProposalRow[]): void {
    if (!lists) return self.set({ phase: "shown", rows: begun });
    const { mine, open } = lists;
    const [mayPropose, mayVote] = [mine, open].map((read) => (read.ok ? true : isSignedIn && isForbidden(read.issue) ? false : null));
    const unheard = [mine, open].find((read) => (read.ok ? read.from === "device" : !(isSignedIn && isForbidden(read.issue))));
    const issue: Issue | null = unheard ? (unheard.ok ? { code: "server_unreachable", path: "", params: {} } : unheard.issue) : null;
    const readAtMs = Math.max(...[mine, open].map((read) => (read.ok ? read.readAtMs : 0)));
    const rows = [...begun, ...rowsOf("open", open), ...rowsOf("mine", mine)];
    self.set({ phase: "shown", rows, mayPropose: mayPropose ?? null, mayVote: mayVote ?? null, issue, readAtMs });
  }

  async function drafts(): Promise<ProposalRow[]> {
    const saved = await field.proposals.drafts.list().catch(() => []);
    return saved.map(({ id, draft: { title, recurrence }, isUnclear }) => ({
      group: "begun", id, title, recurrence, pays: null, status: "", votes: null, isUnclear,
    }));
  }

  async function refresh(): Promise<void> {
    if (self.state.isReading) return;
    self.set({ isReading: true });
    const { signal } = closing;
    const read = await readLists(signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (!read) return;
    show(read.lists, read.isSignedIn, await drafts());
    self.set({ isReading: false });
  }

  // What was begun here is there at once, and needs no server.
  void drafts().then((begun) => {
    if (begun.length > 0) show(undefined, false, begun);
  }).finally(() => void refresh());

  return controllerOf<ProposalList>(self, { refresh }, () => closing.abort());
}

function rowsOf(group: ProposalGroup, read: Reading<WorkflowList>): ProposalRow[] {
  if (!read.ok) return [];
  const latestFirst = [...read.value.workflows].sort((a, b) => b.created_at - a.created_at);
  return latestFirst.map(({ id, title, recurrence, total_bounty: pays, status, votes = null }: Workflow) => ({
    group, id, title, recurrence, pays, status, votes, isUnclear: false,
  }));
}

/** So many running jobs tell who supervises, and what people must have to do them. */
const toldByMax = 12;

/**
 * Who supervises and which credentials there are, as far as other work tells: the documents name no way to ask. What a
 * host knows besides may be added. The server has the last word on a proposal anyway.
 */
export async function proposalContextOf(field: Pick<Field, "workflows" | "proposals">): Promise<ProposalContext> {
  const lists = await Promise.all([field.proposals.list(), field.workflows.active()]);
  const listed = lists.flatMap((list) => (list.ok ? list.value.workflows : [])).slice(0, toldByMax);
  const workflows = await Promise.all(listed.map(async (one) => {
    const whole = one.roles.length > 0 ? undefined : await field.workflows.get(one.id);
    return whole?.ok ? whole.value : one;
  }));
  const supervisors = new Map(workflows.flatMap(({ supervisor_user_id: id, supervisor_title: title, supervisor_organization: organization }) =>
    (id ? [[id, { user_id: id, title: title ?? null, organization: organization ?? null }] as const] : [])));
  const credentials = workflows.flatMap(({ roles }) => roles.flatMap(({ required_credentials }) => required_credentials));
  return { supervisors: [...supervisors.values()], credential_types: [...new Set(credentials)].sort() };
}
