// wasm_test.mjs VERIFY.wasm PROGRAM DRAW_MAKE: the verifier of the browser says what the command line says, over the
// vectors, over altered vectors and over a roster of 100,000 rows; so it does in parts, as the page's workers do it. MQ_ROWS=10000000 for a larger one, with its time.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [wasmFile, program, drawMake] = process.argv.slice(2);
const source = process.env.MQ_SOURCE_DIR ?? '.';
const NAMES = ['roster.tsv', 'draw.txt', 'lock.txt', 'reveal.json', 'result.txt'];
const module = new WebAssembly.Module(readFileSync(wasmFile));
let failures = 0;

const instance = () => new WebAssembly.Instance(module, { page: { progress() {} } }).exports;

function ask(files, question) {
    const w = instance();
    const at = w.verify_begin(...files.map((f) => (f === null ? 0xffffffff : f.length))) >>> 0;
    if (at === 0) throw new Error('no memory');
    const addresses = [...new Uint32Array(w.memory.buffer, at, files.length)];
    files.forEach((f, i) => f && new Uint8Array(w.memory.buffer, addresses[i], f.length).set(f));
    const text = question(w) >>> 0;
    return JSON.parse(new TextDecoder().decode(new Uint8Array(w.memory.buffer, text, w.verify_length()).slice()));
}

function verify(files) {
    let ms = 0;
    const report = ask(files, (w) => {
        const start = performance.now();
        const text = w.verify_run();
        ms = performance.now() - start;
        return text;
    });
    return { ms, report };
}

function asked(w, bytes) {
    new Uint8Array(w.memory.buffer, w.question_at() >>> 0, bytes.length).set(bytes);
    return bytes.length;
}

// Why an id was (not) drawn: the command line's words, for each id of a vector and one that is not there.
function compareReasons(dir, name) {
    const files = NAMES.map((n) => readFileSync(join(dir, n)));
    const ids = files[0].toString('latin1').split('\n').map((line) => line.split('\t')[0]).filter((id) => id !== '');
    for (const id of [...ids, 'nobody']) {
        const native = JSON.parse(spawnSync(program, ['draw', 'explain', '--json', dir, id], { encoding: 'utf8' }).stdout);
        const answer = ask(files, (w) => w.explain_run(asked(w, Buffer.from(id))));
        const same = native.error ? native.error.code === answer.error : JSON.stringify(native) === JSON.stringify(answer);
        if (!same) console.log(`DIFFERENT reason ${name} ${id}`, JSON.stringify(native), JSON.stringify(answer));
        failures += !same;
    }
}

// The draw's own seed gives the draw; another one as many targets, and the question changes nothing.
function compareSeeds(dir, name) {
    const files = NAMES.map((n) => readFileSync(join(dir, n)));
    const { report } = verify(files);
    const own = ask(files, (w) => (asked(w, Buffer.from(report.seed, 'hex')), w.what_if_run()));
    const other = ask(files, (w) => (asked(w, Buffer.alloc(32, 7)), w.what_if_run()));
    const drawn = files[4].toString('latin1').split('\n').filter((l) => l.startsWith('target ')).map((l) => l.split(' ')[1]);
    const good = own.both === report.targets && own.targets === report.targets && own.first.every((t, i) => t.drawn && t.id === drawn[i]) &&
        other.first.every((t) => t.drawn === drawn.includes(t.id)) && other.seed === '07'.repeat(32) && other.both <= other.targets;
    if (!good) console.log(`DIFFERENT seeds ${name}`, JSON.stringify(own), JSON.stringify(other));
    failures += !good;
}

// The worker's own functions, run here one worker after the other.
const { makePart, join: joinParts } = new Function('self',
    readFileSync(join(source, 'web/verifier/verify-worker.js'), 'utf8') + '; return { makePart, join };')({});

