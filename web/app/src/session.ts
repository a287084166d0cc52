// SPDX-License-Identifier: MIT
// Where to work and as whom. Addresses are kept; the token lives in this tab only and in no record.

export interface Session {
  apiBase: string;
  workflowId: string;
  /** The user id in the token, remembered so that work goes on offline before the next sign-in. */
  account: string;
  token: string;
}

const settingsKey = "sfluv-field.session";
const tokenKey = "sfluv-field.token";

/** From the address (`#api=...&workflow=...&token=...`, taken out of it at once), else as last time. */
export function readSession(): Session {
  const given = new URLSearchParams(location.hash.slice(1));
  if (given.size > 0) history.replaceState(null, "", location.pathname + location.search);
  const kept = readKept();
  return withAccount({
    apiBase: given.get("api") ?? kept.apiBase ?? "",
    workflowId: given.get("workflow") ?? kept.workflowId ?? "",
    account: kept.account ?? "",
    token: given.get("token") ?? sessionStorage.getItem(tokenKey) ?? "",
  });
}

export function keepSession(session: Session): void {
  const { apiBase, workflowId, account, token } = session;
  localStorage.setItem(settingsKey, JSON.stringify({ apiBase, workflowId, account }));
  sessionStorage.setItem(tokenKey, token);
}

export const isComplete = (session: Session): boolean =>
  session.apiBase !== "" && session.workflowId !== "" && session.account !== "";

/** A token names its user (`sub`); the server alone can tell whether it is genuine. */
export function withAccount(session: Session): Session {
  const account = session.token ? userOf(session.token) : session.account;
  return { ...session, apiBase: session.apiBase.trim().replace(/\/+$/, ""), workflowId: session.workflowId.trim(), account };
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

function readKept(): Partial<Session> {
  try {
    return JSON.parse(localStorage.getItem(settingsKey) ?? "{}") as Partial<Session>;
  } catch {
    return {};
  }
}
