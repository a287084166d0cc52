// SPDX-License-Identifier: MIT
import { FieldApp } from "./shell.js";

customElements.define("field-app", FieldApp);
const app = new FieldApp();
document.querySelector("#app")?.replaceWith(app);
await app.start();
