// SPDX-License-Identifier: MIT

import type { IssueCode, OutboxEvidence, OutboxState, OutboxWhy } from "../types.js";

/** A sentence with `{params}` in it: what happened, and what to do next. */
export type Message = string;

/** A sentence for each plural category that the language has (`Intl.PluralRules`); `{count}` is the number. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, Message>> & { other: Message };

/** All sentences of one language; a code without one does not compile. */
export interface Messages {
  /** BCP 47, for numbers and for `lang=`. */
  locale: string;
  /** Has each sentence been read against the English one by somebody who speaks it well? */
  reviewed: boolean;
  issues: Record<IssueCode, Message>;
  outbox: {
    states: Record<OutboxState, Message>;
    /** `none` is empty. May name `{status}` and `{text}` of the server's answer. */
    whys: Record<OutboxWhy, Message>;
    evidence: Record<OutboxEvidence, Message>;
  };
  /** For a code of a newer version than these sentences. */
  unknown: Message;
}
