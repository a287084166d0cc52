// SPDX-License-Identifier: MIT
// Writing a proposal: every input is checked as it is given and kept on this device at once, and the costs are
// there while typing. Nothing is judged here: `proposals.check` is the only judge. Places are JSON Pointers into
// the draft, as in issues.

import type { Field } from "../field_types.js";
import { inTurn } from "../in_turn.js";
import type { Issue, Outcome, ProposalContext, ProposalDraft, ProposalTotals, Workflow } from "../types.js";
import { controllerOf, held, type Watched } from "./watched.js";

export interface ProposalFormOptions {
  field: Pick<Field, "proposals" | "parseAmount" | "formatAmount">;
  /** The name of the draft on this device. */
  draftId: string;
  context: ProposalContext;
}

export interface ProposalFormState {
  phase: "loading" | "filling" | "sending" | "sent";
  draft: ProposalDraft;
  kept: "untouched" | "keeping" | "kept" | "not_kept";
  keptIssue: Issue | null;
  /** What it costs, as soon as all pays are amounts. */
  totals: ProposalTotals | null;
  /** What is wrong, as far as it is time to say so; in the server's order. */
  issues: readonly Issue[];
  /** All that is wrong, once sending was tried. */
  summary: readonly Issue[];
  /** Counts the tries that were refused here: each one calls for the focus. */
  refusals: number;
  /** Why the server did not take it, or could not be asked. */
  refused: Issue | null;
  /** It may have arrived: the next try looks first. */
  isUnclear: boolean;
  workflow: Workflow | null;
}

export interface ProposalForm extends Watched<ProposalFormState> {
  readonly context: ProposalContext;
  /** `set("/steps/0/title", "Plant")`. */
  set(place: string, value: unknown): void;
  /** A pay as it is typed, in the unit that people know. */
  setPay(place: string, typed: string, plain?: string): void;
  /** As it was typed, or what is kept in the unit that people know. */
  payOf(place: string): { text: string; isTyped: boolean };
  /** One more at the end of a list: a role, a step, an item of a step, a choice of an item. */
  add(list: string): void;
  remove(place: string): void;
  /** Nothing happens at an end. */
  move(place: string, by: -1 | 1): void;
  /** The field was left: from now on its errors are shown while typing. */
  leave(place: string): void;
  submit(): Promise<boolean>;
}

export const newProposal = (): ProposalDraft => ({
  title: "", description: "", recurrence: "one_time", start_at: "", supervisor: null,
  roles: [{ client_id: "role-1", title: "", required_credentials: [] }],
  steps: [newStep("role-1")],
});

const newItem = () => ({ title: "", requires_photo: true, photo_aspect_ratio: "square" as const });
const newStep = (role_client_id: string) => ({ title: "", description: "", bounty: "0", role_client_id, work_items: [newItem()] });

/** What a list gets when one more is wanted. */
function newElement(list: string, draft: ProposalDraft): unknown {
  if (list === "/steps") return newStep(draft.roles.length === 1 ? draft.roles[0]!.client_id : "");
  if (list.endsWith("/work_items")) return newItem();
  if (list.endsWith("/dropdown_options")) return { label: "" };
  // A name that was ever used is not used again: steps speak of roles by it.
  const taken = draft.roles.map(({ client_id }) => Number(/^role-(\d+)$/.exec(client_id)?.[1] ?? 0));
  return { client_id: `role-${Math.max(0, ...taken) + 1}`, title: "", required_credentials: [] };
}

const stepsOf = (place: string): string[] => place.split("/").slice(1);

/** The draft with something else at a place; everything beside it stays the same object. */
function changed(value: unknown, [first, ...rest]: string[], change: (old: unknown) => unknown): unknown {
  if (first === undefined) return change(value);
  if (Array.isArray(value)) return value.map((one: unknown, n) => (n === Number(first) ? changed(one, rest, change) : one));
  const old = (value ?? {}) as Record<string, unknown>;
  return { ...old, [first]: changed(old[first], rest, change) };
}

