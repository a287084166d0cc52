// SPDX-License-Identifier: MIT
// The module `rules` behind typed functions: text in, text out, and only texts of the core are parsed.

import createRules, { type MainModule } from "../wasm/sfluv-rules.js";
import type {
  AbsenceChange, AbsencePeriod, Amount, CredentialRequest, Discovery, Draft, FormattedAmount, Improver, Issue, Outcome,
  Prediction, ProfileName, RewardsAccountVerdict, StepDemand, UnclaimResult, UnixSeconds, Verdict, Workflow, WorkflowList,
} from "../types.js";
import { instantiate } from "../wasm/instance.js";
import type { WasmSource } from "../wasm/source.js";

/** What operations answer, by the kind of answer. */
export interface Answers {
  workflow: Workflow;
  workflows: WorkflowList;
  absences: AbsencePeriod[];
  absence_change: AbsenceChange;
  unclaim: UnclaimResult;
  improver: Improver;
  credential_request: CredentialRequest;
  credential_requests: CredentialRequest[];
}

/** What a device knows when it asks what the server would say. */
export interface Knowledge {
  profile: ProfileName;
  nowMs: number;
  account: string;
  /** Where it is left out, the last list that names them tells. */
  credentials?: readonly string[] | undefined;
  /** The exact texts of answers, the oldest first: workflows, and lists of them in either shape. */
  known: readonly string[];
  /** The exact text of the list of absence periods, once it was read. */
  absences?: string | undefined;
}

/** Something that one may ask the server to do; names as on the wire. */
export type Action =
  | { type: "claim" | "start" | "payout_request"; workflow_id: string; step_id: string }
  | { type: "complete"; workflow_id: string; step_id: string; draft: Draft }
  | { type: "unclaim"; series_id: string; step_order: number }
  | { type: "absence_create"; series_id: string; step_order: number; absent_from: string; absent_until: string }
  | { type: "absence_update"; absence_id: string; absent_from: string; absent_until: string }
  | { type: "absence_delete"; absence_id: string };

/** The rules by themselves, for hosts that want no queue and no photos. */
export interface Rules {
  /** Are these answers complete? Synchronous, pure and cheap. */
  checkCompletion(step: StepDemand, draft: Draft): Verdict;
  /** Is this an address to be paid to? */
  checkRewardsAccount(address: string, profile: ProfileName): RewardsAccountVerdict;
  /** Reads an answer of the API from its exact text; amounts come out as decimal texts. */
  readAnswer<Kind extends keyof Answers>(kind: Kind, text: string): Outcome<Answers[Kind]>;
  /** The same for one workflow. */
  readWorkflow(document: string): Outcome<Workflow>;
  /** What will the server say to this? */
  predict(knowledge: Knowledge, action: Action): Outcome<Prediction>;
  /** What is there for this account, and why the rest is not. */
  discover(knowledge: Knowledge): Outcome<Discovery>;
  /** From this second on, work on the occurrence may be lost; `null` for what does not recur. */
  deadline(workflow: Pick<Workflow, "recurrence" | "start_at">): UnixSeconds | null;
  formatAmount(amount: Amount, profile: ProfileName): FormattedAmount;
  parseAmount(typed: string, profile: ProfileName): Amount | null;
  /** The module itself: text in, text out, as `core/include/sfluv/api_*.h` describes. */
  readonly raw: RulesModule;
}

export type RulesModule = Pick<
  MainModule,
  | "abi_version" | "check_completion" | "check_rewards_account" | "read_answer"
  | "predict" | "discover" | "deadline" | "format_amount" | "parse_amount"
  | "outbox_queue" | "outbox_seal" | "outbox_import" | "outbox_advance" | "outbox_next"
  | "outbox_view" | "outbox_draft" | "outbox_export" | "outbox_lease"
>;

/**
 * Loads the module: by default the file beside this script, found in a way that bundlers see, and once a page: who
 * calls this early has the rules at hand when `createField` asks for them.
 */
export async function loadRules(source?: WasmSource): Promise<Rules> {
  return rulesOf(await loadRulesModule(source));
}

let ours: Promise<RulesModule> | undefined;

export function loadRulesModule(source?: WasmSource): Promise<RulesModule> {
  if (source !== undefined) return instantiate(createRules, source);
  ours ??= instantiate(createRules, new URL("../wasm/sfluv-rules.wasm", import.meta.url));
  ours.catch(() => (ours = undefined)); // the next call tries again
  return ours;
}

export function rulesOf(raw: RulesModule): Rules {
  const readAnswer = <Kind extends keyof Answers>(kind: Kind, text: string): Outcome<Answers[Kind]> => {
    const read = outcomeOf<{ value: Answers[Kind] }>(raw.read_answer(kind, text));
    return read.ok ? { ok: true, value: read.value.value } : read;
  };
  return {
    raw,
    checkCompletion(step, draft) {
      const { work_items, allow_step_not_possible } = step;
      return JSON.parse(raw.check_completion(JSON.stringify({ work_items, allow_step_not_possible, draft }))) as Verdict;
    },
    checkRewardsAccount: (primary_rewards_account, profile) =>
      JSON.parse(raw.check_rewards_account(JSON.stringify({ primary_rewards_account, profile }))) as RewardsAccountVerdict,
    readAnswer,
    readWorkflow: (document) => readAnswer("workflow", document),
    predict: (knowledge, action) => outcomeOf(raw.predict(question(knowledge, { action }))),
    discover: (knowledge) => outcomeOf(raw.discover(question(knowledge))),
    deadline({ recurrence, start_at }) {
      return certain<{ deadline_s: UnixSeconds | null }>(raw.deadline(JSON.stringify({ recurrence, start_at }))).deadline_s;
    },
    formatAmount: (amount, profile) => certain(raw.format_amount(amount, profile)),
    parseAmount: (typed, profile) => certain<{ amount: Amount | null }>(raw.parse_amount(typed, profile)).amount,
  };
}

function outcomeOf<T>(reply: string): Outcome<T> {
  const value = JSON.parse(reply) as T | { issue: Issue };
  return isIssue(value) ? { ok: false, issue: value.issue } : { ok: true, value };
}

/** Of typed values there is always an answer; a host without types hears what is wrong with its own. */
function certain<T>(reply: string): T {
  const outcome = outcomeOf<T>(reply);
  if (!outcome.ok) throw new TypeError(`${outcome.issue.code} ${outcome.issue.path} ${JSON.stringify(outcome.issue.params)}`);
  return outcome.value;
}

function isIssue(value: unknown): value is { issue: Issue } {
  return typeof value === "object" && value !== null && "issue" in value;
}

/** Texts of the server go in as they came: amounts would not survive `JSON.parse`. */
function question({ profile, nowMs, account, credentials, known, absences }: Knowledge, rest: { action?: Action } = {}): string {
  const asked = JSON.stringify({ profile, now_s: Math.floor(nowMs / 1000), caller: { id: account, credentials }, ...rest });
  return `${asked.slice(0, -1)},"known":[${known.join(",")}],"absences":${absences ?? "null"}}`;
}
