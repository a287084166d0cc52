// SPDX-License-Identifier: MIT
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";

import { contentSecurityPolicy } from "./content_security_policy.mjs";
import { iconPng } from "./icon.mjs";

/** The policy in the page itself, for hosts that send no headers. Not while developing: Vite's client injects styles. */
const policyInPage: Plugin = {
  name: "sfluv-content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy() }, injectTo: "head-prepend" },
  ],
};

const iconSizes = [192, 512];
const icons: Plugin = {
  name: "sfluv-icons",
  generateBundle() {
    for (const size of iconSizes) this.emitFile({ type: "asset", fileName: `icon-${size}.png`, source: iconPng(size) });
  },
  transformIndexHtml: () =>
    ["icon", "apple-touch-icon"].map(rel => ({ tag: "link", attrs: { rel, href: "./icon-192.png" }, injectTo: "head" as const })),
};

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: ["chrome111", "firefox115", "safari16.4"],
    assetsInlineLimit: 0,  // a data: address is against the policy
    modulePreload: { polyfill: false },
    sourcemap: true,
  },
  worker: { format: "es" },
  plugins: [
    policyInPage,
    icons,
    VitePWA({
      registerType: "prompt",
      injectRegister: false,
      manifest: {
        id: "./",
        name: "SFLUV field",
        short_name: "SFLUV field",
        description: "Do the work where there is no signal: checked, saved on this device, delivered once.",
        start_url: "./",
        scope: "./",
        display: "standalone",
        background_color: "#faf6f5",
        theme_color: "#faf6f5",
        icons: iconSizes.map(size => ({ src: `icon-${size}.png`, sizes: `${size}x${size}`, type: "image/png", purpose: "any maskable" })),
      },
      strategies: "injectManifest",
      srcDir: "src",
      filename: "sw.ts",
      injectManifest: {
        globPatterns: ["**/*.{html,js,css,wasm,png,webmanifest}"],
        maximumFileSizeToCacheInBytes: 8_000_000,
      },
    }),
  ],
});
