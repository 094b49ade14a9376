// mergings_test.mjs - two tasks meet at the same firms: the lead sees the proposal with its days, agrees, the other takes note; a matching
// that cannot be done is tried with more inspectors; axe on both pages, screenshots in the build folder.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import path from "node:path";
import { after, before, test } from "node:test";
import { enter, sticksOut, startOffice, violations } from "./office.mjs";

let office, clerk, head, other;
const secret = (party) => createHash("sha256").update(party).digest("hex");
const day = (n) => new Date(Date.now() + n * 86400000).toISOString().slice(0, 10);

/** A call of the API as the person in this window. */
async function api(page, method, where, body, status) {
  const answer = await page.evaluate(async ([method, where, body]) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const reply = await fetch("/api/v1" + where, { method, headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf }, body: method === "GET" ? undefined : JSON.stringify(body ?? {}) });
    return { status: reply.status, json: reply.status === 204 ? null : await reply.json() };
  }, [method, where, body]);
  assert.ok(status ? answer.status === status : answer.status < 300, `${method} ${where}: ${answer.status} ${JSON.stringify(answer.json)}`);
  return answer.json;
}
async function job(page, where, body) {
  let now = await api(page, "POST", where, body, 202);
  while (!now.ended) now = await api(page, "GET", `/jobs/${now.id}`);
  assert.equal(now.state, "done", JSON.stringify(now));
  return now.result;
}
/** A task of both departments over the firms with dangerous chemicals, drawn; its address. */
async function drawn(to, places = 1, any_region = true) {
  const task = await api(clerk, "POST", "/tasks", { adhoc_reason: "上级交办", name: `危化品经营单位检查（${to} 前）`, items: ["SCJGJ-07"], lead: "scjgj", region: "411500", scope: { tags: ["危化品"], statuses: ["active"] },
    strata: { by: "one", strata: [{ label: "all", ratio_bp: 10000 }] }, participants: [{ department: "scjgj", places: 2 }, { department: "sthjj", places }], from: day(-2), to });
  const where = `/tasks/${task.code}`, who = { scjgj: clerk, sthjj: other };
  await api(head, "POST", `${where}/approve`);
  const { draw } = await api(clerk, "POST", `${where}/draw/open`, { parties: ["scjgj", "sthjj"], beacons: [] });
  for (const party of ["scjgj", "sthjj"]) {
    const text = `mingqian-commit/v1\n${draw.draw}\n${draw.attempt}\n${party}\n${secret(party)}\n`;
    await api(who[party], "POST", `${where}/draw/commit`, { party, commitment: createHash("sha256").update(text).digest("hex") });
  }
  await job(clerk, `${where}/draw/seal`, { any_region });
  for (const party of ["scjgj", "sthjj"]) await api(who[party], "POST", `${where}/draw/reveal`, { party, secret: secret(party) });
  await api(clerk, "POST", `${where}/draw/lock`);
  await job(clerk, `${where}/draw/run`);
  return where;
}
const go = (page, where) => page.goto(`${office.address}/app${where}`);
const shot = async (page, name) => {
  await page.screenshot({ path: path.join(office.shots, `${name}.png`), fullPage: true });
  assert.deepEqual(await violations(page), [], name);
};

before(async () => {
  office = await startOffice(600);
  [clerk, head, other] = [await enter(office, "scjgj-clerk"), await enter(office, "scjgj-head"), await enter(office, "sthjj-clerk")];
});
after(async () => { await office?.stop(); });

test("two tasks at the same firms become one visit, on a day the lead chooses; the other department takes note", async () => {
  for (const to of [day(40), day(25)]) await job(clerk, `${await drawn(to)}/assign`);
  await go(clerk, "/mergings");
  await clerk.getByText(/少进门 0 次/).waitFor();
  await shot(clerk, "mergings");
  await clerk.getByRole("link", { name: /模拟/ }).first().click();
  await clerk.getByRole("button", { name: "同意合并" }).waitFor();
  await shot(clerk, "merging");
  const days = clerk.getByRole("group", { name: "选哪一天" }).getByRole("button", { disabled: false });
  await days.nth(2).click();
  assert.equal(await days.nth(2).getAttribute("aria-pressed"), "true");
  await clerk.getByRole("button", { name: "同意合并" }).click();
  await clerk.getByRole("dialog").getByRole("button", { name: "同意合并" }).click();
  await clerk.getByText("合并进行").first().waitFor();
  await go(other, "/");
  await other.getByRole("link", { name: /合并检查的决定待知悉/ }).click();
  await other.getByRole("link", { name: /模拟/ }).last().waitFor();
  await go(other, new URL(clerk.url()).pathname.replace("/app", ""));
  await other.getByRole("button", { name: "知悉" }).click();
  await other.getByText(/已知悉/).first().waitFor();
  for (const [width, height] of [[390, 844], [1280, 900]]) assert.equal(await sticksOut(clerk, width, height), "");
});

test("a matching that cannot be done is tried with more inspectors, and stays what it is", async () => {
  const where = await drawn(day(30), 8, false); // eight of a department that has four in each county
  assert.equal((await job(clerk, `${where}/assign`)).feasible, false);
  await go(clerk, where);
  await clerk.getByRole("tab", { name: /结果与人员/ }).click();
  await clerk.getByText("仍不能匹配").waitFor();
  await clerk.getByLabel(/生态环境局 增加人数/).fill("60");
  await clerk.getByText("可以匹配", { exact: true }).waitFor();
  await shot(clerk, "remedies");
  assert.equal((await api(clerk, "GET", where)).staffing.state, "infeasible");
  for (const page of [clerk, head, other]) assert.deepEqual(page.wrong, []);
});
