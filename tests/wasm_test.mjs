// wasm_test.mjs VERIFY.wasm PROGRAM DRAW_MAKE: the verifier of the browser says what the command line says, over the
// vectors, over altered vectors and over a roster of 100,000 rows. MQ_ROWS=10000000 for a larger one, with its time.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [wasmFile, program, drawMake] = process.argv.slice(2);
const source = process.env.MQ_SOURCE_DIR ?? '.';
const NAMES = ['roster.tsv', 'draw.txt', 'lock.txt', 'reveal.json', 'result.txt'];
const module = new WebAssembly.Module(readFileSync(wasmFile));
let failures = 0;

function verify(files) {
    const { exports: w } = new WebAssembly.Instance(module, { page: { progress() {} } });
    const at = w.verify_begin(...files.map((f) => f.length)) >>> 0;
    if (at === 0) throw new Error('no memory');
    const addresses = [...new Uint32Array(w.memory.buffer, at, files.length)];
    files.forEach((f, i) => new Uint8Array(w.memory.buffer, addresses[i], f.length).set(f));
    const start = performance.now();
    const text = w.verify_run() >>> 0;
    const ms = performance.now() - start;
    return { ms, report: JSON.parse(new TextDecoder().decode(new Uint8Array(w.memory.buffer, text, w.verify_length()).slice())) };
}

function compare(dir, what) {
    const files = NAMES.map((n) => readFileSync(join(dir, n)));
    const native = JSON.parse(spawnSync(program, ['draw', 'verify', '--json', dir], { encoding: 'utf8', maxBuffer: 1 << 26 }).stdout);
    const { ms, report } = verify(files);
    const step = (s) => [s.name, s.state, s.file, s.line, s.byte].join(':');
    const same = native.ok === report.ok && native.seed === report.seed && native.targets === report.targets &&
        native.steps.map(step).join() === report.steps.map(step).join();
    if (!same) console.log(`DIFFERENT ${what}`, JSON.stringify(native.steps), JSON.stringify(report.steps));
    failures += !same;
    return { ms, ok: report.ok };
}

const tmp = mkdtempSync(join(tmpdir(), 'mq-wasm-'));
try {
    let cases = 0;
    for (const name of readdirSync(join(source, 'vectors/draw')).filter((n) => n.startsWith('TV'))) {
        const dir = join(source, 'vectors/draw', name);
        failures += !compare(dir, name).ok;
        cases++;
        for (let f = 0; f < 5; f++) { // one altered byte in each file
            const bad = join(tmp, `${name}-${f}`);
            mkdirSync(bad);
            NAMES.forEach((n, i) => {
                const bytes = readFileSync(join(dir, n));
                if (i === f && bytes.length > 0) bytes[Math.floor(bytes.length / 2)] ^= 1;
                writeFileSync(join(bad, n), bytes);
            });
            if (readFileSync(join(bad, NAMES[f])).length > 0) failures += compare(bad, `${name} ${NAMES[f]}`).ok;
            cases++;
        }
    }
    const rows = process.env.MQ_ROWS ?? '100000';
    execFileSync(drawMake, [tmp, rows]);
    writeFileSync(join(tmp, 'result.txt'), execFileSync(program, ['draw', 'recompute', tmp], { maxBuffer: 1 << 28 }));
    const { ms, ok } = compare(tmp, `${rows} rows`);
    failures += !ok;
    console.log(`bench=wasm-verify rows=${rows} ms=${ms.toFixed(0)} cases=${cases} failures=${failures}`);
} finally {
    rmSync(tmp, { recursive: true });
}
process.exit(failures === 0 ? 0 : 1);
