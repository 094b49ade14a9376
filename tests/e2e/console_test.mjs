// console_test.mjs - the office console against the real server: people who log in, work, err and are refused; axe on every
// page; screenshots in the build folder.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import zlib from "node:zlib";
import { enter, openWindow, PASSWORD, SIZE, startOffice, sticksOut, violations } from "./office.mjs";

let office;
before(async () => { office = await startOffice(); });
after(async () => { await office?.stop(); });

const go = (page, where) => page.goto(`${office.address}/app/${where}`);
const close = async (page) => {
  assert.deepEqual(page.wrong, []);
  await page.context().close();
};
const api = (page, where) => page.evaluate(async (address) => (await fetch(address)).status, `/api/v1/${where}`);
const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();

async function login(page, account, password = PASSWORD) {
  await page.getByLabel("账号", { exact: true }).fill(account);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

/** Fills what a new item needs; the department is already the clerk's own. */
async function fillItem(page, code, name) {
  await page.getByLabel("编码", { exact: false }).first().fill(code);
  await page.getByLabel("抽查领域").fill("登记注册");
  await page.getByLabel("抽查事项").fill(name);
  await page.getByRole("textbox", { name: "内容 1" }).fill("营业执照是否置于醒目位置");
  await page.getByRole("textbox", { name: "法律、法规、规章" }).fill("《市场主体登记管理条例》");
  await page.getByLabel("检查对象").fill("企业");
  await page.getByLabel("检查方式").click();
  await page.getByRole("option", { name: "实地检查" }).click();
  await page.getByLabel("检查方式").press("Escape");
}
const question = (page) => page.getByRole("dialog").filter({ visible: true });

test("an invited administrator sets a password, logs out and logs in; the link works once", async () => {
  const link = office.link("system");
  const page = await openWindow(office);
  await page.goto(office.address + link);
  assert.equal(await page.evaluate(() => location.href.includes("welcome/")), false, "the token leaves the address bar");
  await page.getByLabel("新密码").fill("short");
  await page.getByLabel("再输一次").fill("short");
  await page.getByRole("button", { name: "启用", exact: true }).click();
  await heading(page, "启用账号"); // refused
  await page.getByLabel("新密码").fill(PASSWORD);
  await page.getByLabel("再输一次").fill(PASSWORD);
  await page.getByRole("button", { name: "启用", exact: true }).click();
  await page.getByRole("link", { name: "账号与角色" }).waitFor();
  await page.getByRole("button", { name: "退出", exact: true }).click();
  await heading(page, "登录");
  await login(page, "system", "Wrong-password-1");
  await page.getByRole("alert").waitFor();
  await login(page, "system");
  await page.getByRole("link", { name: "账号与角色" }).waitFor();
  const again = await openWindow(office);
  await again.goto(office.address + link);
  await again.getByRole("alert").waitFor();
  assert.equal(await again.getByLabel("新密码").count(), 0);
  await close(again);
  await close(page);
});

test("the system administrator sees no business data and no journal", async () => {
  const page = await enter(office, "system");
  for (const name of ["抽查事项清单", "检查对象名录库", "执法检查人员", "专家库"]) {
    assert.equal(await page.getByRole("link", { name, exact: true }).count(), 0, name);
  }
  for (const where of ["targets", "items", "inspectors", "experts"]) {
    assert.equal(await api(page, where), 403, where);
  }
  assert.ok([403, 404].includes(await api(page, "journal")));
  await go(page, "targets");
  await heading(page, "没有权限");
  await close(page);
});

test("a clerk drafts an item, a double click creates it once, the reviewer returns it with a reason", async () => {
  const clerk = await enter(office, "scjgj-clerk");
  await go(clerk, "items/new");
  await fillItem(clerk, "SCJGJ-T1", "亮照经营检查");
  const sent = [];
  clerk.on("request", (r) => r.method() === "POST" && r.url().endsWith("/api/v1/items") && sent.push(r.headers()["idempotency-key"]));
  await clerk.getByRole("button", { name: "保存为草案" }).dblclick();
  await heading(clerk, /亮照经营检查/);
  assert.equal(sent.length, 1);
  await clerk.getByRole("button", { name: "送合法性审查" }).click();
  await heading(clerk, /合法性审查/);
  assert.equal(await clerk.getByRole("button", { name: "公布", exact: true }).count(), 0, "a clerk does not publish");

  const reviewer = await enter(office, "scjgj-review");
  await reviewer.getByRole("link", { name: /事项待合法性审查/ }).click();
  await reviewer.getByRole("link", { name: "SCJGJ-T1" }).click();
  await reviewer.getByRole("button", { name: "退回修改" }).click();
  await reviewer.getByRole("alert").filter({ hasText: "退回时必填" }).waitFor(); // no return without a reason
  await reviewer.getByLabel("审查意见").fill("检查依据缺少条款");
  await reviewer.getByRole("button", { name: "退回修改" }).click();
  await heading(reviewer, /草案/);
  await close(reviewer);
  await close(clerk);
});

test("an expired session is renewed in place and nothing that was typed is lost", async () => {
  const page = await enter(office, "scjgj-clerk");
  await go(page, "items/new");
  await fillItem(page, "SCJGJ-T2", "合同格式条款检查");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "保存为草案" }).click();
  await page.getByRole("dialog", { name: "登录已过期" }).waitFor();
  assert.equal(await page.getByLabel("抽查事项").inputValue(), "合同格式条款检查");
  await question(page).getByLabel("密码", { exact: true }).fill(PASSWORD);
  await question(page).getByRole("button", { name: "登录", exact: true }).click();
  await page.getByRole("dialog", { name: "登录已过期" }).waitFor({ state: "hidden" });
  if (await page.getByRole("button", { name: "保存为草案" }).count()) await page.getByRole("button", { name: "保存为草案" }).click({ timeout: 2000 }).catch(() => undefined);
  await heading(page, /合同格式条款检查/);
  await close(page);
});

