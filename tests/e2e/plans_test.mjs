// plans_test.mjs - a joint plan in the browser: a clerk drafts it, the head approves, the secretary holds the conference, files and
// publishes; another department speaks; a published plan is revised; axe on every page, screenshots in the build folder.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import path from "node:path";
import { after, before, test } from "node:test";
import { enter, startOffice, violations } from "./office.mjs";

let office, clerk, head, secretary, other;
before(async () => {
  office = await startOffice();
  [clerk, head, secretary, other] = [await enter(office, "scjgj-clerk"), await enter(office, "scjgj-head"), await enter(office, "secretary"), await enter(office, "sthjj-clerk")];
});
after(async () => { await office?.stop(); });

const go = (page, where) => page.goto(`${office.address}/app/${where}`);
const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const dialog = (page) => page.getByRole("dialog").filter({ visible: true });
const shot = async (page, name) => {
  await page.screenshot({ path: path.join(office.shots, `${name}.png`), fullPage: true });
  assert.deepEqual(await violations(page), [], name);
};
const pick = async (scope, label, words, option) => {
  const box = scope.getByLabel(label, { exact: false }).first();
  await box.fill(words);
  await scope.page().getByRole("option", { name: option }).first().click();
};

test("a clerk drafts a joint plan, sees at once what it would draw, and the head approves it", async () => {
  await go(clerk, "plans/new");
  await clerk.getByLabel("名称", { exact: false }).first().fill("2027 年度企业登记信息联合抽查计划");
  await clerk.getByLabel("任务名称").fill("企业登记信息联合抽查");
  await pick(clerk.locator("form"), "抽查事项", "SCJGJ", /SCJGJ/);
  await clerk.keyboard.press("Escape");
  await clerk.getByRole("button", { name: "增加部门" }).click();
  await clerk.getByLabel("部门", { exact: true }).nth(1).fill("生态");
  await clerk.getByRole("option", { name: /生态环境局/ }).first().click();
  await shot(clerk, "plan-edit");
  await clerk.getByRole("button", { name: "保存为草案" }).dblclick();
  await heading(clerk, /2027 年度企业登记信息联合抽查计划/);
  await clerk.getByRole("cell", { name: /^[1-9]\d*$/ }).last().waitFor(); // the estimate has come
  assert.equal(await clerk.getByRole("button", { name: "部门审定" }).count(), 0, "a clerk does not approve");
  await clerk.getByRole("tab", { name: /实时核对/ }).click();
  await clerk.getByText(/全年预计抽查企业/).waitFor();
  await clerk.getByText(/2027 年的放假安排还没有导入/).waitFor();
  await shot(clerk, "plan-check");
  await clerk.getByRole("tab", { name: /全年安排/ }).click();
  await shot(clerk, "plan-year");
  await go(head, "plans?state=draft");
  await head.getByRole("link", { name: /4115002027/ }).first().click();
  await head.getByRole("button", { name: "部门审定" }).click();
  await dialog(head).getByRole("button", { name: "部门审定" }).click();
  await heading(head, /部门已审定/);
});

