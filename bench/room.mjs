// room.mjs ADDRESS: is the page of the room (大屏) smooth while its targets appear? ADDRESS is that of a draw that was drawn,
// http://127.0.0.1:PORT/draws/411500-2026-0006/room/ ; `ROOM=1 bench/ceremony.sh` holds a ceremony of 5,000 and calls this.
// Chromium, 1920 by 1080, without a graphics card, presses "重放" and looks at every frame until all are shown: the time between
// two frames (a frame of 60 a second takes 16.7 ms), tasks above 50 ms, and what the page itself worked in each frame, which does
// not depend on what else the machine does. Prints "room NAME VALUE UNIT" lines.
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../tests/e2e/office.mjs", import.meta.url))("playwright-core");
const address = process.argv[2];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"] });
try {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: "zh-CN", reducedMotion: "no-preference" });
  const cdp = await page.context().newCDPSession(page);
  const metrics = async () => Object.fromEntries((await cdp.send("Performance.getMetrics")).metrics.map((m) => [m.name, m.value]));
  await cdp.send("Performance.enable");
  const opened = performance.now();
  await page.goto(address);
  const replay = page.getByRole("button", { name: "重放" });
  await replay.waitFor();
  console.log("room all_at_once", (performance.now() - opened).toFixed(0), "ms");
  await page.evaluate(() => {
    window.frames_ = [];
    window.long_ = [];
    new PerformanceObserver((list) => window.long_.push(...list.getEntries().map((e) => e.duration))).observe({ type: "longtask" });
    let last = performance.now();
    const look = (now) => { window.frames_.push(now - last); last = now; requestAnimationFrame(look); };
    requestAnimationFrame(look);
  });
  const before = await metrics(), start = performance.now();
  await replay.click();
  await replay.waitFor({ state: "detached" });
  await replay.waitFor({ timeout: 180000 });
  const after = await metrics(), took = performance.now() - start;
  const { frames, long, rows } = await page.evaluate(() => ({ frames: window.frames_.slice(1), long: window.long_, rows: document.querySelectorAll(".drawn li").length }));
  frames.sort((a, b) => a - b);
  const at = (share) => frames[Math.min(frames.length - 1, Math.floor(frames.length * share))].toFixed(1);
  const each = (name) => ((1000 * (after[name] - before[name])) / frames.length).toFixed(2);
  console.log("room shown", rows, "targets");
  console.log("room seconds", (took / 1000).toFixed(1), "s");
  console.log("room frames", frames.length, "frames");
  console.log("room frame_median", at(0.5), "ms");
  console.log("room frame_p95", at(0.95), "ms");
  console.log("room frame_p99", at(0.99), "ms");
  console.log("room frame_worst", at(1), "ms");
  console.log("room frames_over_50ms", frames.filter((f) => f > 50).length, "frames");
  console.log("room long_tasks", long.length, "tasks", long.length ? `worst ${Math.max(...long).toFixed(0)} ms` : "");
  for (const name of ["TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration"]) console.log(`room work_${name.replace("Duration", "").toLowerCase()}`, each(name), "ms a frame");
} finally {
  await browser.close();
}
