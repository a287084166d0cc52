// SPDX-License-Identifier: MIT
// What I have asked to be trusted with, and asking for more.

import type { Field } from "../field_types.js";
import type { CredentialRequest, Issue } from "../types.js";
import { controllerOf, held, type Watched } from "./watched.js";

export interface CredentialsState {
  phase: "loading" | "shown";
  requests: CredentialRequest[];
  isAsking: boolean;
  /** Why the list may be old. */
  issue: Issue | null;
  refused: Issue | null;
  /** The type that was asked for just now. */
  asked: string | null;
}

export interface Credentials extends Watched<CredentialsState> {
  refresh(): Promise<void>;
  ask(credentialType: string): Promise<void>;
}

export function credentialsOf(field: Pick<Field, "credentialRequests">): Credentials {
  const self = held<CredentialsState>({ phase: "loading", requests: [], isAsking: false, issue: null, refused: null, asked: null });
  const closing = new AbortController();

  async function refresh(): Promise<void> {
    const { signal } = closing;
    const read = await field.credentialRequests.list({ signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (!read) return;
    self.set({ phase: "shown", ...(read.ok ? { requests: read.value, issue: null } : { issue: read.issue }) });
  }
  void refresh();

  return controllerOf<Credentials>(self, {
    refresh,
    async ask(credentialType) {
      if (self.state.isAsking) return;
      self.set({ isAsking: true, refused: null, asked: null });
      const outcome = await field.credentialRequests.create(credentialType);
      self.set({ isAsking: false, ...(outcome.ok ? { asked: credentialType } : { refused: outcome.issue }) });
      if (outcome.ok) await refresh();
    },
  }, () => closing.abort());
}
