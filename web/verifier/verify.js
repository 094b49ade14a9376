// verify.js - the page of the verifier: takes a draw's address or its files, lets the worker re-run the draw, the matching of inspectors
// and the draw of experts, and shows each step and the first difference. Texts come from here, words about the draw from the core.
const NAMES = ["roster.tsv", "draw.txt", "lock.txt", "reveal.json", "result.txt"];
// What may lie beside them, in the order of enum draw_paper (core/draw_papers.h).
const PAPERS = ["staff.tsv", "forbidden.tsv", "rules.txt", "staff.txt", "owners.txt", "experts.txt", "panel.txt", "opened.tsv"];
const OPENED = PAPERS.indexOf("opened.tsv"); // published in place of a roster that is not
const chinese = document.documentElement.lang.startsWith("zh");
const say = (zh, en) => (chinese ? zh : en);
const page = document.getElementById("verifier");
const steps = document.getElementById("steps");
const outcome = document.getElementById("outcome");
const progress = document.getElementById("progress");
const command = document.getElementById("command");
const questions = element("div");
steps.after(questions);
// Larger rosters are read by as many workers as there are processors, each in its own memory.
const PART_BYTES = 1 << 18; // of a worker, at least
const ROWS_BYTES = 160 << 10; // more than 1,024 of the longest rows
const QUOTA_BYTES = 1 << 20; // the beginning of result.txt that a worker needs
const WORKERS = Math.min(navigator.hardwareConcurrency || 1, 64);
let running = [];

function element(name, className, text) {
  const e = document.createElement(name);
  if (className) {
    e.className = className;
  }
  if (text !== undefined) {
    e.textContent = text;
  }
  return e;
}

function clear() {
  [steps, outcome, questions].forEach((part) => part.replaceChildren());
}

function showProgress(share, words) {
  progress.hidden = false;
  progress.querySelector("progress").value = share;
  progress.querySelector("span").textContent = words;
}

function verdict(good, text) {
  progress.hidden = true;
  outcome.replaceChildren(element("p", "verdict " + (good ? "good" : "mark"), text));
}

const digest = (hex) => element("code", "digest", hex);
const number = (n) => n.toLocaleString("en");

function factRow(list, name, value) {
  const row = element("div", value instanceof Element ? "whole" : "");
  const cell = element("dd");
  cell.append(value);
  row.append(element("dt", "", name), cell);
  list.append(row);
}

function facts(report) {
  const list = element("dl", "facts");
  const add = (name, value) => factRow(list, name, value);
  add(say("抽取编号", "Draw"), report.draw + " · " + report.attempt);
  add(say("候选", "Population"), number(report.rows));
  add(say("抽中", "Drawn"), number(report.targets));
  add(say("重算用时", "Time to re-run"), (report.took_ms / 1000).toFixed(2) + say(` s（${report.threads} 线程）`, ` s (threads: ${report.threads})`));
  add(say("名单的根", "Root of the list"), digest(report.root));
  add(say("种子", "Seed"), digest(report.seed));
  add(say("子密钥 KEY（核对单户的签）", "Subkey KEY (for one ticket)"), digest(report.key));
  return list;
}

function place(step) {
  const where = step.file + (step.line > 0 ? say(`，第 ${step.line} 行`, `, line ${step.line}`) : "") +
    (step.byte > 0 ? say(`，第 ${step.byte} 字节`, `, byte ${step.byte}`) : "");
  return where + say("：" + step.reason_zh, ": " + step.reason_en);
}

function showSteps(report) {
  steps.replaceChildren(
    ...report.steps.map((step) => {
      const item = element("li", step.state === "skip" ? "skip-step" : step.state, chinese ? step.zh : step.en);
      if (step.state === "fail" || step.state === "warn") {
        item.append(element("span", "where", place(step)));
      }
      return item;
    })
  );
}

// In words, of a report without a fault.
function agreement(report, missing) {
  const has = (name) => report.steps.some((step) => step.name === name);
  if (has("opened")) {
    return say("一致：名单按规定不公开；承诺、种子和抽中者的行都已核对。", "It agrees: the list is not public by rule; commitments, seed and the rows of the drawn are checked.");
  }
  if (missing) {
    return say("给出的文件相互一致，有些步骤没有文件可查。", "What was given agrees; some steps had no file.");
  }
  if (has("owners")) {
    return say("一致：重新抽取、重新匹配检查人员，得到同样的结果，逐字节相同。", "It agrees: the draw and the matching of inspectors, run again, give the same bytes.");
  }
  return say("一致：重新抽取得到同样的结果，逐字节相同。", "It agrees: the draw, run again, gives the same bytes.");
}

