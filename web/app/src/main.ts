// SPDX-License-Identifier: MIT
import { openKept } from "./kept.js";
import { SettingsScreen } from "./settings.js";
import { FieldApp } from "./shell.js";

await openKept();
customElements.define("field-settings", SettingsScreen);
customElements.define("field-app", FieldApp);
const app = new FieldApp();
document.querySelector("#app")?.replaceWith(app);
await app.start();