export function proposalForm({ field, draftId, context }: ProposalFormOptions): ProposalForm {
  const { proposals } = field;
  const visited = new Set<string>();
  const typed = new Map<string, string>();
  const one = inTurn();
  let isTried = false;
  const self = held<ProposalFormState>({
    phase: "loading", draft: newProposal(), kept: "untouched", keptIssue: null, totals: null, issues: [], summary: [], refusals: 0,
    refused: null, isUnclear: false, workflow: null,
  });

  const isShown = (issue: Issue) => isTried || [...visited].some((place) => issue.path === place || issue.path.startsWith(`${place}/`));

  async function update(draft: ProposalDraft): Promise<void> {
    self.set({ draft });
    try {
      const { issues, totals } = await proposals.check(draft, context);
      if (self.state.draft !== draft) return; // a later one is on its way
      self.set({ totals, issues: issues.filter(isShown), summary: isTried ? issues : [] });
    } catch {
      // The rules are not on this device; the server would not be reached either.
      self.set({ totals: null, refused: { code: "server_unreachable", path: "", params: {} } });
    }
  }

  function edit(place: string, change: (old: unknown) => unknown): void {
    if (self.state.phase !== "filling") return;
    const draft = changed(self.state.draft, stepsOf(place), change) as ProposalDraft;
    self.set({ kept: "keeping", refused: null });
    void update(draft);
    void one(() => proposals.drafts.save(draftId, draft)).then((kept: Outcome<void>) => {
      if (self.state.draft !== draft) return; // a later one is on its way
      self.set(kept.ok ? { kept: "kept", keptIssue: null } : { kept: "not_kept", keptIssue: kept.issue });
    });
  }

  /** The list that a place is in, and where in it. */
  function listOf(place: string): [list: string, index: number] {
    const cut = place.lastIndexOf("/");
    return [place.slice(0, cut), Number(place.slice(cut + 1))];
  }

  const at = (place: string): unknown =>
    stepsOf(place).reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], self.state.draft);

  const saved = async () => (await proposals.drafts.list().catch(() => [])).find(({ id }) => id === draftId);

  async function load(): Promise<void> {
    const mine = await saved();
    await update(mine?.draft ?? self.state.draft);
    self.set({ phase: "filling", isUnclear: mine?.isUnclear ?? false, kept: mine ? "kept" : "untouched" });
  }

  async function submit(): Promise<boolean> {
    if (self.state.phase !== "filling") return false;
    isTried = true;
    self.set({ refused: null });
    await update(self.state.draft);
    if (self.state.refused) return false;
    if (self.state.summary.length > 0) {
      self.set({ refusals: self.state.refusals + 1 });
      return false;
    }
    self.set({ phase: "sending", refused: null });
    const { draft } = self.state;
    const kept = await one(() => proposals.drafts.save(draftId, draft));
    const sent = kept.ok ? await proposals.propose(draftId, context) : kept;
    if (!sent.ok) {
      self.set({ phase: "filling", refused: sent.issue, isUnclear: (await saved())?.isUnclear ?? false });
      return false;
    }
    self.set({ phase: "sent", workflow: sent.value, isUnclear: false });
    return true;
  }

  void load();

  return controllerOf<ProposalForm>(self, {
    context,
    set: (place, value) => edit(place, () => value),
    setPay(place, text, plain = text) {
      typed.set(place, text);
      // What is no amount stays as it was typed: the check says what is wrong with it.
      edit(place, () => field.parseAmount(plain) ?? text);
    },
    payOf(place) {
      const amount = String(at(place) ?? "");
      const text = typed.get(place);
      if (text !== undefined) return { text, isTyped: true };
      return { text: /^\d+$/.test(amount) ? field.formatAmount(amount).text : amount, isTyped: false };
    },
    add: (list) => edit(list, (old) => [...((old as unknown[] | undefined) ?? []), newElement(list, self.state.draft)]),
    remove(place) {
      const [list, index] = listOf(place);
      typed.clear();
      edit(list, (old) => (old as unknown[]).filter((_, n) => n !== index));
    },
    move(place, by) {
      const [list, index] = listOf(place);
      typed.clear();
      edit(list, (old) => {
        const all = [...(old as unknown[])];
        if (index + by < 0 || index + by >= all.length) return all;
        all.splice(index + by, 0, ...all.splice(index, 1));
        return all;
      });
    },
    leave(place) {
      visited.add(place);
      void update(self.state.draft);
    },
    submit,
  });
}
