// org_test.mjs - organisation, dictionaries, journal, access table, first steps and keyboard, in the browser against the real
// server; and one walk over every page of the console at two widths, in light and dark, with axe.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { enter, openWindow, PASSWORD, startOffice, violations } from "./office.mjs";

let office;
before(async () => { office = await startOffice(600); });
after(async () => { await office?.stop(); });

const go = (page, where) => page.goto(`${office.address}/app/${where}`);
const close = async (page) => { assert.deepEqual(page.wrong, []); await page.context().close(); };
const question = (page) => page.getByRole("dialog").filter({ visible: true });
const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const administrator = () => enter(office, "system");
async function pick(page, label, words) {
  const box = question(page).getByRole("combobox", { name: label });
  await box.fill(words);
  await question(page).getByRole("listbox").getByRole("option").first().click();
}

test("the administrator is led through the first steps, leaves them and takes them up again, by keyboard", async () => {
  const page = await enter(office, "system", { tour: true });
  const tour = page.getByRole("dialog", { name: "首次设置" });
  await tour.getByText("第 1 步，共 5 步").waitFor();
  await tour.getByRole("button", { name: "下一步" }).focus();
  await page.keyboard.press("Enter");
  await tour.getByText("第 2 步，共 5 步").waitFor();
  await page.keyboard.press("Escape");
  await tour.waitFor({ state: "hidden" });
  await page.reload();
  await heading(page, /好/);
  assert.equal(await tour.isVisible(), false, "it does not come back by itself");
  await page.getByRole("button", { name: "继续首次设置" }).click();
  await tour.getByText("第 2 步，共 5 步").waitFor();
  await tour.getByRole("button", { name: "去设置" }).click();
  await page.getByRole("tab", { name: "工作日历", selected: true }).waitFor();
  await close(page);
});

test("a county and a station are set up, an account belongs to the station and sees its rows alone", async () => {
  const page = await administrator();
  await go(page, "system/units");
  for (const [name, code, level, region, below] of [["固始县局", "gushi", "county", "411525", null], ["城关所", "chengguan", "station", "411525", "固始县局"]]) {
    if (below) await page.getByRole("row", { name: new RegExp(below) }).getByRole("button", { name: "在此之下设立" }).click();
    else await page.getByRole("button", { name: "设立机构" }).click();
    await question(page).getByLabel("名称").fill(name);
    await question(page).getByLabel("编码").fill(code);
    await question(page).getByLabel("级别").selectOption(level);
    if (!below) { await pick(page, /管辖地区/, region); await pick(page, /部门/, "scjgj"); }
    await question(page).getByRole("button", { name: "保存", exact: true }).dblclick();
    await page.getByRole("row", { name: new RegExp(name) }).waitFor();
  }
  await page.getByRole("button", { name: "设立机构" }).click();
  await question(page).getByLabel("名称").fill("错的");
  await question(page).getByLabel("编码").fill("gushi");
  await question(page).getByLabel("级别").selectOption("county");
  await pick(page, /管辖地区/, "411525");
  await question(page).getByRole("button", { name: "保存", exact: true }).click();
  await question(page).getByRole("alert").first().waitFor(); // the code is taken
  await question(page).getByRole("button", { name: "取消" }).click();
  await go(page, "system/accounts");
  await page.getByRole("button", { name: "开设账号" }).click();
  await question(page).getByLabel("账号").fill("suo-clerk");
  await question(page).getByLabel("名称").fill("站所经办人");
  await pick(page, "机构", "chengguan");
  assert.equal(await question(page).getByLabel("地区").count(), 0, "the unit decides");
  await question(page).getByRole("button", { name: "开设并生成邀请链接" }).click();
  await question(page).getByLabel("一次性邀请链接").waitFor();
  await question(page).getByRole("button", { name: "关闭" }).last().click();
  await page.getByRole("row", { name: /suo-clerk/ }).getByText("城关所").waitFor();
  await close(page);
});

