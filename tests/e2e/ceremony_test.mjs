// ceremony_test.mjs - a draw in the browser: a clerk, the head, another department and the observer each in a window of their
// own; secrets never leave them before the list is sealed. Silent party, double click, void and second attempt.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { enter, openWindow, startOffice, violations } from "./office.mjs";

let office, clerk, head, other, observer;
const SSQ = "03,07,12,18,25,33+09", DLT = "05,11,19,28,34+02,10";
const program = path.join(process.env.MQ_BUILD_DIR || path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../../build"), "mingqian");
before(async () => {
  office = await startOffice();
  [clerk, head, other, observer] = [await enter(office, "scjgj-clerk"), await enter(office, "scjgj-head"), await enter(office, "sthjj-clerk"), await enter(office, "observer")];
  for (const page of [clerk, head, other, observer]) page.setDefaultTimeout(15000);
});
after(async () => { await office?.stop(); });

const button = (page, name) => page.getByRole("button", { name, exact: true });
const question = (page) => page.getByRole("dialog").filter({ visible: true });
const shot = (page, name, fullPage = true) => page.screenshot({ path: path.join(office.shots, `${name}.png`), fullPage });
const open = async (page, code, tab) => {
  await page.goto(`${office.address}/app/tasks/${code}`);
  if (tab) await page.getByRole("tab", { name: tab }).click();
};
const state = (page, words) => page.getByRole("heading", { level: 1, name: words }).waitFor();
const sent = (page) => {
  const bodies = [];
  page.on("request", (r) => r.method() !== "GET" && bodies.push(`${r.url()} ${r.postData() ?? ""}`));
  return bodies;
};
const stored = (page) => page.evaluate(() => Object.entries(localStorage).filter(([k]) => k.startsWith("secret ")).map(([, v]) => JSON.parse(v).secret));

/** axe, with the mouse on no button. */
const calm = async (page) => { await page.mouse.move(0, 0); await page.waitForTimeout(400); return violations(page); };
/** Takes a line of the open pick list. */
const listed = (page, name = "") => page.locator("ul[role=listbox] > li", { hasText: name }).first().click();

async function newTask(name) {
  await clerk.goto(`${office.address}/app/tasks/new`);
  await clerk.getByRole("tab", { name: "临时任务" }).click();
  await clerk.getByLabel("任务名称").fill(name);
  await clerk.getByLabel("临时任务理由").fill("上级交办的专项抽查");
  await clerk.getByLabel("所属地区").fill("411500");
  await listed(clerk);
  const today = new Date(), later = new Date(Date.now() + 40 * 86400000), iso = (d) => d.toISOString().slice(0, 10);
  await clerk.getByLabel("开始").fill(iso(today));
  await clerk.getByLabel("结束").fill(iso(later));
  for (const item of ["SCJGJ-12", "STHJJ-02"]) {
    await clerk.getByLabel("抽查事项清单").fill(item);
    await listed(clerk, item);
    await clerk.keyboard.press("Escape");
  }
  await button(clerk, "+ 增加一行").first().click();
  await clerk.getByLabel("部门", { exact: true }).nth(1).fill("生态环境");
  await listed(clerk);
  await clerk.getByLabel("标签").first().fill("工业产品生产");
  await button(clerk, "保存为草案").click();
  await state(clerk, /草案/);
  const code = clerk.url().split("/").pop();
  await open(head, code);
  await button(head, "审定").click();
  await button(question(head), "审定").click();
  await state(head, /已审定/);
  return code;
}

/** Parties and beacons; the observer takes part as it stands. */
async function openDraw(code, least) {
  await open(clerk, code, "抽取");
  await clerk.getByLabel("将来的事件").nth(0).fill("2026137");
  await clerk.getByLabel("将来的事件").nth(1).fill("26137");
  if (least) await clerk.getByLabel("至少几方揭示").selectOption(String(least));
  await button(clerk, "确定").click();
  await clerk.getByText("纪检监督").first().waitFor();
}
async function commit(page, code) {
  await open(page, code, "抽取");
  await button(page, "产生随机数并交出承诺").click();
  await button(page, "产生随机数并交出承诺").waitFor({ state: "detached" });
}
async function seal() {
  await clerk.getByRole("button", { name: "封存名单", exact: true }).click({ timeout: 15000 });
  await button(question(clerk), "封存名单").click();
  await state(clerk, /名单已封存/);
}
async function reveal(page, code) {
  await open(page, code, "抽取");
  await button(page, "揭示本方随机数").click();
  await button(page, "揭示本方随机数").waitFor({ state: "detached" });
}
async function lock() {
  await clerk.getByRole("button", { name: "锁定", exact: true }).click();
  await button(question(clerk), "锁定").click();
  await clerk.getByLabel("开奖号码").first().waitFor();
}
async function numbers(page, code, index, value, says) {
  await open(page, code, "抽取");
  const field = page.getByLabel("开奖号码").nth(index);
  await field.fill(value);
  await page.getByRole("button", { name: "录入", exact: true }).nth(index).click();
  await page.getByText(says, { exact: true }).first().waitFor();
}

test("a task is drafted, approved, previewed and tried out before anything is drawn", async () => {
  const code = await newTask("试抽演示");
  await open(clerk, code, "候选池");
  await clerk.getByRole("region", { name: "每户概率" }).waitFor();
  await clerk.getByLabel("次数").selectOption("100");
  await button(clerk, "试抽 100 次").dblclick();
  await clerk.getByText(/模拟 100 次/).waitFor({ timeout: 60000 });
  await shot(clerk, "task-frame");
  assert.deepEqual(await calm(clerk), []);
  await open(clerk, code, "历次与摘要");
  await clerk.getByText("还没有抽取").waitFor();
});

test("five windows hold a ceremony; the secrets stay at home until the list is sealed; an outsider finds the same", async () => {
  const code = await newTask("工业企业联合抽查");
  const watched = [clerk, other, observer].map(sent);
  await openDraw(code);
  assert.deepEqual(await calm(clerk), []);
  const address = await clerk.getByRole("link", { name: "大屏页面" }).getAttribute("href"), draw = address.split("/")[2];
  const room = await openWindow(office, { viewport: { width: 1920, height: 1080 } }); // nobody is logged in there
  await room.goto(office.address + address);
  await room.getByText("等待承诺").first().waitFor();
  await other.goto(`${office.address}/app/tasks`);
  await other.getByText("请交出承诺").waitFor();
  for (const page of [clerk, other, observer]) await commit(page, code);
  const secrets = (await Promise.all([clerk, other, observer].map(stored))).flat();
  assert.equal(secrets.length, 3);
  for (const secret of secrets) assert.match(secret, /^[0-9a-f]{64}$/);
  await room.getByText("已承诺").nth(2).waitFor();
  await open(clerk, code, "抽取");
  await clerk.getByText("凭条", { exact: true }).click();
  await shot(clerk, "task-commit");
  await seal();
  for (const secret of secrets) assert.equal(watched.flat().some((body) => body.includes(secret)), false, "no secret is sent before the seal");
  for (const page of [clerk, other, observer]) await reveal(page, code);
  await open(clerk, code, "抽取");
  await lock();
  await numbers(clerk, code, 0, SSQ, "已录入，等另一个账号录入相同的号码");
  await numbers(other, code, 0, "01,02,03,04,05,06+07", "两次录入不一致，请各自核对");
  await numbers(other, code, 0, SSQ, "已生效");
  await numbers(clerk, code, 0, DLT, "已录入，等另一个账号录入相同的号码");
  await shot(clerk, "task-beacon");
  await numbers(observer, code, 0, DLT, "已生效");
  await open(clerk, code, "抽取");
  const runs = sent(clerk).length;
  await button(clerk, "开始抽取").dblclick();
  await state(clerk, /已抽取/);
  assert.equal(runs, 0);
  await room.getByText(/^= [0-9a-f]{64}$/).waitFor();
  await room.locator(".drawn li").nth(1).waitFor();
  await shot(room, "room", false);
  await room.getByText(/^共抽取 \d+/).waitFor({ timeout: 70000 });
  assert.deepEqual(await calm(room), []);
  await room.setViewportSize({ width: 390, height: 844 });
  await room.reload();
  await room.getByText(/^共抽取 \d+/).waitFor();
  const wide = await room.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 1, `the room is ${wide} px too wide for a phone`);
  await shot(room, "room-phone", false);
  await room.setViewportSize({ width: 900, height: 1270 });
  await room.goto(`${office.address}/draws/${draw}/1/certificate/`);
  await room.getByRole("heading", { name: "抽取证书" }).waitFor();
  assert.deepEqual(await calm(room), []);
  await shot(room, "certificate");
  assert.deepEqual(room.wrong, []);
  await clerk.getByRole("tab", { name: "结果与人员" }).click();
  await button(clerk, "匹配检查人员").click();
  await state(clerk, /已匹配/);
  await clerk.getByRole("region", { name: "结果与人员" }).getByRole("row").nth(1).waitFor();
  await open(other, code);
  await button(other, "本部门确认人员").click();
  await other.getByText(/确认$/).first().waitFor();
  await open(head, code, "结果与人员");
  await button(head, "退出/更换").first().click();
  await head.getByLabel("原因").selectOption("interest");
  await head.getByLabel("依据").fill("本人申报");
  await button(question(head), "退出/更换").click();
  await head.getByText("已退出").first().waitFor();
  await shot(head, "task-teams");
  assert.deepEqual(await calm(head), []);
  await open(clerk, code, "历次与摘要");
  await clerk.waitForTimeout(1500); // the journal goes into the log
  const fresh = fs.mkdtempSync(path.join(os.tmpdir(), "mingqian-outsider-"));
  execFileSync(program, ["draw", "verify", `${office.address}/draws/${draw}/1/`, "--require-log"], { cwd: fresh, stdio: "pipe" });
  fs.rmSync(fresh, { recursive: true });
});