test("the conference hears the departments, adopts the plan and closes with minutes", async () => {
  await go(secretary, "conferences");
  await shot(secretary, "conferences-empty");
  await secretary.getByRole("button", { name: "召集会议" }).first().click();
  await dialog(secretary).getByLabel("会议名称").fill("2026 年第四次联席会议");
  await dialog(secretary).getByLabel("日期").fill("2026-12-10");
  await dialog(secretary).getByRole("button", { name: "召集会议" }).click();
  await heading(secretary, /第四次联席会议/);
  await secretary.getByLabel("部门已审定的联合计划").selectOption({ index: 1 });
  await secretary.getByRole("button", { name: "列入议题" }).click();
  await secretary.getByText("尚未发表意见").first().waitFor();
  await go(other, new URL(secretary.url()).pathname.replace("/app/", ""));
  await other.getByRole("button", { name: "发表意见" }).click();
  await dialog(other).getByLabel("修改后同意").check();
  assert.equal(await dialog(other).getByRole("button", { name: "确定" }).isDisabled(), true, "an amendment has words");
  await dialog(other).getByLabel("意见").fill("与排污许可检查合并进行");
  await dialog(other).getByRole("button", { name: "确定" }).click();
  await other.getByText("与排污许可检查合并进行").waitFor();
  assert.equal(await other.getByRole("button", { name: "通过", exact: true }).count(), 0, "only the secretary decides");
  await secretary.reload();
  await secretary.getByText("与排污许可检查合并进行").waitFor();
  await shot(secretary, "conference");
  await secretary.getByRole("button", { name: "通过", exact: true }).click();
  await dialog(secretary).getByRole("button", { name: "通过", exact: true }).click();
  await secretary.getByText("已通过").waitFor();
  await secretary.getByRole("button", { name: "结束会议" }).click();
  await dialog(secretary).getByLabel("会议纪要").fill("会议原则通过《2027 年度企业登记信息联合抽查计划》。");
  await dialog(secretary).getByRole("button", { name: "结束会议" }).click();
  await heading(secretary, /已结束/);
});

test("the plan is filed with its number, published on the portal, and revised with a reason", async () => {
  await go(secretary, "plans?state=adopted");
  await secretary.getByRole("link", { name: /4115002027/ }).first().click();
  await secretary.getByRole("button", { name: "登记备案" }).click();
  await dialog(secretary).getByLabel("备案文号").fill("信双随机备〔2026〕12号");
  assert.equal(await dialog(secretary).getByRole("button", { name: "登记备案" }).isDisabled(), true, "a filing has a document");
  await dialog(secretary).getByLabel("备案文件").setInputFiles({ name: "备案报告.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 demo") });
  await dialog(secretary).getByRole("button", { name: "登记备案" }).click();
  await heading(secretary, /已备案/);
  await secretary.getByRole("button", { name: "向社会公布" }).click();
  await dialog(secretary).getByRole("button", { name: "向社会公布" }).click();
  await heading(secretary, /已公布/);
  const code = secretary.url().split("/").pop();
  await go(clerk, `plans/${code}`);
  await clerk.getByRole("button", { name: "调整", exact: true }).first().click();
  await clerk.getByLabel("止", { exact: false }).first().fill("2027-10-31");
  assert.equal(await clerk.getByRole("button", { name: "保存", exact: true }).isDisabled(), true, "a revision has a reason");
  await clerk.getByLabel("调整理由").fill("避开年底集中检查");
  await clerk.getByRole("button", { name: "保存", exact: true }).click();
  await clerk.getByRole("tab", { name: /调整记录/ }).click();
  await clerk.getByText("避开年底集中检查").waitFor();
  await shot(clerk, "plan-revisions");
  const portal = await (await fetch(`${office.address}/plans/${code}/`)).text();
  assert.equal((await fetch(`${office.address}/plans/${code}/filing-${createHash("sha256").update("%PDF-1.7 demo").digest("hex")}`)).status, 200);
  for (const words of ["信双随机备〔2026〕12号", "备案报告.pdf", "避开年底集中检查", "2027-11-30", "2027-10-31"]) assert.ok(portal.includes(words), words);
  await go(clerk, "plans");
  await shot(clerk, "plans");
  for (const page of [clerk, head, secretary, other]) assert.deepEqual(page.wrong, []);
});

test("on a narrow window nothing sticks out", async () => {
  await clerk.setViewportSize({ width: 390, height: 844 });
  for (const where of ["plans", "plans/new", "conferences"]) {
    await go(clerk, where);
    await clerk.getByRole("heading", { level: 1 }).waitFor();
    await clerk.waitForTimeout(300);
    assert.ok(await clerk.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), where);
  }
  await go(clerk, "plans/new");
  await clerk.waitForTimeout(300);
  await clerk.screenshot({ path: path.join(office.shots, "plan-phone.png"), fullPage: true });
});
