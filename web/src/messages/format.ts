// SPDX-License-Identifier: MIT

import { numberFormat, pluralRules } from "../intl.js";
import type { Issue, OutboxRecord } from "../types.js";
import type { Message, Messages, Plural } from "./types.js";

/** A sentence with its `{params}`, numbers the way of the language; of a plural, the one for `{count}`. */
export function formatText(
  sentence: Message | Plural, messages: Pick<Messages, "locale">, params: Record<string, string | number> = {},
): string {
  const message = typeof sentence === "string" ? sentence : sentence[categoryOf(Number(params["count"]), messages.locale)] ?? sentence.other;
  return fill(message, params, messages.locale);
}

function categoryOf(count: number, locale: string): Intl.LDMLPluralRule {
  return pluralRules(locale).select(count);
}

/** The sentence for an issue, with its numbers written the way of the language. */
export function formatIssue(issue: Pick<Issue, "code" | "params">, messages: Messages): string {
  return fill(own(messages.issues, issue.code) ?? messages.unknown, { code: issue.code, ...issue.params }, messages.locale);
}

/** The sentences for a queued submission: its state, and why where there is something to say. */
export function formatOutbox(
  record: Pick<OutboxRecord, "state" | "why" | "server" | "receipt">, messages: Messages,
): { state: string; why: string } {
  const { states, whys, evidence } = messages.outbox;
  const params = { code: record.state, status: record.server?.status ?? "", text: record.server?.text ?? "" };
  const why = record.receipt ? own(evidence, record.receipt.evidence) : own(whys, record.why) ?? own(messages.issues, record.why);
  return {
    state: fill(own(states, record.state) ?? messages.unknown, params, messages.locale),
    why: fill(why ?? "", params, messages.locale).trim(),
  };
}

// Names come from data: `constructor` is not a sentence.
function own(sentences: Record<string, Message>, name: string): Message | undefined {
  return Object.hasOwn(sentences, name) ? sentences[name] : undefined;
}

function fill(message: Message, params: Record<string, string | number>, locale: string): string {
  return message.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    return typeof value === "number" ? numberText(name, value, locale) : value ?? "";
  });
}

/** Units are last in the names of parameters: `bytes_max` is shown as megabytes. */
function numberText(name: string, value: number, locale: string): string {
  const isSize = /^bytes(_|$)|_bytes(_|$)/.test(name);
  if (!isSize) return numberFormat(locale).format(value);
  const format = { style: "unit", maximumSignificantDigits: 3 } as const;
  if (value < 1_000_000) return numberFormat(locale, { ...format, unit: "kilobyte" }).format(value / 1_000);
  return numberFormat(locale, { ...format, unit: "megabyte" }).format(value / 1_000_000);
}
