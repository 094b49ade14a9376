// office.mjs - what the browser tests of the console share: a demo city, its server, a browser, people who log in
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = path.dirname(fileURLToPath(import.meta.url));
const build = process.env.MQ_BUILD_DIR || path.resolve(here, "../../build");
const program = path.join(build, "mingqian");
const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const PASSWORD = "Jiancha-2026";
export const SIZE = { width: 1280, height: 900 };

export async function startOffice(scale = 2000) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mingqian-office-"));
  const dir = path.join(folder, "data"), shots = path.join(build, "screenshots");
  fs.mkdirSync(shots, { recursive: true });
  execFileSync(program, ["init", dir, "--demo", "--scale", String(scale), "--json"], { stdio: "ignore" });
  const server = spawn(program, ["serve", "--dir", dir, "--listen", "127.0.0.1:0", "--json", "--quiet"], { stdio: ["ignore", "pipe", "inherit"] });
  const { address } = JSON.parse(await new Promise((ready) => server.stdout.once("data", ready)));
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  return {
    folder, dir, shots, address: address.replace(/\/$/, ""), browser,
    link: (login) => JSON.parse(execFileSync(program, ["account", "invite", login, "--dir", dir, "--json"], { encoding: "utf8" })).link,
    async stop() {
      await browser.close();
      server.kill("SIGTERM");
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A window of its own: nothing is shared with another one. wrong collects what must stay empty. */
export async function openWindow(office, { tour = false, ...options } = {}) {
  const context = await office.browser.newContext({ viewport: SIZE, locale: "zh-CN", colorScheme: "light", reducedMotion: "reduce", acceptDownloads: true, ...options });
  if (!tour) await context.addInitScript(() => localStorage.setItem("tour system", "0")); // the first steps do not open by themselves
  const page = await context.newPage();
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  page.on("console", (message) => message.type() === "error" && !/status of 4\d\d/.test(message.text()) && page.wrong.push(message.text()));
  return page;
}

/** Uses a fresh one-time link of the account and lands on the desk. */
export async function enter(office, login, options = {}) {
  const page = await openWindow(office, options);
  const link = office.link(login);
  await page.goto(office.address + (link.startsWith("http") ? new URL(link).pathname + new URL(link).hash : link));
  await page.getByLabel("新密码").fill(PASSWORD);
  await page.getByLabel("再输一次").fill(PASSWORD);
  await page.getByRole("button", { name: "启用", exact: true }).click();
  await page.getByRole("button", { name: "退出", exact: true }).waitFor();
  return page;
}

/** What sticks out of the page at this width, once it has been laid out anew: "" when nothing can be scrolled sideways. */
export async function sticksOut(page, width, height) {
  await page.setViewportSize({ width, height });
  return page.evaluate(async () => {
    for (let i = 0; i < 2; i++) await new Promise((drawn) => requestAnimationFrame(drawn));
    const wide = document.documentElement.clientWidth, by = document.documentElement.scrollWidth - wide;
    if (by <= 0) return "";
    const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > wide).pop();
    return `scrolls sideways by ${by}: ${out?.tagName} ${out?.className} ${out?.textContent.trim().slice(0, 60)}`;
  });
}

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** What axe finds, once no list is being loaded any more (its rows are faint until then). more: further sets of rules. */
export async function violations(page, more = []) {
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
  if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(axeSource);
  const found = await page.evaluate((runOnly) => window.axe.run({ runOnly, resultTypes: ["violations"] }), [...RULES, ...more]);
  return found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target + " " + n.failureSummary).join(" | ")}`);
}
