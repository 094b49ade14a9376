// import_test.mjs - the import wizard as its clerk uses it: 20,000 rows with 400 bad ones, repaired in their Excel form; headers that the
// server does not know; an import undone; an export edited and handed in again. Screenshots in the build folder.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import zlib from "node:zlib";
import { enter, startOffice, violations } from "./office.mjs";

let office;
before(async () => { office = await startOffice(600); });
after(async () => { await office?.stop(); });
const close = async (page) => { assert.deepEqual(page.wrong, []); await page.context().close(); };
const shot = async (page, name) => { await page.screenshot({ path: path.join(office.shots, `${name}.png`), fullPage: true }); };

/** A true code: GB 11714 in its middle, GB 32100 at its end. */
function uscc(number, region = "411502") {
  const SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY", WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2], own = String(number).padStart(8, "0");
  const check = (11 - ([...own].reduce((sum, d, i) => sum + Number(d) * WEIGHTS[i], 0) % 11)) % 11;
  const text = `91${region}${own}${check === 10 ? "X" : check}`;
  let weight = 1, total = 0;
  for (const c of text) { total += SYMBOLS.indexOf(c) * weight; weight = (weight * 3) % 31; }
  return text + SYMBOLS[(31 - (total % 31)) % 31];
}
const csv = (rows) => Buffer.from("\ufeff" + rows.map((r) => r.map((c) => (/[",\n]/.test(c) ? `"${c.replaceAll('"', '""')}"` : c)).join(",")).join("\r\n") + "\r\n");
const file = (name, rows) => ({ name, mimeType: "text/csv", buffer: csv(rows) });

/** The entries of a ZIP archive, by its central directory. */
function unzip(bytes) {
  const entries = new Map();
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  for (let at = bytes.readUInt32LE(end + 16), n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    const name = bytes.toString("utf8", at + 46, at + 46 + bytes.readUInt16LE(at + 28)), local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28), packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
    entries.set(name, (bytes.readUInt16LE(at + 10) === 8 ? zlib.inflateRawSync(packed) : packed).toString("utf8"));
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}
const plain = (xml) => xml.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
/** Rows and comments of a workbook of ours. */
function workbook(bytes) {
  const parts = unzip(bytes), rows = [], comments = new Map();
  const shared = [...(parts.get("xl/sharedStrings.xml") ?? "").matchAll(/<si>(.*?)<\/si>/gs)].map((m) => plain([...m[1].matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map((x) => x[1]).join("")));
  for (const [, body] of parts.get("xl/worksheets/sheet1.xml").matchAll(/<row [^>]*>(.*?)<\/row>/gs)) {
    const row = [];
    for (const [, ref, attributes, cell] of body.matchAll(/<c r="([A-Z]+)\d+"([^>]*?)>(.*?)<\/c>/gs)) {
      const column = [...ref].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1, value = /<(?:t|v)[^>]*>(.*?)<\/(?:t|v)>/s.exec(cell)?.[1] ?? "";
      row[column] = attributes.includes('t="s"') ? shared[Number(value)] : plain(value);
    }
    rows.push(Array.from(row, (c) => c ?? ""));
  }
  for (const [, ref, body] of (parts.get("xl/comments1.xml") ?? "").matchAll(/<comment ref="([A-Z]+\d+)"[^>]*>(.*?)<\/comment>/gs)) comments.set(ref, body.replace(/<[^>]*>/g, ""));
  return { rows, comments };
}
async function download(page, act) {
  const [saved] = await Promise.all([page.waitForEvent("download"), act()]);
  return fs.readFileSync(await saved.path());
}
const wizard = async (page) => { await page.goto(`${office.address}/app/import`); await page.getByRole("heading", { level: 1, name: "导入" }).waitFor(); };
const hand = async (page, f) => { await page.locator("input[type=file]").setInputFiles(f); };
const again = (page) => page.getByRole("button", { name: "换一个文件" }).click();

test("a clerk imports 20,000 rows with 400 bad ones and repairs them in their Excel form", { timeout: 180000 }, async () => {
  const page = await enter(office, "scjgj-clerk");
  await wizard(page);
  await shot(page, "import-start");
  const ROWS = 20000, head = ["统一社会信用代码", "名称", "成立日期", "住所"];
  const rows = Array.from({ length: ROWS }, (_, i) => [uscc(20000000 + i), `向导商店${i}`, i % 50 === 7 ? "2020-02-30" : "2020-02-28", "人民路 1 号"]);
  await hand(page, file("名录.csv", [head, ...rows]));
  await page.getByText("400 行有问题").waitFor({ timeout: 60000 });
  await page.getByRole("tab", { name: /退回/ }).waitFor();
  assert.equal(await page.locator("td.wrong").count(), 20);
  assert.deepEqual(await violations(page), []);
  await shot(page, "import-rejects");
  const sheet = workbook(await download(page, () => page.getByRole("link", { name: "下载退回表格" }).click()));
  assert.equal(sheet.rows.length, 401);
  assert.equal(sheet.comments.size, 400);
  assert.match(sheet.comments.get("C2"), /ERR_DATE/);
  await page.getByRole("button", { name: "确认导入 19,600 行".replace(",", "") }).click();
  await page.getByText("导入完成，已记入留痕。").waitFor({ timeout: 60000 });
  const mended = sheet.rows.map((r, i) => (i === 0 ? r : r.map((c, k) => (k === 2 ? "2020-02-29" : c))));
  await again(page);
  await hand(page, file("退回-已改.csv", mended));
  await page.getByRole("button", { name: "确认导入 400 行" }).click({ timeout: 60000 });
  await page.getByText("导入完成，已记入留痕。").waitFor({ timeout: 60000 });
  await again(page);
  await hand(page, file("名录-全.csv", [head, ...rows.map((r) => [r[0], r[1], r[2] === "2020-02-30" ? "2020-02-29" : r[2], r[3]])]));
  await page.getByText("没有新的内容可以导入。").waitFor({ timeout: 60000 });
  await close(page);
});

test("columns that are not recognised are matched by hand, and the choice is remembered", async () => {
  const page = await enter(office, "scjgj-clerk");
  await wizard(page);
  const rows = [["证照编码", "全名", "备忘"], [uscc(31000001), "对应甲店", "x"], [uscc(31000002), "对应乙店", "y"]];
  await hand(page, file("别处导出.csv", rows));
  await page.getByText("有必填的列没有认出来").waitFor();
  await shot(page, "import-mapping");
  assert.deepEqual(await violations(page), []);
  const apply = page.getByRole("button", { name: "按此重新核对" });
  assert.ok(await apply.isDisabled());
  await page.getByLabel("证照编码: 对应").selectOption("code");
  await page.getByLabel("全名: 对应").selectOption("code");
  await page.getByText("选了两次").waitFor();
  await page.getByLabel("全名: 对应").selectOption("name");
  await apply.click();
  await page.getByRole("button", { name: "确认导入 2 行" }).waitFor();
  await again(page);
  await hand(page, file("别处导出2.csv", rows));
  await page.getByRole("button", { name: "确认导入 2 行" }).waitFor();
  await page.locator("summary").click();
  await page.getByText("按本部门上次的选择").waitFor();
  await close(page);
});

test("an import is undone with a reason, and what others changed since is kept and listed", async () => {
  const page = await enter(office, "scjgj-clerk");
  await wizard(page);
  const old = uscc(32000001), touched = uscc(32000002), head = ["统一社会信用代码", "名称", "住所"];
  await hand(page, file("一.csv", [head, [old, "撤销甲店", "旧路"], [touched, "撤销乙店", "旧路"]]));
  await page.getByRole("button", { name: "确认导入 2 行" }).click();
  await page.getByText("导入完成，已记入留痕。").waitFor();
  await again(page);
  await hand(page, file("二.csv", [head, [old, "撤销甲店", "新路"], [touched, "撤销乙店", "新路"]]));
  await page.getByRole("tab", { name: /变更/ }).waitFor();
  await page.locator("del", { hasText: "旧路" }).first().waitFor();
  await shot(page, "import-changes");
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "确认导入 2 行" }).click();
  await page.getByText("导入完成，已记入留痕。").waitFor();
  const changed = await page.evaluate(async (code) => {
    const me = await (await fetch("/api/v1/session")).json(), got = await fetch(`/api/v1/targets/${code}`);
    return (await fetch(`/api/v1/targets/${code}`, { method: "PUT", headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf, "If-Match": got.headers.get("ETag") }, body: JSON.stringify({ station: "后来改的所" }) })).status;
  }, touched);
  assert.equal(changed, 200);
  await page.getByRole("button", { name: "撤销这次导入" }).click();
  const dialog = page.getByRole("dialog").filter({ visible: true });
  await dialog.getByRole("textbox").fill("导错了文件");
  await dialog.getByRole("button", { name: "撤销这次导入" }).click();
  await page.getByText("已撤销：恢复 1 行，移除 0 行，保留 1 行。").waitFor({ timeout: 30000 });
  await page.getByText("之后有人改过").waitFor();
  await shot(page, "import-undone");
  await close(page);
});

test("a list is exported with its filters, edited and handed in again; a row changed by others is a conflict", async () => {
  const page = await enter(office, "scjgj-clerk");
  await wizard(page);
  const codes = [33000001, 33000002].map((n) => uscc(n)), head = ["统一社会信用代码", "名称", "标签"];
  await hand(page, file("三.csv", [head, ...codes.map((c) => [c, "往返商店", "往返试验"])]));
  await page.getByRole("button", { name: "确认导入 2 行" }).click();
  await page.getByText("导入完成，已记入留痕。").waitFor();
  await page.goto(`${office.address}/app/targets?q=${encodeURIComponent("往返商店")}`);
  await page.getByText("往返商店").first().waitFor();
  await page.getByRole("button", { name: "导出", exact: true }).click();
  await shot(page, "export-menu");
  assert.deepEqual(await violations(page), []);
  const { rows } = workbook(await download(page, () => page.getByRole("button", { name: "Excel（.xlsx）" }).click()));
  assert.deepEqual(rows.slice(1).map((r) => r[0]).sort(), [...codes].sort());
  const status = await page.evaluate(async (code) => {
    const me = await (await fetch("/api/v1/session")).json(), got = await fetch(`/api/v1/targets/${code}`);
    return (await fetch(`/api/v1/targets/${code}`, { method: "PUT", headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf, "If-Match": got.headers.get("ETag") }, body: JSON.stringify({ address: "别人改的路" }) })).status;
  }, codes[0]);
  assert.equal(status, 200);
  const address = rows[0].indexOf("住所");
  for (const r of rows.slice(1)) r[address] = "我改的路";
  await wizard(page);
  await hand(page, file("往返.csv", rows));
  await page.getByRole("tab", { name: /冲突/ }).click();
  await page.locator("del", { hasText: "别人改的路" }).waitFor();
  await shot(page, "import-conflict");
  await page.getByRole("button", { name: "确认导入 1 行" }).click();
  await page.getByText("导入完成，已记入留痕。").waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "no sideways scrolling on a phone");
  await close(page);
});
