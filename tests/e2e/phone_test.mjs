// phone_test.mjs - an inspector's phone in a browser: the whole visit with the network cut at every step, two phones on one
// visit, a record carried to the office as a file
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { activate, openWindow, PASSWORD, startOffice, sticksOut, violations } from "./office.mjs";

const SIZE = { width: 390, height: 844 };
let office, camera, first, second, mine;

async function phone(login) {
  const page = await openWindow(office, { viewport: SIZE, isMobile: true, hasTouch: true, deviceScaleFactor: 1.5, permissions: ["geolocation", "camera"], geolocation: { latitude: 32.123, longitude: 114.068 } });
  page.on("request", (r) => assert.ok(r.url().startsWith(office.address) || !r.url().startsWith("http"), r.url()));
  await page.goto(office.address + "/m/");
  await page.getByLabel("账号").fill(login);
  await page.getByLabel("密码").fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByText("同步 ", { exact: false }).first().waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then((r) => r.active && new Promise((done) => (r.active.state === "activated" ? done() : r.active.addEventListener("statechange", () => r.active.state === "activated" && done())))));
  return page;
}
const clean = async (page, what) => assert.deepEqual(await violations(page), [], what);
const shot = (page, name) => page.screenshot({ path: path.join(office.shots, `phone-${name}.png`) });
/** Off, and the page opened anew from what the phone holds. */
async function cut(page) {
  await page.context().setOffline(true);
  await page.reload();
  await page.locator("main").waitFor();
}
const state = async (page, v) => page.evaluate(async (p) => (await (await fetch("/api/v1/my/visits/" + p)).json()), `${v.task}/${v.target}`);
const openVisit = (page, v, part = "") => page.evaluate((to) => { location.hash = to; }, `/v/${v.task}/${v.target}${part && "/" + part}`);
async function sign(page, button) {
  await button.click();
  const pad = page.locator("canvas.pad");
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 30, box.y + 60);
  await page.mouse.down();
  for (let i = 1; i < 8; i++) await page.mouse.move(box.x + 30 + i * 30, box.y + 60 + (i % 2) * 50);
  await page.mouse.up();
  await page.getByRole("button", { name: "签好了" }).click();
  await pad.waitFor({ state: "detached" });
}
/** A photograph from the camera of a test: a canvas of the page. */
async function picture(page, colour) {
  const bytes = await page.evaluate((fill) => { const c = document.createElement("canvas"); c.width = 2400; c.height = 1800; const g = c.getContext("2d"); g.fillStyle = fill; g.fillRect(0, 0, 2400, 1800); g.fillStyle = "#fff"; g.fillRect(400, 500, 1600, 500); return c.toDataURL("image/jpeg").split(",")[1]; }, colour);
  return { name: "camera.jpg", mimeType: "image/jpeg", buffer: Buffer.from(bytes, "base64") };
}

