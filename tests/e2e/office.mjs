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
const SHELL = "/usr/bin/chromium-headless-shell"; // Debian's chromium without its windows: half the work for each new page
const PICTURES = Boolean(process.env.MQ_SHOTS || process.env.MQ_LONG); // nobody looks at them in make check
const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const PASSWORD = "Jiancha-2026";
export const SIZE = { width: 1280, height: 900 };

export const launch = (more = []) => chromium.launch({
  executablePath: SHELL,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...more],
});

/** A page of this context; its pictures are taken with MQ_SHOTS=1 only. wrong collects what must stay empty. */
export async function openPage(context) {
  const page = await context.newPage();
  if (!PICTURES) page.screenshot = async () => null;
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  return page;
}

export async function startOffice(scale = 2000, more = []) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mingqian-office-"));
  const dir = path.join(folder, "data"), shots = path.join(build, "screenshots");
  fs.mkdirSync(shots, { recursive: true });
  execFileSync(program, ["init", dir, "--demo", "--scale", String(scale), "--json"], { stdio: "ignore" });
  const server = spawn(program, ["serve", "--dir", dir, "--listen", "127.0.0.1:0", "--json", "--quiet"], { stdio: ["ignore", "pipe", "inherit"] });
  const { address } = JSON.parse(await new Promise((ready) => server.stdout.once("data", ready)));
  const browser = await launch(more);
  return {
    folder, dir, shots, address: address.replace(/\/$/, ""), browser, sessions: {},
    link: (login) => JSON.parse(execFileSync(program, ["account", "invite", login, "--dir", dir, "--json"], { encoding: "utf8" })).link,
    async stop() {
      await browser.close();
      server.kill("SIGTERM");
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A window of its own: nothing is shared with another one. */
export async function openWindow(office, { tour = false, ...options } = {}) {
  const context = await office.browser.newContext({ viewport: SIZE, locale: "zh-CN", colorScheme: "light", reducedMotion: "reduce", acceptDownloads: true, ...options });
  await context.addInitScript((steps) => {
    if (!steps) localStorage.setItem("tour system", "0"); // the first steps do not open by themselves
    if (localStorage.getItem("rows") === null) localStorage.setItem("rows", "20"); // of a list: axe looks at every cell
  }, tour);
  const page = await openPage(context);
  page.on("console", (message) => message.type() === "error" && !/status of 4\d\d/.test(message.text()) && page.wrong.push(message.text()));
  return page;
}

/** The account has its password and is logged in: the cookie. The page of the one-time link is walked by console_test. */
export async function activate(office, login) {
  const reply = await fetch(`${office.address}/api/v1/invitation/accept`, { method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token: office.link(login).split("/").pop(), password: PASSWORD }) });
  if (reply.status !== 200) throw new Error(await reply.text());
  const [name, value] = reply.headers.get("set-cookie").split(";")[0].split("=");
  return { name, value, url: office.address, httpOnly: true, sameSite: "Strict" };
}

/** A window of somebody who is logged in, at the desk; windows of one person share the session. */
export async function enter(office, login, options = {}) {
  office.sessions[login] ??= await activate(office, login);
  const page = await openWindow(office, options);
  await page.context().addCookies([office.sessions[login]]);
  await page.goto(`${office.address}/app/`);
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
async function axe(page, options) {
  await page.evaluate(async () => { // a list begins to load a moment after its filter: quiet for longer than that
    const QUIET_MS = 300, STEP_MS = 50;
    for (let quiet = 0; quiet < QUIET_MS && document.querySelector("[aria-busy]"); quiet += STEP_MS) {
      if (document.querySelector("[aria-busy=true]")) quiet = -STEP_MS;
      await new Promise((go) => setTimeout(go, STEP_MS));
    }
  });
  if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(axeSource);
  const found = await page.evaluate((more) => window.axe.run({ resultTypes: ["violations"], ...more }), options);
  return found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target + " " + n.failureSummary).join(" | ")}`);
}
/** What axe finds, once no list is being loaded any more (its rows are faint until then). more: further sets of rules. */
export const violations = (page, more = []) => axe(page, { runOnly: [...RULES, ...more] });
/** What axe finds wrong with the colours alone: for the second look at a page whose bones have been seen. */
export const faint = (page) => axe(page, { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } });
