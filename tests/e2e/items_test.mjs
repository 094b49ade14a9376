// items_test.mjs - the item list in the browser: a clerk drafts, the reviewer returns with a comment, the clerk mends, it is
// published and the portal shows its history; the law changes and the item follows; joint items; axe on every page.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { enter, SIZE, startOffice, violations } from "./office.mjs";

let office, clerk, reviewer;
before(async () => {
  office = await startOffice(800);
  clerk = await enter(office, "scjgj-clerk");
  reviewer = await enter(office, "scjgj-review");
});
after(async () => { await office?.stop(); });

const go = (page, where) => page.goto(`${office.address}/app/${where}`);
const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const question = (page) => page.getByRole("dialog").filter({ visible: true });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const toast = (page) => page.locator(".el-message").last().waitFor();
async function look(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${name}: ${wide} px too wide`);
  assert.deepEqual(await violations(page), [], name);
  await page.screenshot({ path: path.join(office.shots, `items-${name}.png`), fullPage: true });
}
/** At a phone's width nothing overflows either. */
async function narrow(page, name) {
  await page.setViewportSize({ width: 390, height: 844 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.screenshot({ path: path.join(office.shots, `items-${name}-390.png`), fullPage: true });
  await page.setViewportSize(SIZE);
  assert.ok(wide <= 0, `${name} at 390: ${wide} px too wide`);
}

test("a clerk drafts, the reviewer returns with an opinion, the clerk mends, it is published with its history", async () => {
  await go(clerk, "items/new");
  await heading(clerk, "新增事项");
  await button(clerk, "保存为草案").click();
  await clerk.locator("[aria-invalid=true]").first().waitFor(); // nothing filled in: told at the fields
  assert.equal(await clerk.evaluate(() => document.activeElement.getAttribute("aria-invalid")), "true", "the first wrong field has the focus");
  await clerk.getByLabel("编码", { exact: false }).first().fill("LX-01");
  await clerk.getByLabel("抽查领域").fill("登记注册");
  await clerk.getByLabel("抽查事项").fill("亮照经营情况检查");
  await clerk.getByLabel("检查对象").fill("企业、个体工商户");
  await clerk.getByLabel("县级").check();
  await clerk.getByRole("textbox", { name: "内容 1" }).fill("营业执照是否置于醒目位置");
  await button(clerk, "+ 增加一项内容").click();
  await clerk.getByRole("textbox", { name: "内容 2" }).fill("登记事项与实际是否一致");
  await clerk.getByRole("button", { name: "上移 内容 2" }).click();
  assert.equal(await clerk.getByRole("textbox", { name: "内容 1" }).inputValue(), "登记事项与实际是否一致");
  await clerk.getByRole("textbox", { name: "法律、法规、规章" }).fill("《试验管理条例》");
  await look(clerk, "editor");
  await narrow(clerk, "editor");
  await button(clerk, "保存为草案").click();
  await heading(clerk, "亮照经营情况检查");
  await clerk.getByText("送审前还需填写：检查方式").waitFor();
  assert.ok(await button(clerk, "送合法性审查").isDisabled());
  await button(clerk, "编辑").click();
  await clerk.getByLabel("检查方式").click();
  await clerk.getByRole("option", { name: "实地检查" }).click();
  await clerk.getByLabel("抽查领域").click(); // closes the list
  await button(clerk, "保存为草案").click();
  await button(clerk, "送合法性审查").click();
  await clerk.getByText("合法性审查", { exact: true }).first().waitFor();

  await go(reviewer, "items?state=legal_review");
  await reviewer.getByRole("link", { name: "LX-01" }).click();
  await reviewer.getByRole("heading", { name: "合法性审查", exact: true }).waitFor();
  await button(reviewer, "退回修改").click();
  await reviewer.getByRole("alert").filter({ hasText: "退回时必填" }).waitFor(); // not without an opinion
  await reviewer.getByLabel("审查意见").fill("依据请写到条款");
  await look(reviewer, "review");
  await button(reviewer, "退回修改").click();
  await reviewer.getByText("依据请写到条款").first().waitFor();

  await go(clerk, "items/LX-01");
  await clerk.getByText("依据请写到条款").first().waitFor();
  await look(clerk, "returned");
  await button(clerk, "编辑").click();
  await clerk.getByRole("textbox", { name: "条款" }).fill("第八条");
  await button(clerk, "保存为草案").click();
  await button(clerk, "送合法性审查").click();
  await clerk.getByText("合法性审查", { exact: true }).first().waitFor();
  await go(reviewer, "items/LX-01");
  await button(reviewer, "通过并公布").click();
  await reviewer.getByText("已公布", { exact: true }).first().waitFor();

  await go(clerk, "items/LX-01"); // a further version, with its reason
  await button(clerk, "修订").click();
  await clerk.getByLabel("抽查比例上限").fill("2");
  await button(clerk, "保存为草案").click();
  await clerk.getByRole("alert").first().waitFor(); // the reason
  await clerk.getByLabel("理由").fill("降低抽查比例");
  await button(clerk, "保存为草案").click();
  await button(clerk, "送合法性审查").click();
  await clerk.getByText("合法性审查", { exact: true }).first().waitFor();
  await go(reviewer, "items/LX-01");
  await reviewer.getByRole("heading", { name: "与在用的第 3 版比较" }).waitFor();
  assert.equal(await reviewer.locator("del").first().innerText(), "3");
  await look(reviewer, "review-diff");
  await button(reviewer, "通过并公布").click();
  await reviewer.getByText("已公布", { exact: true }).first().waitFor();
  await reviewer.getByRole("tab", { name: /历次版本/ }).click();
  await look(reviewer, "versions");
  await narrow(reviewer, "versions");

  const portal = await clerk.context().newPage();
  await portal.setViewportSize(SIZE);
  await portal.goto(`${office.address}/items/LX-01/`);
  await portal.getByText("降低抽查比例").waitFor();
  assert.equal(await portal.locator("del").first().innerText(), "≤ 3 %");
  assert.equal(await portal.getByText("依据请写到条款").count(), 0, "opinions are not public");
  assert.deepEqual(await violations(portal), []);
  await portal.screenshot({ path: path.join(office.shots, "items-portal.png"), fullPage: true });
  await portal.goto(`${office.address}/joint-items/`);
  assert.deepEqual(await violations(portal), []);
  await portal.screenshot({ path: path.join(office.shots, "items-portal-joint.png"), fullPage: true });
  await portal.close();
});

test("the law changes: a reminder on the desk, on the item and in the list, until it is answered", async () => {
  await go(clerk, "items/basis");
  await button(clerk, "登记依据变更").first().click();
  await clerk.getByLabel("法律、法规、规章").fill("《企业信息公示暂行条例》");
  await clerk.getByLabel("条款").fill("第十四条");
  await clerk.getByLabel("变更施行日期").fill("2026-10-01");
  await button(clerk, "登记依据变更").last().click();
  await clerk.getByRole("alert").first().waitFor(); // the note is missing
  await clerk.getByLabel("说明").fill("修订后条文调整");
  await button(clerk, "登记依据变更").last().click();
  await clerk.getByRole("heading", { name: /企业信息公示暂行条例/ }).waitFor();
  await look(clerk, "basis");
  await go(clerk, "");
  await clerk.getByRole("link", { name: /事项依据有变更/ }).click();
  const link = clerk.getByRole("link", { name: "年度报告公示信息检查" });
  await link.click();
  await heading(clerk, "年度报告公示信息检查");
  await clerk.getByText("依据变更提醒").waitFor();
  await look(clerk, "reminder");
  await button(clerk, "无须调整").click();
  await question(clerk).getByLabel("理由").fill("检查内容不受影响");
  await question(clerk).getByRole("button", { name: "无须调整" }).click();
  await clerk.getByText("依据变更提醒").waitFor({ state: "detached" });
  await go(clerk, "items");
  await clerk.getByRole("region", { name: "预警" }).waitFor();
  await look(clerk, "list");
  await narrow(clerk, "list");
});

test("a joint item is drafted, a bundle is put together, the lists go out as files", async () => {
  await go(clerk, "items/joint");
  await clerk.getByText("学校食堂食品安全情况的检查").first().waitFor();
  await look(clerk, "joint-list");
  await narrow(clerk, "joint-list");
  const [file] = await Promise.all([clerk.waitForEvent("download"), clerk.getByRole("link", { name: "CSV" }).click()]);
  assert.equal(file.suggestedFilename(), "joint-items.csv");
  await button(clerk, "新增联合事项、组合或办法").click();
  await clerk.getByLabel("编码").fill("MS-01");
  await clerk.getByLabel("种类").selectOption("trade");
  await clerk.getByLabel("行业或场景").fill("面食店");
  await clerk.getByRole("textbox", { name: /^抽查事项/ }).fill("面食店一业一查");
  await clerk.getByLabel("检查对象").fill("面食店");
  await clerk.getByLabel("县级").check();
  const items = clerk.getByLabel("包含的抽查事项");
  await items.fill("SCJGJ-06");
  await clerk.getByRole("option", { name: /SCJGJ-06/ }).click();
  await items.press("Escape");
  await button(clerk, "保存为草案").click();
  await clerk.getByRole("alert").first().waitFor(); // one item is no bundle
  await items.fill("SCJGJ-17");
  await clerk.getByRole("option", { name: /SCJGJ-17/ }).click();
  await items.press("Escape");
  await look(clerk, "joint-editor");
  await button(clerk, "保存为草案").click();
  await heading(clerk, "面食店一业一查");
  await clerk.getByText("1. 餐饮服务提供者检查").waitFor();
  await button(clerk, "送合法性审查").click();
  await clerk.getByText("合法性审查", { exact: true }).first().waitFor();
  await go(reviewer, "items/joint/MS-01");
  await button(reviewer, "通过并公布").click();
  await reviewer.getByText("已公布", { exact: true }).first().waitFor();
  await look(reviewer, "joint");
  for (const page of [clerk, reviewer]) assert.deepEqual(page.wrong, []);
});

test("leaving with unsaved changes asks first", async () => {
  await go(clerk, "items/SCJGJ-01");
  await button(clerk, "修订").click();
  await clerk.getByLabel("抽查领域").fill("另一个领域");
  await clerk.getByRole("link", { name: "工作台" }).first().click();
  await question(clerk).getByRole("button", { name: "留在本页" }).click();
  assert.equal(await clerk.getByLabel("抽查领域").inputValue(), "另一个领域");
  await clerk.locator("#main").getByRole("button", { name: "取消" }).click();
  await question(clerk).getByRole("button", { name: "放弃修改" }).click();
  await button(clerk, "修订").waitFor();
});
