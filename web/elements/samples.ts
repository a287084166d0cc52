// SPDX-License-Identifier: MIT
// "Weekly Park Cleanup" of the documents in every state, for the registry. Nothing here moves.
import type {
  Field, Issue, OutboxAction, OutboxRecord, OutboxStatus, OutboxWhy, ProposalDraft, StorageReport, Workflow, WorkflowStep, WorkflowVotes, WorkflowWorkItem,
} from "sfluv-field";
import type {
  AbsencesState, BallotState, CredentialsState, FormItem, JobState, OutboxList, PayListState, PayRow, PhotoNote, ProposalForm, ProposalFormState, ProposalGroup, ProposalRow,
  RecordRow,
  RewardsAccountState, StepFormState, StepKind, Watched, WorkGroup, WorkRow,
} from "sfluv-field/controllers";
import { moodOf } from "sfluv-field/controllers";

export const nowMs = Date.parse("2024-03-15T14:02:00Z");
/** Far enough ahead for every run of this. */
export const farMs = Date.parse("2199-03-22T10:00:00Z");
export const account = "did:privy:improver789";

/** A controller that stands still: its state is given, its commands do nothing. */
export function still<Controller extends Watched<unknown>>(state: Controller["state"], more: Partial<Controller> = {}): Controller {
  const standing = { state, watch: () => () => {}, close: () => {}, ...more };
  return new Proxy(standing, {
    // Lit asks every value for marks of its own, and finds none.
    get: (target, name) => (name in target ? Reflect.get(target, name) : /^[a-z]/.test(String(name)) ? async () => undefined : undefined),
  }) as unknown as Controller;
}

function item(n: number, title: string, description: string, change: Partial<WorkflowWorkItem>): WorkflowWorkItem {
  return {
    id: `item_${n}`, step_id: "step_ghi789", item_order: n, title, description, optional: false, requires_photo: false,
    camera_capture_only: false, photo_required_count: 1, photo_allow_any_count: false, photo_aspect_ratio: "square",
    requires_written_response: false, requires_dropdown: false, dropdown_options: [], dropdown_requires_written_response: {}, ...change,
  };
}

const option = (value: string, label: string, asksText = false) => ({ value, label, requires_written_response: asksText });

const workItems: WorkflowWorkItem[] = [
  item(1, "Before Photo", "Take photo of area before cleanup", { requires_photo: true, camera_capture_only: true }),
  item(2, "After Photo", "Take photo of area after cleanup", { requires_photo: true, camera_capture_only: true, photo_aspect_ratio: "horizontal" }),
  item(3, "Notes", "What did you find and do?", { requires_written_response: true }),
  item(4, "Outcome", "How did it go?", {
    requires_dropdown: true, dropdown_requires_written_response: { partially_completed: true },
    dropdown_options: [option("completed_successfully", "Completed successfully"), option("partially_completed", "Partially completed", true)],
  }),
  item(5, "Weather", "", {
    optional: true, requires_dropdown: true,
    dropdown_options: ["Sun", "Cloud", "Rain", "Fog", "Wind", "Storm", "Hail"].map((label) => option(label.toLowerCase(), label)),
  }),
  item(6, "More Photos", "Anything else worth showing", { optional: true, requires_photo: true, photo_allow_any_count: true, photo_aspect_ratio: "vertical" }),
];

export const step: WorkflowStep = {
  id: "step_ghi789", workflow_id: "workflow_abc123", step_order: 1, title: "Litter Collection", description: "Collect all visible litter",
  bounty: "100000000000000000000", allow_step_not_possible: true, role_id: "role_def456", status: "available", work_items: workItems,
};
const inspection: WorkflowStep = { ...step, id: "step_xyz999", step_order: 2, title: "Inspection", description: "Walk the area once more", bounty: "0", status: "locked" };

export const workflow: Workflow = {
  id: "workflow_abc123", series_id: "series_xyz789", proposer_id: "did:privy:proposer456", title: "Weekly Park Cleanup",
  description: "Remove litter and maintain park grounds", recurrence: "weekly", start_at: 1710496800, status: "in_progress",
  is_start_blocked: false, total_bounty: "150000000000000000000", weekly_bounty_requirement: "150000000000000000000",
  supervisor_required: true, supervisor_user_id: "did:privy:supervisor123", supervisor_bounty: "50000000000000000000",
  created_at: 1710410400, updated_at: 1710496800,
  roles: [{ id: "role_def456", workflow_id: "workflow_abc123", title: "Park Cleaner", required_credentials: ["dpw_certified"] }],
  steps: [step, inspection],
};

