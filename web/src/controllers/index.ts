// SPDX-License-Identifier: MIT
// The app without a face: what a view of any framework shows, and what a person may do there.

export { notPossiblePlace } from "./form_places.js";
export type { FormPart, FormPlace, ItemAnswer, PhotoNote } from "./form_places.js";
export { firstToDo, jobOf, stepKind } from "./job.js";
export type { Job, JobAction, JobOptions, JobState, StepKind, StepRecords } from "./job.js";
export type { PhotoWork } from "./photo_queue.js";
export { stepForm } from "./step_form.js";
export type { FormItem, StepForm, StepFormOptions, StepFormState } from "./step_form.js";
export type { Watched } from "./watched.js";
export { contactOf } from "./contact.js";
export type { Contact, ContactState } from "./contact.js";
export { may, moodOf, outboxList } from "./outbox_list.js";
export type { Asked, DraftPlace, OutboxList, OutboxListState, RecordMood, RecordRow } from "./outbox_list.js";
export { roomOf } from "./storage.js";
export type { Room, RoomState } from "./storage.js";
export { absencesOf } from "./absences.js";
export type { Absences, AbsencesState, HeldStep } from "./absences.js";
export { payList } from "./pay_list.js";
export type { PayList, PayListState, PayRow } from "./pay_list.js";
export { workList } from "./work_list.js";
export type { WorkGroup, WorkList, WorkListState, WorkRow } from "./work_list.js";
export { ballotOf } from "./ballot.js";
export type { Ballot, BallotState } from "./ballot.js";
export { credentialsOf } from "./credentials.js";
export type { Credentials, CredentialsState } from "./credentials.js";
export { proposalContextOf, proposalList } from "./proposal_list.js";
export type { ProposalGroup, ProposalList, ProposalListState, ProposalRow } from "./proposal_list.js";
export { newProposal, proposalForm } from "./proposal_form.js";
export type { ProposalForm, ProposalFormOptions, ProposalFormState } from "./proposal_form.js";
export { rewardsAccountOf } from "./rewards_account.js";
export type { RewardsAccount, RewardsAccountState } from "./rewards_account.js";
