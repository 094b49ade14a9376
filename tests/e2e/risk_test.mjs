// risk_test.mjs - credit-risk classes: a clerk drafts a scheme that is wrong at first, the head approves it and puts it in force, a run
// proposes, the sample is reviewed, the classes are applied and explained on a dossier; axe, screenshots in the build folder.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { enter, sticksOut, startOffice, violations } from "./office.mjs";

let office, clerk, head;
const go = (page, where) => page.goto(`${office.address}/app${where}`);
const shot = async (page, name) => {
  await page.screenshot({ path: path.join(office.shots, `${name}.png`), fullPage: true });
  assert.deepEqual(await violations(page), [], name);
};
const answer = (page, name) => page.getByRole("dialog").getByRole("button", { name, exact: true }).click();

before(async () => {
  office = await startOffice(150);
  [clerk, head] = [await enter(office, "scjgj-clerk"), await enter(office, "scjgj-head")];
});
after(async () => { await office?.stop(); });

test("from a draft to classes that are applied and explained", async () => {
  await go(clerk, "/risk");
  await clerk.getByRole("heading", { name: "还没有分类方案" }).waitFor();
  await clerk.screenshot({ path: path.join(office.shots, "risk-empty.png"), fullPage: true });
  await clerk.getByRole("button", { name: "起草方案" }).first().click();
  const text = clerk.getByLabel("方案文本");
  await text.waitFor();
  const good = await text.inputValue();
  await text.fill(good.replace("window 730", "window 0"));
  await clerk.getByText(/第 3 行第 8 字节/).waitFor();
  await text.fill(good.replace("class B 20", "class B 4"));
  await clerk.getByText(/格式正确：4 类/).waitFor();
  await clerk.getByLabel("起草理由").fill("年度修订");
  await shot(clerk, "risk-editor");
  await clerk.getByRole("button", { name: "保存" }).click();
  await clerk.getByText("这是您起草的方案，须由另一人审定。").waitFor();
  await clerk.screenshot({ path: path.join(office.shots, "risk-scheme.png"), fullPage: true });
  const where = new URL(clerk.url()).pathname.replace(/^\/app/, "");

  await go(head, where);
  for (const act of ["审定", "启用"]) {
    await head.getByRole("button", { name: act, exact: true }).click();
    await answer(head, act);
  }
  await head.getByText("启用中").waitFor();
  await go(clerk, where);
  await clerk.getByRole("button", { name: "立即测算" }).click();
  await clerk.getByText("待复核").waitFor();
  await clerk.getByText("这是您启动的测算，须由另一人复核和应用。").waitFor();

  const run = new URL(clerk.url()).pathname.replace(/^\/app/, "");
  await go(head, run);
  await head.getByRole("heading", { name: "抽样复核" }).waitFor();
  const agree = head.getByRole("button", { name: "同意", exact: true });
  await agree.first().waitFor();
  await head.getByText("正在画图").waitFor({ state: "detached" });
  await shot(head, "risk-run");
  const left = await agree.count();
  await agree.first().click();
  await head.getByText(`还有 ${left - 1} 户未看`).waitFor();
  await head.evaluate(async (run) => { // the others, by the same address
    const { csrf } = await (await fetch("/api/v1/session")).json(), { rows } = await (await fetch(`/api/v1${run}/changes?sampled=1`)).json();
    for (const { target } of rows.filter((c) => !c.verdict))
      await fetch(`/api/v1${run}/changes/${target}`, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf }, body: '{"verdict":"agreed"}' });
  }, run);
  await head.reload();
  await head.getByRole("button", { name: "应用全部变动" }).click();
  await answer(head, "应用全部变动");
  await head.getByText("已应用", { exact: true }).first().waitFor();
  assert.equal(await sticksOut(head, 390, 844), "");
  await head.screenshot({ path: path.join(office.shots, "risk-run-390.png"), fullPage: true });

  await head.locator("table a").first().click();
  await head.getByRole("tab", { name: "信用风险" }).click();
  await head.getByText("按启用方案，今天算得").waitFor();
  await shot(head, "risk-target-390");
  await go(clerk, "/risk/external");
  await clerk.getByText("还没有提交过").waitFor();
  const code = new URL(head.url()).pathname.split("/").pop();
  await clerk.getByLabel("指标名称").fill("tax_arrears");
  await clerk.getByLabel("来源单位、文号").fill("税务局");
  await clerk.locator("textarea").fill(`统一社会信用代码\t欠税\n${code}\t12x`);
  await clerk.getByText("第 2 行写法不对").waitFor();
  await clerk.locator("textarea").fill(`统一社会信用代码\t欠税\n${code}\t1200\nR-000000000000000 5`);
  await clerk.getByText("2 户", { exact: true }).waitFor();
  await clerk.getByRole("button", { name: "提交" }).click();
  await clerk.getByText("已记入 1 户").waitFor();
  await shot(clerk, "risk-external");
  assert.equal(await sticksOut(clerk, 390, 844), "");
  await clerk.screenshot({ path: path.join(office.shots, "risk-external-390.png"), fullPage: true });

  await head.setViewportSize({ width: 1280, height: 900 });
  await go(head, "/risk");
  await head.getByRole("heading", { name: "现在的分类" }).waitFor();
  await shot(head, "risk");
});
