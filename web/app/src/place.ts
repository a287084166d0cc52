// SPDX-License-Identifier: MIT
// Which screen is shown: in the address, so that "back" works, and on the device, so that a phone that ended the page
// behind the camera comes back to where it was.
import { keep, kept } from "./kept.js";

const plainScreens = ["work", "outbox", "pay", "more", "absences", "credentials", "rewards", "proposals"] as const;

export type Place =
  | { screen: (typeof plainScreens)[number] }
  | { screen: "step"; workflowId: string; stepId?: string }
  | { screen: "receipt"; id: string }
  | { screen: "proposal"; draftId: string }
  | { screen: "ballot"; workflowId: string; as: "voter" | "proposer" };

/** Its screen and what that needs to know, in the order of the address. */
function partsOf(place: Place): string[] {
  switch (place.screen) {
    case "step": return [place.screen, place.workflowId, ...(place.stepId ? [place.stepId] : [])];
    case "receipt": return [place.screen, place.id];
    case "proposal": return [place.screen, place.draftId];
    case "ballot": return [place.screen, place.workflowId, place.as];
    default: return [place.screen];
  }
}

export const addressOf = (place: Place): string => `#/${partsOf(place).map(encodeURIComponent).join("/")}`;

export function placeOf(address: string): Place {
  const [screen, id, more] = address.replace(/^#\/?/, "").split("/").map(decodeSafely);
  if (screen === "step" && id) return { screen, workflowId: id, ...(more && { stepId: more }) };
  if (screen === "receipt" && id) return { screen, id };
  if (screen === "proposal" && id) return { screen, draftId: id };
  if (screen === "ballot" && id) return { screen, workflowId: id, as: more === "proposer" ? more : "voter" };
  return { screen: plainScreens.find((one) => one === screen) ?? "work" };
}

/** Where "back" leads; nowhere from the four doors. */
export function placeBefore({ screen }: Place): "work" | "outbox" | "more" | "proposals" | undefined {
  return ({
    step: "work", receipt: "outbox", absences: "more", credentials: "more", rewards: "more", proposals: "work", proposal: "proposals", ballot: "proposals",
  } as const)[screen as "step"];
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
