// first_page.mjs - how soon the console can be used in Debian's chromium, nothing cached: from the address to the login form, and
// with a session to the list of targets with its rows. MQ_BUILD_DIR names the build. Prints "office NAME VALUE UNIT" lines.
import { enter, openWindow, startOffice } from "../tests/e2e/office.mjs";

const RUNS = Number(process.env.RUNS ?? 9);
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const office = await startOffice(2000);
try {
  const clerk = await enter(office, "scjgj-clerk");
  const cookies = await clerk.context().cookies();
  const measure = async (where, ready, session) => {
    const took = [];
    let bytes = 0;
    for (let i = 0; i < RUNS; i++) {
      const page = await openWindow(office);
      if (session) await page.context().addCookies(cookies);
      bytes = 0;
      page.on("response", async (r) => { bytes += Number(r.headers()["content-length"] ?? 0); });
      const start = performance.now();
      await page.goto(`${office.address}/app/${where}`, { waitUntil: "commit" });
      await ready(page);
      took.push(performance.now() - start);
      await page.context().close();
    }
    return [median(took), Math.max(...took), bytes / 1024];
  };
  const [login, worstLogin, kilobytes] = await measure("", (p) => p.getByRole("button", { name: "登录", exact: true }).waitFor(), false);
  const [list, worstList] = await measure("#/targets", (p) => p.getByRole("row").nth(10).waitFor(), true);
  for (const [name, value, unit] of [["login_ready_median", login, "ms"], ["login_ready_worst", worstLogin, "ms"], ["login_sent", kilobytes, "KB"],
    ["list_ready_median", list, "ms"], ["list_ready_worst", worstList, "ms"]]) console.log("office", name, value.toFixed(0), unit);
} finally {
  await office.stop();
}