// The report in `count` parts, or null when a worker or the joining gives up.
function verifyParts(files, count) {
    const [roster, ...documents] = files.map((f) => new Uint8Array(f));
    const cuts = Array.from({ length: count + 1 }, (_, i) => Math.floor((roster.length * i) / count));
    try {
        const workers = cuts.slice(1).map((to, i) =>
            makePart(instance(), documents, roster.slice(cuts[i], Math.min(to + (160 << 10), roster.length)), to - cuts[i], () => {}));
        const lines = workers.map((w) => w.count());
        let before = 0;
        workers.forEach((w, i) => {
            w.read(before, i === count - 1);
            before += lines[i];
        });
        const report = joinParts(instance(), workers.map((w) => w.found()), documents);
        return report.ok ? report : null;
    } catch (error) {
        if (error instanceof WebAssembly.RuntimeError) throw error;
        return null;
    }
}

// In parts it says yes with the same words, and never yes to an altered byte, wherever it is.
function compareParts(dir) {
    const files = NAMES.map((n) => readFileSync(join(dir, n)));
    const { report: whole } = verify(files);
    for (const count of [1, 2, 3, 7]) {
        const report = verifyParts(files, count);
        if (JSON.stringify(report) !== JSON.stringify(whole)) {
            console.log(`DIFFERENT in ${count} parts`, JSON.stringify(report));
            failures++;
        }
    }
    for (const [f, share] of [[0, 0.001], [0, 0.34], [0, 0.5], [0, 0.9999], [1, 0.9], [2, 0.5], [3, 0.5], [4, 0.01], [4, 0.5], [4, 0.999]]) {
        const bad = files.map((b) => Buffer.from(b));
        bad[f][Math.floor(bad[f].length * share)] ^= 1;
        if (verifyParts(bad, 3) !== null) {
            console.log(`ACCEPTED in parts: ${NAMES[f]} altered at ${share}`);
            failures++;
        }
    }
    const lines = files[0].toString('latin1').split('\n');
    [lines[40000], lines[40001]] = [lines[40001], lines[40000]];
    if (lines.length > 50000 && verifyParts([Buffer.from(lines.join('\n')), ...files.slice(1)], 2) !== null) {
        console.log('ACCEPTED in parts: two rows swapped');
        failures++;
    }
}

// A draw whose roster is not public: opened.tsv, made of the command line's reasons, stands in for it.
function compareOpened(dir, name) {
    const sealed = join(tmp, name + '-sealed');
    const files = NAMES.map((n) => readFileSync(join(dir, n)));
    const ids = files[4].toString('latin1').split('\n').filter((l) => l.startsWith('target ')).map((l) => l.split(' ')[1]).sort();
    const lines = ids.map((id) => {
        const r = JSON.parse(execFileSync(program, ['draw', 'explain', '--json', dir, id], { encoding: 'utf8' }));
        return [r.row - 1, r.line, r.proof.join(',') || '-'].join('\t') + '\n';
    });
    mkdirSync(sealed);
    NAMES.slice(1).forEach((n, i) => writeFileSync(join(sealed, n), files[i + 1]));
    for (const text of [lines.join(''), lines.slice(1).join(''), lines.join('').replace('\t1\t', '\t2\t')]) {
        const opened = Buffer.from(text);
        writeFileSync(join(sealed, 'opened.tsv'), opened);
        const native = JSON.parse(spawnSync(program, ['draw', 'verify', '--json', sealed], { encoding: 'utf8' }).stdout);
        const report = ask([null, ...files.slice(1)], (w) => {
            const at = w.opened_room(opened.length) >>> 0;
            new Uint8Array(w.memory.buffer, at, opened.length).set(opened);
            return w.opened_run();
        });
        const step = (s) => [s.name, s.state, s.file, s.line].join(':');
        const same = native.ok === report.ok && native.steps.map(step).join() === report.steps.map(step).join() && report.draw !== undefined;
        if (!same) console.log(`DIFFERENT opened ${name}`, JSON.stringify(native), JSON.stringify(report));
        failures += !same || native.ok !== (text === lines.join(''));
    }
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
        compareReasons(dir, name);
        compareSeeds(dir, name);
        compareOpened(dir, name);
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
    compareParts(tmp);
    console.log(`bench=wasm-verify rows=${rows} ms=${ms.toFixed(0)} cases=${cases} failures=${failures}`);
} finally {
    rmSync(tmp, { recursive: true });
}
process.exit(failures === 0 ? 0 : 1);
