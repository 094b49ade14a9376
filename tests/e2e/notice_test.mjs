// notice_test.mjs - a clerk issues the notices of a task; an enterprise opens its page without scripts and confirms the receipt
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { after, before, test } from "node:test";
import { enter, openWindow, startOffice, sticksOut, violations } from "./office.mjs";

let office, clerk, code;
before(async () => {
  office = await startOffice(600);
  clerk = await enter(office, "scjgj-clerk");
});
after(() => office.stop());
const shot = (page, name, fullPage = true) => page.screenshot({ path: path.join(office.shots, `${name}.png`), fullPage });

test("notices are issued to every visit, printed, delivered, withdrawn and issued anew", async () => {
  const { rows } = await (await clerk.request.get(office.address + "/api/v1/tasks?state=assigned")).json();
  await clerk.goto(`${office.address}/app/tasks/${rows.find((r) => r.lead === "scjgj").code}`);
  await clerk.getByRole("tab", { name: "通知与档案" }).click();
  await clerk.getByText("未发出").first().waitFor();
  await clerk.getByRole("button", { name: "发出通知书", exact: true }).click();
  const dialog = clerk.getByRole("dialog", { name: "给全部对象发出通知书" });
  assert(await dialog.getByRole("button", { name: "发出通知书" }).isDisabled(), "a contact is required");
  await dialog.getByLabel("联系人和电话").fill("市市场监管局药品科 0376-0000000");
  assert.deepEqual(await violations(clerk), []);
  await shot(clerk, "notice-issue");
  await dialog.getByRole("button", { name: "发出通知书" }).click();
  await clerk.getByText(/检通〔\d{4}〕1号/).first().waitFor();
  assert.equal(await clerk.getByText("未发出").count(), 0);
  const href = await clerk.getByRole("link", { name: "打印", exact: true }).first().getAttribute("href");
  const pdf = await (await clerk.request.get(office.address + href)).body();
  code = /检查码\s*([0-9A-Z]{16})/.exec(execFileSync("pdftotext", ["-", "-"], { input: pdf, encoding: "utf8" }))[1];
  await clerk.getByRole("button", { name: "登记送达" }).nth(1).click();
  await clerk.getByRole("dialog").getByLabel("签收人").fill("前台");
  await clerk.getByRole("dialog").getByRole("button", { name: "登记送达" }).click();
  await clerk.locator("tbody td").filter({ hasText: "直接送达" }).waitFor();
  await clerk.getByRole("button", { name: "撤回" }).nth(1).click();
  await clerk.getByRole("dialog").getByLabel("撤回原因").fill("检查时间改期");
  await clerk.getByRole("dialog").getByRole("button", { name: "撤回" }).click();
  await clerk.getByText("检查时间改期").waitFor();
  await clerk.getByRole("button", { name: "发出通知书", exact: true }).click();
  await clerk.getByRole("dialog").getByRole("button", { name: "发出通知书" }).click();
  await clerk.getByText(/代替/).waitFor();
  await clerk.getByRole("dialog").waitFor({ state: "hidden" });
});

test("an enterprise sees its visit without scripts and confirms the receipt once", async () => {
  const page = await openWindow(office, { javaScriptEnabled: false });
  await page.goto(`${office.address}/v/${code}/`);
  for (const words of ["来检查的是谁", "证件有效", "为什么抽中我", "请准备的材料", "你单位的权利"]) assert(await page.getByText(words).first().isVisible(), words);
  await shot(page, "visit");
  await page.getByRole("button", { name: "确认收到通知书" }).click();
  await page.getByText("已确认收到").waitFor();
  assert.equal(new URL(page.url()).pathname, `/v/${code}/`);
  assert.equal(await page.getByRole("button", { name: "确认收到通知书" }).count(), 0);
  await page.getByRole("link", { name: "English" }).click();
  await page.getByText("Who comes").first().waitFor();
  await page.context().close();
});

test("a head decides a request that an inspector steps back, and the enterprise sees who comes instead", async () => {
  const { rows } = await (await clerk.request.get(office.address + "/api/v1/tasks?state=notified")).json();
  const task = rows.find((r) => r.lead === "scjgj").code;
  const drawn = (await (await clerk.request.get(`${office.address}/api/v1/tasks/${task}/drawn`)).json()).rows;
  const row = drawn.find((r) => r.team.some((m) => m.department === "scjgj"));
  const member = row.team.find((m) => m.department === "scjgj" && m.role !== "recused");
  const said = await clerk.evaluate(async ({ code, target }) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    return (await fetch(`/api/v1/inspectors/${code}/recusals`, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf }, body: JSON.stringify({ target, kind: "declared", evidence: "配偶任该企业财务负责人（申报表）" }) })).status;
  }, { code: member.inspector, target: row.target });
  assert.equal(said, 201);
  const head = await enter(office, "scjgj-head");
  await head.getByText("回避申请待决定").click();
  await head.getByRole("button", { name: "决定" }).first().click();
  assert.deepEqual(await violations(head), []);
  const dialog = head.getByRole("dialog", { name: "回避" });
  await dialog.getByLabel("答复").fill("属实，同意回避");
  await shot(head, "recusal-decide", false);
  await dialog.getByRole("button", { name: "决定" }).click();
  await dialog.waitFor({ state: "hidden" });
  await head.goto(office.address + "/app/recusals");
  await head.getByText(/退出，.*接替/).waitFor();
  assert.deepEqual(await violations(head), []);
  await shot(head, "recusals");
  assert.equal(await sticksOut(head, 390, 800), "");
  await shot(head, "recusals-390");
  assert.deepEqual(head.wrong, []);
});

test("both pages fit a narrow window and have no fault of accessibility", async () => {
  const page = await openWindow(office);
  await page.goto(`${office.address}/v/${code}/`);
  assert.deepEqual(await violations(page), []);
  assert.equal(await sticksOut(page, 390, 800), "");
  await shot(page, "visit-390", false);
  await clerk.reload();
  await clerk.getByRole("tab", { name: "通知与档案" }).click();
  await clerk.locator("tbody .tag.good").first().waitFor();
  await clerk.getByRole("button", { name: "生成档案" }).click(); // made behind, then there to be fetched
  await clerk.getByRole("link", { name: "下载（ZIP）" }).waitFor();
  assert.deepEqual(await violations(clerk), []);
  await shot(clerk, "notices");
  assert.equal(await sticksOut(clerk, 390, 800), "");
  await shot(clerk, "notices-390");
  assert.deepEqual([...clerk.wrong, ...page.wrong], []);
});