function show(report) {
  const first = report.steps.find((step) => step.state === "fail");
  const missing = report.steps.some((step) => step.state === "skip");
  showSteps(report);
  if (report.error !== "OK") {
    verdict(false, report.error);
  } else if (first) {
    verdict(false, say("不一致。第一个差别：", "It does not agree. First difference: ") + place(first));
  } else {
    verdict(report.ok, agreement(report, missing));
  }
  if (report.draw) {
    outcome.append(facts(report));
  }
}

// Compiled once: the workers share the code, and with it what the engine learns about its hot places.
let compiled = null;
function program() {
  compiled ??= page.dataset.bytes
    ? WebAssembly.compile(Uint8Array.from(atob(page.dataset.bytes), (c) => c.charCodeAt(0)))
    : fetch(page.dataset.wasm).then((reply) => {
        if (!reply.ok) {
          throw new Error(reply.status + " " + page.dataset.wasm);
        }
        return reply.arrayBuffer();
      }).then((bytes) => WebAssembly.compile(bytes));
  return compiled;
}

function worker() {
  if (!page.dataset.inline) {
    return new Worker(page.dataset.worker);
  }
  const code = new Blob([atob(page.dataset.inline)], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(code));
}

function stop() {
  running.forEach((w) => w.terminate());
  running = [];
}

// A worker that can be asked one thing at a time.
function hire() {
  const hired = worker();
  let reply = null;
  running.push(hired);
  hired.onmessage = (message) => {
    const { progress: part, error } = message.data;
    if (part) {
      reply.progress(part[0], part[1]);
    } else if (error) {
      reply.reject(new Error(error));
    } else {
      reply.resolve(message.data);
    }
  };
  hired.onerror = (event) => reply.reject(new Error(event.message));
  return (message, progress = () => {}) =>
    new Promise((resolve, reject) => {
      reply = { resolve, reject, progress };
      hired.postMessage(message);
    });
}

// In parts, one for each worker; whatever is not a plain yes is left to runWhole.
async function runParts(files, papers, show) {
  const [roster, ...rest] = files;
  const count = Math.min(WORKERS, Math.floor(roster.size / PART_BYTES));
  const documents = await Promise.all(rest.map((f) => f.arrayBuffer()));
  const heads = documents.map((d) => d.slice(0, QUOTA_BYTES));
  const cuts = Array.from({ length: count + 1 }, (_, i) => Math.floor((roster.size * i) / count));
  const wasm = await program();
  const ask = cuts.slice(1).map(hire);
  const done = cuts.map(() => 0);
  await Promise.all(
    ask.map((one, i) => {
      const end = Math.min(cuts[i + 1] + ROWS_BYTES, roster.size);
      return one({ wasm, documents: heads, part: { roster, from: cuts[i], to: cuts[i + 1], end } });
    })
  );
  const start = performance.now();
  const lines = (await Promise.all(ask.map((one) => one({ count: true })))).map((reply) => reply.lines);
  let before = 0;
  const parts = await Promise.all(
    ask.map((one, i) => {
      const read = { before, last: i === count - 1 };
      before += lines[i];
      return one({ read }, (part, total) => {
        done[i] = part / total;
        show(done.reduce((a, b) => a + b) / count);
      });
    })
  );
  const { report } = await ask[0]({ wasm, documents, papers, join: parts.map((reply) => reply.part) });
  report.took_ms = performance.now() - start;
  report.threads = count;
  return report;
}

async function runWhole(files, papers, show) {
  return (await hire()({ wasm: await program(), files, papers }, (part, total) => show(part / total))).report;
}

// --- questions about a draw that agrees ---

const STATUS = {
  selected: (rank) => say(`抽中，本层第 ${rank} 位`, `drawn, number ${rank} of its stratum`),
  reserve: (rank) => say(`未抽中，递补第 ${rank} 位`, `not drawn, substitute ${rank}`),
  not_selected: () => say("未抽中", "not drawn"),
  not_in_quota: () => say("不在该部门的抽取范围", "outside this department's scope"),
};

function quotaFacts(list, quota) {
  const { numerator, denominator, kind } = quota.probability;
  const title = say(`部门 ${quota.group} · 层 ${quota.stratum}`, `group ${quota.group} · stratum ${quota.stratum}`);
  factRow(list, title, STATUS[quota.status](quota.rank) + say(`；候选 ${number(quota.population)}，抽 ${number(quota.n)}`, `; ${number(quota.n)} of ${number(quota.population)}`));
  if (quota.status === "not_in_quota") {
    return;
  }
  factRow(list, kind === "exact" ? say("抽中概率（精确）", "Probability (exact)") : say("设计的入样概率", "Design inclusion probability"),
    `${number(numerator)} / ${number(denominator)} = ${((100 * numerator) / denominator).toPrecision(4)} %` + (quota.certain ? say("（必然抽中）", " (certain)") : ""));
  if (quota.last_ticket) {
    factRow(list, say("最后一个抽中者的签号", "Ticket of the last one drawn"), digest(quota.last_ticket));
  }
}