export const receipt: NonNullable<OutboxRecord["receipt"]> = { submission_id: "submission_mno345", evidence: "strong", at_ms: nowMs };

export function row(change: Partial<OutboxRecord>): RecordRow {
  const record: OutboxRecord = {
    id: "record", kind: "complete", state: "queued", why: "none", workflow_id: workflow.id, step_id: step.id, workflow_title: workflow.title,
    step_title: step.title, created_ms: nowMs - 600_000, due_ms: 0, deadline_ms: 0, attempts: 0, stuck: false, photos: 2, bytes: 1_600_000,
    server: null, receipt: null, may: mayOf[change.state ?? "queued"] ?? [], ...change,
  };
  const isBusy = ["probing", "staging", "sending", "reconciling"].includes(record.state);
  return { record, mood: moodOf(record), isBusy, progress: null, isEndangered: false, isBehind: false, asked: null, refused: null };
}

const mayOf: Record<string, OutboxAction[]> = {
  queued: ["retry", "take_back", "discard"], waiting: ["retry", "take_back", "discard"], unknown: ["retry"], needs_fix: ["revise", "retry", "discard"],
  needs_user: ["retry", "discard"], quarantined: ["discard"], discarded: ["undo"], delivered: ["prune"],
};

export const status: OutboxStatus = {
  state: "running", why: "none", until_ms: 0, contact_ms: nowMs, user: false, metered: false, undelivered: 1, endangered: [], behind: [],
  wifiOnly: false, isLocked: false,
};

export const outbox = (rows: RecordRow[], change: Partial<OutboxList["state"]> = {}): OutboxList =>
  still<OutboxList>({ rows, status, imported: null, refused: null, ...change }, {
    photosOf: () => [{ key: "a", content_type: "image/jpeg", size_bytes: 1, sha256: "" }, { key: "b", content_type: "image/jpeg", size_bytes: 1, sha256: "" }],
    photoBytes,
  });

/** Enough of a field for views that make something of it themselves. */
export const field = {
  account, formatAmount: (amount: string) => ({ text: amount === "0" ? "0" : String(BigInt(amount) / 10n ** 18n), symbol: "SFLUV" }), checkCompletion: () => ({ accepted: false, issues: [], normalized: null }),
  drafts: { get: async () => undefined, save: async () => ({ ok: true, value: undefined }), remove: async () => {}, list: async () => [] },
  outbox: Object.assign(new EventTarget(), { records: () => [], status: () => status }),
  photos: { get: async () => undefined, remove: async () => {}, save: async () => undefined },
} as unknown as Field;

const whysOfHelp: OutboxWhy[] = ["refused", "conflict", "not_mine", "closed", "gone", "too_large", "missed", "lost"];
const whysOfDamage: OutboxWhy[] = ["photo_missing", "photo_damaged"];
export const stateOfWhy = (why: OutboxWhy): OutboxRecord["state"] =>
  why === "rejected" ? "needs_fix" : whysOfDamage.includes(why) ? "quarantined" : whysOfHelp.includes(why) ? "needs_user" : why === "quiet" ? "unknown" : why === "taken_back" ? "pruned" : "waiting";

const stepOf: Record<StepKind, Partial<WorkflowStep>> = {
  claimable: {}, wished: {}, to_start: { assigned_improver_id: account }, fill: { assigned_improver_id: account, status: "in_progress" },
  queued: { assigned_improver_id: account, status: "in_progress" }, locked: { status: "locked" },
  of_other: { assigned_improver_id: "did:privy:other", assigned_improver_name: "Jane Smith" }, closed: {},
  done: { status: "completed", completed_at: 1710501500 }, payout_failed: { status: "completed", payout_error: "insufficient balance in faucet" },
  payout_asked: { status: "completed" }, paid_out: { status: "paid_out" },
};

export function jobState(kind: StepKind): JobState {
  return {
    phase: "shown", workflow: kind === "closed" ? { ...workflow, status: "skipped" } : workflow, from: "server", readAtMs: nowMs, issue: null,
    steps: [
      { step: { ...step, ...stepOf[kind] }, kind, row: kind === "queued" ? row({}) : kind === "wished" ? row({ kind: "claim", photos: 0, bytes: 0 }) : null, foreseen: null },
      { step: inspection, kind: "locked", row: null, foreseen: null },
    ],
    deadlineMs: farMs,
    acting: null, refused: null, released: null,
  };
}