test("a dictionary is uploaded, compared, put into force with a reason; a bad file changes nothing", async () => {
  const page = await administrator();
  await go(page, "system/dictionaries?dict=followups");
  await page.getByRole("heading", { level: 2, name: "后续处置" }).waitFor();
  const file = (text) => ({ name: "后续处置.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  const text = await page.evaluate(async () => (await fetch("/api/v1/dictionaries/followups/versions/1/file")).text());
  await page.locator("input[type=file]").setInputFiles(file(text + "Bad Code,坏,bad\r\n"));
  await page.getByText("文件有 1 处问题，没有保存").waitFor();
  await page.locator("input[type=file]").setInputFiles(file(text + "publicity,媒体曝光,told to the press\r\n"));
  await page.getByText("新增 1 · 变更 0 · 停用 0").waitFor();
  await page.getByRole("button", { name: "生效", exact: true }).click();
  const yes = question(page).getByRole("button", { name: "生效", exact: true });
  assert.equal(await yes.isDisabled(), true, "no effect without a reason");
  await question(page).getByLabel("理由").fill("市局通知");
  await yes.click();
  await page.getByText("已生效").first().waitFor();
  await page.getByRole("row", { name: /市局通知/ }).getByText("现行").waitFor();
  await close(page);
});

test("a document template is edited with its places and previewed", async () => {
  const page = await administrator();
  await go(page, "system/dictionaries?dict=templates");
  await page.getByRole("button", { name: "在线修改" }).click();
  await page.getByLabel("正文").waitFor();
  await page.getByLabel("正文").fill("通知 {target_name} {item_names} {window_from} {window_to} {inspectors}");
  await page.getByRole("button", { name: "提交并比较" }).click();
  await page.getByText("文件有 1 处问题，没有保存").waitFor(); // a notice names its department
  await page.getByLabel("正文").press("End");
  await page.getByRole("button", { name: "检查机关" }).click();
  await page.locator(".paper").getByText("检查机关").waitFor();
  await page.getByRole("button", { name: "提交并比较" }).click();
  await page.getByText("新增 0 · 变更 1 · 停用 0").waitFor();
  await close(page);
});

test("the auditor finds a refusal in the journal and this browser proves the entry; the administrator cannot read it", async () => {
  const admin = await administrator();
  assert.equal(await admin.getByRole("link", { name: "留痕", exact: true }).count(), 0);
  assert.equal(await admin.evaluate(async () => (await fetch("/api/v1/journal")).status), 403);
  await go(admin, "journal");
  await heading(admin, "没有权限");
  await close(admin);
  const page = await enter(office, "audit");
  await page.getByRole("link", { name: "留痕", exact: true }).click();
  await page.locator("label.filter select").selectOption("access.");
  await page.getByLabel("操作人").fill("system");
  const row = page.getByRole("row", { name: /GET \/api\/v1\/journal/ }).first();
  await row.waitFor();
  for (let i = 0; i < 30; i++) {
    await row.getByRole("button").click();
    await question(page).getByText("这一条在日志里吗？").waitFor();
    if (await question(page).getByText("与签名检查点的根一致").count()) break;
    await question(page).getByRole("button", { name: "关闭" }).last().click();
    await page.waitForTimeout(200);
  }
  await question(page).getByText("与签名检查点的根一致").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), question(page).getByRole("link", { name: "下载证明" }).click()]);
  assert.match(fs.readFileSync(await download.path(), "utf8"), /tlog-proof/);
  await close(page);
});

test("question mark lists the shortcuts, G and a letter go to a page, the skip link is first", async () => {
  const page = await enter(office, "scjgj-clerk");
  await page.keyboard.press("Shift+?");
  await page.getByRole("dialog", { name: "快捷键" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "快捷键" }).waitFor({ state: "hidden" });
  await page.locator("main h1").focus();
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await heading(page, "检查对象名录库");
  await page.reload();
  await heading(page, "检查对象名录库");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "跳到正文");
  await page.keyboard.press("Enter");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /检查对象名录库/);
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("link", { name: "Item list", exact: true }).waitFor();
  await close(page);
});

