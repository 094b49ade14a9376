// wasm_test.mjs VERIFY.wasm PROGRAM DRAW_MAKE: the verifier of the browser says what the command line says, over the
// vectors, over altered vectors, over what lies beside them (inspectors, experts) and over a roster of 100,000 rows; so it does in parts, as the page's workers do it. MQ_ROWS=10000000 for a larger one, with its time.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [wasmFile, given, drawMake] = process.argv.slice(2);
// It starts the program hundreds of times: the one without sanitizers, where it was built.
const plain = `${process.env.MQ_BUILD_DIR}-clang/mingqian`;
const program = existsSync(plain) ? plain : given;
const source = process.env.MQ_SOURCE_DIR ?? '.';
const NAMES = ['roster.tsv', 'draw.txt', 'lock.txt', 'reveal.json', 'result.txt'];
const PAPERS = ['staff.tsv', 'forbidden.tsv', 'rules.txt', 'staff.txt', 'owners.txt', 'experts.txt', 'panel.txt', 'opened.tsv']; // enum draw_paper
const module = new WebAssembly.Module(readFileSync(wasmFile));
// Its memory is checked where it is tested itself.
Object.assign(process.env, { ASAN_OPTIONS: 'detect_leaks=0', MALLOC_PERTURB_: '0' });
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

