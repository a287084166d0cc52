// SPDX-License-Identifier: MIT
// Where to work and as whom. Settings are kept; the token lives in this tab only and in no record.
import type { Connection } from "sfluv-field/elements";

import { keep, kept } from "./kept.js";

export interface Session extends Connection {
  /** The user id in the token, remembered so that work goes on offline before the next sign-in. */
  account: string;
}

const tokenKey = "sfluv-field.token";

/**
 * What a link can carry, `#api=...&token=...&header=...&profile=...&workflow=...`, taken out of the address at once; for
 * proposers also `supervisor=` and `credential=`, each as often as there are some.
 */
export function readLink(): { session: Session; workflow: string | undefined; isSignIn: boolean } {
  const given = new URLSearchParams(isLink() ? location.hash.slice(1) : "");
  const tokenBefore = sessionStorage.getItem(tokenKey) ?? "";
  if (given.size > 0) history.replaceState(null, "", location.pathname + location.search);
  const told = { supervisors: given.getAll("supervisor"), credentials: given.getAll("credential") };
  if (told.supervisors.length + told.credentials.length > 0) keep("told", told);
  const before: Partial<Session> = kept("session") ?? {};
  const header = given.get("header") ?? before.header;
  const profile = given.get("profile") ?? before.profile;
  const session = withAccount({
    apiBase: given.get("api") ?? before.apiBase ?? "",
    header: header === "Access-Token" ? header : "Authorization",
    profile: profile === "live" ? profile : "documents",
    account: before.account ?? "",
    token: given.get("token") ?? tokenBefore,
  });
  return { session, workflow: given.get("workflow") ?? undefined, isSignIn: session.token !== tokenBefore };
}

/** Does the address carry a session, not a place? */
export const isLink = (): boolean => location.hash !== "" && !location.hash.startsWith("#/");

export function keepSession({ token, ...settings }: Session): void {
  keep("session", settings);
  sessionStorage.setItem(tokenKey, token);
}

export const isComplete = ({ apiBase, account }: Session): boolean => apiBase !== "" && account !== "";

/** A token names its user (`sub`); the server alone can tell whether it is genuine. */
export function withAccount(session: Session): Session {
  const account = session.token ? userOf(session.token) : session.account;
  return { ...session, apiBase: session.apiBase.trim().replace(/\/+$/, ""), account };
}

/** The header of each request, as the server wants it. */
export function headersOf({ header, token }: Session): Record<string, string> {
  if (!token) return {};
  return header === "Authorization" ? { Authorization: `Bearer ${token}` } : { "Access-Token": token };
}

function userOf(token: string): string {
  try {
    const claims = token.split(".")[1] ?? "";
    const bytes = Uint8Array.from(atob(claims.replace(/-/g, "+").replace(/_/g, "/")), digit => digit.charCodeAt(0));
    const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown };
    return typeof sub === "string" ? sub : "";
  } catch {
    return "";
  }
}
