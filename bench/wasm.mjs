// wasm.mjs VERIFY.html DIR ROWS: Debian's chromium opens the offline verifier, is given the five files of DIR, and says how
// long the draw took to run again (core) and how long a person waits, reading the files included (page). The best of RUNS.
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const NAMES = ["roster.tsv", "draw.txt", "lock.txt", "reveal.json", "result.txt"];
const [page_file, dir, rows] = process.argv.slice(2);
const { chromium } = createRequire(new URL("../tests/e2e/package.json", import.meta.url))("playwright-core");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const best = { core: Infinity, page: Infinity };
try {
  for (let run = 0; run < Number(process.env.RUNS ?? 2); run++) {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(path.resolve(page_file)).href);
    const start = performance.now();
    await page.locator("#files").setInputFiles(NAMES.map((name) => path.join(dir, name)));
    await page.locator(".verdict").waitFor({ timeout: 300000 });
    best.page = Math.min(best.page, (performance.now() - start) / 1000);
    if ((await page.locator(".verdict.good").count()) !== 1) throw new Error(await page.locator(".verdict").innerText());
    const facts = await page.locator("#outcome").innerText();
    best.core = Math.min(best.core, Number(/([0-9.]+) s\b/.exec(facts)[1]));
    await page.close();
  }
} finally {
  await browser.close();
}
console.log(`bench=wasm rows=${rows} core_seconds=${best.core.toFixed(2)} page_seconds=${best.page.toFixed(2)}`);
