import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";

/** The worker keeps every file of the build for days without a network: it learns their names here. */
const precache = (): Plugin => ({
  name: "precache",
  generateBundle(_options, bundle) {
    const files = Object.keys(bundle).filter((name) => name !== "sw.js" && name !== "index.html").concat("", "manifest.webmanifest", "icon-192.png", "icon-512.png");
    const worker = bundle["sw.js"];
    if (worker?.type === "chunk") worker.code = worker.code.replace("__FILES__", () => JSON.stringify(files.sort()));
  },
});

// Syntax down to chrome80, nothing inlined, no hosts but our own: as the console.
export default defineConfig({
  base: "/m/",
  plugins: [vue(), precache()],
  define: { __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
  build: {
    target: "chrome80",
    cssTarget: "chrome80",
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      input: { index: "index.html", sw: "src/sw.ts" },
      output: { entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
});
