// citizen_test.mjs - what the public asks and says on the portal, without JavaScript: verify an inspector, report something, object to
// a result; the department answers in the console; axe, two widths.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { SIZE, enter, openWindow, startOffice, sticksOut, violations } from "./office.mjs";

let office, citizen;
before(async () => {
  office = await startOffice();
  citizen = await openWindow(office);
});
after(async () => { await office?.stop(); });

const shot = async (page, name) => {
  await page.screenshot({ path: path.join(office.shots, `${name}.png`), fullPage: true });
  assert.deepEqual(await violations(page), [], name);
  assert.equal(await sticksOut(page, 390, 844), "", name);
  await page.screenshot({ path: path.join(office.shots, `${name}-narrow.png`), fullPage: true });
  await page.setViewportSize(SIZE);
};

test("a citizen verifies an inspector and is told when the number is unknown", async () => {
  await citizen.goto(office.address + "/");
  await citizen.getByRole("link", { name: "核验执法人员" }).click();
  await citizen.getByLabel(/执法证号或人员编号/).fill("41159999999999");
  await citizen.getByRole("button", { name: "核验" }).click();
  await citizen.getByText("名录库里没有这个号码").waitFor();
  await shot(citizen, "verify-inspector");
});

test("a citizen reports something and asks with the receipt how it stands", async () => {
  await citizen.getByRole("navigation", { name: "办事" }).getByRole("link", { name: "投诉举报" }).click();
  await citizen.getByLabel("发生地").selectOption({ index: 1 });
  await citizen.getByLabel(/被举报人/).fill("某食品店");
  await citizen.getByLabel(/举报内容/).fill("货架上有过期食品，九月五日上午看到。");
  await shot(citizen, "report");
  await citizen.getByRole("button", { name: "提交举报" }).click();
  const number = await citizen.locator("code").filter({ hasText: /^X\d{18}$/ }).textContent();
  const secret = await citizen.locator("code.digest").textContent();
  await shot(citizen, "report-receipt");
  await citizen.getByLabel("受理编号").fill(number);
  await citizen.getByLabel("查询码").fill(secret);
  await citizen.getByRole("button", { name: "查询" }).click();
  await citizen.getByText("已接收").waitFor();
});

test("who has no code of a visit cannot object; the department's list says where objections come from", async () => {
  await citizen.goto(office.address + "/objections/");
  await citizen.getByLabel(/检查码/).fill("0000-0000-0000-0000");
  await citizen.getByRole("button", { name: /查出这次检查的结果/ }).click();
  await citizen.getByText("没有这个检查码的检查").waitFor();
  await shot(citizen, "object");
  const head = await enter(office, "scjgj-head");
  await head.goto(office.address + "/app/objections");
  await head.getByText("没有异议").waitFor();
  await shot(head, "objections");
  assert.deepEqual(head.wrong, []);
  assert.deepEqual(citizen.wrong, []);
});

test("an enterprise is invited, sees its own visits and the proof of its own row, and nothing of the office", async () => {
  const clerk = await enter(office, "scjgj-clerk");
  const results = await clerk.evaluate(async () => (await (await fetch("/api/v1/statistics/rows?of=published&limit=1")).json()).rows);
  await clerk.goto(`${office.address}/app/targets/${results[0].target}`);
  await clerk.getByRole("button", { name: "邀请企业" }).click();
  await clerk.getByRole("dialog").getByRole("button", { name: "邀请企业开通账号" }).click();
  const link = await clerk.getByRole("dialog").getByRole("textbox").inputValue();
  assert.deepEqual(await violations(clerk), []);
  const firm = await openWindow(office);
  await firm.goto(link);
  await firm.getByLabel("新密码").fill("Qiye-2026-ok");
  await firm.getByLabel("再输一次").fill("Qiye-2026-ok");
  await firm.getByRole("button", { name: "启用", exact: true }).click();
  await firm.getByRole("heading", { name: "今年已检查" }).waitFor();
  assert.equal(await firm.getByRole("navigation", { name: "菜单" }).getByRole("link").count(), 3, "the desk, its own page, its account");
  await firm.getByRole("button", { name: "查看原因和证明" }).last().click();
  await firm.locator(".why").first().waitFor();
  await shot(firm, "enterprise");
  assert.deepEqual(firm.wrong, []);
});
