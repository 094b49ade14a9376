// main.ts - the phone begins
import { createApp } from "vue";
import App from "./App.vue";
import { begin, sync } from "./state";
import { language, setLanguage } from "./texts";
import "./style.css";

setLanguage(language.value);
createApp(App).mount("#app");
void begin().then(sync);
if ("serviceWorker" in navigator && window.isSecureContext) void navigator.serviceWorker.register("/m/sw.js", { scope: "/m/" }).catch(() => undefined);