export const workRow = (group: WorkGroup, change: Partial<WorkRow> = {}): WorkRow => ({
  group, workflow, stepId: step.id, stepTitle: step.title, pays: step.bounty, hasDraft: group === "begun", reason: null, ...change,
});
export const workRows: WorkRow[] = [
  workRow("begun"),
  workRow("mine", { workflow: { ...workflow, id: "workflow_b", title: "Daily Plant Watering", recurrence: "daily", start_at: farMs / 1000 }, stepTitle: "Water the east beds", pays: "25000000000000000000" }),
  workRow("open", { workflow: { ...workflow, id: "workflow_c", title: "Mural Repair", recurrence: "one_time" }, stepTitle: "Clean the wall" }),
  workRow("open", { workflow: { ...workflow, id: "workflow_d", title: "Tree Survey", recurrence: "monthly", steps: [] }, stepId: "", stepTitle: "" }),
  workRow("others", { workflow: { ...workflow, id: "workflow_e", title: "Bridge Painting" }, reason: { code: "missing_credentials", path: "", params: { credential: "dpw_certified" } } }),
  workRow("others", { workflow: { ...workflow, id: "workflow_f", title: "Fountain" }, stepId: "", stepTitle: "", reason: { code: "workflow_not_active", path: "", params: { status: "blocked" } } }),
];

export const payRow = (kind: PayRow["kind"], change: Partial<PayRow> = {}): PayRow => ({
  workflow, kind, isAsking: false, refused: null, ...change,
  step: { ...step, id: `step_${kind}`, status: "completed", completed_at: 1710501500, ...(kind !== "done" && { payout_error: "insufficient balance in faucet", payout_last_try_at: 1710501500 }) },
});
export const payState: PayListState = { phase: "shown", rows: [], total: "200000000000000000000", readAtMs: nowMs, issue: null };

export const absencesState: AbsencesState = {
  phase: "shown", held: [{ seriesId: workflow.series_id, stepOrder: 1, title: `${workflow.title} · ${step.title}` }], foreseen: [], isSaving: false, issue: null,
  done: null, released: 0, kept: 0,
  absences: [{ id: "absence_a", improver_id: account, series_id: workflow.series_id, step_order: 1, absent_from: 1710892800, absent_until: 1711152000, created_at: 0, updated_at: 0 }],
};

/** Ten may vote. */
export const votedOn = (change: Partial<WorkflowVotes>): Workflow => ({
  ...workflow, status: "pending", start_at: farMs / 1000,
  votes: { approve: 2, deny: 1, votes_cast: 3, total_voters: 10, quorum_reached: false, quorum_threshold: 5, my_decision: null, ...change },
});
export const ballotState: BallotState = {
  phase: "shown", workflow: votedOn({}), issue: null, readAtMs: nowMs, casting: null, isWithdrawing: false, refused: null,
};

const proposalRow = (group: ProposalGroup, change: Partial<ProposalRow>): ProposalRow => ({
  group, id: `${group}_${change.title ?? ""}`, title: workflow.title, recurrence: "weekly", pays: workflow.total_bounty, status: "pending",
  votes: votedOn({}).votes ?? null, isUnclear: false, ...change,
});
export const proposalRows: ProposalRow[] = [
  proposalRow("begun", { title: "Paint the benches of the east lawn", recurrence: "one_time", pays: null, status: "", votes: null }),
  proposalRow("begun", { title: "", recurrence: "one_time", pays: null, status: "", votes: null, isUnclear: true }),
  proposalRow("open", {}),
  proposalRow("open", { title: "Mural Repair", recurrence: "one_time", votes: votedOn({ approve: 4, my_decision: "approve" }).votes ?? null }),
  proposalRow("mine", { title: "Daily Plant Watering", recurrence: "daily" }),
  proposalRow("mine", { title: "Tree Survey", recurrence: "monthly", status: "approved" }),
  proposalRow("mine", { title: "Fountain in Gold", recurrence: "one_time", status: "rejected" }),
];

export const credentialsState: CredentialsState = {
  phase: "shown", isAsking: false, issue: null, refused: null, asked: null,
  requests: (["pending", "approved", "rejected"] as const).map((said, n) => ({
    id: said, user_id: account, credential_type: ["sfluv_verifier", "dpw_certified", "tree_pruner"][n]!, status: said, requested_at: "2024-03-14T09:30:00Z", resolved_at: "",
  })),
};

