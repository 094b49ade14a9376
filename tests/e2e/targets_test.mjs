// targets_test.mjs - the target registry in the browser: filters, saved filters, bulk tags, cells, kinds, duplicates,
// departments that share a target, the health page; axe on each.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { enter, SIZE, startOffice, violations } from "./office.mjs";

let office, clerk, other;
before(async () => {
  office = await startOffice();
  clerk = await enter(office, "scjgj-clerk", { bypassCSP: true });
  other = await enter(office, "sthjj-clerk", { bypassCSP: true });
});
after(async () => { await office?.stop(); });

const go = (page, where) => page.goto(`${office.address}/app/${where}`);
const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const dialog = (page) => page.getByRole("dialog").filter({ visible: true });
const rows = (page) => page.getByRole("grid").getByRole("row");
const live = (page) => page.locator(".live b");
const shot = (page, name) => page.screenshot({ path: path.join(office.shots, `targets-${name}.png`) });
const api = (page, method, where, body) => page.evaluate(async ([m, w, b]) => {
  const me = await (await fetch("/api/v1/session")).json();
  const answer = await fetch(`/api/v1/${w}`, { method: m, body: b ? JSON.stringify(b) : undefined, headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf } });
  return { status: answer.status, json: answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null };
}, [method, where, body]);
const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
function uscc(serial) {
  const digits = String(serial).padStart(8, "0");
  const rest = 11 - [...digits].reduce((sum, d, i) => sum + Number(d) * [3, 7, 9, 10, 5, 8, 4, 2][i], 0) % 11;
  const body = "91411525" + digits + (rest === 10 ? "X" : rest === 11 ? "0" : rest);
  const total = [...body].reduce((sum, ch, i) => sum + ALPHABET.indexOf(ch) * (3 ** i % 31), 0);
  return body + ALPHABET[(31 - total % 31) % 31];
}
let serial = 51000000;
async function target(page, fields) {
  const made = await api(page, "POST", "targets", { code: uscc(serial += 7919), region: "411525", ...fields });
  assert.equal(made.status, 201, JSON.stringify(made.json));
  return made.json;
}
async function clean(page) { assert.deepEqual(page.wrong, []); assert.deepEqual(await violations(page), []); }

test("conditions narrow the list with a live count, are saved, chosen again and shared", async () => {
  await go(clerk, "targets");
  await rows(clerk).nth(1).waitFor();
  await clerk.waitForFunction(() => /\d/.test(document.querySelector(".live b")?.textContent ?? ""));
  const all = await live(clerk).innerText();
  await clerk.getByRole("button", { name: "更多条件" }).click();
  await clerk.getByRole("group", { name: "主体类型" }).getByLabel("个体工商户").check();
  await clerk.waitForFunction((was) => /\d/.test(document.querySelector(".live b").textContent) && document.querySelector(".live b").textContent !== was, all);
  await clerk.getByLabel("不含标签").fill("没有这个");
  await clerk.getByLabel("不含标签").press("Tab");
  assert.match(clerk.url(), /scope=/);
  await shot(clerk, "filter");
  await clean(clerk);
  await clerk.getByRole("button", { name: "存为筛选" }).click();
  await dialog(clerk).getByLabel("名称").fill("个体工商户名单");
  await dialog(clerk).getByRole("button", { name: "保存", exact: true }).click();
  await dialog(clerk).waitFor({ state: "hidden" });
  await go(clerk, "targets");
  await clerk.getByLabel("已存筛选").selectOption({ label: "个体工商户名单" });
  await clerk.waitForURL(/scope=/);
  await rows(clerk).nth(1).waitFor();
  await go(clerk, "tasks/new"); // the filter is the scope of a task
  await clerk.getByRole("tab", { name: "临时任务" }).click();
  await clerk.getByLabel("已存筛选").fill("个体工商户名单");
  await clerk.getByRole("option", { name: "个体工商户名单" }).click();
  await clerk.getByRole("button", { name: "移除 个体工商户" }).waitFor();
  await clerk.getByRole("status").getByText(/^[\d,]+ 户$/).waitFor();
  assert.equal(await clerk.getByLabel("已存筛选").inputValue(), "个体工商户名单");
  await go(clerk, "targets");
  await clerk.getByLabel("已存筛选").selectOption({ label: "个体工商户名单" });
  await clerk.getByRole("button", { name: "改名、改条件" }).click();
  await dialog(clerk).getByLabel("名称").fill("个体户");
  await dialog(clerk).getByRole("button", { name: "保存", exact: true }).click();
  await dialog(clerk).waitFor({ state: "hidden" });
  assert.deepEqual((await api(clerk, "GET", "filters")).json.rows.map((f) => f.name), ["个体户"]);
  assert.deepEqual((await api(other, "GET", "filters")).json.rows, []);
  await clerk.getByRole("button", { name: "删除筛选" }).click();
  await dialog(clerk).getByRole("button", { name: "删除筛选" }).click();
  await dialog(clerk).waitFor({ state: "hidden" });
  assert.deepEqual((await api(clerk, "GET", "filters")).json.rows, []);
});

