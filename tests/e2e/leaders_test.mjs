// leaders_test.mjs - figures for leaders in the browser: the secretary sees all units, opens the list behind a figure and finds as many
// rows; a head sees his department only; nothing is ranked; axe, two widths, dark and large.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { SIZE, enter, startOffice, sticksOut, violations } from "./office.mjs";

let office, secretary;
before(async () => {
  office = await startOffice();
  secretary = await enter(office, "secretary");
});
after(async () => { await office?.stop(); });

const go = (page, where) => page.goto(`${office.address}/app/${where}`);
const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const shot = async (page, name) => {
  await page.screenshot({ path: path.join(office.shots, `${name}.png`), fullPage: true });
  assert.deepEqual(await violations(page), [], name);
};
/** All pictures are there. */
const drawn = async (page) => {
  await page.locator(".chart canvas").nth(2).waitFor();
  await page.locator(".chart > p").first().waitFor({ state: "detached" });
};

test("the secretary sees the figures of all units in their fixed order, as numbers and as pictures", async () => {
  await go(secretary, "");
  await secretary.getByRole("link", { name: "统计考核" }).click();
  await heading(secretary, "统计考核");
  await drawn(secretary);
  await secretary.getByText(/严禁下达检查指标/).waitFor();
  const names = await secretary.locator("tbody th[scope=row]").allTextContents();
  assert.ok(names[0].includes("市场监督管理局") || names[0].includes("市场监管"), names[0]);
  await secretary.getByRole("tab", { name: /地区/ }).click();
  const counties = await secretary.locator(".scroll tbody tr").count();
  assert.ok(counties >= 10, String(counties));
  await shot(secretary, "leaders-counties");
  await secretary.getByRole("tab", { name: /部门/ }).click();
  await shot(secretary, "leaders");
  assert.equal(await sticksOut(secretary, 390, 844), "");
  await secretary.screenshot({ path: path.join(office.shots, "leaders-narrow.png"), fullPage: true });
  await secretary.setViewportSize(SIZE);
  assert.deepEqual(secretary.wrong, []);
});

test("behind a figure are as many rows as it says", async () => {
  const link = secretary.locator("dl.numbers a").first();
  const count = Number((await link.textContent()).replaceAll(",", ""));
  await link.click();
  await heading(secretary, /统计考核 · 应检查/);
  await secretary.getByLabel("每页").selectOption("200");
  await secretary.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
  assert.equal(await secretary.locator("table[role=grid] tbody tr").count(), Math.min(200, count));
  await shot(secretary, "leaders-rows");
  assert.equal(await sticksOut(secretary, 390, 844), "");
  await secretary.setViewportSize(SIZE);
  await secretary.getByRole("link", { name: /回到统计/ }).click();
  await heading(secretary, "统计考核");
});

test("all figures go into a workbook; another period has none and says so", async () => {
  const [download] = await Promise.all([secretary.waitForEvent("download"), secretary.getByRole("link", { name: "导出 Excel" }).click()]);
  const file = path.join(office.folder, "figures.xlsx");
  await download.saveAs(file);
  assert.equal(fs.readFileSync(file).subarray(0, 2).toString(), "PK");
  await secretary.getByLabel("抽取时间").selectOption("last");
  await secretary.getByText("这一时期没有抽取").waitFor();
  assert.deepEqual(await violations(secretary), []);
});

let scheme;
test("an assessment is drafted from figures that fill in by themselves, and says what no indicator may be", async () => {
  await go(secretary, "assessments");
  await secretary.getByText("还没有考核方案").waitFor();
  await secretary.getByRole("button", { name: "新建考核方案" }).click();
  await secretary.getByLabel("方案名称").fill("2026 年度双随机监管考核");
  await secretary.getByLabel("地区").fill("411500");
  await secretary.getByRole("option").first().click();
  const first = secretary.getByRole("group", { name: "指标 1", exact: true }).getByLabel("名称");
  await first.fill("检查户次");
  await secretary.getByRole("button", { name: "保存" }).click();
  await secretary.getByText(/不得以“检查户次”考核/).first().waitFor();
  await first.fill("检查完成率");
  await shot(secretary, "assessment-form");
  await secretary.getByRole("button", { name: "保存" }).click();
  await secretary.getByRole("button", { name: "启动自评" }).click();
  await secretary.getByRole("dialog").getByRole("button", { name: "启动自评" }).click();
  await secretary.getByRole("heading", { level: 2 }).nth(1).waitFor();
  await secretary.locator(".unit").first().waitFor();
  scheme = secretary.url();
  await shot(secretary, "assessment");
  assert.equal(await sticksOut(secretary, 390, 844), "");
  await secretary.screenshot({ path: path.join(office.shots, "assessment-narrow.png"), fullPage: false });
  await secretary.setViewportSize(SIZE);
});

test("a head of a department sees the figures of this department only, dark and in large text too", async () => {
  const head = await enter(office, "scjgj-head");
  await go(head, "leaders");
  await drawn(head);
  assert.equal(await head.getByRole("tab", { name: /部门/ }).textContent(), "部门1");
  await head.getByRole("button", { name: "深色" }).click();
  await head.getByRole("button", { name: "大字" }).click();
  await shot(head, "leaders-dark-large");
  await head.goto(scheme);
  await head.locator(".unit").first().waitFor();
  assert.equal(await head.locator(".unit").count(), 1); // its own alone
  await head.getByRole("button", { name: /自评/ }).first().click();
  await head.getByRole("dialog").getByLabel(/得分/).fill("88");
  await head.getByRole("dialog").getByLabel("说明").fill("附年度总结");
  await head.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await head.getByText("附年度总结").waitFor();
  await shot(head, "assessment-dark-large");
  assert.deepEqual(head.wrong, []);
});
