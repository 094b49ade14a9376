// verify-worker.js - runs the core (verify.wasm) away from the page. Documents are draw.txt, lock.txt, reveal.json and
// result.txt as ArrayBuffers. It is sent one of
//   {wasm, files, papers}                    five ArrayBuffers, Blobs or null, and what lies beside them in the order of enum draw_paper
//                                            (core/draw_papers.h): verify all; answers {progress}… {report}. A roster of null is not
//                                            public: opened.tsv among the papers stands in for it
//   {wasm, files, explain: id}               why this id was (not) drawn; answers {progress}… {reason}
//   {wasm, files, seed: 32 bytes}            what another seed would give; answers {progress}… {other}
//   {wasm, part: {roster, from, to, end}, documents}
//                                            bytes from..to of the roster (a Blob) are this worker's, those up to `end`
//                                            may be read to finish its last rows; answers {ready}
//   {count}                                  answers {lines}: line ends in its bytes
//   {read: {before, last}}                   line ends before its bytes; reads its rows; answers {progress}… {part}
//   {wasm, join: parts, documents, papers}   what all workers found, in order; answers {report}
// and answers {error} when it cannot. wasm: the compiled module.
const ABSENT = 0xffffffff;
const TILE = 1024; // rows under one hash of the tree: parts are cut at multiples of it

async function load(wasm, imports) {
  return (await WebAssembly.instantiate(wasm, imports)).exports;
}

function addressesAt(core, table, count) {
  if (table === 0) {
    throw new Error("memory");
  }
  return new Uint32Array(core.memory.buffer, table, count).slice();
}

function put(core, address, bytes) {
  new Uint8Array(core.memory.buffer, address, bytes.byteLength).set(new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength));
}

function reportOf(core, text) {
  return JSON.parse(new TextDecoder().decode(new Uint8Array(core.memory.buffer, text >>> 0, core.verify_length()).slice()));
}

function begin(core, files) {
  const addresses = addressesAt(core, core.verify_begin(...files.map((f) => (f === null ? ABSENT : f.byteLength))) >>> 0, files.length);
  files.forEach((file, i) => {
    if (file !== null) {
      put(core, addresses[i], file);
    }
  });
}

function addPapers(core, papers) {
  papers.forEach((paper, i) => {
    if (paper !== null) {
      const address = core.paper_room(i, paper.byteLength) >>> 0;
      if (address === 0) {
        throw new Error("memory");
      }
      put(core, address, paper);
    }
  });
}

function verify(core, files, papers) {
  begin(core, files);
  addPapers(core, papers);
  return reportOf(core, files[0] === null ? core.opened_run() : core.verify_run());
}

function explain(core, files, id) {
  const bytes = new TextEncoder().encode(id).slice(0, 64);
  begin(core, files);
  put(core, core.question_at() >>> 0, bytes);
  return reportOf(core, core.explain_run(bytes.length));
}

function whatIf(core, files, seed) {
  begin(core, files);
  put(core, core.question_at() >>> 0, seed);
  return reportOf(core, core.what_if_run());
}

// A worker's part: bytes, of which the first `own` are its own.
function makePart(core, documents, bytes, own, progress) {
  const addresses = addressesAt(core, core.part_begin(...documents.map((d) => d.byteLength)) >>> 0, 5);
  const size = core.part_window_bytes();
  let lines = 0;
  documents.forEach((d, i) => put(core, addresses[i + 1], d));

  const show = (from, to) => put(core, addresses[0], bytes.subarray(from, Math.min(to, from + size)));
  // where the line begins that is the `skip`th after `from`
  const lineAfter = (from, skip) => {
    show(from, bytes.length);
    const end = core.part_line_end(Math.min(size, bytes.length - from), skip) >>> 0;
    if (end === ABSENT) {
      throw new Error("cut");
    }
    return from + end;
  };
  const toTile = (before) => TILE - (before % TILE); // at least one: the line may have begun before

  return {
    count() {
      for (let at = 0; at < own; at += size) {
        show(at, own);
        lines += core.part_lines(Math.min(size, own - at));
      }
      return lines;
    },
    read(before, last) {
      let at = before === 0 ? 0 : lineAfter(0, toTile(before));
      const stop = last ? own : lineAfter(own, toTile(before + lines));
      if (!core.part_open(lines + 2 * TILE, stop - at)) {
        throw new Error("part");
      }
      while (at < stop) {
        const n = Math.min(size, stop - at);
        show(at, stop);
        const used = core.part_feed(n, at + n === stop ? 1 : 0) >>> 0;
        if (used === ABSENT || used === 0) {
          throw new Error("part");
        }
        at += used;
        progress(Math.min(at, own), own);
      }
    },
    found() {
      const table = addressesAt(core, core.part_close() >>> 0, 12);
      const take = (i) => new Uint8Array(core.memory.buffer, table[2 * i], table[2 * i + 1]).slice();
      return { rows: table[0], first: take(1), last: take(2), tiles: take(3), populations: take(4), picks: take(5) };
    },
  };
}

function join(core, parts, documents, papers) {
  const picks = parts.reduce((n, p) => n + p.picks.length, 0);
  const addresses = addressesAt(core, core.verify_begin(picks, ...documents.map((d) => d.byteLength)) >>> 0, 5);
  let at = addresses[0];
  documents.forEach((d, i) => put(core, addresses[i + 1], d));
  for (const p of parts) {
    put(core, at, p.picks);
    at += p.picks.length;
    const order = [p.first, p.last, p.tiles, p.populations];
    const where = addressesAt(core, core.join_part(p.rows, ...order.map((x) => x.length)) >>> 0, 4);
    order.forEach((x, i) => put(core, where[i], x));
  }
  addPapers(core, papers);
  return reportOf(core, core.join_run());
}

let part = null;

async function answer(message, progress, say) {
  const imports = { page: { progress } };
  const bytesOf = (f) => (f !== null && typeof f.arrayBuffer === "function" ? f.arrayBuffer() : f);
  const papers = await Promise.all((message.papers ?? []).map(bytesOf));
  if (message.files) {
    const files = await Promise.all(message.files.map(bytesOf));
    const core = await load(message.wasm, imports);
    if (message.explain !== undefined) {
      say({ reason: explain(core, files, message.explain) });
    } else if (message.seed) {
      say({ other: whatIf(core, files, message.seed) });
    } else {
      const start = performance.now();
      const report = verify(core, files, papers);
      say({ report: { ...report, took_ms: performance.now() - start, threads: 1 } });
    }
  } else if (message.part) {
    const { roster, from, to, end } = message.part;
    const bytes = new Uint8Array(await roster.slice(from, end).arrayBuffer());
    part = makePart(await load(message.wasm, imports), message.documents, bytes, to - from, progress);
    say({ ready: true });
  } else if (message.count) {
    say({ lines: part.count() });
  } else if (message.read) {
    part.read(message.read.before, message.read.last);
    const found = part.found();
    say({ part: found }, [found.picks.buffer, found.tiles.buffer]);
  } else if (message.join) {
    say({ report: join(await load(message.wasm, imports), message.join, message.documents, papers) });
  }
}

self.onmessage = async (event) => {
  let last = 0;
  const progress = (done, total) => {
    const now = performance.now();
    if (now - last > 200) {
      last = now;
      self.postMessage({ progress: [done, total] });
    }
  };
  try {
    await answer(event.data, progress, (reply, transfer) => self.postMessage(reply, transfer ?? []));
  } catch (error) {
    self.postMessage({ error: String(error && error.message ? error.message : error) });
  }
};
