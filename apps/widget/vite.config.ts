import { createRequire } from "node:module";
import { defineConfig } from "vite";
import { compressAssets } from "./compress-assets.ts";

const element = "attune-recommendations";

/** The file that runtime-web's engine starts; the element has to name it, since its scripts may be of another origin. */
const engineFile = createRequire(new URL("../../packages/runtime-web/package.json", import.meta.url)).resolve(
  "onnxruntime-web/ort-wasm-simd-threaded.wasm",
);

/**
 * One build for everything that runs in the page: the demo, the parity page and the element as a file of its own.
 * Not Vite's library mode: that would inline the worker and the 14 MB wasm into the script.
 */
export default defineConfig({
  base: "./",
  plugins: [compressAssets()],
  // Workspace packages are bundled from their sources.
  resolve: {
    conditions: ["@attune/source", "module", "browser", "development|production"],
    alias: [{ find: /^virtual:engine\.wasm(?=\?)/, replacement: engineFile }],
  },
  build: {
    target: "es2022",
    // No inline script and no data URLs: the pages run under a strict Content-Security-Policy.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: { index: "index.html", parity: "parity.html", [element]: "src/index.ts" },
      // The element's file keeps what it exports.
      preserveEntrySignatures: "exports-only",
      output: {
        entryFileNames: ({ name }) => (name === element ? "[name].js" : "assets/[name]-[hash].js"),
      },
    },
  },
  worker: { format: "es" },
  server: { proxy: { "/v1": "http://127.0.0.1:8080", "/artifact": "http://127.0.0.1:8080" } },
});
