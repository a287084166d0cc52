// SPDX-License-Identifier: MIT
// Which screen is shown: in the address, so that "back" works, and on the device, so that a phone that ended the page
// behind the camera comes back to where it was.
import { keep, kept } from "./kept.js";

export type Place =
  | { screen: "work" } | { screen: "outbox" } | { screen: "pay" } | { screen: "more" } | { screen: "absences" }
  | { screen: "step"; workflowId: string; stepId?: string }
  | { screen: "receipt"; id: string };

export function addressOf(place: Place): string {
  if (place.screen === "receipt") return `#/receipt/${encodeURIComponent(place.id)}`;
  if (place.screen !== "step") return `#/${place.screen}`;
  return `#/${["step", place.workflowId, ...(place.stepId ? [place.stepId] : [])].map(encodeURIComponent).join("/")}`;
}

export function placeOf(address: string): Place {
  const [screen, id, stepId] = address.replace(/^#\/?/, "").split("/").map(decodeSafely);
  if (screen === "step" && id) return { screen, workflowId: id, ...(stepId && { stepId }) };
  if (screen === "receipt" && id) return { screen, id };
  return screen === "outbox" || screen === "pay" || screen === "more" || screen === "absences" ? { screen } : { screen: "work" };
}

/** Where the person was last, unless the address says where to go. */
export function firstPlace(): Place {
  return placeOf(location.hash || (kept("place") ?? ""));
}

export function go(place: Place, how: "push" | "replace" = "push"): void {
  const address = addressOf(place);
  if (location.hash !== address) history[how === "push" ? "pushState" : "replaceState"](null, "", address);
  keep("place", address);
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
