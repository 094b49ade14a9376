// people_test.mjs - inspectors, teams and experts in the browser: a clerk enters an inspector with certificate, leave, recusal and
// training; private numbers are masked and shown only with a reason; another department sees nothing of it. Numbers stand for nobody.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { enter, startOffice, violations } from "./office.mjs";

const PHONE = "13800001234", ID_NO = "11010519491231002X"; // the example of GB 11643
let office;
before(async () => { office = await startOffice(600); });
after(async () => { await office?.stop(); });

const go = (page, where) => page.goto(`${office.address}/app/${where}`);
const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const close = async (page) => { assert.deepEqual(page.wrong, []); await page.context().close(); };
const api = (page, where) => page.evaluate(async (address) => (await fetch(address)).status, `/api/v1/${where}`);
const dialog = (page) => page.getByRole("dialog").filter({ visible: true });
const saved = async (page) => { await page.getByText("已保存").first().waitFor(); await dialog(page).waitFor({ state: "detached" }).catch(() => undefined); };
const day = (left) => new Date(Date.now() + (8 * 3600 + left * 86400) * 1000).toISOString().slice(0, 10);
const tab = (page, name) => page.getByRole("tab", { name }).click();
async function check(page, name) {
  for (const toast of await page.locator(".el-message").all()) await toast.waitFor({ state: "detached" }).catch(() => undefined); // it fades
  await page.screenshot({ path: path.join(office.shots, `${name}.png`), fullPage: true });
  assert.deepEqual(await violations(page), [], name);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} overflows`);
}

/** A new inspector of the clerk's department; ends on its page. */
async function newInspector(page, code, name) {
  await go(page, "inspectors/new");
  await heading(page, "新增检查人员");
  await page.getByLabel("人员编号").fill(code);
  await page.getByLabel("姓名").fill(name);
  await page.getByLabel("专长").fill("食品安全、特种设备");
  await page.getByLabel("所在地区").fill("固始");
  await page.getByRole("option", { name: /固始县/ }).first().click();
  await page.getByLabel("手机或座机").fill(PHONE);
  await page.getByLabel("身份证号").fill(ID_NO);
}

test("a clerk enters an inspector, a certificate, a leave, a recusal and a training", async () => {
  const page = await enter(office, "scjgj-clerk");
  await newInspector(page, "ZF-411525-9001", "检查员-9001");
  await page.getByLabel("身份证号").fill("110105194912310021"); // a wrong check digit
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByText("校验码不符").first().waitFor();
  assert.equal(await page.getByLabel("身份证号").getAttribute("aria-invalid"), "true");
  await check(page, "inspector-form");
  await page.getByLabel("身份证号").fill(ID_NO);
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await heading(page, /检查员-9001/);
  await page.getByText("138****1234").waitFor();
  assert.equal(await page.getByText(PHONE).count(), 0);

  await tab(page, /证件/);
  await page.getByRole("button", { name: "登记证件" }).click();
  await dialog(page).getByLabel("证号").fill("豫执法-9001");
  await dialog(page).getByLabel("有效期至").fill(day(20));
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await page.getByRole("cell", { name: "20 天" }).waitFor();
  await page.getByText("可派", { exact: true }).waitFor();
  await check(page, "inspector-certificates");

  await tab(page, /请假/);
  await page.getByRole("button", { name: "登记请假" }).click();
  await dialog(page).getByLabel("起").fill(day(3));
  await dialog(page).getByLabel("止").fill(day(9));
  await dialog(page).getByLabel("事由").fill("年休假");
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await page.getByRole("cell", { name: "年休假" }).waitFor();
  await page.getByRole("button", { name: "登记请假" }).click();
  await dialog(page).getByLabel("起").fill(day(9));
  await dialog(page).getByLabel("止").fill(day(12));
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await dialog(page).getByText("重复").first().waitFor(); // they overlap
  await dialog(page).getByRole("button", { name: "取消" }).click();
  await check(page, "inspector-leave");

  await tab(page, /回避/);
  await page.getByRole("button", { name: "登记回避" }).click();
  const pick = dialog(page).getByLabel("检查对象");
  await pick.click();
  await dialog(page).getByRole("option").first().click();
  await dialog(page).getByLabel("依据").fill("配偶在该单位任职");
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await page.getByRole("cell", { name: "配偶在该单位任职" }).waitFor();
  await page.getByRole("button", { name: "解除回避" }).click();
  await dialog(page).getByLabel("解除理由").fill("亲属已离职");
  await dialog(page).getByRole("button", { name: "解除回避" }).click();
  await page.getByText("亲属已离职").waitFor();
  await check(page, "inspector-recusals");

  await tab(page, /业务培训/);
  await page.getByRole("button", { name: "登记培训" }).click();
  await dialog(page).getByLabel("培训名称").fill("食品安全监管业务培训");
  await dialog(page).getByLabel("日期").fill(day(-30));
  await dialog(page).getByLabel("学时").fill("16");
  await dialog(page).getByRole("button", { name: "保存" }).click();
  await page.getByText(/16 学时/).waitFor();
  await check(page, "inspector-training");
  await close(page);
});

test("private numbers are shown only with a reason, and the look is in the journal", async () => {
  const page = await enter(office, "scjgj-clerk");
  await go(page, "inspectors/ZF-411525-9001");
  await page.getByRole("button", { name: "查看完整号码" }).click();
  assert.equal(await dialog(page).getByRole("button", { name: "查看完整号码" }).isDisabled(), true, "no reason, no look");
  await dialog(page).getByLabel("查看理由").fill("通知参加抽查");
  await dialog(page).getByRole("button", { name: "查看完整号码" }).click();
  await page.getByText(PHONE).waitFor();
  await page.getByText(ID_NO).waitFor();
  await check(page, "inspector-facts");
  await page.getByRole("button", { name: "掩码" }).click();
  assert.equal(await page.getByText(PHONE).count(), 0);
  await tab(page, /变动留痕/);
  const look = page.getByRole("row", { name: /查看电话、身份证号/ });
  await look.first().waitFor();
  assert.match(await look.first().innerText(), /通知参加抽查/);
  await check(page, "inspector-changes");
  await close(page);
});

test("another department and a reviewer: nothing to see, nothing to open", async () => {
  const other = await enter(office, "sthjj-clerk");
  assert.equal(await api(other, "inspectors/ZF-411525-9001"), 404);
  await go(other, "inspectors/ZF-411525-9001");
  await other.getByRole("alert").waitFor();
  assert.equal(await other.getByText("检查员-9001").count(), 0);
  await go(other, "inspectors?q=9001");
  await other.getByText("没有符合条件的记录").waitFor();
  await close(other);
  const reviewer = await enter(office, "scjgj-review");
  await go(reviewer, "inspectors/ZF-411525-9001");
  await reviewer.getByText("138****1234").waitFor();
  for (const name of ["查看完整号码", "暂停", "离职"]) assert.equal(await reviewer.getByRole("button", { name }).count(), 0, name);
  assert.equal(await reviewer.getByRole("link", { name: "编辑" }).count(), 0);
  await close(reviewer);
});

test("a field is cleared, a stale edit is told, a changed form asks before it is left", async () => {
  const page = await enter(office, "scjgj-clerk");
  await go(page, "inspectors/ZF-411525-9001/edit");
  await heading(page, "编辑检查人员");
  await page.getByLabel("专长").fill("");
  await page.getByRole("link", { name: "工作台" }).click();
  await dialog(page).getByRole("button", { name: "留在本页" }).click();
  const second = await page.context().newPage();
  second.wrong = [];
  await second.goto(`${office.address}/app/inspectors/ZF-411525-9001/edit`);
  await second.getByLabel("层级").fill("县级");
  await second.getByRole("button", { name: "保存", exact: true }).click();
  await second.getByRole("tab", { name: /证件/ }).waitFor();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByRole("button", { name: "载入最新内容再改" }).click();
  await page.getByLabel("专长").waitFor();
  await page.waitForFunction((field) => field.value === "县级", await page.getByLabel("层级").elementHandle());
  await page.getByLabel("专长").fill("");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByRole("tab", { name: /证件/ }).waitFor();
  assert.equal(await page.getByText("特种设备").count(), 0);
  await page.getByRole("button", { name: "暂停", exact: true }).click();
  await dialog(page).getByLabel("理由").fill("脱产学习");
  await dialog(page).getByRole("button", { name: "暂停", exact: true }).click();
  await page.getByText("脱产学习").waitFor();
  await page.getByRole("button", { name: "恢复在岗" }).click();
  await dialog(page).getByLabel("理由").fill("返岗");
  await dialog(page).getByRole("button", { name: "恢复在岗" }).click();
  await page.getByRole("button", { name: "暂停", exact: true }).waitFor();
  await close(page);
});

test("a team is formed, shows who is ready and filters the registry", async () => {
  const page = await enter(office, "scjgj-clerk");
  await go(page, "teams");
  await page.getByRole("link", { name: "新建小组" }).first().click();
  await heading(page, "新建小组");
  await page.getByLabel("小组编号").fill("SP-1");
  await page.getByLabel("小组名称").fill("食品安全组");
  await page.getByLabel("成员").click();
  for (let i = 0; i < 3; i++) await page.getByRole("option").nth(i).click();
  await page.keyboard.press("Escape");
  await page.getByLabel("组长", { exact: true }).selectOption({ index: 1 });
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await heading(page, "食品安全组");
  await check(page, "team");
  await go(page, "teams");
  await page.getByText("3 人", { exact: true }).waitFor();
  await check(page, "teams");
  await page.getByRole("link", { name: "查看成员名录" }).click();
  await page.getByRole("grid").waitFor();
  assert.equal(await page.getByRole("grid").getByRole("row").count(), 4);
  await close(page);
});

test("the list warns by level and an expert has a contract and conflicts", async () => {
  const page = await enter(office, "scjgj-clerk");
  await go(page, "inspectors");
  await page.getByRole("grid").waitFor();
  await page.getByRole("button", { name: /30 天内到期/ }).click();
  await page.waitForURL(/expiring=30/);
  await page.getByRole("grid").getByText(/^\d+ 天$/).first().waitFor();
  await check(page, "inspectors-list");
  await go(page, "experts/new");
  await heading(page, "新增专家");
  await page.getByLabel("编码").fill("ZJ-9001");
  await page.getByLabel("姓名").fill("专家-9001");
  await page.getByLabel("单位").fill("检测研究院");
  await page.getByLabel("专业").fill("特种设备");
  await page.getByLabel("聘期自").fill(day(-300));
  await page.getByLabel("聘期至").fill(day(-301));
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByText("次序不对").first().waitFor();
  await page.getByLabel("聘期至").fill(day(5));
  await page.getByLabel("利益冲突对象").click();
  await page.getByRole("option").first().click();
  await page.keyboard.press("Escape");
  await check(page, "expert-form");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await heading(page, /专家-9001/);
  await page.getByText("5 天").waitFor();
  await check(page, "expert");
  await go(page, "experts?ending=7");
  await page.getByRole("link", { name: "专家-9001" }).waitFor();
  await check(page, "experts-list");
  await go(page, "");
  await page.getByRole("link", { name: /专家聘期 7 天内到期/ }).waitFor();
  await close(page);
});

test("the pages fit a narrow window and large text, in dark too", async () => {
  const page = await enter(office, "scjgj-clerk", { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  await page.evaluate(() => localStorage.setItem("look", JSON.stringify({ dark: true, large: true })));
  for (const where of ["inspectors", "inspectors/ZF-411525-9001", "inspectors/ZF-411525-9001?tab=leave", "inspectors/new", "teams", "experts", "experts/ZJ-9001", "experts/new"]) {
    await go(page, where);
    await page.locator("main .card").first().waitFor();
    await check(page, `narrow-${where.replace(/\W/g, "-")}`);
  }
  await close(page);
});
