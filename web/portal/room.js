// room.js - the draw on a big screen: asks for the state every two seconds and shows what has changed
const root = document.getElementById("room"), stage = document.getElementById("stage");
const chinese = document.documentElement.lang.startsWith("zh"), still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const W = chinese
  ? { steps: ["参与方承诺", "名单封存", "揭示与锁定", "公开信标", "抽取结果"], parties: "参与方", committed: "已承诺", waiting: "等待承诺", revealed: "已揭示", hidden: "未揭示", present: "到场", absent: "缺席", beacons: "公开随机信标", until: "距揭晓", event: "等待", seed: "种子怎样形成", seedWords: "以下每一行依次进入杂凑函数,得到种子;谁都可以照样算一遍。", sealed: "名单封存摘要", lock: "锁定摘要", drawn: "抽中", of: "共抽取", replay: "重放", attempt: (n) => `第 ${n} 次`, voided: (n, x) => `第 ${n} 次已作废:${x}`, unannounced: "事先不通知的检查:名单在公布日以前不公开。", list: "名单", drawing: "正在抽取", notYet: "封存以后显示", offline: "连接中断,正在重试", batch: (n) => `第 ${n} 批` }
  : { steps: ["Commitments", "List sealed", "Shown and locked", "Beacon", "Result"], parties: "Parties", committed: "committed", waiting: "waiting", revealed: "shown", hidden: "not shown", present: "present", absent: "absent", beacons: "Public beacons", until: "until the event", event: "waiting for", seed: "How the seed is formed", seedWords: "Each line enters the hash in this order; anyone can do the same.", sealed: "digest of the sealed list", lock: "digest of the lock", drawn: "drawn", of: "drawn in all", replay: "Replay", attempt: (n) => `attempt ${n}`, voided: (n, x) => `Attempt ${n} was voided: ${x}`, unannounced: "Unannounced check: the list stays hidden until its day.", list: "List", drawing: "Drawing", notYet: "shown after the seal", offline: "Connection lost, trying again", batch: (n) => `batch ${n}` };
const STATES = ["open", "sealed", "locked", "beacon", "drawn"];
const POLL_MS = 2000, STEP_MS = 600, SHOW_MS_MAX = 60000, SHOW_MS_ROW = 350;
const base = location.pathname.replace(/^\/en/, "");
let skew = 0, before = "", last = null, showing = 0;

const el = (tag, attributes = {}, ...children) => {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes)) if (v !== false && v !== null) e.setAttribute(k, v === true ? "" : v);
  e.append(...children.filter((c) => c !== null && c !== undefined));
  return e;
};
const part = (id, make) => { const fresh = make(); fresh.id = id; const old = document.getElementById(id); old ? old.replaceWith(fresh) : stage.append(fresh); };
const mark = (words, tone) => el("span", { class: `mark ${tone}` }, words);

