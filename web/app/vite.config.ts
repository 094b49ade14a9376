import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

// Government intranets run Chromium 81 to 86: syntax goes down to 80. No inlined files: the policy of the server
// (Content-Security-Policy) allows only our own.
export default defineConfig({
  base: "/app/",
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
  build: {
    target: "chrome80",
    cssTarget: "chrome80",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
});