function showReason(reason, into) {
  if (reason.error) {
    into.replaceChildren(element("p", "note", reason.error === "ERR_NOT_FOUND"
      ? say("名单里没有这个编号：它不在这次抽取的范围内。", "Not in the list: it was outside the scope of this draw.") : reason.error));
    return;
  }
  const list = element("dl", "facts");
  const words = reason.excluded ? say("在范围内，但不参加抽取：", "In scope, but excluded: ") + reason.line.split("\t")[1].slice(1)
    : reason.selected ? say(`抽中：检查次序第 ${reason.position} 位，第 ${reason.batch} 批`, `Drawn: number ${reason.position} in visiting order, batch ${reason.batch}`)
      : say("未抽中", "Not drawn");
  factRow(list, say("名单中的行", "Row of the list"), number(reason.row));
  factRow(list, say("签号 = 摘要(KEY:编号)", "Ticket = digest(KEY:id)"), digest(reason.ticket));
  reason.quotas.forEach((quota) => quotaFacts(list, quota));
  factRow(list, say("到名单之根的证明", "Proof up to the root of the list"), say(`${reason.proof.length} 个摘要`, `${reason.proof.length} hashes`));
  const tool = reason.suite === "sm3" ? "openssl dgst -sm3" : "sha256sum";
  const check = element("pre");
  check.tabIndex = 0;
  check.append(element("code", "", `printf '%s:%s' ${reason.key} ${reason.id} | ${tool}`));
  into.replaceChildren(element("p", reason.selected ? "verdict mark" : "verdict", words), list,
    element("p", "hint", say("自己核对签号（任何一台电脑都可以）：", "Check the ticket yourself, on any computer:")), check);
}

function showOther(other, into) {
  if (other.error) {
    into.replaceChildren(element("p", "note", other.error));
    return;
  }
  const list = element("ol", "what-if");
  other.first.forEach((target) => {
    const item = element("li");
    item.append(element("code", "", target.id), target.drawn ? element("span", "tag", say("实际也抽中", "really drawn too")) : "");
    list.append(item);
  });
  const facts = element("dl", "facts");
  factRow(facts, say("这个种子", "This seed"), digest(other.seed));
  into.replaceChildren(
    element("p", "", say(`换成这个种子会抽中 ${number(other.targets)} 户，其中 ${number(other.both)} 户与实际相同。`,
      `This seed would draw ${number(other.targets)}, of which ${number(other.both)} were really drawn.`)),
    facts,
    element("p", "hint", say("按检查次序的前几户：", "The first in visiting order:")), list,
    element("p", "hint", say("这只是演示：种子由各方的秘密和公开事件共同形成，名单封存之前谁也不知道。", "For show only: the real seed is formed by all parties' secrets and public events; nobody knew it before the list was sealed.")));
}

function question(label, input, words, ask) {
  const form = element("form", "search");
  const field = element("div", "field");
  const button = element("button", "", words);
  const answer = element("div", "answer");
  const name = element("label", "", label);
  name.htmlFor = input.id;
  button.type = "submit";
  answer.setAttribute("role", "status");
  field.append(input, button);
  form.append(name, field, answer);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    answer.replaceChildren(element("p", "hint", say("重算中…", "running…")));
    try {
      await ask(input.value.trim(), answer);
    } catch (error) {
      answer.replaceChildren(element("p", "note", error.message));
    }
    button.disabled = false;
  });
  return form;
}

function textInput(id, placeholder, length) {
  const input = element("input");
  Object.assign(input, { id, placeholder, maxLength: length, autocomplete: "off", spellcheck: false });
  return input;
}