function steps(s) {
  const at = STATES.indexOf(s.state === "void" ? "open" : s.state);
  return el("ol", { class: "stages" }, ...W.steps.map((w, i) => el("li", { class: i < at || s.state === "drawn" ? "done" : i === at ? "now" : "" }, `${i < at || s.state === "drawn" ? "✓ " : ""}${w}`)));
}
function parties(s) {
  const rows = s.parties.map((p) => el("li", {}, el("b", {}, p.title),
    s.state === "open" ? mark(p.committed ? W.committed : W.waiting, p.committed ? "good" : "")
      : p.present === null ? mark(p.revealed ? W.revealed : W.hidden, p.revealed ? "good" : "") : mark(p.present ? W.present : W.absent, p.present ? "good" : "bad"),
    p.commitment ? el("div", {}, el("code", {}, p.commitment)) : null));
  const attempts = s.attempts.filter((a) => a.void_reason).map((a) => el("p", { class: "quiet" }, W.voided(a.attempt, a.void_reason)));
  return el("section", { class: "pane" }, el("h2", {}, W.parties), el("ul", { class: "parties" }, ...rows), s.unannounced ? el("p", { class: "quiet" }, W.unannounced) : null, ...attempts);
}
function remaining(us) {
  const seconds = Math.max(0, Math.ceil((us / 1000 - (Date.now() + skew)) / 1000));
  return `${String(Math.floor(seconds / 3600)).padStart(2, "0")}:${String(Math.floor(seconds / 60) % 60).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}
function beacons(s) {
  const rows = s.beacons.map((b) => el("li", {}, el("b", {}, b.name), " ", el("code", {}, b.event), b.value ? el("div", {}, el("code", {}, b.value)) : b.at_us ? el("div", { class: "count", "data-at": String(b.at_us) }, remaining(b.at_us)) : mark(W.event, "")));
  return el("section", { class: "pane" }, el("h2", {}, W.beacons), el("ul", { class: "parties" }, ...rows));
}
function seedLines(s) {
  const lines = [["mingqian-seed/v1", ""], [s.draw_digest ?? W.notYet, W.sealed], [s.lock_digest ?? "…", W.lock]];
  for (const p of s.parties) if (p.present !== false) lines.push([`party ${p.name} ${p.secret ?? "…"}`, p.title]);
  for (const b of s.beacons) lines.push([`beacon ${b.name} ${b.value ?? "…"}`, b.name]);
  return lines;
}
function seed(s, count) {
  const lines = seedLines(s), shown = count ?? (s.seed ? lines.length + 1 : 0);
  const known = (text) => !text.endsWith("…") && text !== W.notYet;
  return el("section", { class: "pane" }, el("h2", {}, W.seed), el("p", { class: "quiet" }, W.seedWords), el("ol", { class: "seed" },
    ...lines.map(([text, what], i) => el("li", { class: (s.seed ? i < shown : known(text)) ? "in" : "" }, el("code", {}, text), what ? el("span", { class: "quiet" }, ` ${what}`) : "")),
    s.seed && shown > lines.length ? el("li", { class: "in total" }, el("code", {}, `= ${s.seed}`)) : null));
}

/* The targets: the newest large, all others in blocks of a hundred that the browser draws only when they are seen. */
function result() {
  const now = el("div", { class: "now-drawn", "aria-live": "polite" }), list = el("div", { class: "drawn", tabindex: "0", role: "region", "aria-label": W.list }), total = el("p", {});
  const pane = el("section", { class: "pane" }, el("h2", {}, W.steps[4]), now, total, list);
  let block = null, n = 0;
  return { pane, total, list, add(row) {
    if (n++ % 100 === 0) list.append(block = el("ol"));
    block.append(el("li", { title: row.target }, el("b", {}, String(row.position)), el("span", {}, row.name)));
  }, big(row) { now.replaceChildren(`${row.position}. ${row.name}`, el("small", {}, `${row.region ?? ""} · ${W.batch(row.batch)} · ${row.target}`)); } };
}
async function allRows(s) {
  const rows = [];
  for (let after = 0; rows.length < s.drawn;) {
    const answer = await (await fetch(`${base}rows.json?attempt=${s.attempt}&after=${after}&lang=${chinese ? "zh" : "en"}`)).json();
    if (!answer.rows.length) break;
    rows.push(...answer.rows);
    after = answer.after;
  }
  return rows;
}
const pause = (ms) => new Promise((go) => setTimeout(go, ms));
async function show(s, slowly) {
  const mine = ++showing, view = result(), slow = slowly && !still;
  part("result", () => view.pane);
  const rows = await allRows(s), lines = seedLines(s).length + 1;
  for (let i = slow ? 1 : lines; i <= lines; i++) {
    if (mine !== showing) return;
    part("seed", () => seed(s, i));
    if (slow) await pause(STEP_MS);
  }
  const whole = slow ? Math.min(SHOW_MS_MAX, rows.length * SHOW_MS_ROW) : 0, start = performance.now();
  for (let i = 0; i < rows.length;) {
    const due = whole ? Math.min(rows.length, Math.max(i + 1, Math.ceil(((performance.now() - start) / whole) * rows.length))) : rows.length;
    for (; i < due; i++) view.add(rows[i]);
    view.big(rows[i - 1]);
    view.total.textContent = `${W.drawn} ${i} / ${rows.length}`;
    if (slow) { view.list.scrollTop = view.list.scrollHeight; await (rows.length * SHOW_MS_ROW > SHOW_MS_MAX ? new Promise(requestAnimationFrame) : pause(SHOW_MS_ROW)); }
    if (mine !== showing) return;
  }
  view.total.textContent = `${W.of} ${rows.length} · `;
  const again = el("button", { type: "button" }, W.replay);
  again.addEventListener("click", () => void show(s, true));
  view.total.append(again);
}

function render(s) {
  document.getElementById("attempt").textContent = W.attempt(s.attempt);
  part("steps", () => steps(s));
  part("parties", () => parties(s));
  if (s.beacons.length) part("beacons", () => beacons(s));
  const drawn = s.state === "drawn" && s.drawn > 0;
  stage.classList.toggle("drawn-now", drawn);
  if (drawn && last?.state !== "drawn") void show(s, last !== null);
  else if (!drawn) { showing++; document.getElementById("result")?.remove(); part("seed", () => seed(s)); }
}
async function look() {
  try {
    const text = await (await fetch(`${base}state.json?lang=${chinese ? "zh" : "en"}`, { cache: "no-cache" })).text();
    const s = JSON.parse(text);
    skew = s.now_us / 1000 - Date.now();
    if (String(s.attempt) !== root.dataset.attempt) location.reload(); // the code in the corner names the attempt
    const same = text.replace(/"now_us":\d+/, "");
    if (same !== before) { render(s); last = s; before = same; }
    document.getElementById("trouble")?.remove();
  } catch (e) {
    if (!document.getElementById("trouble")) root.append(el("p", { id: "trouble", role: "alert" }, W.offline));
  }
  setTimeout(look, last?.state === "drawn" ? 5 * POLL_MS : POLL_MS);
}
setInterval(() => { for (const e of document.querySelectorAll("[data-at]")) e.textContent = remaining(Number(e.dataset.at)); }, 1000);
void look();
