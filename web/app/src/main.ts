// SPDX-License-Identifier: MIT
import { loadRules } from "sfluv-field";
import { openKept } from "./kept.js";
import { ProposalScreens } from "./proposals.js";
import { SettingsScreen } from "./settings.js";
import { FieldApp } from "./shell.js";

// Meanwhile: the first screen needs both, and says itself when the rules cannot be had.
loadRules().catch(() => {});
await openKept();
customElements.define("field-settings", SettingsScreen);
customElements.define("field-proposals", ProposalScreens);
customElements.define("field-app", FieldApp);
const app = new FieldApp();
await app.start();
document.querySelector("#app")?.replaceWith(app);
