// verify.js - the page of the verifier: takes a draw's address or its five files, lets the worker re-run the draw, and
// shows each step and the first difference. Texts come from here, words about the draw from the core.
const NAMES = ["roster.tsv", "draw.txt", "lock.txt", "reveal.json", "result.txt"];
const chinese = document.documentElement.lang.startsWith("zh");
const say = (zh, en) => (chinese ? zh : en);
const page = document.getElementById("verifier");
const steps = document.getElementById("steps");
const outcome = document.getElementById("outcome");
const progress = document.getElementById("progress");
const command = document.getElementById("command");
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

function showProgress(share, words) {
  progress.hidden = false;
  progress.querySelector("progress").value = share;
  progress.querySelector("span").textContent = words;
}

function verdict(good, text) {
  progress.hidden = true;
  outcome.replaceChildren(element("p", "verdict " + (good ? "good" : "mark"), text));
}

function facts(report) {
  const list = element("dl", "facts");
  const add = (name, value, code) => {
    const row = element("div", code ? "whole" : "");
    const cell = element("dd");
    row.append(element("dt", "", name), cell);
    cell.append(code ? element("code", "digest", value) : value);
    list.append(row);
  };
  add(say("抽取编号", "Draw"), report.draw + " · " + report.attempt);
  add(say("候选", "Population"), report.rows.toLocaleString("en"));
  add(say("抽中", "Drawn"), report.targets.toLocaleString("en"));
  add(say("重算用时", "Time to re-run"), (report.took_ms / 1000).toFixed(2) + say(` s（${report.threads} 线程）`, ` s (threads: ${report.threads})`));
  add(say("名单的根", "Root of the list"), report.root, true);
  add(say("种子", "Seed"), report.seed, true);
  add(say("子密钥 KEY（核对单户的签）", "Subkey KEY (for one ticket)"), report.key, true);
  return list;
}

function place(step) {
  const where = step.file + (step.line > 0 ? say(`，第 ${step.line} 行，第 ${step.byte} 字节`, `, line ${step.line}, byte ${step.byte}`) : "");
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

function show(report) {
  const first = report.steps.find((step) => step.state === "fail");
  const missing = report.steps.some((step) => step.state === "skip");
  showSteps(report);
  if (report.error !== "OK") {
    verdict(false, report.error);
  } else if (first) {
    verdict(false, say("不一致。第一个差别：", "It does not agree. First difference: ") + place(first));
  } else {
    verdict(report.ok, missing ? say("给出的文件相互一致，有些步骤没有文件可查。", "What was given agrees; some steps had no file.")
      : say("一致：重新抽取得到同样的结果，逐字节相同。", "It agrees: the draw, run again, gives the same bytes."));
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
async function runParts(files, show) {
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
  const { report } = await ask[0]({ wasm, documents, join: parts.map((reply) => reply.part) });
  report.took_ms = performance.now() - start;
  report.threads = count;
  return report;
}

async function runWhole(files, show) {
  return (await hire()({ wasm: await program(), files }, (part, total) => show(part / total))).report;
}

async function run(files) {
  const working = (share) => showProgress(share * 100, say("重算中…", "running…"));
  const large = files.every((f) => f !== null) && files[0].size >= 2 * PART_BYTES;
  let report = null;
  stop();
  steps.replaceChildren();
  outcome.replaceChildren();
  working(0);
  try {
    report = large ? await runParts(files, working).catch(() => null) : null;
    if (!report || !report.ok) {
      stop();
      report = await runWhole(files, working);
    }
    show(report);
  } catch (error) {
    verdict(false, say("无法运行：", "Cannot run: ") + error.message);
  }
  stop();
}

async function download(address, name, i) {
  const reply = await fetch(address + name);
  if (!reply.ok) {
    throw new Error(name + ": " + (reply.status === 404 ? say("没有公开这个文件", "this file is not public") : reply.status));
  }
  const bytes = await reply.blob();
  showProgress(((i + 1) * 100) / NAMES.length, say("下载 ", "fetching ") + name);
  return bytes;
}

async function runDraw(number) {
  const match = /^(\d{6})[-/](\d{4})[-/](\d{1,9})\/(\d{1,4})$/.exec(number.trim());
  if (!match) {
    verdict(false, say("编号应写成 411500-2026-0017/1（抽取编号/第几次）。", "Write it as 411500-2026-0017/1 (draw/attempt)."));
    return;
  }
  const path = `${match[1]}-${match[2]}-${match[3]}/${match[4]}/`;
  command.textContent = "mingqian draw verify draws/" + path.slice(0, -1);
  steps.replaceChildren();
  outcome.replaceChildren();
  showProgress(0, say("下载中…", "fetching…"));
  try {
    const files = [];
    for (const [i, name] of NAMES.entries()) {
      files.push(await download(new URL(page.dataset.draws, location.href).href + path, name, i));
    }
    run(files);
  } catch (error) {
    verdict(false, error.message);
  }
}

function runFiles(list) {
  const given = [...list].filter((file) => NAMES.includes(file.name));
  if (given.length === 0) {
    verdict(false, say("请给出 ", "Give ") + NAMES.join(" "));
    return;
  }
  command.textContent = "mingqian draw verify .";
  run(NAMES.map((name) => given.find((f) => f.name === name) ?? null));
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