function seedOf(hex) {
  if (hex === "") {
    return crypto.getRandomValues(new Uint8Array(32));
  }
  if (!/^[0-9a-f]{64}$/.test(hex)) {
    throw new Error(say("种子是 64 位小写十六进制数；留空就随机取一个。", "A seed is 64 lower-case hexadecimal digits; leave it empty for a random one."));
  }
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

// Each question has a worker and an instance of its own; the files are read again.
async function askCore(message) {
  const ask = hire();
  const own = running.at(-1);
  const reply = await ask({ wasm: await program(), ...message });
  own.terminate();
  return reply;
}

function offerQuestions(files) {
  const why = question(say("为什么抽中、没抽中某一户？统一社会信用代码：", "Why was one (not) drawn? Its code:"),
    textInput("explain-id", "91411500…", 54), say("查", "Explain"), async (id, into) => {
      if (id === "") {
        throw new Error(say("先填编号。", "Give a code first."));
      }
      command.textContent = "mingqian draw explain DIR " + id;
      showReason((await askCore({ files, explain: id })).reason, into);
    });
  const other = question(say("换一个种子会怎样？（留空取随机种子）", "What if the seed were different? (empty: random)"),
    textInput("other-seed", say("64 位十六进制", "64 hexadecimal digits"), 64), say("试试", "Try"), async (hex, into) => {
      showOther((await askCore({ files, seed: seedOf(hex) })).other, into);
    });
  questions.replaceChildren(why, other);
}

async function run(files, papers) {
  const working = (share) => showProgress(share * 100, say("重算中…", "running…"));
  const large = files.every((f) => f !== null) && files[0].size >= 2 * PART_BYTES;
  let report = null;
  stop();
  clear();
  working(0);
  try {
    report = large ? await runParts(files, papers, working).catch(() => null) : null;
    if (!report || !report.ok) {
      stop();
      report = await runWhole(files, papers, working);
    }
    show(report);
    if (report.ok && report.draw && files.every((f) => f !== null)) {
      offerQuestions(files);
    }
  } catch (error) {
    verdict(false, say("无法运行：", "Cannot run: ") + error.message);
  }
  stop();
}

// The names that the page of an attempt offers; null where a host serves the files alone, without the page.
async function offered(address) {
  const reply = await fetch(address);
  if (!reply.ok) {
    return null;
  }
  const html = new DOMParser().parseFromString(await reply.text(), "text/html");
  const links = [...html.querySelectorAll(".files a[download]")];
  return links.length > 0 ? new Set(links.map((a) => a.getAttribute("href").split("/").pop())) : null;
}

// null: it is not public
async function download(address, name, share) {
  const reply = await fetch(address + name);
  if (!reply.ok && reply.status !== 404) {
    throw new Error(name + ": " + reply.status);
  }
  const bytes = reply.ok ? await reply.blob() : null;
  showProgress(share * 100, say("下载 ", "fetching ") + name);
  return bytes;
}

async function downloadPapers(address, names) {
  const papers = [];
  for (const name of PAPERS) {
    papers.push(!names || names.has(name) ? await download(address, name, 1) : null);
  }
  return papers;
}

async function voidReason(address) {
  const text = await (await download(address, "void.txt", 1))?.text();
  return /^reason (.*)$/m.exec(text ?? "")?.[1];
}

async function downloadAll(address) {
  const names = await offered(address);
  const files = [];
  for (const [i, name] of NAMES.entries()) {
    files.push(!names || names.has(name) ? await download(address, name, (i + 1) / NAMES.length) : null);
  }
  const papers = await downloadPapers(address, names);
  const missing = NAMES.find((name, i) => files[i] === null && !(i === 0 && papers[OPENED]));
  if (missing) {
    const reason = await voidReason(address);
    throw new Error(reason ? say("这次抽取已作废：", "This attempt was voided: ") + reason
      : missing + say("：没有公开这个文件", ": this file is not public"));
  }
  return [files, papers];
}

async function runDraw(number) {
  const match = /^(\d{6})[-/](\d{4})[-/](\d{1,9})\/(\d{1,4})$/.exec(number.trim());
  if (!match) {
    verdict(false, say("编号应写成 411500-2026-0017/1（抽取编号/第几次）。", "Write it as 411500-2026-0017/1 (draw/attempt)."));
    return;
  }
  const path = `${match[1]}-${match[2]}-${match[3]}/${match[4]}/`;
  command.textContent = "mingqian draw verify draws/" + path.slice(0, -1);
  clear();
  showProgress(0, say("下载中…", "fetching…"));
  try {
    run(...(await downloadAll(new URL(page.dataset.draws, location.href).href + path)));
  } catch (error) {
    verdict(false, error.message);
  }
}

function runFiles(list) {
  if (![...list].some((file) => NAMES.includes(file.name))) {
    verdict(false, say("请给出 ", "Give ") + NAMES.join(" "));
    return;
  }
  command.textContent = "mingqian draw verify .";
  const named = (name) => [...list].find((f) => f.name === name) ?? null;
  run(NAMES.map(named), PAPERS.map(named));
}

function listen() {
  const drop = document.getElementById("drop");
  const input = document.getElementById("files");
  const form = document.getElementById("verify-url");

  input.addEventListener("change", () => runFiles(input.files));
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    runFiles(event.dataTransfer.files);
  });
  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      runDraw(form.elements.draw.value);
    });
  }
}

listen();
const wanted = new URLSearchParams(location.search).get("draw");
if (wanted && document.getElementById("draw")) {
  document.getElementById("draw").value = wanted;
  runDraw(wanted);
}