test("first letters find a target; all that match are tagged by a job with progress", async () => {
  await target(clerk, { name: "固始县琉璃工艺社" });
  await target(clerk, { name: "固始县琉璃工坊" });
  await go(clerk, "targets");
  await clerk.getByRole("searchbox").fill("gsxllg");
  await clerk.getByText("固始县琉璃工坊").waitFor();
  await clerk.getByRole("button", { name: "全部符合条件的打标签" }).click();
  await dialog(clerk).getByLabel("加上标签").fill("工艺");
  await dialog(clerk).getByRole("button", { name: "保存", exact: true }).click();
  await clerk.getByText(/打标签完成/).waitFor();
  await clerk.getByRole("grid").getByText("工艺", { exact: true }).nth(1).waitFor();
  await shot(clerk, "tagged");
});

test("a cell is edited in place by the keyboard: F2, Enter keeps, Escape leaves", async () => {
  await go(clerk, "targets?q=" + encodeURIComponent("琉璃工坊"));
  await rows(clerk).nth(1).waitFor();
  await clerk.getByRole("searchbox").press("ArrowDown");
  await clerk.keyboard.press("F2");
  await clerk.getByLabel("修改 登记状态").selectOption("cancelled");
  await clerk.keyboard.press("Escape");
  assert.equal(await clerk.getByRole("grid").getByText("注销", { exact: true }).count(), 0);
  await clerk.keyboard.press("F2");
  await clerk.getByLabel("修改 登记状态").selectOption("cancelled");
  await clerk.keyboard.press("Enter");
  await clerk.getByRole("grid").getByText("注销", { exact: true }).waitFor();
});

test("a product has its own fields, needs no code, and its history tells before and after", async () => {
  await go(clerk, "targets/new");
  await clerk.getByLabel("种类").selectOption("product");
  await clerk.getByLabel("名称").fill("自限温电热带");
  await clerk.getByLabel("型号规格").fill("ZXW-25");
  await clerk.getByRole("button", { name: "保存", exact: true }).click();
  await heading(clerk, /自限温电热带/);
  await clerk.getByText("ZXW-25").waitFor();
  await clerk.getByRole("button", { name: "编辑", exact: true }).click();
  await clerk.getByLabel("型号规格").fill("ZXW-35");
  await clerk.getByLabel("联系电话").fill("0376-1234567");
  await clerk.getByRole("button", { name: "保存", exact: true }).click();
  await clerk.getByText("0376-1234567").waitFor();
  await clerk.getByRole("button", { name: "编辑", exact: true }).click();
  await clerk.getByLabel("联系电话").fill(""); // an emptied field is empty afterwards
  await clerk.getByRole("button", { name: "保存", exact: true }).click();
  await clerk.getByRole("tab", { name: /变更记录/ }).click();
  await clerk.getByRole("cell", { name: "0376-1234567" }).first().waitFor();
  assert.equal(await clerk.getByRole("cell", { name: "0376-1234567" }).count(), 2);
  await shot(clerk, "history");
  await clean(clerk);
});