test("a silent party is absent, the draw is voided with a reason, and a second attempt follows", async () => {
  const code = await newTask("缺席与重抽");
  await openDraw(code, 2);
  for (const page of [clerk, other, observer]) await commit(page, code);
  await open(clerk, code, "抽取");
  await seal();
  for (const page of [clerk, other]) await reveal(page, code);
  await observer.evaluate(() => { for (const k of Object.keys(localStorage)) if (k.startsWith("secret ")) localStorage.removeItem(k); });
  await open(observer, code, "抽取");
  await observer.getByText(/没有本方的随机数/).waitFor();
  await open(clerk, code, "抽取");
  await lock();
  await clerk.getByText("缺席", { exact: true }).waitFor();
  assert.equal(await button(clerk, "作废本次抽取").count(), 0, "a clerk does not void");
  await open(head, code, "抽取");
  await button(head, "作废本次抽取").click();
  assert.equal(await button(question(head), "作废本次抽取").isDisabled(), true, "no void without a reason");
  await question(head).getByLabel("作废理由（公开）").fill("开奖推迟");
  await button(question(head), "作废本次抽取").click();
  await head.getByText("第 1 次已作废：开奖推迟").waitFor();
  await openDraw(code, 2);
  await clerk.getByText("第 2 次").first().waitFor();
  await commit(clerk, code);
  await open(clerk, code, "历次与摘要");
  await clerk.getByText("开奖推迟").waitFor();
  await shot(clerk, "task-attempts");
});

test("the pages fit a phone and nothing went wrong behind them", async () => {
  await clerk.setViewportSize({ width: 390, height: 844 });
  for (const where of ["tasks", "tasks/new"]) {
    await clerk.goto(`${office.address}/app/${where}`);
    await clerk.getByRole("heading", { level: 1 }).waitFor();
    const wide = await clerk.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 1, `${where} is ${wide} px too wide`);
    assert.deepEqual(await calm(clerk), [], where);
  }
  for (const page of [clerk, head, other, observer]) assert.deepEqual(page.wrong, []);
});