test("leaving a form with changes asks first; without a session an address leads to the login and back", async () => {
  const page = await enter(office, "scjgj-clerk");
  await page.getByRole("link", { name: "抽查事项清单", exact: true }).click();
  await page.getByRole("button", { name: "新增事项" }).click();
  await page.getByLabel("抽查领域").fill("价格");
  await page.getByRole("link", { name: "工作台", exact: true }).click();
  await question(page).getByRole("button", { name: "留在本页" }).click();
  assert.equal(await page.getByLabel("抽查领域").inputValue(), "价格");
  await page.getByRole("link", { name: "工作台", exact: true }).click();
  await question(page).getByRole("button", { name: "放弃修改" }).click();
  await heading(page, /好/);
  await page.context().clearCookies();
  await go(page, "experts");
  await heading(page, "登录");
  await login(page, "scjgj-clerk");
  await heading(page, "专家库");
  await close(page);
});

test("a target is found, opened by the keyboard, tagged and edited; a stale edit is refused", async () => {
  const page = await enter(office, "scjgj-clerk");
  await go(page, "targets");
  const rows = page.getByRole("grid").getByRole("row");
  await rows.nth(1).waitFor();
  const code = await rows.nth(1).locator(".code").innerText();
  await page.getByRole("searchbox").fill(code);
  await rows.nth(2).waitFor({ state: "detached" });
  await page.getByRole("searchbox").press("ArrowDown");
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "批量打标签" }).click();
  await question(page).getByLabel("加上标签").fill("回头看");
  await question(page).getByRole("button", { name: "保存", exact: true }).click();
  await page.getByRole("grid").getByText("回头看").waitFor();
  await page.getByRole("searchbox").press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: /被抽中/ }).waitFor();
  await page.getByRole("button", { name: "编辑", exact: true }).click();
  await page.getByLabel("联系电话").fill("0376-0000001");
  const other = await enter(office, "sthjj-clerk"); // another department shares the record
  const seen = await api(other, `targets/${code}`);
  await close(other);
  const status = await page.evaluate(async (target) => { // somebody was faster
    const me = await (await fetch("/api/v1/session")).json();
    const etag = (await fetch(`/api/v1/targets/${target}`)).headers.get("ETag");
    return (await fetch(`/api/v1/targets/${target}`, { method: "PUT", body: JSON.stringify({ contact: "0376-0000002" }),
      headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf, "If-Match": etag } })).status;
  }, code);
  assert.equal(status, 200);
  assert.ok([200, 404].includes(seen));
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByRole("button", { name: "载入最新内容再改" }).click();
  for (let i = 0; i < 50 && (await page.getByLabel("联系电话").inputValue()) !== "0376-0000002"; i++) await page.waitForTimeout(100);
  assert.equal(await page.getByLabel("联系电话").inputValue(), "0376-0000002");
  await page.getByLabel("联系电话").fill("0376-0000003");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByText("0376-0000003").waitFor();
  await close(page);
});