test("a second department is offered what it would type again, takes it on and keeps only tags and licences", async () => {
  const shared = await target(clerk, { name: "共管化工商行" });
  await go(other, "targets/new");
  await other.getByLabel("编码").fill(shared.code);
  await other.getByLabel("名称").fill("共管化工商行");
  await other.getByRole("button", { name: "保存", exact: true }).click();
  await other.getByText("该代码已在名录库中").waitFor();
  await shot(other, "claim");
  await other.getByRole("button", { name: "认领", exact: true }).click();
  await heading(other, /共管化工商行/);
  await other.getByRole("button", { name: "编辑", exact: true }).click();
  assert.equal(await other.getByLabel("住所").count(), 0);
  await other.getByLabel("标签").fill("危化品");
  await other.getByRole("button", { name: "保存", exact: true }).click();
  await other.getByText("危化品", { exact: true }).first().waitFor();
  await other.getByRole("button", { name: "退出认领" }).click();
  await dialog(other).getByRole("button", { name: "退出认领" }).click();
  await heading(other, "检查对象名录库");
  assert.equal((await api(other, "GET", "targets/" + shared.code)).status, 404);
});

test("two records become one, with a reason; the former code still leads there", async () => {
  const [keep, drop] = [await target(clerk, { name: "双生茶叶店" }), await target(clerk, { name: "双生茶叶店", contact: "0376-7654321" })];
  await go(clerk, "targets?q=" + encodeURIComponent("双生茶叶店"));
  await rows(clerk).nth(2).waitFor();
  await clerk.getByRole("searchbox").press("ArrowDown");
  await clerk.keyboard.press("Control+a");
  await clerk.getByRole("button", { name: "合并所选两条" }).click();
  await dialog(clerk).getByRole("radio", { name: new RegExp(keep.code) }).check();
  assert.equal(await dialog(clerk).getByRole("button", { name: "合并重复" }).isDisabled(), true, "no merger without a reason");
  await dialog(clerk).getByLabel("合并理由").fill("同一门店两次登记");
  await shot(clerk, "merge");
  await dialog(clerk).getByRole("button", { name: "合并重复" }).click();
  await rows(clerk).nth(2).waitFor({ state: "detached" });
  await go(clerk, "targets/" + drop.code);
  await clerk.getByText("是曾用代码，已并入本条").waitFor();
  await clerk.getByText("0376-7654321").waitFor();
  await clerk.getByRole("tab", { name: /已并入的记录/ }).click();
  await clerk.getByText("同一门店两次登记").waitFor();
});

test("the health page counts, explains and opens the list of a finding", async () => {
  await target(clerk, { name: "过期许可商店", licences: [{ name: "食品经营许可证", no: "1", to: "2020-01-01" }] });
  await go(clerk, "targets/health");
  await clerk.evaluate(() => localStorage.setItem("rows", "50")); // the shop is not among the first twenty
  await clerk.getByRole("link", { name: /许可已过期/ }).waitFor();
  await clerk.waitForLoadState("networkidle");
  await shot(clerk, "health");
  await clean(clerk);
  await clerk.getByRole("link", { name: /许可已过期/ }).click();
  await clerk.getByText("只看：许可已过期").waitFor();
  await clerk.getByRole("grid").getByText("过期许可商店").waitFor();
});

test("no page of the registry scrolls sideways", async () => {
  const wrong = [];
  for (const where of ["targets", "targets/new", "targets/health"]) {
    await go(clerk, where);
    await heading(clerk, /./);
    if (where === "targets") await clerk.getByRole("button", { name: "更多条件" }).click();
    for (const width of [390, 1280]) {
      await clerk.setViewportSize({ width, height: SIZE.height });
      const sideways = await clerk.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (sideways > 0) wrong.push(`${where} ${width}: ${sideways}`);
      if (width === 390) await shot(clerk, `${where.replaceAll("/", "-")}-phone`);
    }
  }
  assert.deepEqual(wrong, []);
});