export const address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
export const rewardsState: RewardsAccountState = { typed: "", address: null, issue: null, isSaving: false, refused: null, saved: null };

const proposal: ProposalDraft = {
  title: "Weekly Park Cleanup", description: "Remove litter and maintain park grounds", recurrence: "weekly", start_at: "2199-03-15T10:00:00Z",
  supervisor: { user_id: "did:privy:supervisor123", bounty: "50000000000000000000" },
  roles: [{ client_id: "role-1", title: "Park Cleaner", required_credentials: ["dpw_certified"] }],
  steps: [{
    title: "Litter Collection", description: "Collect all visible litter", bounty: "100000000000000000000", role_client_id: "role-1",
    work_items: [{ title: "Before Photo", requires_photo: true, camera_capture_only: true, photo_aspect_ratio: "square" }],
  }],
};
export const wholeProposal: ProposalDraft = {
  ...proposal,
  roles: [...proposal.roles, { client_id: "role-2", title: "Inspector", required_credentials: ["sfluv_verifier"] }],
  steps: [...proposal.steps, {
    title: "Inspection", bounty: "0", role_client_id: "role-2", allow_step_not_possible: true, work_items: [
      { title: "Outcome", requires_dropdown: true, dropdown_options: [
        { label: "All clean" }, { label: "Partly clean", requires_written_response: true, notify_emails: ["supervisor@example.org", "office@example.org"] },
      ] },
      { title: "More photos", optional: true, requires_photo: true, photo_allow_any_count: true, requires_written_response: true },
    ],
  }],
};
const wrong: Issue[] = [
  { code: "title_blank", path: "/title", params: {} }, { code: "start_missing", path: "/start_at", params: {} },
  { code: "role_credentials_missing", path: "/roles/0/required_credentials", params: {} }, { code: "bounty_invalid", path: "/steps/0/bounty", params: {} },
  { code: "item_requires_nothing", path: "/steps/0/work_items/0", params: {} },
];
export const refusedProposal: Partial<ProposalFormState> = {
  issues: wrong, summary: wrong, totals: null,
  draft: {
    ...proposal, title: "", start_at: "", roles: [{ ...proposal.roles[0]!, required_credentials: [] }],
    steps: [{ ...proposal.steps[0]!, bounty: "a lot", work_items: [{ title: "Before Photo" }] }],
  },
};
const proposalState: ProposalFormState = {
  phase: "filling", draft: proposal, kept: "kept", keptIssue: null, issues: [], summary: [], refusals: 0, refused: null, isUnclear: false, workflow: null,
  totals: { total_bounty: "150000000000000000000", weekly_bounty_requirement: "150000000000000000000" },
};
export function proposalForm(change: Partial<ProposalFormState>): ProposalForm {
  const state = { ...proposalState, ...change };
  return still<ProposalForm>(state, {
    context: { supervisors: [{ user_id: "did:privy:supervisor123", title: "DPW Supervisor" }, "did:privy:supervisor124"], credential_types: ["dpw_certified", "sfluv_verifier"] },
    payOf: (place) => {
      const at = place === "/supervisor/bounty" ? state.draft.supervisor?.bounty : state.draft.steps[Number(place.split("/")[2])]?.bounty;
      return { text: /^\d+$/.test(at ?? "") ? field.formatAmount(at!).text : (at ?? ""), isTyped: false };
    },
  });
}

const photo = (key: string, change: Partial<PhotoNote> = {}): PhotoNote => ({
  key, content_type: "image/jpeg", size_bytes: 594_000, sha256: "0".repeat(64), width_px: 1600, height_px: 1600,
  before: { format: "jpeg", size_bytes: 4_700_000, width_px: 4032, height_px: 3024 }, ms: 400, source: "camera_app", ...change,
});

function items(change: (item: WorkflowWorkItem) => Partial<FormItem>): FormItem[] {
  return workItems.map((item) => {
    const empty: FormItem = {
      item, answer: { choice: "", text: "", photos: [] }, cameraOnly: item.camera_capture_only, textForOption: false,
      parts: item.requires_dropdown ? ["dropdown_value"] : item.requires_photo ? ["photo_uploads"] : ["written_response"],
      wantsMany: item.photo_allow_any_count, working: [], trouble: null, issues: {},
    };
    return { ...empty, ...change(item) };
  });
}

