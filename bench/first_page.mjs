// first_page.mjs - how soon the console can be used in Debian's chromium, nothing cached: from the address to the login form.
// MQ_BUILD_DIR names the build. Prints "office NAME VALUE UNIT" lines.
import { openWindow, startOffice } from "../tests/e2e/office.mjs";

const RUNS = Number(process.env.RUNS ?? 9);
const office = await startOffice(2000);
try {
  const took = [];
  let bytes = 0;
  for (let i = 0; i < RUNS; i++) {
    const page = await openWindow(office); // a context of its own: nothing is cached
    bytes = 0;
    page.on("response", (r) => { bytes += Number(r.headers()["content-length"] ?? 0); });
    const start = performance.now();
    await page.goto(`${office.address}/app/`, { waitUntil: "commit" });
    await page.getByRole("button", { name: "登录", exact: true }).waitFor();
    took.push(performance.now() - start);
    await page.context().close();
  }
  took.sort((a, b) => a - b);
  console.log("office first_page_best", took[0].toFixed(0), "ms");
  console.log("office first_page_median", took[Math.floor(RUNS / 2)].toFixed(0), "ms");
  console.log("office first_page_sent", (bytes / 1024).toFixed(0), "KB");
} finally {
  await office.stop();
}