function addPapers(w, papers) {
    papers.forEach((paper, i) => {
        if (paper === null) return;
        const at = w.paper_room(i, paper.length) >>> 0;
        new Uint8Array(w.memory.buffer, at, paper.length).set(paper);
    });
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

// Why an id was (not) drawn: the command line's words, for each id of a vector and one that is not there. Gives its words by id.
function compareReasons(dir, name) {
    const reasons = {};
    const files = NAMES.map((n) => readFileSync(join(dir, n)));
    const ids = files[0].toString('latin1').split('\n').map((line) => line.split('\t')[0]).filter((id) => id !== '');
    for (const id of [...ids, 'nobody']) {
        const native = JSON.parse(spawnSync(program, ['draw', 'explain', '--json', dir, id], { encoding: 'utf8' }).stdout);
        const answer = ask(files, (w) => w.explain_run(asked(w, Buffer.from(id))));
        const same = native.error ? native.error.code === answer.error : JSON.stringify(native) === JSON.stringify(answer);
        if (!same) console.log(`DIFFERENT reason ${name} ${id}`, JSON.stringify(native), JSON.stringify(answer));
        failures += !same;
        reasons[id] = native;
    }
    return reasons;
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
        const report = joinParts(instance(), workers.map((w) => w.found()), documents, []);
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
function compareOpened(dir, name, reasons) {
    const sealed = join(tmp, name + '-sealed');
    const files = NAMES.map((n) => readFileSync(join(dir, n)));
    const ids = files[4].toString('latin1').split('\n').filter((l) => l.startsWith('target ')).map((l) => l.split(' ')[1]).sort();
    const lines = ids.map((id) => {
        const r = reasons[id];
        return [r.row - 1, r.line, r.proof.join(',') || '-'].join('\t') + '\n';
    });
    mkdirSync(sealed);
    NAMES.slice(1).forEach((n, i) => writeFileSync(join(sealed, n), files[i + 1]));
    for (const text of [lines.join(''), lines.slice(1).join(''), lines.join('').replace('\t1\t', '\t2\t')]) {
        const opened = Buffer.from(text);
        writeFileSync(join(sealed, 'opened.tsv'), opened);
        const native = JSON.parse(spawnSync(program, ['draw', 'verify', '--json', sealed], { encoding: 'utf8' }).stdout);
        const report = ask([null, ...files.slice(1)], (w) => {
            addPapers(w, PAPERS.map((n) => (n === 'opened.tsv' ? opened : null)));
            return w.opened_run();
        });
        const step = (s) => [s.name, s.state, s.file, s.line].join(':');
        const same = native.ok === report.ok && native.steps.map(step).join() === report.steps.map(step).join() && report.draw !== undefined;
        if (!same) console.log(`DIFFERENT opened ${name}`, JSON.stringify(native), JSON.stringify(report));
        failures += !same || native.ok !== (text === lines.join(''));
    }
}

function expect(truth, what) {
    if (!truth) console.log('NOT SO:', what);
    failures += !truth;
}

// The matching of inspectors and the draw of experts, whole and spoilt: the command line's steps, and both agree or both refuse.
function comparePapers(dir, what, change) {
    const own = mkdtempSync(join(tmp, 'papers-'));
    const all = Object.fromEntries([...NAMES, ...PAPERS].filter((n) => existsSync(join(dir, n))).map((n) => [n, readFileSync(join(dir, n))]));
    const changed = change(all);
    for (const [n, bytes] of Object.entries(changed)) writeFileSync(join(own, n), bytes);
    const native = JSON.parse(spawnSync(program, ['draw', 'verify', '--json', own], { encoding: 'utf8' }).stdout);
    const report = ask(NAMES.map((n) => changed[n]), (w) => {
        addPapers(w, PAPERS.map((n) => changed[n] ?? null));
        return w.verify_run();
    });
    const step = (s) => [s.name, s.state, s.file, s.line, s.reason_zh].join(':');
    const same = native.ok === report.ok && native.steps.map(step).join() === report.steps.map(step).join();
    if (!same) console.log(`DIFFERENT papers ${what}`, JSON.stringify(native.steps), JSON.stringify(report.steps));
    failures += !same;
    return report;
}

// Experts for the drawn, by the independent implementation.
function withExperts(dir) {
    const experts = ['mingqian-experts/v1', 'draw-digest ' + createHash('sha256').update(readFileSync(join(dir, 'draw.txt'))).digest('hex'), 'places 2',
        ...Array.from({ length: 7 }, (_, i) => `expert ZJ-00${i}`)].join('\n') + '\n';
    const own = mkdtempSync(join(tmp, 'experts-'));
    NAMES.forEach((n) => writeFileSync(join(own, n), readFileSync(join(dir, n))));
    writeFileSync(join(own, 'experts.txt'), experts);
    const code = 'import sys; sys.path.insert(0, sys.argv[1]); import draw, panel; f = draw.read_files(sys.argv[2], draw.INPUTS + ("result.txt", "experts.txt")); ' +
        'd = draw.recompute({k: v for k, v in f.items() if k in draw.INPUTS}); sys.stdout.buffer.write(panel.recompute(f, d["draw"], d["seed"]))';
    writeFileSync(join(own, 'panel.txt'), execFileSync('python3', ['-c', code, join(source, 'tools/verify'), own]));
    return own;
}

function comparePaperCases() {
    const folders = readdirSync(join(source, 'vectors/match')).filter((n) => existsSync(join(source, 'vectors/match', n, 'roster.tsv')));
    const spoil = (name) => (all) => { // its last digit
        const bytes = Buffer.from(all[name]);
        const at = bytes.toString('latin1').search(/[0-9][^0-9]*$/);
        if (at >= 0) bytes[at] = 48 + ((bytes[at] - 47) % 10);
        return { ...all, [name]: bytes };
    };
    const without = (name) => (all) => Object.fromEntries(Object.entries(all).filter(([n]) => n !== name));
    let cases = 0;
    for (const name of folders) {
        const dir = join(source, 'vectors/match', name);
        const whole = comparePapers(dir, name, (all) => all);
        expect(whole.ok && whole.steps.some((s) => s.name === 'owners' && s.state === 'pass'), `${name} agrees`);
        for (const paper of PAPERS.slice(0, 5)) {
            comparePapers(dir, `${name} without ${paper}`, without(paper));
            expect(!comparePapers(dir, `${name} ${paper}`, spoil(paper)).ok, `${name} refuses another ${paper}`);
            cases += 2;
        }
    }
    const experts = withExperts(join(source, 'vectors/draw', readdirSync(join(source, 'vectors/draw')).find((n) => n.startsWith('TV3'))));
    expect(comparePapers(experts, 'experts', (all) => all).ok, 'experts agree');
    expect(!comparePapers(experts, 'panel', spoil('panel.txt')).ok, 'another panel.txt is refused');
    expect(!comparePapers(experts, 'no experts', without('experts.txt')).ok, 'a missing experts.txt is refused');
    expect(folders.length > 0, 'there are vectors');
    return cases + 3;
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
        const reasons = compareReasons(dir, name);
        compareSeeds(dir, name);
        compareOpened(dir, name, reasons);
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
    cases += comparePaperCases();
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
