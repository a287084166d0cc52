// SPDX-License-Identifier: MIT
// Every view in every state that it can be in: what accessibility checks and screenshots go through. The states are
// those of the controllers' own types, so a new one does not compile before it has an entry here.
import type { OutboxEvidence, OutboxKind, OutboxState, OutboxWhy, StorageReport } from "sfluv-field";
import type {
  Absences, AbsencesState, Asked, Ballot, BallotState, Contact, ContactState, Credentials, CredentialsState, Job, JobState, OutboxList, PayList, PayListState,
  ProposalFormState, ProposalGroup, ProposalList, ProposalListState, RewardsAccount, RewardsAccountState, Room, StepForm, StepFormState, StepKind, WorkGroup, WorkList, WorkListState,
} from "sfluv-field/controllers";
import type { CameraState } from "./camera.js";
import type { Language } from "./element.js";
import type { InstallState } from "./install.js";

import * as sample from "./samples.js";
import "./index.js";

interface States {
  absences: AbsencesState["phase"] | NonNullable<AbsencesState["done"]> | "nothing_held" | "saving" | "refused" | "foreseen";
  amount: "exact_underneath" | "whole" | "huge";
  ballot: BallotState["phase"] | "own" | "withdrawing" | "withdrawn" | "voted" | "counting" | "casting" | "refused" | "stale" | "approved" | "denied" | "expired";
  camera: CameraState;
  connection: "first" | "kept";
  contact: "never" | "heard" | "silence";
  credentials: CredentialsState["phase"] | "nothing" | "asking" | "asked" | "refused" | "stale";
  install: InstallState;
  outbox: "empty" | "waiting" | "all_kinds" | "paused" | "signed_out" | "imported" | "refused";
  pay: PayListState["phase"] | "nothing" | "stale" | "asking" | "refused";
  proposal_form: ProposalFormState["phase"] | ProposalFormState["kept"] | "all_kinds" | "refused_here" | "refused" | "unclear";
  proposals: ProposalListState["phase"] | "reading" | "stale" | "empty" | "no_role" | "voter" | `only_${ProposalGroup}`;
  receipt: OutboxEvidence;
  record: OutboxState;
  record_kind: OutboxKind;
  record_why: OutboxWhy;
  record_asked: NonNullable<Asked> | "refused";
  record_more: "progress" | "again" | "deadline" | "endangered" | "too_late" | "behind" | "stuck";
  rewards_account: "empty" | "checked" | "wrong" | "saving" | "saved" | "refused";
  sending: "running" | "paused" | "wifi" | "not_told";
  session: ContactState["last"] | "no_token";
  step: StepKind | "loading" | "missing" | "refused" | "acting" | "no_connection" | "released" | "release_queued" | "release_refused" | "foreseen" | "deadline_soon" | "deadline_over";
  step_form: StepFormState["phase"] | StepFormState["kept"] | "restored" | "refused" | "answered" | "photos_on_their_way" | "photo_refused" | "option_asks" | "not_possible";
  storage: StorageReport["level"] | "loading" | "broken";
  work_list: WorkListState["phase"] | "reading" | "stale" | "empty" | `only_${WorkGroup}`;
}

export type View = keyof States;
/** Makes the element of one state; nothing in it reaches a network, a disk or a camera. */
type Entry = () => HTMLElement;
type Registry = { [Name in View]: Record<States[Name], Entry> };

/** The element of this tag with these properties. */
function make<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, properties: Partial<HTMLElementTagNameMap[Tag]>): HTMLElement {
  return Object.assign(document.createElement(tag), properties);
}

/** One entry for each name. */
function each<Name extends string>(names: readonly Name[], entry: (name: Name) => HTMLElement): Record<Name, Entry> {
  return Object.fromEntries(names.map((name) => [name, () => entry(name)])) as Record<Name, Entry>;
}

/** All names of a union: one that is missing does not compile. */
const namesOf = <Name extends string>(all: Record<Name, true>): Name[] => Object.keys(all) as Name[];

const form = (change: Partial<StepFormState>) => () =>
  make("sfluv-step-form", { controller: sample.still<StepForm>({ ...sample.formState, ...change }, { step: sample.step, photoBytes: sample.photoBytes }) });
const step = (change: Partial<JobState>) =>
  make("sfluv-step", { controller: sample.still<Job>({ ...sample.jobState("claimable"), ...change }, { outbox: sample.outbox([]) }), stepId: sample.step.id, field: sample.field });
