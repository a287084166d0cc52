// SPDX-License-Identifier: MIT
// web/dist: the wasm modules with their glue, then src, then messages and elements (which import the package by
// its own name), then the PWA. SFLUV_WASM names another folder of modules.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { minify } from "vite";

const web = fileURLToPath(new URL("..", import.meta.url));
const wasm = process.env.SFLUV_WASM ?? fileURLToPath(new URL("../../build/wasm/bin", import.meta.url));
// The photo module has no glue.
const glued = ["sfluv-rules", "sfluv-proposals"];
const parts = [...glued.flatMap((name) => [`${name}.js`, `${name}.d.ts`, `${name}.wasm`]), "sfluv-photo.wasm"];

function run(file, ...args) {
  execFileSync(process.execPath, [`${web}/node_modules/${file}`, ...args], { cwd: web, stdio: "inherit" });
}

const missing = parts.filter((name) => !existsSync(`${wasm}/${name}`));
if (missing.length > 0) {
  console.error(`build: ${missing.join(", ")} not built yet; run \`make wasm\` in the project's root`);
  process.exit(1);
}

rmSync(`${web}/dist`, { recursive: true, force: true });
mkdirSync(`${web}/dist/wasm`, { recursive: true });
for (const name of parts) copyFileSync(`${wasm}/${name}`, `${web}/dist/wasm/${name}`);
for (const name of glued) {
  // The glue as Emscripten writes it has long names: a third of what travels.
  const { code, errors } = await minify(`${name}.js`, readFileSync(`${wasm}/${name}.js`, "utf8"), { module: true });
  if (errors.length > 0) throw new Error(`build: ${name}.js: ${errors[0].message}`);
  writeFileSync(`${web}/dist/wasm/${name}.js`, code);
}
run("typescript/bin/tsc", "-p", "tsconfig.json");
run("typescript/bin/tsc", "-p", "tsconfig.messages.json");
run("typescript/bin/tsc", "-p", "tsconfig.elements.json");

// The tarball carries the project's own words and licence.
for (const name of ["LICENSE", "README.md"]) copyFileSync(`${web}/../${name}`, `${web}/${name}`);

if (!process.argv.includes("--package-only")) {
  execFileSync(process.execPath, [`${web}/node_modules/vite/bin/vite.js`, "build", "--logLevel", "warn"], {
    cwd: `${web}/app`, stdio: "inherit",
  });
}
