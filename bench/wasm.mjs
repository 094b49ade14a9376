// wasm.mjs VERIFY.html DIR ROWS: Debian's chromium opens the offline verifier, is given the five files of DIR, and says how
// long the draw took to run again (core) and how long a person waits, reading the files included (page), and what
// processor time all the browser's processes took for that (cpu). The best of RUNS.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const NAMES = ["roster.tsv", "draw.txt", "lock.txt", "reveal.json", "result.txt"];
const TICKS = 100; // of processor time a second
const [page_file, dir, rows] = process.argv.slice(2);

// Processor seconds of this process' descendants.
function descendants_cpu() {
  const of = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
      of.set(Number(pid), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // it ended meanwhile
    }
  }
  const mine = (pid) => pid === process.pid || (of.has(pid) && mine(of.get(pid).parent));
  return [...of].filter(([pid, p]) => pid !== process.pid && mine(p.parent)).reduce((sum, [, p]) => sum + p.ticks, 0) / TICKS;
}

const { chromium } = createRequire(new URL("../tests/e2e/package.json", import.meta.url))("playwright-core");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const best = { core: Infinity, page: Infinity, cpu: Infinity, threads: 0 };
try {
  for (let run = 0; run < Number(process.env.RUNS ?? 3); run++) {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(path.resolve(page_file)).href);
    const start = performance.now(), cpu = descendants_cpu();
    await page.locator("#files").setInputFiles(NAMES.map((name) => path.join(dir, name)));
    await page.locator(".verdict").waitFor({ timeout: 300000 });
    best.page = Math.min(best.page, (performance.now() - start) / 1000);
    best.cpu = Math.min(best.cpu, descendants_cpu() - cpu);
    if ((await page.locator(".verdict.good").count()) !== 1) throw new Error(await page.locator(".verdict").innerText());
    const facts = await page.locator("#outcome").innerText();
    best.core = Math.min(best.core, Number(/([0-9.]+) s\b/.exec(facts)[1]));
    best.threads = Number(/([0-9]+) 线程/.exec(facts)[1]);
    await page.close();
  }
} finally {
  await browser.close();
}
console.log(
  `bench=wasm rows=${rows} threads=${best.threads} core_seconds=${best.core.toFixed(2)} page_seconds=${best.page.toFixed(2)} ` +
    `cpu_seconds=${best.cpu.toFixed(2)} cpu_ns_per_row=${((best.cpu / rows) * 1e9).toFixed(0)}`,
);