test("two people in two tabs of one browser: the later login does not mix with the page of the earlier one", async () => {
  const first = await enter(office, "scjgj-review");
  const second = await first.context().newPage();
  await second.goto(office.address + office.link("sthjj-review"));
  await second.getByLabel("新密码").fill(PASSWORD);
  await second.getByLabel("再输一次").fill(PASSWORD);
  await second.getByRole("button", { name: "启用", exact: true }).click();
  await second.getByRole("button", { name: "退出", exact: true }).waitFor();
  // the cookie is now the other person's: what the first page sends carries the first person's token and is refused
  const status = await first.evaluate(async (csrf) => (await fetch("/api/v1/targets/tag", { method: "POST", body: JSON.stringify({ codes: ["x"], add: ["y"] }),
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf } })).status, "0".repeat(64));
  assert.equal(status, 403);
  await first.getByRole("link", { name: "抽查事项清单", exact: true }).click();
  await first.reload();
  await first.locator(".me").getByText("生态环境局审核人").waitFor();
  await first.context().close();
});

const LONG = { skip: process.env.MQ_LONG ? false : "walks every address: with MQ_LONG=1; the pages themselves are walked by console_test" };

/** Every address of the router, with a row of this office where one is named. */
function addresses(sample) {
  const source = fs.readFileSync(path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../web/app/src/router.ts"), "utf8");
  const found = [...source.matchAll(/\{ path: "([^"]+)".*?\}(?:, \},| \},)/g)].map((m) => ({ path: m[1], open: m[0].includes("open: true"), permission: /permission: "([^"]+)"/.exec(m[0])?.[1] }));
  const tabs = ["me", "accounts", "units", "departments", "dictionaries", "calendar", "roles", "access"];
  const fresh = ["/items/:code", "/targets/:code", "/inspectors/:code"]; // an empty form when there is no row
  return found.filter((r) => !r.path.includes("(.*)") && !r.open && (!r.path.includes("/:") || r.path.startsWith("/system") || sample[r.path] || fresh.includes(r.path))).flatMap((r) => (r.path.startsWith("/system") ? tabs.map((tab) => ({ ...r, path: `/system/${tab}` })) : [{ ...r, path: r.path.replace(/\/:(\w+)\??/g, () => `/${sample[r.path] ?? "new"}`) }]));
}
const PEOPLE = { "scjgj-clerk": (r) => r.permission !== "journal.read" && !/system\/(accounts|units|dictionaries|roles)/.test(r.path), system: (r) => r.path.startsWith("/system/") || r.path === "/", audit: (r) => r.path === "/journal" };

for (const [look, widths] of [["light", [1280, 1920]], ["dark", [1280, 1920]]]) {
  test(`every page of the router is axe-clean and fits 1280 and 1920 pixels, ${look}`, LONG, async () => {
    const wrong = [], walked = new Set();
    for (const [who, mine] of Object.entries(PEOPLE)) {
      const page = await enter(office, who, { bypassCSP: true, colorScheme: look });
      const first = async (list) => page.evaluate(async (at) => { const rows = (await (await fetch(`/api/v1/${at}`)).json()).rows ?? []; return rows[0]?.code ?? rows[0]?.id; }, list);
      const sample = who === "scjgj-clerk" ? { "/items/:code": await first("items?limit=1"), "/targets/:code": await first("targets?limit=1"), "/inspectors/:code": await first("inspectors?limit=1"), "/experts/:code": await first("experts?limit=1"), "/plans/:code": await first("plans?limit=1"), "/conferences/:id": await first("conferences?limit=1") } : {};
      for (const { path: where } of addresses(sample).filter(mine)) {
        walked.add(where);
        await go(page, where.slice(1));
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.waitForLoadState("networkidle");
        for (const width of widths) {
          await page.setViewportSize({ width, height: 900 });
          const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          if (sideways > 0) wrong.push(`${where}: ${width} px scrolls sideways by ${sideways}`);
        }
        await page.setViewportSize({ width: 1280, height: 900 });
        wrong.push(...(await violations(page)).map((v) => `${where}: ${v}`));
        await page.screenshot({ path: path.join(office.shots, `org-${(where.slice(1) || "desk").replaceAll("/", "-").slice(0, 40)}-${look}.png`) });
      }
      await page.context().close();
    }
    assert.ok(walked.size > 16, [...walked].join(" "));
    assert.deepEqual(wrong, []);
  });
}
