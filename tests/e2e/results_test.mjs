// results_test.mjs - results, follow-up, leads and campaigns in the browser against the real server: a clerk enters, another
// reviews and publishes; an order is checked again; a lead becomes a campaign.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { enter, SIZE, startOffice, sticksOut, violations } from "./office.mjs";

let office, clerk, head;
before(async () => {
  office = await startOffice(3000);
  [clerk, head] = [await enter(office, "scjgj-clerk"), await enter(office, "scjgj-head")];
});
after(async () => { await office?.stop(); });

const go = (page, where) => page.goto(`${office.address}/app/${where}`);
const dialog = (page) => page.getByRole("dialog").filter({ visible: true });
const save = async (page) => { await dialog(page).getByRole("button", { name: "保存", exact: true }).click(); await dialog(page).waitFor({ state: "hidden" }); };
const act = (page, id) => page.locator(`[data-act=${id}]`).click();
/** Takes the first row that a register finds for these words. */
async function pick(label, words) {
  await dialog(clerk).getByRole("combobox", { name: label }).fill(words);
  await dialog(clerk).getByRole("option", { name: words }).first().click();
}
const tag = (page, words) => page.locator("h1 .tag", { hasText: words }).waitFor();
async function sound(page, name) {
  assert.deepEqual(await violations(page), [], name);
  await page.screenshot({ path: path.join(office.shots, `console-${name}.png`), fullPage: true });
  assert.equal(await sticksOut(page, 390, 844), "", name);
  await page.screenshot({ path: path.join(office.shots, `console-${name}-390.png`) });
  await page.setViewportSize(SIZE);
}
const in_days = (n) => new Date(Date.now() + n * 86400000).toISOString().slice(0, 10);

test("a clerk enters a result, the head reviews and publishes it, and the clock names each day", async () => {
  await go(clerk, "results");
  await sound(clerk, "results");
  await clerk.getByRole("button", { name: "录入结果" }).click();
  await clerk.getByRole("heading", { level: 1, name: "录入结果" }).waitFor();
  await clerk.getByRole("combobox", { name: "抽查任务" }).selectOption({ label: "药品零售企业检查（411500202609070001）" });
  await clerk.waitForURL(/task=411500202609070001/);
  await clerk.getByRole("button", { name: "录入", exact: true }).first().click();
  await dialog(clerk).getByRole("button", { name: "保存", exact: true }).click();
  await dialog(clerk).getByRole("alert").first().waitFor(); // no code chosen
  await dialog(clerk).getByLabel("发现问题已责令改正").check();
  await dialog(clerk).getByLabel("情况说明").fill("未公示联系方式");
  await save(clerk);
  await sound(clerk, "result-entry");
  await go(head, "results?state=entered");
  await head.getByRole("row").filter({ hasText: "发现问题已责令改正" }).first().getByRole("link").first().click();
  await act(head, "approve");
  await save(head);
  await tag(head, "待公示");
  await act(head, "publish");
  await save(head);
  await tag(head, "已公示");
  await head.getByText("期限怎么算").click();
  await head.getByText("第 20 天").waitFor();
  await sound(head, "result");
});

const PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

test("an order to correct is re-checked and closed, by its steps alone", async () => {
  await go(clerk, "results?state=published");
  await clerk.getByRole("row").filter({ hasText: "发现问题已责令改正" }).first().getByRole("link").first().click();
  await act(clerk, "follow");
  await dialog(clerk).getByLabel("要求").fill("五日内补充公示");
  await dialog(clerk).getByLabel("期限").fill(in_days(5));
  await save(clerk);
  await clerk.getByRole("link", { name: "责令改正" }).click();
  await clerk.getByLabel("添加照片或文书").setInputFiles({ name: "公示截图.png", mimeType: "image/png", buffer: Buffer.from(PICTURE, "base64") });
  await clerk.getByRole("link", { name: "公示截图.png" }).waitFor();
  await clerk.getByLabel(/含个人信息/).check();
  await clerk.getByLabel("添加照片或文书").setInputFiles({ name: "身份证明.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4 x") });
  await clerk.getByText("加密", { exact: true }).waitFor();
  await act(clerk, "recheck"); // what is attached is evidence enough
  await save(clerk);
  await tag(clerk, "待复查");
  await act(clerk, "closed");
  await dialog(clerk).getByLabel("说明").fill("已补充公示");
  await save(clerk);
  await tag(clerk, "已办结");
  await sound(clerk, "followup");
  await go(clerk, "followups?state=closed");
  await clerk.getByText("五日内补充公示").waitFor();
  await sound(clerk, "followups");
});

test("a lead is taken on, its reporter stays sealed until asked for, and it becomes a campaign with a task", async () => {
  await go(clerk, "leads");
  await act(clerk, "lead");
  await dialog(clerk).getByLabel("反映内容").fill("多户未按时公示年报");
  await pick("地区", "411525");
  await clerk.keyboard.press("Escape"); // what was typed is not lost by it
  await clerk.getByRole("button", { name: "留在本页" }).click();
  await clerk.getByRole("button", { name: "留在本页" }).waitFor({ state: "hidden" });
  await dialog(clerk).getByLabel(/姓名/).fill("举报人-0001");
  await save(clerk);
  await clerk.getByText("查询码").waitFor();
  await sound(clerk, "leads");
  await clerk.getByRole("row").nth(1).getByRole("link").first().click();
  await act(clerk, "assign");
  await save(clerk);
  await tag(clerk, "已分办");
  assert.equal(await clerk.getByText("举报人-0001").count(), 0);
  await act(clerk, "reveal");
  await dialog(clerk).getByRole("textbox").fill("核实线索");
  await dialog(clerk).getByRole("button", { name: "确定" }).click();
  await clerk.getByText("举报人-0001").waitFor();
  await sound(clerk, "lead");
  const code = (await clerk.url()).split("/").pop();
  await go(clerk, "items?state=published");
  await go(clerk, "campaigns");
  await act(clerk, "campaign");
  for (const [label, value] of [["专项名称", "年报公示专项"], ["发起理由", "多起反映"], ["抽查比例（%）", "5"], ["结束", in_days(30)]])
    await dialog(clerk).getByLabel(label).fill(value);
  for (const [label, words] of [["地区", "411500"], ["线索", "年报"], ["抽查事项", "SCJGJ-12"]]) await pick(label, words);
  await save(clerk);
  await tag(clerk, "待批准");
  const where = "campaigns/" + clerk.url().split("/").pop();
  await go(head, where);
  await act(head, "approve");
  await save(head);
  await go(clerk, where);
  await act(clerk, "file");
  await dialog(clerk).getByLabel("文号").fill("信市监〔2026〕31号");
  await save(clerk);
  await act(clerk, "start");
  await save(clerk);
  await tag(clerk, "已建任务");
  await sound(clerk, "campaign");
  assert.deepEqual([...clerk.wrong, ...head.wrong], []);
});