test("two people in two windows never mix, and a disabled account is out at once", async () => {
  const one = await enter(office, "sthjj-clerk"), two = await enter(office, "scjgj-review");
  assert.match(await one.locator(".me").innerText(), /生态环境局经办人/);
  assert.match(await two.locator(".me").innerText(), /市场监管局审核人/);
  const admin = await enter(office, "system");
  await go(admin, "system/accounts");
  await admin.getByRole("row", { name: /sthjj-clerk/ }).getByRole("button", { name: "停用" }).click();
  await question(admin).getByLabel("理由").fill("调离岗位");
  await question(admin).getByRole("button", { name: "停用" }).click();
  await admin.getByRole("row", { name: /sthjj-clerk/ }).getByText("停用", { exact: true }).waitFor();
  await one.getByRole("link", { name: "专家库", exact: true }).click();
  await one.getByRole("dialog", { name: "登录已过期" }).waitFor();
  await two.getByRole("link", { name: "专家库", exact: true }).click();
  await two.getByRole("grid").waitFor();
  for (const page of [one, two, admin]) await close(page);
});

const PAGES = { system: ["system/me", "system/accounts", "system/calendar", "system/access"],
  "scjgj-clerk": ["", "items", "items/SCJGJ-01", "items/new", "targets", "targets/new", "inspectors", "experts", "import", "system/departments"] };

for (const [look, large] of [["light", false], ["dark", false], ["light", true]]) {
  test(`every page ${large ? "in large text" : "is axe-clean and"} never scrolls sideways, ${look}`, { skip: (look === "dark" || large) && !process.env.MQ_LONG && "in the long run: MQ_LONG=1" }, async () => {
    const wrong = [];
    for (const [who, pages] of Object.entries(PAGES)) {
      const page = await enter(office, who, { bypassCSP: true, colorScheme: look });
      if (large) await page.getByRole("button", { name: "大字" }).click();
      for (const where of pages) {
        await go(page, where);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.waitForLoadState("networkidle");
        if (!large) wrong.push(...(await violations(page)).map((v) => `/${where}: ${v}`));
        if (!large) await page.screenshot({ path: path.join(office.shots, `console-${(where || "desk").replaceAll("/", "-")}-${look}.png`) });
        for (const width of [390, 1920, 1280]) {
          const out = await sticksOut(page, width, SIZE.height);
          if (out) wrong.push(`${who} /${where}: ${width} px ${out}`);
        }
      }
      await close(page);
    }
    assert.deepEqual(wrong, []);
  });
}

test("the first page is at most 260 KB in gzip and runs under the strict policy", async () => {
  const page = await openWindow(office);
  let bytes = 0;
  page.on("response", (r) => r.url().includes("/app/") && r.body().then((b) => { bytes += zlib.gzipSync(b).length; }));
  const start = Date.now();
  await go(page, "");
  await page.getByLabel("密码", { exact: true }).waitFor();
  const ready = Date.now() - start;
  await page.waitForLoadState("networkidle");
  const policy = (await page.request.get(`${office.address}/app/`)).headers()["content-security-policy"];
  assert.ok(policy.includes("script-src 'self'") && !policy.includes("unsafe-inline"));
  console.log(`# first page ${(bytes / 1024).toFixed(1)} KB gzip, ready in ${ready} ms`);
  assert.ok(bytes > 20000 && bytes <= 260 * 1024);
  await close(page);
});

test("a clerk imports a file with bad rows, reads the reasons, repairs it and imports it again", async () => {
  const page = await enter(office, "scjgj-clerk");
  await page.getByRole("link", { name: "导入", exact: true }).click();
  await page.getByLabel("导入到").selectOption("targets");
  const file = (rows) => ({ name: "名单.csv", mimeType: "text/csv", buffer: Buffer.from("\ufeff统一社会信用代码,名称\n" + rows.join("\n") + "\n") });
  const good = ["91110000802100433B,模拟甲公司", "91440300708461136T,模拟乙公司"], repaired = "91330100799655058B,模拟丙公司";
  await page.locator("input[type=file]").setInputFiles(file([...good, "913301007996550580,模拟丙公司"]));
  await page.getByText("1 行有问题").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "下载退回清单" }).click()]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  assert.match(Buffer.concat(chunks).toString("utf8"), /913301007996550580/);
  await page.getByRole("button", { name: "确认导入 2 行" }).click();
  await page.getByText("导入完成，已记入留痕。").waitFor();
  await page.getByRole("button", { name: "换一个文件" }).click();
  await page.locator("input[type=file]").setInputFiles(file([...good, repaired]));
  await page.getByRole("button", { name: "确认导入 1 行" }).click();
  await page.getByText("导入完成，已记入留痕。").waitFor();
  await page.getByRole("button", { name: "换一个文件" }).click();
  await page.locator("input[type=file]").setInputFiles(file([...good, repaired]));
  await page.getByText("没有新的内容可以导入。").waitFor();
  await close(page);
});
