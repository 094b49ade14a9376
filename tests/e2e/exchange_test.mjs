// exchange_test.mjs - a clerk produces a batch, hands it over, enters the receipt and sees what is still missing.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { enter, startOffice, sticksOut, violations } from "./office.mjs";

let office;
before(async () => { office = await startOffice(600); });
after(() => office?.stop());

test("a batch is produced, handed over, acknowledged and compared", async () => {
  const page = await enter(office, "scjgj-clerk");
  const look = async (name) => {
    assert.deepEqual(await violations(page), [], name);
    for (const [size, width, height] of [["wide", 1280, 900], ["phone", 390, 844]]) {
      assert.equal(await sticksOut(page, width, height), "", `${name} ${size}`);
      await page.screenshot({ path: path.join(office.shots, `exchange-${name}-${size}.png`) });
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  await page.getByRole("link", { name: "数据交换" }).click();
  await page.getByText("还没有批次").waitFor();
  await look("empty");
  await page.getByRole("button", { name: "生成批次" }).click();
  await page.getByRole("link", { name: "下载批次文件" }).waitFor();
  await page.getByRole("grid").or(page.getByRole("table")).first().waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "下载批次文件" }).click()]);
  const file = JSON.parse(fs.readFileSync(await download.path(), "utf8"));
  assert.ok(file.records[0].raninsTaskId && file.rows > 1);
  await page.getByRole("button", { name: "登记回执" }).click();
  await page.getByLabel("回执号").fill("HZ-2026-1");
  await page.getByLabel("有退回的").check();
  await page.getByLabel(/退回的条目/).fill("第二条 名称不符");
  await page.getByRole("dialog").getByRole("button", { name: "登记回执" }).click();
  await page.getByText("第 1 行应为").waitFor();
  await page.getByLabel(/退回的条目/).fill("2 名称不符");
  await look("receipt");
  await page.getByRole("dialog").getByRole("button", { name: "登记回执" }).click();
  await page.getByText("已回执").first().waitFor();
  await page.getByText("名称不符").waitFor();
  await look("batch");
  await page.getByRole("link", { name: "数据交换" }).click();
  await page.getByText("被退回 1", { exact: true }).waitFor();
  await look("list");
  await page.getByRole("tab", { name: /未报送和被退回的/ }).click();
  await page.getByText("名称不符").waitFor();
  await page.getByRole("button", { name: "连同退回的重新报送" }).click();
  await page.getByRole("button", { name: "登记回执" }).click();
  const receipt = { batchNo: new URL(page.url()).pathname.split("/").pop(), receiptNo: "HZ-2026-2", accepted: 1 };
  await page.getByLabel(/选择回执文件/).setInputFiles({ name: "receipt.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(receipt)) });
  await page.getByText("已回执").first().waitFor();
  await page.getByRole("link", { name: "数据交换" }).click();
  await page.getByText("对账一致").waitFor();
  assert.deepEqual(page.wrong, []);
});