const outbox = (rows: OutboxList["state"]["rows"], change: Partial<OutboxList["state"]> = {}) => () =>
  make("sfluv-outbox", { controller: sample.outbox(rows, change) });
const record = (change: Parameters<typeof sample.row>[0], more: Partial<ReturnType<typeof sample.row>> = {}) =>
  make("sfluv-record", { row: { ...sample.row(change), ...more }, list: sample.outbox([]) });
const storage = (state: Room["state"]) => () => make("sfluv-storage", { controller: sample.still<Room>(state) });

const absences = (change: Partial<AbsencesState>) => () => make("sfluv-absences", { controller: sample.still<Absences>({ ...sample.absencesState, ...change }) });
const pay = (change: Partial<PayListState>) => () => make("sfluv-pay", { controller: sample.still<PayList>({ ...sample.payState, ...change }), field: sample.field });
const work = (change: Partial<WorkListState>) => () => make("sfluv-work-list", {
  controller: sample.still<WorkList>({ phase: "shown", rows: sample.workRows, readAtMs: sample.nowMs, issue: null, isReading: false, ...change }), field: sample.field,
});

const ownBallot = (change: Partial<BallotState>, asksToWithdraw = false) => () => Object.assign(make("sfluv-ballot", {
  controller: sample.still<Ballot>({ ...sample.ballotState, ...change }, { as: "proposer" }), field: sample.field,
}), { asksToWithdraw });
const ballot = (change: Partial<BallotState>) => () => make("sfluv-ballot", { controller: sample.still<Ballot>({ ...sample.ballotState, ...change }), field: sample.field });
const credentials = (change: Partial<CredentialsState>) => () =>
  make("sfluv-credentials", { controller: sample.still<Credentials>({ ...sample.credentialsState, ...change }), types: ["dpw_certified", "sfluv_verifier", "tree_pruner"] });
const proposal = (change: Partial<ProposalFormState>) => () =>
  make("sfluv-proposal-form", { controller: sample.proposalForm(change), field: sample.field });
const proposals = (change: Partial<ProposalListState>) => () => make("sfluv-proposals", {
  controller: sample.still<ProposalList>({ phase: "shown", rows: sample.proposalRows, mayPropose: true, mayVote: true, readAtMs: sample.nowMs, issue: null, isReading: false, ...change }),
  field: sample.field,
});
const rewards = (change: Partial<RewardsAccountState>) => () =>
  make("sfluv-rewards-account", { controller: sample.still<RewardsAccount>({ ...sample.rewardsState, ...change }) });