export const formState: StepFormState = {
  phase: "filling", restored: false, kept: "untouched", keptIssue: null, items: items(() => ({})), notPossible: null, notPossibleIssue: null,
  done: 0, required: 4, summary: [], refusals: 0, at: "", record: null,
};

export const answeredItems = items(({ item_order }) => ({ answer: [
  { choice: "", text: "", photos: [photo("a")] },
  { choice: "", text: "", photos: [photo("b", { height_px: 1200, source: "page_camera", size_bytes: 412_000 })] },
  { choice: "", text: "Two bags of litter and one bicycle.", photos: [] },
  { choice: "completed_successfully", text: "", photos: [] },
  { choice: "fog", text: "", photos: [] },
  { choice: "", text: "", photos: [photo("c", { width_px: 1200, source: "files" }), photo("d", { width_px: 1200, source: "page_frame", size_bytes: 380_000 })] },
][item_order - 1]! }));

export const itemsWithWork = items(({ item_order }) => item_order === 6 ? {
  answer: { choice: "", text: "", photos: [photo("c", { width_px: 1200 })] },
  working: [{ id: 1, name: "a.jpg", sizeBytes: 4_700_000, stage: "saving" }, { id: 2, name: "b.jpg", sizeBytes: 5_100_000, stage: "shrinking" }, { id: 3, name: "c.jpg", sizeBytes: 3_900_000, stage: "waiting" }],
} : {});

export const itemsWithTrouble = items(({ item_order }) => item_order === 1
  ? { trouble: { name: "IMG_0042.HEIC", issue: { code: "photo_format_unsupported", path: "", params: { format: "heic" } } } } : {});

export const itemsWithOption = items(({ item_order }) => item_order === 4
  ? { answer: { choice: "partially_completed", text: "", photos: [] }, parts: ["dropdown_value", "written_response"], textForOption: true } : {});

const missing = (n: number, part: "photo_uploads" | "written_response" | "dropdown_value", code: "photo_wrong_count" | "written_missing" | "dropdown_missing") => ({
  place: { itemId: `item_${n}`, part }, issue: { code, path: `/items/${n - 1}/${part}`, params: { item_id: `item_${n}`, required: 1, given: 0 } },
});
const summary = [missing(1, "photo_uploads", "photo_wrong_count"), missing(2, "photo_uploads", "photo_wrong_count"), missing(3, "written_response", "written_missing"), missing(4, "dropdown_value", "dropdown_missing")];
export const refusedForm: Partial<StepFormState> = {
  summary, items: items(({ id }) => ({ issues: Object.fromEntries(summary.filter(({ place }) => place.itemId === id).map(({ place, issue }) => [place.part, issue])) })),
};

export const room = (level: StorageReport["level"]): StorageReport => ({
  level, ...{ ok: { usedBytes: 12e6, freeBytes: 2.1e9, photosLeft: 3100 }, low: { usedBytes: 850e6, freeBytes: 150e6, photosLeft: 40 }, full: { usedBytes: 980e6, freeBytes: 20e6, photosLeft: 0 } }[level],
  ownBytes: 9e6, isPersistent: level === "ok" ? true : level === "low" ? false : null,
});

/** A park in the afternoon, drawn here: no photo of a real place needs to travel with the source. */
export async function photoBytes(key: string): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = Object.assign(document.createElement("canvas"), { width: 400, height: 400 });
  const paint = canvas.getContext("2d")!;
  const sky = paint.createLinearGradient(0, 0, 0, 260);
  sky.addColorStop(0, "#7fb4d8");
  sky.addColorStop(1, "#f3e3cf");
  paint.fillStyle = sky;
  paint.fillRect(0, 0, 400, 400);
  for (const [n, colour] of ["#7a9c79", "#5d8560", "#406a48"].entries()) {
    paint.fillStyle = colour;
    paint.beginPath();
    paint.moveTo(0, 400);
    for (let x = 0; x <= 400; x += 8) paint.lineTo(x, 200 + n * 60 + Math.sin(x / (70 - n * 12) + n + key.charCodeAt(0)) * 24);
    paint.lineTo(400, 400);
    paint.fill();
  }
  const blob = await new Promise<Blob>((done) => canvas.toBlob((made) => done(made!), "image/jpeg", 0.8));
  return new Uint8Array(await blob.arrayBuffer());
}
