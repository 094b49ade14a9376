// portal_test.mjs - the portal in Debian's chromium, on a wide screen and on a phone: journeys of a citizen, axe on every
// page, screenshots in the build folder. Starts the server on a fixture city (tests/http/fixture.py).
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { faint, launch, openPage, violations } from "./office.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const build = process.env.MQ_BUILD_DIR || path.join(root, "build");
const shots = path.join(build, "screenshots");
const NOW = "1779242400"; // of the fixture
const SIZES = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const NAMES = ["roster.tsv", "draw.txt", "lock.txt", "reveal.json", "result.txt"];
let city, server, address, browser, drawn;

before(async () => {
  city = fs.mkdtempSync(path.join(os.tmpdir(), "mingqian-e2e-"));
  const made = execFileSync("python3", [path.join(root, "tests/http/fixture.py"), path.join(build, "mingqian"), path.join(city, "data")]);
  drawn = JSON.parse(made).drawn;
  server = spawn(path.join(build, "mingqian"), ["serve", "--dir", path.join(city, "data"), "--listen", "127.0.0.1:0", "--json", "--quiet"],
    { env: { ...process.env, MINGQIAN_NOW: NOW }, stdio: ["ignore", "pipe", "inherit"] });
  address = JSON.parse(await new Promise((ready) => server.stdout.once("data", ready))).address;
  fs.mkdirSync(shots, { recursive: true });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.kill("SIGTERM");
  fs.rmSync(city, { recursive: true, force: true });
});

async function open(size, where = "", options = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], locale: "zh-CN", bypassCSP: Boolean(options.axe), ...options.context });
  const page = await openPage(context);
  page.on("console", (message) => message.type() === "error" && page.wrong.push(message.text()));
  await page.goto(address + where);
  return page;
}

async function close(page) {
  assert.deepEqual(page.wrong, []);
  await page.context().close();
}

const PAGES = ["", "search/?q=%E4%BF%A1%E9%98%B3", "items/", "items/A01/", "plans/", "plans/41150020260001/", "draws/", "draws/411500-2026-0001/",
  "draws/411500-2026-0001/1/", "draws/411500-2026-0002/1/", "tasks/",
  "tasks/411500202604010001/", "departments/", "departments/scjgj/", "open-data/", "results/", "results/?department=scjgj", "statistics/", "about/", "verify/", "log/"];

