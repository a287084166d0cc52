// SPDX-License-Identifier: MIT
// Custom elements for any page: importing this defines them.

export { AbsencesElement } from "./absences.js";
export { AmountElement } from "./amount.js";
export { BallotElement } from "./ballot.js";
export { CameraElement } from "./camera.js";
export { ConnectionElement } from "./connection.js";
export type { Connection } from "./connection.js";
export { ContactElement } from "./contact.js";
export { CredentialsElement } from "./credentials.js";
export { ControlledElement, SfluvElement } from "./element.js";
export type { Language, Words } from "./element.js";
export * as icons from "./icons.js";
export { InstallElement, installState } from "./install.js";
export type { InstallState } from "./install.js";
export { OutboxElement } from "./outbox.js";
export { PayElement } from "./pay.js";
export { PhotosElement } from "./photos.js";
export { ProposalFormElement } from "./proposal_form.js";
export { ProposalsElement } from "./proposals.js";
export { ReceiptElement } from "./receipt.js";
export { RecordElement, receiptNumber } from "./record.js";
export { RewardsAccountElement } from "./rewards_account.js";
export { SendingElement } from "./sending.js";
export { SessionElement } from "./session.js";
export { StepElement } from "./step.js";
export { StepFormElement } from "./step_form.js";
export { StorageElement } from "./storage.js";
export { WorkListElement } from "./work_list.js";
export { base as baseStyles, controls as controlStyles, rows as rowStyles, tokens as tokenStyles } from "./theme.js";
