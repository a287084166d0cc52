// SPDX-License-Identifier: MIT
// The app without a face: what a view of any framework shows, and what a person may do there.

export { notPossiblePlace } from "./form_places.js";
export type { FormPart, FormPlace, ItemAnswer, PhotoNote, PhotoSource } from "./form_places.js";
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