for (const size of Object.keys(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    // dark colours are the same at both sizes: the wide walk in dark is part of the long run
    test(`every page is axe-clean, ${size}, ${colorScheme}`, { skip: size === "wide" && colorScheme === "dark" && !process.env.MQ_LONG && "in the long run: MQ_LONG=1" }, async () => {
      const page = await open(size, "", { axe: true, context: { colorScheme } });
      const wrong = [];
      for (const where of [...PAGES, `targets/${drawn[0]}/`, "en/", "en/draws/411500-2026-0001/"]) {
        await page.goto(address + where);
        wrong.push(...(await (colorScheme === "dark" ? faint(page) : violations(page, ["best-practice"]))).map((v) => `/${where}: ${v}`));
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (sideways > 0) {
          wrong.push(`/${where}: scrolls sideways by ${sideways}`);
        }
        if (colorScheme === "light" || where === "") {
          const name = where.replace(/\?.*/, "").replace(/\/$/, "").replaceAll("/", "-") || "home";
          await page.screenshot({ path: path.join(shots, `${name}-${size}${colorScheme === "dark" ? "-dark" : ""}.png`), fullPage: true });
        }
      }
      await page.context().close();
      assert.deepEqual(wrong, []);
    });
  }

  test(`a citizen finds a firm, reads its result, opens the draw and runs it again, ${size}`, async () => {
    const page = await open(size);
    await page.getByRole("searchbox").fill(drawn[0]);
    await page.getByRole("button", { name: "搜索" }).click();
    await page.locator(".cards a").first().click();
    assert.match(await page.locator("h1").innerText(), /有限公司$/);
    assert.ok(await page.getByText("登记事项检查").count() > 0);
    assert.ok((await page.locator("#why + p + ul").innerText()).includes("24 / 600"));
    await page.locator('a[href*="/draws/411500-2026-0001/2/"]').first().click();
    await page.getByRole("link", { name: "重算", exact: true }).click();
    await page.locator(".verdict.good").waitFor({ timeout: 20000 });
    assert.match(await page.locator(".verdict").innerText(), /逐字节相同/);
    assert.ok(await page.locator("#steps .pass").count() >= 5);
    assert.equal(await page.locator("#steps .fail").count(), 0);
    assert.match(await page.locator("#command").innerText(), /draws\/411500-2026-0001\/2/);
    await page.getByLabel(/为什么抽中/).fill(drawn[0]);
    await page.getByRole("button", { name: "查", exact: true }).click();
    await page.getByText(/抽中：检查次序第/).waitFor();
    assert.ok(await page.getByText(/^24 \/ 600 = 4\.000 %/).count() > 0);
    await page.getByLabel(/换一个种子/).fill("07".repeat(32));
    await page.getByRole("button", { name: "试试" }).click();
    await page.getByText(/换成这个种子会抽中/).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.screenshot({ path: path.join(shots, `verify-done-${size}.png`), fullPage: true });
    await close(page);
  });

  test(`tampered files are refused and the first difference is named, ${size}`, async () => {
    const folder = path.join(city, `tampered-${size}`);
    fs.mkdirSync(folder);
    for (const name of NAMES) {
      fs.copyFileSync(path.join(city, "data/draws/411500-2026-0001/2", name), path.join(folder, name));
    }
    const lines = fs.readFileSync(path.join(folder, "result.txt"), "ascii").split("\n");
    const at = lines.findIndex((line) => line.startsWith("target "));
    [lines[at], lines[at + 1]] = [lines[at + 1], lines[at]];
    fs.writeFileSync(path.join(folder, "result.txt"), lines.join("\n"));
    const page = await open(size, "verify/");
    await page.locator("#files").setInputFiles(NAMES.map((name) => path.join(folder, name)));
    await page.locator(".verdict.mark").waitFor({ timeout: 20000 });
    assert.match(await page.locator(".verdict").innerText(), new RegExp(`result\\.txt.*第 ${at + 1} 行`));
    await page.screenshot({ path: path.join(shots, `verify-tampered-${size}.png`), fullPage: true });
    await close(page);
  });
}

test("without scripts the portal says the same", async () => {
  const page = await open("wide", "", { context: { javaScriptEnabled: false } });
  await page.getByRole("searchbox").fill(drawn[0]);
  await page.getByRole("searchbox").press("Enter");
  await page.locator(".cards a").first().click();
  assert.match(await page.locator("h1").innerText(), /有限公司$/);
  await page.goto(address + "verify/");
  assert.match(await page.content(), /<noscript>.*本页需要脚本/);
  await page.context().close();
});

test("the keyboard reaches the content and the search", async () => {
  const page = await open("wide");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await close(page);
});

test("large text stays on along the links, without scripts and cookies", async () => {
  const page = await open("wide", "", { context: { javaScriptEnabled: false } });
  const size = () => page.locator("h1").evaluate((h) => parseFloat(getComputedStyle(h).fontSize));
  const before = await size();
  await page.getByRole("link", { name: "大字版" }).click();
  assert.ok(await size() > before * 1.2);
  await page.getByRole("link", { name: "抽查任务" }).click();
  assert.match(page.url(), /\/large\/tasks\/$/);
  await page.getByRole("link", { name: "标准字号" }).click();
  assert.match(page.url(), /\d\/tasks\/$/);
  assert.deepEqual(await page.context().cookies(), []);
  await close(page);
});

test("results are narrowed down with a keyboard and lead to a firm, its task and its plan", async () => {
  const page = await open("wide", "results/", { context: { javaScriptEnabled: false } });
  await page.getByLabel("部门").selectOption("scjgj");
  await page.getByLabel("公示日期 起").fill("2026-01-01");
  await page.getByRole("button", { name: "筛选" }).press("Enter");
  assert.match(page.url(), /department=scjgj.*from=2026-01-01/);
  await page.locator("tbody th a").first().click();
  await page.locator("main").getByRole("link", { name: "企业登记和排污联合抽查" }).first().click();
  await page.getByRole("link", { name: "2026 年度部门联合抽查计划" }).click();
  assert.match(await page.locator("h1").innerText(), /联合抽查计划/);
  await close(page);
});