before(async () => {
  camera = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "mingqian-camera-")), "camera.y4m");
  office = await startOffice(600, ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-video-capture=${camera}`]);
  await activate(office, "scjgj-inspect");
  await activate(office, "scjgj-inspect2");
  first = await phone("scjgj-inspect");
  second = await phone("scjgj-inspect2");
  mine = await first.evaluate(async () => (await (await fetch("/api/v1/my/visits")).json()).rows.filter((v) => v.state === "assigned"));
  assert.ok(mine.length > 0);
});
after(async () => { await office?.stop(); fs.rmSync(path.dirname(camera), { recursive: true, force: true }); });

/** What a camera sees: the code of a visit (without one: that of the portal), held a little askew on a grey table. As video, and as photograph. */
async function seen(page, visit) {
  const { luma, jpeg } = await page.evaluate(async (at) => {
    const qr = at ? (await (await fetch(`/api/v1/my/visits/${at}?base=${encodeURIComponent(location.origin)}`)).json()).qr : /<svg.*?<\/svg>/.exec(await (await fetch("/")).text())[0], image = new Image(), c = document.createElement("canvas"), g = c.getContext("2d");
    await new Promise((done, failed) => { image.onload = done; image.onerror = () => failed(new Error(qr)); image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(qr); });
    c.width = 640;
    c.height = 480;
    g.fillStyle = "#8a8a8a";
    g.fillRect(0, 0, 640, 480);
    g.translate(330, 235);
    g.rotate(0.12);
    g.drawImage(image, -150, -150, 300, 300);
    const pixels = g.getImageData(0, 0, 640, 480).data;
    return { luma: btoa(Array.from({ length: 640 * 480 }, (_, i) => String.fromCharCode(pixels[4 * i])).join("")), jpeg: c.toDataURL("image/jpeg", 0.8).split(",")[1] };
  }, visit && `${visit.task}/${visit.target}`);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), Buffer.from(luma, "base64"), Buffer.alloc(640 * 480 / 2, 128)]);
  return { video: Buffer.concat([Buffer.from("YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n"), frame, frame]), photo: { name: "code.jpg", mimeType: "image/jpeg", buffer: Buffer.from(jpeg, "base64") } };
}

test("the camera reads the code of a visit without a network, a photograph does too, and a wrong code is told", async () => {
  const visit = mine[0], others = await seen(first), right = await seen(first, visit);
  fs.writeFileSync(camera, others.video);
  await first.evaluate(() => { window.BarcodeDetector = class { detect() { return Promise.reject(new Error("no service")); } }; }); // as on phones without its services
  await openVisit(first, visit, "checkin");
  await first.getByRole("button", { name: "扫码到场" }).click();
  await first.getByText("这不是本次检查的码").waitFor();
  await first.getByLabel("拍下二维码").setInputFiles(others.photo);
  await first.getByText("这不是本次检查的码").waitFor();
  await first.getByLabel("拍下二维码").setInputFiles({ ...others.photo, buffer: (await picture(first, "#345")).buffer });
  await first.getByText("照片里没有认出码").waitFor();
  fs.writeFileSync(camera, right.video);
  await cut(first); // what reads codes is kept by the phone
  await first.getByRole("button", { name: "扫码到场" }).click();
  await first.getByText("检查组").waitFor();
  await openVisit(first, visit, "checkin");
  await first.getByRole("button", { name: "重新到场" }).click();
  await first.getByLabel("拍下二维码").setInputFiles(right.photo);
  await first.getByText("检查组").waitFor();
  await openVisit(first, visit, "checkin");
  await shot(first, "scanned");
  await first.getByRole("button", { name: "重新到场" }).click();
  await first.getByRole("button", { name: "扫码到场" }).waitFor();
  await openVisit(first, visit); // leaving the page keeps it
  await first.getByText("检查组").waitFor();
  await first.context().setOffline(false);
});

test("two phones on one visit: the other answer is shown, chosen between, never overwritten", async () => {
  const visit = mine[0], items = "main > section.card";
  await first.context().setOffline(true);
  await openVisit(first, visit, "items");
  await first.locator(items).first().getByRole("button", { name: "未发现问题", exact: true }).first().click();
  await openVisit(second, visit, "items");
  await second.locator(items).first().getByRole("button", { name: "不涉及" }).first().click();
  await second.getByRole("button", { name: "与同组同步答案" }).click();
  await second.waitForFunction(async (p) => (await (await fetch("/api/v1/my/visits/" + p)).json()).record?.answers.length === 1, `${visit.task}/${visit.target}`);
  await openVisit(first, visit);
  await first.getByText("检查组").waitFor();
  await first.context().setOffline(false);
  await first.getByRole("link", { name: "有不同意见" }).click({ timeout: 20000 });
  await first.getByText("的答案不同，请选一个").waitFor();
  await shot(first, "conflict");
  await clean(first, "conflict");
  await first.getByRole("button", { name: "用对方的" }).click();
  await first.getByText("的答案不同，请选一个").waitFor({ state: "detached" });
  assert.equal((await state(first, visit)).record.answers[0].answer, "not_applicable");
});

test("a visit is inspected, photographed and signed with the network cut at every step, and is delivered once it is back", async () => {
  const page = first, visit = mine[0];
  await page.evaluate(() => { location.hash = "/"; });
  await page.locator("a.card", { hasText: visit.name }).waitFor();
  await shot(page, "today");
  await clean(page, "today");
  await cut(page);
  await page.locator("a.card", { hasText: visit.name }).click();
  await page.getByText("检查组").waitFor();
  await shot(page, "visit");
  await clean(page, "visit");
  assert.equal(await sticksOut(page, SIZE.width, SIZE.height), "");

  await page.getByRole("link", { name: "亮码" }).click();
  await page.locator(".qr img").waitFor();
  await shot(page, "code");
  await clean(page, "code");

  await openVisit(page, visit, "checkin");
  await page.getByLabel("或输入 16 位检查码").fill("0000-0000-0000-0000");
  await page.getByRole("button", { name: "到场", exact: true }).first().click();
  await page.getByText("这不是本次检查的码").waitFor();
  await shot(page, "checkin");
  await clean(page, "check-in");
  await page.getByLabel("或输入 16 位检查码").fill(visit.code.toLowerCase().replace(/(.{4})(?=.)/g, "$1-"));
  await page.getByRole("button", { name: "到场", exact: true }).first().click();
  await page.getByText("检查组").waitFor();
  await cut(page);

  await openVisit(page, visit, "items");
  const cards = page.locator("main > section.card");
  await cards.first().getByRole("button", { name: "发现问题", exact: true }).first().click();
  await cards.first().getByRole("button", { name: "不符合规定要求" }).click();
  await cards.first().getByLabel("依据条款").selectOption({ index: 1 });
  await page.getByRole("button", { name: "其余全部未发现问题" }).click();
  await page.getByText("2/2 项已答").waitFor();
  const small = await page.locator("main button:visible").evaluateAll((all) => all.filter((b) => b.getBoundingClientRect().height < 44).map((b) => b.textContent));
  assert.deepEqual(small, [], "targets of 44 pixels");
  await shot(page, "items");
  await clean(page, "items");
  assert.equal(await sticksOut(page, SIZE.width, SIZE.height), "");
  await openVisit(page, visit);
  await page.getByText("2/2 项已答").waitFor();
  await cut(page);

  await openVisit(page, visit, "photos");
  await page.getByLabel("拍照").setInputFiles(await picture(page, "#7a9"));
  await page.locator(".photos img").waitFor();
  const width = await page.locator(".photos img").evaluate((i) => i.decode().then(() => i.naturalWidth));
  assert.equal(width, 1600);
  await shot(page, "photos");
  await clean(page, "photographs");
  await cut(page);

  await openVisit(page, visit, "sign");
  const buttons = page.getByRole("button", { name: /签字$/ });
  await sign(page, buttons.nth(0));
  await sign(page, page.getByRole("button", { name: /^(?!对象).*签字$/ }).first());
  await page.getByRole("button", { name: "对象拒绝签字" }).click();
  await page.getByLabel("拒签情况").fill("负责人以不在场为由拒绝签字");
  await page.getByLabel("见证人姓名").fill("社区工作人员");
  await sign(page, page.getByRole("button", { name: "见证人签字" }));
  await shot(page, "sign");
  await clean(page, "signatures");
  await openVisit(page, visit, "submit");
  await cut(page);

  await page.getByRole("button", { name: "提交检查记录" }).click();
  await page.getByText("完整记录在发件箱等待上报").waitFor();
  await page.evaluate(() => { location.hash = "/outbox"; });
  await page.getByText("等待上报").waitFor();
  await cut(page);
  await page.getByText("等待上报").waitFor();
  await shot(page, "outbox");
  await clean(page, "outbox");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "导出到文件" }).click()]);
  await second.evaluate(() => { location.hash = "/import"; });
  await second.locator("input[type=file]").setInputFiles({ name: "outbox.jsonl", mimeType: "application/x-ndjson", buffer: fs.readFileSync(await file.path()) });
  await second.getByText("导入完成：1 份记录").waitFor();
  assert.equal((await state(second, visit)).state, "submitted", "carried to the office");
  await page.context().setOffline(false); // and sent once more by the phone itself
  await page.getByText("发件箱是空的").waitFor({ timeout: 20000 });
  const done = await state(page, visit);
  assert.equal(done.state, "submitted");
  assert.equal(done.record.answers.filter((a) => a.answer === "problem").length, 1);
  assert.equal(done.record.evidence.filter((f) => f.kind === "photo" && f.type === "image/jpeg").length, 1);
  const left = await page.evaluate(() => new Promise((ok) => { const r = indexedDB.open("mingqian-phone"); r.onsuccess = () => { const q = r.result.transaction("files").objectStore("files").count(); q.onsuccess = () => ok(q.result); }; }));
  assert.equal(left, 0, "what was acknowledged leaves the phone");
  assert.deepEqual(page.wrong.filter((w) => !/ERR_INTERNET_DISCONNECTED|Failed to load resource/.test(w)), []);
});

test("the other pages, the English words, and what an insecure address leaves out", async () => {
  const page = second;
  for (const [hash, words] of [["/more", "退出登录"], ["/guide", "为什么要安全连接"], ["/import", "在单位导入文件"]]) {
    await page.evaluate((to) => { location.hash = to; }, hash);
    await page.getByText(words).first().waitFor();
    await clean(page, hash);
    assert.equal(await sticksOut(page, SIZE.width, SIZE.height), "");
  }
  await page.evaluate(() => { location.hash = "/more"; });
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: "More" }).waitFor();
  const insecure = await openWindow(office, { viewport: SIZE });
  await insecure.addInitScript(() => Object.defineProperty(window, "isSecureContext", { value: false }));
  await insecure.goto(office.address + "/m/#/guide");
  await insecure.getByText("不能离线打开").waitFor();
  await clean(insecure, "insecure");
  assert.equal(await insecure.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  await insecure.context().close();
});