export const registry: Registry = {
  absences: {
    loading: absences({ phase: "loading" }),
    shown: absences({}),
    nothing_held: absences({ held: [], absences: [] }),
    saving: absences({ isSaving: true }),
    refused: absences({ issue: { code: "replacement_claimed", path: "", params: { workflow_id: "workflow_abc123" } } }),
    foreseen: absences({ foreseen: [{ code: "absence_overlap", path: "", params: { absence_id: "absence_a" } }] }),
    added: absences({ done: "added", released: 3, kept: 1 }),
    changed: absences({ done: "changed" }),
    removed: absences({ done: "removed" }),
    queued: absences({ done: "queued" }),
  },
  amount: {
    exact_underneath: () => make("sfluv-amount", { value: "100000000000000000000", field: sample.field }),
    whole: () => make("sfluv-amount", { value: "50", field: { formatAmount: (text) => ({ text, symbol: "SFLUV" }) } }),
    huge: () => make("sfluv-amount", { value: String(2n ** 256n - 1n), field: sample.field }),
  },
  ballot: {
    loading: ballot({ phase: "loading", workflow: null }),
    missing: ballot({ phase: "missing", workflow: null, issue: { code: "not_found", path: "", params: { what: "workflow" } } }),
    shown: ballot({}),
    voted: ballot({ workflow: sample.votedOn({ approve: 4, votes_cast: 4, my_decision: "approve" }) }),
    counting: ballot({ workflow: sample.votedOn({ approve: 4, deny: 2, votes_cast: 6, quorum_reached: true, finalize_at: Math.floor(Date.now() / 1000) + 61_271, my_decision: "deny" }) }),
    casting: ballot({ casting: "approve" }),
    own: ownBallot({}),
    withdrawing: ownBallot({ isWithdrawing: true }, true),
    withdrawn: ownBallot({ workflow: { ...sample.votedOn({}), status: "deleted" } }),
    refused: ballot({ refused: { code: "workflow_not_pending", path: "", params: { status: "expired" } } }),
    stale: ballot({ issue: { code: "server_unreachable", path: "", params: {} } }),
    approved: ballot({ workflow: { ...sample.votedOn({ approve: 6, votes_cast: 6, quorum_reached: true, decision: "approve" }), status: "approved" } }),
    denied: ballot({ workflow: { ...sample.votedOn({ deny: 6, votes_cast: 6, quorum_reached: true, decision: "deny" }), status: "rejected" } }),
    expired: ballot({ workflow: { ...sample.votedOn({}), status: "expired" } }),
  },
  camera: each(namesOf<CameraState>({ closed: true, opening: true, ready: true, taking: true, denied: true, none: true, failed: true }), (state) => {
    const camera = document.createElement("sfluv-camera");
    camera.aspect = "square";
    camera.show(state);
    return camera;
  }),
  connection: {
    first: () => make("sfluv-connection", {}),
    kept: () => make("sfluv-connection", { value: { apiBase: "https://api.sfluv.com", token: "secret", header: "Access-Token", profile: "live" }, account: sample.account }),
  },
  contact: {
    never: () => make("sfluv-contact", { controller: sample.still<Contact>({ heardMs: null, last: "nothing" }) }),
    heard: () => make("sfluv-contact", { controller: sample.still<Contact>({ heardMs: sample.nowMs, last: "answer" }) }),
    silence: () => make("sfluv-contact", { controller: sample.still<Contact>({ heardMs: sample.nowMs - 3 * 86_400_000, last: "silence" }) }),
  },
  credentials: {
    loading: credentials({ phase: "loading" }),
    shown: credentials({}),
    nothing: credentials({ requests: [] }),
    asking: credentials({ isAsking: true }),
    asked: credentials({ asked: "sfluv_verifier" }),
    refused: credentials({ refused: { code: "server_refused", path: "", params: { status: 409, operation: "credential-requests" } } }),
    stale: credentials({ issue: { code: "server_unreachable", path: "", params: {} } }),
  },
  install: each(namesOf<InstallState>({ nothing: true, offer: true, ios: true, ios_pending: true }), (state) => make("sfluv-install", { state })),
  outbox: {
    empty: outbox([]),
    waiting: outbox([sample.row({ id: "a" }), sample.row({ id: "b", step_title: "Inspection" })]),
    all_kinds: outbox([
      sample.row({ id: "a", state: "needs_fix", why: "rejected", server: { status: 400, text: "step has already been completed" } }),
      sample.row({ id: "b", step_title: "Inspection" }),
      sample.row({ id: "c", state: "delivered", receipt: sample.receipt }),
      sample.row({ id: "d", state: "discarded", due_ms: sample.nowMs }),
    ]),
    paused: outbox([sample.row({})], { status: { ...sample.status, state: "paused", why: "user", user: true } }),
    signed_out: outbox([sample.row({})], { status: { ...sample.status, state: "paused", why: "auth" } }),
    imported: outbox([sample.row({})], { imported: { imported: [sample.row({}).record], alreadyHere: ["a", "b"], refused: [{ name: "photos.zip", issue: { code: "record_damaged", path: "", params: { what: "record.bin" } } }] } }),
    refused: outbox([sample.row({})], { refused: { code: "storage_failed", path: "", params: { reason: "full" } } }),
  },
  pay: {
    loading: pay({ phase: "loading" }),
    shown: pay({ rows: [sample.payRow("done"), sample.payRow("payout_failed"), sample.payRow("payout_asked")] }),
    nothing: pay({ rows: [] }),
    stale: pay({ rows: [sample.payRow("done")], issue: { code: "server_unreachable", path: "", params: {} } }),
    asking: pay({ rows: [sample.payRow("payout_failed", { isAsking: true })] }),
    refused: pay({ rows: [sample.payRow("payout_failed", { refused: { code: "no_failed_payout", path: "", params: {} } })] }),
  },
  proposal_form: {
    loading: proposal({ phase: "loading" }),
    filling: proposal({}),
    sending: proposal({ phase: "sending" }),
    sent: proposal({ phase: "sent" }),
    untouched: proposal({ kept: "untouched" }),
    keeping: proposal({ kept: "keeping" }),
    kept: proposal({ kept: "kept" }),
    not_kept: proposal({ kept: "not_kept", keptIssue: { code: "storage_failed", path: "", params: { reason: "full" } } }),
    all_kinds: proposal({ draft: sample.wholeProposal }),
    refused_here: proposal(sample.refusedProposal),
    refused: proposal({ refused: { code: "proposer_not_approved", path: "", params: {} } }),
    unclear: proposal({ isUnclear: true, refused: { code: "proposal_unclear", path: "", params: {} } }),
  },
  proposals: {
    loading: proposals({ phase: "loading" }),
    shown: proposals({}),
    reading: proposals({ isReading: true }),
    stale: proposals({ issue: { code: "server_unreachable", path: "", params: {} } }),
    empty: proposals({ rows: [] }),
    no_role: proposals({ rows: [], mayPropose: false, mayVote: false }),
    voter: proposals({ rows: sample.proposalRows.filter(({ group }) => group === "open"), mayPropose: false }),
    ...each(namesOf<`only_${ProposalGroup}`>({ only_begun: true, only_open: true, only_mine: true }), (name) =>
      proposals({ rows: sample.proposalRows.filter(({ group }) => `only_${group}` === name) })()),
  },
  receipt: each(namesOf<OutboxEvidence>({ strong: true, medium: true, blind: true, state: true }), (evidence) =>
    make("sfluv-receipt", { record: sample.row({ state: "delivered", receipt: { ...sample.receipt, evidence } }).record, account: sample.account })),
  record: each(namesOf<OutboxState>({
    queued: true, waiting: true, probing: true, staging: true, sending: true, unknown: true, reconciling: true, needs_fix: true, needs_user: true,
    delivered: true, quarantined: true, discarded: true, pruned: true,
  }), (state) => record({ state, receipt: state === "delivered" || state === "pruned" ? sample.receipt : null })),
  record_kind: each(namesOf<OutboxKind>({
    complete: true, start: true, claim: true, unclaim: true, absence_create: true, absence_update: true, absence_delete: true,
  }), (kind) => record({ kind, photos: 0, bytes: 0, absent_from: "2024-05-03", absent_until: "2024-05-05" })),
  record_why: each(namesOf<OutboxWhy>({
    none: true, unreachable: true, unreadable: true, auth: true, server_busy: true, server_error: true, interrupted: true, locked: true,
    quiet: true, store: true, rejected: true, too_large: true, refused: true, conflict: true, not_mine: true, closed: true, gone: true, policy: true,
    missed: true, lost: true, photo_missing: true, photo_damaged: true, taken_back: true, user: true, metered: true,
    no_staging: true,
  }), (why) => record({ state: sample.stateOfWhy(why), why, server: { status: 400, text: "photo evidence is required" } })),
  record_asked: {
    trying: () => record({}, { asked: "trying" }),
    tried: () => record({}, { asked: "tried" }),
    refused: () => record({}, { refused: { code: "record_event_refused", path: "", params: {} } }),
  },
  record_more: {
    progress: () => record({ state: "sending", attempts: 1 }, { progress: { sentBytes: 600_000, totalBytes: 1_600_000, photosSent: 0 } }),
    again: () => record({ state: "sending", attempts: 3 }, { progress: { sentBytes: 900_000, totalBytes: 1_600_000, photosSent: 1 } }),
    deadline: () => record({ deadline_ms: sample.farMs }),
    endangered: () => record({ deadline_ms: sample.farMs }, { isEndangered: true }),
    too_late: () => record({ deadline_ms: sample.nowMs }),
    behind: () => record({}, { isBehind: true }),
    stuck: () => record({ state: "waiting", why: "server_error", attempts: 7, stuck: true }),
  },
  rewards_account: {
    empty: rewards({}),
    checked: rewards({ typed: sample.address.toLowerCase(), address: sample.address }),
    wrong: rewards({ typed: "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", issue: { code: "address_checksum_wrong", path: "/primary_rewards_account", params: { value: "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed" } } }),
    saving: rewards({ typed: sample.address, address: sample.address, isSaving: true }),
    saved: rewards({ typed: sample.address, address: sample.address, saved: sample.address }),
    refused: rewards({ typed: sample.address, address: sample.address, refused: { code: "server_unreachable", path: "", params: {} } }),
  },
  sending: {
    running: () => make("sfluv-sending", { controller: sample.outbox([]) }),
    paused: () => make("sfluv-sending", { controller: sample.outbox([], { status: { ...sample.status, state: "paused", why: "user", user: true } }) }),
    wifi: () => make("sfluv-sending", { controller: sample.outbox([], { status: { ...sample.status, wifiOnly: true } }) }),
    not_told: () => make("sfluv-sending", { controller: sample.outbox([], { refused: { code: "network_not_told", path: "", params: {} } }) }),
  },
  session: {
    ...each(namesOf<ContactState["last"]>({ nothing: true, answer: true, silence: true, portal: true, signed_out: true, policy: true }),
      (last) => make("sfluv-session", { controller: sample.still<Contact>({ heardMs: sample.nowMs, last }) })),
    no_token: () => make("sfluv-session", { signedOut: true }),
  },
  step: {
    ...each(namesOf<StepKind>({
      claimable: true, wished: true, to_start: true, fill: true, queued: true, locked: true, of_other: true, closed: true, done: true,
      payout_failed: true, payout_asked: true, paid_out: true,
    }), (kind) => step(sample.jobState(kind))),
    loading: () => step({ phase: "loading", workflow: null, steps: [] }),
    missing: () => step({ phase: "missing", workflow: null, steps: [], issue: { code: "server_unreachable", path: "", params: {} } }),
    no_connection: () => step({ refused: { action: "claim", stepId: sample.step.id, issue: { code: "server_unreachable", path: "", params: {} } } }),
    foreseen: () => step({ steps: sample.jobState("claimable").steps.map((one) => ({ ...one, foreseen: { code: "missing_credentials", path: "", params: { credential: "dpw_certified" } } })) }),
    deadline_soon: () => step({ ...sample.jobState("to_start"), deadlineMs: Date.now() + 3_600_000 }),
    deadline_over: () => step({ ...sample.jobState("to_start"), deadlineMs: sample.nowMs }),
    released: () => step({ ...sample.jobState("to_start"), released: { stepId: sample.step.id, released: 3, kept: 1 } }),
    release_queued: () => step({ ...sample.jobState("to_start"), released: "queued" }),
    release_refused: () => step({ ...sample.jobState("to_start"), refused: { action: "unclaim", stepId: sample.step.id, issue: { code: "nothing_releasable", path: "", params: {} } } }),
    acting: () => step({ acting: { action: "claim", stepId: sample.step.id } }),
    refused: () => step({ refused: { action: "claim", stepId: sample.step.id, issue: { code: "missing_credentials", path: "", params: { credential: "dpw_certified" } } } }),
  },
  step_form: {
    loading: form({ phase: "loading", items: [] }),
    filling: form({}),
    sealing: form({ phase: "sealing" }),
    sealed: form({ phase: "sealed" }),
    untouched: form({ kept: "untouched" }),
    keeping: form({ kept: "keeping" }),
    kept: form({ kept: "kept" }),
    not_kept: form({ kept: "not_kept", keptIssue: { code: "storage_failed", path: "", params: { reason: "full" } } }),
    restored: form({ restored: true, items: sample.answeredItems }),
    refused: form(sample.refusedForm),
    answered: form({ items: sample.answeredItems, done: 4, kept: "kept" }),
    photos_on_their_way: form({ items: sample.itemsWithWork }),
    photo_refused: form({ items: sample.itemsWithTrouble }),
    option_asks: form({ items: sample.itemsWithOption }),
    not_possible: form({ notPossible: "", notPossibleIssue: { code: "not_possible_details_required", path: "/step_not_possible_details", params: {} } }),
  },
  storage: {
    ok: storage({ broken: null, report: sample.room("ok") }),
    low: storage({ broken: null, report: sample.room("low") }),
    full: storage({ broken: null, report: sample.room("full") }),
    loading: storage({ broken: null, report: null }),
    broken: storage({ broken: { code: "storage_failed", path: "", params: { reason: "unavailable" } }, report: null }),
  },
  work_list: {
    loading: work({ phase: "loading" }),
    shown: work({}),
    reading: work({ isReading: true }),
    stale: work({ issue: { code: "signed_out", path: "", params: { status: 403 } } }),
    empty: work({ rows: [] }),
    ...each(namesOf<`only_${WorkGroup}`>({ only_begun: true, only_mine: true, only_open: true, only_others: true }), (name) =>
      work({ rows: sample.workRows.filter(({ group }) => `only_${group}` === name) })()),
  },
};

/** All entries, in a language. */
export function entriesOf(messages: Language): { view: View; state: string; make: () => HTMLElement }[] {
  return Object.entries(registry).flatMap(([view, states]) => Object.entries(states).map(([state, entry]) => ({
    view: view as View, state, make: () => Object.assign((entry as Entry)(), { messages }),
  })));
}