test("a printed page carries its own address as a code", async () => {
  const page = await open("wide", `targets/${drawn[0]}/`);
  assert.equal(await page.locator(".paper").isVisible(), false);
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".paper svg").isVisible());
  assert.match(await page.locator(".paper p").innerText(), new RegExp(`/targets/${drawn[0]}/$`));
  await close(page);
});

test("an unknown draw number and a draw that is not public get a clear answer", async () => {
  const page = await open("wide", "verify/");
  await page.locator("#draw").fill("nonsense");
  await page.locator("#verify-url button").click();
  assert.match(await page.locator(".verdict").innerText(), /411500-2026-0017\/1/);
  await page.locator("#draw").fill("411500-2026-0003/1");
  await page.locator("#verify-url button").click();
  await page.locator(".verdict", { hasText: "没有公开" }).waitFor();
  await page.context().close();
});

test("verify.html works from a file, offline", async () => {
  const page = await open("wide", "verify/");
  const href = await page.getByRole("link", { name: /verify\.html/ }).getAttribute("href");
  const file = path.join(city, "verify.html");
  fs.writeFileSync(file, await (await fetch(new URL(href, address))).text());
  const context = await browser.newContext({ offline: true });
  const offline = await context.newPage();
  await offline.goto(pathToFileURL(file).href);
  await offline.locator("#files").setInputFiles(NAMES.map((name) => path.join(city, "data/draws/411500-2026-0001/2", name)));
  await offline.locator(".verdict.good").waitFor({ timeout: 20000 });
  await context.close();
  await close(page);
});

function serveFolder(folder, below) {
  const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json",
    ".svg": "image/svg+xml" };
  const host = http.createServer((request, reply) => {
    const name = decodeURIComponent(new URL(request.url, "http://x").pathname).slice(below.length);
    const file = path.join(folder, name.endsWith("/") || name === "" ? name + "index.html" : name);
    if (!request.url.startsWith(below) || !fs.existsSync(file) || fs.statSync(file).isDirectory()) {
      reply.writeHead(404).end();
      return;
    }
    reply.writeHead(200, { "Content-Type": types[path.extname(file)] || "text/plain" }).end(fs.readFileSync(file));
  });
  return new Promise((ready) => host.listen(0, "127.0.0.1", () => ready(host)));
}

test("the static export works below a path: search, firm, draw, run again", async () => {
  const folder = path.join(city, "static");
  execFileSync(path.join(build, "mingqian"), ["export-static", "--dir", path.join(city, "data"), folder, "--json"],
    { env: { ...process.env, MINGQIAN_NOW: NOW }, stdio: ["ignore", "pipe", "ignore"] });
  const host = await serveFolder(folder, "/some/where/");
  const page = await (await browser.newContext({ viewport: SIZES.wide, locale: "zh-CN" })).newPage();
  page.wrong = [];
  page.on("requestfailed", (request) => page.wrong.push(request.url()));
  page.on("response", (reply) => reply.status() >= 400 && page.wrong.push(reply.url()));
  await page.goto(`http://127.0.0.1:${host.address().port}/some/where/index.html`);
  await page.getByRole("searchbox").fill(drawn[0]);
  await page.getByRole("searchbox").press("Enter");
  await page.locator("#found a").first().click();
  assert.match(await page.locator("h1").innerText(), /有限公司$/);
  await page.locator('a[href*="draws/411500-2026-0001/2/"]').first().click();
  await page.getByRole("link", { name: "重算", exact: true }).click();
  await page.locator(".verdict.good").waitFor({ timeout: 20000 });
  assert.ok(!fs.existsSync(path.join(folder, "draws/411500-2026-0002/1/roster.tsv")), "a salted roster was exported");
  assert.ok(!fs.existsSync(path.join(folder, "draws/411500-2026-0003/1/result.txt")), "a hidden result was exported");
  await close(page);
  host.close();
});
