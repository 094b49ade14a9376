#!/usr/bin/env bash
# The matching as WebAssembly gives every vector the same line as the page says, and refuses what is malformed.
set -uo pipefail
cd "$(dirname "$0")/../.."
build=${MQ_BUILD_DIR:-build}
ninja -C "$build" src/wasm/match.wasm >&2 || { echo "0 passed, 1 failed"; exit 1; }
node - "$build/src/wasm/match.wasm" <<'JS'
const fs = require("fs");
const module_ = new WebAssembly.Module(fs.readFileSync(process.argv[2]));

function run(text, seed, slack) {
  const w = new WebAssembly.Instance(module_, {}).exports;
  const at = w.match_begin(text.length);
  new Uint8Array(w.memory.buffer, at, text.length).set(text);
  new Uint8Array(w.memory.buffer, w.match_seed_at(), 32).set(Buffer.from(seed, "hex"));
  const p = w.match_run(slack);
  return p === 0 ? `error ${w.match_error()} line ${w.match_line()}`
                 : Buffer.from(w.memory.buffer, p, w.match_length()).toString("latin1");
}

let good = 0, bad = 0;
const check = (name, got, want) => {
  if (want instanceof RegExp ? want.test(got) : got === want) { good++; return; }
  bad++;
  console.log(`${name}: got ${got}, expected ${want}`);
};
for (const file of fs.readdirSync("vectors/match").filter((f) => f.endsWith(".txt"))) {
  const text = fs.readFileSync("vectors/match/" + file);
  for (const line of fs.readFileSync("vectors/match/" + file.replace(".txt", ".expected"), "latin1").replace(/\n$/, "").split("\n")) {
    const [, slack, seed, want] = /^slack (-?\d+) seed ([0-9a-f]{64}) (.*)$/.exec(line);
    check(`${file} slack ${slack}`, run(text, seed, Number(slack)), want);
  }
}
check("malformed", run(Buffer.from("1\n0 x\n"), "00".repeat(32), 1), /^error [1-9]\d* line 2$/);
console.log(`${good} passed, ${bad} failed`);
process.exit(bad ? 1 : 0);
JS
